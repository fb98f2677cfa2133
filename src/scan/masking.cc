// A name is split into words (snake_case, kebab-case, camelCase). It is secret when a secret word
// stands in it and nothing behind that word turns it into a statement about the secret (an ARN, a
// length, a policy …).
#include "scan/masking.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "model/secret_text.h"
#include "value/json.h"

namespace plumbline::scan {
namespace {

constexpr std::size_t kMaxJson = 4000;     // bytes of a shown value
constexpr std::size_t kMinSecretText = 4;  // shorter texts are not searched for elsewhere
constexpr int kMaxDepth = 64;

constexpr auto kSecretWords = std::to_array<std::string_view>(
    {"apikey", "credential", "credentials", "passphrase", "passwd", "password", "passwords",
     "privatekey", "pwd", "secret", "secretkey", "secrets", "token", "tokens"});
// "key" alone says nothing; these words before it do.
constexpr auto kKeyKinds =
    std::to_array<std::string_view>({"access", "account", "api", "private", "secret", "shared"});
constexpr auto kHarmlessEnds = std::to_array<std::string_view>(
    {"algorithm", "arn",        "arns",     "class",   "count", "days",   "duration", "enabled",
     "endpoint",  "expiration", "file",     "format",  "id",    "ids",    "length",   "lifetime",
     "minutes",   "mode",       "name",     "names",   "path",  "period", "policy",   "ref",
     "required",  "retention",  "rotation", "seconds", "size",  "source", "store",    "ttl",
     "type",      "uri",        "url",      "version"});

template <std::size_t N>
bool Contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::vector<std::string> Words(std::string_view name) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    auto c = static_cast<unsigned char>(name[i]);
    bool hump = std::isupper(c) && i > 0 && std::islower(static_cast<unsigned char>(name[i - 1]));
    if (!std::isalnum(c) || hump) {
      if (!words.back().empty()) words.emplace_back();
    }
    if (std::isalnum(c)) words.back() += static_cast<char>(std::tolower(c));
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// A credential known by its shape is one whatever it is called. What is masked is added to
// `masked`.
void MaskShapes(std::string& text, std::vector<std::string>* masked) {
  std::size_t from = 0;
  while (true) {
    model::SecretText found = model::FindSecret(std::string_view(text).substr(from));
    if (found.what.empty()) return;
    std::size_t begin = from + found.begin, size = found.end - found.begin;
    // A key of several lines is looked for line by line.
    std::string_view secret = std::string_view(text).substr(begin, size);
    while (masked != nullptr && !secret.empty()) {
      std::size_t end = std::min(secret.find('\n'), secret.size());
      std::string_view line = secret.substr(0, end);
      if (line.size() >= kMinSecretText && !line.starts_with("-----")) masked->emplace_back(line);
      secret.remove_prefix(std::min(end + 1, secret.size()));
    }
    text.replace(begin, size, kMask);
    from = begin + kMask.size();
  }
}

class MaskingWriter {
 public:
  explicit MaskingWriter(std::vector<std::string>& secrets) : secrets_(secrets) {}

  void Write(const Value& v, bool secret, int depth, std::string& out) {
    secret = secret || v.sensitive();
    if (depth > kMaxDepth || (secret && v.is_string())) {
      Mask(v, out);
    } else if (v.is_mapping()) {
      WriteMembers(v, secret, depth, out);
    } else if (v.is_sequence()) {
      WriteItems(v, secret, depth, out);
    } else if (v.sensitive() && !v.is_null() && !v.is_unknown()) {
      Mask(v, out);
    } else if (v.is_string()) {
      std::string text(v.as_string());
      MaskShapes(text, &secrets_);
      AppendJsonString(out, text);
    } else {
      AppendJson(out, v);
    }
  }

 private:
  void Mask(const Value& v, std::string& out) {
    if (v.is_string() && v.as_string().size() >= kMinSecretText)
      secrets_.emplace_back(v.as_string());
    AppendJsonString(out, kMask);
  }

  void WriteMembers(const Value& v, bool secret, int depth, std::string& out) {
    // {name: DB_PASSWORD, value: …}: the entries of a container's environment.
    const Value* name = v.Find("name");
    bool named_secret = name != nullptr && name->is_string() && IsSecretName(name->as_string());
    out += '{';
    bool first = true;
    for (const Member& m : v.members()) {
      if (!first) out += ',';
      first = false;
      AppendJsonString(out, m.key);
      out += ':';
      Write(m.value, secret || IsSecretName(m.key) || (named_secret && m.key == "value"), depth + 1,
            out);
    }
    out += '}';
  }

  void WriteItems(const Value& v, bool secret, int depth, std::string& out) {
    out += '[';
    for (std::size_t i = 0; i < v.items().size(); ++i) {
      if (i > 0) out += ',';
      Write(v.items()[i], secret, depth + 1, out);
    }
    out += ']';
  }

  std::vector<std::string>& secrets_;
};

// Where the value of `name = …` or `name: …` begins, and the name; npos when the line is neither.
std::size_t ValueStart(std::string_view line, std::string_view& name) {
  std::size_t i = line.find_first_not_of(" \t-{,");
  if (i == std::string_view::npos) return i;
  bool quoted = line[i] == '"' || line[i] == '\'';
  std::size_t begin = quoted ? i + 1 : i, end = begin;
  while (end < line.size() && (std::isalnum(static_cast<unsigned char>(line[end])) ||
                               line[end] == '_' || line[end] == '-' || line[end] == '.'))
    ++end;
  name = line.substr(begin, end - begin);
  if (quoted) ++end;
  std::size_t sign = line.find_first_not_of(" \t", std::min(end, line.size()));
  if (name.empty() || sign == std::string_view::npos || (line[sign] != '=' && line[sign] != ':')) {
    return std::string_view::npos;
  }
  return line.find_first_not_of(" \t", sign + 1);
}

}  // namespace

bool IsSecretName(std::string_view name) {
  std::vector<std::string> words = Words(name);
  if (words.empty() || Contains(kHarmlessEnds, words.back())) return false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (Contains(kSecretWords, words[i])) return true;
    if (i > 0 && words[i] == "key" && Contains(kKeyKinds, words[i - 1])) return true;
  }
  return false;
}

bool IsSecretPlace(const model::Resource& resource, const model::Path& path) {
  if (path.empty()) return false;
  bool data = path[0].key == "data" || path[0].key == "stringData";
  if (resource.type == "v1/Secret" && data) return true;
  if (path.back().key != "value") return false;
  Value entry = resource.attributes;
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    const model::PathStep& step = path[i];
    auto index = static_cast<std::size_t>(step.index);
    if (step.is_index() && index >= entry.items().size()) return false;
    const Value* next = step.is_index() ? &entry.items()[index] : entry.Find(step.key);
    if (next == nullptr) return false;
    entry = *next;
  }
  const Value* name = entry.Find("name");
  return name != nullptr && name->is_string() && IsSecretName(name->as_string());
}

std::string MaskedJson(const Value& value, const model::Path& path,
                       std::vector<std::string>& secrets, bool secret) {
  secret = secret || std::ranges::any_of(path, [](const model::PathStep& s) {
             return !s.is_index() && IsSecretName(s.key);
           });
  std::string out;
  MaskingWriter(secrets).Write(value, secret, 0, out);
  if (out.size() <= kMaxJson) return out;
  std::size_t cut = kMaxJson;
  while (cut > 0 && (static_cast<unsigned char>(out[cut]) & 0xC0) == 0x80) --cut;
  std::string shortened;
  AppendJsonString(shortened, out.substr(0, cut) + "…");
  return shortened;
}

void MaskTexts(std::string& text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    for (std::size_t at = text.find(secret); at != std::string::npos;
         at = text.find(secret, at + kMask.size())) {
      text.replace(at, secret.size(), kMask);
    }
  }
}

namespace {

std::string MaskNamed(std::string_view line) {
  std::string_view name;
  std::size_t at = ValueStart(line, name);
  if (at == std::string_view::npos || !IsSecretName(name)) return std::string(line);
  std::string_view value = line.substr(at);
  // References, numbers, booleans and the openings of collections hold no secret.
  bool quoted = value[0] == '"' || value[0] == '\'';
  bool yaml = line.find('=') == std::string_view::npos || line.find(':') < line.find('=');
  if (!quoted && (!yaml || value[0] == '{' || value[0] == '[' || value[0] == '&' ||
                  value == "true" || value == "false"))
    return std::string(line);
  if (quoted && value.substr(1, 2) == "${") return std::string(line);
  std::size_t end = quoted ? value.find(value[0], 1) : value.size();
  std::string out(line.substr(0, at + (quoted ? 1 : 0)));
  out += kMask;
  if (end != std::string_view::npos) out += value.substr(end);
  return out;
}

}  // namespace

std::string MaskLine(std::string_view line) {
  std::string out = MaskNamed(line);
  MaskShapes(out, nullptr);
  return out;
}

}  // namespace plumbline::scan
