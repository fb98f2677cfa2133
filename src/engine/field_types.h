// Kinds of model fields as CEL knows them.
#pragma once

#include "cel/cel.h"
#include "engine/image.h"

namespace plumbline::engine {

constexpr cel::TypeKind ToTypeKind(FieldKind kind) {
  switch (kind) {
    case FieldKind::kBool:
      return cel::TypeKind::kBool;
    case FieldKind::kInt:
      return cel::TypeKind::kInt;
    case FieldKind::kNumber:
      return cel::TypeKind::kNumber;
    case FieldKind::kString:
      return cel::TypeKind::kString;
    case FieldKind::kAny:
      return cel::TypeKind::kDyn;
    case FieldKind::kList:
      return cel::TypeKind::kList;
    case FieldKind::kMap:
      return cel::TypeKind::kMap;
    case FieldKind::kObject:
      return cel::TypeKind::kRecord;
  }
  return cel::TypeKind::kDyn;
}

/// The keys of a model's maps.
inline constexpr cel::Type kFieldKeyType{.kind = cel::TypeKind::kString};

}  // namespace plumbline::engine
