#include "admission/admission.h"

#include <fmt/format.h>

#include <optional>

#include "admission/field_path.h"
#include "admission/review.h"
#include "plumbline/scan.h"
#include "support/limits.h"
#include "support/source.h"
#include "value/json.h"
#include "yaml/yaml.h"

namespace plumbline::admission {
namespace {

// What the API server shows of warnings: 256 characters of each, 4,096 bytes of all.
constexpr std::size_t kMaxWarningBytes = 256;
constexpr std::size_t kMaxWarningsBytes = 4096;
constexpr std::size_t kMaxReasons = 50;  // spelt out in a denial

/// One thing the scan has to say.
struct Remark {
  std::string rule_id, severity, resource, field, message;
  std::uint32_t line = 0;
  bool undetermined = false;
};

struct Judgement {
  std::vector<Remark> denied, warnings;
};

std::string Describe(const Remark& r) {
  std::string out = fmt::format("{} [{}]: {}", r.rule_id, r.severity, r.message);
  if (!r.field.empty()) out += fmt::format(" ({})", r.field);
  return out;
}

ScanOptions OptionsOf(const AdmitOptions& options, std::string text) {
  ScanOptions o;
  o.paths = {};
  o.policies = options.policies;
  o.builtin_rules = options.builtin_rules;
  o.rules = options.rules;
  o.excluded_rules = options.excluded_rules;
  o.strict = options.strict;
  o.show_unknown = true;
  o.jobs = 1;
  o.stdin_manifests = std::move(text);
  return o;
}

/// Scans the manifests and sorts the findings; sets `error` when they cannot be read.
class Judge {
 public:
  Judge(const AdmitOptions& options, std::string& error) : options_(options), error_(error) {}

  Judgement Scan(const std::string& text) {
    Judgement out;
    ScanResult result = plumbline::Scan(OptionsOf(options_, text));
    if (!result.error.empty()) {
      error_ = result.error;
      return out;
    }
    FileId file = sources_.Add("<stdin>", text);
    Diagnostics ignored;  // the scan reports them as findings
    std::string_view kept = sources_.Text(file);
    auto documents = yaml::Parse(file, kept, arena_, Limits{}, ignored);
    for (const Finding& f : result.report.findings) {
      const std::string& id = f.rule->id;
      if (id == "parse-error" || id == "unreadable-file" || id == "limit-exceeded") {
        error_ = fmt::format("the input cannot be read: line {}, column {}: {}", f.location.line,
                             f.location.column, f.message);
        return {};
      }
      if (f.status != Status::kFail && f.status != Status::kUnknown) continue;
      Remark remark{id,
                    SeverityName(f.severity),
                    f.resource,
                    {},
                    f.message,
                    f.location.line,
                    f.status == Status::kUnknown};
      remark.field = FieldAt(sources_, file, documents, f.location.line, f.location.column);
      if (remark.undetermined) {
        remark.message = f.message.empty() ? f.rule->title : f.message;
        remark.message += " (undetermined";
        remark.message += f.note.empty() ? ")" : ": " + f.note + ")";
      }
      bool deny = !remark.undetermined && f.severity >= options_.fail_on;
      (deny ? out.denied : out.warnings).push_back(std::move(remark));
    }
    return out;
  }

 private:
  const AdmitOptions& options_;
  std::string& error_;
  SourceMap sources_;
  Arena arena_;
};

std::string DenialMessage(const std::vector<Remark>& denied) {
  if (denied.empty()) return {};
  std::string out = fmt::format("plumbline denies {}: {} {}", denied[0].resource, denied.size(),
                                denied.size() == 1 ? "finding" : "findings");
  for (std::size_t i = 0; i < denied.size(); ++i) {
    if (i == kMaxReasons) {
      out += fmt::format("\n… and {} more", denied.size() - i);
      break;
    }
    out += "\n- " + Describe(denied[i]);
  }
  return out;
}

std::string Shortened(std::string text) {
  if (text.size() <= kMaxWarningBytes) return text;
  std::size_t end = kMaxWarningBytes - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

std::vector<std::string> WarningTexts(const std::vector<Remark>& remarks) {
  std::vector<std::string> out;
  std::size_t bytes = 0;
  for (const Remark& r : remarks) {
    std::string text = Shortened("plumbline: " + Describe(r));
    bytes += text.size();
    if (bytes > kMaxWarningsBytes - 64) {
      out.push_back(fmt::format("plumbline: … and {} more", remarks.size() - out.size()));
      break;
    }
    out.push_back(std::move(text));
  }
  return out;
}

void AppendRemarks(std::string& out, const std::vector<Remark>& remarks) {
  out += '[';
  for (std::size_t i = 0; i < remarks.size(); ++i) {
    const Remark& r = remarks[i];
    out += i > 0 ? ",{" : "{";
    auto text = [&](std::string_view key, std::string_view value) {
      AppendJsonString(out, key);
      out += ':';
      AppendJsonString(out, value);
      out += ',';
    };
    text("rule_id", r.rule_id);
    text("severity", r.severity);
    text("resource", r.resource);
    text("field", r.field);
    text("message", r.message);
    out += fmt::format("\"line\":{},\"undetermined\":{}}}", r.line, r.undetermined);
  }
  out += ']';
}

std::string ManifestAnswer(const Judgement& judgement) {
  std::string out = judgement.denied.empty() ? "{\"allowed\":true" : "{\"allowed\":false";
  out += ",\"denied\":";
  AppendRemarks(out, judgement.denied);
  out += ",\"warnings\":";
  AppendRemarks(out, judgement.warnings);
  return out + "}";
}

std::string AnswerReview(Arena& arena, Value document, const AdmitOptions& options, bool& allowed,
                         std::string& error) {
  auto review = ReadReview(arena, document);
  if (!review) {
    error = review.error().message;
    return {};
  }
  Judgement judgement;
  if (!review->object.is_null()) {
    judgement = Judge(options, error).Scan(ToJson(review->object));
    if (!error.empty()) return {};
  }
  allowed = judgement.denied.empty();
  return WriteResponse(*review, DenialMessage(judgement.denied), WarningTexts(judgement.warnings));
}

bool IsObject(const yaml::Document& d) {
  return d.root != nullptr && d.root->Find("apiVersion") != nullptr &&
         d.root->Find("kind") != nullptr;
}

}  // namespace

std::string Admit(std::string_view input, const AdmitOptions& options, bool& allowed,
                  std::string& error) {
  allowed = false;
  error.clear();
  Arena arena;
  SourceMap sources;
  FileId file = sources.Add("<stdin>", std::string(input));
  Diagnostics diagnostics;
  auto documents = yaml::Parse(file, sources.Text(file), arena, Limits{}, diagnostics);
  for (const Diagnostic& d : diagnostics) {
    if (d.code == DiagnosticCode::kDuplicate) continue;
    Position at = sources.Start(d.span);
    error = fmt::format("the input cannot be read: line {}, column {}: {}", at.line, at.column,
                        d.message);
    return {};
  }
  bool any = false;
  for (const yaml::Document& d : documents) {
    any = any || IsObject(d);
    if (d.root == nullptr || !IsReview(d.root->value)) continue;
    if (documents.size() == 1) return AnswerReview(arena, d.root->value, options, allowed, error);
    error = "an AdmissionReview stands among other documents; expected it alone";
    return {};
  }
  if (!any) {
    error =
        "the input holds no object with apiVersion and kind; expected an AdmissionReview or "
        "Kubernetes manifests";
    return {};
  }
  Judgement judgement = Judge(options, error).Scan(std::string(input));
  if (!error.empty()) return {};
  allowed = judgement.denied.empty();
  return ManifestAnswer(judgement);
}

}  // namespace plumbline::admission
