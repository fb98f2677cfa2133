#include "fetch/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <memory>

namespace plumbline::fetch {
namespace {

struct FreeArchive {
  void operator()(archive* a) const { archive_read_free(a); }
};
using Reader = std::unique_ptr<archive, FreeArchive>;

Result<void> Broken(archive* a) {
  const char* text = archive_error_string(a);
  return Fail(fmt::format("the archive is damaged: {}", text == nullptr ? "unknown fault" : text));
}

Result<void> CopyFile(archive* a, TreeWriter& out) {
  while (true) {
    const void* bytes = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    int status = archive_read_data_block(a, &bytes, &size, &offset);
    if (status == ARCHIVE_EOF) return {};
    if (status < ARCHIVE_WARN) return Broken(a);
    PL_CHECK_OK(out.AddBytes({static_cast<const char*>(bytes), size}));
  }
}

Result<void> CopyEntry(archive* a, archive_entry* entry, TreeWriter& out) {
  const char* raw = archive_entry_pathname(entry);
  std::string path = raw == nullptr ? "" : raw;
  if (const char* target = archive_entry_hardlink(entry); target != nullptr)
    return out.AddHardLink(path, target);
  switch (archive_entry_filetype(entry)) {
    case AE_IFDIR:
      return out.AddFolder(path);
    case AE_IFREG:
      PL_CHECK_OK(out.BeginFile(path));
      PL_CHECK_OK(CopyFile(a, out));
      return out.EndFile();
    case AE_IFLNK: {
      const char* target = archive_entry_symlink(entry);
      return out.AddLink(path, target == nullptr ? "" : target);
    }
    default:
      return Fail(fmt::format("the package holds \"{}\", which is neither file, folder nor link",
                              path.substr(0, 200)));
  }
}

}  // namespace

Result<void> Unpack(const std::string& file, TreeWriter& out) {
  struct stat st{};
  if (::stat(file.c_str(), &st) == 0) out.SetPackedBytes(static_cast<std::uint64_t>(st.st_size));
  Reader reader(archive_read_new());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_zip(reader.get());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_filter_bzip2(reader.get());
  archive_read_support_filter_xz(reader.get());
  constexpr std::size_t kBlock = 1 << 16;
  if (archive_read_open_filename(reader.get(), file.c_str(), kBlock) != ARCHIVE_OK) {
    return Fail("the file is no archive; expected zip, tar.gz, tar.bz2 or tar.xz");
  }
  while (true) {
    archive_entry* entry = nullptr;
    int status = archive_read_next_header(reader.get(), &entry);
    if (status == ARCHIVE_EOF) return {};
    if (status < ARCHIVE_WARN) return Broken(reader.get());
    PL_CHECK_OK(CopyEntry(reader.get(), entry, out));
  }
}

}  // namespace plumbline::fetch
