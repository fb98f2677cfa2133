// JSON, base64, CSV, URL and character encodings.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "terraform/functions/registry.h"
#include "value/json.h"
#include "value/number.h"

namespace plumbline::terraform::functions {
namespace {

std::string_view Arg(Call& call, std::size_t i) { return call.args[i].as_string(); }

// --- JSON ---

// As Go writes strings for HTML: < > & and the two line separators escaped, short forms for \b and
// \f.
void AppendString(std::string& out, std::string_view s) {
  std::string plain;
  auto flush = [&](std::string_view part) {
    plain.clear();
    AppendJsonString(plain, part);
    out += std::string_view(plain).substr(1, plain.size() - 2);
  };
  out += '"';
  std::size_t begin = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    char c = s[i];
    bool separator = s.compare(i, 3, "\xE2\x80\xA8") == 0 || s.compare(i, 3, "\xE2\x80\xA9") == 0;
    bool next_line = s.compare(i, 2, "\xC2\x85") == 0;  // which Go leaves alone
    if (!separator && !next_line && c != '<' && c != '>' && c != '&' && c != '\b' && c != '\f')
      continue;
    flush(s.substr(begin, i - begin));
    if (separator) {
      out += s[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else if (next_line) {
      out += s.substr(i++, 2);
    } else {
      out += c == '\b' ? "\\b" : c == '\f' ? "\\f" : fmt::format("\\u{:04x}", c);
    }
    begin = i + 1;
  }
  flush(s.substr(begin));
  out += '"';
}

Result<void> Append(std::string& out, Value v, int depth) {
  constexpr int kDeepest = 1000;
  if (depth > kDeepest) return Fail("the value is nested too deeply for JSON");
  if (v.is_string()) {
    AppendString(out, v.as_string());
  } else if (v.is_number()) {
    if (IsInfinite(v)) return Fail("infinity cannot be written as JSON");
    out += FormatNumber(v);
  } else if (v.is_sequence()) {
    out += '[';
    for (std::size_t i = 0; i < v.items().size(); ++i) {
      if (i > 0) out += ',';
      PL_CHECK_OK(Append(out, v.items()[i], depth + 1));
    }
    out += ']';
  } else if (v.is_mapping()) {
    out += '{';
    for (std::size_t i = 0; i < v.members().size(); ++i) {
      if (i > 0) out += ',';
      AppendString(out, v.members()[i].key);
      out += ':';
      PL_CHECK_OK(Append(out, v.members()[i].value, depth + 1));
    }
    out += '}';
  } else {
    AppendJson(out, v);
  }
  return {};
}

Result<Value> JsonEncode(Call& call) {
  Value v = call.args[0];
  if (HasUnknown(v)) {
    UnknownInfo info;
    info.type = StringType();
    info.not_null = true;
    info.json = call.arena.New<Value>(v);
    const Type* t = TypeOf(call.arena, v);
    // The first character tells the kind, which is all that Terraform knows too.
    if (t->kind == TypeKind::kObject || t->kind == TypeKind::kMap)
      info.prefix = "{";
    else if (t->kind == TypeKind::kTuple || t->kind == TypeKind::kList || t->kind == TypeKind::kSet)
      info.prefix = "[";
    return UnknownResult(call, info);
  }
  PL_TRY(std::string out, EncodeJson(v));
  return Text(call, out);
}

// Keys and strings of decoded text take Terraform's normal form.
Value NormalizeStrings(Call& call, Value v) {
  if (v.is_string()) return MakeString(call.arena, Normalize(v.as_string()));
  if (v.is_sequence()) {
    std::vector<Value> items;
    for (Value i : v.items()) items.push_back(NormalizeStrings(call, i));
    return MakeTuple(call.arena, items);
  }
  if (!v.is_mapping()) return v;
  std::vector<Member> members;
  for (const Member& m : v.members()) {
    members.push_back({call.arena.CopyString(Normalize(m.key)), NormalizeStrings(call, m.value)});
  }
  return MakeObject(call.arena, members);
}

// The known beginning of an unknown document tells the type of what it holds, or that it holds
// none.
Result<const Type*> JsonDecodeType(Call& call) {
  if (!call.args[0].is_unknown()) return DynamicType();
  std::string_view prefix = call.args[0].unknown()->prefix;
  std::size_t at = prefix.find_first_not_of(" \t\r\n");
  if (at == std::string_view::npos) return DynamicType();
  char c = prefix[at];
  if (c == '{' || c == '[' || c == 'n') return DynamicType();
  if (c == '"') return StringType();
  if (c == 't' || c == 'f') return BoolType();
  if (c == '-' || c == '.' || (c >= '0' && c <= '9')) return NumberType();
  return Fail(fmt::format("jsondecode(): a JSON document cannot begin with '{}'", c));
}

Result<Value> JsonDecode(Call& call) {
  std::string_view text = Arg(call, 0);
  auto v = ParseJson(call.arena, text, call.context.limits);
  if (!v) return Fail("jsondecode(): " + v.error().message);
  bool ascii =
      std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  bool plain = ascii && text.find("\\u") == std::string_view::npos;
  return plain ? *v : NormalizeStrings(call, *v);
}

// --- base64 ---

Result<Value> Base64Encode(Call& call) { return Text(call, EncodeBase64(Arg(call, 0))); }

Result<Value> Base64Decode(Call& call) {
  auto bytes = DecodeBase64(Arg(call, 0));
  if (!bytes) return Fail(fmt::format("base64decode(): {}", bytes.error().message));
  if (!IsValidUtf8(*bytes)) return Fail("base64decode(): the decoded bytes are not valid UTF-8");
  return Text(call, *bytes);
}

Result<Value> UrlEncode(Call& call) {
  std::string out;
  for (char c : Arg(call, 0)) {
    bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                 c == '-' || c == '_' || c == '.' || c == '~';
    if (plain)
      out += c;
    else if (c == ' ')
      out += '+';
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return Text(call, out);
}

using enum Accepts;

constexpr auto kFunctions = std::to_array<Function>({
    {"base64decode", {{{kString}}}, {}, Returns::kString, &Base64Decode},
    {"base64encode", {{{kString}}}, {}, Returns::kString, &Base64Encode},
    {"base64gzip", {{{kString}}}, {}, Returns::kString, &Base64Gzip},
    {"jsondecode", {{{kString}}}, {}, Returns::kVaries, &JsonDecode, &JsonDecodeType},
    {"jsonencode", {{{kAny, kNull | kUnknown | kDynamic}}}, {}, Returns::kString, &JsonEncode},
    {"urlencode", {{{kString}}}, {}, Returns::kString, &UrlEncode},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

Result<std::string> EncodeJson(Value v) {
  std::string out;
  PL_CHECK_OK(Append(out, v, 0));
  return out;
}

std::string EncodeBase64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t n = 0;
    std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k)
      n = n << 8 | (k < have ? static_cast<unsigned char>(bytes[i + k]) : 0);
    for (std::size_t k = 0; k < 4; ++k) out += k <= have ? kBase64[n >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

Result<std::string> DecodeBase64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0, padding = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\n' || c == '\r') continue;
    if (c == '=') {
      ++padding;
      ++count;
      continue;
    }
    std::size_t d = kBase64.find(c);
    if (d == std::string_view::npos || padding > 0)
      return Fail(fmt::format("invalid base64 at byte {}", i));
    bits = bits << 6 | static_cast<std::uint32_t>(d);
    if (++count % 4 == 0) {
      out += static_cast<char>(bits >> 16 & 0xFF);
      out += static_cast<char>(bits >> 8 & 0xFF);
      out += static_cast<char>(bits & 0xFF);
    }
  }
  int digits = (count - padding) % 4;
  if (count % 4 != 0 || padding > 2 || (padding > 0 && digits + padding != 4))
    return Fail("base64 text must have its padding");
  if (digits == 3) {
    out += static_cast<char>(bits >> 10 & 0xFF);
    out += static_cast<char>(bits >> 2 & 0xFF);
  } else if (digits == 2) {
    out += static_cast<char>(bits >> 4 & 0xFF);
  }
  return out;
}

std::span<const Function> EncodingFunctions() { return kFunctions; }

}  // namespace plumbline::terraform::functions
