// The tables of variables and functions. Functions are only ever appended: compiled code knows them
// by index.
#include "engine/functions.h"

namespace plumbline::engine {
namespace {

constexpr cel::Type kDyn{.kind = cel::TypeKind::kDyn};
constexpr cel::Type kBool{.kind = cel::TypeKind::kBool};
constexpr cel::Type kDouble{.kind = cel::TypeKind::kDouble};
constexpr cel::Type kString{.kind = cel::TypeKind::kString};
constexpr cel::Type kList{.kind = cel::TypeKind::kList, .element = &kDyn};

constexpr auto kFunctions = std::to_array<cel::Function>({
    {"referenced_by", 2, 2, &kList, false, &ReferencedBy},
    {"references", 2, 2, &kList, false, &References},
    {"resources", 1, 1, &kList, false, &Resources},
    {"policy", 1, 1, &kDyn, true, &Policy},
    {"json", 1, 1, &kDyn, true, &Json},
    {"cidr_is_any", 1, 1, &kBool, false, &CidrIsAny},
    {"cidr_is_public", 1, 1, &kBool, false, &CidrIsPublic},
    {"cidr_contains", 2, 2, &kBool, false, &CidrContains},
    {"quantity", 1, 1, &kDouble, false, &Quantity},
});

constexpr auto kResourceFields = std::to_array<cel::RecordField>({
    {"type", &kString},
    {"name", &kString},
    {"address", &kString},
    {"module", &kString},
    {"framework", &kString},
    {"namespace", &kString},
    {"file", &kString},
});
constexpr cel::RecordType kResourceRecord{.name = "resource", .fields = kResourceFields};
constexpr cel::Type kResource{.kind = cel::TypeKind::kRecord, .record = &kResourceRecord};

}  // namespace

std::span<const cel::Function> HostFunctions() { return kFunctions; }

const cel::RecordType& ResourceRecordType() { return kResourceRecord; }

std::array<cel::Variable, kVariableCount> RuleVariables(const cel::Type* self,
                                                        const cel::Type* element,
                                                        std::string_view element_name) {
  std::array<cel::Variable, kVariableCount> out;
  out[kSelfSlot] = {"self", self};
  out[kAddressSlot] = {"address", &kString};
  out[kResourceSlot] = {"resource", &kResource};
  out[kRawSlot] = {"raw", &kDyn};
  out[kParentSlot] = {"parent", &kDyn};
  // Without `each` there is no element: the slot is filled by a name that nobody can write.
  out[kElementSlot] = {element_name, element};
  return out;
}

}  // namespace plumbline::engine
