// `plumbline completion SHELL`: a completion script made from the tables of commands and settings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace plumbline::cli {

int RunCompletion(const std::vector<std::string>& args);

/// The script for a shell ("bash", "fish", "zsh"); empty when the shell is not known. `commands`:
/// the program's.
std::string CompletionScript(std::string_view shell, const std::vector<std::string>& commands);

}  // namespace plumbline::cli
