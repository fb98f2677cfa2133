// The order of the output: as read (fifo), or by kind and name (legacy, what kubectl does unless
// told otherwise).
#include <algorithm>

#include "kustomize/kind_order.h"
#include "kustomize/transformers.h"

namespace plumbline::kustomize {
namespace {

std::string KindText(const Gvk& g) {
  return (g.group.empty() ? "~G" : g.group) + "_" + (g.version.empty() ? "~V" : g.version) + "_" +
         (g.kind.empty() ? "~K" : g.kind);
}

struct Entry {
  ResourcePtr resource;
  Gvk gvk;
  int rank = 0;
  std::string kind_text, id_text;
};

bool Less(const Entry& a, const Entry& b) {
  if (a.gvk == b.gvk) return a.id_text < b.id_text;
  if (a.rank != b.rank) return a.rank < b.rank;
  bool namespaces = a.gvk.kind == "Namespace" && b.gvk.kind == "Namespace" &&
                    (a.gvk.group.empty() || b.gvk.group.empty());
  return namespaces ? a.kind_text > b.kind_text : a.kind_text < b.kind_text;
}

}  // namespace

Result<void> SortResources(ResMap& resources, const std::optional<SortOptions>& options) {
  bool legacy = !options || options->order == "legacy";
  if (options && !legacy && options->order != "fifo") {
    return Fail("the field 'sortOptions.order' must be one of [fifo, legacy]");
  }
  if (options && !legacy && options->has_legacy) {
    return Fail(
        "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', "
        "not 'legacy'");
  }
  if (!legacy) return {};
  std::vector<std::string> first(kFirstKinds.begin(), kFirstKinds.end()),
      last(kLastKinds.begin(), kLastKinds.end());
  if (options && options->has_legacy) {
    first = options->first;
    last = options->last;
  }
  std::map<std::string, int> ranks;
  int count = static_cast<int>(first.size());
  for (int i = 0; i < count; ++i) ranks[first[static_cast<std::size_t>(i)]] = i - count;
  for (std::size_t i = 0; i < last.size(); ++i) ranks[last[i]] = static_cast<int>(i) + 1;
  std::vector<Entry> entries;
  for (const ResourcePtr& r : resources.list) {
    Entry e{r, r->gvk(), 0, {}, {}};
    if (auto it = ranks.find(e.gvk.kind); it != ranks.end()) e.rank = it->second;
    e.kind_text = KindText(e.gvk);
    e.id_text = e.gvk.ToString() + "|" + (r->ns().empty() ? "~X" : std::string(r->ns())) + "|" +
                (r->name().empty() ? "~N" : std::string(r->name()));
    entries.push_back(std::move(e));
  }
  std::ranges::stable_sort(entries, Less);
  for (std::size_t i = 0; i < entries.size(); ++i) resources.list[i] = entries[i].resource;
  return {};
}

}  // namespace plumbline::kustomize
