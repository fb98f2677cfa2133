#include "gotmpl/executor.h"

#include <fmt/format.h>

#include <algorithm>

#include "gotmpl/format.h"
#include "gotmpl/show.h"
#include "gotmpl/utf8.h"

namespace plumbline::gotmpl {
namespace {

constexpr std::string_view kTimeType = "time.Time", kCertificateType = "sprig.certificate";

std::string_view ParameterName(char type) {
  switch (type) {
    case 's':
      return "string";
    case 'i':
      return "int";
    case 'l':
      return "int64";
    case 'f':
      return "float64";
    case 'b':
      return "bool";
    case 'm':
      return "map[string]interface {}";
    case 'a':
      return "[]interface {}";
    case 'S':
      return "[]string";
    case 't':
      return kTimeType;
    case 'c':
      return kCertificateType;
    default:
      return "interface {}";
  }
}

bool Fits(Value v, char type) {
  switch (type) {
    case 's':
      return v.is_string();
    case 'i':
      return v.kind() == Kind::kInt;
    case 'l':
      return v.kind() == Kind::kInt64;
    case 'f':
      return v.kind() == Kind::kFloat64;
    case 'b':
      return v.kind() == Kind::kBool;
    case 'm':
      return v.is_map() && v.map().element != Element::kString;
    case 'a':
      return v.is_list() && v.list().element == Element::kAny && v.list().type_name.empty();
    case 'S':
      return v.is_list() && v.list().element == Element::kString;
    case 't':
    case 'c':
      return v.kind() == Kind::kObject && v.object().TypeName() == ParameterName(type);
    default:
      return true;
  }
}

bool HasContent(std::string_view text) {
  return text.find_first_not_of(" \t\r\n-") != std::string_view::npos;
}

char ParameterOf(const Function& fn, std::size_t i) {
  std::string_view p = fn.parameters;
  bool variadic = p.ends_with('*');
  if (variadic) p.remove_suffix(1);
  if (i < p.size()) return p[i];
  return p.empty() ? 'v' : p.back();
}

}  // namespace

void TemplateSet::Add(const Template& t) {
  const Template* old = Find(t.name);
  if (old != nullptr && t.is_empty && !old->is_empty) return;
  by_name_[t.name] = &t;
}

const Template* TemplateSet::Find(std::string_view name) const {
  auto it = by_name_.find(name);
  if (it != by_name_.end()) return it->second;
  return base_ != nullptr ? base_->Find(name) : nullptr;
}

// --- Output ---

void Output::AppendLiteral(std::string_view text, Span at) {
  text_ += text;
  if (!traced_) return;
  has_content_ = has_content_ || HasContent(text);
  std::uint32_t offset = at.begin;
  while (true) {
    std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    std::size_t first = line.find_first_not_of(" \t");
    LineOrigin& now = lines_.back();
    if (!now.at.valid() && first != std::string_view::npos && at.valid()) {
      now.at = {at.file, offset + static_cast<std::uint32_t>(first),
                offset + static_cast<std::uint32_t>(line.size())};
    }
    if (!now.when.valid() && first != std::string_view::npos) now.when = reason_;
    if (end == std::string_view::npos) return;
    lines_.emplace_back();
    offset += static_cast<std::uint32_t>(end) + 1;
    text.remove_prefix(end + 1);
  }
}

void Output::Append(std::string_view text, Span at, OriginId origin, const Heap& heap) {
  text_ += text;
  if (!traced_) return;
  has_content_ = has_content_ || HasContent(text);
  for (std::size_t i = 0;; ++i) {
    std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    LineOrigin known = origin != 0 ? heap.OriginOf(origin, i) : LineOrigin{};
    LineOrigin& now = lines_.back();
    bool says_something = line.find_first_not_of(" \t") != std::string_view::npos;
    if (says_something && !now.at.valid()) now.at = known.at.valid() ? known.at : at;
    if (says_something && known.from.valid()) now.from = known.from;
    if (says_something && !now.when.valid()) now.when = known.when.valid() ? known.when : reason_;
    if (says_something && !known.from.valid()) now.computed |= known.computed || origin == 0;
    now.made_up |= known.made_up && says_something;
    if (known.left_out != nullptr && now.left_out == nullptr) now.left_out = known.left_out;
    if (end == std::string_view::npos) return;
    lines_.emplace_back();
    text.remove_prefix(end + 1);
  }
}

void Output::SetReason(Span from) {
  if (from.valid() && has_content_) reason_ = from;
}

void Output::NoteLeftOut(Span from, std::string_view body, Heap& heap) {
  constexpr std::uint32_t kMostOnALine = 32;
  if (!traced_ || !from.valid()) return;
  const LeftOut* before = lines_.back().left_out;
  std::uint32_t count = before != nullptr ? before->count + 1 : 1;
  if (count > kMostOnALine) return;
  auto* left_out = heap.arena().New<LeftOut>();
  *left_out = {from, body, before, count};
  lines_.back().left_out = left_out;
}

// --- Faults ---

Span Executor::SpanOf(const Template& t, std::uint32_t pos, std::uint32_t end) const {
  if (t.file == kNoFile) return {};
  return {t.file, pos, std::max(pos, end)};
}

bool Executor::Recover() {
  failed_ = false;
  error_ = {};
  depth_ = 0;
  return steps_left_ > 0 && bytes_left_ > 0;
}

std::string Executor::Shown(std::uint32_t* pos, std::uint32_t* begin, std::uint32_t* end) const {
  switch (at_.kind) {
    case Place::Kind::kOperand: {
      const Operand& o = *static_cast<const Operand*>(at_.what);
      *pos = o.pos;
      *begin = o.begin;
      *end = o.end;
      return Show(o);
    }
    case Place::Kind::kCommand: {
      const Command& c = *static_cast<const Command*>(at_.what);
      *pos = *begin = c.pos;
      *end = c.end;
      return Show(c);
    }
    case Place::Kind::kPipe: {
      const Pipe& p = *static_cast<const Pipe*>(at_.what);
      *pos = *begin = p.pos;
      *end = p.end;
      return Show(p);
    }
    case Place::Kind::kNode: {
      const Node& n = *static_cast<const Node*>(at_.what);
      *pos = *begin = n.pos;
      *end = n.end;
      if (n.kind == NodeKind::kTemplate) return ShowTemplate(n);
      return std::string(current_->source.substr(n.pos, n.end - n.pos));
    }
    default:
      return {};
  }
}

bool Executor::Fail(std::string message) {
  if (failed_) return false;
  failed_ = true;
  const Template& t = *current_;
  std::uint32_t pos = 0, begin = 0, end = 0;
  std::string context = Shown(&pos, &begin, &end);
  std::string_view before = t.source.substr(0, pos);
  std::size_t newline = before.rfind('\n');
  std::size_t column = newline == std::string_view::npos ? pos : pos - newline - 1;
  auto line = 1 + std::ranges::count(before, '\n');
  if (!error_.span.valid()) error_.span = SpanOf(t, begin, end);
  error_.message = fmt::format("template: {}:{}:{}: executing {} at <{}>: {}", t.parse_name, line,
                               column, Quote(t.name), context, message);
  return false;
}

bool Executor::Step() {
  if (steps_left_ > 0) {
    --steps_left_;
    return true;
  }
  return Fail(fmt::format("the rendering takes more than {} steps", limits_.steps));
}

// --- Templates ---

bool Executor::Execute(const Template& t, Value data, Output& out) {
  if (depth_ == 0) {
    failed_ = false;
    error_ = {};
  }
  const Template* outer = current_;
  Place outer_at = at_;
  current_ = &t;
  at_ = {};
  ++depth_;
  Frame frame{&t, std::vector<Value>(t.slots), &out};
  // A nil that is handed over is nothing at all.
  if (data.is_nil()) data = Value();
  frame.slots[0] = data;
  Flow flow = WalkList(t.body, data, frame);
  --depth_;
  current_ = outer;
  at_ = outer_at;
  return flow != Flow::kFail;
}

bool Executor::Include(std::string_view name, Value data, Value* out, std::string* error) {
  const Template* t = templates_->Find(name);
  if (t == nullptr) {
    *error =
        fmt::format("template: no template {} associated with template \"gotpl\"", Quote(name));
    return false;
  }
  if (depth_ >= limits_.depth) {
    *error = fmt::format(
        "rendering template has a nested reference name: {}: unable to execute template (more than "
        "{} templates deep)",
        name, limits_.depth);
    return false;
  }
  Output text(traced_);
  if (!Execute(*t, data, text)) {
    *error = std::move(error_.message);
    failed_ = false;  // the caller fails in its own words
    return false;
  }
  if (text.text().size() > bytes_left_) {
    *error = fmt::format("the templates make more than {} bytes of text", limits_.output_bytes);
    return false;
  }
  bytes_left_ -= text.text().size();
  OriginId origin = traced_ ? heap_.AddOrigin(text.lines()) : 0;
  *out = heap_.String(text.text(), origin);
  return true;
}

bool Executor::RunText(Value text, Value data, Value* out, std::string* error) {
  std::string_view source = text.as_string();
  if (source.find("{{") == std::string_view::npos) {
    *out = text;
    return true;
  }
  auto [it, is_new] = parsed_texts_.try_emplace(source);
  if (is_new) {
    auto parsed = Parse({"gotpl", source, kNoFile}, functions_, heap_.arena());
    if (!parsed) {
      parsed_texts_.erase(it);
      *error = fmt::format("cannot parse template {}: {}", Quote(source), parsed.error().message);
      return false;
    }
    it->second = std::move(*parsed);
  }
  if (depth_ >= limits_.depth) {
    *error = fmt::format("tpl is nested more than {} templates deep", limits_.depth);
    return false;
  }
  const std::vector<Template>& templates = it->second;
  TemplateSet with_definitions(templates_);
  for (const Template& t : std::span(templates).subspan(1)) with_definitions.Add(t);
  const TemplateSet* outer = templates_;
  if (templates.size() > 1) templates_ = &with_definitions;
  Output made(traced_);
  bool ok = Execute(templates[0], data, made);
  templates_ = outer;
  if (!ok) {
    *error = fmt::format("error during tpl function execution for {}: {}", Quote(source),
                         error_.message);
    failed_ = false;
    return false;
  }
  if (made.text().size() > bytes_left_) {
    *error = fmt::format("the templates make more than {} bytes of text", limits_.output_bytes);
    return false;
  }
  bytes_left_ -= made.text().size();
  OriginId origin = 0;
  if (traced_) {
    // The text itself has no file of its own: its lines stand where it comes from.
    std::vector<LineOrigin> lines = made.lines();
    for (LineOrigin& line : lines) {
      if (!line.from.valid()) line.from = heap_.OriginOf(text.origin()).from;
    }
    origin = heap_.AddOrigin(lines);
  }
  *out = heap_.String(made.text(), origin);
  return true;
}

// --- Nodes ---

Executor::Flow Executor::WalkList(std::span<const Node* const> nodes, Value dot, Frame& f) {
  for (const Node* node : nodes) {
    Flow flow = Walk(*node, dot, f);
    if (flow != Flow::kNext) return flow;
  }
  return Flow::kNext;
}

Executor::Flow Executor::Walk(const Node& node, Value dot, Frame& f) {
  At(node);
  if (!Step()) return Flow::kFail;
  switch (node.kind) {
    case NodeKind::kText:
      f.out->AppendLiteral(node.text, SpanOf(*f.tmpl, node.pos, node.end));
      return Flow::kNext;
    case NodeKind::kAction: {
      Value v;
      if (!EvalPipe(*node.pipe, dot, f, &v)) return Flow::kFail;
      if (!node.pipe->variables.empty()) return Flow::kNext;
      At(node);
      Span at = SpanOf(*f.tmpl, node.pos, node.end);
      if (v.is_string()) {
        f.out->Append(v.as_string(), at, v.origin(), heap_);
      } else {
        std::string text = v.is_nil()                  ? "<no value>"
                           : v.kind() == Kind::kObject ? v.object().PrintAlone()
                                                       : Sprint(v);
        f.out->Append(text, at, v.origin(), heap_);
      }
      if (f.out->text().size() > limits_.output_bytes) {
        Fail(fmt::format("the template makes more than {} bytes of text", limits_.output_bytes));
        return Flow::kFail;
      }
      return Flow::kNext;
    }
    case NodeKind::kIf:
    case NodeKind::kWith:
      return WalkBranch(node, dot, f);
    case NodeKind::kRange:
      return WalkRange(node, dot, f);
    case NodeKind::kTemplate:
      return WalkTemplate(node, dot, f);
    case NodeKind::kBreak:
      return Flow::kBreak;
    case NodeKind::kContinue:
      return Flow::kContinue;
  }
  return Flow::kNext;
}

Executor::Flow Executor::WalkBranch(const Node& node, Value dot, Frame& f) {
  Value v;
  if (!EvalPipe(*node.pipe, dot, f, &v)) return Flow::kFail;
  Span decided = traced_ ? heap_.OriginOf(v.origin()).from : Span{};
  Span before = f.out->reason();
  if (IsTrue(v)) {
    f.out->SetReason(decided);
    Flow flow = WalkList(node.body, node.kind == NodeKind::kWith ? v : dot, f);
    f.out->Restore(before);
    return flow;
  }
  if (decided.valid() && !node.body.empty()) {
    std::uint32_t begin = node.body.front()->pos, end = node.body.back()->end;
    if (end > begin) f.out->NoteLeftOut(decided, f.tmpl->source.substr(begin, end - begin), heap_);
  }
  f.out->SetReason(decided);
  Flow flow = WalkList(node.otherwise, dot, f);
  f.out->Restore(before);
  return flow;
}

Executor::Flow Executor::Round(const Node& node, Value index, Value element, bool has_index,
                               Frame& f) {
  auto variables = node.pipe->variables;
  if (!Step()) return Flow::kFail;
  if (variables.size() == 1) {
    if (!SetVariable(*variables[0], element, f)) return Flow::kFail;
  } else if (variables.size() == 2) {
    if (!SetVariable(*variables[0], has_index ? index : Value(), f) ||
        !SetVariable(*variables[1], element, f)) {
      return Flow::kFail;
    }
  }
  return WalkList(node.body, element, f);
}

Executor::Flow Executor::WalkRange(const Node& node, Value dot, Frame& f) {
  Value v;
  if (!EvalPipe(*node.pipe, dot, f, &v)) return Flow::kFail;
  if (v.kind() == Kind::kObject) {
    const List* list = v.object().AsList();
    if (list != nullptr) {
      v = Value::Of(list);
    } else if (Map* map = v.object().AsMap(heap_)) {
      v = Value::Of(map);
    }
  }
  Flow flow = Flow::kNext;
  std::size_t rounds = 0;
  auto round = [&](Value index, Value element, bool has_index) {
    if (++rounds > limits_.loop) {
      Fail(fmt::format("range goes on for more than {} rounds", limits_.loop));
      flow = Flow::kFail;
      return false;
    }
    flow = Round(node, index, element, has_index, f);
    return flow == Flow::kNext || flow == Flow::kContinue;
  };
  if (v.is_list()) {
    std::span<const Value> items = v.list().items;
    bool boxed = v.list().element == Element::kAny;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!round(Value::Int(static_cast<std::int64_t>(i)), items[i].Boxed(boxed), true)) break;
    }
  } else if (v.is_map()) {
    // The body may change the map it walks over.
    std::span<const Entry> entries = heap_.arena().Copy(std::span<const Entry>(v.map().entries()));
    bool boxed = v.map().element == Element::kAny;
    for (const Entry& e : entries) {
      if (!round(Value::String(e.key), e.value.Boxed(boxed), true)) break;
    }
  } else if (v.is_integer() && v.kind() != Kind::kUint64) {
    if (node.pipe->variables.size() > 1) {
      Fail(fmt::format("can't use {} to iterate over more than one variable", Sprint(v)));
      return Flow::kFail;
    }
    for (std::int64_t i = 0; i < v.as_int(); ++i) {
      Value element = v.kind() == Kind::kInt ? Value::Int(i) : Value::Int64(i);
      if (!round(Value(), element, false)) break;
    }
  } else if (!v.is_nil()) {
    Fail(fmt::format("range can't iterate over {}", Sprint(v)));
    return Flow::kFail;
  }
  if (flow == Flow::kFail) return flow;
  return rounds == 0 ? WalkList(node.otherwise, dot, f) : Flow::kNext;
}

Executor::Flow Executor::WalkTemplate(const Node& node, Value dot, Frame& f) {
  const Template* t = templates_->Find(node.text);
  if (t == nullptr) {
    Fail(fmt::format("template {} not defined", Quote(node.text)));
    return Flow::kFail;
  }
  if (depth_ >= limits_.depth) {
    Fail(fmt::format("exceeded maximum template depth ({})", limits_.depth));
    return Flow::kFail;
  }
  Value data;
  if (node.pipe != nullptr && !EvalPipe(*node.pipe, dot, f, &data)) return Flow::kFail;
  return Execute(*t, data, *f.out) ? Flow::kNext : Flow::kFail;
}

// --- Pipelines ---

bool Executor::SetVariable(const Operand& variable, Value v, Frame& f) {
  if (variable.slot < 0) return Fail(fmt::format("undefined variable: {}", variable.names[0]));
  f.slots[static_cast<std::size_t>(variable.slot)] = v;
  return true;
}

bool Executor::EvalPipe(const Pipe& pipe, Value dot, Frame& f, Value* out) {
  At(pipe);
  Value v;
  bool first = true;
  for (const Command* c : pipe.commands) {
    Value next;
    if (!EvalCommand(*c, dot, f, first ? nullptr : &v, &next)) return false;
    // What a pipeline hands on is the value itself, never an interface that holds nil.
    v = next.is_nil() ? Value() : next.Boxed(false);
    first = false;
  }
  for (const Operand* variable : pipe.variables) {
    if (!SetVariable(*variable, v, f)) return false;
  }
  *out = v;
  return true;
}

bool Executor::EvalCommand(const Command& c, Value dot, Frame& f, const Value* final, Value* out) {
  const Operand& first = *c.args[0];
  if (first.kind != OperandKind::kPipe) At(first);
  if (!Step()) return false;
  bool plain = c.args.size() == 1 && final == nullptr;
  switch (first.kind) {
    case OperandKind::kField:
      return EvalFields(dot, first.names, first, c.args.subspan(1), final, dot, f, out);
    case OperandKind::kVariable: {
      if (first.slot < 0) return Fail(fmt::format("undefined variable: {}", first.names[0]));
      Value v = f.slots[static_cast<std::size_t>(first.slot)];
      if (first.names.size() > 1)
        return EvalFields(v, first.names.subspan(1), first, c.args.subspan(1), final, dot, f, out);
      if (!plain) break;
      *out = v;
      return true;
    }
    case OperandKind::kChain: {
      Value v;
      if (!EvalOperand(*first.term, dot, f, &v)) return false;
      if (first.term->kind == OperandKind::kNil)
        return Fail(fmt::format("indirection through explicit nil in {}", Show(first)));
      return EvalFields(v, first.names, first, c.args.subspan(1), final, dot, f, out);
    }
    case OperandKind::kIdentifier:
      return EvalFunction(first, &c, c.args.subspan(1), final, dot, f, out);
    case OperandKind::kNil:
      if (!plain) break;
      return Fail("nil is not a command");
    default:
      if (!plain) break;
      return EvalOperand(first, dot, f, out);
  }
  return plain || Fail(fmt::format("can't give argument to non-function {}", Show(first)));
}

bool Executor::EvalOperand(const Operand& o, Value dot, Frame& f, Value* out) {
  At(o);
  switch (o.kind) {
    case OperandKind::kDot:
      *out = dot;
      return true;
    case OperandKind::kNil:
      *out = Value();
      return true;
    case OperandKind::kNumber:
      if (o.overflows) return Fail(fmt::format("{} overflows int", o.name));
      [[fallthrough]];
    case OperandKind::kBool:
    case OperandKind::kString:
      *out = o.value;
      return true;
    case OperandKind::kPipe:
      return EvalPipe(*o.pipe, dot, f, out);
    case OperandKind::kIdentifier:
      return EvalFunction(o, nullptr, {}, nullptr, dot, f, out);
    case OperandKind::kField:
      return EvalFields(dot, o.names, o, {}, nullptr, dot, f, out);
    case OperandKind::kVariable:
      if (o.slot < 0) return Fail(fmt::format("undefined variable: {}", o.names[0]));
      return EvalFields(f.slots[static_cast<std::size_t>(o.slot)], o.names.subspan(1), o, {},
                        nullptr, dot, f, out);
    case OperandKind::kChain: {
      Value v;
      if (o.term->kind == OperandKind::kNil)
        return Fail(fmt::format("indirection through explicit nil in {}", Show(o)));
      return EvalOperand(*o.term, dot, f, &v) &&
             EvalFields(v, o.names, o, {}, nullptr, dot, f, out);
    }
  }
  return false;
}

// --- Fields ---

bool Executor::EvalFields(Value receiver, std::span<const std::string_view> names, const Operand& o,
                          std::span<const Operand* const> args, const Value* final, Value dot,
                          Frame& f, Value* out) {
  std::vector<Value> values;
  bool has_args = !args.empty() || final != nullptr;
  for (std::size_t i = 0; i < names.size(); ++i) {
    bool last = i + 1 == names.size();
    // Only methods take arguments, which are not looked at before the method is found.
    if (last && has_args && receiver.kind() == Kind::kObject) {
      for (const Operand* a : args) {
        if (!EvalArgument(*a, 'v', dot, f, &values.emplace_back())) return false;
      }
      if (final != nullptr) values.push_back(*final);
    }
    Value next;
    if (!EvalField(receiver, names[i], o, values, last && has_args, &next)) return false;
    receiver = next;
  }
  *out = receiver;
  return true;
}

bool Executor::EvalField(Value receiver, std::string_view name, const Operand& o,
                         std::span<const Value> args, bool has_args, Value* out) {
  switch (receiver.kind()) {
    case Kind::kInvalid:
      *out = Value();
      return true;
    case Kind::kNil:
      return Fail(fmt::format("nil pointer evaluating interface {{}}.{}", name));
    case Kind::kMap: {
      if (has_args) return Fail(fmt::format("{} is not a method but has arguments", name));
      const Value* found = receiver.map().Find(name);
      if (found != nullptr) {
        *out = found->is_invalid() ? Value::Nil()
                                   : found->Boxed(receiver.map().element == Element::kAny);
      } else {
        // missingkey=zero: the zero of the map's elements.
        *out = receiver.map().element == Element::kString ? Value::String("") : Value::Nil();
      }
      return true;
    }
    case Kind::kObject: {
      std::string error;
      if (receiver.object().Get(heap_, name, args, out, &error)) return true;
      if (!error.empty()) {
        At(o);
        return Fail(fmt::format("error calling {}: {}", name, error));
      }
      break;
    }
    default:
      break;
  }
  return Fail(fmt::format("can't evaluate field {} in type {}", name,
                          receiver.is_boxed() ? "interface {}" : TypeName(receiver)));
}

// --- Functions ---

bool Executor::CheckCount(const Function& fn, std::size_t args, bool has_final) {
  std::size_t n = args + (has_final ? 1 : 0);
  std::size_t wanted = fn.parameters.size();
  bool variadic = fn.parameters.ends_with('*');
  if (variadic) wanted -= 2;
  if (variadic ? n >= wanted : n == wanted) return true;
  if (variadic)
    return Fail(
        fmt::format("wrong number of args for {}: want at least {} got {}", fn.name, wanted, args));
  return Fail(fmt::format("wrong number of args for {}: want {} got {}", fn.name, wanted, n));
}

bool Executor::ValidateType(Value v, char type, Value* out) {
  *out = v;
  if (type == 'v') return true;
  if (v.is_invalid()) {
    if (type == 'm' || type == 'a' || type == 'S') return true;
    return Fail(fmt::format("invalid value; expected {}", ParameterName(type)));
  }
  if (Fits(v, type)) return true;
  return Fail(fmt::format("wrong type for value; expected {}; got {}", ParameterName(type),
                          v.is_nil() ? "interface {}" : TypeName(v)));
}

bool Executor::EvalArgument(const Operand& o, char type, Value dot, Frame& f, Value* out) {
  At(o);
  auto wrong = [&](std::string_view expected) {
    return Fail(fmt::format("expected {}; found {}", expected, Show(o)));
  };
  switch (o.kind) {
    case OperandKind::kNil:
      if (type == 'v' || type == 'm' || type == 'a' || type == 'S') {
        *out = Value();
        return true;
      }
      return Fail(fmt::format("cannot assign nil to {}", ParameterName(type)));
    case OperandKind::kBool:
      if (type != 'v' && type != 'b') break;
      *out = o.value;
      return true;
    case OperandKind::kString:
      if (type != 'v' && type != 's') break;
      *out = o.value;
      return true;
    case OperandKind::kNumber:
      if (o.overflows) return Fail(fmt::format("{} overflows int", o.name));
      *out = o.value;
      if (type == 'v') return true;
      if (type == 'f') {
        *out = Value::Float(o.float_value);
        return true;
      }
      if (type != 'i' && type != 'l') break;
      if (!o.is_int) return wrong("integer");
      *out = type == 'i' ? Value::Int(o.int_value) : Value::Int64(o.int_value);
      return true;
    default: {
      Value v;
      return EvalOperand(o, dot, f, &v) && ValidateType(v, type, out);
    }
  }
  switch (type) {
    case 's':
      return wrong("string");
    case 'b':
      return wrong("bool");
    case 'f':
      return wrong("float");
    case 'i':
    case 'l':
      return wrong("integer");
    default:
      return Fail(fmt::format("can't handle {} for arg of type {}", Show(o), ParameterName(type)));
  }
}

// `and` and `or` stop at the argument that decides.
bool Executor::EvalLogic(const Operand& o, std::span<const Operand* const> args, const Value* final,
                         Value dot, Frame& f, Value* out) {
  if (args.empty() && final == nullptr)
    return Fail(fmt::format("wrong number of args for {}: want at least 1 got 0", o.name));
  bool is_or = o.name == "or";
  Value v;
  for (const Operand* a : args) {
    if (!EvalArgument(*a, 'v', dot, f, &v)) return false;
    if (IsTrue(v) == is_or) {
      *out = v;
      return true;
    }
  }
  *out = final != nullptr ? *final : v;
  return true;
}

bool Executor::EvalFunction(const Operand& o, const Command* whole,
                            std::span<const Operand* const> args, const Value* final, Value dot,
                            Frame& f, Value* out) {
  At(o);
  if (o.function == nullptr) return EvalLogic(o, args, final, dot, f, out);
  const Function& fn = *o.function;
  std::size_t n = args.size() + (final != nullptr ? 1 : 0);
  if (!CheckCount(fn, args.size(), final != nullptr)) return false;
  constexpr std::size_t kFew = 8;
  Value few[kFew];
  std::vector<Value> many(n > kFew ? n : 0);
  Value* values = n > kFew ? many.data() : few;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (!EvalArgument(*args[i], ParameterOf(fn, i), dot, f, &values[i])) return false;
  }
  if (final != nullptr && !ValidateType(*final, ParameterOf(fn, n - 1), &values[n - 1]))
    return false;
  Call call{*this, heap_, {values, n}};
  if (fn.run(call)) {
    *out = call.result;
    return true;
  }
  whole != nullptr ? At(*whole) : At(o);
  // The only function that calls what it is given by its name.
  if (fn.name == "call" && !args.empty() && !values[0].is_nil())
    call.error = fmt::format("non-function {} of type {}", Show(*args[0]), TypeName(values[0]));
  return Fail(fmt::format("error calling {}: {}", fn.name, call.error));
}

}  // namespace plumbline::gotmpl
