// Functions of paths and files. Files are read through the context's file system and only inside
// its allowed root, judged by real paths, so that a symlink cannot lead out.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "terraform/functions/registry.h"

namespace plumbline::terraform::functions {
namespace {

std::string_view Arg(Call& call, std::size_t i) { return call.args[i].as_string(); }

// "~" is the home folder of whoever runs the program, as for Terraform; it is only read when it
// lies inside the root.
Result<std::string> ExpandHome(std::string_view path) {
  if (!path.starts_with('~')) return std::string(path);
  const char* home = std::getenv("HOME");
  if (home == nullptr || (path.size() > 1 && path[1] != '/'))
    return Fail(fmt::format("cannot tell the home folder in \"{}\"", path));
  return path.size() < 2 ? std::string(home) : JoinPath(home, path.substr(2));
}

// Inside the allowed root by real path. A path that does not exist is judged by its text.
bool Allowed(Call& call, const std::string& absolute) {
  if (call.context.allowed_root.empty()) return true;
  std::string real = call.context.fs.RealPath(absolute);
  std::string root = call.context.fs.RealPath(std::string(call.context.allowed_root));
  for (const std::string& more : call.context.allowed_paths) {
    std::string allowed = call.context.fs.RealPath(more);
    if (!allowed.empty() && IsWithin(allowed, real.empty() ? absolute : real)) return true;
  }
  for (std::string_view package : call.context.packages) {
    if (IsWithin(package, real.empty() ? absolute : real)) return true;
  }
  if (real.empty())
    return IsWithin(call.context.allowed_root, absolute) || IsWithin(root, absolute);
  return IsWithin(root.empty() ? std::string(call.context.allowed_root) : root, real);
}

Result<Value> Abspath(Call& call) {
  return Text(call, JoinPath(call.context.working_dir, Arg(call, 0)));
}

Result<Value> Basename(Call& call) {
  std::string_view s = Arg(call, 0);
  if (s.empty()) return Value::String(".");
  while (s.size() > 1 && s.ends_with('/')) s.remove_suffix(1);
  if (s == "/") return Value::String("/");
  return Text(call, BaseName(s));
}

Result<Value> Dirname(Call& call) {
  std::string_view s = Arg(call, 0);
  auto slash = s.rfind('/');
  return Text(call, slash == std::string_view::npos ? "." : CleanPath(s.substr(0, slash + 1)));
}

Result<Value> File(Call& call) {
  PL_TRY(std::string bytes, ReadFileArgument(call, Arg(call, 0)));
  if (!IsValidUtf8(bytes)) {
    return Fail(fmt::format("{} is not valid UTF-8; filebase64() reads files of any content",
                            Arg(call, 0)));
  }
  return Text(call, bytes);
}

Result<Value> FileBase64(Call& call) {
  PL_TRY(std::string bytes, ReadFileArgument(call, Arg(call, 0)));
  return Text(call, EncodeBase64(bytes));
}

Result<Value> FileExists(Call& call) {
  PL_TRY(std::string path, ResolvePath(call, Arg(call, 0)));
  if (call.context.fs.IsDirectory(path))
    return Fail(fmt::format("{} is a folder, not a file", Arg(call, 0)));
  return Value::Bool(call.context.fs.IsFile(path));
}

Result<Value> PathExpand(Call& call) {
  PL_TRY(std::string path, ExpandHome(Arg(call, 0)));
  return Text(call, path);
}

// --- fileset(): shell patterns with *, ?, [a-z], {a,b} and ** for any number of folders ---

struct Glob {
  std::string_view pattern;
  bool bad = false;
  std::uint32_t steps = 0;

  /// Matches one path (without a leading slash) against the whole pattern.
  bool Match(std::string_view p, std::string_view s, int depth) {
    constexpr int kDeepest = 64;
    constexpr std::uint32_t kMostSteps =
        1'000'000;  // many stars and a name to fit can take forever
    if (depth > kDeepest) return false;
    while (!p.empty()) {
      if (bad || ++steps > kMostSteps) {
        bad = true;
        return false;
      }
      if (p[0] == '{') return MatchAlternatives(p, s, depth);
      if (p.starts_with("**")) return MatchFolders(p, s, depth);
      if (p[0] == '*') {
        p.remove_prefix(1);
        for (std::size_t i = 0;; ++i) {
          if (Match(p, s.substr(i), depth + 1)) return true;
          if (i >= s.size() || s[i] == '/') return false;
        }
      }
      if (s.empty()) return false;
      if (!MatchOne(p, s)) return false;
    }
    return s.empty();
  }

  static std::size_t RuneLength(std::string_view s) {
    std::size_t n = 1;
    while (n < s.size() && n < 4 && (static_cast<unsigned char>(s[n]) & 0xC0) == 0x80) ++n;
    return n;
  }

  bool MatchOne(std::string_view& p, std::string_view& s) {
    if (p[0] == '[') return MatchClass(p, s);
    if (p[0] == '?') {
      if (s[0] == '/') return false;
      p.remove_prefix(1);
      s.remove_prefix(RuneLength(s));
      return true;
    }
    if (p[0] == '\\' && p.size() > 1) p.remove_prefix(1);
    if (p[0] != s[0]) return false;
    p.remove_prefix(1);
    s.remove_prefix(1);
    return true;
  }

  bool MatchClass(std::string_view& p, std::string_view& s) {
    std::size_t i = 1;
    bool negated = i < p.size() && p[i] == '^', hit = false;
    if (negated) ++i;
    for (bool first = true; i < p.size() && (first || p[i] != ']'); first = false) {
      if (p[i] == '\\' && i + 1 < p.size()) ++i;
      char low = p[i++], high = low;
      if (i + 1 < p.size() && p[i] == '-' && p[i + 1] != ']') {
        high = p[i + 1];
        i += 2;
      }
      hit |= low <= s[0] && s[0] <= high;
    }
    if (i >= p.size()) {
      bad = true;
      return false;
    }
    if (hit == negated || s[0] == '/') return false;
    p.remove_prefix(i + 1);
    s.remove_prefix(1);
    return true;
  }

  // "**/" stands for any folders, also none; "**" at the end for everything below.
  bool MatchFolders(std::string_view p, std::string_view s, int depth) {
    p.remove_prefix(2);
    if (p.empty()) return true;
    if (p[0] != '/') return Match(std::string("*").append(p), s, depth + 1);
    p.remove_prefix(1);
    while (true) {
      if (Match(p, s, depth + 1)) return true;
      auto slash = s.find('/');
      if (slash == std::string_view::npos) return false;
      s.remove_prefix(slash + 1);
    }
  }

  bool MatchAlternatives(std::string_view p, std::string_view s, int depth) {
    std::size_t end = 1;
    for (int level = 1; end < p.size(); ++end) {
      if (p[end] == '{') ++level;
      if (p[end] == '}' && --level == 0) break;
    }
    if (end >= p.size()) {
      bad = true;
      return false;
    }
    std::string_view rest = p.substr(end + 1);
    for (std::size_t i = 1, begin = 1, level = 0; i <= end; ++i) {
      if (p[i] == '{') ++level;
      if (p[i] == '}' && i < end) --level;
      if (i != end && (p[i] != ',' || level > 0)) continue;
      if (Match(std::string(p.substr(begin, i - begin)).append(rest), s, depth + 1)) return true;
      begin = i + 1;
    }
    return false;
  }
};

struct Walk {
  Call& call;
  Glob glob;
  std::size_t skip = 0;  // bytes of "../" that lead out of the folder
  std::vector<Value> found;
  std::uint32_t deepest = UINT32_MAX;
  std::uint32_t seen = 0;
  std::uint64_t steps = 0;

  Result<void> Visit(const std::string& dir, const std::string& prefix, std::uint32_t depth) {
    auto entries = call.context.fs.ListDir(dir);
    if (!entries || depth > std::min(deepest, call.context.limits.max_walk_depth)) return {};
    for (const DirEntry& e : *entries) {
      if (++seen > call.context.limits.max_file_count)
        return Fail("fileset() met more files than the limit");
      std::string path = prefix + e.name;
      if (e.is_directory) {
        if (!e.is_symlink) PL_CHECK_OK(Visit(dir + "/" + e.name, path + "/", depth + 1));
      } else if (glob.Match(glob.pattern, std::string_view(path).substr(skip), 0)) {
        PL_TRY(found.emplace_back(), Text(call, path));
      }
      steps += std::exchange(glob.steps, 0);
      if (glob.bad || steps > call.context.limits.max_steps)
        return Fail(fmt::format("fileset() cannot use the pattern \"{}\"", glob.pattern));
    }
    return {};
  }
};

bool Balanced(std::string_view component) {
  int braces = 0;
  for (std::size_t i = 0; i < component.size(); ++i) {
    if (component[i] == '\\')
      ++i;
    else if (component[i] == '{')
      ++braces;
    else if (component[i] == '}')
      --braces;
    else if (component[i] == '[') {
      i = component.find(']', std::min(i + 2, component.size()));
      if (i == std::string_view::npos) return false;
    }
  }
  return braces == 0;
}

// The pattern with "**" only where it is a whole component: elsewhere it means no more than "*".
Result<std::string> CheckedPattern(std::string_view pattern) {
  std::string out;
  while (true) {
    auto slash = std::min(pattern.find('/'), pattern.size());
    std::string component(pattern.substr(0, slash));
    if (!Balanced(component))
      return Fail(fmt::format("fileset() got an invalid pattern: \"{}\" is not closed", component));
    for (auto at = component.find("**"); component != "**" && at != std::string::npos;
         at = component.find("**"))
      component.erase(at, 1);
    out += component;
    if (slash == pattern.size()) return out;
    out += '/';
    pattern.remove_prefix(slash + 1);
  }
}

Result<Value> Fileset(Call& call) {
  PL_TRY(std::string dir, ResolvePath(call, Arg(call, 0)));
  if (!call.context.fs.IsDirectory(dir)) return MakeSet(call.arena, StringType(), {});
  PL_TRY(std::string pattern, CheckedPattern(CleanPath(Arg(call, 1))));
  std::string prefix;
  for (; pattern.starts_with("../"); pattern.erase(0, 3)) prefix += "../";
  PL_TRY(dir, ResolvePath(call, JoinPath(dir, prefix)));
  Walk walk{call, Glob{pattern}, prefix.size(), {}};
  bool any_depth = ("/" + pattern + "/").find("/**/") != std::string::npos;
  if (!any_depth) walk.deepest = static_cast<std::uint32_t>(std::ranges::count(pattern, '/'));
  PL_CHECK_OK(walk.Visit(dir, prefix, 0));
  return MakeSet(call.arena, StringType(), walk.found);
}

bool IsIdentifier(std::string_view s) {
  auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<unsigned char>(c) >= 0x80;
  };
  auto later = [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; };
  return !s.empty() && letter(s[0]) && std::ranges::all_of(s, later);
}

Result<Value> TemplateFile(Call& call) {
  PL_TRY(std::string text, ReadFileArgument(call, Arg(call, 0)));
  if (!IsValidUtf8(text)) return Fail(fmt::format("{} is not valid UTF-8", Arg(call, 0)));
  return RenderTemplate(call, call.arena.CopyString(text), Arg(call, 0));
}

using enum Accepts;

constexpr auto kFunctions = std::to_array<Function>({
    {"abspath", {{{kString}}}, {}, Returns::kString, &Abspath},
    {"basename", {{{kString}}}, {}, Returns::kString, &Basename},
    {"dirname", {{{kString}}}, {}, Returns::kString, &Dirname},
    {"file", {{{kString}}}, {}, Returns::kString, &File},
    {"filebase64", {{{kString}}}, {}, Returns::kString, &FileBase64},
    {"fileexists", {{{kString}}}, {}, Returns::kBool, &FileExists},
    {"fileset", {{{kString}, {kString}}}, {}, Returns::kSetString, &Fileset},
    {"pathexpand", {{{kString}}}, {}, Returns::kString, &PathExpand},
    {"templatefile", {{{kString}, {kAny}}}, {}, Returns::kVaries, &TemplateFile},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

Result<std::string> ResolvePath(Call& call, std::string_view path) {
  PL_TRY(std::string expanded, ExpandHome(path));
  std::string absolute = JoinPath(call.context.working_dir, expanded);
  if (Allowed(call, absolute)) return absolute;
  return Fail(fmt::format("{}() may not read {}: it lies outside of {}; --allow-path allows it",
                          call.name, path, call.context.allowed_root));
}

Result<Value> RenderTemplate(Call& call, std::string_view text, std::string_view path) {
  Value vars = call.args[1];
  if (!call.context.render_template)
    return Fail(fmt::format("{}() cannot be used here", call.name));
  if (!vars.is_mapping())
    return Fail(fmt::format("{}() needs a map or an object of variables", call.name));
  for (const Member& m : vars.members()) {
    if (!IsIdentifier(m.key))
      return Fail(fmt::format("{}() needs variable names that are identifiers, but got \"{}\"",
                              call.name, m.key));
  }
  PL_TRY(Value out, call.context.render_template(text, path, vars));
  if (out.is_null())
    return Fail(fmt::format("{}() got a template whose result is null", call.name));
  return out;
}

Result<std::string> ReadFileArgument(Call& call, std::string_view path) {
  PL_TRY(std::string absolute, ResolvePath(call, path));
  return call.context.fs.ReadFile(absolute, call.context.limits.max_file_bytes);
}

std::span<const Function> FilesystemFunctions() { return kFunctions; }

}  // namespace plumbline::terraform::functions
