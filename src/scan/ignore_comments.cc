// Most files hold no directive, so a search for the markers comes first; only then are comments
// told apart from strings and heredocs. The reader follows just enough of HCL and YAML for that and
// never fails: at worst it takes a text for a comment or the reverse until the end of the line.
#include "scan/ignore_comments.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "plumbline/scan.h"

namespace plumbline::scan {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

struct Comment {
  std::uint32_t begin = 0, end = 0;  // of its text
  std::uint32_t line = 0, end_line = 0;
  bool own_line = false;  // nothing but blanks before it
};

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

class HclComments {
 public:
  explicit HclComments(std::string_view text) : text_(text) {}

  std::vector<Comment> Read() {
    while (at_ < text_.size()) Step();
    return std::move(out_);
  }

 private:
  bool Looking(std::string_view word) const { return text_.substr(at_, word.size()) == word; }

  void Step() {
    char c = text_[at_];
    if (c == '\n') {
      NewLine();
    } else if (c == '"') {
      SkipString();
    } else if (c == '#' || Looking("//")) {
      LineComment();
    } else if (Looking("/*")) {
      BlockComment();
    } else if (Looking("<<")) {
      SkipHeredoc();
    } else {
      blank_ = blank_ && IsBlank(c);
      ++at_;
    }
  }

  void NewLine() {
    ++at_;
    ++line_;
    blank_ = true;
  }

  void LineComment() {
    std::size_t end = std::min(text_.find('\n', at_), text_.size());
    Add(end, line_);
    at_ = end;
  }

  void BlockComment() {
    std::size_t close = text_.find("*/", at_ + 2), end = close == kNone ? text_.size() : close + 2;
    auto lines = static_cast<std::uint32_t>(std::ranges::count(text_.substr(at_, end - at_), '\n'));
    Add(end, line_ + lines);
    line_ += lines;
    at_ = end;
  }

  void Add(std::size_t end, std::uint32_t end_line) {
    out_.push_back({static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end), line_,
                    end_line, blank_});
  }

  // To the closing quote or the end of the line; quotes inside ${…} are nested strings.
  void SkipString() {
    blank_ = false;
    int braces = 0;
    bool nested = false;
    for (++at_; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      char c = text_[at_];
      if (c == '\\') {
        ++at_;
      } else if (c == '"' && braces == 0) {
        ++at_;
        return;
      } else if (c == '"') {
        nested = !nested;
      } else if (!nested && (Looking("${") || Looking("%{") || (c == '{' && braces > 0))) {
        ++braces;
        if (c != '{') ++at_;
      } else if (!nested && c == '}' && braces > 0) {
        --braces;
      }
    }
  }

  void SkipHeredoc() {
    blank_ = false;
    at_ += 2;
    if (at_ < text_.size() && text_[at_] == '-') ++at_;
    std::size_t end = at_;
    while (end < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[end])) || text_[end] == '_'))
      ++end;
    std::string_view word = text_.substr(at_, end - at_);
    if (word.empty()) return;
    at_ = std::min(text_.find('\n', end), text_.size());
    while (at_ < text_.size()) {
      NewLine();
      std::size_t line_end = std::min(text_.find('\n', at_), text_.size());
      std::string_view line = text_.substr(at_, line_end - at_);
      while (!line.empty() && IsBlank(line.front())) line.remove_prefix(1);
      while (!line.empty() && IsBlank(line.back())) line.remove_suffix(1);
      at_ = line_end;
      if (line == word) return;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  bool blank_ = true;
  std::vector<Comment> out_;
};

// Where the comment of a YAML line begins: a '#' at its start or behind a blank, outside of quotes.
std::size_t YamlCommentStart(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    char c = line[i];
    if (quote != 0) {
      if (c == '\\' && quote == '"') ++i;
      if (c == quote) quote = 0;
    } else if ((c == '"' || c == '\'') &&
               (i == 0 || IsBlank(line[i - 1]) || line[i - 1] == '[' || line[i - 1] == ',')) {
      quote = c;
    } else if (c == '#' && (i == 0 || IsBlank(line[i - 1]))) {
      return i;
    }
  }
  return kNone;
}

std::size_t Indent(std::string_view line) {
  return std::min(line.find_first_not_of(" \t\r"), line.size());
}

// `key: |`, `- >-`: the lines below that are indented deeper are text.
bool OpensBlockScalar(std::string_view line) {
  while (!line.empty() && IsBlank(line.back())) line.remove_suffix(1);
  while (!line.empty() && (line.back() == '+' || line.back() == '-' ||
                           std::isdigit(static_cast<unsigned char>(line.back()))))
    line.remove_suffix(1);
  if (line.empty() || (line.back() != '|' && line.back() != '>')) return false;
  line.remove_suffix(1);
  while (!line.empty() && IsBlank(line.back())) line.remove_suffix(1);
  return line.ends_with(':') || line.ends_with('-');
}

// Where a comment of a Helm template begins: `{{/*` or `{{- /*`.
std::size_t TemplateCommentStart(std::string_view line) {
  for (std::size_t at = line.find("{{"); at != kNone; at = line.find("{{", at + 2)) {
    std::string_view rest = line.substr(at + 2);
    if (rest.starts_with("- ")) rest.remove_prefix(2);
    if (rest.starts_with("/*")) return at;
  }
  return kNone;
}

// The comment of a template that begins at `begin`, without its closing mark; `*behind` is the end
// of the line it ends on.
Comment TemplateComment(std::string_view text, std::size_t begin, std::size_t line_begin,
                        std::uint32_t number, std::size_t* behind) {
  std::size_t close = std::min(text.find("*/", begin), text.size());
  *behind = std::min(text.find('\n', close), text.size());
  auto lines =
      static_cast<std::uint32_t>(std::ranges::count(text.substr(begin, close - begin), '\n'));
  std::string_view before = text.substr(line_begin, begin - line_begin);
  return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(close), number,
          number + lines, before.find_first_not_of(" \t") == kNone};
}

std::vector<Comment> YamlComments(std::string_view text) {
  std::vector<Comment> out;
  std::uint32_t number = 1;
  std::size_t scalar_indent = kNone;
  for (std::size_t at = 0; at < text.size(); ++number) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    std::size_t indent = Indent(line);
    bool inside = scalar_indent != kNone && (indent == line.size() || indent > scalar_indent);
    if (!inside) {
      std::size_t hash = YamlCommentStart(line), mark = TemplateCommentStart(line);
      if (mark < hash) {
        out.push_back(TemplateComment(text, at + mark, at, number, &end));
        number = out.back().end_line;
        at = end + 1;
        continue;
      }
      if (hash != kNone) {
        out.push_back({static_cast<std::uint32_t>(at + hash), static_cast<std::uint32_t>(end),
                       number, number, hash == indent});
      }
      scalar_indent = OpensBlockScalar(line.substr(0, hash)) ? indent : kNone;
    }
    at = end + 1;
  }
  return out;
}

// --- Directives within one comment ---

std::string_view Trim(std::string_view s) {
  while (!s.empty() && (IsBlank(s.front()) || s.front() == '\n')) s.remove_prefix(1);
  while (!s.empty() && (IsBlank(s.back()) || s.back() == '\n')) s.remove_suffix(1);
  if (s.ends_with("*/")) return Trim(s.substr(0, s.size() - 2));
  return s;
}

void SplitRules(std::string_view text, IgnoreDirective& d) {
  for (std::size_t i = 0; i <= text.size();) {
    std::size_t end = std::min(text.find(',', i), text.size());
    std::string_view rule = Trim(text.substr(i, end - i));
    if (!rule.empty()) d.patterns.emplace_back(rule);
    i = end + 1;
  }
}

std::size_t WordEnd(std::string_view s, std::size_t at = 0) {
  while (at < s.size() && !IsBlank(s[at]) && s[at] != '\n') ++at;
  return at;
}

// `[:RULE[,RULE]] [until=DATE] reason`; `s` begins behind "plumbline:ignore" or
// "plumbline:ignore-file".
void ParseOwn(std::string_view s, IgnoreDirective& d) {
  d.own = true;
  if (s.starts_with("-file")) {
    d.scope = IgnoreDirective::Scope::kFile;
    s.remove_prefix(5);
  }
  if (s.starts_with(':')) {
    std::size_t end = WordEnd(s);
    SplitRules(s.substr(1, end - 1), d);
    s.remove_prefix(end);
  }
  s = Trim(s);
  if (s.starts_with("until=")) {
    std::size_t end = WordEnd(s);
    d.until = s.substr(6, end - 6);
    s.remove_prefix(end);
  }
  d.reason = Trim(s);
}

// `RULE[attr=value,…][:exp:DATE][:ws:NAME] reason`, as tfsec and trivy have it.
void ParseTfsec(std::string_view s, IgnoreDirective& d) {
  std::size_t end = WordEnd(s);
  d.reason = Trim(s.substr(end));
  s = s.substr(0, end);
  std::size_t id_end = std::min(s.find_first_of("[:"), s.size());
  std::string_view id = s.substr(0, id_end);
  if (id != "*" && !id.empty()) SplitRules(id, d);
  s.remove_prefix(id_end);
  std::size_t close = s.find(']');
  if (s.starts_with('[') && close != kNone) {
    IgnoreDirective list;
    SplitRules(s.substr(1, close - 1), list);
    for (const std::string& filter : list.patterns) {
      std::size_t equals = filter.find('=');
      if (equals != std::string::npos)
        d.filters.emplace_back(filter.substr(0, equals), filter.substr(equals + 1));
    }
    s.remove_prefix(close + 1);
  }
  while (s.starts_with(':')) {
    s.remove_prefix(1);
    std::size_t name_end = s.find(':');
    if (name_end == kNone) return;
    std::string_view name = s.substr(0, name_end);
    std::size_t value_end = std::min(s.find(':', name_end + 1), s.size());
    std::string value(s.substr(name_end + 1, value_end - name_end - 1));
    if (name == "exp") d.until = value;
    if (name == "ws") d.workspace = value;
    s.remove_prefix(value_end);
  }
}

// `ID[,ID][:reason]`
void ParseCheckov(std::string_view s, IgnoreDirective& d) {
  d.scope = IgnoreDirective::Scope::kBlock;
  s = Trim(s);
  std::size_t end = 0;
  while (end < s.size() && (std::isalnum(static_cast<unsigned char>(s[end])) || s[end] == '_' ||
                            s[end] == '-' || s[end] == '*' || s[end] == ',' || s[end] == '.'))
    ++end;
  SplitRules(s.substr(0, end), d);
  s.remove_prefix(end);
  if (s.starts_with(':')) s.remove_prefix(1);
  d.reason = Trim(s);
}

// `ignore`, `ignore-line`, `ignore-block` or `disable=id,id`
void ParseKics(std::string_view s, IgnoreDirective& d) {
  s = Trim(s);
  std::size_t end = WordEnd(s);
  std::string_view word = s.substr(0, end);
  d.reason = Trim(s.substr(end));
  if (word == "ignore" || word.starts_with("disable=")) d.scope = IgnoreDirective::Scope::kFile;
  if (word.starts_with("disable=")) SplitRules(word.substr(8), d);
}

struct Marker {
  std::string_view text;
  void (*parse)(std::string_view rest, IgnoreDirective& d);
  bool needs_rule = false;
};

constexpr auto kMarkers = std::to_array<Marker>({
    {"plumbline:ignore", &ParseOwn},
    {"tfsec:ignore:", &ParseTfsec},
    {"trivy:ignore:", &ParseTfsec},
    {"checkov:skip=", &ParseCheckov, true},
    {"bridgecrew:skip=", &ParseCheckov, true},
    {"ts:skip=", &ParseCheckov, true},
    {"kics-scan ignore", nullptr},
    {"kics-scan disable=", nullptr},
});

// The first marker at or behind `at`; null when there is none.
const Marker* NextMarker(std::string_view text, std::size_t& at) {
  const Marker* best = nullptr;
  std::size_t best_at = kNone;
  for (const Marker& m : kMarkers) {
    std::size_t found = text.find(m.text, at);
    if (found < best_at) {
      best = &m;
      best_at = found;
    }
  }
  at = best_at;
  return best;
}

void ParseComment(std::string_view text, const Comment& comment,
                  std::vector<IgnoreDirective>& out) {
  std::string_view body = text.substr(comment.begin, comment.end - comment.begin);
  std::size_t at = 0;
  const Marker* marker = NextMarker(body, at);
  while (marker != nullptr) {
    std::size_t start = at, behind = at + marker->text.size();
    std::size_t next = behind;
    const Marker* following = NextMarker(body, next);
    // A directive ends with its line or where the next one begins.
    std::size_t end = std::min({next, body.find('\n', behind), body.size()});
    IgnoreDirective d;
    std::string_view rest = body.substr(behind, end - behind);
    if (marker->parse != nullptr) {
      marker->parse(rest, d);
    } else {
      std::size_t word = start + std::string_view("kics-scan").size();
      ParseKics(body.substr(word, end - word), d);
    }
    std::string_view shown = Trim(body.substr(start, end - start));
    d.begin = static_cast<std::uint32_t>(comment.begin + start);
    d.end = d.begin + static_cast<std::uint32_t>(shown.size());
    d.line =
        comment.line + static_cast<std::uint32_t>(std::ranges::count(body.substr(0, start), '\n'));
    if (!marker->needs_rule || !d.patterns.empty()) out.push_back(std::move(d));
    marker = following;
    at = next;
  }
}

bool HasMarker(std::string_view text) {
  // The tails that all markers share; rarer than any of their heads.
  return text.find(":ignore") != kNone || text.find(":skip=") != kNone ||
         text.find("kics-scan") != kNone;
}

}  // namespace

std::vector<IgnoreDirective> FindIgnores(std::string_view text, CommentSyntax syntax) {
  std::vector<IgnoreDirective> out;
  if (!HasMarker(text)) return out;
  std::vector<Comment> comments =
      syntax == CommentSyntax::kHcl ? HclComments(text).Read() : YamlComments(text);
  // A comment on lines of its own speaks about the first line below the comments that follow it.
  std::uint32_t below = 0;
  std::vector<std::uint32_t> targets(comments.size());
  for (std::size_t i = comments.size(); i-- > 0;) {
    const Comment& c = comments[i];
    bool joined = i + 1 < comments.size() && comments[i + 1].own_line &&
                  comments[i + 1].line == c.end_line + 1;
    below = c.own_line && joined ? below : c.end_line + 1;
    targets[i] = c.own_line ? below : c.line;
  }
  for (std::size_t i = 0; i < comments.size(); ++i) {
    std::size_t first = out.size();
    ParseComment(text, comments[i], out);
    for (std::size_t k = first; k < out.size(); ++k) out[k].target_line = targets[i];
  }
  return out;
}

}  // namespace plumbline::scan

namespace plumbline {

bool IsIsoDate(std::string_view s) {
  if (s.size() != 10 || s[4] != '-' || s[7] != '-') return false;
  for (std::size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (!std::isdigit(static_cast<unsigned char>(s[i]))) return false;
  }
  int month = (s[5] - '0') * 10 + (s[6] - '0'), day = (s[8] - '0') * 10 + (s[9] - '0');
  return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

}  // namespace plumbline
