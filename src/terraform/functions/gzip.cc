// base64gzip(): gzip whose bytes are those of Go's compress/gzip at its default level, since
// Terraform's results are compared by bytes. That fixes every free choice of DEFLATE (RFC 1951):
// how matches are searched (hash chains over four bytes, lazy by one byte, at most 128 tries),
// where blocks end (16,384 tokens), how Huffman lengths are found (package merge by levels) and
// which of the three block kinds is written. The file format is RFC 1952.
#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <tuple>
#include <vector>

#include "terraform/functions/registry.h"

namespace plumbline::terraform::functions {
namespace {

constexpr int kWindow = 1 << 15;
constexpr int kMinMatch = 4, kMaxMatch = 258;
constexpr std::size_t kBlockTokens = 1 << 14;
constexpr int kEndOfBlock = 256;
constexpr std::int32_t kMost = std::numeric_limits<std::int32_t>::max();

// Length codes 257… and distance codes by their first value and extra bits (RFC 1951, 3.2.5).
constexpr std::array<int, 29> kLengthBase = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                             15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                             67, 83, 99, 115, 131, 163, 195, 227, 258};
constexpr std::array<int, 29> kLengthExtra = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                              2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
constexpr int DistanceExtra(int code) { return code < 4 ? 0 : code / 2 - 1; }
constexpr int DistanceBase(int code) {
  return code < 4 ? code + 1 : ((2 + code % 2) << DistanceExtra(code)) + 1;
}

int LengthCode(int length) {
  auto it = std::upper_bound(kLengthBase.begin(), kLengthBase.end(), length);
  return static_cast<int>(it - kLengthBase.begin()) - 1;
}

int DistanceCode(int distance) {
  int code = 0;
  while (code < 29 && DistanceBase(code + 1) <= distance) ++code;
  return code;
}

struct Token {
  int length = 0;    // 0: a literal
  int distance = 0;  // or the literal itself
};

// --- Huffman codes ---

struct Code {
  std::uint16_t bits = 0;
  std::uint8_t length = 0;
};

struct Leaf {
  int symbol = 0;
  std::int32_t frequency = 0;
};

// How many codes have each length, at most `limit`: package merge, one level per bit, lazily from
// the top.
std::vector<int> CountLengths(std::vector<Leaf> leaves, int limit) {
  struct Level {
    std::int32_t last = 0, next_leaf = 0, next_pair = 0, needed = 0;
  };
  int n = static_cast<int>(leaves.size());
  leaves.push_back({0, kMost});
  limit = std::min(limit, n - 1);
  std::array<Level, 17> levels{};
  std::array<std::array<int, 17>, 17>
      used{};  // used[i][j]: leaves left of level j's ancestor of level i's last node
  for (int i = 1; i <= limit; ++i) {
    std::int32_t pair = i == 1 ? kMost : leaves[0].frequency + leaves[1].frequency;
    levels[static_cast<std::size_t>(i)] = {leaves[1].frequency, leaves[2].frequency, pair, 0};
    used[static_cast<std::size_t>(i)][static_cast<std::size_t>(i)] = 2;
  }
  auto top = static_cast<std::size_t>(limit);
  levels[top].needed = 2 * n - 4;
  for (std::size_t at = top;;) {
    Level& l = levels[at];
    if (l.next_pair == kMost && l.next_leaf == kMost) {
      l.needed = 0;
      levels[at + 1].next_pair = kMost;
      ++at;
      continue;
    }
    std::int32_t previous = l.last;
    if (l.next_leaf < l.next_pair) {
      l.last = l.next_leaf;
      l.next_leaf = leaves[static_cast<std::size_t>(++used[at][at])].frequency;
    } else {
      l.last = l.next_pair;
      std::copy_n(used[at - 1].begin(), at, used[at].begin());
      levels[at - 1].needed = 2;
    }
    if (--l.needed == 0) {
      if (at == top) break;
      levels[at + 1].next_pair = previous + l.last;
      ++at;
    } else {
      while (levels[at - 1].needed > 0) --at;
    }
  }
  std::vector<int> counts(top + 1);
  for (std::size_t level = top, bits = 1; level > 0; --level, ++bits)
    counts[bits] = used[top][level] - used[top][level - 1];
  return counts;
}

std::uint16_t Reverse(unsigned code, std::size_t bits) {
  unsigned out = 0;
  for (std::size_t i = 0; i < bits; ++i) out |= (code >> i & 1) << (bits - 1 - i);
  return static_cast<std::uint16_t>(out);
}

std::vector<Code> MakeCodes(const std::vector<std::int32_t>& frequency, int limit) {
  std::vector<Code> codes(frequency.size());
  std::vector<Leaf> leaves;
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    if (frequency[i] != 0) leaves.push_back({static_cast<int>(i), frequency[i]});
  }
  if (leaves.size() <= 2) {
    for (std::size_t i = 0; i < leaves.size(); ++i)
      codes[static_cast<std::size_t>(leaves[i].symbol)] = {static_cast<std::uint16_t>(i), 1};
    return codes;
  }
  std::ranges::stable_sort(leaves, {}, &Leaf::frequency);
  std::vector<int> counts = CountLengths(leaves, limit);
  unsigned code = 0;
  for (std::size_t bits = 1, end = leaves.size(); bits < counts.size(); ++bits) {
    code <<= 1;
    auto n = static_cast<std::size_t>(counts[bits]);
    auto first = leaves.begin() + static_cast<std::ptrdiff_t>(end - n);
    std::sort(first, first + counts[bits],
              [](const Leaf& a, const Leaf& b) { return a.symbol < b.symbol; });
    for (auto it = first; it != first + counts[bits]; ++it, ++code) {
      codes[static_cast<std::size_t>(it->symbol)] = {Reverse(code, bits),
                                                     static_cast<std::uint8_t>(bits)};
    }
    end -= n;
  }
  return codes;
}

std::vector<Code> FixedLiteralCodes() {
  std::vector<Code> codes(288);
  for (unsigned i = 0; i < 288; ++i) {
    auto [first, base, bits] = i < 144   ? std::tuple(0u, 0x30u, 8u)
                               : i < 256 ? std::tuple(144u, 0x190u, 9u)
                               : i < 280 ? std::tuple(256u, 0u, 7u)
                                         : std::tuple(280u, 0xC0u, 8u);
    codes[i] = {Reverse(base + i - first, bits), static_cast<std::uint8_t>(bits)};
  }
  return codes;
}

std::vector<Code> FixedDistanceCodes() {
  std::vector<Code> codes(30);
  for (unsigned i = 0; i < 30; ++i) codes[i] = {Reverse(i, 5), 5};
  return codes;
}

std::int64_t CodedSize(const std::vector<Code>& codes, const std::vector<std::int32_t>& frequency) {
  std::int64_t bits = 0;
  for (std::size_t i = 0; i < frequency.size(); ++i)
    bits += static_cast<std::int64_t>(frequency[i]) * codes[i].length;
  return bits;
}

// --- Blocks ---

class BlockWriter {
 public:
  /// `input`: the bytes the tokens stand for; `has_input` is false when the window no longer holds
  /// them.
  void Write(std::vector<Token> tokens, std::string_view input, bool has_input) {
    Index(tokens);
    std::int64_t extra = 0;
    bool storable = has_input && input.size() <= 65535;
    if (storable) {
      for (std::size_t i = 257; i < literals_; ++i)
        extra += std::int64_t{literal_freq_[i]} * kLengthExtra[i - 257];
      for (std::size_t i = 0; i < distances_; ++i)
        extra += std::int64_t{distance_freq_[i]} * DistanceExtra(static_cast<int>(i));
    }
    auto fixed_literals = FixedLiteralCodes(), fixed_distances = FixedDistanceCodes();
    std::int64_t size = 3 + CodedSize(fixed_literals, literal_freq_) +
                        CodedSize(fixed_distances, distance_freq_) + extra;
    MakeLengthCodes();
    std::int64_t dynamic = HeaderSize() + CodedSize(literal_codes_, literal_freq_) +
                           CodedSize(distance_codes_, distance_freq_) + extra;
    bool is_dynamic = dynamic < size;
    if (storable && static_cast<std::int64_t>(input.size() + 5) * 8 < std::min(size, dynamic)) {
      Stored(input, false);
    } else if (is_dynamic) {
      WriteHeader();
      WriteTokens(tokens, literal_codes_, distance_codes_);
    } else {
      Bits(2, 3);
      WriteTokens(tokens, fixed_literals, fixed_distances);
    }
  }

  void Stored(std::string_view bytes, bool last) {
    Bits(last ? 1 : 0, 3);
    if (count_ > 0) Bits(0, (8 - count_ % 8) % 8);
    Bits(static_cast<unsigned>(bytes.size()), 16);
    Bits(static_cast<unsigned>(~bytes.size()) & 0xFFFF, 16);
    out_ += bytes;
  }

  std::string Take() { return std::move(out_); }

 private:
  void Bits(unsigned value, int n) {
    pending_ |= static_cast<std::uint64_t>(value) << count_;
    for (count_ += n; count_ >= 8; count_ -= 8, pending_ >>= 8)
      out_ += static_cast<char>(pending_ & 0xFF);
  }
  void Put(Code c) { Bits(c.bits, c.length); }

  void Index(const std::vector<Token>& tokens) {
    literal_freq_.assign(286, 0);
    distance_freq_.assign(30, 0);
    for (const Token& t : tokens) {
      if (t.length == 0) {
        ++literal_freq_[static_cast<std::size_t>(t.distance)];
      } else {
        ++literal_freq_[static_cast<std::size_t>(257 + LengthCode(t.length))];
        ++distance_freq_[static_cast<std::size_t>(DistanceCode(t.distance))];
      }
    }
    ++literal_freq_[kEndOfBlock];
    for (literals_ = 286; literal_freq_[literals_ - 1] == 0; --literals_) {
    }
    for (distances_ = 30; distances_ > 0 && distance_freq_[distances_ - 1] == 0; --distances_) {
    }
    if (distances_ == 0) {  // a tree needs at least one code
      distance_freq_[0] = 1;
      distances_ = 1;
    }
    literal_codes_ = MakeCodes(literal_freq_, 15);
    distance_codes_ = MakeCodes(distance_freq_, 15);
  }

  void AddLength(int symbol, int extra) {
    lengths_.push_back({symbol, extra});
    ++length_freq_[static_cast<std::size_t>(symbol)];
  }

  // Runs of equal code lengths as symbols 0-15, 16 (repeat), 17 and 18 (zeros).
  void MakeLengthCodes() {
    std::vector<int> all;
    for (std::size_t i = 0; i < literals_; ++i) all.push_back(literal_codes_[i].length);
    for (std::size_t i = 0; i < distances_; ++i) all.push_back(distance_codes_[i].length);
    lengths_.clear();
    length_freq_.assign(19, 0);
    for (std::size_t i = 0, next; i < all.size(); i = next) {
      for (next = i; next < all.size() && all[next] == all[i]; ++next) {
      }
      int run = static_cast<int>(next - i), value = all[i];
      if (value != 0) {
        AddLength(value, 0);
        --run;
        for (int n; run >= 3; run -= n) AddLength(16, (n = std::min(run, 6)) - 3);
      } else {
        for (int n; run >= 11; run -= n) AddLength(18, (n = std::min(run, 138)) - 11);
        if (run >= 3) {
          AddLength(17, run - 3);
          run = 0;
        }
      }
      for (; run > 0; --run) AddLength(value, 0);
    }
    length_codes_ = MakeCodes(length_freq_, 7);
    for (length_count_ = 19; length_count_ > 4 && length_freq_[kOrder[length_count_ - 1]] == 0;
         --length_count_) {
    }
  }

  std::int64_t HeaderSize() const {
    return 3 + 5 + 5 + 4 + 3 * static_cast<std::int64_t>(length_count_) +
           CodedSize(length_codes_, length_freq_) + length_freq_[16] * 2 + length_freq_[17] * 3 +
           length_freq_[18] * 7;
  }

  void WriteHeader() {
    Bits(4, 3);
    Bits(static_cast<unsigned>(literals_ - 257), 5);
    Bits(static_cast<unsigned>(distances_ - 1), 5);
    Bits(static_cast<unsigned>(length_count_ - 4), 4);
    for (std::size_t i = 0; i < length_count_; ++i) Bits(length_codes_[kOrder[i]].length, 3);
    for (auto [symbol, extra] : lengths_) {
      Put(length_codes_[static_cast<std::size_t>(symbol)]);
      if (symbol >= 16) Bits(static_cast<unsigned>(extra), symbol == 16 ? 2 : symbol == 17 ? 3 : 7);
    }
  }

  void WriteTokens(const std::vector<Token>& tokens, const std::vector<Code>& literals,
                   const std::vector<Code>& distances) {
    for (const Token& t : tokens) {
      if (t.length == 0) {
        Put(literals[static_cast<std::size_t>(t.distance)]);
        continue;
      }
      int code = LengthCode(t.length);
      Put(literals[static_cast<std::size_t>(257 + code)]);
      Bits(static_cast<unsigned>(t.length - kLengthBase[static_cast<std::size_t>(code)]),
           kLengthExtra[static_cast<std::size_t>(code)]);
      code = DistanceCode(t.distance);
      Put(distances[static_cast<std::size_t>(code)]);
      Bits(static_cast<unsigned>(t.distance - DistanceBase(code)), DistanceExtra(code));
    }
    Put(literals[kEndOfBlock]);
  }

  static constexpr std::array<std::size_t, 19> kOrder = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                         11, 4,  12, 3, 13, 2, 14, 1, 15};

  std::string out_;
  std::uint64_t pending_ = 0;
  int count_ = 0;
  std::vector<std::int32_t> literal_freq_, distance_freq_, length_freq_;
  std::vector<Code> literal_codes_, distance_codes_, length_codes_;
  std::vector<std::pair<int, int>> lengths_;
  std::size_t literals_ = 0, distances_ = 0, length_count_ = 0;
};

// --- Matching ---

class Matcher {
 public:
  explicit Matcher(std::string_view text)
      : text_(text), head_(1 << 17, -1), previous_(kWindow, -1) {}

  void Run(BlockWriter& out) {
    constexpr int kLazy = 16;
    int size = static_cast<int>(text_.size()), index = 0, length = kMinMatch - 1, distance = 0;
    bool pending = false;  // the byte before `index` is not written yet
    int chain = -1;
    while (index < size) {
      Slide(index);
      if (Insertable(index)) chain = Insert(index);
      int last_length = length, last_distance = distance, lookahead = size - index;
      length = kMinMatch - 1;
      distance = 0;
      if (chain >= std::max(index - kWindow, 0) && lookahead > last_length && last_length < kLazy) {
        Find(index, chain, lookahead, length, distance);
      }
      if (last_length >= kMinMatch && length <= last_length) {
        tokens_.push_back({last_length, last_distance});
        int end = index + last_length - 1;
        while (++index < end) {
          if (Insertable(index)) Insert(index);
        }
        pending = false;
        length = kMinMatch - 1;
        if (tokens_.size() == kBlockTokens) Flush(out, index);
        continue;
      }
      if (pending) {
        tokens_.push_back({0, Byte(index - 1)});
        if (tokens_.size() == kBlockTokens) Flush(out, index);
      }
      ++index;
      pending = true;
    }
    if (pending) tokens_.push_back({0, Byte(index - 1)});
    if (!tokens_.empty()) Flush(out, index);
  }

 private:
  int Byte(int i) const { return static_cast<unsigned char>(text_[static_cast<std::size_t>(i)]); }
  bool Insertable(int i) const { return i < static_cast<int>(text_.size()) - (kMinMatch - 1); }

  // Where Go's window of two halves begins: it moves by one half when less than a longest match is
  // left in it and there is more to read.
  void Slide(int index) {
    int end = window_start_ + 2 * kWindow;
    if (end - index < kMinMatch + kMaxMatch && end < static_cast<int>(text_.size()))
      window_start_ += kWindow;
  }

  int Insert(int i) {
    auto word =
        static_cast<std::uint32_t>(Byte(i)) << 24 | static_cast<std::uint32_t>(Byte(i + 1)) << 16 |
        static_cast<std::uint32_t>(Byte(i + 2)) << 8 | static_cast<std::uint32_t>(Byte(i + 3));
    int& head = head_[word * 0x1e35a7bdu >> 15];
    int older = head;
    previous_[static_cast<std::size_t>(i % kWindow)] = older;
    head = i;
    return older;
  }

  void Find(int index, int candidate, int lookahead, int& length, int& distance) const {
    constexpr int kTries = 128, kNice = 128;
    int longest = std::min(kMaxMatch, lookahead), nice = std::min(longest, kNice),
        oldest = index - kWindow;
    for (int tries = kTries; tries > 0; --tries) {
      if (Byte(index + length) == Byte(candidate + length)) {
        int n = 0;
        while (n < longest && Byte(candidate + n) == Byte(index + n)) ++n;
        // A match of four bytes from far away costs more than it saves.
        if (n > length && (n > kMinMatch || index - candidate <= 4096)) {
          length = n;
          distance = index - candidate;
          if (n >= nice) return;
        }
      }
      if (candidate == oldest) return;
      candidate = previous_[static_cast<std::size_t>(candidate % kWindow)];
      if (candidate < oldest || candidate < 0) return;
    }
  }

  void Flush(BlockWriter& out, int index) {
    bool has_input = block_start_ >= window_start_;
    std::string_view input = text_.substr(static_cast<std::size_t>(block_start_),
                                          static_cast<std::size_t>(index - block_start_));
    out.Write(std::move(tokens_), input, has_input);
    tokens_.clear();
    block_start_ = index;
  }

  std::string_view text_;
  std::vector<int> head_, previous_;
  std::vector<Token> tokens_;
  int window_start_ = 0, block_start_ = 0;
};

std::uint32_t Crc32(std::string_view s) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (char c : s) {
    crc ^= static_cast<unsigned char>(c);
    for (int i = 0; i < 8; ++i) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
  }
  return ~crc;
}

}  // namespace

Result<Value> Base64Gzip(Call& call) {
  std::string_view text = call.args[0].as_string();
  BlockWriter blocks;
  Matcher(text).Run(blocks);
  blocks.Stored("", false);  // Terraform flushes before it closes
  blocks.Stored("", true);
  std::string out("\x1F\x8B\x08\0\0\0\0\0\0\xFF", 10);
  out += blocks.Take();
  for (std::uint32_t n : {Crc32(text), static_cast<std::uint32_t>(text.size())}) {
    for (int i = 0; i < 4; ++i) out += static_cast<char>(n >> (8 * i));
  }
  return Text(call, EncodeBase64(out));
}

}  // namespace plumbline::terraform::functions
