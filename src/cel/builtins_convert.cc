// Conversions between types, `type`, `dyn`, base64.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "cel/builtins.h"
#include "cel/text.h"
#include "cel/time.h"

namespace plumbline::cel {
namespace {

using Args = std::span<const Val>;

Val ToBool(Context& context, Args args) {
  Val v = args[0];
  if (v.tag() == Tag::kBool) return v;
  if (v.tag() != Tag::kString) return context.NoOverload("bool", args);
  constexpr auto kTrue = std::to_array<std::string_view>({"1", "t", "T", "true", "TRUE", "True"});
  constexpr auto kFalse =
      std::to_array<std::string_view>({"0", "f", "F", "false", "FALSE", "False"});
  if (std::ranges::find(kTrue, v.as_string()) != kTrue.end()) return Val::Bool(true);
  if (std::ranges::find(kFalse, v.as_string()) != kFalse.end()) return Val::Bool(false);
  return context.Error("bool(): the text is neither \"true\" nor \"false\"");
}

template <typename T>
bool ParseWhole(std::string_view text, T& out) {
  if (text.starts_with('+')) text.remove_prefix(1);
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
  return ec == std::errc() && end == text.data() + text.size() && !text.empty();
}

Val ToInt(Context& context, Args args) {
  Val v = args[0];
  switch (v.tag()) {
    case Tag::kInt:
      return v;
    case Tag::kTimestamp:
      return Val::Int(v.as_int());
    case Tag::kUint:
      if (v.as_uint() > INT64_MAX) return context.Error("int(): out of range");
      return Val::Int(v.as_int());
    case Tag::kDouble:
      // Both ends are excluded: they are where doubles are rounded.
      if (!(v.as_double() > -0x1p63 && v.as_double() < 0x1p63))
        return context.Error("int(): out of range");
      return Val::Int(static_cast<std::int64_t>(v.as_double()));
    case Tag::kString: {
      std::int64_t out = 0;
      return ParseWhole(v.as_string(), out) ? Val::Int(out)
                                            : context.Error("int(): the text is no whole number");
    }
    default:
      return context.NoOverload("int", args);
  }
}

Val ToUint(Context& context, Args args) {
  Val v = args[0];
  switch (v.tag()) {
    case Tag::kUint:
      return v;
    case Tag::kInt:
      return v.as_int() < 0 ? context.Error("uint(): out of range") : Val::Uint(v.as_uint());
    case Tag::kDouble:
      if (!(v.as_double() >= 0 && v.as_double() < 0x1p64))
        return context.Error("uint(): out of range");
      return Val::Uint(static_cast<std::uint64_t>(v.as_double()));
    case Tag::kString: {
      std::uint64_t out = 0;
      return ParseWhole(v.as_string(), out) ? Val::Uint(out)
                                            : context.Error("uint(): the text is no whole number");
    }
    default:
      return context.NoOverload("uint", args);
  }
}

Val ToDouble(Context& context, Args args) {
  Val v = args[0];
  switch (v.tag()) {
    case Tag::kDouble:
      return v;
    case Tag::kInt:
      return Val::Double(static_cast<double>(v.as_int()));
    case Tag::kUint:
      return Val::Double(static_cast<double>(v.as_uint()));
    case Tag::kString: {
      double out = 0;
      return ParseWhole(v.as_string(), out) ? Val::Double(out)
                                            : context.Error("double(): the text is no number");
    }
    default:
      return context.NoOverload("double", args);
  }
}

Val ToBytes(Context& context, Args args) {
  if (args[0].tag() == Tag::kBytes) return args[0];
  return args[0].tag() == Tag::kString ? Val::Bytes(args[0].as_string())
                                       : context.NoOverload("bytes", args);
}

Val ToStringVal(Context& context, Args args) {
  switch (args[0].tag()) {
    case Tag::kString:
      return args[0];
    case Tag::kBytes:
      if (!IsValidUtf8(args[0].as_string()))
        return context.Error("string(): the bytes are not UTF-8");
      return Val::String(args[0].as_string());
    case Tag::kBool:
    case Tag::kInt:
    case Tag::kUint:
    case Tag::kDouble:
    case Tag::kDuration:
    case Tag::kTimestamp:
    case Tag::kIp:
    case Tag::kCidr:
      return context.NewString(ToText(args[0]));
    default:
      return context.NoOverload("string", args);
  }
}

Val ToDuration(Context& context, Args args) {
  if (args[0].tag() == Tag::kDuration) return args[0];
  if (args[0].tag() == Tag::kInt) {
    std::int64_t nanos = 0;
    bool overflow = __builtin_mul_overflow(args[0].as_int(), kNanosPerSecond, &nanos);
    return overflow ? context.Error("duration(): out of range") : Val::Duration(nanos);
  }
  if (args[0].tag() != Tag::kString) return context.NoOverload("duration", args);
  auto nanos = ParseDuration(args[0].as_string());
  return nanos ? Val::Duration(*nanos)
               : context.Error("duration(): expected a text such as \"1h30m\"");
}

Val ToTimestamp(Context& context, Args args) {
  if (args[0].tag() == Tag::kTimestamp) return args[0];
  if (args[0].tag() == Tag::kInt) {
    if (!InTimestampRange(args[0].as_int())) return context.Error("timestamp(): out of range");
    return Val::Timestamp(args[0].as_int(), 0);
  }
  if (args[0].tag() != Tag::kString) return context.NoOverload("timestamp", args);
  auto instant = ParseTimestamp(args[0].as_string());
  if (!instant)
    return context.Error("timestamp(): expected a text such as \"2024-05-01T10:00:00Z\"");
  return Val::Timestamp(instant->seconds, instant->nanos);
}

Val TypeOf(Context&, Args args) { return Val::TypeNamed(TypeNameOf(args[0])); }
Val Dyn(Context&, Args args) { return args[0]; }

Val Encode(Context& context, Args args) {
  if (args[0].tag() != Tag::kBytes) return context.NoOverload("base64.encode", args);
  return context.NewString(Base64(args[0].as_string()));
}

Val Decode(Context& context, Args args) {
  if (args[0].tag() != Tag::kString) return context.NoOverload("base64.decode", args);
  auto bytes = FromBase64(args[0].as_string());
  return bytes ? context.NewBytes(*bytes) : context.Error("base64.decode(): the text is no base64");
}

constexpr auto kBuiltins = std::to_array<Builtin>({
    {"base64.decode", Style::kGlobal, NullRule::kNull, "s>y", &Decode},
    {"base64.encode", Style::kGlobal, NullRule::kNull, "y>s", &Encode},
    {"bool", Style::kGlobal, NullRule::kNull, "b>b s>b", &ToBool},
    {"bytes", Style::kGlobal, NullRule::kNull, "y>y s>y", &ToBytes},
    {"double", Style::kGlobal, NullRule::kNull, "N>f s>f", &ToDouble},
    {"duration", Style::kGlobal, NullRule::kNull, "D>D s>D i>D", &ToDuration},
    {"dyn", Style::kGlobal, NullRule::kPass, "d>d", &Dyn},
    {"int", Style::kGlobal, NullRule::kNull, "N>i s>i T>i", &ToInt},
    {"string", Style::kGlobal, NullRule::kNull, "s>s y>s b>s N>s D>s T>s I>s C>s", &ToStringVal},
    {"timestamp", Style::kGlobal, NullRule::kNull, "T>T s>T i>T", &ToTimestamp},
    {"type", Style::kGlobal, NullRule::kPass, "d>t", &TypeOf},
    {"uint", Style::kGlobal, NullRule::kNull, "N>u s>u", &ToUint},
});
static_assert(std::ranges::is_sorted(kBuiltins, {}, &Builtin::name));

}  // namespace

std::span<const Builtin> ConversionBuiltins() { return kBuiltins; }

}  // namespace plumbline::cel
