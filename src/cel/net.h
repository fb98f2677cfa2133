// IP addresses and networks as values: the network extension that Kubernetes offers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cel/runtime.h"

namespace plumbline::cel {

/// Strict: no zones, no IPv4-mapped IPv6 in dotted form, no leading zeros.
std::optional<IpRep> ParseIp(std::string_view text);
std::optional<IpRep> ParseCidr(std::string_view text);
std::string IpText(const IpRep& ip, bool with_prefix);
bool SameIp(const IpRep& a, const IpRep& b);

}  // namespace plumbline::cel
