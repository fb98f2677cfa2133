// The cheap test whether a text holds manifests, before anything is parsed. It reads lines: keys at
// the outermost indentation, template braces outside of block scalars. What it lets through by
// mistake, AddManifests leaves alone.
#include <array>
#include <string_view>

#include "kubernetes/kubernetes.h"

namespace plumbline::kubernetes {
namespace {

constexpr auto kNpos = std::string_view::npos;

/// What one document's lines have shown so far.
struct Shape {
  bool api_version = false, kind = false;
  bool foreign = false;  // another tool's template or file format
  bool braces = false;   // `{{` where YAML cannot hold it
};

// Helm's own names and functions: whatever stands around them, the file is a chart's template.
bool IsHelmAction(std::string_view inside) {
  while (!inside.empty() && (inside[0] == '-' || inside[0] == ' ' || inside[0] == '(')) {
    inside.remove_prefix(1);
  }
  for (std::string_view word : {"include \"", "template \"", "define \"", "toYaml ", "tpl "}) {
    if (inside.starts_with(word)) return true;
  }
  inside = inside.substr(0, inside.find("}}"));
  for (std::string_view word : {".Values.", ".Release.", ".Chart.", ".Capabilities."}) {
    if (inside.find(word) != kNpos) return true;
  }
  return false;
}

bool IsBlockScalarHeader(std::string_view line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
  while (!line.empty() &&
         (line.back() == '-' || line.back() == '+' || (line.back() >= '0' && line.back() <= '9'))) {
    line.remove_suffix(1);
  }
  if (line.empty() || (line.back() != '|' && line.back() != '>')) return false;
  line.remove_suffix(1);
  while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
  return line.empty() || line.back() == ':' || line.back() == '-' || line.find('&') != kNpos ||
         line.find('!') != kNpos;
}

bool HasKey(std::string_view line, std::string_view key) {
  if (!line.empty() && (line[0] == '"' || line[0] == '\'')) {
    return line.substr(1, key.size()) == key && line.size() > key.size() + 1 &&
           line[key.size() + 1] == line[0];
  }
  return line.starts_with(key) && line.size() > key.size() && line[key.size()] == ':';
}

/// Reads the lines of a YAML text, document by document.
class LineScanner {
 public:
  bool Scan(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    while (!text.empty()) {
      std::size_t end = text.find('\n');
      Line(text.substr(0, end));
      if (helm_) return false;
      text.remove_prefix(end == kNpos ? text.size() : end + 1);
    }
    EndDocument();
    return found_;
  }

 private:
  void EndDocument() {
    found_ = found_ || (now_.api_version && now_.kind && !now_.foreign && !now_.braces);
    now_ = {};
    outermost_ = block_ = kNpos;
  }

  void Line(std::string_view line) {
    if (line.starts_with("---")) {
      EndDocument();
      line.remove_prefix(3);
      if (line.find_first_not_of(" \t\r") == kNpos) return;
    }
    std::size_t indent = line.find_first_not_of(" \t\r");
    if (indent == kNpos) return;
    if (block_ != kNpos && indent > block_) return;  // inside a block scalar
    block_ = kNpos;
    if (line[indent] == '#') return;
    if (outermost_ == kNpos) outermost_ = indent;
    std::string_view content = line.substr(indent);
    Braces(content);
    if (indent == outermost_) Key(content);
    if (IsBlockScalarHeader(content)) {
      // The text of `- key: |` is indented deeper than the dash.
      block_ = indent;
    }
  }

  void Braces(std::string_view content) {
    for (std::size_t at = content.find("{{"); at != kNpos; at = content.find("{{", at + 2)) {
      if (IsHelmAction(content.substr(at + 2))) helm_ = true;
      // In the middle of a plain text or within quotes `{{` is only text.
      if (at == 0 ||
          (at >= 2 && (content.substr(at - 2, 2) == ": " || content.substr(at - 2, 2) == "- "))) {
        now_.braces = true;
      }
    }
  }

  void Key(std::string_view content) {
    if (HasKey(content, "apiVersion")) now_.api_version = true;
    if (HasKey(content, "kind")) now_.kind = true;
    if (HasKey(content, "AWSTemplateFormatVersion")) now_.foreign = true;
    // Flow style on one line: leave the judgement to the parser.
    if (content[0] == '{' && !content.starts_with("{{") && content.find("apiVersion") != kNpos &&
        content.find("kind") != kNpos) {
      now_.api_version = now_.kind = true;
    }
  }

  Shape now_;
  std::size_t outermost_ = kNpos;  // indentation of the document's first line
  std::size_t block_ = kNpos;      // indentation of the line whose block scalar is being skipped
  bool helm_ = false;
  bool found_ = false;
};

}  // namespace

bool LooksLikeManifest(std::string_view text) {
  std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == kNpos || text.find('\0') != kNpos) return false;
  bool braces = text[first] == '{' && text.substr(first, 2) != "{{";
  if (!braces && text[first] != '[') return LineScanner().Scan(text);
  return text.find("apiVersion") != kNpos && text.find("kind") != kNpos &&
         text.find("\"AWSTemplateFormatVersion\"") == kNpos;
}

}  // namespace plumbline::kubernetes
