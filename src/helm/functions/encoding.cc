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

// Digits of so many bits each to bytes.
void Emit(std::span<const std::uint32_t> digits, unsigned bits, std::string* out) {
  std::uint32_t buffer = 0;
  unsigned held = 0;
  for (std::uint32_t digit : digits) {
    buffer = buffer << bits | digit;
    held += bits;
    if (held >= 8) {
      held -= 8;
      *out += static_cast<char>(buffer >> held & 0xFF);
    }
  }
}

bool IsNewLine(char c) { return c == '\n' || c == '\r'; }

class Base64Decoder {
 public:
  explicit Base64Decoder(std::string_view in) : in_(in) {}

  Decoded Run() {
    while (Group()) {
    }
    return std::move(out_);
  }

 private:
  // The next byte that is no line break; false at the end.
  bool Take(char* c) {
    while (at_ < in_.size() && IsNewLine(in_[at_])) ++at_;
    if (at_ == in_.size()) return false;
    *c = in_[at_++];
    return true;
  }

  bool Fail(std::size_t at) {
    out_.bad_at = at;
    return false;
  }

  bool Group() {
    std::array<std::uint32_t, 4> digits{};
    for (std::size_t n = 0; n < digits.size(); ++n) {
      char c = 0;
      if (!Take(&c)) return n > 0 && Fail(at_ - n);
      if (c == '=') {
        if (n < 2) return Fail(at_ - 1);
        if (n == 2 && !Take(&c)) return Fail(in_.size());
        if (c != '=') return Fail(at_ - 1);
        // Nothing may follow.
        if (Take(&c)) return Fail(at_ - 1);
        Emit(std::span(digits).first(n), 6, &out_.bytes);
        return false;
      }
      auto digit = kBase64.find(c);
      if (digit == std::string_view::npos) return Fail(at_ - 1);
      digits[n] = static_cast<std::uint32_t>(digit);
    }
    Emit(digits, 6, &out_.bytes);
    return true;
  }

  std::string_view in_;
  std::size_t at_ = 0;
  Decoded out_;
};

Decoded DecodeBase32(std::string_view text) {
  std::string in(text);
  std::erase_if(in, IsNewLine);
  Decoded out;
  auto fail = [&](std::size_t at) {
    out.bad_at = at;
    return out;
  };
  for (std::size_t at = 0; at < in.size();) {
    std::array<std::uint32_t, 8> digits{};
    for (std::size_t n = 0; n < digits.size(); ++n) {
      if (at == in.size()) return fail(at - n);
      char c = in[at++];
      std::size_t left = in.size() - at;
      if (c == '=' && n >= 2 && left < 8) {
        if (left + n < 7) return fail(in.size());
        for (std::size_t k = 0; k < 7 - n; ++k) {
          if (in[at + k] != '=') return fail(at + k - 1);
        }
        if (n == 3 || n == 6) return fail(at - 1);
        Emit(std::span(digits).first(n), 5, &out.bytes);
        return out;
      }
      auto digit = kBase32.find(c);
      if (digit == std::string_view::npos) return fail(at - 1);
      digits[n] = static_cast<std::uint32_t>(digit);
    }
    Emit(digits, 5, &out.bytes);
  }
  return out;
}

bool Base64EncodeText(Call& call) {
  return ReturnText(call, Base64Encode(call.Text(0)), call.args[0].origin());
}

bool Base64Decode(Call& call) {
  Decoded d = Base64Decoder(call.Text(0)).Run();
  if (d.bad_at != std::string::npos)
    return call.Return(fmt::format("illegal base64 data at input byte {}", d.bad_at));
  return ReturnText(call, d.bytes);
}

bool Base32EncodeText(Call& call) {
  return ReturnText(call, Encode(call.Text(0), kBase32, 5, 8), call.args[0].origin());
}

bool Base32Decode(Call& call) {
  Decoded d = DecodeBase32(call.Text(0));
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

std::optional<std::string> Base64Bytes(std::string_view text, std::size_t* bad_at) {
  Decoded d = Base64Decoder(text).Run();
  if (d.bad_at == std::string::npos) return std::move(d.bytes);
  if (bad_at != nullptr) *bad_at = d.bad_at;
  return std::nullopt;
}

std::span<const Function> EncodingFunctions() { return kFunctions; }

}  // namespace plumbline::helm
