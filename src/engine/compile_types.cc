// The types that CEL checks rules against, made from the records of models in this image or the
// base image.
#include "engine/compiler.h"
#include "engine/field_types.h"

namespace plumbline::engine {

const cel::Type* Compiler::CelType(bool base, std::uint32_t index) {
  const TypeDef type = Part<TypeDef>(base, index);
  if (type.kind == FieldKind::kObject) return RecordCelType(base, type.record);
  cel::Type out;
  out.kind = ToTypeKind(type.kind);
  if (type.kind == FieldKind::kMap) out.key = &kFieldKeyType;
  if (type.element != kNone) out.element = CelType(base, type.element);
  return &types_.emplace_back(out);
}

const cel::Type* Compiler::RecordCelType(bool base, std::uint32_t index) {
  auto [it, fresh] = record_types_.try_emplace({base, index}, nullptr);
  if (!fresh) return it->second;
  RecordInfo& info = records_.emplace_back();
  const cel::Type* type =
      &types_.emplace_back(cel::Type{.kind = cel::TypeKind::kRecord, .record = &info.type});
  it->second = type;
  const RecordDef record = Part<RecordDef>(base, index);
  info.type.name = names_.emplace_back(PartText(base, record.name));
  for (std::uint32_t i = 0; i < record.fields.count; ++i) {
    const FieldDef field = Part<FieldDef>(base, record.fields.first + i);
    // The pool of an image under construction moves, hence the copies.
    const std::string_view name = names_.emplace_back(PartText(base, field.name));
    info.fields.push_back({name, CelType(base, field.type)});
  }
  info.type.fields = info.fields;
  return type;
}

void Compiler::AddBaseModels() {
  const auto models = settings_.base.All<ModelDef>();
  for (std::uint32_t i = 0; i < models.size(); ++i) {
    Model& model = models_[std::string(settings_.base.Text(models[i].name))];
    model = {i, true, nullptr};
  }
}

}  // namespace plumbline::engine
