// Base64 and base32, with the messages of Go's decoders.
#include <algorithm>
#include <array>

#include "helm/functions/common.h"

namespace plumbline::helm {
namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

// `bits` of each digit, digits in groups of `group`.
std::string Encode(std::string_view bytes, std::string_view alphabet, unsigned bits,
                   std::size_t group) {
  std::string out;
  std::uint32_t buffer = 0;
  unsigned held = 0;
  std::uint32_t mask = (1u << bits) - 1;
  for (char c : bytes) {
    buffer = buffer << 8 | static_cast<unsigned char>(c);
    held += 8;
    while (held >= bits) {
      held -= bits;
      out += alphabet[buffer >> held & mask];
    }
  }
  if (held > 0) out += alphabet[buffer << (bits - held) & mask];
  while (out.size() % group != 0) out += '=';
  return out;
}

struct Decoded {
  std::string bytes;
  std::size_t bad_at = std::string::npos;  // where the input is corrupt
};

class Decoder {
 public:
  Decoder(std::string_view in, std::string_view alphabet, unsigned bits, std::size_t group)
      : in_(in), alphabet_(alphabet), bits_(bits), group_(group) {}

  Decoded Run() {
    while (Group()) {
    }
    return std::move(out_);
  }

 private:
  // How many digits of the last group carry whole bytes.
  bool GoodCount(std::size_t digits) const {
    if (group_ == 4) return digits >= 2;
    return digits == 2 || digits == 4 || digits == 5 || digits == 7;
  }

  char Take() {
    while (at_ < in_.size() && (in_[at_] == '\n' || in_[at_] == '\r')) ++at_;
    return at_ < in_.size() ? in_[at_++] : '\0';
  }

  bool Fail(std::size_t at) {
    out_.bad_at = at;
    return false;
  }

  bool Group() {
    std::array<std::uint32_t, 8> digits{};
    std::size_t n = 0;
    bool last = false;
    for (; n < group_; ++n) {
      std::size_t before = at_;
      char c = Take();
      if (at_ == before || (c == '\0' && at_ == in_.size() && in_.back() != '\0')) {
        if (n == 0) return false;
        return Fail(group_ == 4 ? at_ - n : at_);
      }
      if (c == '=') {
        if (!GoodCount(n)) return Fail(at_ - 1);
        if (!Padding(n + 1)) return false;
        last = true;
        break;
      }
      auto digit = alphabet_.find(c);
      if (digit == std::string_view::npos) return Fail(at_ - 1);
      digits[n] = static_cast<std::uint32_t>(digit);
    }
    Emit(digits, n);
    return !last;
  }

  // The rest of the padding, behind which nothing may stand.
  bool Padding(std::size_t n) {
    for (; n < group_; ++n) {
      std::size_t before = at_;
      char c = Take();
      if (at_ == before || (c == '\0' && at_ == in_.size())) return Fail(in_.size());
      if (c != '=') return Fail(at_ - 1);
    }
    std::size_t end = at_;
    while (end < in_.size() && (in_[end] == '\n' || in_[end] == '\r')) ++end;
    if (end < in_.size()) return Fail(end);
    return true;
  }

  void Emit(const std::array<std::uint32_t, 8>& digits, std::size_t n) {
    std::uint32_t buffer = 0;
    unsigned held = 0;
    for (std::size_t i = 0; i < n; ++i) {
      buffer = buffer << bits_ | digits[i];
      held += bits_;
      if (held >= 8) {
        held -= 8;
        out_.bytes += static_cast<char>(buffer >> held & 0xFF);
      }
    }
  }

  std::string_view in_, alphabet_;
  unsigned bits_;
  std::size_t group_, at_ = 0;
  Decoded out_;
};

bool Base64EncodeText(Call& call) {
  return ReturnText(call, Base64Encode(call.Text(0)), call.args[0].origin());
}

bool Base64Decode(Call& call) {
  Decoded d = Decoder(call.Text(0), kBase64, 6, 4).Run();
  if (d.bad_at != std::string::npos)
    return call.Return(fmt::format("illegal base64 data at input byte {}", d.bad_at));
  return ReturnText(call, d.bytes);
}

bool Base32EncodeText(Call& call) {
  return ReturnText(call, Encode(call.Text(0), kBase32, 5, 8), call.args[0].origin());
}

bool Base32Decode(Call& call) {
  Decoded d = Decoder(call.Text(0), kBase32, 5, 8).Run();
  if (d.bad_at != std::string::npos)
    return call.Return(fmt::format("illegal base32 data at input byte {}", d.bad_at));
  return ReturnText(call, d.bytes);
}

constexpr auto kFunctions = std::to_array<Function>({
    {"b32dec", "s", Base32Decode},
    {"b32enc", "s", Base32EncodeText},
    {"b64dec", "s", Base64Decode},
    {"b64enc", "s", Base64EncodeText},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::string Base64Encode(std::string_view bytes) { return Encode(bytes, kBase64, 6, 4); }

std::optional<std::string> Base64Bytes(std::string_view text) {
  Decoded d = Decoder(text, kBase64, 6, 4).Run();
  if (d.bad_at != std::string::npos) return std::nullopt;
  return std::move(d.bytes);
}

std::span<const Function> EncodingFunctions() { return kFunctions; }

}  // namespace plumbline::helm
