// Texts and lists of texts: split, join, sort.
#include <algorithm>
#include <array>

#include "helm/functions/common.h"

namespace plumbline::helm {
namespace {

// strings.SplitN: at most `limit` parts, all when negative; without a separator into characters.
std::vector<std::string_view> Parts(std::string_view s, std::string_view separator,
                                    std::int64_t limit) {
  std::vector<std::string_view> parts;
  if (limit == 0) return parts;
  auto full = [&] { return limit > 0 && static_cast<std::int64_t>(parts.size()) + 1 >= limit; };
  if (separator.empty()) {
    while (!s.empty() && !full()) {
      std::size_t width = 0;
      gotmpl::DecodeUtf8(s, &width);
      parts.push_back(s.substr(0, width));
      s.remove_prefix(width);
    }
    if (!s.empty()) parts.push_back(s);
    return parts;
  }
  for (std::size_t at = 0; !full() && (at = s.find(separator)) != std::string_view::npos;) {
    parts.push_back(s.substr(0, at));
    s.remove_prefix(at + separator.size());
  }
  parts.push_back(s);
  return parts;
}

bool SplitList(Call& call) { return ReturnTexts(call, Parts(call.Text(1), call.Text(0), -1)); }

// A map with the keys _0, _1 …
bool ReturnNumbered(Call& call, std::span<const std::string_view> parts) {
  if (parts.size() > kMaxItems)
    return call.Fail(fmt::format("the text splits into more than {} parts", kMaxItems));
  if (!Spend(call, parts.size())) return false;
  std::vector<std::pair<std::string, std::string_view>> sorted;
  for (std::size_t i = 0; i < parts.size(); ++i)
    sorted.emplace_back(fmt::format("_{}", i), parts[i]);
  std::ranges::sort(sorted);
  Map* map = call.heap.MakeMap(Element::kString);
  for (const auto& [key, part] : sorted)
    map->Set(call.heap, call.heap.Text(key), Value::String(part));
  return call.Return(Value::Of(map));
}

bool Split(Call& call) { return ReturnNumbered(call, Parts(call.Text(1), call.Text(0), -1)); }
bool SplitN(Call& call) {
  return ReturnNumbered(call, Parts(call.Text(2), call.Text(0), call.Int(1)));
}

// sprig's strslice, in texts that live in the heap.
std::vector<Value> Texts(Call& call, Value v) {
  std::vector<Value> texts;
  auto add = [&](Value item) {
    if (item.is_nil()) return;
    texts.push_back(item.is_string() ? item : call.heap.String(TextOf(item), item.origin()));
  };
  if (!v.is_list()) {
    add(v);
  } else {
    for (Value item : v.list().items) add(item);
  }
  return texts;
}

bool ToStrings(Call& call) {
  Value v = call.args[0];
  if (v.is_list() && v.list().element == Element::kString) return call.Return(v);
  return ReturnList(call, Texts(call, v), Element::kString);
}

bool SortAlpha(Call& call) {
  Value v = call.args[0];
  std::vector<Value> texts;
  if (v.is_nil()) {
    texts.push_back(Value::String("<nil>"));
  } else {
    texts = Texts(call, v);
  }
  if (!Spend(call, texts.size())) return false;
  std::ranges::stable_sort(texts, [](Value a, Value b) { return a.as_string() < b.as_string(); });
  return ReturnList(call, texts, Element::kString);
}

bool Join(Call& call) {
  std::string_view separator = call.Text(0);
  std::string out;
  bool first = true;
  std::vector<Value> texts = Texts(call, call.args[1]);
  for (Value text : texts) {
    if (!first) out += separator;
    first = false;
    out += text.as_string();
    if (out.size() > kMaxText) return FailTooLong(call);
  }
  return ReturnText(call, out, OnlyOrigin(texts));
}

constexpr auto kFunctions = std::to_array<Function>({
    {"join", "sv", Join},
    {"sortAlpha", "v", SortAlpha},
    {"split", "ss", Split},
    {"splitList", "ss", SplitList},
    {"splitn", "sis", SplitN},
    {"toStrings", "v", ToStrings},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> StringListFunctions() { return kFunctions; }

}  // namespace plumbline::helm
