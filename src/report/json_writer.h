// Streams indented JSON into a string: no tree, members in the order they are written.
//
//   JsonWriter w(out);
//   w.BeginObject();
//   w.Member("version", "2.1.0");
//   w.Key("runs"); w.BeginArray(); … w.EndArray();
//   w.EndObject();
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace plumbline::report {

class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  void BeginObject() { Open('{'); }
  void EndObject() { Close('}'); }
  void BeginArray() { Open('['); }
  void EndArray() { Close(']'); }

  void Key(std::string_view key);
  void String(std::string_view text);
  void Number(std::uint64_t number);
  void Bool(bool value);
  /// `json` is one complete JSON value; empty becomes null.
  void Raw(std::string_view json);

  void Member(std::string_view key, std::string_view text) {
    Key(key);
    String(text);
  }
  void Member(std::string_view key, const char* text) { Member(key, std::string_view(text)); }
  void Member(std::string_view key, std::uint64_t number) {
    Key(key);
    Number(number);
  }
  void Strings(std::string_view key, const std::vector<std::string>& texts);

 private:
  void Open(char bracket);
  void Close(char bracket);
  void Separate();
  void NewLine();

  std::string& out_;
  std::vector<bool> has_items_;  // one an open bracket
  bool after_key_ = false;
};

}  // namespace plumbline::report
