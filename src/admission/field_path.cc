#include "admission/field_path.h"

namespace plumbline::admission {
namespace {

std::uint32_t OffsetOf(const SourceMap& sources, FileId file, std::uint32_t line,
                       std::uint32_t column) {
  Span span = sources.LineSpan(file, line);
  std::string_view text = sources.Text(file);
  std::uint32_t at = span.begin;
  for (std::uint32_t c = 1; c < column && at < span.end; ++c) {
    do {
      ++at;
    } while (at < span.end && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  }
  return at;
}

bool Holds(Span outer, std::uint32_t at) { return outer.begin <= at && at < outer.end; }

const yaml::Node* StepToward(const yaml::Node& node, std::uint32_t at, std::string& path,
                             bool& done) {
  for (const yaml::Entry& e : node.entries) {
    if (e.merge.valid() || !Holds(Join(e.key_span, e.value->span), at)) continue;
    if (!path.empty()) path += '.';
    path += e.key;
    done = at < e.value->span.begin;
    return e.value;
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    if (!Holds(node.items[i]->span, at)) continue;
    path += '[' + std::to_string(i) + ']';
    // The opening brace of an item stands for the item itself.
    done = at == node.items[i]->span.begin &&
           (node.items[i]->entries.empty() || node.items[i]->entries[0].key_span.begin != at);
    return node.items[i];
  }
  return nullptr;
}

}  // namespace

std::string FieldAt(const SourceMap& sources, FileId file,
                    std::span<const yaml::Document> documents, std::uint32_t line,
                    std::uint32_t column) {
  std::uint32_t at = OffsetOf(sources, file, line, column);
  std::string path;
  for (const yaml::Document& d : documents) {
    if (d.root == nullptr || !Holds(d.root->span, at)) continue;
    const yaml::Node* node = d.root;
    bool done = false;
    while (node != nullptr && !done) node = StepToward(*node, at, path, done);
    break;
  }
  // A finding about the object as a whole stands on its `kind:` line.
  return path == "kind" ? std::string() : path;
}

}  // namespace plumbline::admission
