// The `vars` field: `$(NAME)` in certain fields stands for a value of a resource.
#include <algorithm>
#include <map>

#include "kustomize/transformers.h"

namespace plumbline::kustomize {
namespace {

using Values = std::map<std::string, const Node*, std::less<>>;

// "$(NAME)" read at the dollar sign.
struct Reference {
  std::string_view name;  // empty data pointer: none
  std::size_t length = 0;
  std::string literal;  // what stands for it when it is no reference
  bool is_reference = false;
};

Reference ReadReference(std::string_view text) {
  Reference out;
  out.length = 2;
  char next = text[1];
  if (next == '$') {
    out.literal = "$";
    return out;
  }
  if (next == '(') {
    std::size_t close = text.find(')', 2);
    if (close != std::string_view::npos) {
      out.name = text.substr(2, close - 2);
      out.length = close + 1;
      out.is_reference = true;
      return out;
    }
  }
  out.literal = std::string(text.substr(0, 2));
  return out;
}

class Run {
 public:
  Run(Context& context, const Values& values) : context_(context), values_(values) {}

  Result<void> Set(Node* node) {
    if (IsNull(node)) return {};
    if (node->is_scalar()) {
      Replace(node);
    } else if (node->is_mapping()) {
      for (Field& f : node->fields) Replace(f.value);
    } else {
      for (Node* item : node->items) {
        if (!IsText(item)) return Fail("invalid value type expect a string");
        Replace(item);
      }
    }
    return {};
  }

 private:
  static bool IsText(const Node* n) {
    return n->is_scalar() && (n->tag == Tag::kString || n->tag == Tag::kNone);
  }

  void Replace(Node* node) {
    if (!IsText(node)) return;
    std::string_view text = node->text;
    std::string out;
    const Node* source = nullptr;
    for (std::size_t i = 0; i < text.size();) {
      if (text[i] != '$' || i + 1 >= text.size()) {
        out += text[i++];
        continue;
      }
      Reference r = ReadReference(text.substr(i));
      auto it = r.is_reference ? values_.find(r.name) : values_.end();
      if (it != values_.end() && it->second->is_scalar()) {
        source = it->second;
        if (r.length == text.size()) return Take(node, *source);
        out += source->text;
      } else {
        out += r.is_reference ? std::string(text.substr(i, r.length)) : r.literal;
      }
      i += r.length;
    }
    if (source == nullptr && out == text) return;
    node->text = context_.pool.Keep(out);
    node->tag = Tag::kString;
    node->quoted = false;
    if (source == nullptr) return;
    node->span = source->span;
    node->from = source->from;
  }

  // A reference alone keeps the type of what it stands for.
  static void Take(Node* node, const Node& source) {
    node->text = source.text;
    node->tag = source.tag == Tag::kNone || source.tag == Tag::kNull ? Tag::kString : source.tag;
    node->quoted = false;
    node->span = source.span;
    node->from = source.from;
  }

  Context& context_;
  const Values& values_;
};

// "[0]" as an index of its own: "ports[0].port" → ports, 0, port.
std::vector<std::string> VarPath(std::string_view path) {
  std::vector<std::string> out;
  for (const std::string& part : SplitFieldPath(path)) {
    std::size_t open = part.find('[');
    bool index = open != std::string::npos && open > 0 && part.ends_with(']');
    if (!index) {
      out.push_back(part);
      continue;
    }
    out.push_back(part.substr(0, open));
    out.push_back(part.substr(open + 1, part.size() - open - 2));
  }
  return out;
}

Result<const Node*> FindValue(ResMap& resources, const VarArgs& var) {
  for (const ResourcePtr& r : resources.list) {
    if (std::ranges::find(r->var_names, var.name) == r->var_names.end()) continue;
    auto found = Lookup(r->root, VarPath(var.field_path));
    if (!found || *found == nullptr) {
      return Fail("field " + var.field_path + " specified in var '" + var.name +
                  "' not found in corresponding resource");
    }
    return *found;
  }
  return Fail("var '" + var.name + "' cannot be mapped to a field in the set of known resources");
}

}  // namespace

Result<void> ResolveVars(Context& context, ResMap& resources, const std::vector<VarArgs>& vars,
                         const FieldSpecs& specs) {
  Values values;
  for (const VarArgs& var : vars) {
    context.fault = var.span;
    auto found = FindValue(resources, var);
    if (!found && (resources.lacks_resources || resources.lacks_changes)) continue;
    PL_TRY(const Node* value, std::move(found));
    // A copy: the source may hold references of its own, which count as they were.
    values[var.name] = context.pool.Copy(value);
  }
  if (values.empty()) return {};
  Run run(context, values);
  for (const ResourcePtr& r : resources.list) {
    for (const FieldSpec& spec : specs) {
      PL_CHECK_OK(VisitFields(context.pool, r->root, spec, std::nullopt,
                              [&](Node* field) { return run.Set(field); }));
    }
  }
  return {};
}

}  // namespace plumbline::kustomize
