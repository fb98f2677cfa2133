// Semantic versions and constraints on them, as Masterminds/semver v3 reads and compares them.
#include <algorithm>
#include <array>
#include <cctype>

#include "helm/functions/common.h"
#include "helm/functions/functions.h"

namespace plumbline::helm {
namespace {

constexpr std::size_t kMaxVersion = 256, kMaxConstraint = 512, kMaxGroups = 32;

struct Version {
  std::uint64_t parts[3] = {0, 0, 0};
  std::string pre, metadata, original;
};

std::string PrintVersion(const Version& v) {
  std::string out = fmt::format("{}.{}.{}", v.parts[0], v.parts[1], v.parts[2]);
  if (!v.pre.empty()) out += "-" + v.pre;
  if (!v.metadata.empty()) out += "+" + v.metadata;
  return out;
}

std::vector<std::string_view> Dotted(std::string_view text) {
  std::vector<std::string_view> parts;
  for (std::size_t dot = 0; (dot = text.find('.')) != std::string_view::npos;) {
    parts.push_back(text.substr(0, dot));
    text.remove_prefix(dot + 1);
  }
  parts.push_back(text);
  return parts;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNameChar(char c) {
  return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
}
bool AllDigits(std::string_view s) { return !s.empty() && std::ranges::all_of(s, IsDigit); }

std::optional<std::uint64_t> Number(std::string_view text) {
  unsigned __int128 n = 0;
  for (char c : text) {
    n = n * 10 + static_cast<unsigned>(c - '0');
    if (n > UINT64_MAX) return std::nullopt;
  }
  return static_cast<std::uint64_t>(n);
}

// The pieces of "v1.2.x-pre+meta" at the start of a text.
struct Shape {
  std::string_view parts[3];  // the second and third without their dot; empty when absent
  std::string_view pre, metadata;
  std::size_t length = 0;  // 0: no version here
};

template <typename F>
std::string_view TakeWhile(std::string_view& s, F f) {
  std::size_t n = 0;
  while (n < s.size() && f(s[n])) ++n;
  std::string_view taken = s.substr(0, n);
  s.remove_prefix(n);
  return taken;
}

// name(.name)* behind `mark`; nothing is taken when there is no name.
std::string_view TakeNames(std::string_view& s, char mark) {
  if (!s.starts_with(mark) || s.size() < 2 || !IsNameChar(s[1])) return {};
  std::size_t end = 1;
  while (end < s.size()) {
    if (IsNameChar(s[end]) || (s[end] == '.' && end + 1 < s.size() && IsNameChar(s[end + 1]))) {
      ++end;
    } else {
      break;
    }
  }
  std::string_view names = s.substr(1, end - 1);
  s.remove_prefix(end);
  return names;
}

bool IsPartChar(char c) { return IsDigit(c) || c == 'x' || c == 'X' || c == '*' || c == '|'; }

Shape ReadShape(std::string_view text, bool wildcards) {
  Shape shape;
  std::string_view s = text;
  auto part = [&](char c) { return wildcards ? IsPartChar(c) : IsDigit(c); };
  if (s.starts_with('v')) s.remove_prefix(1);
  for (std::size_t i = 0; i < 3; ++i) {
    if (i > 0) {
      if (s.size() < 2 || s[0] != '.' || !part(s[1])) break;
      s.remove_prefix(1);
    }
    shape.parts[i] = TakeWhile(s, part);
    if (shape.parts[i].empty()) return {};
  }
  shape.pre = TakeNames(s, '-');
  shape.metadata = TakeNames(s, '+');
  shape.length = text.size() - s.size();
  return shape;
}

// The version, or what is wrong with it.
std::string ReadVersion(std::string_view text, Version* out) {
  if (text.size() > kMaxVersion)
    return fmt::format("version string is too long (max {} bytes)", kMaxVersion);
  Shape shape = ReadShape(text, false);
  if (shape.length == 0 || shape.length != text.size()) return "invalid semantic version";
  for (std::size_t i = 0; i < 3; ++i) {
    auto n = Number(shape.parts[i]);
    if (!n)
      return fmt::format(
          "error parsing version segment: strconv.ParseUint: parsing {}: value out of range",
          gotmpl::Quote(shape.parts[i]));
    out->parts[i] = *n;
  }
  for (std::string_view part : Dotted(shape.pre)) {
    if (AllDigits(part) && part.size() > 1 && part[0] == '0')
      return "version segment starts with 0";
  }
  out->pre = shape.pre;
  out->metadata = shape.metadata;
  out->original = text;
  return {};
}

int ComparePart(std::string_view a, std::string_view b) {
  if (a == b) return 0;
  if (a.empty()) return -1;
  if (b.empty()) return 1;
  auto number = [](std::string_view s) { return AllDigits(s) ? Number(s) : std::nullopt; };
  auto x = number(a), y = number(b);
  if (!x && !y) return a > b ? 1 : -1;
  if (!y) return -1;
  if (!x) return 1;
  return *x > *y ? 1 : -1;
}

int ComparePre(std::string_view a, std::string_view b) {
  auto x = Dotted(a), y = Dotted(b);
  for (std::size_t i = 0; i < std::max(x.size(), y.size()); ++i) {
    int c = ComparePart(i < x.size() ? x[i] : "", i < y.size() ? y[i] : "");
    if (c != 0) return c;
  }
  return 0;
}

int CompareVersions(const Version& a, const Version& b) {
  for (std::size_t i = 0; i < 3; ++i) {
    if (a.parts[i] != b.parts[i]) return a.parts[i] < b.parts[i] ? -1 : 1;
  }
  if (a.pre.empty() || b.pre.empty())
    return static_cast<int>(a.pre.empty()) - static_cast<int>(b.pre.empty());
  return ComparePre(a.pre, b.pre);
}

// --- Constraints ---

struct Constraint {
  std::string_view op;
  Version version;
  bool dirty = false, minor_dirty = false, patch_dirty = false;  // what was left open
};

constexpr auto kOperators =
    std::to_array<std::string_view>({"!=", ">=", "=>", "<=", "=<", "~>", "=", ">", "<", "~", "^"});

std::string_view TakeOperator(std::string_view& s) {
  for (std::string_view op : kOperators) {
    if (s.starts_with(op)) {
      s.remove_prefix(op.size());
      return op;
    }
  }
  return {};
}

bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v'); }

bool IsWildcard(std::string_view part) { return part == "x" || part == "X" || part == "*"; }

bool ReadConstraint(std::string_view op, const Shape& shape, Constraint* out) {
  out->op = op;
  auto open = [&](std::size_t i) { return shape.parts[i].empty() || IsWildcard(shape.parts[i]); };
  std::size_t known = open(0) ? 0 : open(1) ? 1 : open(2) ? 2 : 3;
  out->dirty = known < 3;
  out->minor_dirty = known == 1;
  out->patch_dirty = known == 2;
  std::string text;
  for (std::size_t i = 0; i < 3; ++i) {
    if (i > 0) text += '.';
    text += i < known ? shape.parts[i] : "0";
  }
  if (!shape.pre.empty()) text.append("-").append(shape.pre);
  return ReadVersion(text, &out->version).empty();
}

using Group = std::vector<Constraint>;

// Constraints that must all hold, with blanks or commas between them.
std::string ReadGroup(std::string_view text, Group* out) {
  std::string_view s = text;
  auto blanks = [&] { return !TakeWhile(s, IsBlank).empty(); };
  auto improper = [&] { return fmt::format("improper constraint: {}", gotmpl::Quote(text)); };
  blanks();
  bool separated = true;
  while (!s.empty() || out->empty()) {
    if (!separated) return improper();
    std::string_view op = TakeOperator(s);
    blanks();
    Shape shape = ReadShape(s, true);
    if (shape.length == 0) return improper();
    s.remove_prefix(shape.length);
    if (!ReadConstraint(op, shape, &out->emplace_back())) return "constraint parser error";
    separated = blanks();
    if (s.starts_with(',')) {
      s.remove_prefix(1);
      blanks();
      separated = true;
      if (s.empty()) return improper();
    }
  }
  return {};
}

// "1.2 - 2" is ">= 1.2, <= 2".
std::string WithoutRanges(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    std::string_view s = text.substr(at);
    Shape from = ReadShape(s, true);
    if (from.length == 0) {
      out += text[at++];
      continue;
    }
    std::string_view rest = s.substr(from.length);
    bool before = !TakeWhile(rest, IsBlank).empty() && rest.starts_with('-');
    if (before) rest.remove_prefix(1);
    bool behind = before && !TakeWhile(rest, IsBlank).empty();
    Shape to = behind ? ReadShape(rest, true) : Shape{};
    if (to.length == 0) {
      out += s.substr(0, from.length);
      at += from.length;
      continue;
    }
    out += fmt::format(">= {}, <= {} ", s.substr(0, from.length), rest.substr(0, to.length));
    rest.remove_prefix(to.length);
    TakeWhile(rest, IsBlank);
    at = text.size() - rest.size();
  }
  return out;
}

bool Tilde(const Version& v, const Constraint& c) {
  if (CompareVersions(v, c.version) < 0) return false;
  const auto& want = c.version.parts;
  bool anything = want[0] == 0 && want[1] == 0 && want[2] == 0;
  if (anything && !c.minor_dirty && !c.patch_dirty) return true;
  return v.parts[0] == want[0] && (v.parts[1] == want[1] || c.minor_dirty);
}

bool NotEqual(const Version& v, const Constraint& c) {
  if (!c.dirty) return CompareVersions(v, c.version) != 0;
  if (v.parts[0] != c.version.parts[0]) return true;
  if (v.parts[1] != c.version.parts[1] && !c.minor_dirty) return true;
  if (c.minor_dirty) return false;
  if (v.parts[2] != c.version.parts[2] && !c.patch_dirty) return true;
  if (c.patch_dirty)
    return (!v.pre.empty() || !c.version.pre.empty()) && ComparePre(v.pre, c.version.pre) != 0;
  return CompareVersions(v, c.version) != 0;
}

bool Greater(const Version& v, const Constraint& c) {
  if (!c.dirty) return CompareVersions(v, c.version) > 0;
  if (v.parts[0] != c.version.parts[0]) return v.parts[0] > c.version.parts[0];
  if (c.minor_dirty) return false;
  if (c.patch_dirty) return v.parts[1] > c.version.parts[1];
  return CompareVersions(v, c.version) > 0;
}

bool AtMost(const Version& v, const Constraint& c) {
  if (!c.dirty) return CompareVersions(v, c.version) <= 0;
  if (v.parts[0] > c.version.parts[0]) return false;
  return !(v.parts[0] == c.version.parts[0] && v.parts[1] > c.version.parts[1] && !c.minor_dirty);
}

bool Caret(const Version& v, const Constraint& c) {
  if (CompareVersions(v, c.version) < 0) return false;
  const auto& want = c.version.parts;
  if (want[0] > 0 || c.minor_dirty) return v.parts[0] == want[0];
  if (v.parts[0] > 0) return false;
  if (want[1] > 0 || c.patch_dirty) return v.parts[1] == want[1];
  return v.parts[1] == 0 && v.parts[2] == want[2];
}

bool Satisfies(const Version& v, const Constraint& c, bool include_pre) {
  if (!v.pre.empty() && !include_pre) return false;
  if (c.op == "!=") return NotEqual(v, c);
  if (c.op == ">") return Greater(v, c);
  if (c.op == "<") return CompareVersions(v, c.version) < 0;
  if (c.op == ">=" || c.op == "=>") return CompareVersions(v, c.version) >= 0;
  if (c.op == "<=" || c.op == "=<") return AtMost(v, c);
  if (c.op == "~" || c.op == "~>") return Tilde(v, c);
  if (c.op == "^") return Caret(v, c);
  return c.dirty ? Tilde(v, c) : CompareVersions(v, c.version) == 0;
}

// The alternatives of a constraint, or what is wrong with it.
std::string ReadAlternatives(std::string_view text, std::vector<Group>* out) {
  if (text.size() > kMaxConstraint)
    return fmt::format("constraint string is too long (max {} bytes)", kMaxConstraint);
  std::string plain = WithoutRanges(text);
  std::vector<std::string_view> alternatives;
  std::string_view rest = plain;
  for (std::size_t at = 0; (at = rest.find("||")) != std::string_view::npos;) {
    alternatives.push_back(rest.substr(0, at));
    rest.remove_prefix(at + 2);
  }
  alternatives.push_back(rest);
  if (alternatives.size() > kMaxGroups)
    return fmt::format("too many constraint groups (max {})", kMaxGroups);
  for (std::string_view alternative : alternatives) {
    std::string error = ReadGroup(alternative, &out->emplace_back());
    if (!error.empty()) return error;
  }
  return {};
}

bool Keeps(const std::vector<Group>& groups, const Version& v) {
  return std::ranges::any_of(groups, [&](const Group& group) {
    bool include_pre =
        std::ranges::any_of(group, [](const Constraint& c) { return !c.version.pre.empty(); });
    return std::ranges::all_of(group,
                               [&](const Constraint& c) { return Satisfies(v, c, include_pre); });
  });
}

bool SemverCompare(Call& call) {
  std::vector<Group> groups;
  Version v;
  std::string error = ReadAlternatives(call.Text(0), &groups);
  if (error.empty()) error = ReadVersion(call.Text(1), &v);
  if (!error.empty()) return call.Fail(std::move(error));
  return ReturnBool(call, Keeps(groups, v));
}

// --- The object that `semver` gives ---

class VersionObject : public gotmpl::Object {
 public:
  // What Inc… gives is no pointer and lacks the methods of one.
  explicit VersionObject(Version v, bool pointer = true)
      : version_(std::move(v)), pointer_(pointer) {}

  std::string_view TypeName() const override {
    return pointer_ ? kPointerType : kPointerType.substr(1);
  }
  std::string_view KindName() const override { return pointer_ ? "ptr" : "struct"; }
  std::string Print() const override { return PrintVersion(version_); }
  Value AsJson(Heap& heap) override { return heap.String(Print()); }

  bool Get(Heap& heap, std::string_view name, std::span<const Value> args, Value* out,
           std::string* error) override {
    constexpr std::string_view kNumbers[] = {"Major", "Minor", "Patch"};
    for (std::size_t i = 0; i < 3; ++i) {
      if (name == kNumbers[i]) *out = Value::Uint64(version_.parts[i]);
    }
    if (name == "Prerelease") *out = heap.String(version_.pre);
    if (name == "Metadata") *out = heap.String(version_.metadata);
    if (name == "Original" && pointer_) *out = heap.String(version_.original);
    if (name == "String") *out = heap.String(Print());
    if (name.starts_with("Inc")) Increment(heap, name.substr(3), out);
    if (!out->is_invalid()) return true;
    return pointer_ && Comparison(name, args, out, error);
  }

 private:
  static constexpr std::string_view kPointerType = "*semver.Version";

  void Increment(Heap& heap, std::string_view part, Value* out) const {
    Version next = version_;
    next.metadata.clear();
    next.pre.clear();
    if (part == "Patch") {
      if (version_.pre.empty()) ++next.parts[2];
    } else if (part == "Minor") {
      ++next.parts[1];
      next.parts[2] = 0;
    } else if (part == "Major") {
      ++next.parts[0];
      next.parts[1] = next.parts[2] = 0;
    } else {
      return;
    }
    next.original = (version_.original.starts_with('v') ? "v" : "") + PrintVersion(next);
    *out = heap.MakeObject<VersionObject>(std::move(next), false);
  }

  bool Comparison(std::string_view name, std::span<const Value> args, Value* out,
                  std::string* error) const {
    constexpr auto kNames = std::to_array<std::string_view>(
        {"Compare", "Equal", "GreaterThan", "GreaterThanEqual", "LessThan", "LessThanEqual"});
    if (std::ranges::find(kNames, name) == kNames.end()) return false;
    if (args.size() != 1 || args[0].kind() != Kind::kObject ||
        args[0].object().TypeName() != kPointerType) {
      *error = fmt::format("{} needs one argument of the type {}", name, TypeName());
      return false;
    }
    int c = CompareVersions(version_, static_cast<VersionObject&>(args[0].object()).version_);
    if (name == "Compare") {
      *out = Value::Int(c);
    } else if (name == "Equal") {
      *out = Value::Bool(c == 0);
    } else {
      bool less = name.starts_with("Less");
      *out = Value::Bool((less ? c < 0 : c > 0) || (c == 0 && name.ends_with("Equal")));
    }
    return true;
  }

  Version version_;
  bool pointer_;
};

bool Semver(Call& call) {
  Version v;
  std::string error = ReadVersion(call.Text(0), &v);
  if (!error.empty()) return call.Fail(std::move(error));
  return call.Return(call.heap.MakeObject<VersionObject>(std::move(v)));
}

constexpr auto kFunctions = std::to_array<Function>({
    {"semver", "s", Semver},
    {"semverCompare", "ss", SemverCompare},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

bool InRange(std::string_view constraint, std::string_view version) {
  std::vector<Group> groups;
  Version v;
  return ReadAlternatives(constraint, &groups).empty() && ReadVersion(version, &v).empty() &&
         Keeps(groups, v);
}

bool IsVersion(std::string_view version) {
  Version v;
  return ReadVersion(version, &v).empty();
}

std::span<const Function> SemverFunctions() { return kFunctions; }

}  // namespace plumbline::helm
