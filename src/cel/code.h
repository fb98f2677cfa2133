// Compiled code: a header, an array of 16-byte nodes, an array of 32-bit operands, a pool of
// strings. Nodes name each other by index, so the bytes can lie anywhere, in read-only memory too,
// at any alignment. A node stands behind its children; the root is the last one. The layout is
// private to one build of plumbline: nothing of it is kept on disk.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace plumbline::cel {

enum class Op : std::uint8_t {
  // Leaves: a, b hold the value or the string's place (offset, length).
  kNull,
  kBool,
  kInt,
  kUint,
  kDouble,
  kString,
  kBytes,
  kTypeName,
  kFail,   // an error with the message (a, b): an unknown name in unchecked code
  kVar,    // a: slot of the activation
  kLocal,  // a: slot of the frame
  // Access. a: operand; b, c: the field's name.
  kSelect,
  kSlot,  // n: slot of the record
  kHas,
  kHasSlot,
  kOptSelect,
  // a, b
  kIndex,
  kOptIndex,
  kAdd,
  kSub,
  kMul,
  kDiv,
  kMod,
  kEq,
  kNe,
  kLt,
  kLe,
  kGt,
  kGe,
  kIn,
  kNot,     // a
  kNegate,  // a
  kCond,    // a ? b : c
  // a: first operand index, b: how many
  kAnd,
  kOr,
  kList,  // operands: element, with kOptionalBit for `?element`
  kMap,   // operands: key (with kOptionalBit), value, …
  kCall,  // n: builtin
  kHost,  // n: index of the host function
  // Macros. a: range, b: first operand index (parts of the macro), c: first local; n: MacroFlags
  kAll,
  kExists,
  kExistsOne,
  kFilter,
  kTransform,          // `map` and transformList. Parts: [filter,] value
  kTransformMap,       // parts: [filter,] value
  kTransformMapEntry,  // parts: [filter,] map literal
  kBind,               // a: value, b: body, c: local
  kOptMap,             // the same, over an optional
  kOptFlatMap,
  // Only in trees.
  kIdent,
  kMember,  // an unresolved member call: kids[0] is the receiver
  kGlobal,  // an unresolved global call
  kStruct,
  kField,
};

enum MacroFlags : std::uint16_t {
  kTwoVariables = 1,
  kHasFilter = 2,
  kElementIsObject = 4,  // the body reads fields of the variable, so it cannot be a key
};

/// `Node::flags` of a list of nothing but literals.
inline constexpr std::uint8_t kLiteralList = 1;

inline constexpr std::uint32_t kOptionalBit = 0x80000000u;

struct Node {
  Op op = Op::kNull;
  std::uint8_t flags = 0;
  std::uint16_t n = 0;
  std::uint32_t a = 0, b = 0, c = 0;
};
static_assert(sizeof(Node) == 16);

struct CodeHeader {
  std::uint32_t magic = 0;
  std::uint16_t version = 0;
  std::uint16_t lenient = 0;
  std::uint32_t node_count = 0;
  std::uint32_t operand_count = 0;
  std::uint32_t string_bytes = 0;
  std::uint32_t local_count = 0;
};
inline constexpr std::uint32_t kCodeMagic = 0x4C454350;  // "PCEL"
inline constexpr std::uint16_t kCodeVersion = 1;

/// Reads compiled code in place.
class CodeView {
 public:
  explicit CodeView(std::string_view code) : base_(code.data()) {
    std::memcpy(&header_, base_, sizeof(header_));
    operands_ = base_ + sizeof(CodeHeader) + sizeof(Node) * std::size_t{header_.node_count};
    strings_ = operands_ + sizeof(std::uint32_t) * std::size_t{header_.operand_count};
  }
  const CodeHeader& header() const { return header_; }
  Node node(std::uint32_t i) const {
    Node n;
    std::memcpy(&n, base_ + sizeof(CodeHeader) + sizeof(Node) * std::size_t{i}, sizeof(Node));
    return n;
  }
  std::uint32_t operand(std::uint32_t i) const {
    std::uint32_t v;
    std::memcpy(&v, operands_ + sizeof(v) * std::size_t{i}, sizeof(v));
    return v;
  }
  std::string_view string(std::uint32_t offset, std::uint32_t size) const {
    return {strings_ + offset, size};
  }

 private:
  const char* base_;
  const char* operands_;
  const char* strings_;
  CodeHeader header_;
};

/// Whether `code` has this build's header and every index in it is in range: for tests and code of
/// doubtful origin.
bool IsValidCode(std::string_view code);

}  // namespace plumbline::cel
