#include "helm/struct_object.h"

#include <fmt/format.h>

#include <algorithm>

#include "gotmpl/format.h"

namespace plumbline::helm {

using gotmpl::Heap;
using gotmpl::Value;

std::string StructObject::PrintFields() const {
  std::string out = "{";
  for (const StructField& field : fields_) {
    if (&field != fields_.data()) out += ' ';
    gotmpl::AppendPrinted(out, field.value, 1);
  }
  return out + "}";
}

std::string StructObject::PrintInside() const {
  // Go prints where the struct lies, which differs from run to run.
  return form_ == StructForm::kPointer ? "0xc000000000" : PrintFields();
}

std::string StructObject::Print() const {
  return (form_ == StructForm::kPointer ? "&" : "") + PrintFields();
}

std::string StructObject::PrintAlone() const { return PrintFields(); }

bool StructObject::Get(Heap& heap, std::string_view name, std::span<const Value> args, Value* out,
                       std::string* error) {
  auto field = std::ranges::find(fields_, name, &StructField::name);
  if (field != fields_.end()) {
    if (!args.empty()) {
      *error = fmt::format("{} has arguments but cannot be invoked as function", name);
      return false;
    }
    *out = field->value;
    return true;
  }
  // An embedded struct lends its fields.
  for (const StructField& embedded : fields_) {
    if (!embedded.json.empty()) continue;
    if (embedded.value.object().Get(heap, name, args, out, error)) return true;
  }
  return false;
}

std::vector<std::pair<std::string_view, Value>> StructObject::JsonMembers() const {
  std::vector<std::pair<std::string_view, Value>> out;
  for (const StructField& field : fields_) {
    if (field.json.empty()) {
      auto inner = field.value.object().JsonMembers();
      out.insert(out.end(), inner.begin(), inner.end());
    } else if (!field.omit_empty || gotmpl::IsTrue(field.value)) {
      out.emplace_back(field.json, field.value);
    }
  }
  return out;
}

Value StructObject::AsJson(Heap& heap) {
  gotmpl::Map* map = heap.MakeMap();
  for (auto [name, value] : JsonMembers()) map->Set(heap, name, value);
  return Value::Of(map);
}

}  // namespace plumbline::helm
