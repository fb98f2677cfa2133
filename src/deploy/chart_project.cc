#include "deploy/chart_project.h"

#include <fmt/format.h>

#include <set>

#include "helm/documents.h"
#include "support/limits.h"

namespace plumbline::deploy {
namespace {

bool HasValues(const helm::ValueOptions& v) {
  return !v.files.empty() || !v.layers.empty() || !v.json.empty() || !v.set.empty() ||
         !v.set_string.empty() || !v.set_file.empty() || !v.set_literal.empty();
}

// Of templates that call each other without end, the outermost call and the innermost reason.
std::string Shortened(const std::string& message) {
  constexpr std::size_t kLongest = 1000, kShown = 300;
  if (message.size() <= kLongest) return message;
  std::size_t head = std::min(message.find(": error calling "), kShown);
  std::size_t tail = message.rfind("template: ");
  if (tail == std::string::npos || message.size() - tail > kLongest) tail = message.size() - kShown;
  auto continues = [&](std::size_t at) {
    return at < message.size() && (static_cast<unsigned char>(message[at]) & 0xC0) == 0x80;
  };
  while (continues(head)) ++head;
  while (continues(tail)) ++tail;
  return fmt::format("{}: … {}", message.substr(0, head), message.substr(tail));
}

}  // namespace

ChartProject::ChartProject(const FileSystem& fs, SourceMap& sources, std::string base_dir,
                           std::string path)
    : fs_(fs),
      sources_(sources),
      base_dir_(std::move(base_dir)),
      path_(std::move(path)),
      load_{fs_, sources_, heap_, base_dir_, {}, true} {
  auto loaded = helm::LoadChart(load_, path_);
  if (loaded) {
    chart_ = std::move(*loaded);
  } else {
    diagnostics_.push_back({DiagnosticCode::kTemplateError, loaded.error().message, ChartFile()});
  }
}

// The start of Chart.yaml, for what has no place of its own.
Span ChartProject::ChartFile() const {
  if (chart_ != nullptr && chart_->metadata_file != kNoFile) return {chart_->metadata_file, 0, 0};
  std::string path = fs_.IsDirectory(path_) ? JoinPath(path_, "Chart.yaml") : path_;
  auto text = fs_.IsDirectory(path_) ? fs_.ReadFile(path, Limits().max_file_bytes)
                                     : Result<std::string>(std::string());
  return {sources_.AddShared(ShownBelow(base_dir_, path), text ? *text : std::string()), 0, 0};
}

// Its name in Chart.yaml or, for charts of Helm 2, in requirements.yaml.
Span ChartProject::DependencyEntry(const std::string& name) const {
  std::vector<FileId> files{chart_->metadata_file};
  for (const helm::ChartFile& f : chart_->files) {
    if (f.name == "requirements.yaml") files.push_back(f.id);
  }
  for (FileId file : files) {
    if (file == kNoFile) continue;
    Arena arena;
    Diagnostics ignored;
    for (const yaml::Document& d :
         yaml::Parse(file, sources_.Text(file), arena, Limits(), ignored)) {
      const yaml::Node* list = d.root != nullptr ? d.root->Find("dependencies") : nullptr;
      for (const yaml::Node* item :
           list != nullptr ? list->items : std::span<const yaml::Node* const>()) {
        const yaml::Entry* entry = item->FindEntry("name");
        if (entry != nullptr && entry->value->value.is_string() &&
            entry->value->value.as_string() == name)
          return Join(entry->key_span, entry->value->span);
      }
    }
  }
  return ChartFile();
}

// With its own values alone, a chart may ask for more by `fail` and `required`: no fault of it.
Diagnostic ChartProject::ToDiagnostic(const helm::RenderFault& fault, bool has_values) const {
  bool asks = fault.message.starts_with("execution error at (");
  return {asks && !has_values ? DiagnosticCode::kChartNeedsValues : DiagnosticCode::kTemplateError,
          Shortened(fault.message), fault.span.valid() ? fault.span : ChartFile()};
}

void ChartProject::Render(const Release& release, MadeObjects& out) const {
  if (chart_ == nullptr) return;
  const helm::RenderOptions& options = release.options;
  auto copy = helm::CopyChart(*chart_);
  if (!release.own_values.empty()) {
    helm::ValueOptions own;
    own.files = release.own_values;
    auto read = helm::ReadUserValues(load_, own);
    if (!read) {
      out.diagnostics.push_back(
          {DiagnosticCode::kTemplateError, read.error().message, ChartFile()});
      return;
    }
    copy->values = *read;
  }
  helm::Rendered rendered = helm::Render(load_, *copy, options, false);
  // Templates that share a definition fail for one reason, which is told once.
  std::set<std::string, std::less<>> told;
  for (const helm::RenderFault& fault : rendered.faults) {
    std::string_view reason = fault.message;
    if (reason.starts_with("execution error at (")) reason.remove_prefix(reason.find("): ") + 3);
    if (told.emplace(reason).second)
      out.diagnostics.push_back(
          ToDiagnostic(fault, HasValues(options.values) && !release.incomplete));
  }
  for (const std::string& name : rendered.missing_dependencies) {
    out.diagnostics.push_back(
        {DiagnosticCode::kChartDependency,
         fmt::format(
             "the dependency '{}' is not in charts/ and is not scanned: run helm dependency "
             "build (--download-charts is not in this version yet)",
             name),
         DependencyEntry(name)});
  }
  for (const helm::Manifest& m : rendered.manifests) {
    auto documents = helm::ParseManifest(m, sources_, out.arena, Limits());
    out.documents.insert(out.documents.end(), documents.begin(), documents.end());
  }
}

}  // namespace plumbline::deploy
