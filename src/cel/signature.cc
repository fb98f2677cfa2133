#include "cel/signature.h"

#include <fmt/format.h>

namespace plumbline::cel {

std::string NameOf(const Type* type) {
  switch (type ? type->kind : TypeKind::kDyn) {
    case TypeKind::kDyn:
      return "dyn";
    case TypeKind::kNull:
      return "null_type";
    case TypeKind::kBool:
      return "bool";
    case TypeKind::kInt:
      return "int";
    case TypeKind::kUint:
      return "uint";
    case TypeKind::kDouble:
      return "double";
    case TypeKind::kNumber:
      return "number";
    case TypeKind::kString:
      return "string";
    case TypeKind::kBytes:
      return "bytes";
    case TypeKind::kDuration:
      return "google.protobuf.Duration";
    case TypeKind::kTimestamp:
      return "google.protobuf.Timestamp";
    case TypeKind::kType:
      return "type";
    case TypeKind::kIp:
      return "net.IP";
    case TypeKind::kCidr:
      return "net.CIDR";
    case TypeKind::kList:
      return fmt::format("list({})", NameOf(type->element));
    case TypeKind::kOptional:
      return fmt::format("optional({})", NameOf(type->element));
    case TypeKind::kMap:
      return fmt::format("map({}, {})", NameOf(type->key), NameOf(type->element));
    case TypeKind::kRecord:
      return std::string(type->record ? type->record->name : "record");
  }
  return "dyn";
}

bool IsDyn(const Type* type) { return type == nullptr || type->kind == TypeKind::kDyn; }

const Type* ElementOf(const Type* type) {
  return type && type->element ? type->element : &kDynType;
}

bool IsNumeric(const Type* type) {
  if (!type) return false;
  return type->kind == TypeKind::kInt || type->kind == TypeKind::kUint ||
         type->kind == TypeKind::kDouble || type->kind == TypeKind::kNumber;
}

namespace {

bool IsMapLike(const Type* type) {
  return type->kind == TypeKind::kMap || type->kind == TypeKind::kRecord;
}

}  // namespace

bool Comparable(const Type* a, const Type* b) {
  if (IsDyn(a) || IsDyn(b)) return true;
  if (a->kind == TypeKind::kNull || b->kind == TypeKind::kNull) return true;
  if (IsNumeric(a) && IsNumeric(b)) return true;
  if (IsMapLike(a) && IsMapLike(b)) return true;
  if (a->kind != b->kind) return false;
  if (a->kind == TypeKind::kList || a->kind == TypeKind::kOptional)
    return Comparable(ElementOf(a), ElementOf(b));
  return true;
}

bool SameType(const Type* a, const Type* b) {
  if (a == b || (IsDyn(a) && IsDyn(b))) return true;
  if (IsDyn(a) || IsDyn(b) || a->kind != b->kind || a->record != b->record) return false;
  return SameType(a->key, b->key) && SameType(a->element, b->element);
}

const Type* Common(const Type* a, const Type* b) {
  if (SameType(a, b)) return a;
  if (IsNumeric(a) && IsNumeric(b) && a->kind != TypeKind::kUint && b->kind != TypeKind::kUint)
    return &kNumberType;
  return &kDynType;
}

namespace {

const Type* TypeOfLetter(char letter) {
  switch (letter) {
    case 'n':
      return &kNullType;
    case 'b':
      return &kBoolType;
    case 'i':
      return &kIntType;
    case 'u':
      return &kUintType;
    case 'f':
      return &kDoubleType;
    case 'N':
      return &kNumberType;
    case 's':
      return &kStringType;
    case 'y':
      return &kBytesType;
    case 'L':
      return &kListType;
    case 'l':
      return &kStringListType;
    case 'M':
      return &kMapType;
    case 'D':
      return &kDurationType;
    case 'T':
      return &kTimestampType;
    case 't':
      return &kTypeType;
    case 'O':
      return &kOptionalType;
    case 'I':
      return &kIpType;
    case 'C':
      return &kCidrType;
    default:
      return &kDynType;
  }
}

bool Accepts(char letter, const Type* type, bool lenient) {
  const Type* wanted = TypeOfLetter(letter);
  if (IsDyn(wanted) || IsDyn(type)) return true;
  if (lenient && type->kind == TypeKind::kNull) return true;
  if (wanted->kind == TypeKind::kNumber) return IsNumeric(type);
  if (type->kind == TypeKind::kNumber) return IsNumeric(wanted);
  if (wanted->kind == TypeKind::kMap) return IsMapLike(type);
  if (letter == 'l' && type->kind == TypeKind::kList) {
    return IsDyn(ElementOf(type)) || ElementOf(type)->kind == TypeKind::kString;
  }
  return wanted->kind == type->kind;
}

bool Fits(std::string_view letters, std::span<const Type* const> args, bool lenient) {
  std::size_t at = 0;
  while (!letters.empty()) {
    bool many = letters.size() > 1 && letters[1] == '+';
    if (at >= args.size() || !Accepts(letters[0], args[at++], lenient)) return false;
    while (many && at < args.size()) {
      if (!Accepts(letters[0], args[at++], lenient)) return false;
    }
    letters.remove_prefix(many ? 2 : 1);
  }
  return at == args.size();
}

}  // namespace

const Type* Resolve(std::string_view overloads, std::span<const Type* const> args, bool lenient) {
  bool certain = true;
  for (const Type* arg : args)
    certain &= !IsDyn(arg) && arg->kind != TypeKind::kNumber && arg->kind != TypeKind::kNull;
  const Type* result = nullptr;
  while (!overloads.empty()) {
    std::string_view one = overloads.substr(0, overloads.find(' '));
    overloads.remove_prefix(std::min(one.size() + 1, overloads.size()));
    std::size_t arrow = one.find('>');
    if (!Fits(one.substr(0, arrow), args, lenient)) continue;
    char letter = one[arrow + 1];
    const Type* here = letter == '='   ? args[0]
                       : letter == 'e' ? ElementOf(args[0])
                                       : TypeOfLetter(letter);
    if (certain) return here;
    result = result ? Common(result, here) : here;
  }
  return result;
}

}  // namespace plumbline::cel
