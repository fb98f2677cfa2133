// The rule image: rules and typed models compiled into one read-only, position-independent block of
// bytes.
//
// The block is a header, one array a structure below (a *section*), and a pool of bytes for texts
// and CEL code. Structures refer to each other by index and to bytes by offset, so that the image
// is used in place wherever it lies: inside the executable (built-in rules) or in a heap block (the
// user's rules). What only reports need (`ColdRule` and its texts) comes last, so that a scan does
// not touch its pages.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

namespace plumbline::engine {

inline constexpr std::uint32_t kNone = 0xFFFFFFFFu;

/// Bytes of the pool.
struct Str {
  std::uint32_t at = 0, size = 0;
};

/// Consecutive elements of the section of `T`.
template <typename T>
struct Range {
  std::uint32_t first = 0, count = 0;
};

enum class FieldKind : std::uint32_t { kBool, kInt, kNumber, kString, kAny, kList, kMap, kObject };

struct TypeDef {
  FieldKind kind = FieldKind::kAny;
  std::uint32_t element = kNone;  // TypeDef: list, map
  std::uint32_t record = kNone;   // RecordDef: object
};

struct FieldDef {
  Str name;
  std::uint32_t type = 0;          // TypeDef
  std::uint32_t fallback = kNone;  // ConstDef: the default
};

struct RecordDef {
  Str name;
  Range<FieldDef> fields;
};

/// The index of a step `[NAME]`: the rule's element is the key (in `at` only).
inline constexpr std::int32_t kElementStep = -2;

/// `.key`, or `[index]` when index ≥ 0.
struct StepDef {
  Str key;
  std::int32_t index = -1;
};
using PathDef = Range<StepDef>;

struct ConstDef {
  enum Kind : std::uint32_t { kNull, kBool, kInt, kDouble, kString, kList, kObject };
  std::int64_t bits = 0;  // bool, int, the double's bits
  Str text;
  Range<struct MemberDef> members;
  Kind kind = kNull;
  std::uint32_t reserved = 0;  // no padding: the same rules make the same bytes
};

struct MemberDef {
  Str key;  // empty in lists
  std::uint32_t constant = 0;
};

/// Which resources something speaks about: one raw type of one framework.
struct TypePattern {
  enum Kind : std::uint32_t { kTerraform, kKubernetes };
  Kind kind = kTerraform;
  std::uint32_t mode = 0;  // model::Mode, Terraform only
  Str type;                // Terraform's type; empty for the modes without types
  Str object;              // Kubernetes kind; "*" for all
  Str group;               // Kubernetes; "*" for any, empty for the core group
  Str version;             // Kubernetes; empty for any
};

enum class EntryKind : std::uint32_t { kPath, kFirst, kConcat, kValue, kSatellite, kTarget, kCel };

/// How a field is found; see docs/writing-rules.md, "An entry is".
struct EntryDef {
  EntryKind kind = EntryKind::kPath;
  Range<std::uint32_t> children;  // kFirst, kConcat: EntryDef indices
  PathDef path;                   // kPath, kSatellite, kTarget; kCel: `at`
  PathDef via;                    // kSatellite, kTarget
  PathDef key;                    // kSatellite
  std::uint32_t has_key = 0;
  std::uint32_t pattern = kNone;     // TypePattern: kSatellite, kTarget
  std::uint32_t constant = kNone;    // kValue
  std::uint32_t expression = kNone;  // kCel
  std::uint32_t has_map = 0;
  Range<MemberDef> map;
  std::uint32_t otherwise = kNone;  // ConstDef
};

/// How one slot of a record is filled by one source; a record's bindings are consecutive.
struct BindingDef {
  std::uint32_t entry = kNone;
  std::uint32_t nested = kNone;  // first BindingDef of the object's (or the list's objects') record
};

struct SourceDef {
  std::uint32_t pattern = 0;  // TypePattern
  PathDef base;
  Range<struct EachDef> each;
  std::uint32_t where = kNone;  // ExprDef
  std::uint32_t bindings = 0;   // first BindingDef of the model's record
};

struct EachDef {
  PathDef path;
};

struct ModelDef {
  Str name;
  std::uint32_t record = 0;
  Range<SourceDef> sources;
};

/// What a condition is about. Either a model (of this image, or of the base image) or a raw type.
struct OnDef {
  Str text;
  std::uint32_t model = kNone;
  std::uint32_t in_base = 0;
  std::uint32_t pattern = kNone;  // TypePattern of a raw type
  Range<std::uint32_t> rules;     // RuleDef indices, ascending
};

/// "terraform:aws_x", "terraform:data.aws_x", "terraform:module", "kubernetes:Pod" or
/// "kubernetes:*" → what feeds on it. Sorted by key, then `on`, then `source`.
struct IndexDef {
  Str key;
  std::uint32_t on = 0;
  std::uint32_t source = kNone;  // SourceDef of the model; kNone for a raw type
};

/// CEL code.
struct ExprDef {
  Str code;
};

/// Where a finding points: a path from one of the condition's variables.
struct AtDef {
  enum Root : std::uint32_t { kSelf, kElement, kRaw };
  Root root = kSelf;
  PathDef path;
};

/// A piece of a message: text, or an expression to put in its place.
struct MessageDef {
  Str text;
  std::uint32_t expression = kNone;
};

struct RuleDef {
  Str id;
  std::uint8_t severity = 0, kind = 0, strong = 0, each_exact = 0;
  std::uint32_t on = 0;
  std::uint32_t condition = kNone;  // ExprDef: `assert`
  std::uint32_t when = kNone, each = kNone, when_each = kNone;
  std::uint32_t check = kNone;      // index in checks::All()
  std::uint32_t each_path = kNone;  // AtDef: the list that `each` is, or begins with
  Range<AtDef> at;
  Range<MessageDef> message;
  Range<Str> aliases;
};

struct ExampleDef {
  Str framework, text;
  std::uint32_t bad = 0;
};

struct ColdRule {
  Str title, why, fix, provider, service, since, file;
  Str when, each, when_each, condition, check;  // as they are written
  Str element;                                  // what `as` says
  Range<Str> links, compliance;
  Range<ExampleDef> examples;
};

/// Every section, in the order in which it lies in the image. The pool follows.
enum Section : std::uint32_t {
  kTypeSection,
  kFieldSection,
  kRecordSection,
  kStepSection,
  kConstSection,
  kMemberSection,
  kPatternSection,
  kEntrySection,
  kBindingSection,
  kSourceSection,
  kEachSection,
  kModelSection,
  kOnSection,
  kIndexSection,
  kExprSection,
  kAtSection,
  kMessageSection,
  kRuleSection,
  kNumberSection,
  kStrSection,
  kExampleSection,
  kColdSection,
  kSectionCount,
};

template <typename T>
constexpr Section SectionOf() = delete;
template <>
constexpr Section SectionOf<TypeDef>() {
  return kTypeSection;
}
template <>
constexpr Section SectionOf<FieldDef>() {
  return kFieldSection;
}
template <>
constexpr Section SectionOf<RecordDef>() {
  return kRecordSection;
}
template <>
constexpr Section SectionOf<StepDef>() {
  return kStepSection;
}
template <>
constexpr Section SectionOf<ConstDef>() {
  return kConstSection;
}
template <>
constexpr Section SectionOf<MemberDef>() {
  return kMemberSection;
}
template <>
constexpr Section SectionOf<TypePattern>() {
  return kPatternSection;
}
template <>
constexpr Section SectionOf<EntryDef>() {
  return kEntrySection;
}
template <>
constexpr Section SectionOf<BindingDef>() {
  return kBindingSection;
}
template <>
constexpr Section SectionOf<SourceDef>() {
  return kSourceSection;
}
template <>
constexpr Section SectionOf<EachDef>() {
  return kEachSection;
}
template <>
constexpr Section SectionOf<ModelDef>() {
  return kModelSection;
}
template <>
constexpr Section SectionOf<OnDef>() {
  return kOnSection;
}
template <>
constexpr Section SectionOf<IndexDef>() {
  return kIndexSection;
}
template <>
constexpr Section SectionOf<ExprDef>() {
  return kExprSection;
}
template <>
constexpr Section SectionOf<AtDef>() {
  return kAtSection;
}
template <>
constexpr Section SectionOf<MessageDef>() {
  return kMessageSection;
}
template <>
constexpr Section SectionOf<RuleDef>() {
  return kRuleSection;
}
template <>
constexpr Section SectionOf<std::uint32_t>() {
  return kNumberSection;
}
template <>
constexpr Section SectionOf<Str>() {
  return kStrSection;
}
template <>
constexpr Section SectionOf<ExampleDef>() {
  return kExampleSection;
}
template <>
constexpr Section SectionOf<ColdRule>() {
  return kColdSection;
}

struct ImageHeader {
  std::array<char, 8> magic = {'P', 'L', 'R', 'U', 'L', 'E', 'S', '1'};
  std::uint32_t size = 0;  // of the whole image
  std::uint32_t pool = 0;  // offset of the pool
  struct Place {
    std::uint32_t at = 0, count = 0;
  };
  std::array<Place, kSectionCount> sections = {};
};

/// An image in place. The bytes must be aligned to 16 and outlive it.
class Image {
 public:
  Image() = default;
  explicit Image(const char* bytes) : bytes_(bytes) {}

  bool empty() const { return bytes_ == nullptr; }
  const ImageHeader& header() const { return *reinterpret_cast<const ImageHeader*>(bytes_); }

  template <typename T>
  std::span<const T> All() const {
    if (empty()) return {};
    const auto& place = header().sections[SectionOf<T>()];
    return {reinterpret_cast<const T*>(bytes_ + place.at), place.count};
  }
  template <typename T>
  const T& At(std::uint32_t index) const {
    return reinterpret_cast<const T*>(bytes_ + header().sections[SectionOf<T>()].at)[index];
  }
  template <typename T>
  std::span<const T> Get(Range<T> r) const {
    return All<T>().subspan(r.first, r.count);
  }
  std::string_view Text(Str s) const { return {bytes_ + header().pool + s.at, s.size}; }
  std::string_view Code(std::uint32_t expression) const {
    return Text(At<ExprDef>(expression).code);
  }

 private:
  const char* bytes_ = nullptr;
};

}  // namespace plumbline::engine
