#include "kustomize/embedded.h"

#include <algorithm>

namespace plumbline::kustomize {

EmbeddedText::EmbeddedText(std::string_view file, std::string_view text, Span span) : whole_(span) {
  if (!span.valid() || span.end > file.size() || span.begin >= span.end) return;
  if (span.begin == 0 && file == text) {  // all of the file
    inner_ = outer_ = {0};
    exact_ = true;
    return;
  }
  if (file[span.begin] != '|') return;
  std::size_t at = file.find('\n', span.begin), from = 0;
  while (at != std::string_view::npos && from < text.size()) {
    ++at;
    std::size_t end = std::min(file.find('\n', at), file.size());
    std::string_view outer = file.substr(at, end - at);
    std::size_t stop = std::min(text.find('\n', from), text.size());
    std::string_view inner = text.substr(from, stop - from);
    if (outer.ends_with('\r') && !inner.ends_with('\r')) outer.remove_suffix(1);
    if (!outer.ends_with(inner) && !inner.empty()) return;
    inner_.push_back(static_cast<std::uint32_t>(from));
    outer_.push_back(static_cast<std::uint32_t>(at + outer.size() - inner.size()));
    from = stop + 1;
    at = file.find('\n', at);
  }
  exact_ = !inner_.empty();
}

std::uint32_t EmbeddedText::Outer(std::uint32_t offset) const {
  auto it = std::ranges::upper_bound(inner_, offset);
  if (it == inner_.begin()) return outer_.front();
  auto line = static_cast<std::size_t>(it - inner_.begin()) - 1;
  return std::min(outer_[line] + (offset - inner_[line]), whole_.end);
}

Span EmbeddedText::Place(Span span) const {
  if (!exact_) return whole_;
  return {whole_.file, Outer(span.begin), Outer(span.end)};
}

}  // namespace plumbline::kustomize
