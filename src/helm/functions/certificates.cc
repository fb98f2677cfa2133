// Keys and certificates. The real ones are random; these have the same form (PEM around DER that
// parses, with the right names, dates and addresses in it) but follow from their names, and their
// numbers were never multiplied or signed with: they are stand-ins that no one can use.
#include <algorithm>
#include <array>

#include "helm/functions/common.h"
#include "helm/functions/digest.h"
#include "helm/functions/functions.h"
#include "helm/functions/time.h"

namespace plumbline::helm {
namespace {

// --- DER ---

enum Tag : unsigned char {
  kBoolean = 0x01,
  kInteger = 0x02,
  kBitString = 0x03,
  kOctetString = 0x04,
  kNull = 0x05,
  kObjectId = 0x06,
  kUtf8String = 0x0C,
  kUtcTime = 0x17,
  kGeneralizedTime = 0x18,
  kSequence = 0x30,
  kSet = 0x31,
  kAddress = 0x87,  // of a subject's alternative names
  kDnsName = 0x82,
};

std::string Der(unsigned char tag, std::string_view body) {
  std::string out(1, static_cast<char>(tag));
  if (body.size() < 0x80) {
    out += static_cast<char>(body.size());
  } else {
    std::string length;
    for (std::size_t n = body.size(); n > 0; n >>= 8)
      length.insert(length.begin(), static_cast<char>(n & 0xFF));
    out += static_cast<char>(0x80 | length.size());
    out += length;
  }
  return out.append(body);
}

std::string Oid(std::string_view bytes) { return Der(kObjectId, bytes); }
std::string Bits(std::string_view bytes) {
  return Der(kBitString, std::string(1, '\0').append(bytes));
}
std::string SmallInteger(int n) { return Der(kInteger, std::string(1, static_cast<char>(n))); }

// An odd number of so many bits that follows from the seed.
std::string Number(std::string_view seed, std::size_t bits) {
  std::string bytes = SeededBytes(seed, bits / 8);
  bytes.front() = static_cast<char>(bytes.front() | 0x80);
  bytes.back() = static_cast<char>(bytes.back() | 1);
  return bytes;
}
// Numbers start with a set bit, so that a zero must keep them positive.
std::string Integer(std::string_view bytes) {
  return Der(kInteger, std::string(1, '\0').append(bytes));
}

// 65537 as an INTEGER.
constexpr std::string_view kRsaExponent{"\x02\x03\x01\x00\x01", 5};

std::string_view View(const char* bytes, std::size_t n) { return {bytes, n}; }
#define PL_BYTES(literal) View(literal, sizeof(literal) - 1)

std::string Pem(std::string_view type, std::string_view der) {
  std::string body = Base64Encode(der), out = fmt::format("-----BEGIN {}-----\n", type);
  constexpr std::size_t kLine = 64;
  for (std::size_t i = 0; i < body.size(); i += kLine)
    out.append(std::string_view(body).substr(i, kLine)).append("\n");
  return out + fmt::format("-----END {}-----\n", type);
}

// The bytes of the first block and its type.
std::optional<std::string> ReadPem(std::string_view text, std::string* type) {
  constexpr std::string_view kBegin = "-----BEGIN ", kDashes = "-----";
  auto begin = text.find(kBegin);
  if (begin == std::string_view::npos) return std::nullopt;
  text.remove_prefix(begin + kBegin.size());
  auto dashes = text.find(kDashes);
  if (dashes == std::string_view::npos) return std::nullopt;
  *type = text.substr(0, dashes);
  text.remove_prefix(dashes + kDashes.size());
  auto end = text.find("-----END " + *type + "-----");
  if (end == std::string_view::npos) return std::nullopt;
  std::string body;
  for (char c : text.substr(0, end)) {
    if (!IsSpace(static_cast<unsigned char>(c))) body += c;
  }
  return Base64Bytes(body);
}

// One whole sequence and nothing behind it.
bool IsSequence(std::string_view der) {
  if (der.size() < 2 || static_cast<unsigned char>(der[0]) != kSequence) return false;
  auto first = static_cast<unsigned char>(der[1]);
  std::size_t length = first, header = 2;
  if (first >= 0x80) {
    std::size_t n = first & 0x7F;
    if (n == 0 || n > 4 || der.size() < 2 + n) return false;
    length = 0;
    for (std::size_t i = 0; i < n; ++i)
      length = length << 8 | static_cast<unsigned char>(der[2 + i]);
    header += n;
  }
  return der.size() == header + length;
}

// --- Keys ---

std::string RsaKey(std::string_view seed, std::size_t bits) {
  auto part = [&](std::string_view name, std::size_t size) {
    return Integer(Number(fmt::format("{}:{}", seed, name), size));
  };
  std::string body =
      SmallInteger(0) + part("modulus", bits) + std::string(kRsaExponent) + part("d", bits);
  for (std::string_view name : {"p", "q", "dp", "dq", "inverse"}) body += part(name, bits / 2);
  return Pem("RSA PRIVATE KEY", Der(kSequence, body));
}

std::string EcKey(std::string_view seed) {
  std::string curve = Oid(PL_BYTES("\x2A\x86\x48\xCE\x3D\x03\x01\x07"));
  std::string point = "\x04" + SeededBytes(fmt::format("{}:point", seed), 64);
  return Pem("EC PRIVATE KEY",
             Der(kSequence, SmallInteger(1) + Der(kOctetString, SeededBytes(seed, 32)) +
                                Der(0xA0, curve) + Der(0xA1, Bits(point))));
}

std::string DsaKey(std::string_view seed) {
  std::string body = SmallInteger(0);
  constexpr std::pair<std::string_view, std::size_t> kParts[] = {
      {"p", 2048}, {"q", 256}, {"g", 2048}, {"y", 2048}, {"x", 256}};
  for (const auto& [name, bits] : kParts)
    body += Integer(Number(fmt::format("{}:{}", seed, name), bits));
  return Pem("DSA PRIVATE KEY", Der(kSequence, body));
}

std::string Ed25519Key(std::string_view seed) {
  std::string algorithm = Der(kSequence, Oid(PL_BYTES("\x2B\x65\x70")));
  std::string key = Der(kOctetString, Der(kOctetString, SeededBytes(seed, 32)));
  return Pem("PRIVATE KEY", Der(kSequence, SmallInteger(0) + algorithm + key));
}

bool GenPrivateKey(Call& call) {
  std::string_view type = call.Text(0);
  constexpr std::string_view kSeed = "genPrivateKey";
  if (type.empty() || type == "rsa") return call.Return(RsaKey(kSeed, 4096), Heap::kMadeUp);
  if (type == "dsa") return call.Return(DsaKey(kSeed), Heap::kMadeUp);
  if (type == "ecdsa") return call.Return(EcKey(kSeed), Heap::kMadeUp);
  if (type == "ed25519") return call.Return(Ed25519Key(kSeed), Heap::kMadeUp);
  return ReturnText(call, fmt::format("Unknown type {}", type));
}

// What is wrong with a private key; empty when it looks like one.
std::string CheckKey(std::string_view pem) {
  std::string type;
  auto der = ReadPem(pem, &type);
  if (!der) return "no PEM data in input";
  constexpr std::string_view kSuffix = " PRIVATE KEY";
  if (type == "PRIVATE KEY")
    return IsSequence(*der) ? "" : "decoding PEM as PKCS#8: asn1: structure error";
  if (!type.ends_with(kSuffix)) return "no private key data in PEM block of type " + type;
  std::string kind = type.substr(0, type.size() - kSuffix.size());
  if (kind != "RSA" && kind != "EC" && kind != "DSA") return "invalid private key type " + kind;
  if (IsSequence(*der)) return {};
  return fmt::format("parsing {} private key from PEM: asn1: structure error", kind);
}

// --- Certificates ---

class Certificate : public gotmpl::Object {
 public:
  Certificate(std::string name, std::string cert, std::string key)
      : name_(std::move(name)), cert_(std::move(cert)), key_(std::move(key)) {}

  const std::string& name() const { return name_; }
  const std::string& cert() const { return cert_; }
  const std::string& key() const { return key_; }
  std::string_view TypeName() const override { return "sprig.certificate"; }
  std::string Print() const override { return fmt::format("{{{} {}}}", cert_, key_); }
  Value AsJson(Heap& heap) override {
    Map* map = heap.MakeMap();
    map->Set(heap, "Cert", heap.String(cert_, Heap::kMadeUp));
    map->Set(heap, "Key", heap.String(key_, Heap::kMadeUp));
    return Value::Of(map);
  }
  bool Get(Heap& heap, std::string_view name, std::span<const Value>, Value* out,
           std::string*) override {
    if (name != "Cert" && name != "Key") return false;
    *out = heap.String(name == "Cert" ? cert_ : key_, Heap::kMadeUp);
    return true;
  }

 private:
  std::string name_;  // the subject's common name
  std::string cert_, key_;
};

std::string Name(std::string_view common_name) {
  std::string attribute =
      Der(kSequence, Oid(PL_BYTES("\x55\x04\x03")) + Der(kUtf8String, common_name));
  return Der(kSequence, Der(kSet, attribute));
}

std::string DerTime(std::int64_t seconds) {
  Time t{seconds, 0, Zone::Utc()};
  std::int64_t year = CalendarOf(t).year;
  bool generalized = year < 1950 || year >= 2050;
  return Der(generalized ? kGeneralizedTime : kUtcTime,
             FormatTime(t, generalized ? "20060102150405" : "060102150405") + "Z");
}

// "10.0.0.1" or an IPv6 address as bytes.
std::optional<std::string> AddressBytes(std::string_view text) {
  std::string out;
  if (text.find(':') == std::string_view::npos) {
    for (int i = 0; i < 4; ++i) {
      auto dot = text.find('.');
      std::string_view part = text.substr(0, dot);
      auto n = ParseInt(part, 10);
      bool good = n && *n >= 0 && *n < 256 && part.size() <= 3 && part[0] != '+' &&
                  part[0] != '-' && !(part.size() > 1 && part[0] == '0') &&
                  (dot == std::string_view::npos) == (i == 3);
      if (!good) return std::nullopt;
      out += static_cast<char>(*n);
      text.remove_prefix(dot == std::string_view::npos ? text.size() : dot + 1);
    }
    return out;
  }
  std::string tail;
  bool gap = false;
  auto target = [&]() -> std::string& { return gap ? tail : out; };
  while (!text.empty()) {
    if (text.starts_with("::")) {
      if (gap) return std::nullopt;
      gap = true;
      text.remove_prefix(2);
      continue;
    }
    if (text[0] == ':') {
      if (out.empty() && tail.empty()) return std::nullopt;
      text.remove_prefix(1);
    }
    std::string_view group = text.substr(0, text.find(':'));
    if (group.find('.') != std::string_view::npos) {
      auto v4 = AddressBytes(group);
      if (!v4) return std::nullopt;
      target() += *v4;
    } else {
      auto n = group.size() <= 4 ? ParseInt(group, 16) : std::nullopt;
      if (!n || *n < 0) return std::nullopt;
      target() += static_cast<char>(*n >> 8);
      target() += static_cast<char>(*n & 0xFF);
    }
    text.remove_prefix(group.size());
  }
  std::size_t size = out.size() + tail.size();
  if (size > 16 || (gap ? size == 16 : size < 16)) return std::nullopt;
  return out + std::string(16 - size, '\0') + tail;
}

struct Request {
  std::string common_name;
  std::vector<std::string> addresses, names;
  std::int64_t days = 0;
  bool is_ca = false;
};

// What a call asks for, or why it is refused.
std::string ReadRequest(Call& call, bool has_names, Request* out) {
  out->common_name = call.Text(0);
  out->days = call.Int(has_names ? 3 : 1);
  if (!has_names) return {};
  auto items = [](Value v) { return v.is_list() ? v.list().items : std::span<const Value>(); };
  for (Value v : items(call.args[1])) {
    if (!v.is_string())
      return fmt::format("error parsing ip: {} is not a string", gotmpl::Sprint(v));
    auto bytes = AddressBytes(v.as_string());
    if (!bytes) return fmt::format("error parsing ip: {}", v.as_string());
    out->addresses.push_back(std::move(*bytes));
  }
  for (Value v : items(call.args[2])) {
    if (!v.is_string())
      return fmt::format("error processing alternate dns name: {} is not a string",
                         gotmpl::Sprint(v));
    out->names.emplace_back(v.as_string());
  }
  return {};
}

std::string Extension(std::string_view oid, bool critical, std::string_view body) {
  std::string flag = critical ? Der(kBoolean, "\xFF") : "";
  return Der(kSequence, Oid(oid) + flag + Der(kOctetString, body));
}

std::string Extensions(const Request& r) {
  std::string usage = r.is_ca ? "\x02\xA4" : "\x05\xA0";
  std::string purposes = Oid(PL_BYTES("\x2B\x06\x01\x05\x05\x07\x03\x01")) +
                         Oid(PL_BYTES("\x2B\x06\x01\x05\x05\x07\x03\x02"));
  std::string out =
      Extension("\x55\x1D\x0F", true, Der(kBitString, usage)) +
      Extension("\x55\x1D\x25", false, Der(kSequence, purposes)) +
      Extension("\x55\x1D\x13", true, Der(kSequence, r.is_ca ? Der(kBoolean, "\xFF") : ""));
  std::string alternatives;
  for (const std::string& name : r.names) alternatives += Der(kDnsName, name);
  for (const std::string& address : r.addresses) alternatives += Der(kAddress, address);
  if (!alternatives.empty()) out += Extension("\x55\x1D\x11", false, Der(kSequence, alternatives));
  return Der(0xA3, Der(kSequence, out));
}

std::string CertificateText(Call& call, const Request& r, std::string_view issuer,
                            std::string_view seed) {
  auto* context = static_cast<const FunctionContext*>(call.executor.context);
  std::int64_t now = context != nullptr ? context->now : FunctionContext::kDefaultNow;
  constexpr std::int64_t kMostDays = 2'900'000;  // the year 9999
  std::int64_t days = std::clamp<std::int64_t>(r.days, -kMostDays / 8, kMostDays);
  std::string rsa =
      Der(kSequence, Oid(PL_BYTES("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01")) + Der(kNull, ""));
  std::string signing =
      Der(kSequence, Oid(PL_BYTES("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B")) + Der(kNull, ""));
  std::string modulus = Number(fmt::format("{}:modulus", seed), 2048);
  std::string key = Der(kSequence, Integer(modulus) + std::string(kRsaExponent));
  std::string serial = Number(fmt::format("{}:serial", seed), 120);
  std::string body =
      Der(kSequence, Der(0xA0, SmallInteger(2)) + Integer(serial) + signing + Name(issuer) +
                         Der(kSequence, DerTime(now) + DerTime(now + days * 86400)) +
                         Name(r.common_name) + Der(kSequence, rsa + Bits(key)) + Extensions(r));
  std::string signature = Bits(Number("signature:" + Hex(Sha256(body)), 2048));
  return Pem("CERTIFICATE", Der(kSequence, body + signing + signature));
}

constexpr std::size_t kCertificateSteps = 200;

bool ReturnCertificate(Call& call, const Request& r, std::string_view issuer,
                       std::string_view given_key) {
  if (!Spend(call, kCertificateSteps)) return false;
  std::string seed = fmt::format("certificate:{}:{}", r.is_ca ? "ca" : "leaf", r.common_name);
  std::string cert = CertificateText(call, r, issuer, seed);
  std::string key = given_key.empty() ? RsaKey(seed, 2048) : std::string(given_key);
  return call.Return(
      call.heap.MakeObject<Certificate>(r.common_name, std::move(cert), std::move(key)));
}

// `key_arg`: where the caller's own key stands among the arguments, if anywhere.
bool Generate(Call& call, bool is_ca, bool has_ca, std::size_t key_arg) {
  Request r;
  r.is_ca = is_ca;
  std::string_view key = key_arg > 0 ? call.Text(key_arg) : "";
  if (key_arg > 0) {
    std::string error = CheckKey(key);
    if (!error.empty()) return call.Fail("parsing private key: " + error);
  }
  std::string error = ReadRequest(call, !is_ca, &r);
  if (!error.empty()) return call.Fail(std::move(error));
  if (!has_ca) return ReturnCertificate(call, r, r.common_name, key);
  return ReturnCertificate(call, r, static_cast<Certificate&>(call.args[4].object()).name(), key);
}

bool GenCa(Call& call) { return Generate(call, true, false, 0); }
bool GenCaWithKey(Call& call) { return Generate(call, true, false, 2); }
bool GenSelfSigned(Call& call) { return Generate(call, false, false, 0); }
bool GenSelfSignedWithKey(Call& call) { return Generate(call, false, false, 4); }
bool GenSigned(Call& call) { return Generate(call, false, true, 0); }
bool GenSignedWithKey(Call& call) { return Generate(call, false, true, 5); }

bool BuildCustomCert(Call& call) {
  auto cert = Base64Bytes(call.Text(0)), key = Base64Bytes(call.Text(1));
  if (!cert) return call.Fail("unable to decode base64 certificate");
  if (!key) return call.Fail("unable to decode base64 private key");
  std::string type;
  auto der = ReadPem(*cert, &type);
  if (!der) return call.Fail("unable to decode certificate");
  if (!IsSequence(*der))
    return call.Fail("error parsing certificate: decodedCert.Bytes: x509: malformed certificate");
  std::string error = CheckKey(*key);
  if (!error.empty()) return call.Fail("error parsing private key: " + error);
  return call.Return(
      call.heap.MakeObject<Certificate>("custom", std::move(*cert), std::move(*key)));
}

#undef PL_BYTES

constexpr auto kFunctions = std::to_array<Function>({
    {"buildCustomCert", "ss", BuildCustomCert},
    {"genCA", "si", GenCa},
    {"genCAWithKey", "sis", GenCaWithKey},
    {"genPrivateKey", "s", GenPrivateKey},
    {"genSelfSignedCert", "saai", GenSelfSigned},
    {"genSelfSignedCertWithKey", "saais", GenSelfSignedWithKey},
    {"genSignedCert", "saaic", GenSigned},
    {"genSignedCertWithKey", "saaics", GenSignedWithKey},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> CertificateFunctions() { return kFunctions; }

}  // namespace plumbline::helm
