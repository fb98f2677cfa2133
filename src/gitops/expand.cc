// The grammar, one function a form:
//   ${v} ${#v}                       the value, its length
//   ${v:=w} ${v:-w} ${v=w}           w when the value is empty; w may hold ${…} again
//   ${v:n} ${v:n:m}                  a part; a negative n counts from the end
//   ${v,} ${v,,} ${v^} ${v^^}        lower and upper case, of the first letter or all
//   ${v#p} ${v##p} ${v%p} ${v%%p}    without the shortest or longest match at the start or end
//   ${v/p/w} ${v//p/w} ${v/#p/w} ${v/%p/w}   the first, all, at the start, at the end
// `$$` stands for `$`; `$v` without braces is no reference.
#include "gitops/expand.h"

#include <algorithm>
#include <charconv>

#include "gitops/glob.h"

namespace plumbline::gitops {
namespace {

constexpr int kMaxNesting = 32;
constexpr std::size_t kMaxTrimmed = 4096;       // a value that a pattern is tried on
constexpr std::size_t kMaxExpanded = 4u << 20;  // bytes of one text

bool IsNameChar(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char Upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string Case(std::string value, std::string_view op) {
  std::size_t n = op.size() > 1 ? value.size() : std::min<std::size_t>(1, value.size());
  for (std::size_t i = 0; i < n; ++i) value[i] = op[0] == ',' ? Lower(value[i]) : Upper(value[i]);
  return value;
}

bool Number(std::string_view text, long& out) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size();
}

std::string Part(const std::string& value, std::string_view position, std::string_view length,
                 bool has_length) {
  long at = 0, n = 0;
  auto size = static_cast<long>(value.size());
  if (!Number(position, at)) return value;
  if (at < 0) at = std::max(0L, size + at);
  if (at >= size) return {};
  if (!has_length) return value.substr(static_cast<std::size_t>(at));
  if (!Number(length, n) || n < 0) return value;
  return value.substr(static_cast<std::size_t>(at), static_cast<std::size_t>(n));
}

std::string Trim(const std::string& value, const std::string& pattern, bool start, bool longest) {
  if (value.size() > kMaxTrimmed) return value;
  Glob glob(pattern, GlobKind::kCrossing);
  std::size_t best = 0;
  for (std::size_t n = 1; n <= value.size(); ++n) {
    std::string_view piece = std::string_view(value).substr(start ? 0 : value.size() - n, n);
    if (!glob.Matches(piece)) continue;
    best = n;
    if (!longest) break;
  }
  return start ? value.substr(best) : value.substr(0, value.size() - best);
}

std::string Replace(const std::string& value, std::string_view op, const std::string& what,
                    const std::string& with) {
  if (op == "/#") return value.starts_with(what) ? with + value.substr(what.size()) : value;
  if (op == "/%") {
    return value.ends_with(what) ? value.substr(0, value.size() - what.size()) + with : value;
  }
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = what.empty() ? std::string::npos : value.find(what);
       at != std::string::npos; at = value.find(what, from)) {
    out.append(value, from, at - from);
    out += with;
    from = at + what.size();
    if (op == "/" || out.size() > kMaxExpanded) break;
  }
  return out + value.substr(from);
}

class Expander {
 public:
  Expander(std::string_view text, const Substitution& substitution)
      : text_(text), substitution_(substitution) {}

  Result<Expanded> Run() {
    while (at_ < text_.size()) {
      if (Starts("$${")) {  // escaped
        out_.text += "${";
        out_.changed = true;
        at_ += 3;
      } else if (Starts("$$")) {
        out_.text += '$';
        out_.changed = true;
        at_ += 2;
      } else if (Starts("${")) {
        PL_TRY(std::string value, Reference(0));
        out_.text += value;
        out_.changed = true;
      } else {
        out_.text += text_[at_++];
      }
      if (out_.text.size() > kMaxExpanded) return Fail("the text grows too large");
    }
    return std::move(out_);
  }

 private:
  bool Starts(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  bool AtEnd() const { return at_ >= text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }

  std::string Name() {
    std::size_t from = at_;
    while (!AtEnd() && IsNameChar(text_[at_])) ++at_;
    return std::string(text_.substr(from, at_ - from));
  }

  Result<void> Close() {
    if (Peek() != '}') return Fail("missing closing brace");
    ++at_;
    return {};
  }

  struct Found {
    std::string value;
    bool known = true;
  };
  Found Look(const std::string& name) {
    auto it = std::ranges::lower_bound(substitution_.variables, name, {}, &Variable::name);
    if (it == substitution_.variables.end() || it->name != name) {
      return {"", !substitution_.incomplete};
    }
    if (!out_.from.valid()) out_.from = it->span;
    return {it->value, true};
  }

  // Text and references up to one of `stops`.
  Result<std::string> Word(std::string_view stops, bool escapes, int depth) {
    std::string out;
    while (!AtEnd() && stops.find(Peek()) == std::string_view::npos) {
      if (Starts("${")) {
        PL_TRY(std::string value, Reference(depth + 1));
        out += value;
        continue;
      }
      bool escaped = escapes && at_ + 1 < text_.size() && Peek() == '\\' &&
                     (text_[at_ + 1] == '/' || text_[at_ + 1] == '\\');
      if (escaped) ++at_;
      out += text_[at_++];
    }
    return out;
  }

  Result<std::string> Reference(int depth) {
    if (depth > kMaxNesting) return Fail("variables are nested too deeply");
    std::size_t begin = at_;
    at_ += 2;
    bool length = Peek() == '#';
    if (length) ++at_;
    std::string name = Name();
    if (name.empty()) return Fail("unable to parse variable name");
    Found found = Look(name);
    std::string result;
    if (length) {
      result = std::to_string(found.value.size());
    } else {
      PL_TRY(result, Operation(found, depth));
    }
    PL_CHECK_OK(Close());
    // What only the cluster knows stays as it is written.
    if (!found.known) return std::string(text_.substr(begin, at_ - begin));
    return result;
  }

  Result<std::string> Operation(Found& found, int depth) {
    char c = Peek(), next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (c == '=' || (c == ':' && (next == '=' || next == '-' || next == '?' || next == '+'))) {
      at_ += c == '=' ? 1 : 2;
      PL_TRY(std::string word, Word("}", false, depth));
      // A default is what the author expects where nothing else is known.
      found.known = found.known || !word.empty();
      return found.value.empty() ? word : found.value;
    }
    if (c == ':') return Substring(found.value, depth);
    if (c == ',' || c == '^') {
      std::string op(1, c);
      if (next == c) op += c;
      at_ += op.size();
      return Case(found.value, op);
    }
    if (c == '#' || c == '%') {
      bool longest = next == c;
      at_ += longest ? 2 : 1;
      PL_TRY(std::string pattern, Word("}", false, depth));
      return Trim(found.value, pattern, c == '#', longest);
    }
    if (c == '/') return Replacement(found.value, next, depth);
    return found.value;
  }

  Result<std::string> Substring(const std::string& value, int depth) {
    ++at_;
    PL_TRY(std::string position, Word(":}", false, depth));
    bool has_length = Peek() == ':';
    std::string length;
    if (has_length) {
      ++at_;
      PL_TRY(length, Word("}", false, depth));
    }
    return Part(value, position, length, has_length);
  }

  Result<std::string> Replacement(const std::string& value, char next, int depth) {
    std::string op = "/";
    if (next == '/' || next == '#' || next == '%') op += next;
    at_ += op.size();
    PL_TRY(std::string what, Word("/}", true, depth));
    std::string with;
    if (Peek() != '/') return Fail("bad substitution");
    ++at_;
    PL_TRY(with, Word("}", true, depth));
    return Replace(value, op, what, with);
  }

  std::string_view text_;
  const Substitution& substitution_;
  std::size_t at_ = 0;
  Expanded out_;
};

}  // namespace

Result<Expanded> Expand(std::string_view text, const Substitution& substitution) {
  return Expander(text, substitution).Run();
}

}  // namespace plumbline::gitops
