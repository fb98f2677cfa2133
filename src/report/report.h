// Report formats: a finished Report → text. One file a format; `formats.cc` holds the one sorted
// table of them.
//
// Machine formats hold no times, no colours and nothing that differs between two runs.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "plumbline/finding.h"

namespace plumbline::report {

struct Options {
  bool color = false;         // terminal report only
  bool show_ignored = false;  // terminal report only; the other formats mark ignored findings
  std::size_t width = 100;    // terminal report only: where long sentences are broken
};

/// A writer appends the whole report to `out`.
using Writer = void (*)(const Report& report, const Options& options, std::string& out);

struct Format {
  std::string_view name;
  std::string_view description;
  Writer write = nullptr;
};

/// All formats, sorted by name.
std::span<const Format> Formats();
/// Null when there is no such format.
const Format* FindFormat(std::string_view name);
/// "checkstyle, cli, …" for messages and help.
std::string FormatNames();

void WriteCheckstyle(const Report& report, const Options& options, std::string& out);
void WriteCli(const Report& report, const Options& options, std::string& out);
void WriteCsv(const Report& report, const Options& options, std::string& out);
void WriteGithub(const Report& report, const Options& options, std::string& out);
void WriteGitlab(const Report& report, const Options& options, std::string& out);
void WriteHtml(const Report& report, const Options& options, std::string& out);
void WriteJson(const Report& report, const Options& options, std::string& out);
void WriteJunit(const Report& report, const Options& options, std::string& out);
void WriteMarkdown(const Report& report, const Options& options, std::string& out);
void WriteSarif(const Report& report, const Options& options, std::string& out);

}  // namespace plumbline::report
