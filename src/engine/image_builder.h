// Collects the parts of a rule image and lays them out; see engine/image.h.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "engine/image.h"

namespace plumbline::engine {

class ImageBuilder {
 public:
  template <typename T>
  std::vector<T>& Of() {
    return std::get<std::vector<T>>(parts_);
  }
  template <typename T>
  std::uint32_t Add(T part) {
    // No padding: the same rules make the same bytes.
    static_assert(std::has_unique_object_representations_v<T>);
    Of<T>().push_back(part);
    return static_cast<std::uint32_t>(Of<T>().size() - 1);
  }
  /// Consecutive elements; nothing else may be added between them, hence all at once.
  template <typename T>
  Range<T> AddAll(const std::vector<T>& items) {
    Range<T> r{static_cast<std::uint32_t>(Of<T>().size()),
               static_cast<std::uint32_t>(items.size())};
    Of<T>().insert(Of<T>().end(), items.begin(), items.end());
    return r;
  }

  /// A text of the pool; equal texts share their bytes.
  Str Text(std::string_view s);
  /// A text that only reports read.
  Str ColdText(std::string_view s);
  /// CEL code; equal code is one expression.
  std::uint32_t Expression(std::string_view code);
  /// The text behind a `Str` made by `Text`.
  std::string_view Read(Str s) const { return std::string_view(hot_).substr(s.at, s.size); }

  /// The finished image.
  std::string Finish();

 private:
  std::tuple<std::vector<TypeDef>, std::vector<FieldDef>, std::vector<RecordDef>,
             std::vector<StepDef>, std::vector<ConstDef>, std::vector<MemberDef>,
             std::vector<TypePattern>, std::vector<EntryDef>, std::vector<BindingDef>,
             std::vector<SourceDef>, std::vector<EachDef>, std::vector<ModelDef>,
             std::vector<OnDef>, std::vector<IndexDef>, std::vector<ExprDef>, std::vector<AtDef>,
             std::vector<MessageDef>, std::vector<RuleDef>, std::vector<std::uint32_t>,
             std::vector<Str>, std::vector<ExampleDef>, std::vector<ColdRule>>
      parts_;
  std::string hot_, cold_;
  std::unordered_map<std::string, Str> texts_;
  std::unordered_map<std::string, std::uint32_t> expressions_;
};

}  // namespace plumbline::engine
