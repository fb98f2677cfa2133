#include "cli/admit_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <optional>
#include <string_view>

#include "admission/admission.h"
#include "cli/command.h"

namespace plumbline::cli {
namespace {

constexpr char kHelp[] =
    "Usage: plumbline admit [--policy PATH]… [--only-policy] [--rule ID]… [--exclude ID]…\n"
    "                       [--fail-on SEVERITY] [--profile default|strict]\n\n"
    "Reads an AdmissionReview (admission.k8s.io/v1, JSON or YAML) or manifests on stdin and "
    "writes\n"
    "the answer to stdout: the AdmissionReview with its response, or for manifests\n"
    "{\"allowed\":…,\"denied\":[…],\"warnings\":[…]}.\n\n"
    "  --policy PATH        rules of yours, beside the built-in ones; repeatable\n"
    "  --only-policy        run the rules of --policy alone\n"
    "  --rule ID            run only these rules (ids, aliases, globs); repeatable\n"
    "  --exclude ID         leave these rules out; repeatable\n"
    "  --fail-on SEVERITY   critical, high (default), medium, low or info: findings at or above "
    "it\n"
    "                       deny, those below it are warnings\n"
    "  --profile PROFILE    default, or strict: opinions too\n\n"
    "Exit code: 0 allowed, 1 denied, 2 wrong usage or input.\n";

struct AdmitArguments {
  admission::AdmitOptions options;
  bool help = false;
  std::string error;
};

void Set(std::string_view name, const std::string& value, AdmitArguments& out) {
  if (name == "--policy") {
    out.options.policies.push_back(value);
  } else if (name == "--rule") {
    out.options.rules.push_back(value);
  } else if (name == "--exclude") {
    out.options.excluded_rules.push_back(value);
  } else if (name == "--fail-on") {
    if (!ParseSeverity(value, out.options.fail_on)) {
      out.error =
          fmt::format("--fail-on expects critical, high, medium, low or info, not '{}'", value);
    }
  } else if (value == "default" || value == "strict") {
    out.options.strict = value == "strict";
  } else {
    out.error = fmt::format("--profile expects default or strict, not '{}'", value);
  }
}

AdmitArguments Parse(const std::vector<std::string>& args) {
  AdmitArguments out;
  for (std::size_t i = 0; i < args.size() && out.error.empty() && !out.help; ++i) {
    std::string_view arg = args[i];
    if (arg == "--help" || arg == "-h") {
      out.help = true;
    } else if (arg == "--only-policy") {
      out.options.builtin_rules = false;
    } else if (arg != "-") {
      auto equals = arg.find('=');
      std::string_view name = arg.substr(0, equals);
      bool known = name == "--policy" || name == "--rule" || name == "--exclude" ||
                   name == "--fail-on" || name == "--profile";
      if (!known) {
        out.error = fmt::format("admit: unknown argument '{}'; see plumbline admit --help", arg);
      } else if (equals != std::string_view::npos) {
        Set(name, std::string(arg.substr(equals + 1)), out);
      } else if (i + 1 == args.size()) {
        out.error = fmt::format("{} needs a value", name);
      } else {
        Set(name, args[++i], out);
      }
    }
  }
  if (!out.options.builtin_rules && out.options.policies.empty()) {
    out.error = "--only-policy needs a --policy";
  }
  return out;
}

// Nullopt when there is more than a review or a set of manifests can be.
std::optional<std::string> ReadInput() {
  constexpr std::size_t kMaxBytes = 64u << 20;
  std::string text;
  char buffer[1 << 16];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, stdin)) > 0;) {
    text.append(buffer, n);
    if (text.size() > kMaxBytes) return std::nullopt;
  }
  return text;
}

}  // namespace

int RunAdmit(const std::vector<std::string>& args) {
  AdmitArguments given = Parse(args);
  if (given.help) {
    std::fputs(kHelp, stdout);
    return kExitOk;
  }
  if (!given.error.empty()) return UsageError(given.error);
  std::optional<std::string> input = ReadInput();
  if (!input) return UsageError("admit: standard input holds more than 64 MiB");
  bool allowed = false;
  std::string error;
  std::string answer = admission::Admit(*input, given.options, allowed, error);
  if (!error.empty()) return UsageError("admit: " + error);
  answer += '\n';
  std::fwrite(answer.data(), 1, answer.size(), stdout);
  return allowed ? kExitOk : kExitFindings;
}

}  // namespace plumbline::cli
