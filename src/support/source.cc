#include "support/source.h"

#include <algorithm>

namespace plumbline {

FileId SourceMap::Add(std::string path, std::string text) {
  std::lock_guard lock(mutex_);
  File& f = files_.emplace_back();
  f.path = std::move(path);
  f.text = std::move(text);
  return static_cast<FileId>(files_.size() - 1);
}

FileId SourceMap::AddShared(std::string path, std::string text) {
  {
    std::lock_guard lock(mutex_);
    auto it = shared_.find(path);
    if (it != shared_.end() && files_[it->second].text == text) return it->second;
    // Of two threads that get here the second one's copy is the shared one from now on; both work.
  }
  FileId id = Add(path, std::move(text));
  std::lock_guard lock(mutex_);
  shared_.insert_or_assign(std::move(path), id);
  return id;
}

const SourceMap::File& SourceMap::Get(FileId file) const {
  std::lock_guard lock(mutex_);
  return files_[file];
}

std::size_t SourceMap::size() const {
  std::lock_guard lock(mutex_);
  return files_.size();
}

std::string_view SourceMap::Path(FileId file) const { return Get(file).path; }
std::string_view SourceMap::Text(FileId file) const { return Get(file).text; }

const std::vector<std::uint32_t>& SourceMap::LineStarts(const File& f) const {
  std::call_once(f.lines_once, [&] {
    f.line_starts.push_back(0);
    for (std::size_t i = 0; i < f.text.size(); ++i) {
      if (f.text[i] == '\n') f.line_starts.push_back(static_cast<std::uint32_t>(i + 1));
    }
  });
  return f.line_starts;
}

Position SourceMap::At(FileId file, std::uint32_t offset) const {
  const File& f = Get(file);
  const auto& starts = LineStarts(f);
  offset = std::min<std::uint32_t>(offset, static_cast<std::uint32_t>(f.text.size()));
  auto it = std::upper_bound(starts.begin(), starts.end(), offset) - 1;
  // A machine may write megabytes in one line: far behind, bytes are counted, or a file with many
  // findings would be read again for each.
  constexpr std::uint32_t kCounted = 1u << 12;
  std::uint32_t counted = std::min(offset, *it + kCounted), column = 1 + (offset - counted);
  for (std::uint32_t i = *it; i < counted; ++i) {
    if ((static_cast<unsigned char>(f.text[i]) & 0xC0) != 0x80) ++column;
  }
  return {static_cast<std::uint32_t>(it - starts.begin()) + 1, column};
}

Position SourceMap::Start(Span span) const { return At(span.file, span.begin); }
Position SourceMap::End(Span span) const { return At(span.file, span.end); }

std::uint32_t SourceMap::LineCount(FileId file) const {
  return static_cast<std::uint32_t>(LineStarts(Get(file)).size());
}

Span SourceMap::LineSpan(FileId file, std::uint32_t line) const {
  const File& f = Get(file);
  const auto& starts = LineStarts(f);
  if (line == 0 || line > starts.size()) return {};
  std::uint32_t begin = starts[line - 1];
  std::uint32_t end =
      line < starts.size() ? starts[line] - 1 : static_cast<std::uint32_t>(f.text.size());
  if (end > begin && f.text[end - 1] == '\r') --end;
  return {file, begin, end};
}

std::string_view SourceMap::Line(FileId file, std::uint32_t line) const {
  Span s = LineSpan(file, line);
  return s.valid() ? Text(file).substr(s.begin, s.end - s.begin) : std::string_view();
}

}  // namespace plumbline
