#include "helm/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "helm/archive.h"
#include "helm/ignore.h"
#include "helm/metadata.h"
#include "helm/yaml_values.h"

namespace plumbline::helm {
namespace {

using gotmpl::Kind;
using gotmpl::Map;

struct RawFile {
  std::string name;  // relative to the chart
  FileId id = kNoFile;
};

class Loader {
 public:
  explicit Loader(const LoadOptions& options) : o_(options) {}

  Result<std::unique_ptr<Chart>> Load(const std::string& path) {
    if (o_.fs.IsDirectory(path)) {
      PL_TRY(auto files, ReadFolder(path));
      return Build(std::move(files), ShownBelow(o_.base_dir, path), 0);
    }
    auto bytes = o_.fs.ReadFile(path, o_.limits.max_total_bytes);
    if (!bytes) return tl::unexpected(bytes.error());
    return FromArchive(*bytes, ShownBelow(o_.base_dir, path), 0);
  }

 private:
  static int Rank(char c) { return c == '/' ? 0 : static_cast<unsigned char>(c) + 1; }

  Result<FileId> AddFile(std::string shown, std::string text) {
    total_ += text.size();
    if (total_ > o_.limits.max_total_bytes)
      return Fail(fmt::format("the chart holds more than {} bytes", o_.limits.max_total_bytes));
    if (++count_ > o_.limits.max_files)
      return Fail(fmt::format("the chart holds more than {} files", o_.limits.max_files));
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
    return o_.sources.AddShared(std::move(shown), std::move(text));
  }

  Result<std::vector<RawFile>> ReadFolder(const std::string& root) {
    std::string ignore_text;
    std::string ignore_file = JoinPath(root, ".helmignore");
    if (o_.fs.IsFile(ignore_file)) {
      PL_TRY(ignore_text, o_.fs.ReadFile(ignore_file, o_.limits.max_file_bytes));
    }
    PL_TRY(IgnoreRules ignore, IgnoreRules::Parse(ignore_text));
    std::vector<RawFile> out;
    std::string real_root = o_.fs.RealPath(root);
    std::vector<std::string> folders{""};
    while (!folders.empty()) {
      std::string folder = std::move(folders.back());
      folders.pop_back();
      auto entries = o_.fs.ListDir(folder.empty() ? root : JoinPath(root, folder));
      if (!entries) return tl::unexpected(entries.error());
      for (const DirEntry& e : *entries) {
        std::string name = folder.empty() ? e.name : folder + "/" + e.name;
        if (ignore.Ignores(name, e.is_directory)) continue;
        std::string path = JoinPath(root, name);
        // A link out of the chart is not followed; one that leads to a folder could go round.
        if (e.is_symlink && (e.is_directory || !IsWithin(real_root, o_.fs.RealPath(path))))
          continue;
        if (e.is_directory) {
          if (std::ranges::count(name, '/') < 64) folders.push_back(std::move(name));
          continue;
        }
        auto text = o_.fs.ReadFile(path, o_.limits.max_file_bytes);
        if (!text) return tl::unexpected(text.error());
        PL_TRY(FileId id, AddFile(ShownBelow(o_.base_dir, path), std::move(*text)));
        out.push_back({std::move(name), id});
      }
    }
    // Folder by folder, as a walk through them goes.
    std::ranges::sort(out, [](const RawFile& a, const RawFile& b) {
      return std::ranges::lexicographical_compare(a.name, b.name, {}, Rank, Rank);
    });
    return out;
  }

  Result<std::unique_ptr<Chart>> FromArchive(std::string_view bytes, const std::string& shown,
                                             std::uint32_t depth) {
    auto files = ReadTgz(bytes, o_.limits.max_total_bytes, o_.limits.max_files);
    if (!files) return Fail(fmt::format("{}: {}", shown, files.error().message));
    std::vector<RawFile> out;
    for (ArchiveFile& file : *files) {
      // Everything lies in one folder, whose name does not matter.
      std::size_t slash = file.name.find('/');
      if (slash == std::string::npos) {
        if (file.name == "Chart.yaml") return Fail("chart yaml not in base directory");
        continue;
      }
      std::string name = file.name.substr(slash + 1);
      PL_TRY(FileId id, AddFile(fmt::format("{}/{}", shown, name), std::move(file.data)));
      out.push_back({std::move(name), id});
    }
    if (out.empty()) return Fail(fmt::format("{}: no files in chart archive", shown));
    return Build(std::move(out), shown, depth);
  }

  // The text's one document as a value; `what` is the file's name for messages.
  Result<gotmpl::Value> ReadFile(FileId id, std::string_view what,
                                 YamlNumbers numbers = YamlNumbers::kFloat) {
    YamlReading read = ReadYaml(o_.heap, id, o_.sources.Text(id), 0, numbers);
    if (read.error.empty()) return read.value;
    return Fail(fmt::format("cannot load {}: {}", what, read.error));
  }

  Result<Map*> ReadValues(FileId id) {
    PL_TRY(gotmpl::Value v, ReadFile(id, "values.yaml"));
    if (v.is_nil()) return o_.heap.MakeMap();
    if (v.is_map()) return &v.map();
    return Fail("cannot load values.yaml: " + NotAMap(v));
  }

  Result<std::unique_ptr<Chart>> Build(std::vector<RawFile> files, const std::string& shown,
                                       std::uint32_t depth) {
    if (depth > o_.limits.max_depth)
      return Fail(
          fmt::format("{}: charts are nested more than {} deep", shown, o_.limits.max_depth));
    auto chart = std::make_unique<Chart>();
    std::map<std::string, std::vector<RawFile>> below;
    FileId requirements = kNoFile;
    RawFile requirements_lock;
    for (RawFile& file : files) {
      std::string_view name = file.name;
      if (name == "Chart.yaml") {
        chart->metadata_file = file.id;
      } else if (name == "values.yaml") {
        chart->values_file = file.id;
      } else if (name == "values.schema.json") {
        chart->schema = o_.sources.Text(file.id);
      } else if (name == "requirements.yaml") {
        requirements = file.id;
      } else if (name == "Chart.lock") {
        continue;
      } else if (name == "requirements.lock") {
        requirements_lock = file;
      } else if (name.starts_with("templates/")) {
        chart->templates.push_back({file.name, file.id});
      } else if (name.starts_with("charts/")) {
        if (name.ends_with(".prov")) {
          chart->files.push_back({file.name, file.id});
          continue;
        }
        std::string rest(name.substr(7));
        below[rest.substr(0, rest.find('/'))].push_back({rest, file.id});
      } else {
        if (name.starts_with("crds/")) chart->crds.push_back({file.name, file.id});
        chart->files.push_back({file.name, file.id});
      }
    }
    PL_CHECK_OK(ReadMetadata(*chart));
    chart->values = o_.heap.MakeMap();
    if (chart->values_file != kNoFile) {
      PL_TRY(chart->values, ReadValues(chart->values_file));
    }
    if (requirements != kNoFile) {
      PL_CHECK_OK(ReadMetadataFile(*chart, requirements, "requirements.yaml"));
    }
    if (chart->metadata_file == kNoFile && requirements == kNoFile)
      return Fail("Chart.yaml file is missing");
    if (std::string fault = ValidateMetadata(*chart); !fault.empty())
      return Fail("validation: " + fault);
    // Charts of Helm 2 see them among their files.
    if (chart->api_version == "v1") {
      if (requirements != kNoFile) chart->files.push_back({"requirements.yaml", requirements});
      if (requirements_lock.id != kNoFile)
        chart->files.push_back({requirements_lock.name, requirements_lock.id});
    }
    for (auto& [name, inner] : below) PL_CHECK_OK(AddBelow(*chart, name, inner, shown, depth));
    return chart;
  }

  Result<void> AddBelow(Chart& chart, const std::string& name, std::vector<RawFile>& files,
                        const std::string& shown, std::uint32_t depth) {
    if (name.starts_with('_') || name.starts_with('.')) return {};
    std::shared_ptr<Chart> inner;
    if (name.ends_with(".tgz")) {
      if (files[0].name != name)
        return Fail(fmt::format("error unpacking subchart tar in {}: expected {}, got {}",
                                chart.name, name, files[0].name));
      PL_TRY(std::unique_ptr<Chart> unpacked,
             FromArchive(o_.sources.Text(files[0].id), std::string(o_.sources.Path(files[0].id)),
                         depth + 1));
      inner = std::move(unpacked);
    } else {
      std::vector<RawFile> own;
      for (RawFile& file : files) {
        std::size_t slash = file.name.find('/');
        if (slash != std::string::npos) own.push_back({file.name.substr(slash + 1), file.id});
      }
      // A file right below charts/ is no chart.
      if (own.empty()) return {};
      auto built = Build(std::move(own), fmt::format("{}/charts/{}", shown, name), depth + 1);
      if (!built)
        return Fail(fmt::format("error unpacking subchart {} in {}: {}", name, chart.name,
                                built.error().message));
      inner = std::move(*built);
    }
    inner->parent = &chart;
    chart.dependencies.push_back(std::move(inner));
    return {};
  }

  Result<void> ReadMetadataFile(Chart& chart, FileId id, std::string_view what) {
    PL_TRY(gotmpl::Value v, ReadFile(id, what, YamlNumbers::kExact));
    std::string fault = DecodeMetadata(o_.heap, v, chart);
    if (fault.empty()) return {};
    return Fail(fmt::format("cannot load {}: {}{}", what, kDecoding, fault));
  }

  Result<void> ReadMetadata(Chart& chart) {
    if (chart.metadata_file == kNoFile) {
      DecodeMetadata(o_.heap, gotmpl::Value::Nil(), chart);
      return {};
    }
    return ReadMetadataFile(chart, chart.metadata_file, "Chart.yaml");
  }

  const LoadOptions& o_;
  std::size_t total_ = 0, count_ = 0;
};

}  // namespace

std::string Chart::FullPath() const {
  return parent == nullptr ? name : fmt::format("{}/charts/{}", parent->FullPath(), name);
}

Result<std::unique_ptr<Chart>> LoadChart(const LoadOptions& options, const std::string& path) {
  return Loader(options).Load(path);
}

std::unique_ptr<Chart> CopyChart(const Chart& chart) {
  auto out = std::make_unique<Chart>(chart);
  for (auto& d : out->declared) d = std::make_shared<Dependency>(*d);
  for (auto& d : out->dependencies) {
    d = CopyChart(*d);
    d->parent = out.get();
  }
  return out;
}

}  // namespace plumbline::helm
