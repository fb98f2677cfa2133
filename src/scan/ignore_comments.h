// Finds ignore directives in the comments of a file: plumbline's own and those of tfsec, trivy,
// checkov, terrascan and KICS, each in its own grammar.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace plumbline::scan {

enum class CommentSyntax : std::uint8_t { kHcl, kYaml };

struct IgnoreDirective {
  enum class Scope : std::uint8_t {
    kLine,   // what stands on the target line: an attribute, or a block that begins there
    kBlock,  // also the whole block that the comment stands in
    kFile,
  };
  Scope scope = Scope::kLine;
  bool own = false;                   // plumbline's syntax: a rule we do not have is worth a word
  std::vector<std::string> patterns;  // rule ids, aliases, globs; empty: every rule
  std::vector<std::pair<std::string, std::string>> filters;  // attribute path → value it must have
  std::string until;                                         // YYYY-MM-DD or empty
  std::string workspace;  // Terraform workspace it is for, or empty
  std::string reason;
  std::uint32_t begin = 0, end = 0;  // bytes of the directive
  std::uint32_t line = 0;            // where it stands
  std::uint32_t target_line = 0;     // the line it speaks about
};

/// Directives in the order of the text.
std::vector<IgnoreDirective> FindIgnores(std::string_view text, CommentSyntax syntax);

}  // namespace plumbline::scan
