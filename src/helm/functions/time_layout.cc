// Layouts: the reference time Mon Jan 2 15:04:05 MST 2006 written as the user wants it.
#include <array>

#include "helm/functions/time.h"

namespace plumbline::helm {
namespace {

struct Word {
  std::string_view text;
  Chunk chunk;
};

// Longer words before their beginnings.
constexpr auto kWords = std::to_array<Word>({
    {"January", Chunk::kLongMonth},
    {"Monday", Chunk::kLongWeekday},
    {"MST", Chunk::kZoneName},
    {"002", Chunk::kZeroYearDay},
    {"01", Chunk::kZeroMonth},
    {"02", Chunk::kZeroDay},
    {"03", Chunk::kZeroHour12},
    {"04", Chunk::kZeroMinute},
    {"05", Chunk::kZeroSecond},
    {"06", Chunk::kYear},
    {"15", Chunk::kHour},
    {"1", Chunk::kNumMonth},
    {"2006", Chunk::kLongYear},
    {"2", Chunk::kDay},
    {"__2", Chunk::kUnderYearDay},
    {"3", Chunk::kHour12},
    {"4", Chunk::kMinute},
    {"5", Chunk::kSecond},
    {"PM", Chunk::kPm},
    {"pm", Chunk::kpm},
    {"-070000", Chunk::kOffset},
    {"-07:00:00", Chunk::kOffset},
    {"-0700", Chunk::kOffset},
    {"-07:00", Chunk::kOffset},
    {"-07", Chunk::kOffset},
    {"Z070000", Chunk::kOffset},
    {"Z07:00:00", Chunk::kOffset},
    {"Z0700", Chunk::kOffset},
    {"Z07:00", Chunk::kOffset},
    {"Z07", Chunk::kOffset},
});

bool IsLower(std::string_view s, std::size_t at) {
  return at < s.size() && s[at] >= 'a' && s[at] <= 'z';
}

// The length of the chunk at the start of `s`; 0 when there is none.
std::size_t ChunkAt(std::string_view s, Chunk* chunk) {
  if (s.starts_with("Jan") && !s.starts_with("January") && !IsLower(s, 3)) {
    *chunk = Chunk::kMonth;
    return 3;
  }
  if (s.starts_with("Mon") && !s.starts_with("Monday") && !IsLower(s, 3)) {
    *chunk = Chunk::kWeekday;
    return 3;
  }
  if (s.starts_with("_2") && !s.starts_with("_2006")) {
    *chunk = Chunk::kUnderDay;
    return 2;
  }
  if ((s[0] == '.' || s[0] == ',') && s.size() > 1 && (s[1] == '0' || s[1] == '9')) {
    std::size_t end = s.find_first_not_of(s[1], 1);
    if (end == std::string_view::npos) end = s.size();
    if (end == s.size() || s[end] < '0' || s[end] > '9') {
      *chunk = Chunk::kFraction;
      return end;
    }
  }
  for (const Word& word : kWords) {
    if (!s.starts_with(word.text)) continue;
    *chunk = word.chunk;
    return word.text.size();
  }
  return 0;
}

}  // namespace

LayoutPart NextPart(std::string_view& layout) {
  LayoutPart part;
  for (std::size_t i = 0; i < layout.size(); ++i) {
    std::string_view rest = layout.substr(i);
    // _2006 is a blank-free year behind an underscore.
    if (rest.starts_with("_2006")) continue;
    std::size_t n = ChunkAt(rest, &part.chunk);
    if (n == 0) continue;
    part.literal = layout.substr(0, i);
    part.text = rest.substr(0, n);
    layout.remove_prefix(i + n);
    return part;
  }
  part.literal = layout;
  layout = {};
  return part;
}

}  // namespace plumbline::helm
