// Reading an AdmissionReview (admission.k8s.io) and writing the response to one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/arena.h"
#include "support/result.h"
#include "value/value.h"

namespace plumbline::admission {

struct Review {
  std::string_view api_version;
  std::string_view uid;
  std::string_view operation;  // CREATE, UPDATE, DELETE, CONNECT
  Value object;                // null when there is nothing to judge
};

/// True when the document says that it is an AdmissionReview.
bool IsReview(Value document);

/// Says what is missing or wrong. The object gets the request's kind and namespace where it does
/// not name its own.
Result<Review> ReadReview(Arena& arena, Value document);

/// `message` is the reason of a denial, empty when it is allowed.
std::string WriteResponse(const Review& review, const std::string& message,
                          const std::vector<std::string>& warnings);

}  // namespace plumbline::admission
