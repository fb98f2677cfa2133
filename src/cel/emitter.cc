#include "cel/emitter.h"

#include <algorithm>
#include <unordered_map>
#include <vector>

namespace plumbline::cel {
namespace {

class Emitter {
 public:
  std::uint32_t Write(const Ast* ast) {
    std::vector<std::uint32_t> kids;
    kids.reserve(ast->kids.size());
    for (const Ast* kid : ast->kids)
      kids.push_back(Write(kid) | (kid->optional ? kOptionalBit : 0));
    Node node = MakeNode(*ast, kids);
    nodes_.push_back(node);
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }

  std::string Finish(std::uint32_t local_count, bool lenient) {
    CodeHeader header{kCodeMagic,
                      kCodeVersion,
                      lenient,
                      static_cast<std::uint32_t>(nodes_.size()),
                      static_cast<std::uint32_t>(operands_.size()),
                      static_cast<std::uint32_t>(strings_.size()),
                      local_count};
    std::string out(reinterpret_cast<const char*>(&header), sizeof(header));
    out.append(reinterpret_cast<const char*>(nodes_.data()), nodes_.size() * sizeof(Node));
    out.append(reinterpret_cast<const char*>(operands_.data()),
               operands_.size() * sizeof(std::uint32_t));
    return out + strings_;
  }

 private:
  using Kids = std::vector<std::uint32_t>;

  std::uint32_t Operands(const Kids& kids, std::size_t from) {
    auto first = static_cast<std::uint32_t>(operands_.size());
    operands_.insert(operands_.end(), kids.begin() + static_cast<std::ptrdiff_t>(from), kids.end());
    return first;
  }

  std::uint32_t Intern(std::string_view text) {
    auto [it, fresh] =
        places_.emplace(std::string(text), static_cast<std::uint32_t>(strings_.size()));
    if (fresh) strings_ += text;
    return it->second;
  }

  static bool IsLiteralList(const Ast& ast) {
    auto literal = [](const Ast* kid) { return kid->op <= Op::kBytes && !kid->optional; };
    return ast.op == Op::kList && std::ranges::all_of(ast.kids, literal);
  }

  Node MakeNode(const Ast& ast, const Kids& kids) {
    Node node;
    node.op = ast.op;
    switch (ast.op) {
      case Op::kNull:
        break;
      case Op::kBool:
      case Op::kInt:
      case Op::kUint:
      case Op::kDouble:
        node.a = static_cast<std::uint32_t>(ast.bits);
        node.b = static_cast<std::uint32_t>(ast.bits >> 32);
        break;
      case Op::kString:
      case Op::kBytes:
      case Op::kTypeName:
      case Op::kFail:
        node.a = Intern(ast.text);
        node.b = static_cast<std::uint32_t>(ast.text.size());
        break;
      case Op::kVar:
      case Op::kLocal:
        node.a = ast.slot;
        break;
      case Op::kSelect:
      case Op::kSlot:
      case Op::kHas:
      case Op::kHasSlot:
      case Op::kOptSelect:
        node.n = static_cast<std::uint16_t>(ast.slot);
        node.a = kids[0] & ~kOptionalBit;
        node.b = Intern(ast.text);
        node.c = static_cast<std::uint32_t>(ast.text.size());
        break;
      default:
        return Composite(ast, kids, node);
    }
    return node;
  }

  Node Composite(const Ast& ast, const Kids& kids, Node node) {
    switch (ast.op) {
      case Op::kAnd:
      case Op::kOr:
      case Op::kList:
      case Op::kMap:
      case Op::kCall:
      case Op::kHost:
        node.n = static_cast<std::uint16_t>(ast.slot);
        node.a = Operands(kids, 0);
        node.b = static_cast<std::uint32_t>(kids.size());
        if (IsLiteralList(ast)) node.flags = kLiteralList;
        break;
      case Op::kAll:
      case Op::kExists:
      case Op::kExistsOne:
      case Op::kFilter:
      case Op::kTransform:
      case Op::kTransformMap:
      case Op::kTransformMapEntry:
        node.n = static_cast<std::uint16_t>((ast.second.empty() ? 0 : kTwoVariables) |
                                            (ast.has_filter ? kHasFilter : 0) |
                                            (ast.object_element ? kElementIsObject : 0));
        node.a = kids[0];
        node.b = Operands(kids, 1);
        node.c = ast.slot;
        break;
      case Op::kBind:
      case Op::kOptMap:
      case Op::kOptFlatMap:
        node.a = kids[0];
        node.b = kids[1];
        node.c = ast.slot;
        break;
      default:
        node.a = kids.empty() ? 0 : kids[0];
        node.b = kids.size() > 1 ? kids[1] : 0;
        node.c = kids.size() > 2 ? kids[2] : 0;
        break;
    }
    return node;
  }

  std::vector<Node> nodes_;
  std::vector<std::uint32_t> operands_;
  std::string strings_;
  std::unordered_map<std::string, std::uint32_t> places_;
};

}  // namespace

std::string Emit(const Ast* root, std::uint32_t local_count, bool lenient) {
  Emitter emitter;
  emitter.Write(root);
  return emitter.Finish(local_count, lenient);
}

}  // namespace plumbline::cel
