// Admission decisions: an AdmissionReview or plain manifests in, an answer out. The same scan as
// everywhere else decides, so that what a pull request shows is what the cluster refuses.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plumbline/finding.h"

namespace plumbline::admission {

struct AdmitOptions {
  std::vector<std::string> policies;               // --policy
  bool builtin_rules = true;                       // false: the user's rules alone
  std::vector<std::string> rules, excluded_rules;  // ids, aliases, globs
  bool strict = false;                             // --profile strict
  Severity fail_on = Severity::kHigh;              // findings below it are warnings
};

/// Judges `input`: an AdmissionReview (JSON or YAML) or manifests. The answer is one line of JSON:
/// an AdmissionReview with a response, or {"allowed","denied","warnings"} for manifests. When
/// `error` is set the input or the options were wrong and there is no answer.
std::string Admit(std::string_view input, const AdmitOptions& options, bool& allowed,
                  std::string& error);

}  // namespace plumbline::admission
