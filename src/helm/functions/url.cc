// urlParse and urlJoin, as Go's net/url reads and writes addresses.
#include <algorithm>
#include <array>

#include "helm/functions/common.h"

namespace plumbline::helm {
namespace {

enum class Part { kPath, kUser, kHost, kFragment };

bool IsAlnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool Keeps(char c, Part part) {
  if (IsAlnum(c) || c == '-' || c == '_' || c == '.' || c == '~') return true;
  std::string_view more;
  switch (part) {
    case Part::kPath:
      more = "$&+,/:;=@";
      break;
    case Part::kUser:
      more = "$&+,;=";
      break;
    case Part::kHost:
      more = "!$&'()*+,;=:[]<>\"";
      break;
    case Part::kFragment:
      more = "$&+,/:;=?@!()*";
  }
  return more.find(c) != std::string_view::npos;
}

std::string Escape(std::string_view s, Part part) {
  std::string out;
  for (char c : s) {
    if (Keeps(c, part)) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c = static_cast<char>(c | 0x20);
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// False when a % is not followed by two digits; `error` says where.
bool Unescape(std::string_view s, Part part, std::string* out, std::string* error) {
  out->clear();
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] != '%') {
      if (part == Part::kHost && static_cast<unsigned char>(s[i]) < 0x80 && !Keeps(s[i], part)) {
        *error = fmt::format("invalid character {} in host name", gotmpl::Quote(s.substr(i, 1)));
        return false;
      }
      *out += s[i];
      continue;
    }
    if (i + 2 >= s.size() + 0 || HexDigit(s[i + 1]) < 0 || HexDigit(s[i + 2]) < 0) {
      *error = fmt::format("invalid URL escape {}", gotmpl::Quote(s.substr(i, 3)));
      return false;
    }
    *out += static_cast<char>(HexDigit(s[i + 1]) * 16 + HexDigit(s[i + 2]));
    i += 2;
  }
  return true;
}

struct Url {
  std::string scheme, opaque, host, path, raw_path, query, fragment;
  std::string user, password;
  bool has_user = false, has_password = false, force_query = false;
};

std::string UserInfo(const Url& u) {
  std::string out = Escape(u.user, Part::kUser);
  if (u.has_password) out += ":" + Escape(u.password, Part::kUser);
  return out;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), rest_(text) {}

  bool Run(Url* out) {
    u_ = out;
    for (char c : text_) {
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
        return Fail("net/url: invalid control character in URL");
    }
    auto hash = rest_.find('#');
    std::string_view fragment;
    if (hash != std::string_view::npos) {
      fragment = rest_.substr(hash + 1);
      rest_ = rest_.substr(0, hash);
      text_ = rest_;
    }
    if (rest_ == "*") {
      u_->path = "*";
      return true;
    }
    if (!Scheme() || !Body()) return false;
    if (hash == std::string_view::npos) return true;
    return Unescape(fragment, Part::kFragment, &u_->fragment, &reason_) || Fail(reason_);
  }
  std::string error;

 private:
  bool Fail(std::string reason) {
    error = fmt::format("parse {}: {}", gotmpl::Quote(text_), reason);
    return false;
  }

  bool Scheme() {
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      char c = rest_[i];
      bool letter = IsAlnum(c) && !(c >= '0' && c <= '9');
      if (letter) continue;
      if ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.') {
        if (i == 0) return true;
        continue;
      }
      if (c != ':') return true;
      if (i == 0) return Fail("missing protocol scheme");
      for (char s : rest_.substr(0, i))
        u_->scheme += static_cast<char>(s >= 'A' && s <= 'Z' ? s | 0x20 : s);
      rest_.remove_prefix(i + 1);
      return true;
    }
    return true;
  }

  bool Body() {
    if (rest_.ends_with('?') && std::ranges::count(rest_, '?') == 1) {
      u_->force_query = true;
      rest_.remove_suffix(1);
    } else if (auto mark = rest_.find('?'); mark != std::string_view::npos) {
      u_->query = rest_.substr(mark + 1);
      rest_ = rest_.substr(0, mark);
    }
    if (!rest_.starts_with('/')) {
      if (!u_->scheme.empty()) {
        u_->opaque = rest_;
        return true;
      }
      std::string_view segment = rest_.substr(0, rest_.find('/'));
      if (segment.find(':') != std::string_view::npos)
        return Fail("first path segment in URL cannot contain colon");
    }
    bool authority = rest_.starts_with("//") && (!u_->scheme.empty() || !rest_.starts_with("///"));
    if (authority) {
      rest_.remove_prefix(2);
      std::string_view host = rest_.substr(0, rest_.find('/'));
      rest_.remove_prefix(host.size());
      if (!Authority(host)) return false;
    }
    if (!Unescape(rest_, Part::kPath, &u_->path, &reason_)) return Fail(reason_);
    if (Escape(u_->path, Part::kPath) != rest_) u_->raw_path = rest_;
    return true;
  }

  bool Authority(std::string_view s) {
    auto at = s.rfind('@');
    std::string_view host = at == std::string_view::npos ? s : s.substr(at + 1);
    if (!Host(host)) return false;
    if (at == std::string_view::npos) return true;
    std::string_view info = s.substr(0, at);
    for (char c : info) {
      constexpr std::string_view kMore = "-._:~!$&'()*+,;=%@";
      if (!IsAlnum(c) && kMore.find(c) == std::string_view::npos)
        return Fail("net/url: invalid userinfo");
    }
    u_->has_user = true;
    auto colon = info.find(':');
    if (!Unescape(info.substr(0, colon), Part::kUser, &u_->user, &reason_)) return Fail(reason_);
    if (colon == std::string_view::npos) return true;
    u_->has_password = true;
    return Unescape(info.substr(colon + 1), Part::kUser, &u_->password, &reason_) || Fail(reason_);
  }

  bool Host(std::string_view host) {
    std::string_view port;
    if (host.starts_with('[')) {
      auto close = host.rfind(']');
      if (close == std::string_view::npos) return Fail("missing ']' in host");
      port = host.substr(close + 1);
    } else if (auto colon = host.rfind(':'); colon != std::string_view::npos) {
      port = host.substr(colon);
    }
    bool good = port.empty() || (port[0] == ':' &&
                                 port.find_first_not_of("0123456789", 1) == std::string_view::npos);
    if (!good) return Fail(fmt::format("invalid port {} after host", gotmpl::Quote(port)));
    return Unescape(host, Part::kHost, &u_->host, &reason_) || Fail(reason_);
  }

  std::string_view text_, rest_;
  std::string reason_;
  Url* u_ = nullptr;
};

std::string_view HostName(std::string_view host) {
  if (host.starts_with('[')) {
    auto close = host.find(']');
    if (close != std::string_view::npos) return host.substr(1, close - 1);
  }
  auto colon = host.rfind(':');
  bool port = colon != std::string_view::npos &&
              host.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
  return port ? host.substr(0, colon) : host;
}

bool UrlParse(Call& call) {
  Url u;
  Reader reader(call.Text(0));
  if (!reader.Run(&u)) return call.Fail("unable to parse url: " + reader.error);
  Map* map = call.heap.MakeMap();
  auto set = [&](std::string_view key, std::string_view value) {
    map->Set(call.heap, key, call.heap.String(value, call.args[0].origin()));
  };
  set("fragment", u.fragment);
  set("host", u.host);
  set("hostname", HostName(u.host));
  set("opaque", u.opaque);
  set("path", u.path);
  set("query", u.query);
  set("scheme", u.scheme);
  set("userinfo", u.has_user ? UserInfo(u) : "");
  return call.Return(Value::Of(map));
}

std::string Joined(const Url& u) {
  std::string out = u.scheme.empty() ? "" : u.scheme + ":";
  if (!u.opaque.empty()) {
    out += u.opaque;
  } else {
    bool authority = !u.scheme.empty() || !u.host.empty() || u.has_user;
    if (authority) {
      if (!u.host.empty() || !u.path.empty() || u.has_user) out += "//";
      if (u.has_user) out += UserInfo(u) + "@";
      out += Escape(u.host, Part::kHost);
    }
    std::string path = u.path == "*" ? "*" : Escape(u.path, Part::kPath);
    if (!path.empty() && path[0] != '/' && !u.host.empty()) out += '/';
    if (out.empty()) {
      // A colon in the first segment would make it a scheme.
      if (std::string_view(path).substr(0, path.find('/')).find(':') != std::string_view::npos)
        out += "./";
    }
    out += path;
  }
  if (!u.query.empty()) out += "?" + u.query;
  if (!u.fragment.empty()) out += "#" + Escape(u.fragment, Part::kFragment);
  return out;
}

bool UrlJoin(Call& call) {
  Map* map = MapOf(call.args[0]);
  std::string bad;
  auto get = [&](std::string_view key) -> std::string {
    const Value* v = map != nullptr ? map->Find(key) : nullptr;
    if (v == nullptr) return {};
    if (v->is_string()) return std::string(v->as_string());
    if (bad.empty())
      bad = v->is_nil() ? "runtime error: invalid memory address or nil pointer dereference"
                        : fmt::format(
                              "unable to parse {} key, must be of type string, but {} "
                              "found",
                              key, gotmpl::KindName(*v));
    return {};
  };
  Url u;
  u.scheme = get("scheme");
  u.host = get("host");
  u.path = get("path");
  u.query = get("query");
  u.opaque = get("opaque");
  u.fragment = get("fragment");
  std::string info = get("userinfo");
  if (!bad.empty()) return call.Fail(bad);
  if (!info.empty()) {
    Url with_user;
    std::string address = fmt::format("proto://{}@host", info);
    Reader reader(address);
    if (!reader.Run(&with_user))
      return call.Fail("unable to parse userinfo in dict: " + reader.error);
    u.user = with_user.user;
    u.password = with_user.password;
    u.has_user = with_user.has_user;
    u.has_password = with_user.has_password;
  }
  return ReturnText(call, Joined(u));
}

constexpr auto kFunctions = std::to_array<Function>({
    {"urlJoin", "m", UrlJoin},
    {"urlParse", "s", UrlParse},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> UrlFunctions() { return kFunctions; }

}  // namespace plumbline::helm
