#include "terraform/policy_document.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <vector>

#include "value/json.h"

namespace plumbline::terraform {
namespace {

// The order of keys in the provider's JSON; keys that are not listed are sorted behind.
constexpr auto kKeyOrder = std::to_array<std::string_view>(
    {"Version", "Id", "Statement", "Sid", "Effect", "Action", "NotAction", "Resource",
     "NotResource", "Principal", "NotPrincipal", "Condition"});

std::size_t Rank(std::string_view key) {
  return static_cast<std::size_t>(std::ranges::find(kKeyOrder, key) - kKeyOrder.begin());
}

/// Writes like Go's encoding/json: <, > and & are escaped.
void AppendText(std::string& out, std::string_view s) {
  std::string plain;
  AppendJsonString(plain, s);
  for (char c : plain) {
    if (c == '<' || c == '>' || c == '&') {
      out += c == '<' ? "\\u003c" : c == '>' ? "\\u003e" : "\\u0026";
    } else {
      out += c;
    }
  }
}

class Writer {
 public:
  explicit Writer(bool pretty) : pretty_(pretty) {}

  void Write(Value v, int indent, bool ordered) {
    if (v.is_mapping()) {
      WriteObject(v, indent, ordered);
    } else if (v.is_sequence()) {
      WriteList(v, indent, ordered);
    } else if (v.is_string()) {
      AppendText(out, v.as_string());
    } else {
      AppendJson(out, v);
    }
  }

  std::string out;

 private:
  void Break(int indent) {
    if (!pretty_) return;
    out += '\n';
    out.append(static_cast<std::size_t>(indent) * 2, ' ');
  }

  void WriteObject(Value v, int indent, bool ordered) {
    std::vector<Member> members(v.members().begin(), v.members().end());
    if (ordered) std::ranges::stable_sort(members, {}, [](const Member& m) { return Rank(m.key); });
    out += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out += ',';
      Break(indent + 1);
      AppendText(out, members[i].key);
      out += pretty_ ? ": " : ":";
      // Below a statement's keys the names are the user's.
      Write(members[i].value, indent + 1, members[i].key == "Statement");
    }
    if (!members.empty()) Break(indent);
    out += '}';
  }

  void WriteList(Value v, int indent, bool ordered) {
    out += '[';
    for (std::size_t i = 0; i < v.items().size(); ++i) {
      if (i > 0) out += ',';
      Break(indent + 1);
      Write(v.items()[i], indent + 1, ordered);
    }
    if (!v.items().empty()) Break(indent);
    out += ']';
  }

  bool pretty_;
};

class Builder {
 public:
  Builder(ExprEvaluator& evaluator, Value attributes)
      : evaluator_(evaluator), arena_(evaluator.arena()), attributes_(attributes) {}

  PolicyDocument Build() {
    version_ = Text(attributes_, "version");
    id_ = Text(attributes_, "policy_id");
    bool ok = MergeDocuments("source_json") && MergeDocuments("source_policy_documents");
    if (const Value* blocks = attributes_.Find("statement")) {
      if (blocks->is_unknown()) statements_.push_back(*blocks);
      for (Value b : blocks->items()) AddStatement(b.is_unknown() ? b : Statement(b));
    }
    ok = ok && MergeDocuments("override_policy_documents") && MergeDocuments("override_json");
    if (!ok) return {open_, open_};
    std::vector<Member> members;
    members.push_back({"Version", version_.is_null() ? Value::String("2012-10-17") : version_});
    if (!id_.is_null()) members.push_back({"Id", id_});
    if (!statements_.empty()) members.push_back({"Statement", MakeTuple(arena_, statements_)});
    Value document = MakeObject(arena_, members);
    if (HasUnknown(document)) {
      Value v = Unknown(document);
      return {v, v};
    }
    return {Render(document, true), Render(document, false)};
  }

 private:
  Value Render(Value document, bool pretty) {
    Writer writer(pretty);
    writer.Write(document, 0, true);
    return MakeString(arena_, writer.out).WithMarks(DeepMarks(document));
  }

  Value Unknown(Value document) {
    std::vector<Value> leaves;
    CollectUnknown(document, leaves);
    UnknownInfo info = *evaluator_.UnknownFrom(StringType(), leaves, true).unknown();
    info.json = arena_.New<Value>(document);
    return MakeUnknown(arena_, info).WithMarks(DeepMarks(document));
  }

  void CollectUnknown(Value v, std::vector<Value>& out) {
    constexpr std::size_t kEnough = 64;
    if (out.size() >= kEnough) return;
    if (v.is_unknown()) out.push_back(v);
    for (Value i : v.items()) CollectUnknown(i, out);
    for (const Member& m : v.members()) CollectUnknown(m.value, out);
  }

  Value Text(Value object, std::string_view name) {
    const Value* v = object.Find(name);
    if (v == nullptr || (v->is_string() && v->as_string().empty())) return Value::Null();
    return *v;
  }

  /// IAM's own variables are written &{…} in HCL.
  Value Substituted(Value v) {
    if (!v.is_string() || v.as_string().find("&{") == std::string_view::npos) return v;
    std::string s(v.as_string());
    for (std::size_t at = s.find("&{"); at != std::string::npos; at = s.find("&{", at)) s[at] = '$';
    return MakeString(arena_, s);
  }

  /// One element becomes a scalar, several are sorted backwards: that is how the provider writes
  /// them.
  Value StringList(Value list, bool sorted) {
    if (list.is_unknown()) return list;
    std::vector<Value> items;
    for (Value i : list.items()) items.push_back(Substituted(i));
    if (items.size() == 1) return items[0];
    bool known = std::ranges::all_of(items, [](Value v) { return v.is_string(); });
    if (sorted && known) {
      std::ranges::sort(items, [](Value a, Value b) { return a.as_string() > b.as_string(); });
      auto same = std::ranges::unique(
          items, [](Value a, Value b) { return a.as_string() == b.as_string(); });
      items.erase(same.begin(), same.end());
      if (items.size() == 1) return items[0];
    }
    return MakeTuple(arena_, items);
  }

  void AddList(Value block, std::string_view from, std::string_view to, std::vector<Member>& out) {
    const Value* v = block.Find(from);
    if (v == nullptr || v->is_null() || (v->is_sequence() && v->items().empty())) return;
    out.push_back({to, StringList(*v, true)});
  }

  void AddPrincipals(Value block, std::string_view from, std::string_view to,
                     std::vector<Member>& out) {
    const Value* list = block.Find(from);
    if (list == nullptr || (list->is_sequence() && list->items().empty())) return;
    if (list->is_unknown()) {
      out.push_back({to, *list});
      return;
    }
    std::vector<std::pair<std::string_view, std::vector<Value>>> by_type;
    for (Value p : list->items()) {
      const Value* type = p.Find("type");
      const Value* ids = p.Find("identifiers");
      if (type == nullptr || !type->is_string() || ids == nullptr) {
        out.push_back({to, type != nullptr && type->is_unknown() ? *type
                           : p.is_unknown()                      ? p
                                                                 : Value::Null()});
        return;
      }
      Value names = StringList(*ids, true);
      if (list->items().size() == 1 && type->as_string() == "*" && names.is_string() &&
          names.as_string() == "*") {
        out.push_back({to, names});
        return;
      }
      auto at =
          std::ranges::find(by_type, type->as_string(), [](const auto& t) { return t.first; });
      if (at == by_type.end()) at = by_type.insert(by_type.end(), {type->as_string(), {}});
      if (names.is_sequence()) {
        at->second.insert(at->second.end(), names.items().begin(), names.items().end());
      } else {
        at->second.push_back(names);
      }
    }
    std::vector<Member> members;
    for (auto& [type, ids] : by_type)
      members.push_back({type, ids.size() == 1 ? ids[0] : MakeTuple(arena_, ids)});
    out.push_back({to, MakeObject(arena_, members)});
  }

  void AddConditions(Value block, std::vector<Member>& out) {
    const Value* list = block.Find("condition");
    if (list == nullptr || (list->is_sequence() && list->items().empty())) return;
    if (list->is_unknown()) {
      out.push_back({"Condition", *list});
      return;
    }
    std::vector<std::pair<std::string_view, std::vector<Member>>> tests;
    for (Value c : list->items()) {
      const Value* test = c.Find("test");
      const Value* variable = c.Find("variable");
      const Value* values = c.Find("values");
      bool open = c.is_unknown() || (test != nullptr && test->is_unknown()) ||
                  (variable != nullptr && variable->is_unknown());
      if (open) {
        out.push_back({"Condition", c.is_unknown() ? c : test->is_unknown() ? *test : *variable});
        return;
      }
      if (test == nullptr || variable == nullptr || values == nullptr || !test->is_string() ||
          !variable->is_string()) {
        continue;
      }
      auto at = std::ranges::find(tests, test->as_string(), [](const auto& t) { return t.first; });
      if (at == tests.end()) at = tests.insert(tests.end(), {test->as_string(), {}});
      at->second.push_back({variable->as_string(), StringList(*values, false)});
    }
    std::vector<Member> members;
    for (auto& [test, variables] : tests) members.push_back({test, MakeObject(arena_, variables)});
    out.push_back({"Condition", MakeObject(arena_, members)});
  }

  Value Statement(Value block) {
    std::vector<Member> out;
    if (Value sid = Text(block, "sid"); !sid.is_null()) out.push_back({"Sid", sid});
    Value effect = Text(block, "effect");
    out.push_back({"Effect", effect.is_null() ? Value::String("Allow") : effect});
    AddList(block, "actions", "Action", out);
    AddList(block, "not_actions", "NotAction", out);
    AddList(block, "resources", "Resource", out);
    AddList(block, "not_resources", "NotResource", out);
    AddPrincipals(block, "principals", "Principal", out);
    AddPrincipals(block, "not_principals", "NotPrincipal", out);
    AddConditions(block, out);
    return MakeObject(arena_, out);
  }

  /// A statement takes the place of an earlier one with the same Sid.
  void AddStatement(Value statement) {
    const Value* sid = statement.Find("Sid");
    if (sid != nullptr && sid->is_string()) {
      for (Value& s : statements_) {
        const Value* other = s.Find("Sid");
        if (other != nullptr && other->is_string() && other->as_string() == sid->as_string()) {
          s = statement;
          return;
        }
      }
    }
    statements_.push_back(statement);
  }

  bool Merge(Value text) {
    Value document;
    if (text.is_unknown()) {
      if (text.unknown()->json == nullptr) {
        open_ = evaluator_.UnknownFrom(StringType(), text, true);
        return false;
      }
      document = *text.unknown()->json;
    } else {
      if (!text.is_string() || text.as_string().empty()) return true;
      auto parsed = ParseJson(arena_, text.as_string(), evaluator_.functions().limits);
      if (!parsed) {
        open_ = MakeUnknown(arena_, StringType(), "a merged policy document is no JSON");
        return false;
      }
      document = *parsed;
    }
    if (Value id = Text(document, "Id"); !id.is_null()) id_ = id;
    if (Value v = Text(document, "Version"); !v.is_null()) version_ = v;
    const Value* list = document.Find("Statement");
    if (list == nullptr) return true;
    if (!list->is_sequence()) AddStatement(*list);
    for (Value s : list->items()) AddStatement(s);
    return true;
  }

  bool MergeDocuments(std::string_view name) {
    const Value* v = attributes_.Find(name);
    if (v == nullptr || v->is_null()) return true;
    if (!v->is_sequence()) return Merge(*v);
    return std::ranges::all_of(v->items(), [&](Value i) { return Merge(i); });
  }

  ExprEvaluator& evaluator_;
  Arena& arena_;
  Value attributes_;
  Value version_, id_;
  std::vector<Value> statements_;
  Value open_;
};

}  // namespace

PolicyDocument ComputePolicyDocument(ExprEvaluator& evaluator, Value attributes) {
  return Builder(evaluator, attributes).Build();
}

}  // namespace plumbline::terraform
