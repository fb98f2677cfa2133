#include "terraform/modules/cache.h"

#include <algorithm>
#include <cstdlib>

#include "support/arena.h"
#include "terraform/modules/source.h"
#include "value/json.h"

namespace plumbline::terraform {
namespace {

constexpr std::size_t kMaxEntryBytes = 64u << 10;
constexpr std::size_t kNamePiece = 200;  // file names end at 255 bytes

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

// One file name, or nested ones when it is long; never ".", ".." or empty.
std::string Escape(std::string_view text) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out = "=";
  std::size_t piece = 1;
  for (char c : text) {
    if (piece >= kNamePiece) {
      out += "/=";
      piece = 1;
    }
    if (IsPlain(c)) {
      out += c;
      ++piece;
      continue;
    }
    auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
    piece += 3;
  }
  return out;
}

std::string KeyFolder(std::string_view cache, std::string_view key) {
  return JoinPath(cache, "modules/index/" + Escape(key));
}

bool IsHex(std::string_view s, std::size_t length) {
  return s.size() == length && std::ranges::all_of(s, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string Text(const Value& object, std::string_view name) {
  const Value* v = object.Find(name);
  return v != nullptr && v->is_string() ? std::string(v->as_string()) : std::string();
}

}  // namespace

bool IsCommitId(std::string_view ref) { return IsHex(ref, 40) || IsHex(ref, 64); }

std::string CacheFolder() {
  auto get = [](const char* name) {
    const char* text = std::getenv(name);
    return std::string(text == nullptr ? "" : text);
  };
  if (std::string dir = get("PLUMBLINE_CACHE_DIR"); !dir.empty()) return dir;
  if (std::string dir = get("XDG_CACHE_HOME"); dir.starts_with('/')) return dir + "/plumbline";
  if (std::string home = get("HOME"); !home.empty()) return home + "/.cache/plumbline";
  return {};
}

std::string TreesFolder(std::string_view cache) { return JoinPath(cache, "modules/trees"); }

std::string IndexFile(std::string_view cache, std::string_view key, std::string_view version) {
  return KeyFolder(cache, key) + "/" + Escape(version) + ".json";
}

std::string CacheEntryText(const CacheEntry& entry, std::string_view key) {
  std::string out = "{\"package\":";
  AppendJsonString(out, key);
  for (auto [name, text] :
       {std::pair{"tree", &entry.tree}, std::pair{"subdir", &entry.subdir},
        std::pair{"version", &entry.version}, std::pair{"commit", &entry.commit}}) {
    if (text->empty()) continue;
    out += std::string(",\"") + name + "\":";
    AppendJsonString(out, *text);
  }
  return out + "}\n";
}

std::optional<CacheEntry> ModuleCache::Find(std::string_view key, std::string_view version) const {
  if (folder_.empty()) return std::nullopt;
  std::string path = IndexFile(folder_, key, version);
  if (!fs_.IsFile(path)) return std::nullopt;
  auto text = fs_.ReadFile(path, kMaxEntryBytes);
  if (!text) return std::nullopt;
  Arena arena;
  auto json = ParseJson(arena, *text, Limits());
  if (!json || !json->is_mapping()) return std::nullopt;
  CacheEntry out{Text(*json, "tree"), Text(*json, "subdir"), Text(*json, "version"),
                 Text(*json, "commit")};
  if (!IsHex(out.tree, 64) || !fs_.IsDirectory(TreePath(out))) return std::nullopt;
  return out;
}

std::vector<std::string> ModuleCache::Versions(std::string_view key) const {
  std::vector<std::string> out;
  if (folder_.empty()) return out;
  std::string folder = KeyFolder(folder_, key);
  if (!fs_.IsDirectory(folder)) return out;
  auto entries = fs_.ListDir(folder);
  if (!entries) return out;
  for (const DirEntry& e : *entries) {
    if (e.is_directory || !e.name.starts_with('=') || !e.name.ends_with(".json")) continue;
    out.push_back(PercentDecode(std::string_view(e.name).substr(1, e.name.size() - 6)));
  }
  return out;
}

std::string ModuleCache::TreePath(const CacheEntry& entry) const {
  return JoinPath(TreesFolder(folder_), entry.tree);
}

}  // namespace plumbline::terraform
