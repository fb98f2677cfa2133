// csvdecode() by the rules of Go's encoding/csv, and text in other character encodings.
#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "terraform/functions/registry.h"

namespace plumbline::terraform::functions {
namespace {

std::string_view Arg(Call& call, std::size_t i) { return call.args[i].as_string(); }

// --- CSV ---

class CsvReader {
 public:
  explicit CsvReader(std::string_view text) {
    // Line ends are normalised everywhere, also within quotes.
    for (std::size_t i = 0; i < text.size(); ++i) {
      bool ends = text[i] == '\r' && (i + 1 == text.size() || text[i + 1] == '\n');
      if (!ends) text_ += text[i];
    }
  }

  /// The next record, or nullopt at the end. Empty lines are skipped.
  Result<std::optional<std::vector<std::string>>> Next() {
    while (at_ < text_.size() && text_[at_] == '\n') ++at_, ++line_;
    if (at_ >= text_.size()) return std::nullopt;
    std::vector<std::string> fields;
    do PL_CHECK_OK(Field(fields.emplace_back()));
    while (TakeComma());
    ++line_;
    return fields;
  }
  int line() const { return line_; }

 private:
  // Behind a field: a comma leads to another one; otherwise the line ends.
  bool TakeComma() {
    bool comma = at_ < text_.size() && text_[at_] == ',';
    if (at_ < text_.size()) ++at_;
    return comma;
  }

  Result<void> Field(std::string& out) {
    if (at_ >= text_.size() || text_[at_] != '"') {
      std::size_t end = std::min(text_.find_first_of(",\n", at_), text_.size());
      out = text_.substr(at_, end - at_);
      at_ = end;
      if (out.find('"') != std::string::npos)
        return Fail(fmt::format("a quote inside a field without quotes on line {}", line_ + 1));
      return {};
    }
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] != '"') {
        out += text_[at_];
      } else if (text_.compare(at_, 2, "\"\"") == 0) {
        out += text_[++at_];
      } else {
        ++at_;
        if (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n')
          return Fail(fmt::format("text behind a quoted field on line {}", line_ + 1));
        return {};
      }
    }
    return Fail("a quoted field without an end");
  }

  std::string text_;
  std::size_t at_ = 0;
  int line_ = 0;
};

Result<Value> CsvDecode(Call& call) {
  CsvReader csv(Arg(call, 0));
  auto next = [&]() -> Result<std::optional<std::vector<std::string>>> {
    auto record = csv.Next();
    if (!record) return Fail("csvdecode() got invalid CSV: " + record.error().message);
    return record;
  };
  PL_TRY(auto header, next());
  if (!header) return Fail("csvdecode() needs a header line");
  std::vector<TypeAttr> attrs;
  for (std::string& name : *header) {
    name = Normalize(name);
    bool twice = std::ranges::any_of(attrs, [&](const TypeAttr& a) { return a.name == name; });
    if (twice) return Fail(fmt::format("csvdecode() got two columns named \"{}\"", name));
    attrs.push_back({call.arena.CopyString(name), StringType()});
  }
  std::vector<Value> rows;
  while (true) {
    PL_TRY(auto record, next());
    if (!record) break;
    if (record->size() != attrs.size()) {
      return Fail(fmt::format("csvdecode() got {} fields on line {}, but the header has {}",
                              record->size(), csv.line(), attrs.size()));
    }
    std::vector<Member> members;
    for (std::size_t i = 0; i < attrs.size(); ++i) {
      PL_TRY(Value v, Text(call, (*record)[i]));
      members.push_back({attrs[i].name, v});
    }
    rows.push_back(MakeObject(call.arena, members));
  }
  return MakeList(call.arena, ObjectType(call.arena, attrs), rows);
}

// --- Character encodings ---

enum class Charset : std::uint8_t { kUtf8, kUtf16Be, kUtf16Le, kUtf16, kLatin1, kWindows1252 };

std::optional<Charset> FindCharset(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  constexpr std::pair<std::string_view, Charset> kNames[] = {
      {"utf-8", Charset::kUtf8},
      {"utf8", Charset::kUtf8},
      {"utf-16be", Charset::kUtf16Be},
      {"utf-16le", Charset::kUtf16Le},
      {"utf-16", Charset::kUtf16},
      {"iso-8859-1", Charset::kLatin1},
      {"iso_8859-1", Charset::kLatin1},
      {"latin1", Charset::kLatin1},
      {"l1", Charset::kLatin1},
      {"cp1252", Charset::kWindows1252},
      {"windows-1252", Charset::kWindows1252},
  };
  for (auto [n, c] : kNames) {
    if (n == lower) return c;
  }
  return std::nullopt;
}

// What windows-1252 has in place of the control characters 0x80 to 0x9F.
constexpr std::uint16_t kWindows[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

void AppendUnit(std::string& out, std::uint32_t unit, bool little) {
  char high = static_cast<char>(unit >> 8 & 0xFF), low = static_cast<char>(unit & 0xFF);
  out += little ? low : high;
  out += little ? high : low;
}

void AppendUtf16(std::string& out, std::uint32_t c, bool little) {
  if (c >= 0x10000) {
    AppendUnit(out, 0xD800 + ((c - 0x10000) >> 10), little);
    AppendUnit(out, 0xDC00 + ((c - 0x10000) & 0x3FF), little);
  } else {
    AppendUnit(out, c, little);
  }
}

bool AppendByte(std::string& out, std::uint32_t c, bool windows) {
  if (windows) {
    auto it = std::ranges::find(kWindows, static_cast<std::uint16_t>(c));
    if (c > 0xFF && c != 0xFFFD && it != std::end(kWindows)) {
      out += static_cast<char>(0x80 + (it - std::begin(kWindows)));
      return true;
    }
    if (c >= 0x80 && c < 0xA0) return false;
  }
  if (c > 0xFF) return false;
  out += static_cast<char>(c);
  return true;
}

Result<Charset> CharsetArg(Call& call) {
  if (auto c = FindCharset(Arg(call, 1))) return *c;
  return Fail(fmt::format("{}() does not know the encoding \"{}\"", call.name, Arg(call, 1)));
}

Result<Value> TextEncodeBase64(Call& call) {
  PL_TRY(Charset charset, CharsetArg(call));
  std::string_view s = Arg(call, 0);
  if (charset == Charset::kUtf8) return Text(call, EncodeBase64(s));
  std::string out;
  if (charset == Charset::kUtf16) AppendUtf16(out, 0xFEFF, false);
  while (!s.empty()) {
    utf8proc_int32_t c = 0;
    auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(s.data()),
                              static_cast<utf8proc_ssize_t>(s.size()), &c);
    if (n <= 0) return Fail("textencodebase64() got a string that is not valid UTF-8");
    s.remove_prefix(static_cast<std::size_t>(n));
    auto code = static_cast<std::uint32_t>(c);
    if (charset == Charset::kLatin1 || charset == Charset::kWindows1252) {
      if (!AppendByte(out, code, charset == Charset::kWindows1252)) {
        return Fail(
            fmt::format("textencodebase64() cannot write U+{:04X} in {}", code, Arg(call, 1)));
      }
    } else {
      AppendUtf16(out, code, charset == Charset::kUtf16Le);
    }
  }
  return Text(call, EncodeBase64(out));
}

void AppendUtf8(std::string& out, std::uint32_t c) {
  utf8proc_uint8_t buf[4];
  auto n = utf8proc_encode_char(static_cast<utf8proc_int32_t>(c), buf);
  out.append(reinterpret_cast<const char*>(buf), static_cast<std::size_t>(n));
}

std::string DecodeUtf16(std::string_view bytes, bool little) {
  std::string out;
  auto unit = [&](std::size_t i) {
    auto a = static_cast<unsigned char>(bytes[i]), b = static_cast<unsigned char>(bytes[i + 1]);
    return static_cast<std::uint32_t>(little ? b << 8 | a : a << 8 | b);
  };
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    std::uint32_t c = unit(i);
    if (c >= 0xD800 && c < 0xDC00 && i + 3 < bytes.size() && unit(i + 2) >= 0xDC00 &&
        unit(i + 2) < 0xE000) {
      c = 0x10000 + ((c - 0xD800) << 10) + (unit(i + 2) - 0xDC00);
      i += 2;
    }
    AppendUtf8(out, c >= 0xD800 && c < 0xE000 ? 0xFFFD : c);
  }
  if (bytes.size() % 2 != 0) AppendUtf8(out, 0xFFFD);
  return out;
}

Result<Value> TextDecodeBase64(Call& call) {
  PL_TRY(Charset charset, CharsetArg(call));
  auto decoded = DecodeBase64(Arg(call, 0));
  if (!decoded) return Fail("textdecodebase64(): " + decoded.error().message);
  std::string_view bytes = *decoded;
  if (charset == Charset::kUtf8) {
    if (!IsValidUtf8(bytes)) return Fail("textdecodebase64(): the bytes are not valid UTF-8");
    return Text(call, bytes);
  }
  if (charset == Charset::kLatin1 || charset == Charset::kWindows1252) {
    std::string out;
    for (char byte : bytes) {
      std::uint32_t c = static_cast<unsigned char>(byte);
      AppendUtf8(
          out, charset == Charset::kWindows1252 && c >= 0x80 && c < 0xA0 ? kWindows[c - 0x80] : c);
    }
    return Text(call, out);
  }
  bool little = charset == Charset::kUtf16Le;
  if (charset == Charset::kUtf16 &&
      (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))) {
    little = bytes[0] == '\xFF';
    bytes.remove_prefix(2);
  }
  return Text(call, DecodeUtf16(bytes, little));
}

using enum Accepts;

constexpr auto kFunctions = std::to_array<Function>({
    {"csvdecode", {{{kString}}}, {}, Returns::kVaries, &CsvDecode},
    {"textdecodebase64", {{{kString}, {kString}}}, {}, Returns::kString, &TextDecodeBase64},
    {"textencodebase64", {{{kString}, {kString}}}, {}, Returns::kString, &TextEncodeBase64},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> TextEncodingFunctions() { return kFunctions; }

}  // namespace plumbline::terraform::functions
