// IP networks in CIDR notation, for the cidr_* functions.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace plumbline::engine {

/// A network; an address alone is one of full length. IPv4 networks lie in the IPv4-mapped part of
/// IPv6 (::ffff:0:0/96).
struct Network {
  std::array<std::uint8_t, 16> address = {};
  int length = 0;  // of the prefix within 128 bits
  bool v4 = false;
};

/// "10.0.0.0/8", "2001:db8::/32", "192.0.2.1"; nothing for anything else.
std::optional<Network> ParseNetwork(std::string_view text);
/// Every address of `inner` lies in `outer`.
bool Contains(const Network& outer, const Network& inner);
/// The whole address space of its family.
bool IsWholeSpace(const Network& network);
/// Holds addresses that are neither private nor reserved (RFC 6890).
bool IsPublic(const Network& network);

}  // namespace plumbline::engine
