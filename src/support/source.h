// Source files and spans. The SourceMap owns every file's bytes for the whole scan; tokens and
// trees hold views and `Span`s; line and column are computed only when something is reported.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace plumbline {

using FileId = std::uint32_t;
inline constexpr FileId kNoFile = 0xFFFFFFFFu;

/// A byte range of a file. `begin == end` marks a point.
struct Span {
  FileId file = kNoFile;
  std::uint32_t begin = 0, end = 0;
  bool valid() const { return file != kNoFile; }
  bool operator==(const Span&) const = default;
};

/// From the start of `a` to the end of `b` (both in one file).
inline Span Join(Span a, Span b) { return {a.file, a.begin, b.end}; }

/// 1-based; the column counts Unicode code points.
struct Position {
  std::uint32_t line = 0, column = 0;
  bool operator==(const Position&) const = default;
};

/// Files read during a scan. Adding and reading are thread-safe; texts never move once added.
class SourceMap {
 public:
  /// `path` is how the file is shown to the user: relative to the scan's base folder where it lies
  /// below it.
  FileId Add(std::string path, std::string text);
  /// The same, but a file with this path and this text that was added so before is not added again:
  /// for files that several projects read.
  FileId AddShared(std::string path, std::string text);
  std::string_view Path(FileId file) const;
  std::string_view Text(FileId file) const;
  Position Start(Span span) const;
  /// The position just behind the span's last byte.
  Position End(Span span) const;
  /// The text of a 1-based line without its line break; empty when there is none.
  std::string_view Line(FileId file, std::uint32_t line) const;
  std::uint32_t LineCount(FileId file) const;
  /// Byte range of a 1-based line (without the line break).
  Span LineSpan(FileId file, std::uint32_t line) const;
  std::size_t size() const;

 private:
  struct File {
    std::string path, text;
    mutable std::once_flag lines_once;
    mutable std::vector<std::uint32_t> line_starts;
  };
  const File& Get(FileId file) const;
  const std::vector<std::uint32_t>& LineStarts(const File& file) const;
  Position At(FileId file, std::uint32_t offset) const;

  mutable std::mutex mutex_;
  std::deque<File> files_;
  std::unordered_map<std::string, FileId> shared_;  // by path
};

}  // namespace plumbline
