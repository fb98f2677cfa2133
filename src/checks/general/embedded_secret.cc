// Walks every text of a resource and looks for credentials. CEL cannot walk a tree whose form it
// does not know.
#include "checks/general/embedded_secret.h"

#include <string>

#include "model/secret_text.h"

namespace plumbline::checks {
namespace {

class Walker {
 public:
  std::vector<Outcome> outcomes;

  // Values nest no deeper than their parsers allow, which Limits::max_depth bounds.
  void Walk(const Value& value) {
    if (value.is_string()) {
      ++texts_;
      if (const std::string_view what = model::FindSecret(value.as_string()).what; !what.empty()) {
        outcomes.push_back({Outcome::Status::kFail, path_,
                            std::string(what) + " is written into the configuration", ""});
      }
    } else if (value.is_unknown()) {
      // The known parts of a template are text like any other.
      for (const Value& part : value.unknown()->parts) {
        if (part.is_string()) Walk(part);
      }
    }
    std::int64_t index = 0;
    for (const Value& item : value.items()) {
      path_.push_back({{}, index++});
      Walk(item);
      path_.pop_back();
    }
    for (const Member& m : value.members()) {
      path_.push_back({m.key, -1});
      Walk(m.value);
      path_.pop_back();
    }
  }
  bool saw_text() const { return texts_ > 0; }

 private:
  model::Path path_;
  std::size_t texts_ = 0;
};

}  // namespace

std::vector<Outcome> EmbeddedSecret(const CheckContext& context) {
  Walker walker;
  walker.Walk(context.resource.attributes);
  if (walker.outcomes.empty() && walker.saw_text()) walker.outcomes.push_back({});
  return std::move(walker.outcomes);
}

}  // namespace plumbline::checks
