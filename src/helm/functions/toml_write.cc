// toToml: the layout of BurntSushi/toml. Tables are indented by their depth; what is no table comes
// first.
#include <cmath>

#include "helm/functions/common.h"
#include "helm/functions/toml.h"

namespace plumbline::helm {
namespace {

bool IsBare(std::string_view key) {
  return !key.empty() && std::ranges::all_of(key, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

std::string Quoted(std::string_view s) {
  std::string out = "\"";
  for (char c : s) {
    constexpr std::string_view kShort = "\b\t\n\f\r\"\\", kLetters = "btnfr\"\\";
    auto at = kShort.find(c);
    if (at != std::string_view::npos) {
      out += '\\';
      out += kLetters[at];
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

class Writer {
 public:
  explicit Writer(Heap& heap) : heap_(heap) {}

  bool Document(Value v) {
    v = Plain(v);
    if (v.is_nil()) return Fail("reflect: call of reflect.Value.Type on zero Value");
    if (v.is_map()) return Table(v.map(), 0);
    if (IsTableArray(v)) return Fail("toml: top-level values must be Go maps or structs");
    return error.empty() && Element(v, 0);
  }

  std::string out, error;

 private:
  bool Fail(std::string message) {
    if (error.empty()) error = std::move(message);
    return false;
  }

  // Objects are what they are in JSON, but for times, which TOML knows.
  Value Plain(Value v) {
    if (v.kind() != Kind::kObject || v.object().TypeName() == "time.Time") return v;
    return v.object().AsJson(heap_);
  }

  static bool IsNil(Value v) {
    return v.is_nil() || (v.is_list() && v.list().is_nil) || (v.is_map() && v.map().is_nil);
  }

  bool IsTableArray(Value v) {
    if (!v.is_list() || v.list().items.empty()) return false;
    bool tables = true;
    for (Value item : v.list().items) {
      if (IsNil(item)) return Fail("toml: cannot encode array with nil element");
      tables = tables && Plain(item).is_map();
    }
    return tables;
  }

  bool IsTable(Value v) { return v.is_map() || IsTableArray(v); }

  void NewLine() {
    if (!out.empty()) out += '\n';
  }
  static std::string Pad(std::size_t depth) { return std::string(2 * (depth - 1), ' '); }
  static std::string KeyText(std::string_view key) {
    return IsBare(key) ? std::string(key) : Quoted(key);
  }

  // The members that are no tables, then those that are.
  bool Table(const Map& map, int depth) {
    if (depth > kMaxDepth)
      return Fail(fmt::format("toml: the value is nested more than {} levels deep", kMaxDepth));
    if (out.size() > kMaxText)
      return Fail(fmt::format("toml: the text would be longer than {} bytes", kMaxText));
    for (bool tables : {false, true}) {
      for (const Entry& e : map.entries()) {
        Value v = Plain(e.value);
        if (IsNil(v)) continue;
        bool is_table = IsTable(v);
        if (!error.empty()) return false;
        if (is_table == tables && !Member(e.key, v, depth)) return false;
      }
    }
    return true;
  }

  bool Member(std::string_view key, Value v, int depth) {
    path_.push_back(KeyText(key));
    bool ok = v.is_map()        ? SubTable(v.map(), depth)
              : IsTableArray(v) ? TableArray(v, depth)
                                : KeyValue(v, depth);
    path_.pop_back();
    return ok;
  }

  std::string Path() const {
    std::string path;
    for (const std::string& part : path_) {
      if (!path.empty()) path += '.';
      path += part;
    }
    return path;
  }

  bool KeyValue(Value v, int depth) {
    out += Pad(path_.size()) + path_.back() + " = ";
    if (!Element(v, depth + 1)) return false;
    NewLine();
    return true;
  }

  bool SubTable(const Map& map, int depth) {
    if (path_.size() == 1) NewLine();
    out += fmt::format("{}[{}]\n", Pad(path_.size()), Path());
    return Table(map, depth + 1);
  }

  bool TableArray(Value v, int depth) {
    for (Value item : v.list().items) {
      NewLine();
      out += fmt::format("{}[[{}]]\n", Pad(path_.size()), Path());
      if (!Table(Plain(item).map(), depth + 1)) return false;
    }
    return true;
  }

  bool Float(double d) {
    if (!std::isfinite(d)) {
      out += std::signbit(d) ? "-" : "";
      out += std::isnan(d) ? "nan" : "inf";
      return true;
    }
    std::string text = gotmpl::FormatFloat(d, 'g', -1);
    if (text.find_first_of(".e") == std::string::npos) text += ".0";
    out += text;
    return true;
  }

  bool Element(Value v, int depth) {
    if (depth > kMaxDepth)
      return Fail(fmt::format("toml: the value is nested more than {} levels deep", kMaxDepth));
    v = Plain(v);
    switch (v.kind()) {
      case Kind::kInvalid:
      case Kind::kNil:
        return Fail("toml: cannot encode nil");
      case Kind::kString:
        out += Quoted(v.as_string());
        return true;
      case Kind::kFloat64:
        return Float(v.as_float());
      case Kind::kList:
        return Array(v, depth);
      case Kind::kMap:
        return Inline(v.map(), depth);
      case Kind::kObject:
        out += v.object().AsJson(heap_).as_string();
        return true;
      default:
        out += gotmpl::Sprint(v);
        return true;
    }
  }

  bool Array(Value v, int depth) {
    IsTableArray(v);  // refuses nil
    if (!error.empty()) return false;
    out += '[';
    bool first = true;
    for (Value item : v.list().items) {
      if (!first) out += ", ";
      first = false;
      if (!Element(item, depth + 1)) return false;
    }
    out += ']';
    return true;
  }

  bool Inline(const Map& map, int depth) {
    std::vector<std::pair<std::string_view, Value>> direct, tables;
    for (const Entry& e : map.entries()) {
      Value v = Plain(e.value);
      (!IsNil(v) && IsTable(v) ? tables : direct).emplace_back(e.key, v);
    }
    if (!error.empty()) return false;
    out += '{';
    if (!InlineMembers(direct, !tables.empty(), depth) || !InlineMembers(tables, false, depth))
      return false;
    out += '}';
    return true;
  }

  bool InlineMembers(std::span<const std::pair<std::string_view, Value>> members, bool more,
                     int depth) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      const auto& [key, v] = members[i];
      if (IsNil(v)) continue;
      out += KeyText(key) + " = ";
      if (!Element(v, depth + 1)) return false;
      if (more || i + 1 < members.size()) out += ", ";
    }
    return true;
  }

  Heap& heap_;
  std::vector<std::string> path_;
};

}  // namespace

std::string WriteToml(Heap& heap, Value v, std::string* error) {
  Writer writer(heap);
  writer.Document(v);
  *error = std::move(writer.error);
  return std::move(writer.out);
}

}  // namespace plumbline::helm
