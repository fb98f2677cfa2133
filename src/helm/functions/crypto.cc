// Digests, and what is random in sprig: here it has the right form and is the same every time, so
// that one chart always renders to one text.
#include <algorithm>
#include <array>

#include "helm/functions/common.h"
#include "helm/functions/digest.h"

namespace plumbline::helm {
namespace {

bool Sha1Sum(Call& call) { return call.Return(Hex(Sha1(call.Text(0)))); }
bool Sha256Sum(Call& call) { return call.Return(Hex(Sha256(call.Text(0)))); }
bool Sha512Sum(Call& call) { return call.Return(Hex(Sha512(call.Text(0)))); }

bool Adler32Sum(Call& call) {
  constexpr std::uint32_t kModulus = 65521;
  std::uint32_t a = 1, b = 0;
  for (char c : call.Text(0)) {
    a = (a + static_cast<unsigned char>(c)) % kModulus;
    b = (b + a) % kModulus;
  }
  return call.Return(std::to_string(b << 16 | a));
}

// --- Stand-ins for what is random ---

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kAlphanumeric =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

bool ReturnSeeded(Call& call, std::string_view seed, std::string_view alphabet) {
  std::int64_t n = call.Int(0);
  if (n <= 0) return call.Return(Value::String(""));
  if (static_cast<std::uint64_t>(n) > kMaxText) return FailTooLong(call);
  if (!Spend(call, static_cast<std::size_t>(n) / 16)) return false;
  std::string out = SeededBytes(seed, static_cast<std::size_t>(n));
  for (char& c : out) c = alphabet[static_cast<unsigned char>(c) % alphabet.size()];
  return ReturnText(call, out, Heap::kMadeUp);
}

bool RandAlphaNum(Call& call) { return ReturnSeeded(call, "randAlphaNum", kAlphanumeric); }
bool RandAlpha(Call& call) { return ReturnSeeded(call, "randAlpha", kLetters); }
bool RandNumeric(Call& call) { return ReturnSeeded(call, "randNumeric", kDigits); }
bool RandAscii(Call& call) {
  constexpr std::string_view kPrintable =
      " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuv"
      "wxyz{|}~";
  return ReturnSeeded(call, "randAscii", kPrintable);
}

bool RandBytes(Call& call) {
  std::int64_t n = call.Int(0);
  if (n < 0) return call.Fail("runtime error: makeslice: len out of range");
  if (static_cast<std::uint64_t>(n) > kMaxText / 2) return FailTooLong(call);
  if (!Spend(call, static_cast<std::size_t>(n) / 16)) return false;
  return ReturnText(call, Base64Encode(SeededBytes("randBytes", static_cast<std::size_t>(n))),
                    Heap::kMadeUp);
}

bool Uuid(Call& call) {
  std::string bytes = SeededBytes("uuidv4", 16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  std::string hex = Hex(bytes);
  for (std::size_t dash : {8, 13, 18, 23}) hex.insert(dash, "-");
  return call.Return(hex, Heap::kMadeUp);
}

// The form of a bcrypt hash: its cost, 22 characters of salt and 31 that follow from the password.
std::string BcryptForm(std::string_view password) {
  constexpr std::string_view kAlphabet =
      "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string body = SeededBytes("bcrypt:" + std::string(password), 53);
  for (char& c : body) c = kAlphabet[static_cast<unsigned char>(c) % kAlphabet.size()];
  // Two bits of the salt's last character have a meaning.
  constexpr std::string_view kLastOfSalt = ".Oeu";
  body[21] = kLastOfSalt[static_cast<unsigned char>(body[21]) % kLastOfSalt.size()];
  return "$2a$10$" + body;
}

constexpr std::size_t kLongestPassword = 72;

std::string Hashed(std::string_view password) {
  if (password.size() > kLongestPassword)
    return "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes";
  return BcryptForm(password);
}

bool Bcrypt(Call& call) { return call.Return(Hashed(call.Text(0))); }

bool Htpasswd(Call& call) {
  if (call.Text(0).find(':') != std::string_view::npos)
    return ReturnText(call, fmt::format("invalid username: {}", call.Text(0)));
  return ReturnText(call, fmt::format("{}:{}", call.Text(0), Hashed(call.Text(1))));
}

// --- Master passwords ---

struct PasswordType {
  std::string_view name;
  std::string_view forms;  // separated by blanks
};

constexpr auto kPasswordTypes = std::to_array<PasswordType>({
    {"basic", "aaanaaan aannaaan aaannaaa"},
    {"long",
     "CvcvnoCvcvCvcv CvcvCvcvnoCvcv CvcvCvcvCvcvno CvccnoCvcvCvcv CvccCvcvnoCvcv CvccCvcvCvcvno "
     "CvcvnoCvccCvcv CvcvCvccnoCvcv CvcvCvccCvcvno CvcvnoCvcvCvcc CvcvCvcvnoCvcc CvcvCvcvCvccno "
     "CvccnoCvccCvcv CvccCvccnoCvcv CvccCvccCvcvno CvcvnoCvccCvcc CvcvCvccnoCvcc CvcvCvccCvccno "
     "CvccnoCvcvCvcc CvccCvcvnoCvcc CvccCvcvCvccno"},
    {"maximum", "anoxxxxxxxxxxxxxxxxx axxxxxxxxxxxxxxxxxno"},
    {"medium", "CvcnoCvc CvcCvcno"},
    {"pin", "nnnn"},
    {"short", "Cvcn"},
});

std::string_view CharactersOf(char form) {
  switch (form) {
    case 'C':
      return "BCDFGHJKLMNPQRSTVWXYZ";
    case 'v':
      return "aeiou";
    case 'c':
      return "bcdfghjklmnpqrstvwxyz";
    case 'a':
      return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
    case 'n':
      return kDigits;
    case 'o':
      return "@&%?,=[]_:-+*$#!'^~;()/.";
    default:
      return "AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()";
  }
}

std::string BigEndian32(std::uint64_t n) {
  std::string out;
  for (int shift : {24, 16, 8, 0}) out += static_cast<char>(n >> shift & 0xFF);
  return out;
}

constexpr std::size_t kScryptSteps = 1'000'000;  // it takes a tenth of a second

bool DerivePassword(Call& call) {
  constexpr std::string_view kSeed = "com.lyndir.masterpassword";
  auto type = std::ranges::find(kPasswordTypes, call.Text(1), &PasswordType::name);
  if (type == kPasswordTypes.end())
    return ReturnText(call, fmt::format("cannot find password template {}", call.Text(1)));
  if (!Spend(call, kScryptSteps)) return false;
  std::string_view user = call.Text(3), site = call.Text(4);
  auto key = Scrypt(call.Text(2), std::string(kSeed).append(BigEndian32(user.size())).append(user));
  if (!key) return call.Fail("failed to derive password");
  auto counter = static_cast<std::uint64_t>(call.Int(0));
  std::string seed = HmacSha256(*key, std::string(kSeed)
                                          .append(BigEndian32(site.size()))
                                          .append(site)
                                          .append(BigEndian32(counter)));
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(seed[i]); };
  auto count = static_cast<std::size_t>(std::ranges::count(type->forms, ' ')) + 1;
  std::string_view form = type->forms;
  for (std::size_t i = byte(0) % count; i > 0; --i) form.remove_prefix(form.find(' ') + 1);
  form = form.substr(0, form.find(' '));
  std::string out;
  for (std::size_t i = 0; i < form.size(); ++i) {
    std::string_view characters = CharactersOf(form[i]);
    out += characters[byte(i + 1) % characters.size()];
  }
  return call.Return(out);
}

// --- AES ---

constexpr std::size_t kAesBlock = 16, kAesKey = 32;

std::string AesKey(std::string_view password) {
  std::string key(password.substr(0, kAesKey));
  key.resize(kAesKey, '\0');
  return key;
}

bool EncryptAes(Call& call) {
  if (call.Text(1).empty()) return call.Return(Value::String(""));
  std::string text(call.Text(1));
  std::size_t padding = kAesBlock - text.size() % kAesBlock;
  text.append(padding, static_cast<char>(padding));
  std::string iv = SeededBytes("encryptAES:" + text, kAesBlock);
  return ReturnText(call, Base64Encode(iv + AesCbc(AesKey(call.Text(0)), iv, text, true)));
}

bool DecryptAes(Call& call) {
  if (call.Text(1).empty()) return call.Return(Value::String(""));
  std::size_t bad_at = 0;
  auto bytes = Base64Bytes(call.Text(1), &bad_at);
  if (!bytes) return call.Fail(fmt::format("illegal base64 data at input byte {}", bad_at));
  if (bytes->size() < kAesBlock)
    return call.Fail(fmt::format("runtime error: slice bounds out of range [:16] with capacity {}",
                                 bytes->size()));
  if (bytes->size() % kAesBlock != 0) return call.Fail("crypto/cipher: input not full blocks");
  std::string_view all = *bytes;
  std::string text =
      AesCbc(AesKey(call.Text(0)), all.substr(0, kAesBlock), all.substr(kAesBlock), false);
  auto padding =
      text.empty() ? 1 : static_cast<std::size_t>(static_cast<unsigned char>(text.back()));
  if (padding > text.size()) return call.Fail("runtime error: slice bounds out of range");
  text.resize(text.size() - padding);
  return ReturnText(call, text);
}

constexpr auto kFunctions = std::to_array<Function>({
    {"adler32sum", "s", Adler32Sum},
    {"bcrypt", "s", Bcrypt},
    {"decryptAES", "ss", DecryptAes},
    {"derivePassword", "issss", DerivePassword},
    {"encryptAES", "ss", EncryptAes},
    {"htpasswd", "ss", Htpasswd},
    {"randAlpha", "i", RandAlpha},
    {"randAlphaNum", "i", RandAlphaNum},
    {"randAscii", "i", RandAscii},
    {"randBytes", "i", RandBytes},
    {"randNumeric", "i", RandNumeric},
    {"sha1sum", "s", Sha1Sum},
    {"sha256sum", "s", Sha256Sum},
    {"sha512sum", "s", Sha512Sum},
    {"uuidv4", "", Uuid},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> CryptoFunctions() { return kFunctions; }

}  // namespace plumbline::helm
