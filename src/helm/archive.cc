// POSIX tar (ustar, with the long names of GNU tar and pax) inside of gzip.
#include "helm/archive.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <cstring>

#include "support/fs.h"

namespace plumbline::helm {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kMaxName = 4096;

Result<std::string> Inflate(std::string_view bytes, std::size_t max_bytes) {
  z_stream stream{};
  constexpr int kGzip = 16 + MAX_WBITS;
  if (inflateInit2(&stream, kGzip) != Z_OK) return Fail("the archive cannot be unpacked");
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string out;
  std::vector<char> buffer(1u << 16);
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    status = inflate(&stream, Z_NO_FLUSH);
    out.append(buffer.data(), buffer.size() - stream.avail_out);
    if (out.size() > max_bytes) {
      inflateEnd(&stream);
      return Fail(fmt::format("the archive unpacks to more than {} bytes", max_bytes));
    }
    // Several gzip members may follow each other.
    if (status == Z_STREAM_END && stream.avail_in > 0) status = inflateReset(&stream);
    if (status == Z_OK && stream.avail_in == 0 && stream.avail_out > 0) break;
  }
  inflateEnd(&stream);
  if (status != Z_STREAM_END)
    return Fail("the archive is damaged: it is no gzip file, or it ends too early");
  return out;
}

std::string_view Field(std::string_view header, std::size_t at, std::size_t size) {
  std::string_view field = header.substr(at, size);
  return field.substr(0, field.find('\0'));
}

// Octal, or base 256 when the first bit is set.
std::uint64_t Number(std::string_view header, std::size_t at, std::size_t size) {
  std::string_view field = header.substr(at, size);
  std::uint64_t n = 0;
  if ((static_cast<unsigned char>(field[0]) & 0x80) != 0) {
    for (char c : field.substr(1)) n = n << 8 | static_cast<unsigned char>(c);
    return n;
  }
  for (char c : field) {
    if (c >= '0' && c <= '7') n = n * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return n;
}

// The value of `path` in a pax header: "LENGTH path=VALUE\n" records.
std::string PaxPath(std::string_view records) {
  std::string path;
  while (!records.empty()) {
    std::size_t blank = records.find(' ');
    if (blank == std::string_view::npos || blank > 10) break;
    std::size_t length =
        static_cast<std::size_t>(std::atoi(std::string(records.substr(0, blank)).c_str()));
    if (length <= blank + 1 || length > records.size()) break;
    std::string_view record = records.substr(blank + 1, length - blank - 2);
    if (record.starts_with("path=")) path = record.substr(5);
    records.remove_prefix(length);
  }
  return path;
}

Result<std::string> SafeName(std::string name) {
  std::ranges::replace(name, '\\', '/');
  if (name.size() > kMaxName) return Fail("the archive holds a path that is too long");
  bool drive = name.size() > 1 && name[1] == ':';
  if (name.starts_with('/') || drive)
    return Fail(fmt::format("the archive holds the absolute path {}", name));
  std::string clean = CleanPath(name);
  if (clean == ".." || clean.starts_with("../"))
    return Fail(fmt::format("the archive holds a path that leads out of it: {}", name));
  return clean;
}

}  // namespace

Result<std::vector<ArchiveFile>> ReadTgz(std::string_view bytes, std::size_t max_bytes,
                                         std::size_t max_files) {
  PL_TRY(std::string tar, Inflate(bytes, max_bytes));
  std::vector<ArchiveFile> out;
  std::string_view rest = tar;
  std::string long_name;
  while (rest.size() >= kBlock) {
    std::string_view header = rest.substr(0, kBlock);
    if (header.find_first_not_of('\0') == std::string_view::npos) break;
    rest.remove_prefix(kBlock);
    std::uint64_t size = Number(header, 124, 12);
    if (size > rest.size()) return Fail("the archive is damaged: a file ends too early");
    std::string_view data = rest.substr(0, size);
    rest.remove_prefix(std::min<std::size_t>(rest.size(), (size + kBlock - 1) / kBlock * kBlock));
    char type = header[156];
    if (type == 'L') {
      long_name = data.substr(0, data.find('\0'));
      continue;
    }
    if (type == 'x') {
      long_name = PaxPath(data);
      continue;
    }
    if (type == 'g') continue;
    std::string name = std::move(long_name);
    long_name.clear();
    if (name.empty()) {
      std::string_view prefix = header.substr(257, 5) == "ustar" ? Field(header, 345, 155) : "";
      name = Field(header, 0, 100);
      if (!prefix.empty()) name = fmt::format("{}/{}", prefix, name);
    }
    PL_TRY(std::string clean, SafeName(std::move(name)));
    if (type == '1' || type == '2') return Fail(fmt::format("the archive holds a link: {}", clean));
    if (type != '0' && type != '\0') continue;
    if (out.size() >= max_files)
      return Fail(fmt::format("the archive holds more than {} files", max_files));
    out.push_back({std::move(clean), std::string(data)});
  }
  return out;
}

}  // namespace plumbline::helm
