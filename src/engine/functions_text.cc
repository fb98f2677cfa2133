// Functions that read texts: CIDR networks and Kubernetes quantities.
#include <array>
#include <charconv>
#include <cmath>

#include "engine/functions.h"
#include "engine/network.h"
#include "value/number.h"

namespace plumbline::engine {
namespace {

std::optional<Network> NetworkOf(const cel::Val& v) {
  return v.tag() == cel::Tag::kString ? ParseNetwork(v.as_string()) : std::nullopt;
}

struct Suffix {
  std::string_view text;
  double factor;
};
constexpr auto kSuffixes = std::to_array<Suffix>({
    {"", 1},
    {"n", 1e-9},
    {"u", 1e-6},
    {"m", 1e-3},
    {"k", 1e3},
    {"M", 1e6},
    {"G", 1e9},
    {"T", 1e12},
    {"P", 1e15},
    {"E", 1e18},
    {"Ki", 0x1p10},
    {"Mi", 0x1p20},
    {"Gi", 0x1p30},
    {"Ti", 0x1p40},
    {"Pi", 0x1p50},
    {"Ei", 0x1p60},
});

std::optional<double> ParseQuantity(std::string_view text) {
  double number = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  // "12e6" has an exponent, "12E" is exa.
  const std::size_t e = text.find_first_of("eE");
  const bool exponent = e != std::string_view::npos && e + 1 < text.size() && text[e + 1] != 'i';
  const auto format = exponent ? std::chars_format::general : std::chars_format::fixed;
  auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), number, format);
  if (ec != std::errc()) return std::nullopt;
  const std::string_view suffix = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const Suffix& s : kSuffixes) {
    if (s.text == suffix) return number * s.factor;
  }
  return std::nullopt;
}

}  // namespace

cel::Val CidrIsAny(std::span<const cel::Val> args, const cel::Activation&) {
  const auto network = NetworkOf(args[0]);
  return cel::Val::Bool(network && IsWholeSpace(*network));
}

cel::Val CidrIsPublic(std::span<const cel::Val> args, const cel::Activation&) {
  const auto network = NetworkOf(args[0]);
  return cel::Val::Bool(network && IsPublic(*network));
}

cel::Val CidrContains(std::span<const cel::Val> args, const cel::Activation&) {
  const auto outer = NetworkOf(args[0]), inner = NetworkOf(args[1]);
  return cel::Val::Bool(outer && inner && Contains(*outer, *inner));
}

cel::Val Quantity(std::span<const cel::Val> args, const cel::Activation&) {
  const cel::Val& v = args[0];
  if (v.tag() == cel::Tag::kInt) return cel::Val::Double(static_cast<double>(v.as_int()));
  if (v.tag() == cel::Tag::kDouble) return v;
  if (v.tag() != cel::Tag::kString) return cel::Val::Null();
  const auto number = ParseQuantity(v.as_string());
  return number ? cel::Val::Double(*number) : cel::Val::Null();
}

}  // namespace plumbline::engine
