#include "hcl/template_parts.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "hcl/text.h"

namespace plumbline::hcl {

namespace {

using Kind = TemplatePart::Kind;

void ApplyStripMarkers(std::span<TemplatePart> parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].strip_before && i > 0 && parts[i - 1].kind == Kind::kLiteral) {
      parts[i - 1].text = TrimSpaceRight(parts[i - 1].text);
    }
    if (parts[i].strip_after && i + 1 < parts.size() && parts[i + 1].kind == Kind::kLiteral) {
      parts[i + 1].text = TrimSpaceLeft(parts[i + 1].text);
    }
  }
}

std::size_t CountSpaces(std::string_view s) {
  std::size_t count = 0;
  while (std::size_t n = SpaceLength(s)) {
    s.remove_prefix(n);
    ++count;
  }
  return count;
}

// Takes from every line the indentation that the least indented one has. A line that begins with a
// sequence has none; blank lines do not count and stay as they are.
void ApplyFlush(std::span<TemplatePart> parts) {
  constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();
  std::size_t least = kNone;
  bool line_start = true;
  std::vector<std::size_t> lines;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const TemplatePart& part = parts[i];
    bool literal = part.kind == Kind::kLiteral;
    if (line_start) {
      line_start = false;
      std::size_t spaces = literal ? CountSpaces(part.text) : 0;
      bool blank = literal && part.text.ends_with('\n') && TrimSpaceLeft(part.text).empty();
      if (!blank) {
        least = std::min(least, spaces);
        if (literal) lines.push_back(i);
      }
    }
    if (literal && part.text.ends_with('\n')) line_start = true;
  }
  for (std::size_t i : lines) {
    for (std::size_t k = 0; k < least; ++k) {
      parts[i].text.remove_prefix(std::min(parts[i].text.size(), SpaceLength(parts[i].text)));
    }
  }
}

// Builds the nested tree of directives from the flat list of parts.
class Assembler {
 public:
  Assembler(Arena& arena, std::span<const TemplatePart> parts, const TemplateOptions& options,
            TemplateError& error)
      : arena_(arena), parts_(parts), options_(options), error_(error) {}

  const Expr* Root(Span span) {
    bool wrap = parts_.size() == 1 && parts_[0].kind == Kind::kInterpolation;
    const Expr* e = Sequence(span, !wrap);
    if (e != nullptr && at_ < parts_.size()) return Fail(UnexpectedMessage(), parts_[at_].span);
    return e;
  }

 private:
  const Expr* Fail(std::string message, Span span) {
    if (error_.message.empty()) error_ = {std::move(message), span};
    return nullptr;
  }

  std::string UnexpectedMessage() const {
    switch (parts_[at_].kind) {
      case Kind::kElse:
        return "%{ else } without an open %{ if }";
      case Kind::kEndIf:
        return "%{ endif } without an open %{ if }";
      default:
        return "%{ endfor } without an open %{ for }";
    }
  }

  Expr* NewExpr(ExprKind kind, Span span) {
    Expr* e = arena_.New<Expr>();
    e->kind = kind;
    e->span = span;
    return e;
  }

  bool AtEndOfBody() const {
    if (at_ >= parts_.size()) return true;
    Kind k = parts_[at_].kind;
    return k == Kind::kElse || k == Kind::kEndIf || k == Kind::kEndFor;
  }

  // Adjacent literal parts as one string: a view when they lie side by side, else a copy.
  const Expr* Literal() {
    std::size_t first = at_, size = 0;
    bool adjacent = true;
    const char* end = parts_[first].text.data();
    for (; at_ < parts_.size() && parts_[at_].kind == Kind::kLiteral; ++at_) {
      std::string_view t = parts_[at_].text;
      if (t.empty()) continue;
      if (size > 0 && t.data() != end) adjacent = false;
      if (size == 0) start_ = t.data();
      size += t.size();
      end = t.data() + t.size();
    }
    Expr* e = NewExpr(ExprKind::kLiteral, Join(parts_[first].span, parts_[at_ - 1].span));
    e->quoted = true;
    std::string_view text;
    if (size > 0 && adjacent) text = {start_, size};
    if (size > 0 && !adjacent) text = Concatenate(first, size);
    e->value = Value::String(Normalize(arena_, text));
    return e;
  }

  std::string_view Concatenate(std::size_t first, std::size_t size) {
    std::span<char> out = arena_.NewArray<char>(size);
    char* to = out.data();
    for (std::size_t i = first; i < at_; ++i) {
      to = std::copy(parts_[i].text.begin(), parts_[i].text.end(), to);
    }
    return {out.data(), size};
  }

  const Expr* Sequence(Span span, bool is_string) {
    std::vector<const Expr*> out;
    while (!AtEndOfBody()) {
      const Expr* e = nullptr;
      bool literal = parts_[at_].kind == Kind::kLiteral;
      switch (parts_[at_].kind) {
        case Kind::kLiteral:
          e = Literal();
          break;
        case Kind::kInterpolation:
          e = parts_[at_++].expr;
          break;
        case Kind::kIf:
          e = If();
          break;
        default:
          e = For();
          break;
      }
      if (e == nullptr) return nullptr;
      if (!literal || !e->value.as_string().empty()) out.push_back(e);
    }
    return Template(span, std::move(out), is_string);
  }

  const Expr* Template(Span span, std::vector<const Expr*> out, bool is_string) {
    bool literal =
        out.size() == 1 && out[0]->kind == ExprKind::kLiteral && out[0]->value.is_string();
    if (is_string && (out.empty() || literal)) {
      Expr* e = NewExpr(ExprKind::kLiteral, span);
      e->value = out.empty() ? Value::String("") : out[0]->value;
      return Mark(e);
    }
    // A lone interpolation would keep its type; an empty literal beside it makes the result the
    // string it must be.
    if (is_string && out.size() == 1) {
      Expr* e = NewExpr(ExprKind::kLiteral, {span.file, span.end, span.end});
      e->quoted = true;
      e->value = Value::String("");
      out.push_back(e);
    }
    Expr* e = NewExpr(ExprKind::kTemplate, span);
    e->args = arena_.Copy(out);
    for (const Expr* part : out) {
      e->height = std::max<std::uint16_t>(e->height, static_cast<std::uint16_t>(part->height + 1));
    }
    if (e->height > options_.max_depth) return Fail("nested too deeply", span);
    return Mark(e);
  }

  const Expr* Mark(Expr* e) {
    e->quoted = options_.quoted;
    e->heredoc = options_.heredoc;
    return e;
  }

  bool Enter(Span span) {
    if (++depth_ <= options_.max_depth) return true;
    Fail("template directives are nested too deeply", span);
    return false;
  }

  const Expr* Body(Span after) {
    Span span = after;
    span.begin = after.end;
    span.end = at_ < parts_.size() ? parts_[at_].span.begin : after.end;
    std::size_t first = at_;
    const Expr* e = Sequence(span, true);
    if (e != nullptr && at_ > first) {
      const_cast<Expr*>(e)->span = Join(parts_[first].span, parts_[at_ - 1].span);
    }
    return e;
  }

  const Expr* If() {
    const TemplatePart& open = parts_[at_++];
    if (!Enter(open.span)) return nullptr;
    const Expr* arms[2] = {Body(open.span), nullptr};
    if (arms[0] == nullptr) return nullptr;
    if (At(Kind::kElse)) {
      Span at = parts_[at_++].span;
      arms[1] = Body(at);
      if (arms[1] == nullptr) return nullptr;
    }
    if (!At(Kind::kEndIf)) return Fail("%{ if } is not closed: expected %{ endif }", open.span);
    Expr* e = NewExpr(ExprKind::kIfDirective, Join(open.span, parts_[at_++].span));
    e->operand = open.expr;
    e->args = arena_.Copy(std::span<const Expr* const>(arms, 2));
    unsigned below = std::max<unsigned>(open.expr->height, arms[0]->height);
    if (arms[1] != nullptr) below = std::max<unsigned>(below, arms[1]->height);
    e->height = static_cast<std::uint16_t>(below + 1);
    --depth_;
    return e;
  }

  const Expr* For() {
    const TemplatePart& open = parts_[at_++];
    if (!Enter(open.span)) return nullptr;
    const Expr* body = Body(open.span);
    if (body == nullptr) return nullptr;
    if (!At(Kind::kEndFor)) {
      return Fail("%{ for } is not closed: expected %{ endfor }", open.span);
    }
    Expr* e = NewExpr(ExprKind::kForDirective, Join(open.span, parts_[at_++].span));
    ForExpr* f = arena_.New<ForExpr>();
    f->key_name = open.key_name;
    f->value_name = open.value_name;
    f->collection = open.expr;
    f->value = body;
    e->for_ = f;
    e->height = static_cast<std::uint16_t>(std::max(open.expr->height, body->height) + 1);
    --depth_;
    return e;
  }

  bool At(Kind kind) const { return at_ < parts_.size() && parts_[at_].kind == kind; }

  Arena& arena_;
  std::span<const TemplatePart> parts_;
  const TemplateOptions& options_;
  TemplateError& error_;
  std::size_t at_ = 0;
  std::uint32_t depth_ = 0;
  const char* start_ = nullptr;
};

// UTF-8 can say it: no half of a surrogate pair, nothing beyond the last code point.
bool IsScalar(std::uint32_t c) { return c <= 0x10FFFF && (c < 0xD800 || c >= 0xE000); }

void AppendUtf8(std::string& out, std::uint32_t c) {
  auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | (c >> 6));
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3F));
    put(0x80 | ((c >> 6) & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

// The code point of `digits` hexadecimal digits; nullopt when there are fewer.
std::optional<std::uint32_t> Hex(std::string_view s, std::size_t digits) {
  if (s.size() < digits) return std::nullopt;
  std::uint32_t v = 0;
  for (char c : s.substr(0, digits)) {
    std::uint32_t d = 0;
    if (c >= '0' && c <= '9') {
      d = static_cast<std::uint32_t>(c - '0');
    } else if ((c | 32) >= 'a' && (c | 32) <= 'f') {
      d = static_cast<std::uint32_t>((c | 32) - 'a' + 10);
    } else {
      return std::nullopt;
    }
    v = v * 16 + d;
  }
  return v;
}

// Appends the escape at the start of `s` ("\n…") and returns its length; 0 when it is none.
std::size_t AppendEscape(std::string& out, std::string_view s) {
  if (s.size() < 2) return 0;
  switch (s[1]) {
    case 'n':
      out += '\n';
      return 2;
    case 'r':
      out += '\r';
      return 2;
    case 't':
      out += '\t';
      return 2;
    case '"':
      out += '"';
      return 2;
    case '\\':
      out += '\\';
      return 2;
    case 'u':
    case 'U': {
      std::size_t digits = s[1] == 'u' ? 4 : 8;
      std::optional<std::uint32_t> c = Hex(s.substr(2), digits);
      if (!c || !IsScalar(*c)) return 0;
      AppendUtf8(out, *c);
      return 2 + digits;
    }
    default:
      return 0;
  }
}

std::string EscapeMessage(std::string_view s) {
  if (s.size() >= 2 && (s[1] == 'u' || s[1] == 'U')) {
    std::size_t digits = s[1] == 'u' ? 4 : 8;
    if (Hex(s.substr(2), digits)) {
      return "\"" + std::string(s.substr(0, 2 + digits)) +
             "\" is no character: expected a Unicode code point outside of D800 to DFFF, written "
             "as "
             "one escape";
    }
    return s[1] == 'u' ? "\\u must be followed by four hexadecimal digits"
                       : "\\U must be followed by eight hexadecimal digits";
  }
  std::size_t n = 1;
  while (n < s.size() && n < 5 && (n == 1 || !IsAscii(s[n]))) ++n;
  return "\"" + std::string(s.substr(0, n)) +
         "\" is not an escape: expected \\n, \\r, \\t, \\\", \\\\, \\uNNNN or \\UNNNNNNNN";
}

bool IsSequenceEscape(std::string_view s) {
  return s.size() >= 3 && (s[0] == '$' || s[0] == '%') && s[1] == s[0] && s[2] == '{';
}

}  // namespace

const Expr* AssembleTemplate(Arena& arena, std::span<TemplatePart> parts, Span span,
                             const TemplateOptions& options, TemplateError& error) {
  ApplyStripMarkers(parts);
  if (options.flush) ApplyFlush(parts);
  return Assembler(arena, parts, options, error).Root(span);
}

std::string_view Unescape(Arena& arena, std::string_view raw, bool backslashes,
                          std::optional<EscapeError>& error) {
  std::size_t i = raw.find_first_of(backslashes ? "\\$%" : "$%");
  if (i == std::string_view::npos) return raw;
  std::string out(raw.substr(0, i));
  while (i < raw.size()) {
    std::string_view rest = raw.substr(i);
    if (backslashes && rest[0] == '\\') {
      std::size_t n = AppendEscape(out, rest);
      if (n == 0) {
        error = EscapeError{i, EscapeMessage(rest)};
        return raw;
      }
      i += n;
    } else if (IsSequenceEscape(rest)) {
      out += rest.substr(1, 2);
      i += 3;
    } else {
      out += rest[0];
      ++i;
    }
  }
  return out == raw ? raw : arena.CopyString(out);
}

}  // namespace plumbline::hcl
