// A graph made of manifests in the test's text.
#pragma once

#include <string>

#include "kubernetes/kubernetes.h"

namespace plumbline::kubernetes {

struct TestGraph {
  SourceMap sources;
  model::ResourceGraph graph;
  Diagnostics diagnostics;

  void Add(std::string text) {
    FileId file = sources.Add("m" + std::to_string(sources.size()) + ".yaml", std::move(text));
    AddManifests(file, sources.Text(file), Limits{}, graph, diagnostics);
  }
  void Link() {
    AddReferences(graph);
    graph.Link();
  }
  std::string Slice(Span s) const {
    return std::string(sources.Text(s.file).substr(s.begin, s.end - s.begin));
  }
  /// "address type" a line.
  std::string Objects() const {
    std::string out;
    for (const model::Resource& r : graph) {
      out += std::string(r.address) + " " + std::string(r.type) + "\n";
    }
    return out;
  }
  /// "from attribute -> to" a line.
  std::string References() const {
    std::string out;
    for (const model::Resource& r : graph) {
      for (const model::Reference& ref : r.references) {
        out += std::string(r.address) + " " + std::string(ref.attribute) + " -> " +
               std::string(graph.at(ref.target).address) + "\n";
      }
    }
    return out;
  }
};

/// "spec.containers[0].image" → steps. The text must outlive the path.
inline model::Path PathOf(std::string_view text) {
  model::Path path;
  while (!text.empty()) {
    if (text[0] == '.') text.remove_prefix(1);
    if (text[0] == '[') {
      path.push_back({{}, std::stoi(std::string(text.substr(1)))});
      text.remove_prefix(text.find(']') + 1);
      continue;
    }
    std::size_t end = text.find_first_of(".[");
    path.push_back({text.substr(0, end), -1});
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
  }
  return path;
}

}  // namespace plumbline::kubernetes
