// The inside of RuleSet: one or two images and the list of rules over both.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "engine/image.h"

namespace plumbline::engine {

/// The image inside the executable (engine/builtin.cc; absent from plumbline-rulec, which makes
/// it).
Image BuiltInImage();

/// Where a rule lies.
struct RuleRef {
  std::uint32_t image = 0, index = 0;
};

struct RuleSet::Impl {
  /// images[0]: built-in or empty; images[1]: the user's or empty.
  std::array<Image, 2> images;
  /// Rules by number; empty when they are exactly those of images[0].
  std::vector<RuleRef> rules;
  bool listed = false;  // `rules` counts, even when it is empty
  struct alignas(16) Block {
    char bytes[16];
  };
  std::unique_ptr<Block[]> storage;

  std::size_t size() const { return listed ? rules.size() : images[0].All<RuleDef>().size(); }
  RuleRef Ref(std::uint32_t rule) const { return listed ? rules[rule] : RuleRef{0, rule}; }
  const Image& ImageOf(RuleRef r) const { return images[r.image]; }
  const RuleDef& Rule(RuleRef r) const { return images[r.image].At<RuleDef>(r.index); }

  /// Takes the user's image; built-in rules with the same ids give way.
  void AddUserImage(std::string_view bytes, bool without_builtin);
};

/// What `RuleSet::Load` does, over any built-in image. Errors: one line a mistake.
Result<RuleSet> LoadRuleSet(const FileSystem& fs, const std::vector<std::string>& policy_paths,
                            bool without_builtin, Image builtin);

}  // namespace plumbline::engine
