// HTTP through libcurl: bounded in time, size and redirects; never from https down to http; never
// asks anybody for a password.
#pragma once

#include <string>

#include "fetch/limits.h"
#include "support/result.h"

namespace plumbline::fetch {

struct HttpRequest {
  std::string url;
  std::string token;        // for Authorization: Bearer, only sent to the host of `url`
  std::string save_to;      // file for the body; empty: the answer's text
  bool any_status = false;  // else all but 2xx is a failure
};

struct HttpAnswer {
  long status = 0;
  std::string url;  // after redirects
  std::string body;
  std::string terraform_get;  // X-Terraform-Get
};

Result<HttpAnswer> HttpGet(const HttpRequest& request, const FetchLimits& limits);

/// `url` for messages: without user, password and query.
std::string ShownAddress(std::string_view url);
/// `reference` as seen from `base`: an absolute address, or a path.
std::string ResolveUrl(std::string_view base, std::string_view reference);

}  // namespace plumbline::fetch
