// plumbline-fetch: gets remote modules for plumbline. Requests come as one JSON object on standard
// input, answers go out as JSON lines:
//   {"cache":"/path","registry":"host","requests":[{"source":"…","version":"…"}]}
//   {"id":"0","tree":"/path/modules/trees/…","version":"1.2.3"} or {"id":"0","error":"…"}
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "fetch/workers.h"
#include "support/arena.h"
#include "support/limits.h"
#include "value/json.h"

namespace plumbline::fetch {
namespace {

constexpr std::size_t kMaxInput = 16u << 20;

bool ReadInput(std::string& out) {
  char buffer[1 << 14];
  for (std::size_t n; (n = std::fread(buffer, 1, sizeof buffer, stdin)) > 0;) {
    out.append(buffer, n);
    if (out.size() > kMaxInput) return false;
  }
  return true;
}

std::string Text(const Value& object, std::string_view name) {
  const Value* v = object.Find(name);
  return v != nullptr && v->is_string() ? std::string(v->as_string()) : std::string();
}

void SetTimeout(FetchLimits& limits) {
  const char* text = std::getenv("PLUMBLINE_FETCH_TIMEOUT");
  int seconds = text == nullptr ? 0 : std::atoi(text);
  if (seconds > 0) limits.module_seconds = static_cast<std::uint32_t>(seconds);
}

int Main() {
  std::string input;
  Arena arena;
  if (!ReadInput(input)) return 2;
  auto json = ParseJson(arena, input, Limits());
  const Value* list = json && json->is_mapping() ? json->Find("requests") : nullptr;
  if (list == nullptr) {
    std::fputs("plumbline-fetch: started by plumbline scan --download-modules, not by hand\n",
               stderr);
    return 2;
  }
  FetchOptions options;
  options.cache = Text(*json, "cache");
  options.registry = Text(*json, "registry");
  SetTimeout(options.limits);
  std::vector<terraform::ModuleRequest> requests;
  for (const Value& r : list->items()) requests.push_back({Text(r, "source"), Text(r, "version")});
  FetchAll(options, requests, [](std::size_t index, const terraform::FetchAnswer& answer) {
    std::string line = AnswerText(index, answer);
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);
  });
  return 0;
}

}  // namespace
}  // namespace plumbline::fetch

int main() { return plumbline::fetch::Main(); }
