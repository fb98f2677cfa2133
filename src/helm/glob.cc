#include "helm/glob.h"

#include <cstdint>
#include <vector>

namespace plumbline::helm {
namespace {

// Steps that one match may take: alternatives and stars multiply.
constexpr int kMaxSteps = 200'000;

class Matcher {
 public:
  bool Match(std::string_view p, std::string_view n, std::vector<std::string_view>& after) {
    while (true) {
      if (++steps_ > kMaxSteps) return false;
      if (p.empty()) {
        if (after.empty()) return n.empty();
        p = after.back();
        after.pop_back();
        bool ok = Match(p, n, after);
        if (!ok) after.push_back(p);
        return ok;
      }
      switch (p[0]) {
        case '*':
          return Star(p, n, after);
        case '{':
          return Alternatives(p, n, after);
        case '?':
          if (n.empty() || n[0] == '/') return false;
          break;
        case '[':
          if (!Class(p, n)) return false;
          continue;
        case '\\':
          if (p.size() > 1) p.remove_prefix(1);
          [[fallthrough]];
        default:
          if (n.empty() || n[0] != p[0]) return false;
      }
      p.remove_prefix(1);
      n.remove_prefix(1);
    }
  }

 private:
  bool Star(std::string_view p, std::string_view n, std::vector<std::string_view>& after) {
    bool across = p.starts_with("**");
    p.remove_prefix(across ? 2 : 1);
    while (true) {
      if (Match(p, n, after)) return true;
      if (n.empty() || (n[0] == '/' && !across)) return false;
      n.remove_prefix(1);
    }
  }

  bool Alternatives(std::string_view p, std::string_view n, std::vector<std::string_view>& after) {
    std::size_t depth = 0, from = 1, end = 0;
    std::vector<std::string_view> choices;
    for (std::size_t i = 0; i < p.size() && end == 0; ++i) {
      if (p[i] == '{') ++depth;
      if (p[i] == ',' && depth == 1) {
        choices.push_back(p.substr(from, i - from));
        from = i + 1;
      }
      if (p[i] == '}' && --depth == 0) {
        choices.push_back(p.substr(from, i - from));
        end = i;
      }
    }
    if (end == 0) return false;
    after.push_back(p.substr(end + 1));
    for (std::string_view choice : choices) {
      if (Match(choice, n, after)) return true;
    }
    after.pop_back();
    return false;
  }

  // A class consumes one character of both.
  bool Class(std::string_view& p, std::string_view& n) {
    if (n.empty() || n[0] == '/') return false;
    std::size_t i = 1;
    bool negated = i < p.size() && (p[i] == '!' || p[i] == '^'), found = false;
    i += negated ? 1 : 0;
    for (bool first = true; i < p.size() && (p[i] != ']' || first); first = false) {
      char low = p[i], high = low;
      if (i + 2 < p.size() && p[i + 1] == '-' && p[i + 2] != ']') {
        high = p[i + 2];
        i += 2;
      }
      found |= low <= n[0] && n[0] <= high;
      ++i;
    }
    if (i >= p.size() || found == negated) return false;
    p.remove_prefix(i + 1);
    n.remove_prefix(1);
    return true;
  }

  int steps_ = 0;
};

}  // namespace

bool GlobMatch(std::string_view pattern, std::string_view name) {
  std::vector<std::string_view> after;
  return Matcher().Match(pattern, name, after);
}

}  // namespace plumbline::helm
