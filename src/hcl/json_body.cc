// The HCL JSON form: which members of an object are blocks is known from where the object stands
// for Terraform's own language. For the blocks of providers there is no schema: the caller knows
// names, and what holds a dynamic block is a block itself; others stay attributes (`Body::json`).
// Strings are templates, except in attributes that hold references or types, whose strings are
// expressions in native syntax, and in those that Terraform reads before anything can be evaluated.
// Specification: HCL JSON syntax, and Terraform's JSON configuration syntax.
#include <algorithm>
#include <array>
#include <vector>

#include "hcl/admit.h"
#include "hcl/body_checks.h"
#include "hcl/json_reader.h"
#include "hcl/parser.h"
#include "hcl/strict_parser.h"
#include "hcl/text.h"
#include "value/number.h"

namespace plumbline::hcl {

namespace {

using Kind = JsonNode::Kind;

// Where a body stands.
enum class Place : std::uint8_t {
  kRoot,
  kResource,
  kModule,
  kVariable,
  kOutput,
  kTerraform,
  kCloud,
  kLifecycle,
  kProvisioner,
  kDynamic,
  kContent,
  kCheck,
  kMoved,
  kImport,
  kRemoved,
  kProvider,
  kNested,    // a provider's nested block
  kSettings,  // attributes only, strings are literal
  kOther,     // attributes only
};

struct BlockType {
  Place parent;
  std::string_view name;
  int labels;
  Place place;
};

constexpr auto kBlockTypes = std::to_array<BlockType>({
    {Place::kRoot, "check", 1, Place::kCheck},
    {Place::kRoot, "data", 2, Place::kResource},
    {Place::kRoot, "ephemeral", 2, Place::kResource},
    {Place::kRoot, "import", 0, Place::kImport},
    {Place::kRoot, "locals", 0, Place::kOther},
    {Place::kRoot, "module", 1, Place::kModule},
    {Place::kRoot, "moved", 0, Place::kMoved},
    {Place::kRoot, "output", 1, Place::kOutput},
    {Place::kRoot, "provider", 1, Place::kProvider},
    {Place::kRoot, "removed", 0, Place::kRemoved},
    {Place::kRoot, "resource", 2, Place::kResource},
    {Place::kRoot, "terraform", 0, Place::kTerraform},
    {Place::kRoot, "variable", 1, Place::kVariable},
    {Place::kResource, "connection", 0, Place::kOther},
    {Place::kResource, "dynamic", 1, Place::kDynamic},
    {Place::kResource, "lifecycle", 0, Place::kLifecycle},
    {Place::kResource, "provisioner", 1, Place::kProvisioner},
    {Place::kVariable, "validation", 0, Place::kOther},
    {Place::kOutput, "precondition", 0, Place::kOther},
    {Place::kTerraform, "backend", 1, Place::kSettings},
    {Place::kTerraform, "cloud", 0, Place::kCloud},
    {Place::kTerraform, "provider_meta", 1, Place::kSettings},
    {Place::kTerraform, "required_providers", 0, Place::kSettings},
    {Place::kCloud, "workspaces", 0, Place::kSettings},
    {Place::kLifecycle, "postcondition", 0, Place::kOther},
    {Place::kLifecycle, "precondition", 0, Place::kOther},
    {Place::kProvisioner, "connection", 0, Place::kOther},
    {Place::kDynamic, "content", 0, Place::kContent},
    {Place::kContent, "dynamic", 1, Place::kDynamic},
    {Place::kNested, "dynamic", 1, Place::kDynamic},
    {Place::kCheck, "assert", 0, Place::kOther},
    {Place::kCheck, "data", 2, Place::kResource},
    {Place::kRemoved, "lifecycle", 0, Place::kOther},
    {Place::kRemoved, "provisioner", 1, Place::kProvisioner},
});

struct PlacedName {
  Place place;
  std::string_view name;
};

constexpr auto kReferences = std::to_array<PlacedName>({
    {Place::kResource, "depends_on"},
    {Place::kResource, "provider"},
    {Place::kModule, "depends_on"},
    {Place::kModule, "providers"},
    {Place::kVariable, "type"},
    {Place::kOutput, "depends_on"},
    {Place::kLifecycle, "ignore_changes"},
    {Place::kLifecycle, "replace_triggered_by"},
    {Place::kDynamic, "iterator"},
    {Place::kMoved, "from"},
    {Place::kMoved, "to"},
    {Place::kImport, "provider"},
    {Place::kImport, "to"},
    {Place::kRemoved, "from"},
});

// Read before there is anything to evaluate with: `${` has no meaning in them.
constexpr auto kLiterals = std::to_array<PlacedName>({
    {Place::kModule, "source"},
    {Place::kModule, "version"},
    {Place::kOutput, "description"},
    {Place::kTerraform, "required_version"},
    {Place::kVariable, "default"},
    {Place::kVariable, "description"},
});

const BlockType* FindBlockType(Place parent, std::string_view name) {
  for (const BlockType& t : kBlockTypes) {
    if (t.parent == parent && t.name == name) return &t;
  }
  return nullptr;
}

bool IsIn(std::span<const PlacedName> list, Place place, std::string_view name) {
  return std::ranges::any_of(
      list, [&](const PlacedName& n) { return n.place == place && n.name == name; });
}

// Where a provider's nested blocks may stand.
bool HoldsNestedBlocks(Place place) {
  return place == Place::kResource || place == Place::kNested || place == Place::kContent ||
         place == Place::kProvider;
}

// What strings in a value mean.
enum class Strings : std::uint8_t { kLiteral, kTemplate, kReference };

// Turns the JSON tree into bodies and expressions. Recursion follows the JSON tree, whose depth
// ReadJson bounds.
class Converter {
 public:
  Converter(FileId file, bool as_variables, Arena& arena, const Limits& limits,
            Diagnostics& diagnostics, IsNestedBlockName is_nested)
      : file_(file),
        strings_(as_variables ? Strings::kLiteral : Strings::kTemplate),
        arena_(arena),
        limits_(limits),
        diagnostics_(diagnostics),
        is_nested_(is_nested) {}

  const Body* Root(const JsonNode* node, std::uint32_t size) {
    Span span{file_, 0, size};
    if (node == nullptr) return EmptyBody(span);
    Place place = strings_ == Strings::kLiteral ? Place::kOther : Place::kRoot;
    return MakeBody(*node, place);
  }

 private:
  const Body* EmptyBody(Span span) {
    Body* body = arena_.New<Body>();
    body->json = true;
    body->span = span;
    return body;
  }

  void ReportExpectedObject(const JsonNode& node, std::string_view what) {
    diagnostics_.push_back({DiagnosticCode::kParseError,
                            "expected an object or a list of objects for " + std::string(what),
                            node.span});
  }

  // `node` is an object, or (at the root) a list of objects that are read as one.
  const Body* MakeBody(const JsonNode& node, Place place) {
    Members out;
    if (node.kind == Kind::kArray) {
      for (const JsonNode* item : node.items) AddMembers(*item, place, out);
    } else {
      AddMembers(node, place, out);
    }
    ReportDuplicates(out.attributes, diagnostics_);
    Body* body = arena_.New<Body>();
    body->attributes = arena_.Copy(out.attributes);
    body->blocks = arena_.Copy(out.blocks);
    body->comment = out.comment;
    body->span = node.span;
    body->json = true;
    return body;
  }

  struct Members {
    std::vector<Attribute> attributes;
    std::vector<Block> blocks;
    const Expr* comment = nullptr;
  };

  void AddMembers(const JsonNode& node, Place place, Members& out) {
    if (node.kind != Kind::kObject) {
      ReportExpectedObject(node, place == Place::kRoot ? "the whole file" : "the body");
      return;
    }
    for (const JsonMember& m : node.members) {
      if (m.key.text == "//") {
        if (place != Place::kNested) out.comment = MakeExpr(*m.value, Strings::kLiteral);
        continue;
      }
      const BlockType* type = FindBlockType(place, m.key.text);
      const BlockType nested{place, m.key.text, 0, Place::kNested};
      if (type == nullptr && HoldsNestedBlocks(place) && IsNested(m)) type = &nested;
      if (type != nullptr) {
        std::vector<Label> labels;
        AddBlocks(*type, m.key, *m.value, labels, out.blocks);
        continue;
      }
      Attribute a;
      a.name = m.key.text;
      a.name_span = m.key.span;
      a.span = Join(m.key.span, m.value->span);
      a.expr = MakeExpr(*m.value, StringsOf(place, a.name));
      if (a.expr != nullptr) out.attributes.push_back(a);
    }
  }

  Strings StringsOf(Place place, std::string_view name) const {
    if (IsIn(kReferences, place, name)) return Strings::kReference;
    bool literal = place == Place::kSettings || IsIn(kLiterals, place, name);
    return literal ? Strings::kLiteral : strings_;
  }

  // An object, or a list of nothing but objects, under a name that is known to be a block, or in
  // which a dynamic block shows that it is one.
  bool IsNested(const JsonMember& m) const {
    const JsonNode& node = *m.value;
    std::span<const JsonNode* const> bodies = node.items;
    const JsonNode* lone = &node;
    if (node.kind == Kind::kObject) bodies = {&lone, 1};
    auto is_object = [](const JsonNode* n) { return n->kind == Kind::kObject; };
    if (bodies.empty() || !std::ranges::all_of(bodies, is_object)) return false;
    if (is_nested_ != nullptr && is_nested_(resource_type_, m.key.text)) return true;
    return std::ranges::any_of(bodies, [](const JsonNode* n) {
      return std::ranges::any_of(n->members, [](const JsonMember& inner) {
        return inner.key.text == "dynamic" &&
               (inner.value->kind == Kind::kObject || inner.value->kind == Kind::kArray);
      });
    });
  }

  // A level of objects for each label, then an object or a list of objects for the block itself.
  void AddBlocks(const BlockType& type, const JsonNode& key, const JsonNode& node,
                 std::vector<Label>& labels, std::vector<Block>& blocks) {
    if (node.kind == Kind::kArray) {
      // One of several blocks is found by its own beginning, not by the key they share.
      bool several = type.labels == 0 && node.items.size() > 1;
      for (const JsonNode* item : node.items) {
        JsonNode own = key;
        if (several) own.span = {file_, item->span.begin, item->span.begin + 1};
        AddBlocks(type, own, *item, labels, blocks);
      }
      return;
    }
    if (node.kind == Kind::kNull) return;
    if (node.kind != Kind::kObject) {
      ReportExpectedObject(node, "\"" + std::string(key.text) + "\"");
      return;
    }
    if (static_cast<int>(labels.size()) == type.labels) {
      blocks.push_back(MakeBlock(type, key, node, labels));
      return;
    }
    for (const JsonMember& m : node.members) {
      if (m.key.text == "//") continue;
      labels.push_back({m.key.text, m.key.span});
      AddBlocks(type, key, *m.value, labels, blocks);
      labels.pop_back();
    }
  }

  // Labels stand far from the type when many blocks share it, so the header is the innermost key.
  Block MakeBlock(const BlockType& type, const JsonNode& key, const JsonNode& node,
                  const std::vector<Label>& labels) {
    Block block;
    block.type = type.name;
    block.type_span = key.span;
    block.labels = arena_.Copy(labels);
    block.header = labels.empty() ? key.span : labels.back().span;
    if (type.place == Place::kResource || type.place == Place::kProvider) {
      resource_type_ = labels[0].text;
    }
    block.body = MakeBody(node, type.place);
    block.span = Join(block.header, node.span);
    if (block.span.begin > node.span.begin) block.span.begin = node.span.begin;
    return block;
  }

  Expr* NewExpr(ExprKind kind, Span span) {
    Expr* e = arena_.New<Expr>();
    e->kind = kind;
    e->span = span;
    return e;
  }

  void Raise(Expr* e, const Expr* below) {
    e->height = std::max(e->height, static_cast<std::uint16_t>(below->height + 1));
  }

  // Null when a string holds a broken template, which is reported.
  const Expr* MakeExpr(const JsonNode& node, Strings strings) {
    Expr* e = NewExpr(ExprKind::kLiteral, node.span);
    switch (node.kind) {
      case Kind::kNull:
        return e;
      case Kind::kBool:
        e->value = Value::Bool(node.boolean);
        return e;
      case Kind::kNumber:
        return MakeNumber(node, e);
      case Kind::kString:
        return MakeString(node, strings);
      case Kind::kArray:
        return MakeTuple(node, strings, e);
      case Kind::kObject:
        return MakeObject(node, strings, e);
    }
    return e;
  }

  const Expr* MakeNumber(const JsonNode& node, Expr* e) {
    std::optional<Value> number = ParseNumber(arena_, node.text);
    if (!number) {
      diagnostics_.push_back(
          {DiagnosticCode::kParseError,
           "the number \"" + std::string(node.text.substr(0, 40)) + "\" is out of range",
           node.span});
      return nullptr;
    }
    e->value = *number;
    return e;
  }

  const Expr* MakeTuple(const JsonNode& node, Strings strings, Expr* e) {
    e->kind = ExprKind::kTuple;
    ++depth_;
    std::vector<const Expr*> items;
    items.reserve(node.items.size());
    for (const JsonNode* item : node.items) {
      const Expr* x = MakeExpr(*item, strings);
      if (x == nullptr) x = NewExpr(ExprKind::kError, item->span);
      items.push_back(x);
      Raise(e, x);
    }
    --depth_;
    e->args = arena_.Copy(items);
    return e;
  }

  const Expr* MakeObject(const JsonNode& node, Strings strings, Expr* e) {
    e->kind = ExprKind::kObject;
    ++depth_;
    std::vector<ObjectItem> items;
    items.reserve(node.members.size());
    for (const JsonMember& m : node.members) {
      ObjectItem item;
      item.key = MakeString(m.key, strings == Strings::kReference ? Strings::kLiteral : strings);
      item.value = MakeExpr(*m.value, strings);
      if (item.key == nullptr) continue;
      if (item.value == nullptr) item.value = NewExpr(ExprKind::kError, m.value->span);
      Raise(e, item.key);
      Raise(e, item.value);
      items.push_back(item);
    }
    --depth_;
    e->items = arena_.Copy(items);
    return e;
  }

  const Expr* MakeString(const JsonNode& node, Strings strings) {
    StrictParser::Origin origin{node.span.begin + 1, {}};
    if (node.decoded) origin.whole = node.span;
    Limits limits = limits_;  // what a string holds nests below where the string stands
    limits.max_depth -= std::min(depth_, limits.max_depth);
    if (strings == Strings::kReference) {
      Diagnostics ignored;  // what is no expression stays a string
      StrictParser parser(file_, node.text, arena_, limits, ignored, origin);
      const Expr* e = parser.ParseSingleExpression();
      if (e != nullptr) return e;
    }
    if (strings == Strings::kTemplate && node.text.find_first_of("$%") != std::string_view::npos) {
      StrictParser parser(file_, node.text, arena_, limits, diagnostics_, origin);
      const Expr* e = parser.ParseTemplateText();
      if (e != nullptr) {
        // The tree was made just now and nobody else holds it.
        const_cast<Expr*>(e)->quoted = true;
        const_cast<Expr*>(e)->span = node.span;
      }
      return e;
    }
    Expr* e = NewExpr(ExprKind::kLiteral, node.span);
    e->quoted = true;
    e->value = Value::String(Normalize(arena_, node.text));
    return e;
  }

  const FileId file_;
  const Strings strings_;
  std::uint32_t depth_ = 0;  // of the expression being made
  Arena& arena_;
  const Limits& limits_;
  Diagnostics& diagnostics_;
  const IsNestedBlockName is_nested_;
  std::string_view resource_type_;  // of the resource or provider being read
};

}  // namespace

const Body* ParseJsonFile(FileId file, std::string_view text, bool as_variables, Arena& arena,
                          const Limits& limits, Diagnostics& diagnostics,
                          IsNestedBlockName is_nested) {
  text = AdmitText(file, text, arena, limits, diagnostics);
  const JsonNode* root = ReadJson(file, text, arena, limits, diagnostics);
  return Converter(file, as_variables, arena, limits, diagnostics, is_nested)
      .Root(root, static_cast<std::uint32_t>(text.size()));
}

}  // namespace plumbline::hcl
