// A Go struct that templates see: fields by their names, printed in their order, written to JSON
// under their tags.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gotmpl/value.h"

namespace plumbline::helm {

struct StructField {
  std::string_view name;    // in Go
  std::string_view json;    // its tag
  bool omit_empty = false;  // left out of JSON when it is empty
  gotmpl::Value value;
};

enum class StructForm : std::uint8_t {
  kValue,
  kPointer,  // *T: printed with an & in front, or as an address inside of something
};

class StructObject : public gotmpl::Object {
 public:
  /// The names must outlive the object.
  StructObject(std::string_view type_name, StructForm form, std::vector<StructField> fields)
      : type_name_(type_name), form_(form), fields_(std::move(fields)) {}

  std::string_view TypeName() const override { return type_name_; }
  std::string_view KindName() const override {
    return form_ == StructForm::kValue ? "struct" : "ptr";
  }
  std::string Print() const override;
  std::string PrintInside() const override;
  /// As {{ . }} prints it: what a pointer leads to.
  std::string PrintAlone() const override;
  bool Get(gotmpl::Heap& heap, std::string_view name, std::span<const gotmpl::Value> args,
           gotmpl::Value* out, std::string* error) override;
  std::vector<std::pair<std::string_view, gotmpl::Value>> JsonMembers() const override;
  gotmpl::Value AsJson(gotmpl::Heap& heap) override;

 protected:
  std::string PrintFields() const;

 private:
  std::string_view type_name_;
  StructForm form_;
  std::vector<StructField> fields_;
};

}  // namespace plumbline::helm
