// Reads rule and model files (YAML, docs/writing-rules.md) into definitions. Form only: names,
// types and expressions are checked by the compiler (engine/compile.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/definition.h"
#include "support/fs.h"
#include "yaml/yaml.h"

namespace plumbline::engine {

struct ReadOptions {
  /// Built-in rules: every file must be a rule or hold models, ids equal paths below `root`,
  /// `since` is a version.
  bool strict = false;
  std::string root;
};

/// Reads one file's text. Files that are neither rule nor models are left alone unless strict.
void ReadDefinitionFile(const std::string& path, std::string text, const ReadOptions& options,
                        Definitions& out);

/// Reads files and folders (searched for *.yaml and *.yml, in sorted order). A path that is not
/// there is an error.
void ReadDefinitions(const FileSystem& fs, const std::vector<std::string>& paths,
                     const ReadOptions& options, Definitions& out);

// The two kinds of files, for ReadDefinitionFile.
void ReadRule(const yaml::Node& root, Definitions& out);
void ReadModels(const yaml::Node& root, Definitions& out);

}  // namespace plumbline::engine
