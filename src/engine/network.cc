#include "engine/network.h"

#include <arpa/inet.h>

#include <charconv>
#include <cstring>
#include <string>

namespace plumbline::engine {
namespace {

constexpr int kMappedLength = 96;  // ::ffff:0:0/96

// Private, shared, local, documentation, benchmark, multicast and reserved ranges.
constexpr auto kNotPublic = std::to_array<std::string_view>({
    "0.0.0.0/8",       "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",    "169.254.0.0/16",
    "172.16.0.0/12",   "192.0.0.0/24",   "192.0.2.0/24",  "192.168.0.0/16", "198.18.0.0/15",
    "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",   "240.0.0.0/4",    "::/128",
    "::1/128",         "100::/64",       "2001:db8::/32", "fc00::/7",       "fe80::/10",
    "ff00::/8",
});

}  // namespace

std::optional<Network> ParseNetwork(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  Network out;
  if (address.size() > 64) return std::nullopt;
  std::array<std::uint8_t, 4> four = {};
  if (inet_pton(AF_INET, address.c_str(), four.data()) == 1) {
    out.v4 = true;
    out.address[10] = out.address[11] = 0xFF;
    std::memcpy(out.address.data() + 12, four.data(), four.size());
  } else if (inet_pton(AF_INET6, address.c_str(), out.address.data()) != 1) {
    return std::nullopt;
  }
  const int full = out.v4 ? 32 : 128;
  int length = full;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (ec != std::errc() || end != digits.data() + digits.size() || length < 0 || length > full)
      return std::nullopt;
  }
  out.length = out.v4 ? length + kMappedLength : length;
  return out;
}

bool Contains(const Network& outer, const Network& inner) {
  if (outer.v4 != inner.v4 || outer.length > inner.length) return false;
  const auto whole = static_cast<std::size_t>(outer.length / 8);
  if (std::memcmp(outer.address.data(), inner.address.data(), whole) != 0) return false;
  const int bits = outer.length % 8;
  if (bits == 0) return true;
  const int shift = 8 - bits;
  return outer.address[whole] >> shift == inner.address[whole] >> shift;
}

bool IsWholeSpace(const Network& network) {
  return network.length == (network.v4 ? kMappedLength : 0);
}

bool IsPublic(const Network& network) {
  for (std::string_view text : kNotPublic) {
    const auto range = ParseNetwork(text);
    if (range && Contains(*range, network)) return false;
  }
  return true;
}

}  // namespace plumbline::engine
