#include "fetch/registry.h"

#include <fmt/format.h>

#include "fetch/credentials.h"
#include "fetch/http.h"
#include "support/arena.h"
#include "support/limits.h"
#include "value/json.h"

namespace plumbline::fetch {
namespace {

Result<Value> Json(Arena& arena, const HttpAnswer& answer) {
  auto json = ParseJson(arena, answer.body, Limits());
  if (!json || !json->is_mapping())
    return Fail(fmt::format("{} did not answer with a JSON object", ShownAddress(answer.url)));
  return *json;
}

// Plain HTTP is good enough on this machine only.
bool IsSafe(const std::string& url) {
  terraform::UrlParts u;
  if (!terraform::SplitUrl(url, &u)) return false;
  return u.scheme == "https" || (u.scheme == "http" && terraform::IsLoopback(u.host));
}

}  // namespace

Registry::Registry(std::string host, const FetchLimits& limits)
    : host_(std::move(host)), token_(RegistryToken(host_)), limits_(limits) {}

Result<void> Registry::Discover() {
  if (!base_.empty()) return {};
  const std::string path = host_ + "/.well-known/terraform.json";
  auto answer = HttpGet({"https://" + path, token_}, limits_);
  if (!answer && terraform::IsLoopback(host_)) {
    auto plain = HttpGet({"http://" + path, token_}, limits_);
    if (plain) answer = std::move(plain);
  }
  if (!answer) {
    return Fail(fmt::format("the registry {} cannot be used: {}", host_, answer.error().message));
  }
  Arena arena;
  PL_TRY(Value json, Json(arena, *answer));
  const Value* modules = json.Find("modules.v1");
  if (modules == nullptr || !modules->is_string())
    return Fail(fmt::format("{} is no registry of modules: it offers no modules.v1", host_));
  std::string base = ResolveUrl(answer->url, modules->as_string());
  if (!IsSafe(base)) {
    return Fail(fmt::format("the registry {} offers modules at {}, which is not encrypted", host_,
                            ShownAddress(base)));
  }
  base_ = base.ends_with('/') ? base : base + "/";
  return {};
}

std::string Registry::ModuleUrl(const terraform::ModuleSource& m) const {
  return fmt::format("{}{}/{}/{}", base_, m.ns, m.name, m.provider);
}

Result<std::vector<std::string>> Registry::Versions(const terraform::ModuleSource& module) {
  PL_CHECK_OK(Discover());
  HttpRequest request{ModuleUrl(module) + "/versions", token_};
  request.any_status = true;
  PL_TRY(HttpAnswer answer, HttpGet(request, limits_));
  if (answer.status == 404) {
    return Fail(fmt::format("the registry {} has no module {}/{}/{}", host_, module.ns, module.name,
                            module.provider));
  }
  if (answer.status / 100 != 2) {
    return Fail(fmt::format("the registry {} answered {} when asked for the versions{}", host_,
                            answer.status,
                            answer.status == 401 || answer.status == 403
                                ? fmt::format("; set a token with a credentials block or a "
                                              "TF_TOKEN_ variable for {}",
                                              host_)
                                : ""));
  }
  Arena arena;
  PL_TRY(Value json, Json(arena, answer));
  std::vector<std::string> out;
  const Value* modules = json.Find("modules");
  const Value* versions = modules == nullptr || modules->items().empty()
                              ? nullptr
                              : modules->items()[0].Find("versions");
  if (versions == nullptr)
    return Fail(fmt::format("the registry {} answered without a list of versions", host_));
  for (const Value& v : versions->items()) {
    const Value* text = v.Find("version");
    if (text != nullptr && text->is_string()) out.emplace_back(text->as_string());
  }
  return out;
}

Result<std::string> Registry::Location(const terraform::ModuleSource& module,
                                       const std::string& version) {
  PL_CHECK_OK(Discover());
  HttpRequest request{fmt::format("{}/{}/download", ModuleUrl(module), version), token_};
  PL_TRY(HttpAnswer answer, HttpGet(request, limits_));
  if (answer.terraform_get.empty()) {
    return Fail(
        fmt::format("the registry {} does not say where version {} is: its answer has no "
                    "X-Terraform-Get header",
                    host_, version));
  }
  const std::string& where = answer.terraform_get;
  bool is_relative = where.starts_with("/") || where.starts_with("./") || where.starts_with("../");
  return is_relative ? ResolveUrl(answer.url, where) : where;
}

}  // namespace plumbline::fetch
