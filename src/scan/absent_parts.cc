// Neutral answers in place of parts that are not in this tree yet, so that the program links and
// runs with what is there. Each goes away with its macro once the folder holds a library.
#include "engine/engine.h"
#include "kubernetes/kubernetes.h"
#include "terraform/terraform.h"

namespace plumbline {

#ifdef PLUMBLINE_WITHOUT_TERRAFORM
namespace terraform {
class ParsedFiles {};
std::shared_ptr<ParsedFiles> MakeParsedFiles(const FileSystem&, SourceMap&, const Limits&,
                                             std::string) {
  return std::make_shared<ParsedFiles>();
}
std::vector<std::string> FindRootModules(ParsedFiles&, const std::vector<std::string>&, unsigned) {
  return {};
}
Diagnostics TakeDiagnostics(ParsedFiles&) { return {}; }
void Evaluate(ParsedFiles&, const std::string&, const std::string&, const Options&,
              model::ResourceGraph&, Diagnostics&) {}
}  // namespace terraform
#endif

#ifdef PLUMBLINE_WITHOUT_KUBERNETES
namespace kubernetes {
bool LooksLikeManifest(std::string_view) { return false; }
void AddManifests(FileId, std::string_view, const Limits&, model::ResourceGraph&, Diagnostics&) {}
void AddFromTerraform(model::ResourceGraph&) {}
}  // namespace kubernetes
#endif

#ifdef PLUMBLINE_WITHOUT_ENGINE
namespace engine {
struct RuleSet::Impl {};
RuleSet::RuleSet(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RuleSet::RuleSet(RuleSet&&) noexcept = default;
RuleSet& RuleSet::operator=(RuleSet&&) noexcept = default;
RuleSet::~RuleSet() = default;
Result<RuleSet> RuleSet::Load(const FileSystem&, const std::vector<std::string>&, bool) {
  return RuleSet(std::make_unique<Impl>());
}
std::size_t RuleSet::size() const { return 0; }
RuleInfo RuleSet::Info(std::uint32_t) const { return {}; }
std::string_view RuleSet::Id(std::uint32_t) const { return {}; }
Severity RuleSet::RuleSeverity(std::uint32_t) const { return {}; }
RuleKind RuleSet::Kind(std::uint32_t) const { return {}; }
bool RuleSet::Strong(std::uint32_t) const { return false; }
std::vector<std::uint32_t> RuleSet::Match(std::string_view) const { return {}; }
std::vector<Verdict> Run(const RuleSet&, const Selection&, model::ResourceGraph&,
                         const RunOptions&) {
  return {};
}
}  // namespace engine
#endif

}  // namespace plumbline
