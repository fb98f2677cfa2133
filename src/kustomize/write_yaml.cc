#include "kustomize/write_yaml.h"

#include <algorithm>
#include <cmath>

#include "kustomize/node.h"
#include "value/json.h"
#include "value/number.h"

namespace plumbline::kustomize {
namespace {

// Plain text of safe characters only: everything else is quoted.
bool IsPlain(std::string_view s) {
  if (s.empty() || s.size() > 1000) return false;
  auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '/' || c == '.';
  };
  auto inner = [&](char c) { return letter(c) || c == '-' || c == '@' || c == '+' || c == '='; };
  if (!letter(s.front()) && s.front() != '-') return false;
  if (s.front() == '-' && (s.size() == 1 || !letter(s[1]))) return false;
  if (s == "=" || s == "." || s.starts_with("---") || s.starts_with("...")) return false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    bool word_gap = s[i] == ' ' && i > 0 && i + 1 < s.size() && s[i - 1] != ' ' && letter(s[i + 1]);
    bool inner_colon = s[i] == ':' && i > 0 && i + 1 < s.size() && letter(s[i + 1]);
    if (!inner(s[i]) && !word_gap && !inner_colon) return false;
  }
  // Dates and sexagesimal numbers are something else to some readers.
  bool numeric = s.find_first_not_of("0123456789:-+._eExXoO") == std::string_view::npos;
  return !numeric && !IsNonString11(s) && ResolveTag(s) == Tag::kString;
}

// Whether `|` can hold the text: whole lines of printable characters, none that starts oddly.
bool FitsBlock(std::string_view s) {
  if (s.find('\n') == std::string_view::npos || s.front() == ' ' || s.front() == '\n') return false;
  if (s.front() == '\t') return false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    auto c = static_cast<unsigned char>(s[i]);
    if (c == '\n' || c == '\t') continue;
    if (c < 0x20 || c >= 0x7F) return false;
  }
  return s.find("\n\n\n") == std::string_view::npos && !s.ends_with("\n\n");
}

class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  void Document(const yaml::Node& node) {
    if (IsEmpty(node) || !IsCollection(node)) {
      Scalar(node, 0);
      out_ += '\n';
    } else {
      Collection(node, 0, false);
    }
  }

 private:
  static bool IsCollection(const yaml::Node& n) {
    return n.value.is_mapping() || n.value.is_sequence();
  }
  static bool IsEmpty(const yaml::Node& n) {
    return IsCollection(n) && n.entries.empty() && n.items.empty();
  }

  void Indent(std::size_t indent) { out_.append(indent, ' '); }

  // `started`: the cursor stands behind "- " already.
  void Collection(const yaml::Node& node, std::size_t indent, bool started) {
    for (const yaml::Entry& e : node.entries) {
      if (!started) Indent(indent);
      started = false;
      Text(e.key);
      out_ += ':';
      Member(*e.value, indent, e.value->value.is_sequence() ? 0 : 2);
    }
    for (const yaml::Node* item : node.items) {
      if (!started) Indent(indent);
      started = false;
      out_ += '-';
      if (IsCollection(*item) && !IsEmpty(*item)) {
        out_ += ' ';
        Collection(*item, indent + 2, true);
      } else {
        Member(*item, indent, 2);
      }
    }
  }

  void Member(const yaml::Node& node, std::size_t indent, std::size_t more) {
    if (IsCollection(node) && !IsEmpty(node)) {
      out_ += '\n';
      Collection(node, indent + more, false);
      return;
    }
    out_ += ' ';
    Scalar(node, indent + 2);
    out_ += '\n';
  }

  void Scalar(const yaml::Node& node, std::size_t indent) {
    const Value& v = node.value;
    if (v.is_mapping()) {
      out_ += "{}";
    } else if (v.is_sequence()) {
      out_ += "[]";
    } else if (v.is_null()) {
      out_ += "null";
    } else if (v.is_bool()) {
      out_ += v.as_bool() ? "true" : "false";
    } else if (v.is_number()) {
      double size = std::fabs(ToDouble(v));
      bool exponent =
          v.number_rep() == NumberRep::kDouble && (size >= 1e21 || (size < 1e-6 && size > 0));
      out_ += exponent ? FormatFloat(v, 'e', -1) : FormatNumber(v);
    } else if (FitsBlock(v.as_string())) {
      Block(v.as_string(), indent);
    } else {
      Text(v.as_string());
    }
  }

  void Text(std::string_view s) {
    if (IsPlain(s)) {
      out_ += s;
    } else {
      AppendJsonString(out_, s);
    }
  }

  void Block(std::string_view s, std::size_t indent) {
    bool ends = s.ends_with('\n');
    out_ += ends ? "|" : "|-";
    if (ends) s.remove_suffix(1);
    while (true) {
      std::size_t end = s.find('\n');
      std::string_view line = s.substr(0, end);
      out_ += '\n';
      if (!line.empty()) Indent(indent);
      out_ += line;
      if (end == std::string_view::npos) return;
      s.remove_prefix(end + 1);
    }
  }

  std::string& out_;
};

}  // namespace

std::string WriteYaml(std::span<const yaml::Document> documents) {
  std::string out;
  for (const yaml::Document& d : documents) {
    if (!out.empty()) out += "---\n";
    Writer(out).Document(*d.root);
  }
  return out;
}

}  // namespace plumbline::kustomize
