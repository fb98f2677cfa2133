// The pipeline: discover → parse → evaluate → rules → ignores → report. Projects (Terraform root
// modules, and all plain manifests together) are evaluated and ruled in parallel; each frees its
// graph when its findings are made. Whatever depends on the order of threads is sorted at the end.
#include "plumbline/scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <unordered_set>

#include "deploy/deployments.h"
#include "engine/engine.h"
#include "kubernetes/kubernetes.h"
#include "model/resource.h"
#include "plumbline/version.h"
#include "scan/assemble.h"
#include "scan/deployed.h"
#include "scan/discover.h"
#include "scan/environments.h"
#include "scan/finding_maker.h"
#include "scan/identities.h"
#include "scan/ignores.h"
#include "scan/inputs.h"
#include "scan/manifests.h"
#include "scan/matrix.h"
#include "scan/plans.h"
#include "scan/remote_modules.h"
#include "scan/rule_table.h"
#include "scan/value_names.h"
#include "scan/visit.h"
#include "support/fs.h"
#include "support/limits.h"
#include "support/parallel.h"
#include "support/source.h"
#include "terraform/plan.h"
#include "terraform/terraform.h"

namespace plumbline {
namespace scan {
namespace {

constexpr std::string_view kStdinName = "<stdin>";
constexpr auto kFrameworks =
    std::to_array<std::string_view>({"helm", "kubernetes", "kustomize", "terraform"});
constexpr auto kLaterFrameworks = std::to_array<std::string_view>({"cloudformation"});

// A root module, with the folder that its module paths and file() may not leave.
struct Project {
  std::string dir;
  std::string allowed_root;
  std::vector<terraform::Environment> environments;  // with --matrix
  std::shared_ptr<const terraform::PlanFile> plan;   // `dir` may be empty then
};

bool IsNotDownloaded(const Diagnostic& d) { return d.code == DiagnosticCode::kModuleNotDownloaded; }

Result<void> CheckFrameworks(const ScanOptions& options) {
  for (const std::string& name : options.frameworks) {
    if (std::ranges::find(kFrameworks, name) != kFrameworks.end()) continue;
    bool later = std::ranges::find(kLaterFrameworks, name) != kLaterFrameworks.end();
    return Fail(fmt::format("framework '{}' is {}; expected {}", name,
                            later ? "not available in this version yet" : "not known",
                            fmt::join(kFrameworks, ", ")));
  }
  return {};
}

class Scanner {
 public:
  Scanner(const ScanOptions& options, const FileSystem& fs, std::string base_dir,
          GraphVisitor* visitor)
      : options_(options),
        fs_(fs),
        base_dir_(std::move(base_dir)),
        visitor_(visitor),
        inputs_(options, fs, base_dir_, limits_) {}

  Result<Report> Run() {
    PL_CHECK_OK(CheckFrameworks(options_));
    PL_TRY(rules_, engine::RuleSet::Load(fs_, options_.policies, !options_.builtin_rules));
    PL_TRY(RuleTable table, RuleTable::Make(*rules_, options_, report_.notices));
    table_ = &table;
    if (visitor_ != nullptr) PL_CHECK_OK(visitor_->Begin(*rules_, table));
    Progress("reading", 0, 0);
    PL_CHECK_OK(inputs_.Find());
    FindingMaker maker(sources_, table, base_dir_);
    maker_ = &maker;
    Ignores ignores(sources_, table, options_, base_dir_);
    ignores_ = &ignores;
    LoadProjects();
    PL_CHECK_OK(LoadPlans());
    EvaluateProjects();
    AddPathProblems();
    AddUselessIgnores();
    Finish(table);
    return std::move(report_);
  }

 private:
  bool Wants(std::string_view framework) const {
    return options_.frameworks.empty() ||
           std::ranges::find(options_.frameworks, framework) != options_.frameworks.end();
  }

  void Progress(const char* phase, std::size_t done, std::size_t total) const {
    if (options_.progress != nullptr) options_.progress(options_.progress_data, phase, done, total);
  }

  void LoadProjects() {
    if (Wants("terraform")) {
      parsed_ = terraform::MakeParsedFiles(fs_, sources_, limits_, base_dir_);
      for (std::string& dir :
           terraform::FindRootModules(*parsed_, found_.module_dirs, options_.jobs)) {
        std::string allowed = inputs_.AllowedRoot(dir);
        projects_.push_back({std::move(dir), std::move(allowed), {}, nullptr});
      }
      ResolveRemoteModules();
      if (options_.matrix) AddEnvironments();
      AddDiagnostics(terraform::TakeDiagnostics(*parsed_), drafts_);
    }
    if (!Wants("kubernetes") && !Wants("helm") && !Wants("kustomize")) {
      // Plans alone are looked for.
      std::erase_if(found_.manifests, [](const std::string& m) { return !m.ends_with(".json"); });
    }
    LoadManifestsAndDeployments();
    if (!deployed_.projects.empty())
      neighbours_ = ReadNeighbours(manifests_, sources_, *maker_, limits_, neighbours_arena_);
    if (!Wants("kubernetes")) manifests_.files.clear();
    if (options_.stdin_manifests) {
      manifests_.files.push_back({std::string(kStdinName), *options_.stdin_manifests});
    }
  }

  // What a kustomization uses, or a deployer applies, is judged as built.
  void LoadManifestsAndDeployments() {
    if (!Wants("helm")) found_.charts.clear();
    if (!Wants("kustomize")) found_.kustomizations.clear();
    deploy::Deployer deployer(fs_, sources_, DeployOptions(options_, inputs_, base_dir_, limits_));
    if (!found_.kustomizations.empty()) Progress("rendering", 0, 0);
    deployer.BuildOverlays(found_.kustomizations);
    const auto& used = deployer.used_files();
    auto is_used = [&](const std::string& path) { return used.contains(path); };
    std::erase_if(found_.manifests, is_used);
    manifests_ = LoadManifests(fs_, found_, limits_, options_.jobs);
    std::vector<deploy::PlainManifest> plain;
    for (const ManifestFile& m : manifests_.files) plain.push_back({m.path, m.text});
    if (Wants("helm") || Wants("kustomize")) deployer.FollowAndRender(plain, found_.charts);
    std::erase_if(manifests_.files, [&](const ManifestFile& m) { return is_used(m.path); });
    deployed_ = deployer.Take();
    std::erase_if(deployed_.projects, [&](const deploy::Project& p) {
      return !Wants(model::FrameworkName(p.framework));
    });
    AddDiagnostics(deployed_.diagnostics, drafts_);
    std::ranges::move(deployed_.notices, std::back_inserter(report_.notices));
    for (const deploy::Project& p : deployed_.projects) {
      for (const deploy::Environment& e : p.environments) {
        if (!e.name.empty()) environments_.insert(e.name);
      }
    }
  }

  // Plans that are named take the place of their sources, if these are scanned too; plans that lie
  // about beside scanned sources are left alone.
  Result<void> LoadPlans() {
    if (!Wants("terraform")) return {};
    LoadedPlans loaded;
    PlanLoader loader(fs_, *parsed_, sources_, limits_, base_dir_, options_.source);
    for (ManifestFile& f : inputs_.plans())
      PL_CHECK_OK(loader.Load(f, true, options_.paths.size() == 1, loaded));
    for (ManifestFile& f : manifests_.plans) PL_CHECK_OK(loader.Load(f, false, false, loaded));
    const std::size_t before = drafts_.size();
    for (const Diagnostic& d : loaded.faults) maker_->MarkPlan(d.span.file);
    AddDiagnostics(loaded.faults, drafts_);
    for (std::size_t i = before; i < drafts_.size(); ++i)
      drafts_[i].finding.framework = "terraform";
    AddDiagnostics(terraform::TakeDiagnostics(*parsed_), drafts_);
    std::ranges::move(loaded.notices, std::back_inserter(report_.notices));
    for (LoadedPlan& plan : loaded.list) PlacePlan(plan);
    return {};
  }

  void PlacePlan(LoadedPlan& plan) {
    maker_->MarkPlan(plan.file);
    auto same = std::ranges::find_if(projects_, [&](const Project& p) {
      return !plan.dir.empty() && p.plan == nullptr && p.dir == plan.dir;
    });
    if (same != projects_.end() && !plan.is_given) {
      report_.notices.push_back(fmt::format(
          "{} is left alone: the sources it was made from are scanned (name it to scan the plan)",
          plan.shown));
      return;
    }
    Project project{plan.dir,
                    plan.dir.empty() ? std::string() : inputs_.AllowedRoot(plan.dir),
                    {},
                    std::move(plan.plan)};
    ++report_.summary.plans;
    if (!project.dir.empty()) plan_roots_.push_back(project.allowed_root);
    if (same != projects_.end()) {
      *same = std::move(project);
    } else {
      projects_.push_back(std::move(project));
    }
  }

  void AddEnvironments() {
    std::vector<std::string> roots;
    for (const Project& p : projects_) roots.push_back(p.dir);
    auto found =
        FindEnvironments(*parsed_, roots, found_.module_dirs, found_.variable_files, options_);
    for (std::size_t i = 0; i < projects_.size(); ++i) {
      projects_[i].environments = std::move(found[i]);
      for (const terraform::Environment& e : projects_[i].environments)
        environments_.insert(e.name);
    }
  }

  void ResolveRemoteModules() {
    if (options_.modules.download) Progress("downloading modules", 0, 0);
    std::vector<std::string> scanned = inputs_.folders(), roots;
    for (const Project& p : projects_) {
      roots.push_back(p.dir);
      scanned.push_back(p.allowed_root);
    }
    remote_ = std::make_unique<RemoteModules>(fs_, options_.modules, scanned);
    remote_->Resolve(*parsed_, roots);
  }

  void EvaluateProjects() {
    std::size_t manifests = manifests_.files.empty() ? 0 : 1, first = deployed_.projects.size(),
                n = projects_.size() + manifests + first;
    std::vector<ProjectResult> results(n);
    const DeployedRun deployed_run{
        options_.matrix && visitor_ == nullptr,
        neighbours_,
        *maker_,
        value_names_,
        [this](const Diagnostics& d, std::vector<Draft>& to) { AddDiagnostics(d, to); },
        [this](model::ResourceGraph& graph, const Identities* identities, ProjectResult& to) {
          RunRules(graph, to, identities);
        }};
    std::atomic<std::size_t> done{0};
    // The manifests first: they are one long task, which would otherwise be left to the end.
    ParallelFor(n, options_.jobs, [&](std::size_t i) {
      if (i < manifests) {
        results[i] = EvaluateManifests();
      } else if (i < manifests + first) {
        results[i] = EvaluateDeployed(deployed_.projects[i - manifests], deployed_run);
      } else {
        const Project& project = projects_[i - manifests - first];
        results[i] = EvaluateTerraform(project);
        // Several plans may share their sources.
        if (project.plan == nullptr) terraform::ReleaseModule(*parsed_, project.dir);
      }
      Progress("evaluating", ++done, n);
    });
    // Of the tfvars files, which are read when they are asked for.
    if (parsed_ != nullptr) AddDiagnostics(terraform::TakeDiagnostics(*parsed_), drafts_);
    std::size_t remote = 0;
    for (ProjectResult& r : results) {
      std::ranges::move(r.drafts, std::back_inserter(drafts_));
      report_.summary.resources += r.resources;
      remote += r.remote_modules;
    }
    report_.summary.projects = n;
    if (remote > 0) {
      report_.notices.push_back(
          fmt::format("{} module call{} not scanned: the module is remote and not downloaded "
                      "(`terraform init` or --download-modules does that)",
                      remote, remote == 1 ? "" : "s"));
    }
  }

  terraform::Options TerraformOptions() const {
    terraform::Options out{options_.var_files, options_.vars, options_.environment,
                           options_.allowed_paths};
    if (remote_ != nullptr) out.modules = remote_->store();
    return out;
  }

  ProjectResult EvaluateTerraform(const Project& project) {
    if (project.plan == nullptr && !project.environments.empty()) return EvaluateMatrix(project);
    ProjectResult result;
    model::ResourceGraph graph;
    Diagnostics diagnostics;
    if (project.plan != nullptr) {
      terraform::EvaluatePlan(project.plan, parsed_.get(), project.dir, project.allowed_root,
                              TerraformOptions(), graph, diagnostics);
    } else {
      terraform::Evaluate(*parsed_, project.dir, project.allowed_root, TerraformOptions(), graph,
                          diagnostics);
    }
    RunTerraform(graph, diagnostics, result);
    return result;
  }

  ProjectResult EvaluateMatrix(const Project& project) {
    std::vector<std::string> names;
    for (const terraform::Environment& e : project.environments) names.push_back(e.name);
    terraform::RootModule root(*parsed_, project.dir, project.allowed_root, TerraformOptions(),
                               project.environments);
    Matrix matrix(std::move(names));
    std::unordered_set<std::string> counted;
    ProjectResult result;
    for (std::size_t i = 0; i < project.environments.size(); ++i) {
      ProjectResult one;
      model::ResourceGraph graph;
      Diagnostics diagnostics;
      root.Evaluate(i, graph, diagnostics);
      RunTerraform(graph, diagnostics, one);
      result.remote_modules = std::max(result.remote_modules, one.remote_modules);
      std::unordered_set<std::string> resources;
      for (const model::Resource& r : graph) {
        resources.emplace(r.address);
        if (IsCounted(r)) counted.emplace(r.address);
      }
      matrix.Add(i, std::move(one.drafts), std::move(resources));
    }
    result.drafts = matrix.Join([&](const Draft&, model::InputMask mask, std::size_t i) {
      std::vector<Origin> out;
      for (const model::OriginStep& step : root.Deciders(mask, i))
        out.push_back({maker_->LocationOf(step.span), step.what});
      return out;
    });
    result.resources = counted.size();
    return result;
  }

  void RunTerraform(model::ResourceGraph& graph, Diagnostics& diagnostics,
                    ProjectResult& result) const {
    kubernetes::AddFromTerraform(graph);
    kubernetes::AddReferences(graph);
    graph.Link();
    result.remote_modules =
        static_cast<std::size_t>(std::ranges::count_if(diagnostics, IsNotDownloaded));
    AddDiagnostics(diagnostics, result.drafts);
    RunRules(graph, result);
  }

  ProjectResult EvaluateManifests() {
    ProjectResult result;
    model::ResourceGraph graph;
    Diagnostics diagnostics;
    for (ManifestFile& file : manifests_.files) {
      std::string shown = file.path == kStdinName ? file.path : maker_->ShownPath(file.path);
      FileId id = sources_.AddShared(std::move(shown), std::move(file.text));
      kubernetes::AddManifests(id, sources_.Text(id), limits_, graph, diagnostics);
    }
    kubernetes::AddReferences(graph);
    graph.Link();
    AddDiagnostics(diagnostics, result.drafts);
    RunRules(graph, result);
    return result;
  }

  void RunRules(model::ResourceGraph& graph, ProjectResult& result,
                const Identities* identities = nullptr) const {
    if (visitor_ != nullptr) return visitor_->Visit(graph, sources_);
    result.resources = static_cast<std::size_t>(std::ranges::count_if(graph, IsCounted));
    engine::RunOptions o;
    o.passes = options_.include_passed;
    o.sources = &sources_;
    for (const engine::Verdict& v : engine::Run(*rules_, table_->selection(), graph, o)) {
      std::vector<model::OriginStep> origin = OriginOf(v);
      Draft d = maker_->FromVerdict(v, origin);
      if (identities != nullptr) {
        SetIdentity(v, *identities, d);
      } else if (options_.matrix && v.status != Status::kPass) {
        d.inputs = InputsOf(v, graph);
      }
      if (v.status != Status::kPass) {
        Ignore(ignores_->Find(v, origin), d);
        AddCallers(v, d);
      }
      result.drafts.push_back(std::move(d));
    }
  }

  // A satellite that makes the difference may be there in some environments only.
  static model::InputMask InputsOf(const engine::Verdict& v, const model::ResourceGraph& graph) {
    const model::Resource* located = v.located != nullptr ? v.located : v.resource;
    if (located == nullptr || located->source == nullptr) return 0;
    model::InputMask mask = located->source->VaryingInputs(*located, v.path);
    for (std::uint32_t id : v.exact ? std::span<const std::uint32_t>() : located->referenced_by) {
      const model::Resource& r = graph.at(id);
      if (r.source != nullptr) mask |= r.source->VaryingInputs(r, {});
    }
    return mask;
  }

  std::vector<model::OriginStep> OriginOf(const engine::Verdict& v) const {
    const model::Resource* located = v.located != nullptr ? v.located : v.resource;
    if (v.status == Status::kPass || located == nullptr || located->source == nullptr) return {};
    // Of what a template has left out it is known why.
    bool rendered = located->framework == model::Framework::kHelm ||
                    located->framework == model::Framework::kKustomize;
    if (!v.exact && !rendered) return {};
    std::vector<model::OriginStep> steps = located->source->Trace(*located, v.path);
    if (!steps.empty() && steps.back().what == "value")
      steps.back().what = value_names_.At(steps.back().span);
    return steps;
  }

  // Nobody edits a downloaded file: what can be changed is the call that brings it.
  void AddCallers(const engine::Verdict& v, Draft& d) const {
    const Finding& f = d.finding;
    const Location& end = f.origin.empty() ? f.location : f.origin.back().location;
    if (remote_ == nullptr || v.resource == nullptr || !remote_->IsPackageFile(end.file)) return;
    for (std::size_t i = v.resource->module_calls.size(); i-- > 0;) {
      Span call = v.resource->module_calls[i];
      std::string_view text = sources_.Text(call.file).substr(call.begin, call.end - call.begin);
      d.callers.push_back({maker_->LocationOf(call), fmt::format("called by {}", text)});
      if (!remote_->IsPackageFile(d.callers.back().location.file)) return;
    }
  }

  static void Ignore(std::optional<std::string> reason, Draft& d) {
    if (!reason) return;
    d.finding.status = Status::kIgnored;
    d.finding.note = std::move(*reason);
  }

  void AddDiagnostics(const Diagnostics& diagnostics, std::vector<Draft>& drafts) const {
    for (const Diagnostic& d : diagnostics) {
      RuleNumber rule = table_->FromDiagnostic(d.code);
      if (!table_->enabled(rule)) continue;
      drafts.push_back(maker_->FromDiagnostic(rule, d));
      // No fault of the configuration, but nobody knows what the module holds.
      if (IsNotDownloaded(d) && !options_.strict) drafts.back().finding.status = Status::kUnknown;
      Ignore(ignores_->Find(rule, d.span), drafts.back());
    }
  }

  void AddPathProblems() {
    for (const auto* problems : {&found_.problems, &manifests_.problems}) {
      for (const PathProblem& p : *problems) {
        if (table_->enabled(table_->FromDiagnostic(p.code))) drafts_.push_back(maker_->FromPath(p));
      }
    }
  }

  void AddUselessIgnores() {
    RuleNumber rule = table_->FromDiagnosticId("unused-ignore");
    if (!table_->enabled(rule)) return;
    for (UselessIgnore& useless : ignores_->FindUseless(options_.jobs)) {
      useless.message += NearestHint(useless);
      Draft d = maker_->FromDiagnostic(
          rule, {DiagnosticCode::kParseError, useless.message, useless.span});
      if (useless.configured != nullptr) {
        d.finding.location.file = useless.configured->file;
        d.finding.location.line = d.finding.location.end_line = useless.configured->line;
      }
      drafts_.push_back(std::move(d));
    }
  }

  // Where the ignored rule does find something in the same file: the comment probably belongs
  // there.
  std::string NearestHint(const UselessIgnore& useless) const {
    if (!useless.span.valid() || useless.rules.empty()) return {};
    std::string_view file = sources_.Path(useless.span.file);
    std::int64_t line = sources_.Start(useless.span).line, best = -1;
    for (const Draft& d : drafts_) {
      const Finding& f = d.finding;
      if (f.status != Status::kFail || f.location.file != file) continue;
      bool same_rule = std::ranges::any_of(useless.rules,
                                           [&](RuleNumber r) { return table_->info(r) == f.rule; });
      std::int64_t at = f.location.line;
      if (same_rule && (best < 0 || std::abs(at - line) < std::abs(best - line))) best = at;
    }
    return best < 0 ? std::string()
                    : fmt::format("; the nearest finding of this rule is on line {}", best);
  }

  bool Reported(const Finding& f) const {
    const std::string& file = f.location.file;
    // Of a values file that is given, what it brings about elsewhere.
    auto is_given = [&](const Origin& o) { return inputs_.IsGiven(o.location.file); };
    if (options_.report_only.empty())
      return file == kStdinName || inputs_.Covers(file, plan_roots_) ||
             std::ranges::any_of(f.origin, is_given);
    return std::ranges::any_of(options_.report_only, [&](const std::string& only) {
      return maker_->ShownPath(JoinPath(base_dir_, only)) == file;
    });
  }

  void AddNotices() {
    auto say = [&](std::size_t n, std::string_view one, std::string_view many,
                   std::string_view what) {
      if (n > 0) report_.notices.push_back(fmt::format("{} {} {}", n, n == 1 ? one : many, what));
    };
    if (options_.stdin_manifests && !kubernetes::LooksLikeManifest(*options_.stdin_manifests)) {
      report_.notices.push_back("standard input holds no Kubernetes manifests");
    }
    if (report_.summary.files == 0) {
      report_.notices.push_back(
          "nothing was scanned: neither Terraform nor Kubernetes files, charts or kustomizations "
          "are there");
    }
    if (options_.matrix && environments_.empty()) {
      report_.notices.push_back(
          "--matrix found no environments: no tfvars files that Terraform does not load by itself, "
          "no `environments` in the configuration, no values files beside charts, no overlays of "
          "one base");
    }
    say(manifests_.patches, "patch file", "patch files",
        "of kustomizations skipped: parts of objects cannot be judged");
    say(manifests_.cloudformation, "CloudFormation template", "CloudFormation templates",
        "left alone: not supported in this version");
    say(found_.cdk_apps.size(), "CDK for Terraform app", "CDK for Terraform apps",
        "not synthesised: `cdktf synth` writes the configuration that can be scanned");
    say(found_.outside_links.size(), "symbolic link", "symbolic links",
        "out of the scanned folder not followed");
  }

  void Finish(RuleTable& table) {
    std::erase_if(drafts_, [&](const Draft& d) { return !Reported(d.finding); });
    Summary& s = report_.summary;
    s.files = found_.terraform_files + manifests_.files.size() + s.plans + deployed_.files;
    s.environments.assign(environments_.begin(), environments_.end());
    s.rules = table.run_count();
    Assemble(std::move(drafts_),
             {options_.show_unknown, options_.include_ignored, options_.include_passed}, report_);
    AddNotices();
    report_.rules = table.TakeInfos();
    report_.version = Version();
  }

  const ScanOptions& options_;
  const FileSystem& fs_;
  const std::string base_dir_;
  GraphVisitor* const visitor_;
  Limits limits_;
  SourceMap sources_;
  mutable ValueNames value_names_{sources_};
  std::optional<engine::RuleSet> rules_;
  RuleTable* table_ = nullptr;
  FindingMaker* maker_ = nullptr;
  Ignores* ignores_ = nullptr;
  Inputs inputs_;
  Discovered& found_ = inputs_.found();
  std::shared_ptr<terraform::ParsedFiles> parsed_;
  std::vector<std::string> plan_roots_;  // what their findings may lie in
  std::unique_ptr<RemoteModules> remote_;
  std::vector<Project> projects_;
  deploy::Deployments deployed_;
  Arena neighbours_arena_;
  std::vector<yaml::Document> neighbours_;
  std::set<std::string> environments_;  // names
  Manifests manifests_;
  std::vector<Draft> drafts_;
  Report report_;
};

}  // namespace

ScanResult ScanVisited(const ScanOptions& options, GraphVisitor* visitor) {
  ScanResult out;
  DiskFileSystem disk;
  std::string base_dir = disk.RealPath(".");
  std::map<std::string, std::string> overlay;
  for (const auto& [path, text] : options.unsaved) {
    std::string absolute = JoinPath(base_dir, path), real = disk.RealPath(absolute);
    overlay[real.empty() ? absolute : real] = text;
  }
  OverlayFileSystem fs(disk, std::move(overlay));
  const FileSystem& chosen = options.unsaved.empty() ? static_cast<const FileSystem&>(disk) : fs;
  auto report = Scanner(options, chosen, std::move(base_dir), visitor).Run();
  if (report) {
    out.report = std::move(*report);
  } else {
    out.error = report.error().message;
  }
  return out;
}

}  // namespace scan

std::string ProjectFolder(const FileSystem& fs, const std::string& file) {
  std::string base_dir = fs.RealPath(".");
  std::string folder(DirName(JoinPath(base_dir, file)));
  return scan::RepositoryRoot(fs, folder);
}

ScanResult Scan(const ScanOptions& options) { return scan::ScanVisited(options, nullptr); }

}  // namespace plumbline
