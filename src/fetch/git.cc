#include "fetch/git.h"

#include <fmt/format.h>
#include <git2.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <vector>

#include "fetch/credentials.h"
#include "fetch/http.h"
#include "support/fs.h"
#include "terraform/modules/cache.h"
#include "terraform/modules/source.h"

namespace plumbline::fetch {
namespace {

template <typename T, void (*Free)(T*)>
struct Freeing {
  void operator()(T* p) const { Free(p); }
};
using Remote = std::unique_ptr<git_remote, Freeing<git_remote, git_remote_free>>;
using Repository = std::unique_ptr<git_repository, Freeing<git_repository, git_repository_free>>;
using Object = std::unique_ptr<git_object, Freeing<git_object, git_object_free>>;
using Tree = std::unique_ptr<git_tree, Freeing<git_tree, git_tree_free>>;
using Blob = std::unique_ptr<git_blob, Freeing<git_blob, git_blob_free>>;

std::string Reason() {
  const git_error* e = git_error_last();
  return e == nullptr || e->message == nullptr ? "unknown fault" : e->message;
}

std::string IdText(const git_oid& id) {
  char text[GIT_OID_HEXSZ + 1];
  return git_oid_tostr(text, sizeof text, &id);
}

// What a fetch's callbacks share.
struct Session {
  const FetchLimits* limits;
  std::uint64_t received = 0;
  bool too_large = false;
  std::size_t key = 0;  // the next way to log in
  bool asked = false;
};

int OnProgress(const git_indexer_progress* stats, void* data) {
  auto* s = static_cast<Session*>(data);
  s->received = stats->received_bytes;
  s->too_large = s->received > s->limits->max_download_bytes ||
                 stats->total_objects > s->limits->max_git_objects;
  return s->too_large ? -1 : 0;
}

// The agent's keys, then the usual key files; each way is tried once.
int SshKey(git_credential** out, const char* user, Session* s) {
  if (s->key++ == 0) {
    if (git_credential_ssh_key_from_agent(out, user) == 0) return 0;
    ++s->key;
  }
  constexpr auto kNames = std::to_array<const char*>({"id_ed25519", "id_ecdsa", "id_rsa"});
  const char* home = std::getenv("HOME");
  for (std::size_t i = s->key - 1; home != nullptr && i < kNames.size(); ++i, ++s->key) {
    std::string file = fmt::format("{}/.ssh/{}", home, kNames[i]);
    if (!DiskFileSystem().IsFile(file)) continue;
    return git_credential_ssh_key_new(out, user, (file + ".pub").c_str(), file.c_str(), "");
  }
  return GIT_EAUTH;
}

int OnCredentials(git_credential** out, const char* url, const char* user, unsigned allowed,
                  void* data) {
  auto* s = static_cast<Session*>(data);
  if (user == nullptr) user = "git";
  if ((allowed & GIT_CREDENTIAL_USERNAME) != 0) return git_credential_username_new(out, user);
  if ((allowed & GIT_CREDENTIAL_SSH_KEY) != 0) {
    int code = SshKey(out, user, s);
    if (code == GIT_EAUTH) git_error_set_str(GIT_ERROR_SSH, "no key was accepted");
    return code;
  }
  terraform::UrlParts u;
  if ((allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT) != 0 && !s->asked &&
      terraform::SplitUrl(url, &u)) {
    s->asked = true;
    if (auto login = HostLogin(u.host); login)
      return git_credential_userpass_plaintext_new(out, login->first.c_str(),
                                                   login->second.c_str());
  }
  git_error_set_str(GIT_ERROR_HTTP, "it wants a login, and ~/.netrc has none for this host");
  return GIT_EAUTH;
}

git_remote_callbacks Callbacks(Session& session) {
  git_remote_callbacks out = GIT_REMOTE_CALLBACKS_INIT;
  out.payload = &session;
  out.credentials = &OnCredentials;
  out.transfer_progress = &OnProgress;
  return out;
}

// A name that the server lists for `ref`: as `git checkout` would take it, tags first.
const git_remote_head* FindRef(const git_remote_head** heads, std::size_t n,
                               const std::string& ref) {
  std::vector<std::string> names{"refs/tags/" + ref, "refs/heads/" + ref, ref};
  if (ref.empty()) names = {"HEAD"};
  for (const std::string& name : names) {
    for (std::size_t i = 0; i < n; ++i) {
      if (name == heads[i]->name) return heads[i];
    }
  }
  return nullptr;
}

struct Walk {
  git_repository* repository;
  const FetchLimits* limits;
  TreeWriter* out;
  Result<void> result;
};

Result<void> CopyBlob(git_repository* repository, const git_oid* id, const std::string& path,
                      bool is_link, const FetchLimits& limits, TreeWriter& out) {
  // Objects unpack too: the size is looked at before memory is taken for it.
  git_odb* odb = nullptr;
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_repository_odb(&odb, repository) == 0) {
    git_odb_read_header(&size, &type, odb, id);
    git_odb_free(odb);
  }
  if (size > limits.max_package_bytes) {
    return Fail(fmt::format("the package unpacks to more than the limit of {} bytes",
                            limits.max_package_bytes));
  }
  git_blob* raw = nullptr;
  if (git_blob_lookup(&raw, repository, id) != 0)
    return Fail(fmt::format("\"{}\" cannot be read: {}", path, Reason()));
  Blob blob(raw);
  std::string_view text(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                        static_cast<std::size_t>(git_blob_rawsize(blob.get())));
  if (is_link) return out.AddLink(path, text);
  PL_CHECK_OK(out.BeginFile(path));
  PL_CHECK_OK(out.AddBytes(text));
  return out.EndFile();
}

int OnEntry(const char* folder, const git_tree_entry* entry, void* data) {
  auto* walk = static_cast<Walk*>(data);
  std::string path = std::string(folder) + git_tree_entry_name(entry);
  switch (git_tree_entry_filemode(entry)) {
    case GIT_FILEMODE_BLOB:
    case GIT_FILEMODE_BLOB_EXECUTABLE:
    case GIT_FILEMODE_LINK: {
      bool is_link = git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK;
      walk->result = CopyBlob(walk->repository, git_tree_entry_id(entry), path, is_link,
                              *walk->limits, *walk->out);
      break;
    }
    case GIT_FILEMODE_TREE:
      walk->result = walk->out->AddFolder(path);
      break;
    default:
      break;  // submodules are somebody else's repository
  }
  return walk->result ? 0 : -1;
}

// What a redirect makes of the address; libgit2 itself may not follow any, as it would go from
// https to http.
Result<std::string> Redirected(const std::string& url, const FetchLimits& limits) {
  constexpr std::string_view kService = "/info/refs?service=git-upload-pack";
  if (!url.starts_with("http://") && !url.starts_with("https://")) return url;
  HttpRequest request{url + std::string(kService)};
  request.any_status = true;
  PL_TRY(HttpAnswer answer, HttpGet(request, limits));
  if (answer.status == 404)
    return Fail(fmt::format("{} is no git repository, or not for us to see", ShownAddress(url)));
  if (answer.status >= 500)
    return Fail(fmt::format("{} answered {}", ShownAddress(url), answer.status));
  if (!answer.url.ends_with(kService)) return url;
  return answer.url.substr(0, answer.url.size() - kService.size());
}

}  // namespace

struct GitRepository::Impl {
  std::string url, folder;
  const FetchLimits& limits;
  Repository repository;

  Result<void> Open();
  Result<Remote> Connect(Session& session);
  Result<void> Download(git_remote* remote, Session& session,
                        const std::vector<std::string>& refspecs);
  std::string Failed(const Session& session) const;
  Result<std::string> CommitOf(const std::string& name, const std::string& ref);
};

GitRepository::GitRepository(std::string url, std::string folder, const FetchLimits& limits)
    : impl_(new Impl{std::move(url), std::move(folder), limits, nullptr}) {
  git_libgit2_init();
}

GitRepository::~GitRepository() {
  delete impl_;
  git_libgit2_shutdown();
}

std::string GitRepository::Impl::Failed(const Session& session) const {
  if (session.too_large) {
    return fmt::format("{} holds more than the limit of {} bytes", ShownAddress(url),
                       limits.max_download_bytes);
  }
  return fmt::format("{} cannot be read: {}", ShownAddress(url), Reason());
}

Result<void> GitRepository::Impl::Open() {
  const char* authorities = std::getenv("SSL_CERT_FILE");
  if (authorities != nullptr && *authorities != '\0')
    git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, authorities, nullptr);
  git_repository* raw = nullptr;
  if (git_repository_init(&raw, folder.c_str(), 1) != 0)
    return Fail(fmt::format("{}: {}", folder, Reason()));
  repository.reset(raw);
  return {};
}

Result<Remote> GitRepository::Impl::Connect(Session& session) {
  git_remote* raw = nullptr;
  if (git_remote_create_anonymous(&raw, repository.get(), url.c_str()) != 0)
    return Fail(Failed(session));
  Remote remote(raw);
  // The user's insteadOf settings may have put another address in its place.
  PL_TRY(std::string address, Redirected(git_remote_url(remote.get()), limits));
  if (address != git_remote_url(remote.get())) {
    if (git_remote_create_anonymous(&raw, repository.get(), address.c_str()) != 0)
      return Fail(Failed(session));
    remote.reset(raw);
  }
  git_remote_connect_options options = GIT_REMOTE_CONNECT_OPTIONS_INIT;
  options.callbacks = Callbacks(session);
  options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
  options.proxy_opts.type = GIT_PROXY_AUTO;
  if (git_remote_connect_ext(remote.get(), GIT_DIRECTION_FETCH, &options) != 0)
    return Fail(Failed(session));
  return remote;
}

Result<void> GitRepository::Impl::Download(git_remote* remote, Session& session,
                                           const std::vector<std::string>& refspecs) {
  std::vector<char*> texts;
  for (const std::string& r : refspecs) texts.push_back(const_cast<char*>(r.c_str()));
  git_strarray list{texts.data(), texts.size()};
  git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
  options.callbacks = Callbacks(session);
  options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
  options.update_fetchhead = 0;
  options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
  options.proxy_opts.type = GIT_PROXY_AUTO;
  if (git_remote_fetch(remote, &list, &options, nullptr) != 0) return Fail(Failed(session));
  return {};
}

Result<std::string> GitRepository::Impl::CommitOf(const std::string& name, const std::string& ref) {
  git_object* raw = nullptr;
  std::string spec = name + "^{commit}";
  if (git_revparse_single(&raw, repository.get(), spec.c_str()) != 0) {
    return Fail(fmt::format("{} has no tag, branch or commit \"{}\"", ShownAddress(url), ref));
  }
  Object object(raw);
  return IdText(*git_object_id(object.get()));
}

Result<std::string> GitRepository::Fetch(const std::string& ref) {
  PL_CHECK_OK(impl_->Open());
  Session session{&impl_->limits};
  PL_TRY(Remote remote, impl_->Connect(session));
  const git_remote_head** heads = nullptr;
  std::size_t n = 0;
  if (git_remote_ls(&heads, &n, remote.get()) != 0) return Fail(impl_->Failed(session));
  constexpr std::string_view kWanted = "refs/plumbline/wanted";
  if (const git_remote_head* head = FindRef(heads, n, ref); head != nullptr) {
    PL_CHECK_OK(
        impl_->Download(remote.get(), session, {fmt::format("+{}:{}", head->name, kWanted)}));
    return impl_->CommitOf(std::string(kWanted), ref);
  }
  if (ref.empty()) return Fail(fmt::format("{} has no commits", ShownAddress(impl_->url)));
  if (ref.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos || ref.size() < 4) {
    return Fail(
        fmt::format("{} has no tag, branch or commit \"{}\"", ShownAddress(impl_->url), ref));
  }
  // A commit is found once all that leads to it is here.
  PL_CHECK_OK(impl_->Download(
      remote.get(), session,
      {"+refs/heads/*:refs/plumbline/heads/*", "+refs/tags/*:refs/plumbline/tags/*"}));
  return impl_->CommitOf(ref, ref);
}

Result<void> GitRepository::Read(const std::string& commit, TreeWriter& out) {
  git_object* raw = nullptr;
  std::string spec = commit + "^{tree}";
  if (git_revparse_single(&raw, impl_->repository.get(), spec.c_str()) != 0)
    return Fail(fmt::format("commit {} cannot be read: {}", commit, Reason()));
  Object tree(raw);
  Walk walk{impl_->repository.get(), &impl_->limits, &out, {}};
  int code =
      git_tree_walk(reinterpret_cast<git_tree*>(tree.get()), GIT_TREEWALK_PRE, &OnEntry, &walk);
  if (!walk.result) return walk.result;
  if (code != 0) return Fail(fmt::format("commit {} cannot be read: {}", commit, Reason()));
  return {};
}

}  // namespace plumbline::fetch
