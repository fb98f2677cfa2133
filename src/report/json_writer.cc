#include "report/json_writer.h"

#include "value/json.h"

namespace plumbline::report {

void JsonWriter::NewLine() {
  out_ += '\n';
  out_.append(has_items_.size() * 2, ' ');
}

void JsonWriter::Separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (has_items_.empty()) return;
  if (has_items_.back()) out_ += ',';
  has_items_.back() = true;
  NewLine();
}

void JsonWriter::Open(char bracket) {
  Separate();
  out_ += bracket;
  has_items_.push_back(false);
}

void JsonWriter::Close(char bracket) {
  bool had_items = has_items_.back();
  has_items_.pop_back();
  if (had_items) NewLine();
  out_ += bracket;
  if (has_items_.empty()) out_ += '\n';
}

void JsonWriter::Key(std::string_view key) {
  Separate();
  AppendJsonString(out_, key);
  out_ += ": ";
  after_key_ = true;
}

void JsonWriter::String(std::string_view text) {
  Separate();
  AppendJsonString(out_, text);
}

void JsonWriter::Number(std::uint64_t number) {
  Separate();
  out_ += std::to_string(number);
}

void JsonWriter::Bool(bool value) {
  Separate();
  out_ += value ? "true" : "false";
}

void JsonWriter::Raw(std::string_view json) {
  Separate();
  out_ += json.empty() ? std::string_view("null") : json;
}

void JsonWriter::Strings(std::string_view key, const std::vector<std::string>& texts) {
  Key(key);
  BeginArray();
  for (const std::string& text : texts) String(text);
  EndArray();
}

}  // namespace plumbline::report
