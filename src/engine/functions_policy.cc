// Functions that read documents: json() and policy().
//
// A document may be partly unknown. An unknown that was made by jsonencode() still has its
// structure; one that was made by a template has its parts, which are put together again with marks
// where the unknown ones stood, parsed, and the marks turned back into unknowns. So `"Action": "*"`
// is seen although the resource beside it is not known.
#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

#include "engine/functions.h"
#include "engine/run_state.h"
#include "value/json.h"

namespace plumbline::engine {
namespace {

// Stands for the unknown part with that number; the control character keeps it apart from any real
// text (JSON must escape one, and so do we).
constexpr std::string_view kMark = "\\u0001plumbline";
constexpr std::string_view kParsedMark = "\x01plumbline";

class Documents {
 public:
  Documents(Arena& arena, const Limits* limits)
      : arena_(arena), limits_(limits != nullptr ? *limits : Limits()) {}

  /// What a text, a partly unknown text or an object says. Nothing: it is no document. Unknown:
  /// nothing is known of it.
  std::optional<Value> Read(const cel::Val& v);
  /// A policy document in the form of docs/writing-rules.md; null when it is none.
  Value Policy(const Value& document);

 private:
  std::optional<Value> ReadTemplate(const UnknownInfo& info);
  Value Restore(const Value& value, std::span<const Value> parts);
  Value RestoreText(std::string_view text, std::span<const Value> parts);
  Value Statement(const Value& statement);
  Value TextList(const Value* value);
  void AddPrincipal(std::string_view type, const Value& id, std::vector<Value>& out);
  Value Principals(const Value* value);
  Value Conditions(const Value* value);
  Value Field(const Value& object, std::string_view key) const {
    const Value* v = object.Find(key);
    return v == nullptr ? Value() : *v;
  }

  Arena& arena_;
  Limits limits_;
};

std::optional<Value> Documents::ReadTemplate(const UnknownInfo& info) {
  std::string text;
  bool quoted = false;
  std::size_t number = 0;
  for (const Value& part : info.parts) {
    if (part.is_string()) {
      const std::string_view known = part.as_string();
      for (std::size_t i = 0; i < known.size(); ++i) {
        if (known[i] == '\\' && quoted) {
          ++i;
        } else if (known[i] == '"') {
          quoted = !quoted;
        }
      }
      text += known;
    } else {
      // Outside of quotes the unknown is a value of its own.
      text +=
          quoted ? fmt::format("{}{};", kMark, number) : fmt::format("\"{}{};\"", kMark, number);
    }
    ++number;
  }
  auto parsed = ParseJson(arena_, arena_.CopyString(text), limits_);
  if (!parsed) return std::nullopt;
  return Restore(*parsed, info.parts);
}

Value Documents::RestoreText(std::string_view text, std::span<const Value> parts) {
  std::vector<Value> pieces;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t at = rest.find(kParsedMark);
    if (at != 0) pieces.push_back(MakeString(arena_, rest.substr(0, at)));
    if (at == std::string_view::npos) break;
    rest.remove_prefix(at + kParsedMark.size());
    std::size_t number = 0;
    while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9' && number < parts.size()) {
      number = number * 10 + static_cast<std::size_t>(rest[0] - '0');
      rest.remove_prefix(1);
    }
    if (rest.starts_with(';')) rest.remove_prefix(1);
    if (number < parts.size()) pieces.push_back(parts[number]);
  }
  if (pieces.size() == 1) return pieces[0];
  UnknownInfo info;
  info.type = StringType();
  info.not_null = true;
  if (!pieces.empty() && pieces[0].is_string()) info.prefix = pieces[0].as_string();
  for (const Value& p : pieces) {
    if (!p.is_unknown()) continue;
    info.cause = p.unknown()->cause;
    info.refs = p.unknown()->refs;
    break;
  }
  info.parts = arena_.Copy(pieces);
  return MakeUnknown(arena_, info);
}

Value Documents::Restore(const Value& value, std::span<const Value> parts) {
  if (value.is_string()) {
    if (value.as_string().find(kParsedMark) == std::string_view::npos) return value;
    return RestoreText(value.as_string(), parts);
  }
  if (value.is_sequence()) {
    std::vector<Value> items;
    for (const Value& v : value.items()) items.push_back(Restore(v, parts));
    return MakeTuple(arena_, items);
  }
  if (value.is_mapping()) {
    std::vector<Member> members;
    for (const Member& m : value.members()) members.push_back({m.key, Restore(m.value, parts)});
    return MakeObject(arena_, members);
  }
  return value;
}

std::optional<Value> Documents::Read(const cel::Val& v) {
  switch (v.tag()) {
    case cel::Tag::kString: {
      auto parsed = ParseJson(arena_, v.as_string(), limits_);
      if (!parsed) return std::nullopt;
      return *parsed;
    }
    case cel::Tag::kData:
      return v.as_data();
    case cel::Tag::kMap:
    case cel::Tag::kList:
    case cel::Tag::kRecord:
      return cel::ToValue(v, arena_);
    case cel::Tag::kUnknown: {
      const UnknownInfo* info = v.as_unknown();
      if (info == nullptr) return std::nullopt;
      if (info->json != nullptr) return *info->json;
      if (!info->parts.empty()) {
        if (auto document = ReadTemplate(*info)) return document;
      }
      return Value::Unknown(info);
    }
    default:
      return std::nullopt;
  }
}

// One text or many, as a list; an unknown that could be either stays unknown.
Value Documents::TextList(const Value* value) {
  if (value == nullptr || value->is_null()) return MakeTuple(arena_, {});
  if (value->is_sequence()) return MakeTuple(arena_, value->items());
  if (value->is_unknown() && value->unknown()->type != nullptr &&
      value->unknown()->type->kind != TypeKind::kString) {
    return *value;
  }
  return MakeTuple(arena_, std::span<const Value>(value, 1));
}

void Documents::AddPrincipal(std::string_view type, const Value& id, std::vector<Value>& out) {
  if (id.is_sequence()) {
    for (const Value& item : id.items()) AddPrincipal(type, item, out);
    return;
  }
  if (id.is_null()) return;
  const Member members[] = {{"type", Value::String(type)}, {"id", id}};
  out.push_back(MakeObject(arena_, members));
}

Value Documents::Principals(const Value* value) {
  std::vector<Value> out;
  if (value == nullptr || value->is_null()) return MakeTuple(arena_, out);
  if (value->is_unknown()) return *value;
  if (value->is_mapping()) {
    for (const Member& m : value->members()) AddPrincipal(m.key, m.value, out);
  } else {
    AddPrincipal("*", *value, out);
  }
  return MakeTuple(arena_, out);
}

Value Documents::Conditions(const Value* value) {
  if (value != nullptr && value->is_unknown()) return *value;
  std::vector<Member> operators;
  if (value != nullptr) {
    for (const Member& op : value->members()) {
      std::vector<Member> keys;
      for (const Member& key : op.value.members()) keys.push_back({key.key, TextList(&key.value)});
      operators.push_back({op.key, op.value.is_unknown() ? op.value : MakeObject(arena_, keys)});
    }
  }
  return MakeObject(arena_, operators);
}

Value Documents::Statement(const Value& s) {
  if (!s.is_mapping()) return s;
  const Member members[] = {
      {"sid", Field(s, "Sid")},
      {"effect", Field(s, "Effect")},
      {"actions", TextList(s.Find("Action"))},
      {"not_actions", TextList(s.Find("NotAction"))},
      {"resources", TextList(s.Find("Resource"))},
      {"not_resources", TextList(s.Find("NotResource"))},
      {"principals", Principals(s.Find("Principal"))},
      {"not_principals", Principals(s.Find("NotPrincipal"))},
      {"conditions", Conditions(s.Find("Condition"))},
  };
  return MakeObject(arena_, members);
}

Value Documents::Policy(const Value& document) {
  const Value* statement = document.Find("Statement");
  if (!document.is_mapping() || (statement == nullptr && document.Find("Version") == nullptr))
    return Value();
  Value list = MakeTuple(arena_, {});
  if (statement != nullptr && statement->is_unknown()) {
    list = *statement;
  } else if (statement != nullptr) {
    std::vector<Value> statements;
    if (statement->is_mapping()) statements.push_back(Statement(*statement));
    for (const Value& s : statement->items()) {
      if (s.is_mapping() || s.is_unknown()) statements.push_back(Statement(s));
    }
    list = MakeTuple(arena_, statements);
  }
  const Member members[] = {{"statements", list}};
  return MakeObject(arena_, members);
}

template <typename Make>
cel::Val Memoised(const cel::Val& v, const cel::Activation& activation, int which, Make make) {
  RunState& run = *static_cast<RunState*>(activation.host);
  const bool text = v.tag() == cel::Tag::kString;
  const RunState::DocumentKey key{text ? v.as_string().data() : v.pointer(),
                                  text ? v.as_string().size() : 0, which};
  if (const auto it = run.documents().find(key); it != run.documents().end()) return it->second;
  return run.documents().emplace(key, make()).first->second;
}

bool IsDocument(const cel::Val& v) {
  switch (v.tag()) {
    case cel::Tag::kString:
    case cel::Tag::kData:
    case cel::Tag::kMap:
    case cel::Tag::kList:
    case cel::Tag::kRecord:
    case cel::Tag::kUnknown:
      return true;
    default:
      return false;
  }
}

}  // namespace

cel::Val Json(std::span<const cel::Val> args, const cel::Activation& activation) {
  if (!IsDocument(args[0])) return cel::Val::Null();
  return Memoised(args[0], activation, 0, [&] {
    const auto document = Documents(*activation.arena, activation.limits).Read(args[0]);
    return document ? cel::Val::FromValue(activation.arena->New<Value>(*document))
                    : cel::Val::Null();
  });
}

cel::Val Policy(std::span<const cel::Val> args, const cel::Activation& activation) {
  if (!IsDocument(args[0])) return cel::Val::Null();
  return Memoised(args[0], activation, 1, [&] {
    Documents documents(*activation.arena, activation.limits);
    const auto document = documents.Read(args[0]);
    if (!document) return cel::Val::Null();
    const Value policy = document->is_unknown() ? *document : documents.Policy(*document);
    return cel::Val::FromValue(activation.arena->New<Value>(policy));
  });
}

}  // namespace plumbline::engine
