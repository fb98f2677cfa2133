// A walk over JSON text without building anything: where members and elements stand. Not recursive;
// whoever reads a range as a value checks it in full.
#pragma once

#include <cstdint>
#include <string_view>

#include "terraform/plan_file.h"

namespace plumbline::terraform {

class JsonWalk {
 public:
  /// `range` is of an object or array (or of a text that begins with one).
  JsonWalk(std::string_view text, TextRange range)
      : text_(text), at_(range.begin), end_(range.end) {
    SkipBlank();
    closing_ = Cur() == '{' ? '}' : Cur() == '[' ? ']' : '\0';
    if (closing_ != '\0') ++at_;
    failed_ = closing_ == '\0';
  }

  /// Steps to the next member or element. False at the end, or when the text is broken.
  bool Next();
  bool failed() const { return failed_; }
  std::uint32_t at() const { return at_; }
  bool is_object() const { return closing_ == '}'; }

  /// The member's key as written, without quotes (escapes are not decoded).
  std::string_view key() const { return key_; }
  TextRange whole() const { return {from_, value_.end}; }
  TextRange value() const { return value_; }

 private:
  char Cur() const { return at_ < end_ ? text_[at_] : '\0'; }
  void SkipBlank();
  bool SkipString();
  bool SkipValue();
  bool Fail() {
    failed_ = true;
    return false;
  }

  std::string_view text_;
  std::uint32_t at_, end_, from_ = 0;
  char closing_ = '\0';
  bool failed_ = false, begun_ = false;
  std::string_view key_;
  TextRange value_;
};

}  // namespace plumbline::terraform
