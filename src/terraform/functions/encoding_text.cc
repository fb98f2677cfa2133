// csvdecode() by the rules of Go's encoding/csv, and text in other character encodings.
#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "terraform/functions/charsets.h"
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

constexpr std::uint32_t kReplacement = 0xFFFD;

enum class Form : std::uint8_t {
  kUtf8,
  kUtf16Be,
  kUtf16Le,
  kUtf16,
  kLow,         // the code points below `limit`, a byte each
  kSingleByte,  // ASCII and `table`
  kNotComputed  // known to Terraform, too large to carry
};

struct Charset {
  Form form;
  std::uint32_t limit = 0;
  const SingleByteCharset* table = nullptr;
};

// Names as IANA has them, in lower case, each between blanks.
constexpr std::pair<std::string_view, Charset> kCharsets[] = {
    {" utf-8 csutf8 ", {Form::kUtf8}},
    {" utf-16 csutf16 ", {Form::kUtf16}},
    {" utf-16be csutf16be ", {Form::kUtf16Be}},
    {" utf-16le csutf16le ", {Form::kUtf16Le}},
    {" us-ascii us iso646-us ansi_x3.4-1968 ansi_x3.4-1986 cp367 ibm367 csascii iso-ir-6 "
     "iso_646.irv:1991 ",
     {Form::kLow, 0x80}},
    {" iso-8859-1 latin1 l1 cp819 ibm819 iso-ir-100 iso_8859-1 iso_8859-1:1987 csisolatin1 ",
     {Form::kLow, 0x100}},
    {" shift_jis ms_kanji csshiftjis euc-jp cseucpkdfmtjapanese iso-2022-jp csiso2022jp euc-kr "
     "cseuckr gbk cp936 ms936 windows-936 csgbk gb18030 csgb18030 hz-gb-2312 big5 csbig5 ibm037 "
     "cp037 csibm037 ibm1047 ibm-1047 csibm1047 ibm01140 cp01140 csibm01140 iso-8859-6-e "
     "iso-8859-6-i iso-8859-8-e iso-8859-8-i ",
     {Form::kNotComputed}},
};

std::optional<Charset> FindCharset(std::string_view name) {
  std::string wanted = " ";
  for (char c : name) {
    if (c != ' ') wanted += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  if (wanted.size() == 1) return std::nullopt;
  wanted += ' ';
  for (const auto& [names, charset] : kCharsets) {
    if (names.find(wanted) != std::string_view::npos) return charset;
  }
  for (const SingleByteCharset& table : SingleByteCharsets()) {
    if (table.names.find(wanted) != std::string_view::npos)
      return Charset{Form::kSingleByte, 0, &table};
  }
  return std::nullopt;
}

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

bool AppendByte(std::string& out, std::uint32_t c, const Charset& charset) {
  if (c < 0x80 || c < charset.limit) {
    out += static_cast<char>(c);
    return true;
  }
  if (charset.table == nullptr || c == kReplacement || c > 0xFFFF) return false;
  auto at = charset.table->upper.find(static_cast<char16_t>(c));
  if (at == std::u16string_view::npos) return false;
  out += static_cast<char>(0x80 + at);
  return true;
}

Result<Charset> CharsetArg(Call& call) {
  if (auto c = FindCharset(Arg(call, 1))) return *c;
  return Fail(fmt::format("{}() does not know the encoding \"{}\"", call.name, Arg(call, 1)));
}

Result<Value> NotComputed(Call& call) {
  UnknownInfo info;
  info.type = StringType();
  info.not_null = true;
  info.cause = call.arena.New<Cause>(
      call.arena.CopyString(
          fmt::format("{}() is not computed for the encoding {}", call.name, Arg(call, 1))),
      Span{});
  return MakeUnknown(call.arena, info);
}

Result<Value> TextEncodeBase64(Call& call) {
  PL_TRY(Charset charset, CharsetArg(call));
  std::string_view s = Arg(call, 0);
  if (charset.form == Form::kNotComputed) return NotComputed(call);
  if (charset.form == Form::kUtf8) return Text(call, EncodeBase64(s));
  std::string out;
  if (charset.form == Form::kUtf16) AppendUtf16(out, 0xFEFF, false);
  while (!s.empty()) {
    utf8proc_int32_t c = 0;
    auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(s.data()),
                              static_cast<utf8proc_ssize_t>(s.size()), &c);
    if (n <= 0) return Fail("textencodebase64() got a string that is not valid UTF-8");
    s.remove_prefix(static_cast<std::size_t>(n));
    auto code = static_cast<std::uint32_t>(c);
    if (charset.form != Form::kLow && charset.form != Form::kSingleByte) {
      AppendUtf16(out, code, charset.form == Form::kUtf16Le);
    } else if (!AppendByte(out, code, charset)) {
      return Fail(
          fmt::format("textencodebase64() cannot write U+{:04X} in {}", code, Arg(call, 1)));
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

std::string DecodeBytes(std::string_view bytes, const Charset& charset) {
  std::string out;
  for (char byte : bytes) {
    std::uint32_t c = static_cast<unsigned char>(byte);
    bool low = c < 0x80 || c < charset.limit;
    AppendUtf8(out, low                        ? c
                    : charset.table != nullptr ? charset.table->upper[c - 0x80]
                                               : kReplacement);
  }
  return out;
}

std::string Decode(std::string_view bytes, const Charset& charset) {
  if (charset.form == Form::kUtf8) return std::string(bytes);
  if (charset.form == Form::kLow || charset.form == Form::kSingleByte)
    return DecodeBytes(bytes, charset);
  bool little = charset.form == Form::kUtf16Le;
  if (charset.form == Form::kUtf16 &&
      (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))) {
    little = bytes[0] == '\xFF';
    bytes.remove_prefix(2);
  }
  return DecodeUtf16(bytes, little);
}

Result<Value> TextDecodeBase64(Call& call) {
  PL_TRY(Charset charset, CharsetArg(call));
  auto bytes = DecodeBase64(Arg(call, 0));
  if (!bytes) return Fail("textdecodebase64(): " + bytes.error().message);
  if (charset.form == Form::kNotComputed) return NotComputed(call);
  std::string text = Decode(*bytes, charset);
  // Terraform takes a replacement character for a sign of bytes that could not be read.
  if (!IsValidUtf8(text) || text.find("\uFFFD") != std::string::npos) {
    return Fail(fmt::format("textdecodebase64() got bytes that are no text in {}", Arg(call, 1)));
  }
  return Text(call, text);
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
