#include "terraform/plan_values.h"

#include <fmt/format.h>

#include <algorithm>

namespace plumbline::terraform {
namespace {

constexpr int kMaxDepth = 128;
constexpr std::size_t kMaxMatched = 512;  // elements of a list that are matched by content

bool IsTrue(const Value* v) { return v != nullptr && v->is_bool() && v->as_bool(); }

const Value* MemberOf(const Value* v, std::string_view key) {
  return v == nullptr ? nullptr : v->Find(key);
}
const Value* ItemOf(const Value* v, std::size_t i) {
  return v == nullptr || i >= v->items().size() ? nullptr : &v->items()[i];
}

bool IsEmpty(Value v) {
  if (v.is_null() || v.is_unknown()) return true;
  if (v.is_string()) return v.as_string().empty();
  if (v.is_sequence()) return v.items().empty();
  return v.is_mapping() && v.members().empty();
}

bool IsBlockList(Value v) {
  return v.is_sequence() && !v.items().empty() &&
         std::ranges::all_of(v.items(), [](const Value& i) { return i.is_mapping(); });
}

class Merger {
 public:
  Merger(const PlannedResource& resource, const RefsOf& refs, Arena& arena)
      : resource_(resource), refs_(refs), arena_(arena) {}

  Value Merge(const Value* value, const Value* unknown, const Value* sensitive,
              const std::string& path, int depth) {
    Value v = value != nullptr ? *value : Value::Null();
    if (IsTrue(unknown) || depth > kMaxDepth) {
      v = Unknown(path);
    } else if (v.is_mapping() || (v.is_null() && unknown != nullptr && unknown->is_mapping() &&
                                  !unknown->members().empty())) {
      v = MergeMembers(value, unknown, sensitive, path, depth);
    } else if (v.is_sequence() ||
               (v.is_null() && unknown != nullptr && !unknown->items().empty())) {
      v = MergeItems(value, unknown, sensitive, path, depth);
    }
    return IsTrue(sensitive) ? v.WithMarks(kSensitive) : v;
  }

 private:
  Value MergeMembers(const Value* value, const Value* unknown, const Value* sensitive,
                     const std::string& path, int depth) {
    std::vector<Member> members;
    auto add = [&](std::string_view key, const Value* v) {
      std::string inner = path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
      members.push_back(
          {key, Merge(v, MemberOf(unknown, key), MemberOf(sensitive, key), inner, depth + 1)});
    };
    if (value != nullptr) {
      for (const Member& m : value->members()) add(m.key, &m.value);
    }
    if (unknown != nullptr) {
      for (const Member& m : unknown->members()) {
        if (MemberOf(value, m.key) == nullptr) add(m.key, nullptr);
      }
    }
    return MakeObject(arena_, members);
  }

  Value MergeItems(const Value* value, const Value* unknown, const Value* sensitive,
                   const std::string& path, int depth) {
    std::size_t n = std::max(value != nullptr ? value->items().size() : 0,
                             unknown != nullptr ? unknown->items().size() : 0);
    std::vector<Value> items;
    for (std::size_t i = 0; i < n; ++i) {
      items.push_back(
          Merge(ItemOf(value, i), ItemOf(unknown, i), ItemOf(sensitive, i), path, depth + 1));
    }
    return MakeTuple(arena_, items);
  }

  Value Unknown(const std::string& path) {
    UnknownInfo info;
    info.cause = arena_.New<Cause>(arena_.CopyString(fmt::format(
        "{}{}{} is known only after apply", resource_.address, path.empty() ? "" : ".", path)));
    info.refs = arena_.Copy(refs_(path));
    return MakeUnknown(arena_, info);
  }

  const PlannedResource& resource_;
  const RefsOf& refs_;
  Arena& arena_;
};

// How much of a configured element a planned one agrees with; -1: they cannot be the same.
int Agreement(Value configured, Value planned) {
  if (!configured.is_mapping() || !planned.is_mapping())
    return configured.is_unknown() || RawEqual(configured, planned) ? 1 : -1;
  int score = 0;
  for (const Member& m : configured.members()) {
    const Value* other = planned.Find(m.key);
    if (other == nullptr || other->is_unknown() || HasUnknown(m.value)) continue;
    if (RawEqual(m.value, *other)) {
      score += 2;
    } else if (!m.value.is_sequence() && !m.value.is_mapping()) {
      score -= 1;
    }
  }
  return score;
}

class Refiner {
 public:
  explicit Refiner(Arena& arena) : arena_(arena) {}

  Value Refine(Value configured, Value planned, int depth) {
    if (planned.is_unknown() || planned.is_null() || configured.is_null() || depth > kMaxDepth)
      return configured;
    if (configured.is_unknown()) return Plain(planned, depth).WithMarks(configured.marks());
    if (configured.is_mapping() && planned.is_mapping())
      return Members(configured, planned, depth).WithMarks(Marks(configured, planned));
    if (configured.is_sequence() && planned.is_sequence())
      return Items(configured, planned, depth).WithMarks(Marks(configured, planned));
    bool scalars = !configured.is_mapping() && !configured.is_sequence() && !planned.is_mapping() &&
                   !planned.is_sequence();
    return scalars ? planned.WithMarks(configured.marks()) : configured;
  }

 private:
  static std::uint8_t Marks(Value a, Value b) { return a.marks() | b.marks(); }

  Value Members(Value configured, Value planned, int depth) {
    std::vector<Member> members(configured.members().begin(), configured.members().end());
    for (Member& m : members) {
      if (const Value* p = planned.Find(m.key)) m.value = Refine(m.value, *p, depth + 1);
    }
    return MakeObject(arena_, members);
  }

  // Sets come in an order of their own: equal numbers of elements are matched by what they say.
  Value Items(Value configured, Value planned, int depth) {
    auto from = configured.items(), to = planned.items();
    if (from.size() != to.size()) return Unmatched(configured, planned, depth);
    std::vector<Value> items;
    std::vector<bool> taken(to.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
      std::size_t best = i;
      if (to.size() > 1 && to.size() <= kMaxMatched) best = Best(from[i], to, taken, i);
      taken[best] = true;
      items.push_back(Refine(from[i], to[best], depth + 1));
    }
    return MakeTuple(arena_, items);
  }

  static std::size_t Best(Value wanted, std::span<const Value> among,
                          const std::vector<bool>& taken, std::size_t same_place) {
    std::size_t best = among.size();
    int best_score = 0;
    auto consider = [&](std::size_t i) {
      if (taken[i]) return;
      int score = Agreement(wanted, among[i]);
      if (best == among.size() || score > best_score) {
        best = i;
        best_score = score;
      }
    };
    consider(same_place);
    for (std::size_t i = 0; i < among.size(); ++i) consider(i);
    return best;
  }

  // The sources did not know how many there are.
  Value Unmatched(Value configured, Value planned, int depth) {
    if (!HasUnknown(configured)) return configured;
    const Value* shape = nullptr;
    for (const Value& i : configured.items()) {
      if (i.is_mapping()) shape = &i;
    }
    std::vector<Value> items;
    for (const Value& p : planned.items()) {
      items.push_back(shape != nullptr && p.is_mapping() ? Refine(*shape, p, depth + 1)
                                                         : Plain(p, depth + 1));
    }
    return MakeTuple(arena_, items);
  }

 public:
  /// A planned value that the sources say nothing of in detail: without what is empty in blocks.
  Value Plain(Value planned, int depth) {
    if (depth > kMaxDepth || !IsBlockList(planned)) return planned;
    std::vector<Value> items;
    for (const Value& i : planned.items()) items.push_back(Filled(i, depth + 1));
    return MakeTuple(arena_, items).WithMarks(planned.marks());
  }

  Value Filled(Value block, int depth) {
    std::vector<Member> members;
    for (const Member& m : block.members()) {
      if (!IsEmpty(m.value)) members.push_back({m.key, Plain(m.value, depth + 1)});
    }
    return MakeObject(arena_, members).WithMarks(block.marks());
  }

 private:
  Arena& arena_;
};

// Whether a block's expressions say anything of a member. Blocks of a set are written in another
// order than planned: what any of them says counts.
const Value* SaidOf(const Value& expressions, std::string_view name) {
  if (expressions.is_mapping()) return expressions.Find(name);
  for (const Value& e : expressions.items()) {
    if (const Value* found = e.Find(name)) return found;
  }
  return nullptr;
}

class Keeper {
 public:
  explicit Keeper(Arena& arena) : arena_(arena), refiner_(arena) {}

  Value Keep(Value planned, const Value& expressions, bool is_block, int depth) {
    std::vector<Member> members;
    for (const Member& m : planned.members()) {
      const Value* said = SaidOf(expressions, m.key);
      if (said == nullptr) {
        // Blocks that nothing says are those of a dynamic block, which the plan does not show.
        if (IsBlockList(m.value)) members.push_back({m.key, refiner_.Plain(m.value, depth)});
        continue;
      }
      // An attribute that is null is one that is not set; other blocks of the set may set it.
      if (m.value.is_null() || (is_block && IsEmpty(m.value) && !m.value.is_unknown())) continue;
      members.push_back({m.key, KeepIn(m.value, *said, depth)});
    }
    return MakeObject(arena_, members).WithMarks(planned.marks());
  }

 private:
  // `{"references": …}` and `{"constant_value": …}` stand for an attribute, others for a block.
  static bool IsAttribute(const Value& said) {
    return said.is_mapping() && (said.members().empty() || said.Find("references") != nullptr ||
                                 said.Find("constant_value") != nullptr);
  }

  Value KeepIn(Value planned, const Value& said, int depth) {
    if (IsAttribute(said) || depth > kMaxDepth) return planned;
    if (planned.is_mapping()) return Keep(planned, said, true, depth + 1);
    if (!IsBlockList(planned)) return planned;
    bool same_order = said.items().size() == 1 && planned.items().size() == 1;
    std::vector<Value> items;
    for (const Value& i : planned.items())
      items.push_back(Keep(i, same_order ? said.items()[0] : said, true, depth + 1));
    return MakeTuple(arena_, items).WithMarks(planned.marks());
  }

  Arena& arena_;
  Refiner refiner_;
};

}  // namespace

Value PlannedValue(const PlannedResource& resource, const RefsOf& refs, Arena& arena) {
  const Value* values = resource.values.is_mapping() ? &resource.values : nullptr;
  Value v =
      Merger(resource, refs, arena).Merge(values, &resource.unknown, &resource.sensitive, {}, 0);
  return v.is_mapping() ? v : MakeObject(arena, {});
}

Value RefineByPlan(Value configured, Value planned, Arena& arena) {
  return Refiner(arena).Refine(configured, planned, 0);
}

Value KeepConfigured(Value planned, const Value* expressions, Arena& arena) {
  if (expressions == nullptr) return Refiner(arena).Filled(planned, 0);
  return Keeper(arena).Keep(planned, *expressions, false, 0);
}

}  // namespace plumbline::terraform
