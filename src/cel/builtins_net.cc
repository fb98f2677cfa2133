// The network extension: `ip` and `cidr` values.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "cel/builtins.h"
#include "cel/net.h"

namespace plumbline::cel {
namespace {

using Args = std::span<const Val>;

bool ParseV4(std::string_view text, std::uint8_t* out) {
  for (int i = 0; i < 4; ++i) {
    std::string_view part = text.substr(0, text.find('.'));
    bool last = part.size() == text.size();
    if (last != (i == 3) || part.empty() || part.size() > 3 || (part.size() > 1 && part[0] == '0'))
      return false;
    unsigned value = 0;
    auto [end, ec] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (ec != std::errc() || end != part.data() + part.size() || value > 255) return false;
    out[i] = static_cast<std::uint8_t>(value);
    text.remove_prefix(std::min(part.size() + 1, text.size()));
  }
  return true;
}

/// Groups of one side of "::"; the number of groups, or -1.
int ParseGroups(std::string_view text, std::uint16_t* out) {
  int n = 0;
  while (!text.empty()) {
    std::string_view part = text.substr(0, text.find(':'));
    if (part.empty() || part.size() > 4 || n == 8) return -1;
    auto [end, ec] = std::from_chars(part.data(), part.data() + part.size(), out[n++], 16);
    if (ec != std::errc() || end != part.data() + part.size()) return -1;
    bool last = part.size() == text.size();
    text.remove_prefix(last ? part.size() : part.size() + 1);
    if (!last && text.empty()) return -1;
  }
  return n;
}

bool ParseV6(std::string_view text, std::uint8_t* out) {
  std::uint16_t head[9] = {}, tail[9] = {};
  std::size_t gap = text.find("::");
  int n = ParseGroups(text.substr(0, gap), head), m = 0;
  if (gap != std::string_view::npos) m = ParseGroups(text.substr(gap + 2), tail);
  bool full = gap == std::string_view::npos ? n == 8 : n >= 0 && m >= 0 && n + m <= 7;
  if (!full) return false;
  for (int i = 0; i < m; ++i) head[8 - m + i] = tail[i];
  for (int i = 0; i < 8; ++i) {
    out[2 * i] = static_cast<std::uint8_t>(head[i] >> 8);
    out[2 * i + 1] = static_cast<std::uint8_t>(head[i]);
  }
  return true;
}

IpRep Masked(IpRep ip) {
  for (unsigned bit = ip.prefix; bit < (ip.v6 ? 128u : 32u); ++bit) {
    ip.bytes[bit / 8] &= static_cast<std::uint8_t>(~(0x80u >> (bit % 8)));
  }
  return ip;
}

bool NetworkHolds(const IpRep& net, IpRep ip) {
  if (net.v6 != ip.v6 || ip.prefix < net.prefix) return false;
  ip.prefix = net.prefix;
  return SameIp(Masked(net), Masked(ip));
}

std::string V6Text(const IpRep& ip) {
  std::uint16_t groups[8];
  for (int i = 0; i < 8; ++i)
    groups[i] = static_cast<std::uint16_t>(ip.bytes[2 * i] << 8 | ip.bytes[2 * i + 1]);
  int best = -1, best_length = 1;
  for (int i = 0; i < 8; ++i) {
    int length = 0;
    while (i + length < 8 && groups[i + length] == 0) ++length;
    if (length > best_length) {
      best = i;
      best_length = length;
    }
  }
  std::string out;
  for (int i = 0; i < 8; ++i) {
    if (i == best) {
      out += "::";
      i += best_length - 1;
    } else {
      if (!out.empty() && !out.ends_with(':')) out += ':';
      out += fmt::format("{:x}", groups[i]);
    }
  }
  return out;
}

}  // namespace

std::optional<IpRep> ParseIp(std::string_view text) {
  IpRep ip{};
  ip.v6 = text.find(':') != std::string_view::npos;
  ip.prefix = ip.v6 ? 128 : 32;
  bool ok = ip.v6 ? ParseV6(text, ip.bytes) : ParseV4(text, ip.bytes);
  return ok ? std::optional(ip) : std::nullopt;
}

std::optional<IpRep> ParseCidr(std::string_view text) {
  std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  auto ip = ParseIp(text.substr(0, slash));
  std::string_view prefix = text.substr(slash + 1);
  unsigned bits = 0;
  auto [end, ec] = std::from_chars(prefix.data(), prefix.data() + prefix.size(), bits);
  bool padded = prefix.size() > 1 && prefix[0] == '0';
  if (!ip || padded || ec != std::errc() || end != prefix.data() + prefix.size() ||
      bits > ip->prefix) {
    return std::nullopt;
  }
  ip->prefix = static_cast<std::uint8_t>(bits);
  return ip;
}

std::string IpText(const IpRep& ip, bool with_prefix) {
  std::string out =
      ip.v6 ? V6Text(ip)
            : fmt::format("{}.{}.{}.{}", ip.bytes[0], ip.bytes[1], ip.bytes[2], ip.bytes[3]);
  if (with_prefix) out += fmt::format("/{}", ip.prefix);
  return out;
}

bool SameIp(const IpRep& a, const IpRep& b) {
  return a.v6 == b.v6 && a.prefix == b.prefix &&
         std::memcmp(a.bytes, b.bytes, sizeof(a.bytes)) == 0;
}

namespace {

Val MakeIp(Context& context, Args args) {
  if (args[0].tag() == Tag::kIp) return args[0];
  if (args[0].tag() != Tag::kString) return context.NoOverload("ip", args);
  auto ip = ParseIp(args[0].as_string());
  return ip ? context.NewIp(*ip, Tag::kIp) : context.Error("ip(): the text is no IP address");
}

Val MakeCidr(Context& context, Args args) {
  if (args[0].tag() == Tag::kCidr) return args[0];
  if (args[0].tag() != Tag::kString) return context.NoOverload("cidr", args);
  auto net = ParseCidr(args[0].as_string());
  return net ? context.NewIp(*net, Tag::kCidr)
             : context.Error("cidr(): the text is no network such as 10.0.0.0/8");
}

Val IsIp(Context& context, Args args) {
  if (args[0].tag() != Tag::kString) return context.NoOverload("isIP", args);
  return Val::Bool(ParseIp(args[0].as_string()).has_value());
}

Val IsCidr(Context& context, Args args) {
  if (args[0].tag() != Tag::kString) return context.NoOverload("isCIDR", args);
  return Val::Bool(ParseCidr(args[0].as_string()).has_value());
}

Val IsCanonical(Context& context, Args args) {
  Val ip = MakeIp(context, args);
  if (ip.is_error()) return ip;
  return Val::Bool(IpText(AsIp(ip), false) == args[0].as_string());
}

/// The second argument may be text.
Val Holds(Context& context, Args args, Tag tag) {
  std::string_view name = tag == Tag::kIp ? "containsIP" : "containsCIDR";
  if (args[0].tag() != Tag::kCidr) return context.NoOverload(name, args);
  Val inner =
      tag == Tag::kIp ? MakeIp(context, args.subspan(1)) : MakeCidr(context, args.subspan(1));
  return inner.is_error() ? inner : Val::Bool(NetworkHolds(AsIp(args[0]), AsIp(inner)));
}
Val ContainsIp(Context& context, Args args) { return Holds(context, args, Tag::kIp); }
Val ContainsCidr(Context& context, Args args) { return Holds(context, args, Tag::kCidr); }

Val Family(Context& context, Args args) {
  if (args[0].tag() != Tag::kIp) return context.NoOverload("family", args);
  return Val::Int(AsIp(args[0]).v6 ? 6 : 4);
}

Val NetworkIp(Context& context, Args args) {
  if (args[0].tag() != Tag::kCidr) return context.NoOverload("ip", args);
  IpRep ip = AsIp(args[0]);
  ip.prefix = ip.v6 ? 128 : 32;
  return context.NewIp(ip, Tag::kIp);
}

Val MaskedNetwork(Context& context, Args args) {
  if (args[0].tag() != Tag::kCidr) return context.NoOverload("masked", args);
  return context.NewIp(Masked(AsIp(args[0])), Tag::kCidr);
}

Val PrefixLength(Context& context, Args args) {
  if (args[0].tag() != Tag::kCidr) return context.NoOverload("prefixLength", args);
  return Val::Int(AsIp(args[0]).prefix);
}

bool Within(const IpRep& ip, std::string_view network) {
  auto net = ParseCidr(network);
  return net && NetworkHolds(*net, ip);
}

bool Unspecified(const IpRep& ip) { return Within(ip, "0.0.0.0/32") || Within(ip, "::/128"); }
bool Loopback(const IpRep& ip) { return Within(ip, "127.0.0.0/8") || Within(ip, "::1/128"); }
bool LinkLocalUnicast(const IpRep& ip) {
  return Within(ip, "169.254.0.0/16") || Within(ip, "fe80::/10");
}
bool LinkLocalMulticast(const IpRep& ip) {
  return Within(ip, "224.0.0.0/24") || Within(ip, "ff02::/16");
}
bool GlobalUnicast(const IpRep& ip) {
  bool multicast = Within(ip, "224.0.0.0/4") || Within(ip, "ff00::/8");
  return !Unspecified(ip) && !Loopback(ip) && !multicast && !LinkLocalUnicast(ip) &&
         !Within(ip, "255.255.255.255/32");
}

template <bool (*kTest)(const IpRep&)>
Val Test(Context& context, Args args) {
  if (args[0].tag() != Tag::kIp) return context.NoOverload("a test of addresses", args);
  return Val::Bool(kTest(AsIp(args[0])));
}

constexpr auto kBuiltins = std::to_array<Builtin>({
    {"cidr", Style::kGlobal, NullRule::kNull, "s>C C>C", &MakeCidr},
    {"containsCIDR", Style::kMember, NullRule::kFalse, "Cs>b CC>b", &ContainsCidr},
    {"containsIP", Style::kMember, NullRule::kFalse, "Cs>b CI>b", &ContainsIp},
    {"family", Style::kMember, NullRule::kNull, "I>i", &Family},
    {"ip", Style::kGlobal, NullRule::kNull, "s>I I>I", &MakeIp},
    {"ip", Style::kMember, NullRule::kNull, "C>I", &NetworkIp},
    {"ip.isCanonical", Style::kGlobal, NullRule::kFalse, "s>b", &IsCanonical},
    {"isCIDR", Style::kGlobal, NullRule::kFalse, "s>b", &IsCidr},
    {"isGlobalUnicast", Style::kMember, NullRule::kFalse, "I>b", &Test<&GlobalUnicast>},
    {"isIP", Style::kGlobal, NullRule::kFalse, "s>b", &IsIp},
    {"isLinkLocalMulticast", Style::kMember, NullRule::kFalse, "I>b", &Test<&LinkLocalMulticast>},
    {"isLinkLocalUnicast", Style::kMember, NullRule::kFalse, "I>b", &Test<&LinkLocalUnicast>},
    {"isLoopback", Style::kMember, NullRule::kFalse, "I>b", &Test<&Loopback>},
    {"isUnspecified", Style::kMember, NullRule::kFalse, "I>b", &Test<&Unspecified>},
    {"masked", Style::kMember, NullRule::kNull, "C>C", &MaskedNetwork},
    {"prefixLength", Style::kMember, NullRule::kNull, "C>i", &PrefixLength},
});
static_assert(std::ranges::is_sorted(kBuiltins, {}, &Builtin::name));

}  // namespace

std::span<const Builtin> NetBuiltins() { return kBuiltins; }

}  // namespace plumbline::cel
