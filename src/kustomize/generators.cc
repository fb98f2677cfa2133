// ConfigMaps and Secrets made from literals, files and env files, and the hash of their content.
#include <openssl/evp.h>

#include <array>

#include "kustomize/transformers.h"
#include "value/json.h"

namespace plumbline::kustomize {
namespace {

bool IsUtf8(std::string_view s) {
  for (std::size_t i = 0; i < s.size();) {
    auto c = static_cast<unsigned char>(s[i]);
    std::size_t more = c < 0x80                ? 0
                       : c >= 0xC2 && c < 0xE0 ? 1
                       : c >= 0xE0 && c < 0xF0 ? 2
                       : c >= 0xF0 && c < 0xF5 ? 3
                                               : 9;
    if (more == 9 || i + more >= s.size()) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      if ((static_cast<unsigned char>(s[i + k]) & 0xC0) != 0x80) return false;
    }
    auto second = more > 0 ? static_cast<unsigned char>(s[i + 1]) : 0;
    if ((c == 0xE0 && second < 0xA0) || (c == 0xED && second > 0x9F)) return false;
    if ((c == 0xF0 && second < 0x90) || (c == 0xF4 && second > 0x8F)) return false;
    i += more + 1;
  }
  return true;
}

// Base 64 in lines of 70, each with its line break, when there is more than one.
std::string EncodeBase64(std::string_view s) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string flat;
  for (std::size_t i = 0; i < s.size(); i += 3) {
    std::uint32_t bits = 0;
    std::size_t n = std::min<std::size_t>(3, s.size() - i);
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (k < n ? static_cast<unsigned char>(s[i + k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      flat += k <= n ? kDigits[bits >> (18 - 6 * k) & 63] : '=';
    }
  }
  constexpr std::size_t kLine = 70;
  if (flat.size() / kLine + 1 == 1) return flat;
  std::string out;
  for (std::size_t i = 0; i < flat.size(); i += kLine) out += flat.substr(i, kLine) + "\n";
  return out;
}

struct Pair {
  std::string value;
  Span span;
};
using Pairs = std::map<std::string, Pair>;

class PairReader {
 public:
  PairReader(Context& context, const Loader& loader, const GeneratorArgs& args)
      : context_(context), loader_(loader), args_(args) {}

  Result<Pairs> Read() {
    for (const Text& path : args_.envs) PL_CHECK_OK(EnvFile(path));
    for (const Text& literal : args_.literals) PL_CHECK_OK(Literal(literal));
    for (const Text& source : args_.files) PL_CHECK_OK(File(source));
    return std::move(pairs_);
  }

 private:
  Result<void> Add(std::string key, std::string value, Span span) {
    if (pairs_.try_emplace(key, Pair{std::move(value), span}).second) return {};
    context_.fault = span;
    return Fail("configmap " + args_.name + " illegally repeats the key `" + key + "`");
  }

  Result<void> EnvFile(const Text& path) {
    context_.fault = path.span;
    if (loader_.IsAbsent(path, MissingKind::kFile)) return {};
    PL_TRY(LoadedFile file, loader_.Load(path.value));
    std::size_t at = 0;
    for (int number = 0; at < file.text.size(); ++number) {
      std::size_t end = std::min(file.text.find('\n', at), file.text.size());
      std::string_view line = file.text.substr(at, end - at);
      Span span{file.file, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)};
      at = end + 1;
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (number == 0 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
      if (!IsUtf8(line)) return Fail("the env file " + path.value + " is not UTF-8");
      std::size_t start = line.find_first_not_of(" \t\v\f\r");
      if (start == std::string_view::npos || line[start] == '#') continue;
      line.remove_prefix(start);
      std::size_t equals = line.find('=');
      std::string value(equals == std::string_view::npos ? "" : line.substr(equals + 1));
      std::string key(line.substr(0, equals));
      if (key.empty()) continue;
      PL_CHECK_OK(Add(std::move(key), std::move(value), span));
    }
    return {};
  }

  Result<void> Literal(const Text& literal) {
    std::size_t equals = literal.value.find('=');
    if (equals == 0 || equals == std::string::npos) {
      context_.fault = literal.span;
      return Fail("invalid literal source " + literal.value + ", expected key=value");
    }
    std::string value = literal.value.substr(equals + 1);
    bool quoted = value.size() >= 2 && value.front() == value.back() &&
                  (value.front() == '"' || value.front() == '\'');
    if (quoted) value = value.substr(1, value.size() - 2);
    return Add(literal.value.substr(0, equals), std::move(value), literal.span);
  }

  Result<void> File(const Text& source) {
    context_.fault = source.span;
    std::size_t equals = source.value.find('=');
    std::string path = source.value, key(BaseName(source.value));
    if (equals != std::string::npos) {
      key = source.value.substr(0, equals);
      path = source.value.substr(equals + 1);
      if (key.empty() || path.empty() || path.find('=') != std::string::npos) {
        return Fail("the source \"" + source.value + "\" must have the form key=path");
      }
    }
    if (loader_.IsAbsent({path, source.span}, MissingKind::kFile)) return {};
    PL_TRY(LoadedFile file, loader_.Load(path));
    // Whoever reads the text as YAML finds its lines in the file.
    Span all{file.file, 0, static_cast<std::uint32_t>(file.text.size())};
    return Add(std::move(key), std::string(file.text), all);
  }

  Context& context_;
  const Loader& loader_;
  const GeneratorArgs& args_;
  Pairs pairs_;
};

Result<ResourcePtr> MakeBase(Context& context, const GeneratorArgs& args, std::string_view kind) {
  context.fault = args.span;
  if (args.name.empty()) return Fail("a configmap must have a name");
  Pool& pool = context.pool;
  Node* root = pool.New(Shape::kMapping, args.span);
  PL_CHECK_OK(SetField(pool, root, "apiVersion", pool.NewString("v1", args.span)));
  PL_CHECK_OK(SetField(pool, root, "kind", pool.NewString(kind, args.span)));
  auto resource = std::make_shared<Resource>(root);
  PL_CHECK_OK(resource->SetName(pool, args.name, args.span));
  if (!args.ns.empty()) PL_CHECK_OK(resource->SetNamespace(pool, args.ns, args.span));
  resource->generated = true;
  resource->needs_hash = !args.options || !args.options->disable_hash;
  resource->behavior = args.behavior == "create"    ? Behavior::kCreate
                       : args.behavior == "replace" ? Behavior::kReplace
                       : args.behavior == "merge"   ? Behavior::kMerge
                                                    : Behavior::kUnspecified;
  return resource;
}

Result<void> AddPair(Pool& pool, Node* root, std::string_view field, const std::string& key,
                     std::string_view value, Span span) {
  PL_TRY(Node * data, GetOrCreate(pool, root, field, Shape::kMapping, span));
  Node* scalar = pool.NewString(pool.Keep(value), span);
  scalar->quoted = true;
  return SetField(pool, data, key, scalar);
}

Result<void> ApplyOptions(Context& context, Resource& resource, const GeneratorArgs& args) {
  if (!args.options) return {};
  Pool& pool = context.pool;
  PL_TRY(Node * meta, GetOrCreate(pool, resource.root, "metadata", Shape::kMapping, args.span));
  auto add = [&](std::string_view field, const TextMap& pairs) -> Result<void> {
    for (const auto& [key, text] : pairs) {
      PL_CHECK_OK(AddPair(pool, meta, field, key, text.value, text.span));
    }
    return {};
  };
  PL_CHECK_OK(add("labels", args.options->labels));
  PL_CHECK_OK(add("annotations", args.options->annotations));
  if (!args.options->immutable) return {};
  return SetField(pool, resource.root, "immutable", pool.NewScalar("true", Tag::kBool, args.span));
}

// JSON as Go's encoder writes it: <, > and & are escaped, keys sorted.
Result<std::string> GoJson(const Node* node) {
  Arena arena;
  PL_TRY(const yaml::Node* tree, ToYaml(arena, *node));
  std::string json, out;
  AppendJson(json, tree->value);
  for (std::size_t i = 0; i < json.size(); ++i) {
    char c = json[i];
    if (c == '<' || c == '>' || c == '&') {
      out += c == '<' ? "\\u003c" : c == '>' ? "\\u003e" : "\\u0026";
    } else if (json.compare(i, 3, "\xE2\x80\xA8") == 0 || json.compare(i, 3, "\xE2\x80\xA9") == 0) {
      out += json[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      out += c;
    }
  }
  return out;
}

Result<std::string> HashInput(const Resource& r, std::string_view kind) {
  bool secret = kind == "Secret";
  auto field = [&](std::string_view name) -> Result<std::string> {
    const Node* node = Get(r.root, name);
    if (node == nullptr) return std::string("\"\"");
    return GoJson(node);
  };
  PL_TRY(std::string data, field("data"));
  std::string_view more = secret ? "stringData" : "binaryData";
  const Node* extra = Get(r.root, more);
  std::string out = "{";
  bool has_extra = extra != nullptr && extra->is_mapping();
  std::string extra_text;
  if (has_extra) {
    PL_TRY(extra_text, GoJson(extra));
  }
  if (has_extra && !secret) out += "\"binaryData\":" + extra_text + ",";
  // The lookup of "metadata/name" as one key never finds anything: the name does not count.
  out += "\"data\":" + data + ",\"kind\":\"" + std::string(kind) + "\",\"name\":\"\"";
  if (has_extra && secret) out += ",\"stringData\":" + extra_text;
  if (secret) {
    PL_TRY(std::string type, field("type"));
    out += ",\"type\":" + type;
  }
  return out + "}";
}

}  // namespace

GeneratorArgs WithGlobalOptions(GeneratorArgs args, const std::optional<GeneratorOptions>& global) {
  if (!global) return args;
  if (!args.options) args.options.emplace();
  args.options->labels.insert(global->labels.begin(), global->labels.end());
  args.options->annotations.insert(global->annotations.begin(), global->annotations.end());
  args.options->disable_hash |= global->disable_hash;
  args.options->immutable |= global->immutable;
  return args;
}

Result<ResourcePtr> GenerateConfigMap(Context& context, const Loader& loader,
                                      const GeneratorArgs& args) {
  PL_TRY(ResourcePtr resource, MakeBase(context, args, "ConfigMap"));
  PL_TRY(Pairs pairs, PairReader(context, loader, args).Read());
  for (const auto& [key, pair] : pairs) {
    bool text = IsUtf8(pair.value);
    PL_CHECK_OK(AddPair(context.pool, resource->root, text ? "data" : "binaryData", key,
                        text ? pair.value : EncodeBase64(pair.value), pair.span));
  }
  PL_CHECK_OK(ApplyOptions(context, *resource, args));
  return resource;
}

Result<ResourcePtr> GenerateSecret(Context& context, const Loader& loader,
                                   const GeneratorArgs& args) {
  PL_TRY(ResourcePtr resource, MakeBase(context, args, "Secret"));
  Pool& pool = context.pool;
  std::string_view type = args.type.empty() ? "Opaque" : pool.Keep(args.type);
  PL_CHECK_OK(SetField(pool, resource->root, "type", pool.NewString(type, args.span)));
  PL_TRY(Pairs pairs, PairReader(context, loader, args).Read());
  PL_CHECK_OK(
      GetOrCreate(pool, resource->root, "data", Shape::kMapping, args.span).map([](Node*) {}));
  for (const auto& [key, pair] : pairs) {
    PL_CHECK_OK(AddPair(pool, resource->root, "data", key, EncodeBase64(pair.value), pair.span));
  }
  PL_CHECK_OK(ApplyOptions(context, *resource, args));
  return resource;
}

Result<std::string> ContentHash(const Resource& resource) {
  std::string_view kind = resource.kind();
  std::string input;
  if (kind == "ConfigMap" || kind == "Secret") {
    PL_TRY(input, HashInput(resource, kind));
  } else {
    PL_TRY(input, GoJson(resource.root));
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  EVP_Digest(input.data(), input.size(), digest.data(), &size, EVP_sha256(), nullptr);
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < 10; ++i) {
    char c = kHex[digest[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
    // No vowels and nothing that looks like one: no words by accident.
    out += c == '0' ? 'g' : c == '1' ? 'h' : c == '3' ? 'k' : c == 'a' ? 'm' : c == 'e' ? 't' : c;
  }
  return out;
}

}  // namespace plumbline::kustomize
