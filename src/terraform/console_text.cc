#include "terraform/console_text.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <vector>

#include "value/number.h"

namespace plumbline::terraform {
namespace {

constexpr std::size_t kMaxDepth = 200;

void AppendEscape(std::string& out, std::uint32_t c) {
  char prefix = c < 0x80 ? 'x' : c < 0x10000 ? 'u' : 'U';
  out += fmt::format("\\{}{:0{}x}", prefix, c, prefix == 'x' ? 2 : prefix == 'u' ? 4 : 8);
}

void AppendCharacter(std::string& out, utf8proc_int32_t c, std::string_view bytes) {
  constexpr std::string_view kControls = "\a\b\f\n\r\t\v", kNames = "abfnrtv";
  if (c == '"' || c == '\\') {
    out += '\\';
    out += bytes;
  } else if (IsPrintable(c)) {
    out += bytes;
  } else if (auto at = c < 0x80 ? kControls.find(static_cast<char>(c)) : std::string_view::npos;
             c != 0 && at != std::string_view::npos) {
    out += '\\';
    out += kNames[at];
  } else {
    AppendEscape(out, static_cast<std::uint32_t>(c));
  }
}

// In quotes, with Go's escapes, which is how Terraform shows a string.
void AppendQuoted(std::string& out, std::string_view s) {
  out += '"';
  while (!s.empty()) {
    utf8proc_int32_t c = 0;
    auto n = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(s.data()),
                              static_cast<utf8proc_ssize_t>(s.size()), &c);
    if (n <= 0) {
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(s[0]));
      s.remove_prefix(1);
      continue;
    }
    AppendCharacter(out, c, s.substr(0, static_cast<std::size_t>(n)));
    s.remove_prefix(static_cast<std::size_t>(n));
  }
  out += '"';
}

std::string_view TrimSpace(std::string_view s) {
  auto blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return s;
}

std::vector<std::string_view> Lines(std::string_view s) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0;;) {
    std::size_t end = s.find('\n', at);
    lines.push_back(s.substr(at, end - at));
    if (end == std::string_view::npos) return lines;
    at = end + 1;
  }
}

// Terraform's console says "dynamic" where messages say "any type".
std::string FriendlyName(const Type* t) {
  switch (t->kind) {
    case TypeKind::kDynamic:
      return "dynamic";
    case TypeKind::kList:
      return "list of " + FriendlyName(t->element);
    case TypeKind::kSet:
      return "set of " + FriendlyName(t->element);
    case TypeKind::kMap:
      return "map of " + FriendlyName(t->element);
    default:
      return TypeName(t);
  }
}

class Printer {
 public:
  std::string out;

  void Print(Value v, std::size_t depth) {
    if (depth > kMaxDepth) {
      out += "...";
      return;
    }
    if (v.marks() != 0 && !v.is_unknown()) {
      out += v.sensitive() ? "(sensitive value)" : "(ephemeral value)";
      return;
    }
    switch (v.kind()) {
      case Kind::kNull:
        Null(v);
        return;
      case Kind::kUnknown:
        out += "(known after apply)";
        return;
      case Kind::kBool:
        out += v.as_bool() ? "true" : "false";
        return;
      case Kind::kNumber:
        out += FormatNumber(v);
        return;
      case Kind::kString:
        Text(v.as_string(), depth);
        return;
      case Kind::kList:
        Items("tolist(", v, ")", depth);
        return;
      case Kind::kSet:
        Items("toset(", v, ")", depth);
        return;
      case Kind::kTuple:
        Items("", v, "", depth);
        return;
      case Kind::kMap:
        Members("tomap(", v, ")", depth);
        return;
      case Kind::kObject:
        Members("", v, "", depth);
        return;
    }
  }

 private:
  void Null(Value v) {
    const Type* t = v.null_type();
    TypeKind kind = t == nullptr ? TypeKind::kDynamic : t->kind;
    switch (kind) {
      case TypeKind::kDynamic:
        out += "null";
        return;
      case TypeKind::kString:
      case TypeKind::kNumber:
      case TypeKind::kBool:
        out += "to" + TypeName(t) + "(null)";
        return;
      case TypeKind::kList:
      case TypeKind::kSet:
      case TypeKind::kMap:
        out += kind == TypeKind::kList ? "tolist" : kind == TypeKind::kSet ? "toset" : "tomap";
        out += "(null) /* of " + FriendlyName(t->element) + " */";
        return;
      default:
        out += "null /* " + TypeName(t) + " */";
    }
  }

  // Several lines are shown as a heredoc; its marker must not be one of the lines.
  void Text(std::string_view s, std::size_t depth) {
    if (s.find('\n') == std::string_view::npos) {
      AppendQuoted(out, s);
      return;
    }
    auto lines = Lines(s);
    std::string marker = "EOT";
    auto taken = [&](std::string_view line) { return TrimSpace(line) == marker; };
    while (std::ranges::any_of(lines, taken)) marker += "_";
    out += depth > 0 ? "<<-" : "<<";
    out += marker;
    for (std::string_view line : lines) {
      Line(depth);
      out += line;
    }
    Line(depth);
    out += marker;
  }

  void Line(std::size_t depth) {
    out += '\n';
    out.append(depth * 2, ' ');
  }

  void Items(const char* open, Value v, const char* close, std::size_t depth) {
    out += open;
    out += '[';
    for (Value i : v.items()) {
      Line(depth + 1);
      Print(i, depth + 1);
      out += ',';
    }
    if (!v.items().empty()) Line(depth);
    out += ']';
    out += close;
  }

  void Members(const char* open, Value v, const char* close, std::size_t depth) {
    out += open;
    out += '{';
    for (const Member& m : v.members()) {
      Line(depth + 1);
      Text(m.key, depth + 1);
      out += " = ";
      Print(m.value, depth + 1);
    }
    if (!v.members().empty()) Line(depth);
    out += '}';
    out += close;
  }
};

// Elements of a tuple or object type, each on a line of its own.
template <typename Each>
void AppendTypeItems(std::string& out, std::size_t n, std::size_t depth, Each each) {
  for (std::size_t i = 0; i < n; ++i) {
    out += '\n';
    out.append((depth + 1) * 4, ' ');
    each(i);
    out += ',';
  }
  if (n == 0) return;
  out += '\n';
  out.append(depth * 4, ' ');
}

void AppendType(std::string& out, const Type* t, std::size_t depth) {
  if (depth > kMaxDepth) {
    out += "...";
    return;
  }
  switch (t->kind) {
    case TypeKind::kList:
    case TypeKind::kSet:
    case TypeKind::kMap: {
      out += t->kind == TypeKind::kList ? "list(" : t->kind == TypeKind::kSet ? "set(" : "map(";
      bool structural =
          t->element->kind == TypeKind::kTuple || t->element->kind == TypeKind::kObject;
      AppendTypeItems(out, structural ? 1 : 0, depth,
                      [&](std::size_t) { AppendType(out, t->element, depth + 1); });
      if (!structural) AppendType(out, t->element, depth);
      out += ')';
      return;
    }
    case TypeKind::kTuple:
      out += "tuple([";
      AppendTypeItems(out, t->elements.size(), depth,
                      [&](std::size_t i) { AppendType(out, t->elements[i], depth + 1); });
      out += "])";
      return;
    case TypeKind::kObject:
      out += "object({";
      AppendTypeItems(out, t->attrs.size(), depth, [&](std::size_t i) {
        out += t->attrs[i].name;
        out += ": ";
        AppendType(out, t->attrs[i].type, depth + 1);
      });
      out += "})";
      return;
    default:
      out += FriendlyName(t);
  }
}

}  // namespace

bool IsPrintable(std::int32_t c) {
  utf8proc_category_t category = utf8proc_category(c);
  return c == ' ' || (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_SO);
}

std::string ConsoleText(Value v) {
  Printer printer;
  printer.Print(v, 0);
  return printer.out;
}

std::string ConsoleTypeText(const Type* type) {
  std::string out;
  AppendType(out, type, 0);
  return out;
}

}  // namespace plumbline::terraform
