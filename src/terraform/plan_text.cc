#include "terraform/plan_text.h"

#include <cstring>

namespace plumbline::terraform {

void JsonWalk::SkipBlank() {
  while (at_ < end_ &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
    ++at_;
  }
}

bool JsonWalk::SkipString() {
  if (Cur() != '"') return Fail();
  ++at_;
  const char* begin = text_.data();
  while (at_ < end_) {
    const auto* quote = static_cast<const char*>(std::memchr(begin + at_, '"', end_ - at_));
    if (quote == nullptr) break;
    auto length = static_cast<std::size_t>(quote - (begin + at_));
    const auto* escape = static_cast<const char*>(std::memchr(begin + at_, '\\', length));
    if (escape == nullptr) {
      at_ = static_cast<std::uint32_t>(quote - begin) + 1;
      return true;
    }
    at_ = static_cast<std::uint32_t>(escape - begin) + 2;
  }
  at_ = end_;
  return Fail();
}

// Brackets are counted, not matched by kind: a value that is used is parsed strictly.
bool JsonWalk::SkipValue() {
  std::uint32_t depth = 0;
  do {
    char c = Cur();
    if (c == '"') {
      if (!SkipString()) return false;
    } else if (c == '{' || c == '[') {
      ++depth;
      ++at_;
    } else if (c == '}' || c == ']') {
      if (depth == 0) return Fail();
      --depth;
      ++at_;
    } else if (c == '\0') {
      return Fail();
    } else if (depth > 0) {
      ++at_;
    } else {
      while (at_ < end_ &&
             std::string_view(",}] \n\r\t").find(text_[at_]) == std::string_view::npos)
        ++at_;
    }
  } while (depth > 0);
  return true;
}

bool JsonWalk::Next() {
  if (failed_) return false;
  SkipBlank();
  if (Cur() == closing_) {
    ++at_;
    return false;
  }
  if (begun_) {
    if (Cur() != ',') return Fail();
    ++at_;
    SkipBlank();
  }
  begun_ = true;
  from_ = at_;
  if (closing_ == '}') {
    if (!SkipString()) return false;
    key_ = text_.substr(from_ + 1, at_ - from_ - 2);
    SkipBlank();
    if (Cur() != ':') return Fail();
    ++at_;
    SkipBlank();
  }
  value_.begin = at_;
  if (!SkipValue()) return false;
  value_.end = at_;
  return true;
}

std::optional<FoundMember> FindMember(std::string_view text, TextRange range,
                                      std::string_view key) {
  JsonWalk walk(text, range);
  if (!walk.is_object()) return std::nullopt;
  while (walk.Next()) {
    if (walk.key() == key) return FoundMember{walk.whole(), walk.value()};
  }
  return std::nullopt;
}

std::optional<FoundMember> FindElement(std::string_view text, TextRange range, std::int64_t index) {
  JsonWalk walk(text, range);
  if (walk.is_object()) return std::nullopt;
  for (std::int64_t i = 0; walk.Next(); ++i) {
    if (i == index) return FoundMember{walk.value(), walk.value()};
  }
  return std::nullopt;
}

}  // namespace plumbline::terraform
