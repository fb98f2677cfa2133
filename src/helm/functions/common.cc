#include "helm/functions/common.h"

#include <utf8proc.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "helm/functions/functions.h"

namespace plumbline::helm {

// --- Results ---

bool Spend(Call& call, std::size_t steps) {
  if (call.executor.Spend(steps)) return true;
  return call.Fail("the rendering takes more steps than allowed");
}

bool FailTooLong(Call& call) {
  return call.Fail(fmt::format("the text would be longer than {} bytes", kMaxText));
}

bool ReturnText(Call& call, std::string_view text, OriginId origin) {
  constexpr std::size_t kBytesPerStep = 64;
  if (text.size() > kMaxText) return FailTooLong(call);
  return Spend(call, text.size() / kBytesPerStep) && call.Return(text, origin);
}

bool ReturnBool(Call& call, bool b) { return call.Return(Value::Bool(b)); }
bool ReturnInt64(Call& call, std::int64_t i) { return call.Return(Value::Int64(i)); }
bool ReturnFloat(Call& call, double d) { return call.Return(Value::Float(d)); }

bool ReturnList(Call& call, std::span<const Value> items, Element element) {
  if (items.size() > kMaxItems)
    return call.Fail(fmt::format("the list would have more than {} items", kMaxItems));
  return Spend(call, items.size()) && call.Return(call.heap.MakeList(items, element));
}

bool ReturnTexts(Call& call, std::span<const std::string_view> texts) {
  std::vector<Value> items;
  items.reserve(texts.size());
  for (std::string_view text : texts) items.push_back(Value::String(text));
  return ReturnList(call, items, Element::kString);
}

// --- Conversions ---

std::string TextOf(Value v) {
  if (v.is_list() && v.list().element == Element::kByte) {
    std::string bytes;
    for (Value item : v.list().items) bytes += static_cast<char>(item.as_int());
    return bytes;
  }
  return gotmpl::Sprint(v);
}

namespace {

int DigitOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

// Underscores may stand between digits and behind the prefix of a base.
bool UnderscoresFit(std::string_view digits, bool prefixed) {
  bool after_digit = prefixed;
  for (char c : digits) {
    if (c == '_' && !after_digit) return false;
    after_digit = c != '_';
  }
  return after_digit;
}

bool UnderscoresSeparateDigits(std::string_view s) {
  bool hex = s.size() > 1 && s[0] == '0' && (s[1] | 0x20) == 'x';
  auto digit = [&](std::size_t i) {
    return i < s.size() && (DigitOf(s[i]) < (hex ? 16 : 10) || (hex && i == 1));
  };
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '_' && (i == 0 || !digit(i - 1) || !digit(i + 1))) return false;
  }
  return true;
}

// "1.00" without its zeros, as cast reads integers.
std::string_view WithoutZeroDecimals(std::string_view text) {
  bool found = false;
  for (std::size_t i = text.size(); i > 0; --i) {
    if (text[i - 1] == '.' && found) return text.substr(0, i - 1);
    if (text[i - 1] == '0') {
      found = true;
    } else if (text[i - 1] != '.') {
      return text;
    }
  }
  return text;
}

std::int64_t Truncated(double d) {
  constexpr double kLimit = 9223372036854775808.0;
  // What amd64 makes of what does not fit.
  if (!(d >= -kLimit && d < kLimit)) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(d);
}

}  // namespace

std::optional<std::int64_t> ParseInt(std::string_view text, int base, bool* out_of_range) {
  bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  bool prefixed = false, loose = base == 0;
  if (base == 0) {
    base = 10;
    if (text.size() > 1 && text[0] == '0') {
      char kind = static_cast<char>(text[1] | 0x20);
      base = kind == 'x' ? 16 : kind == 'o' ? 8 : kind == 'b' ? 2 : 0;
      prefixed = true;
      text.remove_prefix(base != 0 ? 2 : 1);
      if (base == 0) base = 8;
    }
  }
  if (text.empty() || (loose && !UnderscoresFit(text, prefixed))) return std::nullopt;
  unsigned __int128 n = 0;
  bool too_big = false;
  constexpr auto kMost = static_cast<unsigned __int128>(INT64_MAX);
  for (char c : text) {
    if (loose && c == '_') continue;
    int digit = DigitOf(c);
    if (digit >= base) return std::nullopt;
    if (!too_big) n = n * static_cast<unsigned>(base) + static_cast<unsigned>(digit);
    too_big = too_big || n > kMost + 1;
  }
  if (too_big || n > kMost + (negative ? 1 : 0)) {
    if (out_of_range != nullptr) *out_of_range = true;
    return std::nullopt;
  }
  return negative ? static_cast<std::int64_t>(-static_cast<__int128>(n))
                  : static_cast<std::int64_t>(n);
}

std::optional<double> ParseFloat(std::string_view text) {
  std::string_view body = text;
  bool negative = body.starts_with('-');
  if (negative || body.starts_with('+')) body.remove_prefix(1);
  if (body.empty() || body[0] == '-' || body[0] == '+') return std::nullopt;
  std::string digits, plain;
  if (body.find('_') != std::string_view::npos) {
    if (!UnderscoresSeparateDigits(body)) return std::nullopt;
    plain = body;
    std::erase(plain, '_');
    body = plain;
  }
  bool hex = body.size() > 2 && body[0] == '0' && (body[1] | 0x20) == 'x';
  if (hex) {
    // Go's hexadecimal floats must have an exponent; underscores may stand between digits.
    if (body.find_first_of("pP") == std::string_view::npos) return std::nullopt;
    for (char c : body.substr(2)) {
      if (c != '_') digits += c;
    }
    body = digits;
  }
  double d = 0;
  auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), d,
                                      hex ? std::chars_format::hex : std::chars_format::general);
  if (end != body.data() + body.size()) return std::nullopt;
  if (error == std::errc::result_out_of_range) {
    // Too small is zero, too big is refused.
    auto exponent = body.find_first_of(hex ? "pP" : "eE");
    bool small = exponent != std::string_view::npos && body.substr(exponent + 1).starts_with('-');
    if (!small) return std::nullopt;
    d = 0;
  } else if (error != std::errc()) {
    return std::nullopt;
  }
  if (std::isnan(d) && (body.size() != 3)) return std::nullopt;
  return negative ? -d : d;
}

std::int64_t ToInt64(Value v) {
  switch (v.kind()) {
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kInt64:
    case Kind::kUint64:
      return v.as_int();
    case Kind::kFloat64:
      return Truncated(v.as_float());
    case Kind::kString:
      return ParseInt(WithoutZeroDecimals(v.as_string()), 0).value_or(0);
    default:
      return 0;
  }
}

double ToFloat64(Value v) {
  switch (v.kind()) {
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kInt64:
      return static_cast<double>(v.as_int());
    case Kind::kUint64:
      return static_cast<double>(static_cast<std::uint64_t>(v.as_int()));
    case Kind::kFloat64:
      return v.as_float();
    case Kind::kString:
      return ParseFloat(v.as_string()).value_or(0);
    default:
      return 0;
  }
}

bool IsEmpty(Value v) { return v.kind() != Kind::kObject && !gotmpl::IsTrue(v); }

std::string BackQuoted(std::string_view text) {
  for (std::string_view rest = text; !rest.empty();) {
    std::size_t width = 0;
    char32_t rune = gotmpl::DecodeUtf8(rest, &width);
    bool bad = rune == 0xFFFD && width == 1;
    if (bad || rune == 0xFEFF || rune == '`' || rune == 0x7F || (rune < 0x20 && rune != '\t'))
      return gotmpl::Quote(text);
    rest.remove_prefix(width);
  }
  return "`" + std::string(text) + "`";
}

bool ItemsOf(Call& call, Value v, std::string_view complaint, std::span<const Value>* items) {
  if (v.is_nil())
    return call.Fail("runtime error: invalid memory address or nil pointer dereference");
  if (v.kind() == Kind::kObject) {
    if (const gotmpl::List* list = v.object().AsList()) {
      *items = list->items;
      return true;
    }
  }
  if (!v.is_list()) return call.Fail(fmt::format("{} type {}", complaint, gotmpl::KindName(v)));
  *items = v.list().items;
  return true;
}

OriginId OnlyOrigin(std::span<const Value> values) {
  OriginId origin = 0;
  for (Value v : values) {
    if (v.origin() == 0) continue;
    if (origin != 0) return 0;
    origin = v.origin();
  }
  return origin;
}

// --- Characters ---

bool IsSpace(char32_t rune) {
  if (rune < 0x100) return (rune >= 9 && rune <= 13) || rune == ' ' || rune == 0x85 || rune == 0xA0;
  return rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200A) || rune == 0x2028 || rune == 0x2029 ||
         rune == 0x202F || rune == 0x205F || rune == 0x3000;
}

namespace {

utf8proc_category_t Category(char32_t rune) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(rune));
}

}  // namespace

bool IsUpper(char32_t rune) { return Category(rune) == UTF8PROC_CATEGORY_LU; }
bool IsLower(char32_t rune) { return Category(rune) == UTF8PROC_CATEGORY_LL; }

bool IsNumber(char32_t rune) {
  auto category = Category(rune);
  return category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO;
}

bool IsPunct(char32_t rune) {
  auto category = Category(rune);
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

char32_t ToUpper(char32_t rune) {
  constexpr char32_t kSharpS = 0xDF;  // has no simple upper case in Go's tables
  if (rune == kSharpS) return rune;
  return static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(rune)));
}

char32_t ToLower(char32_t rune) {
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(rune)));
}

char32_t ToTitle(char32_t rune) {
  constexpr char32_t kSharpS = 0xDF;
  if (rune == kSharpS) return rune;
  return static_cast<char32_t>(utf8proc_totitle(static_cast<utf8proc_int32_t>(rune)));
}

std::u32string Runes(std::string_view text) {
  std::u32string runes;
  for (std::size_t width = 0; !text.empty(); text.remove_prefix(width))
    runes += gotmpl::DecodeUtf8(text, &width);
  return runes;
}

void AddFunctions(gotmpl::FunctionSet& set) {
  set.Add(gotmpl::BuiltinFunctions());
  for (auto family :
       {CertificateFunctions, CryptoFunctions, DateFunctions, DefaultFunctions, DictFunctions,
        EncodingFunctions, JsonFunctions, ListFunctions, MathFunctions, PathFunctions,
        RegexFunctions, SemverFunctions, StringFunctions, StringListFunctions, TemplateFunctions,
        TomlFunctions, UrlFunctions, WordFunctions, YamlFunctions})
    set.Add(family());
}

}  // namespace plumbline::helm
