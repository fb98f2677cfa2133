// Named time zones from the system's database (TZif files, RFC 8536): the transitions in the file.
// Beyond the last one the last offset is used; Debian's files list transitions to 2037.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "cel/time.h"

namespace plumbline::cel {

namespace {

struct Zone {
  std::vector<std::int64_t> at;      // moments, ascending
  std::vector<std::int64_t> offset;  // from that moment on
  std::int64_t first = 0;            // before all of them
  bool known = false;
};

constexpr std::size_t kMaxZoneBytes = 1 << 20;

std::string ReadZoneFile(std::string_view name) {
  std::string path = "/usr/share/zoneinfo/" + std::string(name);
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                       &std::fclose);
  if (!file) return {};
  std::string out(kMaxZoneBytes, '\0');
  out.resize(std::fread(out.data(), 1, out.size(), file.get()));
  return out;
}

/// Nothing that leaves the database's folder.
bool IsZoneName(std::string_view name) {
  if (name.size() > 64 || name.find("..") != std::string_view::npos || name.starts_with('/'))
    return false;
  for (char c : name) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter && c != '/' && c != '_' && c != '-' && c != '+') return false;
  }
  return true;
}

std::int64_t BigEndian(std::string_view data, std::size_t at, std::size_t size) {
  if (at + size > data.size()) return 0;
  std::uint64_t value = (static_cast<unsigned char>(data[at]) & 0x80) != 0 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < size; ++i)
    value = (value << 8) | static_cast<unsigned char>(data[at + i]);
  return static_cast<std::int64_t>(value);
}

struct Counts {
  std::size_t utc = 0, standard = 0, leap = 0, times = 0, types = 0, chars = 0;
  std::size_t Size(std::size_t time_size) const {
    return times * (time_size + 1) + types * 6 + chars + leap * (time_size + 4) + standard + utc;
  }
};

bool ReadHeader(std::string_view data, std::size_t at, Counts& out) {
  if (data.substr(at, 4) != "TZif") return false;
  std::size_t* fields[] = {&out.utc, &out.standard, &out.leap, &out.times, &out.types, &out.chars};
  for (std::size_t i = 0; i < 6; ++i) {
    std::int64_t n = BigEndian(data, at + 20 + 4 * i, 4);
    if (n < 0 || n > 100'000) return false;
    *fields[i] = static_cast<std::size_t>(n);
  }
  return true;
}

Zone ParseZone(std::string_view data) {
  Zone zone;
  Counts counts;
  constexpr std::size_t kHeader = 44;
  if (!ReadHeader(data, 0, counts)) return zone;
  // The second block has 64-bit times; version 1 files have none.
  std::size_t at = kHeader + counts.Size(4);
  if (data.size() < at || !ReadHeader(data, at, counts)) return zone;
  std::size_t times = at + kHeader;
  std::size_t kinds = times + 8 * counts.times;
  std::size_t types = kinds + counts.times;
  if (data.size() < at + kHeader + counts.Size(8) || counts.types == 0) return zone;
  zone.first = BigEndian(data, types, 4);
  for (std::size_t i = 0; i < counts.times; ++i) {
    auto kind = static_cast<unsigned char>(data[kinds + i]);
    if (kind >= counts.types) return zone;
    zone.at.push_back(BigEndian(data, times + 8 * i, 8));
    zone.offset.push_back(BigEndian(data, types + 6 * std::size_t{kind}, 4));
  }
  zone.known = true;
  return zone;
}

const Zone& FindZone(std::string_view name) {
  thread_local std::unordered_map<std::string, Zone> zones;
  auto it = zones.find(std::string(name));
  if (it != zones.end()) return it->second;
  if (zones.size() >= 64) zones.clear();
  return zones.emplace(std::string(name), ParseZone(ReadZoneFile(name))).first->second;
}

}  // namespace

std::optional<std::int64_t> NamedZoneOffset(std::string_view name, std::int64_t seconds) {
  if (!IsZoneName(name)) return std::nullopt;
  const Zone& zone = FindZone(name);
  if (!zone.known) return std::nullopt;
  auto after = std::upper_bound(zone.at.begin(), zone.at.end(), seconds);
  if (after == zone.at.begin()) return zone.first;
  return zone.offset[static_cast<std::size_t>(after - zone.at.begin()) - 1];
}

}  // namespace plumbline::cel
