#include "fetch/tree_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "support/fs.h"

namespace plumbline::fetch {
namespace {

std::string Hex(const unsigned char* bytes, unsigned length) {
  std::string out;
  for (unsigned i = 0; i < length; ++i) out += fmt::format("{:02x}", bytes[i]);
  return out;
}

std::string Reason() { return std::strerror(errno); }

std::vector<std::string> Parts(std::string_view path) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i <= path.size();) {
    std::size_t end = std::min(path.find('/', i), path.size());
    if (end > i) out.emplace_back(path.substr(i, end - i));
    i = end + 1;
  }
  return out;
}

constexpr std::size_t kMaxNameBytes = 255;

}  // namespace

std::string Sha256Hex(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
  return Hex(digest.data(), length);
}

TreeWriter::TreeWriter(std::string folder, const FetchLimits& limits)
    : folder_(std::move(folder)),
      limits_(limits),
      root_(::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
      digest_(EVP_MD_CTX_new()) {}

TreeWriter::~TreeWriter() {
  if (file_ >= 0) ::close(file_);
  if (root_ >= 0) ::close(root_);
  EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(digest_));
}

// The path without dot segments and repeated slashes; `.` for the package itself.
Result<std::string> TreeWriter::Checked(std::string_view path, std::string_view what) {
  std::string shown = fmt::format("{} \"{}\"", what, path.substr(0, 200));
  if (path.empty()) return Fail(fmt::format("the package holds a {} without a name", what));
  if (path.front() == '/') {
    return Fail(fmt::format("the package holds the {}, whose path is absolute", shown));
  }
  if (path.size() > limits_.max_path_bytes) {
    return Fail(
        fmt::format("the package holds the {}…, whose path is longer than the limit of {} bytes",
                    shown, limits_.max_path_bytes));
  }
  std::string clean;
  for (const std::string& part : Parts(path)) {
    if (part == ".") continue;
    if (part == "..") {
      return Fail(
          fmt::format("the package holds the {}, whose path leads out of it with \"..\"", shown));
    }
    if (part.size() > kMaxNameBytes)
      return Fail(fmt::format("the package holds the {}…, a name too long for a file", shown));
    bool odd = std::ranges::any_of(
        part, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\\' || c == 0x7F; });
    if (odd)
      return Fail(
          fmt::format("the package holds the {}, whose name has characters no file needs", shown));
    clean += (clean.empty() ? "" : "/") + part;
  }
  return clean.empty() ? "." : clean;
}

Result<void> TreeWriter::Count(std::string_view path) {
  if (++entries_ > limits_.max_package_entries) {
    return Fail(fmt::format("the package holds more than the limit of {} files and folders",
                            limits_.max_package_entries));
  }
  if (files_.contains(std::string(path)) || links_.contains(std::string(path)))
    return Fail(fmt::format("the package holds \"{}\" twice", path));
  return {};
}

Result<void> TreeWriter::CountBytes(std::uint64_t bytes) {
  bytes_ += bytes;
  if (bytes_ > limits_.max_package_bytes) {
    return Fail(fmt::format("the package unpacks to more than the limit of {} bytes",
                            limits_.max_package_bytes));
  }
  if (packed_ > 0 && bytes_ > limits_.ratio_free_bytes && bytes_ / packed_ > limits_.max_ratio) {
    return Fail(fmt::format(
        "the package unpacks to more than {} times its {} bytes, as an archive bomb does",
        limits_.max_ratio, packed_));
  }
  return {};
}

// The folder that holds `path`, opened step by step so that nothing but folders is passed.
Result<int> TreeWriter::OpenParent(const std::string& path, std::string& name) {
  std::vector<std::string> parts = Parts(path);
  name = parts.back();
  parts.pop_back();
  int at = ::dup(root_);
  for (const std::string& part : parts) {
    if (at >= 0 && ::mkdirat(at, part.c_str(), 0755) == 0 &&
        ++entries_ > limits_.max_package_entries) {
      ::close(at);
      return Fail(fmt::format("the package holds more than the limit of {} files and folders",
                              limits_.max_package_entries));
    }
    int next =
        at < 0 ? -1 : ::openat(at, part.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    int error = errno;
    if (at >= 0) ::close(at);
    errno = error;
    at = next;
  }
  if (at < 0) return Fail(fmt::format("the folder of \"{}\" cannot be made: {}", path, Reason()));
  return at;
}

Result<void> TreeWriter::AddFolder(std::string_view path) {
  PL_TRY(std::string clean, Checked(path, "folder"));
  if (std::string_view(clean) == ".") return {};
  std::string name;
  PL_TRY(int parent, OpenParent(clean + "/x", name));
  ::close(parent);
  return {};
}

Result<void> TreeWriter::BeginFile(std::string_view path) {
  PL_TRY(current_, Checked(path, "file"));
  if (current_ == ".") return Fail("the package holds a file without a name");
  PL_CHECK_OK(Count(current_));
  std::string name;
  PL_TRY(int parent, OpenParent(current_, name));
  file_ =
      ::openat(parent, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
  int error = errno;
  ::close(parent);
  errno = error;
  if (file_ < 0) return Fail(fmt::format("\"{}\" cannot be written: {}", current_, Reason()));
  EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(digest_), EVP_sha256(), nullptr);
  return {};
}

Result<void> TreeWriter::AddBytes(std::string_view bytes) {
  PL_CHECK_OK(CountBytes(bytes.size()));
  EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(digest_), bytes.data(), bytes.size());
  while (!bytes.empty()) {
    ssize_t n = ::write(file_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Fail(fmt::format("\"{}\" cannot be written: {}", current_, Reason()));
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Result<void> TreeWriter::EndFile() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(digest_), digest.data(), &length);
  files_[current_] = Hex(digest.data(), length);
  bool ok = ::close(file_) == 0;
  file_ = -1;
  if (!ok) return Fail(fmt::format("\"{}\" cannot be written: {}", current_, Reason()));
  return {};
}

Result<void> TreeWriter::AddLink(std::string_view path, std::string_view target) {
  PL_TRY(std::string clean, Checked(path, "link"));
  PL_CHECK_OK(Count(clean));
  std::string to = target.empty() ? "" : JoinPath(DirName(clean), target);
  if (target.empty() || target.front() == '/' || target.size() > limits_.max_path_bytes ||
      to == ".." || to.starts_with("../")) {
    return Fail(fmt::format("the package holds the link \"{}\" to \"{}\", which leads out of it",
                            clean, target.substr(0, 200)));
  }
  links_[clean] = target;
  return {};
}

Result<void> TreeWriter::AddHardLink(std::string_view path, std::string_view target) {
  PL_TRY(std::string from, Checked(target, "link to"));
  if (!files_.contains(from)) {
    return Fail(fmt::format("the package holds the link \"{}\" to \"{}\", which is no file of it",
                            path.substr(0, 200), from));
  }
  PL_TRY(std::string text,
         DiskFileSystem().ReadFile(JoinPath(folder_, from), limits_.max_package_bytes));
  PL_CHECK_OK(BeginFile(path));
  PL_CHECK_OK(AddBytes(text));
  return EndFile();
}

// Each by itself may stay inside and still lead out together with another, so what they really lead
// to is looked at once all are there. One that leads to nothing is left out.
Result<void> TreeWriter::MakeLinks() {
  for (const auto& [path, target] : links_) {
    std::string name;
    PL_TRY(int parent, OpenParent(path, name));
    int made = ::symlinkat(target.c_str(), parent, name.c_str());
    int error = errno;
    ::close(parent);
    if (made != 0)
      return Fail(fmt::format("the link \"{}\" cannot be made: {}", path, std::strerror(error)));
  }
  DiskFileSystem fs;
  std::string root = fs.RealPath(folder_);
  std::vector<std::string> dangling;
  for (const auto& [path, target] : links_) {
    std::string real = fs.RealPath(JoinPath(folder_, path));
    if (real.empty()) dangling.push_back(path);
    if (real.empty() || IsWithin(root, real)) continue;
    return Fail(fmt::format("the package holds the link \"{}\" to \"{}\", which leads out of it",
                            path, target));
  }
  for (const std::string& path : dangling) {
    ::unlinkat(root_, path.c_str(), 0);
    links_.erase(path);
  }
  return {};
}

Result<std::string> TreeWriter::Finish() {
  PL_CHECK_OK(MakeLinks());
  if (files_.empty()) return Fail("the package holds no files");
  std::string list;
  for (const auto& [path, digest] : files_) list += fmt::format("file {} {}\n", digest, path);
  for (const auto& [path, target] : links_)
    list += fmt::format("link {} {}\n", Sha256Hex(target), path);
  return Sha256Hex(list);
}

}  // namespace plumbline::fetch
