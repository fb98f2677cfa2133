#include "fetch/http.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <memory>

#include "plumbline/version.h"
#include "support/fs.h"
#include "terraform/modules/source.h"

namespace plumbline::fetch {
namespace {

using terraform::SplitUrl;
using terraform::UrlParts;

struct FreeCurl {
  void operator()(CURL* c) const { curl_easy_cleanup(c); }
};
struct FreeList {
  void operator()(curl_slist* l) const { curl_slist_free_all(l); }
};
struct CloseFile {
  void operator()(std::FILE* f) const { std::fclose(f); }
};

// Where the body goes, and how much of it is welcome.
struct Sink {
  std::string* text = nullptr;
  std::FILE* file = nullptr;
  std::uint64_t size = 0, limit = 0;
  bool too_large = false;
};

std::size_t TakeBody(char* bytes, std::size_t, std::size_t n, void* data) {
  auto* sink = static_cast<Sink*>(data);
  sink->size += n;
  sink->too_large = sink->size > sink->limit;
  if (sink->too_large) return 0;
  if (sink->file != nullptr) return std::fwrite(bytes, 1, n, sink->file);
  sink->text->append(bytes, n);
  return n;
}

std::size_t TakeHeader(char* bytes, std::size_t, std::size_t n, void* data) {
  constexpr std::string_view kName = "x-terraform-get:";
  std::string_view line(bytes, n);
  if (line.size() < kName.size()) return n;
  for (std::size_t i = 0; i < kName.size(); ++i) {
    char c = line[i] >= 'A' && line[i] <= 'Z' ? static_cast<char>(line[i] + 32) : line[i];
    if (c != kName[i]) return n;
  }
  line.remove_prefix(kName.size());
  while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
  while (line.ends_with('\r') || line.ends_with('\n') || line.ends_with(' ')) line.remove_suffix(1);
  *static_cast<std::string*>(data) = line;
  return n;
}

std::string HostOf(std::string_view url) {
  UrlParts u;
  return SplitUrl(url, &u) ? fmt::format("{}:{}", u.host, u.port) : std::string();
}

void SetNetrc(CURL* c, const std::string& url) {
  UrlParts u;
  if (!SplitUrl(url, &u) || (u.scheme != "https" && !terraform::IsLoopback(u.host))) return;
  curl_easy_setopt(c, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_OPTIONAL));
  const char* file = std::getenv("NETRC");
  if (file != nullptr && *file != '\0') curl_easy_setopt(c, CURLOPT_NETRC_FILE, file);
}

void SetOptions(CURL* c, const std::string& url, const FetchLimits& limits) {
  curl_easy_setopt(c, CURLOPT_URL, url.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, static_cast<long>(limits.connect_seconds));
  curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, static_cast<long>(limits.stall_seconds));
  curl_easy_setopt(c, CURLOPT_TIMEOUT, static_cast<long>(limits.module_seconds));
  curl_easy_setopt(c, CURLOPT_USERAGENT, fmt::format("plumbline/{}", Version()).c_str());
  const char* authorities = std::getenv("SSL_CERT_FILE");
  if (authorities != nullptr && *authorities != '\0')
    curl_easy_setopt(c, CURLOPT_CAINFO, authorities);
}

struct Hop {
  HttpAnswer answer;
  std::string redirect;
};

Result<Hop> GetOnce(const std::string& url, const std::string& token, const HttpRequest& request,
                    const FetchLimits& limits) {
  std::unique_ptr<CURL, FreeCurl> c(curl_easy_init());
  Hop out;
  out.answer.url = url;
  Sink sink;
  std::unique_ptr<std::FILE, CloseFile> file;
  if (!request.save_to.empty()) {
    file.reset(std::fopen(request.save_to.c_str(), "wb"));
    if (!file) return Fail(fmt::format("{}: cannot be written", request.save_to));
  }
  sink.file = file.get();
  sink.text = &out.answer.body;
  sink.limit = file ? limits.max_download_bytes : limits.max_answer_bytes;
  SetOptions(c.get(), url, limits);
  std::unique_ptr<curl_slist, FreeList> headers;
  if (!token.empty()) {
    headers.reset(curl_slist_append(nullptr, ("Authorization: Bearer " + token).c_str()));
    curl_easy_setopt(c.get(), CURLOPT_HTTPHEADER, headers.get());
  } else {
    SetNetrc(c.get(), url);
  }
  char reason[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(c.get(), CURLOPT_ERRORBUFFER, reason);
  curl_easy_setopt(c.get(), CURLOPT_WRITEFUNCTION, &TakeBody);
  curl_easy_setopt(c.get(), CURLOPT_WRITEDATA, &sink);
  curl_easy_setopt(c.get(), CURLOPT_HEADERFUNCTION, &TakeHeader);
  curl_easy_setopt(c.get(), CURLOPT_HEADERDATA, &out.answer.terraform_get);
  CURLcode code = curl_easy_perform(c.get());
  if (sink.too_large) {
    return Fail(fmt::format("{} answered with more than the limit of {} bytes", ShownAddress(url),
                            sink.limit));
  }
  if (code != CURLE_OK) {
    return Fail(fmt::format("{} cannot be reached: {}", ShownAddress(url),
                            *reason != '\0' ? reason : curl_easy_strerror(code)));
  }
  curl_easy_getinfo(c.get(), CURLINFO_RESPONSE_CODE, &out.answer.status);
  char* redirect = nullptr;
  if (out.answer.status / 100 == 3 && out.answer.status != 304)
    curl_easy_getinfo(c.get(), CURLINFO_REDIRECT_URL, &redirect);
  if (redirect != nullptr) out.redirect = redirect;
  return out;
}

}  // namespace

std::string ShownAddress(std::string_view url) {
  UrlParts u;
  if (!SplitUrl(url, &u)) return std::string(url.substr(0, url.find('?')));
  return fmt::format("{}://{}{}{}{}", u.scheme, u.host, u.port.empty() ? "" : ":", u.port, u.path);
}

std::string ResolveUrl(std::string_view base, std::string_view reference) {
  if (reference.find("://") < reference.find('?')) return std::string(reference);
  UrlParts u;
  if (!SplitUrl(base, &u)) return std::string(reference);
  std::size_t end = reference.find('?');
  std::string_view query = end == std::string_view::npos ? "" : reference.substr(end);
  std::string_view path = reference.substr(0, end);
  // `//sub` at the end is no part of the path that dots are resolved in.
  std::size_t inner = path.find("//", 1);
  std::string_view subdir = inner == std::string_view::npos ? "" : path.substr(inner);
  path = path.substr(0, inner);
  std::string folder = u.path.empty() ? "/" : std::string(u.path.substr(0, u.path.rfind('/') + 1));
  std::string joined = JoinPath(folder, path);
  if (path.ends_with('/') && !joined.ends_with('/')) joined += '/';
  return fmt::format("{}://{}{}{}{}{}{}", u.scheme, u.host, u.port.empty() ? "" : ":", u.port,
                     joined, subdir, query);
}

Result<HttpAnswer> HttpGet(const HttpRequest& request, const FetchLimits& limits) {
  std::string url = request.url, token = request.token;
  const std::string host = HostOf(url);
  for (std::uint32_t hops = 0; hops <= limits.max_redirects; ++hops) {
    PL_TRY(Hop hop, GetOnce(url, token, request, limits));
    long status = hop.answer.status;
    if (hop.redirect.empty()) {
      if (status / 100 == 2 || request.any_status) return std::move(hop.answer);
      return Fail(fmt::format("{} answered {}{}", ShownAddress(url), status,
                              status == 401 || status == 403 ? " (no access with the credentials "
                                                               "that were found)"
                              : status == 404                ? " (not found)"
                                                             : ""));
    }
    if (url.starts_with("https:") && !hop.redirect.starts_with("https:")) {
      return Fail(fmt::format("{} redirects to {}, which is not encrypted", ShownAddress(url),
                              ShownAddress(hop.redirect)));
    }
    url = hop.redirect;
    if (HostOf(url) != host) token.clear();
  }
  return Fail(fmt::format("{} redirects more than {} times", ShownAddress(request.url),
                          limits.max_redirects));
}

}  // namespace plumbline::fetch
