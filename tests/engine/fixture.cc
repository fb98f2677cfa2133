#include "fixture.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "value/json.h"

namespace plumbline::engine {

Result<std::string> MemoryFileSystem::ReadFile(const std::string& path, std::size_t) const {
  const auto it = files_.find(path);
  if (it == files_.end()) return Fail(path + ": no such file");
  return it->second;
}

Result<std::vector<DirEntry>> MemoryFileSystem::ListDir(const std::string& path) const {
  std::vector<DirEntry> out;
  for (const auto& [name, text] : files_) {
    if (name.starts_with(path + "/")) out.push_back({name.substr(path.size() + 1), false, false});
  }
  return out;
}

model::Located FakeSource::Locate(const model::Resource& resource,
                                  std::span<const model::PathStep> path) const {
  const Value* value = &resource.attributes;
  std::uint32_t depth = 0;
  for (const model::PathStep& s : path) {
    if (s.is_index()) {
      const auto items = value->items();
      value = static_cast<std::size_t>(s.index) < items.size()
                  ? &items[static_cast<std::size_t>(s.index)]
                  : nullptr;
    } else {
      value = value->Find(s.key);
    }
    if (value == nullptr) break;
    ++depth;
  }
  // Different attributes have different spans, so that the engine does not merge them.
  std::uint32_t hash = 0;
  for (std::uint32_t i = 0; i < depth; ++i) {
    for (char c : path[i].key) hash = hash * 31 + static_cast<unsigned char>(c);
    hash = hash * 31 + static_cast<std::uint32_t>(path[i].index + 7);
  }
  return {Span{resource.id, hash & 0xFFFFFF, hash & 0xFFFFFF}, depth == path.size() && depth > 0};
}

Value GraphMaker::Unknowns(const Value& value) {
  Arena& arena = graph_.arena();
  if (const Value* cause = value.Find("$unknown"); cause != nullptr && cause->is_string()) {
    UnknownInfo info;
    info.cause = arena.New<Cause>(cause->as_string());
    std::vector<ResourceRef> refs;
    if (const Value* list = value.Find("refs")) {
      for (const Value& r : list->items()) refs.push_back({r.as_string(), "id"});
    }
    info.refs = arena.Copy(refs);
    if (const Value* json = value.Find("json")) info.json = arena.New<Value>(Unknowns(*json));
    std::vector<Value> parts;
    if (const Value* list = value.Find("parts")) {
      for (const Value& p : list->items()) parts.push_back(Unknowns(p));
    }
    info.parts = arena.Copy(parts);
    return MakeUnknown(arena, info);
  }
  if (value.is_sequence()) {
    std::vector<Value> items;
    for (const Value& v : value.items()) items.push_back(Unknowns(v));
    return MakeTuple(arena, items);
  }
  if (!value.is_mapping()) return value;
  std::vector<Member> members;
  for (const Member& m : value.members()) members.push_back({m.key, Unknowns(m.value)});
  return MakeObject(arena, members);
}

model::Resource& GraphMaker::Add(std::string_view address, std::string_view json) {
  Arena& arena = graph_.arena();
  model::Resource r;
  r.address = arena.CopyString(address);
  // "aws_x.name", "data.aws_x.name", "v1/Pod/name"
  std::string_view rest = r.address;
  if (rest.starts_with("data.")) {
    r.mode = model::Mode::kData;
    rest.remove_prefix(5);
  }
  const std::size_t split =
      rest.find('/') != std::string_view::npos ? rest.rfind('/') : rest.find('.');
  r.type = rest.substr(0, split);
  r.name = rest.substr(split + 1);
  if (r.type.find('/') != std::string_view::npos) r.framework = model::Framework::kKubernetes;
  auto parsed = ParseJson(arena, arena.CopyString(json), Limits());
  EXPECT_TRUE(parsed.has_value()) << json;
  r.attributes = parsed ? Unknowns(*parsed) : Value();
  r.source = &source_;
  model::Resource& added = graph_.Add(std::move(r));
  added.header = {added.id, 0, 0};
  ids_.emplace(address, added.id);
  return added;
}

void GraphMaker::Refer(std::string_view from, std::string_view attribute, std::string_view to) {
  graph_.at(ids_.find(from)->second).references.push_back({attribute, ids_.find(to)->second, "id"});
}

model::ResourceGraph& GraphMaker::Done() {
  graph_.Link();
  return graph_;
}

Result<RuleSet> LoadTexts(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> files;
  for (std::size_t i = 0; i < texts.size(); ++i) files[fmt::format("/rules/{}.yaml", i)] = texts[i];
  return LoadRuleSet(MemoryFileSystem(files), {"/rules"}, true, Image());
}

RuleSet MustLoad(const std::vector<std::string>& texts) {
  auto rules = LoadTexts(texts);
  if (!rules) {
    ADD_FAILURE() << rules.error().message;
    return RuleSet(std::make_unique<RuleSet::Impl>());
  }
  return std::move(*rules);
}

std::string RuleText(std::string_view lines, std::string_view id) {
  return fmt::format(
      "id: {}\ntitle: The title\nseverity: high\nkind: defect\nwhy: why\nfix: fix\n{}\n"
      "examples:\n  terraform:\n    bad: [\"# finding\"]\n    good: [\"\"]\n",
      id, lines);
}

std::string RunAll(const RuleSet& rules, model::ResourceGraph& graph) {
  RunOptions options;
  options.passes = true;
  std::string out;
  for (const Verdict& v : Run(rules, Selection(rules.size(), true), graph, options)) {
    if (v.status == Status::kPass) out += fmt::format("pass {}\n", v.resource->address);
    if (v.status == Status::kUnknown)
      out += fmt::format("unknown {}: {}\n", v.resource->address, v.cause);
    if (v.status != Status::kFail) continue;
    const std::string path = model::PathToString(v.path);
    const std::string place =
        v.located == v.resource ? path : fmt::format("{} {}", v.located->address, path);
    out += fmt::format("fail {} at {}: {}\n", v.resource->address,
                       v.exact ? place : "(" + place + ")", v.message);
  }
  return out;
}

}  // namespace plumbline::engine
