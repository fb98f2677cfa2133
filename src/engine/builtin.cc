// The built-in rules: the image that plumbline-rulec made at build time, in place inside the
// executable.
#include "engine/engine.h"
#include "engine/rule_set_impl.h"

extern "C" const char plumbline_rules_image[];

namespace plumbline::engine {

Image BuiltInImage() { return Image(plumbline_rules_image); }

const RuleSet& RuleSet::BuiltIn() {
  static const RuleSet kBuiltIn = [] {
    auto impl = std::make_unique<Impl>();
    impl->images[0] = BuiltInImage();
    return RuleSet(std::move(impl));
  }();
  return kBuiltIn;
}

Result<RuleSet> RuleSet::Load(const FileSystem& fs, const std::vector<std::string>& policy_paths,
                              bool without_builtin) {
  return LoadRuleSet(fs, policy_paths, without_builtin, BuiltInImage());
}

}  // namespace plumbline::engine
