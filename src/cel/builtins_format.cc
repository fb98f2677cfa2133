// `text.format(list)`: %s %d %f %e %b %o %x %X and %%, with a precision for %f and %e.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "cel/builtins.h"
#include "cel/text.h"

namespace plumbline::cel {
namespace {

/// The result under construction, or why it failed.
struct Output {
  Context& context;
  std::string text;
  std::string problem;
  Val unknown;

  bool Fail(std::string message) {
    problem = std::move(message);
    return false;
  }
};

bool Show(Output& out, Val v, std::uint32_t depth);

bool ShowList(Output& out, Val v, std::uint32_t depth) {
  out.text += '[';
  for (std::size_t i = 0; i < ListSize(v); ++i) {
    if (i > 0) out.text += ", ";
    if (!Show(out, ListAt(v, i), depth + 1)) return false;
  }
  out.text += ']';
  return true;
}

/// Entries are sorted by their shown keys.
bool ShowMap(Output& out, Val v, std::uint32_t depth) {
  std::vector<std::pair<std::string, Val>> entries;
  for (std::size_t i = 0; i < MapSize(v); ++i) {
    MapEntry entry = MapAt(v, i);
    entries.emplace_back(ToText(entry.key), entry.value);
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  out.text += '{';
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (i > 0) out.text += ", ";
    out.text += entries[i].first + ": ";
    if (!Show(out, entries[i].second, depth + 1)) return false;
  }
  out.text += '}';
  return true;
}

std::string FiniteName(double d) {
  return std::isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity";
}

bool Show(Output& out, Val v, std::uint32_t depth) {
  bool room = out.text.size() <= out.context.limits.max_string_bytes && depth <= kMaxValueDepth;
  if (!room || !out.context.Charge(1)) return out.Fail("the formatted text is too large");
  if (v.is_unknown()) {
    out.unknown = v;
    return out.Fail("unknown");
  }
  if (v.is_error()) return out.Fail(std::string(v.as_error()));
  if (IsList(v)) return ShowList(out, v, depth);
  if (IsMap(v)) return ShowMap(out, v, depth);
  if (v.tag() == Tag::kDouble && !std::isfinite(v.as_double())) {
    out.text += FiniteName(v.as_double());
  } else if (v.tag() == Tag::kBytes && !IsValidUtf8(v.as_string())) {
    out.text += "\uFFFD";
  } else {
    out.text += ToText(v);
  }
  return true;
}

bool Wrong(Output& out, char verb, Val v) {
  return out.Fail(fmt::format("format: %{} does not take a value of type {}", verb, TypeNameOf(v)));
}

bool Decimal(Output& out, Val v) {
  if (v.tag() == Tag::kDouble && !std::isfinite(v.as_double())) {
    out.text += FiniteName(v.as_double());
    return true;
  }
  if (!IsNumber(v)) return Wrong(out, 'd', v);
  out.text += ToText(v);
  return true;
}

bool Real(Output& out, Val v, char verb, int precision) {
  double d = v.tag() == Tag::kInt    ? static_cast<double>(v.as_int())
             : v.tag() == Tag::kUint ? static_cast<double>(v.as_uint())
                                     : v.as_double();
  if (v.tag() == Tag::kString) {
    if (v.as_string() != "NaN" && v.as_string() != "Infinity" && v.as_string() != "-Infinity") {
      return Wrong(out, verb, v);
    }
    out.text += v.as_string();
    return true;
  }
  if (!IsNumber(v)) return Wrong(out, verb, v);
  if (!std::isfinite(d)) {
    out.text += FiniteName(d);
  } else {
    out.text +=
        verb == 'f' ? fmt::format("{:.{}f}", d, precision) : fmt::format("{:.{}e}", d, precision);
  }
  return true;
}

/// The sign and the size of a whole number.
bool Whole(Val v, std::string& sign, std::uint64_t& size) {
  if (v.tag() == Tag::kBool || v.tag() == Tag::kUint) {
    size = v.as_uint();
    return true;
  }
  if (v.tag() != Tag::kInt) return false;
  sign = v.as_int() < 0 ? "-" : "";
  size = v.as_int() < 0 ? ~v.as_uint() + 1 : v.as_uint();
  return true;
}

bool Radix(Output& out, Val v, char verb) {
  bool hex = verb == 'x' || verb == 'X';
  if (hex && (v.tag() == Tag::kString || v.tag() == Tag::kBytes)) {
    for (char c : v.as_string()) {
      auto byte = static_cast<unsigned char>(c);
      out.text += verb == 'x' ? fmt::format("{:02x}", byte) : fmt::format("{:02X}", byte);
    }
    return true;
  }
  std::string sign;
  std::uint64_t size = 0;
  if (!Whole(v, sign, size) || (v.tag() == Tag::kBool && verb != 'b')) return Wrong(out, verb, v);
  out.text += sign;
  if (verb == 'b') out.text += fmt::format("{:b}", size);
  if (verb == 'o') out.text += fmt::format("{:o}", size);
  if (verb == 'x') out.text += fmt::format("{:x}", size);
  if (verb == 'X') out.text += fmt::format("{:X}", size);
  return true;
}

bool Clause(Output& out, Val v, char verb, int precision) {
  if (v.is_unknown() || v.is_error()) return Show(out, v, 0);
  switch (verb) {
    case 's':
      return Show(out, v, 0);
    case 'd':
      return Decimal(out, v);
    case 'f':
    case 'e':
      return Real(out, v, verb, precision);
    case 'b':
    case 'o':
    case 'x':
    case 'X':
      return Radix(out, v, verb);
    default:
      return out.Fail(fmt::format("format: unknown clause %{}", verb));
  }
}

/// ".3" at the start, when it is there.
bool Precision(Output& out, std::string_view& rest, int& precision) {
  precision = 6;
  if (!rest.starts_with('.')) return true;
  rest.remove_prefix(1);
  auto [end, ec] = std::from_chars(rest.data(), rest.data() + rest.size(), precision);
  if (ec != std::errc() || precision < 0 || precision > 1000)
    return out.Fail("format: invalid precision");
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return true;
}

bool Run(Output& out, std::string_view rest, Val list) {
  std::size_t next = 0;
  while (!rest.empty()) {
    std::size_t percent = std::min(rest.find('%'), rest.size());
    out.text += rest.substr(0, percent);
    rest.remove_prefix(percent);
    if (rest.empty()) break;
    rest.remove_prefix(1);
    if (rest.starts_with('%')) {
      out.text += '%';
      rest.remove_prefix(1);
      continue;
    }
    int precision = 6;
    if (!Precision(out, rest, precision)) return false;
    if (rest.empty()) return out.Fail("format: a clause is not complete");
    if (next >= ListSize(list)) return out.Fail("format: more clauses than arguments");
    if (!Clause(out, ListAt(list, next++), rest[0], precision)) return false;
    rest.remove_prefix(1);
  }
  return true;
}

}  // namespace

Val FormatText(Context& context, std::span<const Val> args) {
  if (args[0].tag() != Tag::kString || !IsList(args[1])) return context.NoOverload("format", args);
  Output out{context, {}, {}, {}};
  if (Run(out, args[0].as_string(), args[1])) return context.NewString(out.text);
  return out.unknown.is_unknown() ? out.unknown : context.Error(out.problem);
}

}  // namespace plumbline::cel
