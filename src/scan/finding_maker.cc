#include "scan/finding_maker.h"

#include <fmt/format.h>

#include <algorithm>

#include "scan/masking.h"

namespace plumbline::scan {
namespace {

constexpr std::uint32_t kContextLines = 1;   // shown before and after the finding
constexpr std::uint32_t kMaxShownLines = 8;  // of the finding itself
constexpr std::size_t kMaxLineBytes = 240;   // of one shown line

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// A very long line is cut to a window that begins a little before the finding.
SourceLine Cut(const SourceMap& sources, Span span, std::uint32_t number, std::size_t focus) {
  SourceLine line{number, 1, {}};
  std::string_view text = sources.Text(span.file).substr(span.begin, span.end - span.begin);
  if (text.size() <= kMaxLineBytes) {
    line.text = MaskLine(text);
    return line;
  }
  std::size_t begin = focus > kMaxLineBytes / 4 ? focus - kMaxLineBytes / 4 : 0;
  begin = std::min(begin, text.size() - kMaxLineBytes);
  while (begin > 0 && IsContinuation(text[begin])) --begin;
  std::size_t end = std::min(text.size(), begin + kMaxLineBytes);
  while (end < text.size() && IsContinuation(text[end])) ++end;
  auto at = static_cast<std::uint32_t>(span.begin + begin);
  line.column = sources.Start({span.file, at, at}).column;
  line.text = MaskLine(text.substr(begin, end - begin));
  return line;
}

std::string Collapse(std::string_view text) {
  std::string out;
  for (char c : text.substr(0, 1000)) {
    bool blank = c == ' ' || c == '\t' || c == '\r';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out += blank ? ' ' : c;
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string PathWithoutIndices(const model::Path& path) {
  std::string out;
  for (const model::PathStep& step : path) {
    if (step.is_index()) continue;
    if (!out.empty()) out += '.';
    out += step.key;
  }
  return out;
}

}  // namespace

std::string FindingMaker::ShownPath(const std::string& path) const {
  return path == base_dir_ ? "." : ShownBelow(base_dir_, path);
}

Location FindingMaker::LocationOf(Span span) const {
  Location l;
  if (!span.valid()) return l;
  Position start = sources_.Start(span), end = sources_.End(span);
  l.file = sources_.Path(span.file);
  l.line = start.line;
  l.column = start.column;
  l.end_line = end.line;
  l.end_column = end.column;
  return l;
}

std::vector<SourceLine> FindingMaker::Excerpt(Span span,
                                              const std::vector<std::string>& secrets) const {
  std::vector<SourceLine> out;
  if (!span.valid()) return out;
  if (plans_.contains(span.file)) {
    Position at = sources_.Start(span);
    std::string_view text = sources_.Text(span.file).substr(span.begin, span.end - span.begin);
    std::size_t end = std::min({text.find('\n'), text.size(), kMaxLineBytes});
    while (end < text.size() && IsContinuation(text[end])) ++end;
    out.push_back({at.line, at.column, MaskLine(text.substr(0, end))});
    MaskTexts(out.back().text, secrets);
    return out;
  }
  std::uint32_t first = sources_.Start(span).line, last = sources_.End(span).line;
  last = std::min(last, first + kMaxShownLines - 1);
  std::uint32_t from = first > kContextLines ? first - kContextLines : 1;
  std::uint32_t to = std::min(last + kContextLines, sources_.LineCount(span.file));
  for (std::uint32_t n = from; n <= to; ++n) {
    Span line = sources_.LineSpan(span.file, n);
    std::size_t focus = n == first ? span.begin - line.begin : 0;
    out.push_back(Cut(sources_, line, n, focus));
    MaskTexts(out.back().text, secrets);
  }
  // Blank context lines say nothing.
  auto blank = [](const SourceLine& l) {
    return l.text.find_first_not_of(" \t") == std::string::npos;
  };
  if (!out.empty() && out.back().number > last && blank(out.back())) out.pop_back();
  if (!out.empty() && out.front().number < first && blank(out.front())) out.erase(out.begin());
  return out;
}

Draft FindingMaker::Start(RuleNumber rule, Span span) const {
  Draft d;
  d.finding.rule = table_.info(rule);
  d.finding.severity = table_.severity(rule);
  d.finding.location = LocationOf(span);
  if (span.valid() && !plans_.contains(span.file))
    d.line = Collapse(sources_.Line(span.file, d.finding.location.line));
  return d;
}

Draft FindingMaker::FromVerdict(const engine::Verdict& v,
                                std::span<const model::OriginStep> origin) const {
  Draft d = Start(v.rule, v.span);
  Finding& f = d.finding;
  f.status = v.status;
  if (v.resource != nullptr) {
    f.framework = model::FrameworkName(v.resource->framework);
    f.resource = v.resource->address;
    f.construct = v.resource->construct;
  }
  d.path = PathWithoutIndices(v.path);
  std::vector<std::string> secrets;
  if (!v.value.is_null()) {
    bool secret = v.located != nullptr && IsSecretPlace(*v.located, v.path);
    f.value = MaskedJson(v.value, v.path, secrets, secret);
  }
  f.message = v.message.empty() ? f.rule->title : v.message;
  if (v.status == Status::kUnknown) {
    f.note = v.cause;
    f.message = fmt::format("undetermined: {}", v.cause.empty() ? "a value is not known" : v.cause);
  }
  if (v.status == Status::kPass) return d;
  MaskTexts(f.message, secrets);
  f.excerpt = Excerpt(v.span, secrets);
  for (const model::OriginStep& step : origin) {
    f.origin.push_back({LocationOf(step.span), step.what});
    MaskTexts(f.origin.back().what, secrets);
  }
  return d;
}

Draft FindingMaker::FromDiagnostic(RuleNumber rule, const Diagnostic& diagnostic) const {
  Draft d = Start(rule, diagnostic.span);
  d.finding.resource = diagnostic.resource;
  d.finding.message = diagnostic.message;
  d.path = diagnostic.message;
  // A parse error's span may reach to the end of the file; the place where it starts is what
  // matters.
  d.finding.excerpt = Excerpt(diagnostic.span, {});
  const std::string& file = d.finding.location.file;
  d.finding.framework =
      IsTerraformFile(file) || file.ends_with(".tfvars") || file.ends_with(".tfvars.json")
          ? "terraform"
          : "kubernetes";
  return d;
}

Draft FindingMaker::FromPath(const PathProblem& problem) const {
  Draft d = Start(table_.FromDiagnostic(problem.code), Span{});
  d.finding.location.file = ShownPath(problem.path);
  // Reasons of the operating system begin with the path they speak of.
  std::string message = problem.message;
  if (message.starts_with(problem.path + ": ")) message.erase(0, problem.path.size() + 2);
  d.finding.message = message;
  d.path = message;
  d.finding.framework = IsTerraformFile(problem.path) ? "terraform" : "kubernetes";
  return d;
}

}  // namespace plumbline::scan
