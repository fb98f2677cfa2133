// TOML 1.0, written and read as BurntSushi/toml does.
#pragma once

#include <string>
#include <string_view>

#include "gotmpl/value.h"

namespace plumbline::helm {

/// `*error` is not empty when the value has no TOML.
std::string WriteToml(gotmpl::Heap& heap, gotmpl::Value v, std::string* error);

/// A map. Empty, or what is wrong.
std::string ReadToml(gotmpl::Heap& heap, std::string_view text, gotmpl::Value* out);

}  // namespace plumbline::helm
