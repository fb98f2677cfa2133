// Slash-separated paths. The os functions are the same: templates are rendered as on Linux.
#include <algorithm>
#include <array>

#include "helm/functions/common.h"

namespace plumbline::helm {
namespace {

std::string Clean(std::string_view path) {
  if (path.empty()) return ".";
  bool rooted = path[0] == '/';
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    auto end = std::min(path.find('/'), path.size());
    std::string_view part = path.substr(0, end);
    path.remove_prefix(std::min(end + 1, path.size()));
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (!parts.empty() && parts.back() != "..") {
        parts.pop_back();
        continue;
      }
      if (rooted) continue;
    }
    parts.push_back(part);
  }
  std::string out = rooted ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += '/';
    out += parts[i];
  }
  return out.empty() ? "." : out;
}

bool CleanPath(Call& call) { return ReturnText(call, Clean(call.Text(0))); }

bool Base(Call& call) {
  std::string_view path = call.Text(0);
  if (path.empty()) return call.Return(Value::String("."));
  while (path.ends_with('/')) path.remove_suffix(1);
  auto slash = path.rfind('/');
  if (slash != std::string_view::npos) path.remove_prefix(slash + 1);
  return call.Return(Value::String(path.empty() ? "/" : path));
}

bool Dir(Call& call) {
  std::string_view path = call.Text(0);
  auto slash = path.rfind('/');
  return ReturnText(call, Clean(path.substr(0, slash == std::string_view::npos ? 0 : slash + 1)));
}

bool Ext(Call& call) {
  std::string_view path = call.Text(0);
  auto at = path.find_last_of("./");
  bool none = at == std::string_view::npos || path[at] == '/';
  return call.Return(Value::String(none ? "" : path.substr(at)));
}

bool IsAbs(Call& call) { return ReturnBool(call, call.Text(0).starts_with('/')); }

constexpr auto kFunctions = std::to_array<Function>({
    {"base", "s", Base},
    {"clean", "s", CleanPath},
    {"dir", "s", Dir},
    {"ext", "s", Ext},
    {"isAbs", "s", IsAbs},
    {"osBase", "s", Base},
    {"osClean", "s", CleanPath},
    {"osDir", "s", Dir},
    {"osExt", "s", Ext},
    {"osIsAbs", "s", IsAbs},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> PathFunctions() { return kFunctions; }

}  // namespace plumbline::helm
