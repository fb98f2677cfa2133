#include "fetch/credentials.h"

#include <algorithm>
#include <cstdlib>
#include <vector>

#include "hcl/parser.h"
#include "support/arena.h"
#include "support/diagnostic.h"
#include "support/fs.h"
#include "support/limits.h"
#include "value/json.h"

namespace plumbline::fetch {
namespace {

constexpr std::size_t kMaxConfigBytes = 1u << 20;

std::string Environment(const std::string& name) {
  const char* text = std::getenv(name.c_str());
  return text == nullptr ? "" : text;
}

// TF_TOKEN_app_example_com; a hyphen is `__`, or stays where the shell lets it.
std::string TokenVariable(std::string_view host, bool keep_hyphens) {
  std::string out = "TF_TOKEN_";
  for (char c : host) {
    if (c == '.' || c == ':') {
      out += '_';
    } else if (c == '-') {
      out += keep_hyphens ? "-" : "__";
    } else {
      out += c;
    }
  }
  return out;
}

std::string ConfigFile() {
  if (std::string file = Environment("TF_CLI_CONFIG_FILE"); !file.empty()) return file;
  std::string home = Environment("HOME");
  return home.empty() ? "" : home + "/.terraformrc";
}

std::string ReadIfThere(const std::string& path) {
  DiskFileSystem fs;
  if (path.empty() || !fs.IsFile(path)) return {};
  auto text = fs.ReadFile(path, kMaxConfigBytes);
  return text ? std::move(*text) : std::string();
}

std::vector<std::string> Words(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  for (char c : text) {
    bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank) {
      word += c;
    } else if (!word.empty()) {
      out.push_back(std::move(word));
      word.clear();
    }
  }
  if (!word.empty()) out.push_back(std::move(word));
  return out;
}

}  // namespace

std::string TokenInConfig(std::string_view text, std::string_view host) {
  Arena arena;
  Diagnostics ignored;
  const hcl::Body* body = hcl::ParseFile(0, text, arena, Limits(), ignored);
  if (body == nullptr) return {};
  for (const hcl::Block& block : body->blocks) {
    if (block.type != "credentials" || block.labels.empty() || block.labels[0].text != host)
      continue;
    const hcl::Attribute* token = block.body->FindAttribute("token");
    if (token != nullptr && token->expr->kind == hcl::ExprKind::kLiteral &&
        token->expr->value.is_string())
      return std::string(token->expr->value.as_string());
  }
  return {};
}

// What `terraform login` has stored.
std::string TokenOfLogin(std::string_view text, std::string_view host) {
  Arena arena;
  auto json = ParseJson(arena, text, Limits());
  const Value* at = json ? json->Find("credentials") : nullptr;
  at = at != nullptr ? at->Find(host) : nullptr;
  at = at != nullptr ? at->Find("token") : nullptr;
  return at != nullptr && at->is_string() ? std::string(at->as_string()) : std::string();
}

std::string RegistryToken(std::string_view host) {
  for (bool keep_hyphens : {true, false}) {
    if (std::string t = Environment(TokenVariable(host, keep_hyphens)); !t.empty()) return t;
  }
  if (std::string t = TokenInConfig(ReadIfThere(ConfigFile()), host); !t.empty()) return t;
  std::string home = Environment("HOME");
  return home.empty()
             ? ""
             : TokenOfLogin(ReadIfThere(home + "/.terraform.d/credentials.tfrc.json"), host);
}

std::optional<std::pair<std::string, std::string>> NetrcLogin(std::string_view text,
                                                              std::string_view host) {
  std::vector<std::string> words = Words(text);
  std::pair<std::string, std::string> login;
  bool here = false, found = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& w = words[i];
    if (w == "default" || w == "machine") {
      if (found) break;
      here = w == "default" || (i + 1 < words.size() && words[i + 1] == host);
      if (w == "machine") ++i;
    } else if ((w == "login" || w == "password" || w == "account") && i + 1 < words.size()) {
      ++i;
      if (!here || w == "account") continue;
      (w == "login" ? login.first : login.second) = words[i];
      found = true;
    }
  }
  return found ? std::optional(login) : std::nullopt;
}

std::optional<std::pair<std::string, std::string>> HostLogin(std::string_view host) {
  std::string file = Environment("NETRC"), home = Environment("HOME");
  if (file.empty() && !home.empty()) file = home + "/.netrc";
  return NetrcLogin(ReadIfThere(file), host);
}

}  // namespace plumbline::fetch
