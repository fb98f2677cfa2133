// The way from text to code.
#include "cel/cel.h"
#include "cel/checker.h"
#include "cel/code.h"
#include "cel/emitter.h"
#include "cel/parser.h"
#include "cel/runtime.h"
#include "cel/signature.h"

namespace plumbline::cel {
namespace {

constexpr Limits kDefaultLimits;

}  // namespace

Result<std::string> Compile(std::string_view source, const CompileOptions& options) {
  Arena arena;
  PL_TRY(Ast * root, Parse(source, arena, options.limits ? *options.limits : kDefaultLimits));
  PL_TRY(CheckResult checked, Check(source, root, options, arena));
  return Emit(root, checked.local_count, options.lenient);
}

Result<std::string> CheckedType(std::string_view source, const CompileOptions& options) {
  Arena arena;
  PL_TRY(Ast * root, Parse(source, arena, options.limits ? *options.limits : kDefaultLimits));
  PL_TRY(CheckResult checked, Check(source, root, options, arena));
  return NameOf(checked.type);
}

namespace {

bool InRange(const CodeView& code, std::uint32_t first, std::uint32_t count, std::uint32_t below) {
  if (std::uint64_t{first} + count > code.header().operand_count) return false;
  for (std::uint32_t i = 0; i < count; ++i) {
    if ((code.operand(first + i) & ~kOptionalBit) >= below) return false;
  }
  return true;
}

bool IsText(const CodeView& code, std::uint32_t offset, std::uint32_t size) {
  return std::uint64_t{offset} + size <= code.header().string_bytes;
}

/// Children stand before their parent, so valid code has no cycle.
bool IsValidNode(const CodeView& code, std::uint32_t at) {
  Node n = code.node(at);
  switch (n.op) {
    case Op::kNull:
    case Op::kBool:
    case Op::kInt:
    case Op::kUint:
    case Op::kDouble:
    case Op::kVar:
      return true;
    case Op::kLocal:
      return n.a < code.header().local_count;
    case Op::kString:
    case Op::kBytes:
    case Op::kTypeName:
    case Op::kFail:
      return IsText(code, n.a, n.b);
    case Op::kSelect:
    case Op::kSlot:
    case Op::kHas:
    case Op::kHasSlot:
    case Op::kOptSelect:
      return n.a < at && IsText(code, n.b, n.c);
    case Op::kNot:
    case Op::kNegate:
      return n.a < at;
    case Op::kCond:
      return n.a < at && n.b < at && n.c < at;
    case Op::kCall:
      if ((n.n >> 8) >= BuiltinGroupCount()) return false;
      [[fallthrough]];
    case Op::kAnd:
    case Op::kOr:
    case Op::kList:
    case Op::kMap:
    case Op::kHost:
      return InRange(code, n.a, n.b, at);
    case Op::kBind:
    case Op::kOptMap:
    case Op::kOptFlatMap:
      return n.a < at && n.b < at && n.c < code.header().local_count;
    case Op::kAll:
    case Op::kExists:
    case Op::kExistsOne:
    case Op::kFilter:
    case Op::kTransform:
    case Op::kTransformMap:
    case Op::kTransformMapEntry: {
      std::uint32_t last = n.c + ((n.n & kTwoVariables) != 0 ? 1 : 0);
      return n.a < at && InRange(code, n.b, (n.n & kHasFilter) != 0 ? 2 : 1, at) &&
             last < code.header().local_count;
    }
    default:
      return n.op < Op::kIdent && n.a < at && n.b < at;
  }
}

}  // namespace

bool IsValidCode(std::string_view code) {
  if (code.size() < sizeof(CodeHeader)) return false;
  CodeHeader header;
  std::memcpy(&header, code.data(), sizeof(header));
  std::uint64_t size = sizeof(CodeHeader) + sizeof(Node) * std::uint64_t{header.node_count} +
                       sizeof(std::uint32_t) * std::uint64_t{header.operand_count} +
                       header.string_bytes;
  if (header.magic != kCodeMagic || header.version != kCodeVersion || header.node_count == 0 ||
      code.size() != size) {
    return false;
  }
  CodeView view(code);
  for (std::uint32_t i = 0; i < header.node_count; ++i) {
    if (!IsValidNode(view, i)) return false;
  }
  return true;
}

}  // namespace plumbline::cel
