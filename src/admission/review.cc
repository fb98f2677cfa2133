#include "admission/review.h"

#include "value/json.h"

namespace plumbline::admission {
namespace {

std::string_view Text(Value object, std::string_view key) {
  const Value* v = object.Find(key);
  return v != nullptr && v->is_string() ? v->as_string() : std::string_view();
}

Value With(Arena& arena, Value object, std::string_view key, std::string_view text) {
  std::vector<Member> members(object.members().begin(), object.members().end());
  members.push_back({key, MakeString(arena, text)});
  return MakeObject(arena, members);
}

Value WithMember(Arena& arena, Value object, std::string_view key, Value value) {
  std::vector<Member> members(object.members().begin(), object.members().end());
  members.push_back({key, value});
  return MakeObject(arena, members);
}

Value CompleteObject(Arena& arena, Value object, Value request) {
  if (const Value* kind = request.Find("kind"); kind != nullptr && kind->is_mapping()) {
    std::string api_version(Text(*kind, "group"));
    if (!api_version.empty()) api_version += '/';
    api_version += Text(*kind, "version");
    if (Text(object, "apiVersion").empty()) object = With(arena, object, "apiVersion", api_version);
    if (Text(object, "kind").empty()) object = With(arena, object, "kind", Text(*kind, "kind"));
  }
  std::string_view ns = Text(request, "namespace");
  const Value* metadata = object.Find("metadata");
  if (!ns.empty() && metadata != nullptr && metadata->is_mapping() &&
      Text(*metadata, "namespace").empty() && Text(object, "kind") != "Namespace") {
    object = WithMember(arena, object, "metadata", With(arena, *metadata, "namespace", ns));
  }
  return object;
}

void AppendMember(std::string& out, std::string_view key, std::string_view text) {
  AppendJsonString(out, key);
  out += ':';
  AppendJsonString(out, text);
}

}  // namespace

bool IsReview(Value document) { return Text(document, "kind") == "AdmissionReview"; }

Result<Review> ReadReview(Arena& arena, Value document) {
  Review review;
  review.api_version = Text(document, "apiVersion");
  if (review.api_version != "admission.k8s.io/v1" &&
      review.api_version != "admission.k8s.io/v1beta1") {
    return Fail("the AdmissionReview has the apiVersion \"" + std::string(review.api_version) +
                "\"; expected admission.k8s.io/v1");
  }
  const Value* request = document.Find("request");
  if (request == nullptr || !request->is_mapping()) {
    return Fail("the AdmissionReview has no \"request\" object");
  }
  review.uid = Text(*request, "uid");
  if (review.uid.empty()) return Fail("the AdmissionReview's request has no \"uid\"");
  review.operation = Text(*request, "operation");
  const Value* object = request->Find("object");
  if (object == nullptr || object->is_null() || review.operation == "DELETE") return review;
  if (!object->is_mapping()) {
    return Fail("\"request.object\" of the AdmissionReview is no object");
  }
  review.object = CompleteObject(arena, *object, *request);
  return review;
}

std::string WriteResponse(const Review& review, const std::string& message,
                          const std::vector<std::string>& warnings) {
  std::string out = "{";
  AppendMember(out, "apiVersion", review.api_version);
  out += ",\"kind\":\"AdmissionReview\",\"response\":{";
  AppendMember(out, "uid", review.uid);
  out += message.empty() ? ",\"allowed\":true" : ",\"allowed\":false";
  if (!message.empty()) {
    out += ",\"status\":{\"code\":403,\"reason\":\"Forbidden\",";
    AppendMember(out, "message", message);
    out += '}';
  }
  if (!warnings.empty()) {
    out += ",\"warnings\":[";
    for (std::size_t i = 0; i < warnings.size(); ++i) {
      if (i > 0) out += ',';
      AppendJsonString(out, warnings[i]);
    }
    out += ']';
  }
  return out + "}}";
}

}  // namespace plumbline::admission
