#include "scan/identities.h"

#include <fmt/format.h>

#include <map>

namespace plumbline::scan {

Identities::Identities(const model::ResourceGraph& graph) : texts_(graph.size()) {
  std::map<std::pair<FileId, std::uint32_t>, std::size_t> uses;
  for (const model::Resource& r : graph) ++uses[{r.header.file, r.header.begin}];
  for (const model::Resource& r : graph) {
    std::string& text = texts_[r.id];
    text = fmt::format("{}@{}:{}", r.type, r.header.file, r.header.begin);
    if (!r.header.valid() || uses[{r.header.file, r.header.begin}] > 1)
      text += fmt::format(" {}", r.address);
    by_text_.emplace(text, &r);
  }
}

const model::Resource* Identities::Find(const std::string& identity) const {
  auto it = by_text_.find(identity);
  return it != by_text_.end() ? it->second : nullptr;
}

Origin FindSetting(const Identities& environment, const std::string& identity,
                   const model::Path& attribute, const FindingMaker& maker, ValueNames& names) {
  const model::Resource* r = environment.Find(identity);
  if (r == nullptr || r->source == nullptr) return {};
  model::Located at = r->source->Locate(*r, attribute);
  std::vector<model::OriginStep> trace = r->source->Trace(*r, attribute);
  if (!at.exact && trace.empty()) return {};
  if (trace.empty()) return {maker.LocationOf(at.span), "set here"};
  const model::OriginStep& last = trace.back();
  return {maker.LocationOf(last.span), last.what == "value" ? names.At(last.span) : last.what};
}

}  // namespace plumbline::scan
