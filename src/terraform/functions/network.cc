// Functions of IP networks: 128-bit arithmetic on the prefix, for IPv4 in the low 32 bits. Leading
// zeros in IPv4 parts are decimal, as Terraform keeps them for old configurations.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "terraform/functions/registry.h"
#include "value/number.h"

namespace plumbline::terraform::functions {
namespace {

using Bits = unsigned __int128;

struct Network {
  Bits address = 0;
  int prefix = 0;
  int width = 32;  // 32 or 128

  Bits HostMask() const {
    return width - prefix >= 128 ? ~Bits{0} : (Bits{1} << (width - prefix)) - 1;
  }
};

std::optional<Bits> ParseIpv4(std::string_view s) {
  Bits out = 0;
  for (int i = 0; i < 4; ++i) {
    if (i > 0) {
      if (!s.starts_with('.')) return std::nullopt;
      s.remove_prefix(1);
    }
    unsigned part = 0;
    std::size_t n = 0;
    for (; n < s.size() && s[n] >= '0' && s[n] <= '9' && part <= 255; ++n)
      part = part * 10 + static_cast<unsigned>(s[n] - '0');
    if (n == 0 || part > 255) return std::nullopt;
    s.remove_prefix(n);
    out = out << 8 | part;
  }
  return s.empty() ? std::optional(out) : std::nullopt;
}

bool ParseHexGroup(std::string_view s, unsigned& out) {
  out = 0;
  if (s.empty() || s.size() > 4) return false;
  for (char c : s) {
    int d = c >= '0' && c <= '9'   ? c - '0'
            : c >= 'a' && c <= 'f' ? c - 'a' + 10
            : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                   : -1;
    if (d < 0) return false;
    out = out << 4 | static_cast<unsigned>(d);
  }
  return true;
}

// Groups of one side of "::"; the last may be an IPv4 address.
bool ParseGroups(std::string_view s, std::vector<unsigned>& out) {
  if (s.empty()) return true;
  while (true) {
    auto colon = std::min(s.find(':'), s.size());
    std::string_view group = s.substr(0, colon);
    if (group.find('.') != std::string_view::npos) {
      auto v4 = ParseIpv4(group);
      if (!v4 || colon < s.size()) return false;
      out.push_back(static_cast<unsigned>(*v4 >> 16));
      out.push_back(static_cast<unsigned>(*v4 & 0xFFFF));
      return true;
    }
    if (!ParseHexGroup(group, out.emplace_back()) || out.size() > 8) return false;
    if (colon == s.size()) return true;
    s.remove_prefix(colon + 1);
  }
}

std::optional<Bits> ParseIpv6(std::string_view s) {
  std::vector<unsigned> head, tail;
  auto gap = s.find("::");
  bool ok = ParseGroups(s.substr(0, gap), head);
  if (gap != std::string_view::npos) ok = ok && ParseGroups(s.substr(gap + 2), tail);
  std::size_t n = head.size() + tail.size();
  if (!ok || (gap == std::string_view::npos ? n != 8 : n > 7)) return std::nullopt;
  head.resize(8 - tail.size());
  head.insert(head.end(), tail.begin(), tail.end());
  Bits out = 0;
  for (unsigned g : head) out = out << 16 | g;
  return out;
}

Result<Network> ParseNetwork(std::string_view function, std::string_view text) {
  auto fail = [&] {
    return Fail(
        fmt::format("{}() needs a network such as 10.0.0.0/8, but got \"{}\"", function, text));
  };
  auto slash = text.find('/');
  if (slash == std::string_view::npos) return fail();
  std::string_view address = text.substr(0, slash), prefix = text.substr(slash + 1);
  Network n;
  bool v6 = address.find(':') != std::string_view::npos;
  auto bits = v6 ? ParseIpv6(address) : ParseIpv4(address);
  if (!bits || prefix.empty() || prefix.size() > 3) return fail();
  n.width = v6 ? 128 : 32;
  for (char c : prefix) {
    if (c < '0' || c > '9') return fail();
    n.prefix = n.prefix * 10 + (c - '0');
  }
  if (n.prefix > n.width) return fail();
  n.address = *bits & ~n.HostMask();
  return n;
}

std::string FormatIpv4(Bits a) {
  auto part = [&](int shift) { return static_cast<unsigned>(a >> shift & 0xFF); };
  return fmt::format("{}.{}.{}.{}", part(24), part(16), part(8), part(0));
}

// The longest run of two or more zero groups is left out; of equal ones the first.
std::string FormatIpv6(Bits a) {
  std::array<unsigned, 8> g{};
  for (int i = 0; i < 8; ++i)
    g[static_cast<std::size_t>(i)] = static_cast<unsigned>(a >> (112 - 16 * i) & 0xFFFF);
  if (a >> 32 == 0xFFFF) return FormatIpv4(a & 0xFFFFFFFF);
  std::size_t best = 8, length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t n = 0;
    while (i + n < 8 && g[i + n] == 0) ++n;
    if (n > length) {
      best = i;
      length = n;
    }
  }
  std::string out;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best) {
      out += "::";
      i += length - 1;
      continue;
    }
    if (!out.empty() && out.back() != ':') out += ':';
    out += fmt::format("{:x}", g[i]);
  }
  return out;
}

std::string FormatAddress(const Network& n) {
  return n.width == 32 ? FormatIpv4(n.address) : FormatIpv6(n.address);
}
std::string FormatNetwork(const Network& n) {
  return fmt::format("{}/{}", FormatAddress(n), n.prefix);
}

// A whole number's magnitude in 128 bits.
struct Whole {
  Bits magnitude = 0;
  bool negative = false;
};

Result<Whole> WholeNumber(Call& call, std::size_t i) {
  Value v = call.args[i];
  if (!IsWhole(v))
    return Fail(fmt::format("argument {} of {}() must be a whole number", i + 1, call.name));
  std::string digits = FormatNumber(v);
  Whole w;
  for (char c : digits) {
    if (c == '-') {
      w.negative = true;
      continue;
    }
    Bits next = w.magnitude * 10 + static_cast<unsigned>(c - '0');
    if (w.magnitude > ~Bits{0} / 10 || next < w.magnitude)
      return Fail(fmt::format("argument {} of {}() is too large", i + 1, call.name));
    w.magnitude = next;
  }
  return w;
}

Result<Value> CidrHost(Call& call) {
  PL_TRY(Network n, ParseNetwork(call.name, call.args[0].as_string()));
  PL_TRY(Whole host, WholeNumber(call, 1));
  Bits mask = n.HostMask();
  // Negative numbers count from the end: -1 is the last address.
  Bits from_end = host.negative ? host.magnitude - 1 : 0;
  // Terraform compares the number's lower 64 bits, as a signed number.
  auto low = static_cast<std::int64_t>(host.magnitude);
  if (host.negative ? from_end > mask : low > 0 && static_cast<Bits>(low) > mask) {
    return Fail(fmt::format("cidrhost() got a network of {} host bits, which has no host number {}",
                            n.width - n.prefix, FormatNumber(call.args[1])));
  }
  // Terraform takes an IPv4-mapped network for one of 32 bits and puts the number into the high
  // bits.
  bool mapped = n.width == 128 && n.address >> 32 == 0xFFFF;
  Bits number = host.negative ? mask - from_end : host.magnitude;
  n.address |= mapped ? number << 96 : number;
  return Text(call, FormatAddress(n));
}

Result<Value> CidrNetmask(Call& call) {
  PL_TRY(Network n, ParseNetwork(call.name, call.args[0].as_string()));
  if (n.width != 32)
    return Fail("cidrnetmask() takes IPv4 networks only: IPv6 networks have no netmask");
  return Text(call, FormatIpv4(~n.HostMask() & 0xFFFFFFFF));
}

Result<Value> CidrSubnet(Call& call) {
  PL_TRY(Network n, ParseNetwork(call.name, call.args[0].as_string()));
  PL_TRY(std::int64_t new_bits, WholeArg(call, 1));
  PL_TRY(Whole number, WholeNumber(call, 2));
  std::int64_t prefix = n.prefix + new_bits;
  if (new_bits > n.width || prefix > n.width) {
    return Fail(fmt::format("cidrsubnet() cannot extend a prefix of {} by {}", n.prefix, new_bits));
  }
  if (prefix < 0)
    return Fail(
        fmt::format("cidrsubnet() cannot shorten a prefix of {} by {}", n.prefix, -new_bits));
  // A negative extension has no limit but the width of an address.
  Bits limit = new_bits < 0 || new_bits >= 64 ? ~Bits{0} : (Bits{1} << new_bits) - 1;
  int shift = n.width - static_cast<int>(prefix);
  bool fits = number.magnitude == 0 ||
              (shift < n.width &&
               number.magnitude <= (n.width == 32 ? Bits{0xFFFFFFFF} : ~Bits{0}) >> shift);
  // Of a number above 64 bits Terraform compares the lower ones.
  if (static_cast<std::uint64_t>(number.magnitude) > limit || !fits) {
    return Fail(
        fmt::format("cidrsubnet() got a prefix extension of {} bits, which has no subnet number {}",
                    new_bits, FormatNumber(call.args[2])));
  }
  n.prefix = static_cast<int>(prefix);
  Bits placed = shift >= 128 ? Bits{0} : number.magnitude << shift;
  // Terraform combines signed numbers and then drops the sign.
  n.address = number.negative ? Bits{0} - (n.address | (Bits{0} - placed)) : n.address | placed;
  return Text(call, FormatNetwork(n));
}

Result<Value> CidrSubnets(Call& call) {
  PL_TRY(Network base, ParseNetwork(call.name, call.args[0].as_string()));
  std::vector<Value> out;
  Bits next = base.address;
  // Terraform steps to the first network from the one before, which an address of zero does not
  // have.
  bool full = base.address == 0;
  for (std::size_t i = 1; i < call.args.size(); ++i) {
    PL_TRY(std::int64_t bits, WholeArg(call, i));
    if (bits < 1)
      return Fail(fmt::format(
          "argument {} of cidrsubnets() must extend the prefix by at least one bit", i + 1));
    if (bits > base.width - base.prefix)
      return Fail(
          fmt::format("cidrsubnets() cannot extend a prefix of {} by {}", base.prefix, bits));
    if (bits > 32) return Fail("cidrsubnets() cannot extend a prefix by more than 32 bits");
    Network n{next, base.prefix + static_cast<int>(bits), base.width};
    // A larger network starts at its own boundary.
    Bits mask = n.HostMask();
    Bits start = (next & mask) != 0 ? (next | mask) + 1 : next;
    if (full || start < next || start > (base.address | base.HostMask()) ||
        (start | mask) > (base.address | base.HostMask())) {
      return Fail(fmt::format("cidrsubnets() has no room left in {} for a prefix of {} bits",
                              FormatNetwork(base), n.prefix));
    }
    n.address = start;
    next = (start | mask) + 1;
    full = (start | mask) == (base.address | base.HostMask());
    PL_TRY(out.emplace_back(), Text(call, FormatNetwork(n)));
  }
  return MakeList(call.arena, StringType(), out);
}

using enum Accepts;

constexpr auto kFunctions = std::to_array<Function>({
    {"cidrhost", {{{kString}, {kNumber}}}, {}, Returns::kString, &CidrHost},
    {"cidrnetmask", {{{kString}}}, {}, Returns::kString, &CidrNetmask},
    {"cidrsubnet", {{{kString}, {kNumber}, {kNumber}}}, {}, Returns::kString, &CidrSubnet},
    {"cidrsubnets", {{{kString}}}, {kNumber}, Returns::kListString, &CidrSubnets},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> NetworkFunctions() { return kFunctions; }

}  // namespace plumbline::terraform::functions
