#include "scan/remote_modules.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/arena.h"
#include "support/limits.h"
#include "support/process.h"
#include "terraform/module_closure.h"
#include "value/json.h"

namespace plumbline::scan {
namespace {

using terraform::FetchAnswer;
using terraform::ModuleRequest;

constexpr std::size_t kMaxAnswers = 64u << 20;
constexpr std::string_view kProgram = "plumbline-fetch";

std::string RequestText(const terraform::StoreOptions& options,
                        const std::vector<ModuleRequest>& requests) {
  std::string out = "{\"cache\":";
  AppendJsonString(out, options.cache);
  out += ",\"registry\":";
  AppendJsonString(out, options.registry);
  out += ",\"requests\":[";
  for (const ModuleRequest& r : requests) {
    out += &r == requests.data() ? "{\"source\":" : ",{\"source\":";
    AppendJsonString(out, r.source);
    out += ",\"version\":";
    AppendJsonString(out, r.version);
    out += '}';
  }
  return out + "]}\n";
}

std::string Text(const Value& object, std::string_view name) {
  const Value* v = object.Find(name);
  return v != nullptr && v->is_string() ? std::string(v->as_string()) : std::string();
}

// A line an answer: {"id":0,"tree":"…"} or {"id":0,"error":"…"}.
void TakeAnswer(std::string_view line, std::vector<FetchAnswer>& answers) {
  Arena arena;
  auto json = ParseJson(arena, line, Limits());
  if (!json || !json->is_mapping()) return;
  std::string id = Text(*json, "id");
  std::size_t index = answers.size();
  for (std::size_t i = 0; i < answers.size() && index == answers.size(); ++i) {
    if (std::to_string(i) == id) index = i;
  }
  if (index == answers.size()) return;
  answers[index] = {Text(*json, "tree"), Text(*json, "subdir"), Text(*json, "version"),
                    Text(*json, "error")};
}

std::vector<FetchAnswer> Fetch(const terraform::StoreOptions& options,
                               const std::vector<ModuleRequest>& requests) {
  std::vector<FetchAnswer> answers(requests.size(),
                                   {"", "", "", fmt::format("{} gave no answer", kProgram)});
  std::string program = JoinPath(ProgramFolder(), kProgram);
  if (!DiskFileSystem().IsFile(program)) {
    for (FetchAnswer& a : answers)
      a.error = fmt::format("{} is missing, which does the downloads; it belongs beside plumbline",
                            program);
    return answers;
  }
  auto output = RunProgram(program, RequestText(options, requests), kMaxAnswers);
  if (!output) {
    for (FetchAnswer& a : answers) a.error = output.error().message;
    return answers;
  }
  std::string_view rest = *output;
  while (!rest.empty()) {
    std::size_t end = std::min(rest.find('\n'), rest.size());
    TakeAnswer(rest.substr(0, end), answers);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return answers;
}

}  // namespace

RemoteModules::RemoteModules(const FileSystem& fs, const ModuleOptions& options,
                             const std::vector<std::string>& scanned) {
  terraform::StoreOptions o;
  for (const std::string& folder : options.vendored) {
    std::string real = fs.RealPath(folder);
    o.vendored.push_back(real.empty() ? folder : real);
  }
  for (const std::string& folder : scanned) {
    std::string external = fs.RealPath(JoinPath(folder, ".external_modules"));
    if (!external.empty() && std::ranges::find(o.vendored, external) == o.vendored.end())
      o.vendored.push_back(external);
  }
  o.cache = options.cache;
  o.registry = options.registry;
  o.download = options.download;
  store_ = std::make_unique<terraform::ModuleStore>(fs, std::move(o));
}

void RemoteModules::Resolve(terraform::ParsedFiles& files, const std::vector<std::string>& roots) {
  files_ = &files;
  terraform::FetchModules fetch;
  if (store_->options().download) {
    fetch = [this](const std::vector<ModuleRequest>& requests) {
      return Fetch(store_->options(), requests);
    };
  }
  terraform::ResolveModules(files, roots, *store_, fetch);
}

bool RemoteModules::IsPackageFile(std::string_view shown) const {
  return files_ != nullptr && files_->IsPackageFile(shown);
}

}  // namespace plumbline::scan
