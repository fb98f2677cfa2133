// Archives made by libarchive itself with what a person would not put in.
#include "fetch/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "fetch/package.h"

namespace plumbline::fetch {
namespace {

namespace stdfs = std::filesystem;

struct Entry {
  std::string path, text;
  unsigned type = AE_IFREG;
  std::string target = {};
};

class Archive : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = stdfs::temp_directory_path() / "plumbline-archive-XXXXXX";
    folder_ = ::mkdtemp(name.data());
    stdfs::create_directory(folder_ + "/tree");
  }
  void TearDown() override { stdfs::remove_all(folder_); }

  std::string Make(const std::vector<Entry>& entries, bool zip = false) {
    std::string file = folder_ + "/archive";
    archive* a = archive_write_new();
    if (zip) {
      archive_write_set_format_zip(a);
    } else {
      archive_write_set_format_pax_restricted(a);
      archive_write_add_filter_gzip(a);
    }
    archive_write_open_filename(a, file.c_str());
    for (const Entry& e : entries) {
      archive_entry* entry = archive_entry_new();
      archive_entry_set_pathname(entry, e.path.c_str());
      archive_entry_set_filetype(entry, e.type);
      archive_entry_set_perm(entry, 0777);
      archive_entry_set_size(entry, static_cast<la_int64_t>(e.text.size()));
      if (e.type == AE_IFLNK) archive_entry_set_symlink(entry, e.target.c_str());
      if (e.type == 0) {
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_hardlink(entry, e.target.c_str());
      }
      archive_write_header(a, entry);
      if (!e.text.empty()) archive_write_data(a, e.text.data(), e.text.size());
      archive_entry_free(entry);
    }
    archive_write_close(a);
    archive_write_free(a);
    return file;
  }

  std::string Unpacked(const std::string& file) {
    TreeWriter writer(folder_ + "/tree", limits_);
    auto result = Unpack(file, writer);
    if (!result) return result.error().message;
    auto hash = writer.Finish();
    return hash ? "ok" : hash.error().message;
  }

  std::string folder_;
  FetchLimits limits_;
};

TEST_F(Archive, GoodOnesAreUnpacked) {
  for (bool zip : {false, true}) {
    EXPECT_EQ(Unpacked(Make({{"m/main.tf", "x"}, {"m", "", AE_IFDIR}}, zip)), "ok");
    EXPECT_TRUE(stdfs::is_regular_file(folder_ + "/tree/m/main.tf"));
    stdfs::remove_all(folder_ + "/tree/m");
  }
}

TEST_F(Archive, PoisonedOnesAreRefusedWithTheirOwnMessages) {
  struct {
    Entry entry;
    const char* message;
  } kCases[] = {
      {{"../x", "x"}, "leads out of it with"},
      {{"/tmp/x", "x"}, "is absolute"},
      {{"l", "", AE_IFLNK, "/etc/passwd"}, "which leads out of it"},
      {{"l", "", AE_IFLNK, "../../x"}, "which leads out of it"},
      {{"h", "", 0, "/etc/passwd"}, "is absolute"},
      {{"dev", "", AE_IFCHR}, "neither file, folder nor link"},
      {{"pipe", "", AE_IFIFO}, "neither file, folder nor link"},
  };
  for (const auto& c : kCases) {
    std::string message = Unpacked(Make({{"a.tf", "x"}, c.entry}));
    EXPECT_NE(message.find(c.message), std::string::npos) << c.entry.path << ": " << message;
    stdfs::remove_all(folder_ + "/tree");
    stdfs::create_directory(folder_ + "/tree");
  }
}

TEST_F(Archive, BombsAreRefused) {
  limits_.ratio_free_bytes = 1 << 20;
  std::string message = Unpacked(Make({{"a", std::string(8 << 20, 'x')}}));
  EXPECT_NE(message.find("archive bomb"), std::string::npos) << message;
}

TEST_F(Archive, DamagedOnesAreRefused) {
  std::string noise;
  for (std::uint32_t i = 1, n = 0; n < 200'000; ++n) {
    i = i * 1664525 + 1013904223;
    noise += static_cast<char>(i >> 24);
  }
  std::string file = Make({{"a", noise}, {"b", "y"}});
  stdfs::resize_file(file, stdfs::file_size(file) / 2);
  EXPECT_NE(Unpacked(file).find("damaged"), std::string::npos);
  std::ofstream(file) << "this is no archive at all";
  EXPECT_NE(Unpacked(file), "ok");
}

TEST_F(Archive, ChecksumsAreCompared) {
  std::string file = folder_ + "/text";
  std::ofstream(file) << "abc";
  constexpr char kSha256[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_TRUE(CheckChecksum(file, kSha256).has_value());
  EXPECT_TRUE(CheckChecksum(file, std::string("sha256:") + kSha256).has_value());
  EXPECT_TRUE(CheckChecksum(file, "md5:900150983CD24FB0D6963F7D28E17F72").has_value());
  EXPECT_FALSE(CheckChecksum(file, "md5:900150983cd24fb0d6963f7d28e17f73").has_value());
  EXPECT_FALSE(CheckChecksum(file, std::string("md5:") + kSha256).has_value());
  EXPECT_FALSE(CheckChecksum(file, "file:https://h.example/sums").has_value());
}

}  // namespace
}  // namespace plumbline::fetch
