#include "engine/run_state.h"

#include <algorithm>
#include <bit>

#include "engine/field_types.h"
#include "engine/type_pattern.h"

namespace plumbline::engine {
namespace {

// Scratch memory that is kept from one resource to the next.
constexpr std::size_t kScratchBytes = 256 * 1024;

std::string PathKey(const Image& image, PathDef path) {
  std::string out;
  for (const StepDef& s : image.Get(path)) {
    out += '.';
    out += s.index >= 0 ? std::to_string(s.index) : std::string(image.Text(s.key));
  }
  return out;
}

}  // namespace

model::Path ToPath(const PathNode* node) {
  model::Path out;
  for (; node != nullptr; node = node->parent) out.push_back(node->step);
  std::reverse(out.begin(), out.end());
  return out;
}

std::string CauseText(const UnknownInfo* info) {
  if (info != nullptr && info->cause != nullptr && !info->cause->text.empty())
    return std::string(info->cause->text);
  return "a value that is not known before apply";
}

cel::Val CurrentResource::Get(std::uint32_t slot) {
  const model::Resource& r = *resource_;
  switch (slot) {
    case kTypeSlot:
      return cel::Val::String(r.type);
    case kNameSlot:
      return cel::Val::String(r.name);
    case kResourceAddressSlot:
      return cel::Val::String(r.address);
    case kModuleSlot:
      return cel::Val::String(r.module);
    case kFrameworkSlot:
      return cel::Val::String(model::FrameworkName(r.framework));
    case kNamespaceSlot:
      return cel::Val::String(r.ns);
    case kFileSlot:
      if (sources_ == nullptr || !r.header.valid()) return cel::Val::String("");
      return cel::Val::String(sources_->Path(r.header.file));
    default:
      return cel::Val::Null();
  }
}

Value CurrentResource::ToValue(Arena& arena) {
  const auto fields = type().fields;
  std::vector<Member> members;
  for (std::uint32_t i = 0; i < fields.size(); ++i)
    members.push_back({fields[i].name, cel::ToValue(Get(i), arena)});
  return MakeObject(arena, members);
}

RunState::RunState(const Image (&images)[2], model::ResourceGraph& graph, const SourceMap* sources)
    : graph_(graph), sources_(sources), scratch_(std::make_unique<Arena>()) {
  for (int i = 0; i < 2; ++i) {
    images_[i].image = images[i];
    images_[i].constants.resize(images[i].All<ConstDef>().size());
    images_[i].record_types.resize(images[i].All<RecordDef>().size());
    images_[i].satellites.resize(images[i].All<EntryDef>().size());
  }
}

void RunState::Begin(const model::Resource& resource) {
  current_ = &resource;
  resource_record_.Set(&resource, sources_);
  hits.clear();
  documents_.clear();
  if (scratch_->used() > kScratchBytes) scratch_ = std::make_unique<Arena>();
}

const Value* RunState::Constant(ImageState& image, std::uint32_t index) {
  const Value*& slot = image.constants[index];
  if (slot != nullptr) return slot;
  const ConstDef& c = image.image.At<ConstDef>(index);
  Value value;
  std::vector<Value> items;
  std::vector<Member> members;
  switch (c.kind) {
    case ConstDef::kNull:
      break;
    case ConstDef::kBool:
      value = Value::Bool(c.bits != 0);
      break;
    case ConstDef::kInt:
      value = Value::Int(c.bits);
      break;
    case ConstDef::kDouble:
      value = Value::Double(std::bit_cast<double>(c.bits));
      break;
    case ConstDef::kString:
      value = Value::String(image.image.Text(c.text));
      break;
    case ConstDef::kList:
      for (const MemberDef& m : image.image.Get(c.members))
        items.push_back(*Constant(image, m.constant));
      value = MakeTuple(persistent_, items);
      break;
    case ConstDef::kObject:
      for (const MemberDef& m : image.image.Get(c.members)) {
        members.push_back({image.image.Text(m.key), *Constant(image, m.constant)});
      }
      value = MakeObject(persistent_, members);
      break;
  }
  return image.constants[index] = persistent_.New<Value>(value);
}

const cel::Type* RunState::TypeOf(ImageState& image, std::uint32_t index) {
  const TypeDef& type = image.image.At<TypeDef>(index);
  cel::Type out;
  out.kind = ToTypeKind(type.kind);
  if (type.kind == FieldKind::kMap) out.key = &kFieldKeyType;
  if (type.element != kNone) out.element = TypeOf(image, type.element);
  if (type.kind == FieldKind::kObject) out.record = &RecordTypeOf(image, type.record);
  return persistent_.New<cel::Type>(out);
}

const cel::RecordType& RunState::RecordTypeOf(ImageState& image, std::uint32_t index) {
  const cel::RecordType*& slot = image.record_types[index];
  if (slot == nullptr) {
    const RecordDef& record = image.image.At<RecordDef>(index);
    const auto defs = image.image.Get(record.fields);
    auto fields = persistent_.NewArray<cel::RecordField>(defs.size());
    for (std::size_t i = 0; i < defs.size(); ++i) {
      fields[i] = {image.image.Text(defs[i].name), TypeOf(image, defs[i].type)};
    }
    slot = persistent_.New<cel::RecordType>(image.image.Text(record.name), fields);
  }
  return *slot;
}

const SatelliteIndex& RunState::Satellites(ImageState& image, std::uint32_t index) {
  const SatelliteIndex*& slot = image.satellites[index];
  if (slot != nullptr) return *slot;
  const EntryDef& entry = image.image.At<EntryDef>(index);
  const TypePattern& pattern = image.image.At<TypePattern>(entry.pattern);
  std::string key(image.image.Text(pattern.type));
  key += '|' + std::to_string(pattern.mode) + '|' + std::string(image.image.Text(pattern.group)) +
         '/' + std::string(image.image.Text(pattern.version)) + '/' +
         std::string(image.image.Text(pattern.object)) + '|' + PathKey(image.image, entry.via);
  std::unique_ptr<SatelliteIndex>& shared = satellites_[key];
  if (shared == nullptr) {
    shared =
        std::make_unique<SatelliteIndex>(graph_, image.image, pattern, image.image.Get(entry.via));
  }
  return *(slot = shared.get());
}

cel::Activation RunState::ActivationFor(std::span<const cel::Val> variables) {
  cel::Activation activation;
  activation.variables = variables;
  activation.functions = HostFunctions();
  activation.arena = scratch_.get();
  activation.host = this;
  return activation;
}

cel::Val RunState::Evaluate(ImageState& image, std::uint32_t expression,
                            std::span<const cel::Val> variables) {
  return cel::Evaluate(image.image.Code(expression), ActivationFor(variables));
}

void RunState::FillVariables(std::span<cel::Val> variables) {
  variables[kSelfSlot] = cel::Val::Null();
  variables[kAddressSlot] = cel::Val::String(current_->address);
  variables[kResourceSlot] = cel::Val::OfRecord(&resource_record_);
  variables[kRawSlot] = cel::Val::FromValue(&current_->attributes);
  variables[kParentSlot] = variables[kRawSlot];
  variables[kElementSlot] = cel::Val::Null();
}

const std::span<const cel::Val>* RunState::ResourcesOfType(std::string_view type) {
  if (auto it = types_.find(type); it != types_.end()) return it->second;
  // Terraform's types begin with a small letter, kinds with a capital one.
  const bool kubernetes = type.find('/') != std::string_view::npos ||
                          (!type.empty() && type[0] >= 'A' && type[0] <= 'Z');
  std::vector<cel::Val> found;
  if (const auto name = ParseTypeName(kubernetes, type)) {
    for (const model::Resource& r : graph_) {
      if (Matches(*name, r)) found.push_back(cel::Val::FromValue(&r.attributes));
    }
  }
  const auto* list = persistent_.New<std::span<const cel::Val>>(persistent_.Copy(found));
  types_.emplace(std::string(type), list);
  return list;
}

const model::Resource* RunState::OwnerOf(const Value* attributes) {
  if (current_ != nullptr && attributes == &current_->attributes) return current_;
  if (owners_.empty()) {
    for (const model::Resource& r : graph_) owners_.emplace(&r.attributes, &r);
  }
  const auto it = owners_.find(attributes);
  return it == owners_.end() ? nullptr : it->second;
}

}  // namespace plumbline::engine
