#include "cel/typed_json.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "cel/runtime.h"
#include "cel/text.h"
#include "cel/time.h"
#include "value/json.h"
#include "value/number.h"

namespace plumbline::cel {
namespace {

void Append(std::string& out, Val v, std::uint32_t depth);

void AppendText(std::string& out, std::string_view tag, std::string_view text) {
  out += fmt::format("{{\"{}\": ", tag);
  AppendJsonString(out, text);
  out += '}';
}

void AppendList(std::string& out, Val v, std::uint32_t depth) {
  out += "{\"list\": [";
  for (std::size_t i = 0; i < ListSize(v); ++i) {
    if (i > 0) out += ", ";
    Append(out, ListAt(v, i), depth + 1);
  }
  out += "]}";
}

void AppendMap(std::string& out, Val v, std::uint32_t depth) {
  out += "{\"map\": [";
  for (std::size_t i = 0; i < MapSize(v); ++i) {
    MapEntry entry = MapAt(v, i);
    out += i > 0 ? ", [" : "[";
    Append(out, entry.key, depth + 1);
    out += ", ";
    Append(out, entry.value, depth + 1);
    out += ']';
  }
  out += "]}";
}

void AppendDouble(std::string& out, double d) {
  if (std::isfinite(d)) {
    out += fmt::format("{{\"double\": {}}}", d);
  } else {
    AppendText(out, "double", std::isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity");
  }
}

void AppendUnknown(std::string& out, const UnknownInfo* info) {
  out += "{\"unknown\": [";
  if (info && info->cause) AppendJsonString(out, info->cause->text);
  out += "]}";
}

std::string Seconds(std::int64_t seconds, std::int64_t nanos) {
  bool minus = seconds < 0 || nanos < 0;
  return fmt::format("{}{}.{:09}", minus ? "-" : "", std::abs(seconds), std::abs(nanos));
}

/// Seconds and nanoseconds count forwards from the second before: -1.5 s after 1970 is -2 s and
/// 500,000,000 ns.
std::string TimestampSeconds(std::int64_t seconds, std::uint32_t nanos) {
  return fmt::format("{}.{:09}", seconds, nanos);
}

void Append(std::string& out, Val v, std::uint32_t depth) {
  if (depth > kMaxValueDepth)
    return AppendText(out, "error", "the value nests too deep to be printed");
  switch (v.tag()) {
    case Tag::kNull:
      out += "{\"null\": null}";
      return;
    case Tag::kBool:
      out += v.as_bool() ? "{\"bool\": true}" : "{\"bool\": false}";
      return;
    case Tag::kInt:
      out += fmt::format("{{\"int\": \"{}\"}}", v.as_int());
      return;
    case Tag::kUint:
      out += fmt::format("{{\"uint\": \"{}\"}}", v.as_uint());
      return;
    case Tag::kDouble:
      return AppendDouble(out, v.as_double());
    case Tag::kString:
      return AppendText(out, "string", v.as_string());
    case Tag::kBytes:
      return AppendText(out, "bytes", Base64(v.as_string()));
    case Tag::kType:
      return AppendText(out, "type", v.as_string());
    case Tag::kDuration:
      return AppendText(out, "duration",
                        Seconds(v.as_int() / kNanosPerSecond, v.as_int() % kNanosPerSecond));
    case Tag::kTimestamp:
      return AppendText(out, "timestamp", TimestampSeconds(v.as_int(), v.as_nanos()));
    case Tag::kIp:
      return AppendText(out, "ip", ToText(v));
    case Tag::kCidr:
      return AppendText(out, "cidr", ToText(v));
    case Tag::kError:
      return AppendText(out, "error", v.as_error());
    case Tag::kUnknown:
      return AppendUnknown(out, v.as_unknown());
    case Tag::kOptional:
      out += "{\"optional\": ";
      AsOptional(v) ? Append(out, *AsOptional(v), depth + 1) : void(out += "null");
      out += '}';
      return;
    default:
      IsList(v) ? AppendList(out, v, depth) : AppendMap(out, v, depth);
  }
}

tl::unexpected<Error> Bad(std::string_view what) {
  return Fail(fmt::format("typed JSON: {}", what));
}

/// "SECONDS.NANOS", as written above.
bool ReadSeconds(std::string_view text, std::int64_t& seconds, std::int64_t& nanos) {
  std::size_t dot = text.find('.');
  std::string_view whole = text.substr(0, dot);
  auto [end, ec] = std::from_chars(whole.data(), whole.data() + whole.size(), seconds);
  if (ec != std::errc() || end != whole.data() + whole.size()) return false;
  nanos = 0;
  if (dot == std::string_view::npos) return true;
  std::string_view rest = text.substr(dot + 1);
  auto read = std::from_chars(rest.data(), rest.data() + rest.size(), nanos);
  return rest.size() == 9 && read.ec == std::errc() && read.ptr == rest.data() + rest.size() &&
         nanos >= 0;
}

Result<Val> ReadScalar(std::string_view tag, std::string_view text, Arena& arena) {
  std::int64_t i = 0, nanos = 0;
  std::uint64_t u = 0;
  const char* end = text.data() + text.size();
  if (tag == "int" && std::from_chars(text.data(), end, i).ptr == end) return Val::Int(i);
  if (tag == "uint" && std::from_chars(text.data(), end, u).ptr == end) return Val::Uint(u);
  if (tag == "string") return Val::String(text);
  if (tag == "type") return Val::TypeNamed(text);
  if (tag == "double" && text == "NaN") return Val::Double(std::nan(""));
  if (tag == "double" && text.ends_with("Infinity"))
    return Val::Double(text[0] == '-' ? -INFINITY : INFINITY);
  if (tag == "bytes") {
    auto bytes = FromBase64(text);
    if (bytes) return Val::Bytes(arena.CopyString(*bytes));
  }
  if (tag == "duration" && ReadSeconds(text, i, nanos)) {
    std::int64_t total = 0;
    if (__builtin_mul_overflow(i, kNanosPerSecond, &total)) return Bad("duration out of range");
    return Val::Duration(text.starts_with('-') ? total - nanos : total + nanos);
  }
  if (tag == "timestamp" && ReadSeconds(text, i, nanos) && InTimestampRange(i)) {
    return Val::Timestamp(i, static_cast<std::uint32_t>(nanos));
  }
  return Bad(fmt::format("no value {{\"{}\": \"{}\"}}", tag, text));
}

Result<Val> ReadList(const Value& items, Arena& arena) {
  auto out = arena.NewArray<Val>(items.items().size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    PL_TRY(out[i], FromTypedJson(items.items()[i], arena));
  }
  return Val::List(arena.New<std::span<const Val>>(out));
}

Result<Val> ReadMap(const Value& entries, Arena& arena) {
  auto out = arena.NewArray<MapEntry>(entries.items().size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto pair = entries.items()[i].items();
    if (pair.size() != 2) return Bad("a map's entry is [KEY, VALUE]");
    PL_TRY(out[i].key, FromTypedJson(pair[0], arena));
    PL_TRY(out[i].value, FromTypedJson(pair[1], arena));
  }
  return Val::Make(Tag::kMap, arena.New<MapRep>(out));
}

}  // namespace

void AppendTypedJson(std::string& out, Val v) { Append(out, v, 0); }

Result<Val> FromTypedJson(const Value& json, Arena& arena) {
  if (json.members().size() != 1)
    return Bad("expected an object with one member such as {\"int\": \"1\"}");
  const Member& member = json.members()[0];
  const Value& value = member.value;
  if (member.key == "null") return Val::Null();
  if (member.key == "bool" && value.is_bool()) return Val::Bool(value.as_bool());
  if (member.key == "double" && value.is_number()) return Val::Double(ToDouble(value));
  if (member.key == "list" && value.is_sequence()) return ReadList(value, arena);
  if (member.key == "map" && value.is_sequence()) return ReadMap(value, arena);
  if (member.key == "unknown") return Val::Unknown(arena.New<UnknownInfo>());
  if (value.is_string()) return ReadScalar(member.key, value.as_string(), arena);
  return Bad(fmt::format("no value of type '{}'", member.key));
}

}  // namespace plumbline::cel
