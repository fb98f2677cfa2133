#include "gotmpl/value.h"

#include <algorithm>

namespace plumbline::gotmpl {

Heap::~Heap() {
  for (Object* object : objects_) delete object;
}

Value Heap::MakeList(std::span<const Value> items, Element element, std::string_view type_name) {
  return Value::Of(arena_.New<List>(arena_.Copy(items), element, false, type_name));
}

Value Heap::NilList(Element element, std::string_view type_name) {
  List* list = arena_.New<List>();
  list->element = element;
  list->is_nil = true;
  list->type_name = type_name;
  return Value::Of(list);
}

Map* Heap::MakeMap(Element element) {
  Map* map = arena_.New<Map>();
  map->element = element;
  return map;
}

Heap::Heap() {
  LineOrigin made_up;
  made_up.made_up = true;
  origins_.push_back({});
  AddOrigin(std::span<const LineOrigin>(&made_up, 1));
}

OriginId Heap::AddOrigin(Span from) {
  if (!from.valid()) return 0;
  LineOrigin line{{}, from};
  return AddOrigin(std::span<const LineOrigin>(&line, 1));
}

OriginId Heap::AddOrigin(std::span<const LineOrigin> lines) {
  origins_.push_back(arena_.Copy(lines));
  return static_cast<OriginId>(origins_.size() - 1);
}

LineOrigin Heap::OriginOf(OriginId id, std::size_t line) const {
  std::span<const LineOrigin> lines = origins_[id];
  if (lines.size() == 1) return lines[0];
  return line < lines.size() ? lines[line] : LineOrigin{};
}

OriginId Heap::ShiftOrigin(OriginId id, std::ptrdiff_t lines) {
  std::span<const LineOrigin> old = origins_[id];
  if (lines == 0 || old.size() < 2) return id;
  if (lines > 0) {
    auto gone = std::min(static_cast<std::size_t>(lines), old.size());
    // One entry alone would speak for every line.
    return old.size() - gone == 1 ? AddOrigin(old[gone].from) : AddOrigin(old.subspan(gone));
  }
  std::vector<LineOrigin> longer(static_cast<std::size_t>(-lines));
  longer.insert(longer.end(), old.begin(), old.end());
  return AddOrigin(longer);
}

namespace {

Entry* LowerBound(const Map& map, std::string_view key) {
  return std::lower_bound(map.data, map.data + map.size, key,
                          [](const Entry& e, std::string_view k) { return e.key < k; });
}

}  // namespace

Value* Map::Find(std::string_view key) const {
  if (size == 0) return nullptr;
  Entry* at = LowerBound(*this, key);
  return at != data + size && at->key == key ? &at->value : nullptr;
}

void Map::Set(Heap& heap, std::string_view key, Value value) {
  // Keys mostly arrive in order: from sorted sources, or one at a time.
  Entry* at = size == 0 || data[size - 1].key < key ? data + size : LowerBound(*this, key);
  if (at != data + size && at->key == key) {
    at->value = value;
    return;
  }
  std::size_t index = static_cast<std::size_t>(at - data);
  if (size == capacity) {
    std::uint32_t wanted = std::max<std::uint32_t>(4, capacity * 2);
    Entry* bigger = heap.arena().NewArray<Entry>(wanted).data();
    std::copy(data, data + size, bigger);
    data = bigger;
    capacity = wanted;
  }
  std::copy_backward(data + index, data + size, data + size + 1);
  data[index] = {key, value};
  ++size;
}

void Map::Remove(std::string_view key) {
  Entry* at = LowerBound(*this, key);
  if (size == 0 || at == data + size || at->key != key) return;
  std::copy(at + 1, data + size, at);
  --size;
}

bool IsTrue(Value v) {
  switch (v.kind()) {
    case Kind::kInvalid:
    case Kind::kNil:
      return false;
    case Kind::kBool:
    case Kind::kInt:
    case Kind::kInt64:
    case Kind::kUint64:
      return v.as_int() != 0;
    case Kind::kFloat64:
      return v.as_float() != 0;
    case Kind::kString:
      return !v.as_string().empty();
    case Kind::kList:
      return !v.list().items.empty();
    case Kind::kMap:
      return v.map().size > 0;
    case Kind::kObject:
      return v.object().IsTrue();
    case Kind::kComplex:
      return v.complex().real != 0 || v.complex().imaginary != 0;
  }
  return false;
}

std::string TypeName(Value v) {
  switch (v.kind()) {
    case Kind::kInvalid:
    case Kind::kNil:
      return "<nil>";
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return "int";
    case Kind::kInt64:
      return "int64";
    case Kind::kUint64:
      return "uint64";
    case Kind::kFloat64:
      return "float64";
    case Kind::kString:
      return "string";
    case Kind::kList:
      if (!v.list().type_name.empty()) return std::string(v.list().type_name);
      switch (v.list().element) {
        case Element::kString:
          return "[]string";
        case Element::kInt:
          return "[]int";
        case Element::kByte:
          return "[]uint8";
        case Element::kLists:
          return "[][]interface {}";
        default:
          return "[]interface {}";
      }
    case Kind::kMap:
      if (v.is_values()) return "chartutil.Values";
      return v.map().element == Element::kString ? "map[string]string" : "map[string]interface {}";
    case Kind::kObject:
      return std::string(v.object().TypeName());
    case Kind::kComplex:
      return "complex128";
  }
  return {};
}

std::string_view KindName(Value v) {
  switch (v.kind()) {
    case Kind::kInvalid:
    case Kind::kNil:
      return "invalid";
    case Kind::kBool:
      return "bool";
    case Kind::kInt:
      return "int";
    case Kind::kInt64:
      return "int64";
    case Kind::kUint64:
      return "uint64";
    case Kind::kFloat64:
      return "float64";
    case Kind::kString:
      return "string";
    case Kind::kList:
      return "slice";
    case Kind::kMap:
      return "map";
    case Kind::kObject:
      return v.object().KindName();
    case Kind::kComplex:
      return "complex128";
  }
  return {};
}

namespace {

// Values that share their parts can be walked in more ways than there is time for.
constexpr std::size_t kMaxWalk = 20'000'000;

bool EqualWithin(Value a, Value b, int depth, std::size_t& left) {
  if (a.is_nil() || b.is_nil()) return a.is_nil() && b.is_nil();
  if (a.kind() != b.kind() || depth > kMaxValueDepth || left == 0) return false;
  --left;
  auto equal = [&, depth](Value x, Value y) { return EqualWithin(x, y, depth + 1, left); };
  switch (a.kind()) {
    case Kind::kFloat64:
      return a.as_float() == b.as_float();
    case Kind::kString:
      return a.as_string() == b.as_string();
    case Kind::kList:
      if (&a.list() == &b.list()) return true;
      return a.list().element == b.list().element &&
             std::ranges::equal(a.list().items, b.list().items, equal);
    case Kind::kMap:
      if (&a.map() == &b.map()) return true;
      return std::ranges::equal(a.map().entries(), b.map().entries(),
                                [&](const Entry& x, const Entry& y) {
                                  return x.key == y.key && equal(x.value, y.value);
                                });
    case Kind::kComplex:
      return a.complex().real == b.complex().real && a.complex().imaginary == b.complex().imaginary;
    case Kind::kObject:
      return &a.object() == &b.object() || a.object().Print() == b.object().Print();
    default:
      return a.as_int() == b.as_int();
  }
}

Value CopyWithin(Heap& heap, Value v, int depth, std::size_t& left) {
  if (depth > kMaxValueDepth || left == 0) return v;
  --left;
  if (v.is_list()) {
    std::vector<Value> items;
    items.reserve(v.list().items.size());
    for (Value item : v.list().items) items.push_back(CopyWithin(heap, item, depth + 1, left));
    return heap.MakeList(items, v.list().element).WithOrigin(v.origin());
  }
  if (!v.is_map()) return v;
  Map* copy = heap.MakeMap(v.map().element);
  for (const Entry& e : v.map().entries())
    copy->Set(heap, e.key, CopyWithin(heap, e.value, depth + 1, left));
  return Value::Of(copy).WithOrigin(v.origin());
}

}  // namespace

bool DeepEqual(Value a, Value b) {
  std::size_t left = kMaxWalk;
  return EqualWithin(a, b, 0, left);
}

Value DeepCopy(Heap& heap, Value v) {
  std::size_t left = kMaxWalk;
  return CopyWithin(heap, v, 0, left);
}

}  // namespace plumbline::gotmpl
