// The way from a file's text to its documents: judge the bytes, cut at `---`, read each part as
// JSON where it is JSON and as YAML otherwise. A document marker may stand nowhere inside a node,
// so cutting first is exact, and a broken document (a Helm template among manifests) leaves the
// others readable.
#include "yaml/parse.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>

#include "yaml/builder.h"
#include "yaml/events.h"
#include "yaml/extent.h"
#include "yaml/fast_reader.h"
#include "yaml/json_reader.h"
#include "yaml/yaml.h"

namespace plumbline::yaml {
namespace {

// The length of the valid UTF-8 sequence at s[i]; 0 when there is none.
std::size_t SequenceLength(std::string_view s, std::size_t i) {
  auto byte = [&](std::size_t k) { return static_cast<unsigned char>(k < s.size() ? s[k] : 0); };
  unsigned char c = byte(i), d = byte(i + 1);
  auto tail = [&](std::size_t k) { return (byte(k) & 0xC0) == 0x80; };
  if (c < 0x80) return 1;
  if (c >= 0xC2 && c < 0xE0) return tail(i + 1) ? 2 : 0;
  if (c >= 0xE0 && c < 0xF0) {
    if ((c == 0xE0 && d < 0xA0) || (c == 0xED && d > 0x9F)) return 0;
    return tail(i + 1) && tail(i + 2) ? 3 : 0;
  }
  if (c >= 0xF0 && c < 0xF5) {
    if ((c == 0xF0 && d < 0x90) || (c == 0xF4 && d > 0x8F)) return 0;
    return tail(i + 1) && tail(i + 2) && tail(i + 3) ? 4 : 0;
  }
  return 0;
}

bool IsControl(unsigned char c) { return c < 0x20 && c != '\t' && c != '\n' && c != '\r'; }

// The first byte that is neither text nor white space; npos when all are good.
std::size_t FindBadByte(std::string_view s) {
  std::size_t i = 0;
  while (i < s.size()) {
    auto c = static_cast<unsigned char>(s[i]);
    if (c >= 0x20 && c < 0x80) {
      ++i;
      continue;
    }
    std::size_t n = SequenceLength(s, i);
    if (n == 0 || IsControl(c)) return i;
    i += n;
  }
  return std::string_view::npos;
}

bool IsMarker(std::string_view text, std::size_t at) {
  if (text.substr(at, 3) != "---") return false;
  char next = at + 3 < text.size() ? text[at + 3] : '\n';
  return next == ' ' || next == '\t' || next == '\n' || next == '\r';
}

// The next line at or behind `at` that starts with a document marker; the text's size when there is
// none.
std::size_t FindMarker(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    std::size_t line = text.find("\n---", at);
    if (line == std::string_view::npos) break;
    if (IsMarker(text, line + 1)) return line + 1;
    at = line + 1;
  }
  return text.size();
}

constexpr std::size_t kMaxDiagnostics = 500;  // of one file

// What is nearly JSON may still be YAML (a comma behind the last item, keys without quotes). Nobody
// writes more than this by hand, and yaml-cpp would take seconds to say the same.
constexpr std::uint32_t kMaxYamlRetry = 1u << 20;

class FileReader {
 public:
  FileReader(Readers readers, FileId file, std::string_view text, Arena& arena,
             const Limits& limits, Diagnostics& diagnostics)
      : readers_(readers),
        file_(file),
        text_(text),
        arena_(arena),
        diagnostics_(diagnostics),
        first_diagnostic_(diagnostics.size()),
        builder_(file, arena, limits, diagnostics) {}

  std::vector<Document> Read() {
    std::size_t begin = text_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    while (begin < text_.size() && !stopped_) {
      std::size_t end = FindMarker(text_, begin);
      if (diagnostics_.size() > kMaxDiagnostics + first_diagnostic_) {
        Report(DiagnosticCode::kLimit, "too many faults in this file; nothing behind this is read",
               static_cast<std::uint32_t>(begin));
        break;
      }
      ++read_;
      ReadPart(static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end));
      begin = end;
    }
    return std::move(documents_);
  }

  bool is_one_simple_document() const { return read_ == 1 && simple_ == 1; }

 private:
  void Report(DiagnosticCode code, std::string message, std::uint32_t at) {
    auto end = std::min(at + 1, static_cast<std::uint32_t>(text_.size()));
    diagnostics_.push_back({code, std::move(message), {file_, at, end}});
  }

  void ReadPart(std::uint32_t begin, std::uint32_t end) {
    std::string_view part = text_.substr(begin, end - begin);
    if (std::size_t bad = FindBadByte(part); bad != std::string_view::npos) {
      bool control = IsControl(static_cast<unsigned char>(part[bad]));
      Report(DiagnosticCode::kUnreadable,
             control ? "a control character stands in the text; expected YAML or JSON"
                     : "the text is not valid UTF-8 here; expected UTF-8",
             begin + static_cast<std::uint32_t>(bad));
      return;
    }
    std::size_t before = diagnostics_.size();
    if (!ReadAsJson(begin, end) && !ReadSimple(begin, end)) {
      ReadYaml(file_, text_, begin, end, arena_, builder_, documents_, diagnostics_);
    }
    // The node limit is the file's: what follows would be refused as well.
    for (std::size_t i = before; i < diagnostics_.size(); ++i) {
      stopped_ = stopped_ || diagnostics_[i].code == DiagnosticCode::kLimit;
    }
  }

  // False when the part has to be read as YAML. Several JSON values may follow each other, as
  // kubectl reads them.
  bool ReadAsJson(std::uint32_t begin, std::uint32_t end) {
    std::string_view part = text_.substr(0, end);
    std::uint32_t at = SkipBlank(part, begin + (IsMarker(part, begin) ? 3u : 0u));
    if (at >= end || (part[at] != '{' && part[at] != '[')) return false;
    std::size_t documents = documents_.size(), diagnostics = diagnostics_.size();
    TreeBuilder::Counts counts = builder_.counts();
    while (at < end && (part[at] == '{' || part[at] == '[')) {
      JsonResult result = ReadJson(file_, part, at, arena_, builder_);
      if (result.status == JsonStatus::kRefused) return true;
      if (result.status == JsonStatus::kNotJson) {
        if (end - begin <= kMaxYamlRetry) break;
        Report(DiagnosticCode::kParseError,
               "the JSON is not valid: expected " + std::string(result.expected), result.end);
        return true;
      }
      documents_.push_back({builder_.root(), builder_.root()->span});
      at = SkipBlank(part, result.end);
    }
    if (at >= end) return true;
    documents_.resize(documents);
    diagnostics_.resize(diagnostics);
    builder_.Restore(counts);
    return false;
  }

  // False when the part has to be read by yaml-cpp.
  bool ReadSimple(std::uint32_t begin, std::uint32_t end) {
    if (readers_ == Readers::kYamlCpp) return false;
    std::size_t diagnostics = diagnostics_.size();
    TreeBuilder::Counts counts = builder_.counts();
    FastStatus status = ReadFast(file_, text_, begin, end, arena_, builder_);
    if (status == FastStatus::kGivenUp) {
      diagnostics_.resize(diagnostics);
      builder_.Restore(counts);
      return false;
    }
    if (status == FastStatus::kDone) {
      documents_.push_back({builder_.root(), builder_.root()->span});
      ++simple_;
    }
    return true;
  }

  Readers readers_;
  FileId file_;
  std::string_view text_;
  Arena& arena_;
  Diagnostics& diagnostics_;
  std::size_t first_diagnostic_;
  TreeBuilder builder_;
  std::vector<Document> documents_;
  std::size_t read_ = 0;    // parts between markers
  std::size_t simple_ = 0;  // documents that ReadFast has read
  bool stopped_ = false;
};

}  // namespace

const Entry* Node::FindEntry(std::string_view key) const {
  for (const Entry& e : entries) {
    if (e.key == key) return &e;
  }
  return nullptr;
}

const Node* Node::Find(std::string_view key) const {
  const Entry* entry = FindEntry(key);
  return entry != nullptr ? entry->value : nullptr;
}

std::vector<Document> Parse(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                            Diagnostics& diagnostics) {
  return ParseWith(Readers::kAll, file, text, arena, limits, diagnostics);
}

std::vector<Document> ParseWith(Readers readers, FileId file, std::string_view text, Arena& arena,
                                const Limits& limits, Diagnostics& diagnostics, bool* simple) {
  if (text.size() > limits.max_file_bytes) {
    diagnostics.push_back({DiagnosticCode::kLimit,
                           "the file is larger than " + std::to_string(limits.max_file_bytes) +
                               " bytes and is not read",
                           {file, 0, 0}});
    return {};
  }
  bool utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  const void* nul = text.empty() ? nullptr : std::memchr(text.data(), '\0', text.size());
  if (utf16 || nul != nullptr) {
    auto at = nul == nullptr
                  ? 0u
                  : static_cast<std::uint32_t>(static_cast<const char*>(nul) - text.data());
    diagnostics.push_back({DiagnosticCode::kUnreadable,
                           utf16 ? "the file is UTF-16; expected YAML or JSON in UTF-8"
                                 : "the file is binary; expected YAML or JSON text",
                           {file, utf16 ? 0 : at, utf16 ? 0 : at}});
    return {};
  }
  FileReader reader(readers, file, text, arena, limits, diagnostics);
  std::vector<Document> documents = reader.Read();
  if (simple != nullptr) *simple = reader.is_one_simple_document();
  return documents;
}

}  // namespace plumbline::yaml
