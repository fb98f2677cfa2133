// What references to a resource see beside its configuration: attributes the provider computes, and
// the few data sources that can be computed here.
#include <fmt/format.h>

#include "terraform/policy_document.h"
#include "terraform/project.h"

namespace plumbline::terraform {
namespace {

// Attributes by which resources name each other: providers always give them a text.
bool IsIdentity(std::string_view attribute) {
  return attribute == "id" || attribute == "arn" || attribute == "self_link" ||
         attribute.ends_with("_id") || attribute.ends_with("_arn") || attribute.ends_with("name");
}

}  // namespace

Value Project::ComputedUnknown(ResourceInstance& instance, std::string_view attribute,
                               std::string_view cause) {
  UnknownInfo info;
  if (IsIdentity(attribute)) {
    info.type = StringType();
    info.not_null = true;
  }
  info.cause = arena_->New<Cause>(cause, instance.node->decl->block->header);
  ResourceRef ref{instance.address, attribute};
  info.refs = arena_->Copy(std::span<const ResourceRef>(&ref, 1));
  return MakeUnknown(*arena_, info);
}

Value Project::Computed(ResourceInstance& instance, std::string_view attribute) {
  std::string name = attribute.empty() ? std::string(instance.address)
                                       : fmt::format("{}.{}", instance.address, attribute);
  const char* when = instance.node->decl->mode == model::Mode::kData ? "read from the provider"
                                                                     : "known only after apply";
  return ComputedUnknown(instance, attribute,
                         arena_->CopyString(fmt::format("{} is {}", name, when)));
}

Value Project::RenderedTemplateFile(ResourceInstance& instance) {
  const Value* text = instance.attributes.Find("template");
  const Value* vars = instance.attributes.Find("vars");
  if (text == nullptr || text->is_null()) return Computed(instance, "rendered");
  if (text->is_unknown()) return evaluator_->UnknownFrom(StringType(), *text, true);
  if (!text->is_string() || (vars != nullptr && !vars->is_mapping()))
    return Computed(instance, "rendered");
  Value none = SealObject(*arena_, {});
  auto rendered = evaluator_->RenderTemplate(text->as_string(), instance.address,
                                             vars != nullptr ? *vars : none);
  return rendered ? *rendered : MakeUnknown(*arena_, StringType(), rendered.error().message);
}

void Project::AddComputed(ResourceInstance& instance, std::vector<Member>& members) {
  const ResourceDecl& decl = *instance.node->decl;
  auto missing = [&](std::string_view name) { return instance.attributes.Find(name) == nullptr; };
  if (missing("id")) members.push_back({"id", Computed(instance, "id")});
  if (decl.mode == model::Mode::kManaged && decl.type == "terraform_data") {
    const Value* input = instance.attributes.Find("input");
    Value output = Value::Null();
    if (input != nullptr && !input->is_null()) {
      UnknownInfo info = *Computed(instance, "output").unknown();
      info.type = TypeOf(*arena_, *input);
      output = MakeUnknown(*arena_, info);
    }
    members.push_back({"output", output});
    if (missing("input")) members.push_back({"input", Value::Null()});
    if (missing("triggers_replace")) members.push_back({"triggers_replace", Value::Null()});
  }
  if (decl.mode != model::Mode::kData) return;
  if (decl.type == "aws_iam_policy_document") {
    PolicyDocument document = ComputePolicyDocument(*evaluator_, instance.attributes);
    members.push_back({"json", document.json});
    members.push_back({"minified_json", document.minified_json});
  } else if (decl.type == "template_file") {
    members.push_back({"rendered", RenderedTemplateFile(instance)});
  } else if (decl.type == "null_data_source") {
    if (const Value* inputs = instance.attributes.Find("inputs"))
      members.push_back({"outputs", *inputs});
  }
}

Value Project::ReferenceValue(ResourceInstance& instance) {
  const ResourceDecl& decl = *instance.node->decl;
  BodyNotes notes;
  bool is_open = decl.type != "terraform_data";
  Place place{instance.address, {}, true, &IsResourceMeta, is_open ? &instance : nullptr,
              !decl.ephemeral};
  instance.attributes =
      EvalBody(*decl.body, Frame{instance.node->module, &instance.key}, place, 0, notes);
  instance.references = arena_->Copy(notes.references);
  instance.inputs = arena_->Copy(notes.inputs);
  auto set = instance.attributes.members();
  std::vector<Member> members;
  members.reserve(set.size() + 4);
  for (const Member& m : set) {
    if (m.key == "lifecycle") continue;
    // What the configuration leaves to the provider by saying null is computed like what it does
    // not say at all.
    members.push_back(is_open && m.value.is_null() ? Member{m.key, Computed(instance, m.key)} : m);
  }
  AddComputed(instance, members);
  auto kept = arena_->NewArray<Member>(members.size());
  std::copy(members.begin(), members.end(), kept.begin());
  Value v = SealObject(*arena_, kept);
  open_objects_.emplace(v.object_rep(), &instance);
  return v;
}

}  // namespace plumbline::terraform
