#include "scan/examples.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "kubernetes/kubernetes.h"
#include "support/fs.h"
#include "support/source.h"
#include "terraform/terraform.h"

namespace plumbline::scan {
namespace {

constexpr std::string_view kFolder = "/example";
constexpr std::string_view kMarker = "# finding";

// One folder with one file: examples must not see the disk.
class ExampleFileSystem final : public FileSystem {
 public:
  ExampleFileSystem(std::string name, const std::string& text)
      : name_(std::move(name)), text_(text) {}

  Result<std::string> ReadFile(const std::string& path, std::size_t max_bytes) const override {
    if (!IsFile(path)) return Fail(path + ": no such file; an example is one file");
    if (text_.size() > max_bytes) return Fail(path + ": is too large");
    return text_;
  }
  Result<std::vector<DirEntry>> ListDir(const std::string& path) const override {
    if (!IsDirectory(path)) return Fail(path + ": no such folder");
    if (CleanPath(path) == "/") return std::vector<DirEntry>{{"example", true, false}};
    return std::vector<DirEntry>{{name_, false, false}};
  }
  bool IsFile(const std::string& path) const override {
    return CleanPath(path) == JoinPath(kFolder, name_);
  }
  bool IsDirectory(const std::string& path) const override {
    const std::string clean = CleanPath(path);
    return clean == kFolder || clean == "/";
  }
  std::string RealPath(const std::string& path) const override {
    return IsFile(path) || IsDirectory(path) ? CleanPath(path) : std::string();
  }

 private:
  std::string name_;
  const std::string& text_;
};

struct Outcome {
  std::set<std::uint32_t> lines;               // of findings
  std::map<std::uint32_t, std::string> where;  // line → resource and path
  std::size_t passes = 0;
  std::vector<std::string> causes;  // of what stayed undetermined
  std::vector<std::string> diagnostics;
};

Outcome Run(const engine::RuleSet& rules, std::uint32_t rule, const engine::RuleExample& example) {
  EvaluatedExample evaluated;
  EvaluateExample(example, evaluated);
  auto& [sources, graph, diagnostics] = evaluated;
  engine::Selection selection(rules.size(), false);
  selection[rule] = true;
  engine::RunOptions options;
  options.passes = true;
  options.sources = &sources;
  Outcome out;
  for (const engine::Verdict& v : engine::Run(rules, selection, graph, options)) {
    if (v.status == Status::kPass) ++out.passes;
    if (v.status == Status::kUnknown)
      out.causes.push_back(fmt::format("{}: {}", v.resource->address, v.cause));
    if (v.status != Status::kFail) continue;
    const std::uint32_t line = v.span.valid() ? sources.Start(v.span).line : 0;
    out.lines.insert(line);
    const std::string path = model::PathToString(v.path);
    out.where[line] = path.empty() ? std::string(v.located->address)
                                   : fmt::format("{} {}", v.located->address, path);
  }
  for (const Diagnostic& d : diagnostics) {
    out.diagnostics.push_back(
        fmt::format("line {}: {}", d.span.valid() ? sources.Start(d.span).line : 0, d.message));
  }
  return out;
}

std::vector<std::uint32_t> MarkedLines(std::string_view text) {
  std::vector<std::uint32_t> out;
  std::uint32_t line = 1;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (text.substr(0, end).find(kMarker) != std::string_view::npos) out.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line;
  }
  return out;
}

std::string Because(const Outcome& o) {
  std::string out;
  if (!o.causes.empty()) out += fmt::format("; undetermined: {}", fmt::join(o.causes, "; "));
  if (!o.diagnostics.empty())
    out += fmt::format("; the text has faults: {}", fmt::join(o.diagnostics, "; "));
  return out;
}

std::string Findings(const Outcome& o) {
  std::vector<std::string> out;
  for (const auto& [line, where] : o.where) out.push_back(fmt::format("line {} ({})", line, where));
  return fmt::format("{}", fmt::join(out, ", "));
}

}  // namespace

void EvaluateExample(const engine::RuleExample& example, EvaluatedExample& out) {
  const Limits limits;
  if (example.framework == "kubernetes") {
    const FileId file = out.sources.Add("example.yaml", example.text);
    kubernetes::AddManifests(file, out.sources.Text(file), limits, out.graph, out.diagnostics);
    out.graph.Link();
    return;
  }
  const ExampleFileSystem fs("main.tf", example.text);
  const std::string folder(kFolder);
  const auto parsed = terraform::MakeParsedFiles(fs, out.sources, limits, folder);
  terraform::FindRootModules(*parsed, {folder}, 1);
  out.diagnostics = terraform::TakeDiagnostics(*parsed);
  terraform::Evaluate(*parsed, folder, folder, terraform::Options(), out.graph, out.diagnostics);
  kubernetes::AddFromTerraform(out.graph);
  out.graph.Link();
}

std::string RunExample(const engine::RuleSet& rules, std::uint32_t rule,
                       const engine::RuleExample& example) {
  const Outcome o = Run(rules, rule, example);
  if (!example.bad) {
    if (!o.lines.empty())
      return fmt::format("a finding on {} where there should be none{}", Findings(o), Because(o));
    if (o.passes == 0) {
      return fmt::format(
          "no pass: {}{}",
          o.causes.empty() ? "the rule found nothing that it applies to" : "it could not decide",
          Because(o));
    }
    // A finding elsewhere in the text would have been reported; something undetermined is only a
    // fault when it is an error.
    for (const std::string& c : o.causes) {
      if (c.find("error in the") != std::string::npos) return c;
    }
    return {};
  }
  const auto marked = MarkedLines(example.text);
  if (marked.size() != 1)
    return fmt::format("{} lines are marked \"{}\"; exactly one must be", marked.size(), kMarker);
  if (o.lines.empty()) {
    return fmt::format("no finding, expected one on line {} ({} passed){}", marked[0], o.passes,
                       Because(o));
  }
  if (o.lines.size() > 1)
    return fmt::format("findings on {}, expected one on line {}", Findings(o), marked[0]);
  if (*o.lines.begin() != marked[0]) {
    return fmt::format("the finding stands on {}, expected line {}", Findings(o), marked[0]);
  }
  return {};
}

std::vector<ExampleFailure> RunExamples(const engine::RuleSet& rules,
                                        const std::vector<std::uint32_t>& which,
                                        std::size_t& examples) {
  std::vector<ExampleFailure> out;
  for (std::uint32_t rule : which) {
    std::map<std::pair<std::string, bool>, std::size_t> numbers;
    for (const engine::RuleExample& e : rules.Examples(rule)) {
      ++examples;
      const std::size_t number = ++numbers[{e.framework, e.bad}];
      std::string problem = RunExample(rules, rule, e);
      if (!problem.empty()) out.push_back({rule, e.framework, e.bad, number, std::move(problem)});
    }
  }
  return out;
}

}  // namespace plumbline::scan
