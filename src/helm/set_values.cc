// The language of --set: a.b=c,list[0].x=1,l={a,b}, with backslashes to escape. Follows Helm's
// strvals with its oddities: what ends early is taken as it is, a key without a name is dropped.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

#include "gotmpl/utf8.h"
#include "helm/functions/json.h"
#include "helm/values.h"
#include "helm/yaml_values.h"

namespace plumbline::helm {
namespace {

using gotmpl::Heap;
using gotmpl::Map;

constexpr std::int64_t kMaxIndex = 65536;
constexpr int kMaxNesting = 30;
constexpr int kMaxLists = 200;  // lists in lists, which Helm does not bound

class SetParser {
 public:
  SetParser(const LoadOptions& options, std::string_view text, SetKind kind)
      : o_(options), heap_(options.heap), rest_(text), kind_(kind) {}

  Result<void> Run(Map& into) {
    while (true) {
      Outcome outcome = Key(into, 0);
      if (outcome == Outcome::kFail) return plumbline::Fail(std::move(error_));
      if (outcome == Outcome::kEnd) return {};
    }
  }

 private:
  // kEnd: the text is over, which may happen almost anywhere.
  enum class Outcome : std::uint8_t { kOk, kEnd, kFail };

  Outcome Fail(std::string message) {
    error_ = std::move(message);
    return Outcome::kFail;
  }

  Outcome BadType(gotmpl::Value v, std::string_view wanted) {
    return Fail(
        fmt::format("unable to parse key: interface conversion: interface {{}} is {}, not {}",
                    v.is_nil() ? "nil" : gotmpl::TypeName(v), wanted));
  }

  // Reads up to one of `stops`; false at the end of the text. A backslash takes the next character
  // as it is.
  bool Until(std::string_view stops, std::string* out, char* stop) {
    while (!rest_.empty()) {
      char c = rest_[0];
      rest_.remove_prefix(1);
      if (stops.find(c) != std::string_view::npos) {
        *stop = c;
        return true;
      }
      if (c == '\\' && kind_ != SetKind::kLiteral) {
        if (rest_.empty()) return false;
        c = rest_[0];
        rest_.remove_prefix(1);
      }
      *out += c;
    }
    return false;
  }

  void Set(Map& into, const std::string& name, gotmpl::Value v) {
    if (!name.empty()) into.Set(heap_, heap_.Text(name), v);
  }

  Outcome Key(Map& into, int depth) {
    std::string name;
    char stop = '\0';
    if (!Until(kind_ == SetKind::kLiteral ? "=[." : "=[,.", &name, &stop)) {
      if (name.empty()) return Outcome::kEnd;
      return Fail(fmt::format("key {} has no value", gotmpl::Quote(name)));
    }
    switch (stop) {
      case '=': {
        gotmpl::Value v;
        Outcome outcome = ReadValue(&v);
        if (outcome != Outcome::kFail) Set(into, name, v);
        return outcome;
      }
      case ',':
        return Fail(fmt::format("key {} has no value (cannot end with ,)", gotmpl::Quote(name)));
      case '.':
        return Nested(into, name, depth + 1);
      default:
        return Indexed(into, name, depth);
    }
  }

  Outcome Nested(Map& into, const std::string& name, int depth) {
    if (depth > kMaxNesting)
      return Fail(
          fmt::format("value name nested level is greater than maximum supported nested "
                      "level of {}",
                      kMaxNesting));
    gotmpl::Value* old = into.Find(name);
    if (old != nullptr && !old->is_map()) return BadType(*old, "map[string]interface {}");
    Map* inner = old != nullptr ? &old->map() : heap_.MakeMap();
    Outcome outcome = Key(*inner, depth);
    if (outcome == Outcome::kOk && inner->size == 0)
      return Fail(fmt::format("key map {} has no value", gotmpl::Quote(name)));
    if (inner->size != 0) Set(into, name, gotmpl::Value::Of(inner));
    return outcome;
  }

  Outcome Indexed(Map& into, const std::string& name, int depth) {
    std::int64_t index = 0;
    if (Index(&index) == Outcome::kFail) return Outcome::kFail;
    gotmpl::Value* old = into.Find(name);
    std::vector<gotmpl::Value> list;
    if (old != nullptr) {
      if (!old->is_list()) return BadType(*old, "[]interface {}");
      list.assign(old->list().items.begin(), old->list().items.end());
    }
    Outcome outcome = Item(list, index, depth, 0);
    if (outcome != Outcome::kFail) Set(into, name, heap_.MakeList(list));
    return outcome;
  }

  Outcome Index(std::int64_t* index) {
    std::string text;
    char stop = '\0';
    if (!Until("]", &text, &stop)) return Fail("error parsing index: EOF");
    const char* from = text.data() + (text.starts_with('+') ? 1 : 0);
    const char* end = text.data() + text.size();
    auto [at, error] = std::from_chars(from, end, *index);
    bool is_number = from != end && at == end && *from != '+';
    if (error == std::errc::result_out_of_range && at == end)
      return Fail(fmt::format("error parsing index: strconv.Atoi: parsing {}: value out of range",
                              gotmpl::Quote(text)));
    if (error != std::errc() || !is_number)
      return Fail(fmt::format("error parsing index: strconv.Atoi: parsing {}: invalid syntax",
                              gotmpl::Quote(text)));
    return Outcome::kOk;
  }

  Outcome Put(std::vector<gotmpl::Value>& list, std::int64_t index, gotmpl::Value v) {
    if (index > kMaxIndex)
      return Fail(fmt::format("index of {} is greater than maximum supported index of {}", index,
                              kMaxIndex));
    auto at = static_cast<std::size_t>(index);
    while (list.size() <= at) list.push_back(gotmpl::Value::Nil());
    list[at] = v;
    return Outcome::kOk;
  }

  // What follows `name[index]`.
  Outcome Item(std::vector<gotmpl::Value>& list, std::int64_t index, int depth, int lists) {
    if (index < 0) return Fail(fmt::format("negative {} index not allowed", index));
    if (lists > kMaxLists)
      return Fail(fmt::format("lists are nested more than {} deep", kMaxLists));
    std::string between;
    char stop = '\0';
    bool stopped = Until("[.=", &between, &stop);
    if (!between.empty())
      return Fail(fmt::format("unexpected data at end of array index: {}", Runes(between)));
    if (!stopped) return Outcome::kEnd;
    bool there = static_cast<std::size_t>(index) < list.size();
    gotmpl::Value old = there ? list[static_cast<std::size_t>(index)] : gotmpl::Value::Nil();
    switch (stop) {
      case '=': {
        gotmpl::Value v;
        Outcome outcome = ReadValue(&v);
        return outcome == Outcome::kFail ? outcome : Put(list, index, v);
      }
      case '[': {
        std::int64_t next = 0;
        if (Index(&next) == Outcome::kFail) return Outcome::kFail;
        std::vector<gotmpl::Value> inner;
        if (!old.is_nil() && !old.is_list()) return BadType(old, "[]interface {}");
        if (old.is_list()) inner.assign(old.list().items.begin(), old.list().items.end());
        Outcome outcome = Item(inner, next, depth, lists + 1);
        return outcome == Outcome::kOk ? Put(list, index, heap_.MakeList(inner)) : outcome;
      }
      default: {
        Map* inner = old.is_map() ? &old.map() : heap_.MakeMap();
        Outcome outcome = Key(*inner, depth);
        return outcome == Outcome::kOk ? Put(list, index, gotmpl::Value::Of(inner)) : outcome;
      }
    }
  }

  // As Go's %q shows a list of characters.
  static std::string Runes(std::string_view text) {
    std::string out = "[";
    for (std::size_t width = 0; !text.empty(); text.remove_prefix(width)) {
      gotmpl::DecodeUtf8(text, &width);
      if (out.size() > 1) out += ' ';
      out += fmt::format("'{}'", text.substr(0, width));
    }
    return out + "]";
  }

  Outcome ReadValue(gotmpl::Value* out) {
    switch (kind_) {
      case SetKind::kLiteral:
        *out = heap_.String(rest_);
        rest_ = {};
        return Outcome::kOk;
      case SetKind::kJson:
        return Json(out);
      default:
        break;
    }
    if (rest_.empty()) {
      *out = gotmpl::Value::String("");
      return Outcome::kEnd;
    }
    if (rest_.starts_with('{')) {
      rest_.remove_prefix(1);
      return InBraces(out);
    }
    std::string text;
    char stop = '\0';
    Until(",", &text, &stop);
    return Scalar(text, out);
  }

  // {a,b,c}
  Outcome InBraces(gotmpl::Value* out) {
    std::vector<gotmpl::Value> items;
    while (true) {
      std::string text;
      char stop = '\0';
      if (!Until(",}", &text, &stop)) return Fail("list must terminate with '}'");
      // The comma behind the list belongs to it.
      if (stop == '}' && rest_.starts_with(',')) rest_.remove_prefix(1);
      if (Scalar(text, &items.emplace_back()) == Outcome::kFail) return Outcome::kFail;
      if (stop == ',') continue;
      *out = heap_.MakeList(items);
      return Outcome::kOk;
    }
  }

  // Blanks and one comma; false when something else follows.
  bool NothingFollows() {
    while (!rest_.empty()) {
      char c = rest_[0];
      if (c != ',' && std::isspace(static_cast<unsigned char>(c)) == 0) return false;
      rest_.remove_prefix(1);
      if (c == ',') return true;
    }
    return true;
  }

  Outcome Json(gotmpl::Value* out) {
    *out = gotmpl::Value::Nil();
    if (NothingFollows()) return Outcome::kOk;
    std::size_t size = JsonSize(rest_);
    std::string error = ReadJson(heap_.Text(rest_.substr(0, size)), heap_, out);
    if (!error.empty()) return Fail(std::move(error));
    rest_.remove_prefix(size);
    NothingFollows();
    return Outcome::kOk;
  }

  // How many bytes the JSON value at the start of a text takes.
  static std::size_t JsonSize(std::string_view text) {
    std::size_t open = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      char c = text[i];
      if (quoted) {
        if (c == '\\') {
          ++i;
        } else if (c == '"') {
          quoted = false;
          if (open == 0) return i + 1;
        }
        continue;
      }
      quoted = c == '"';
      if (c == '{' || c == '[') ++open;
      bool ends = c == '}' || c == ']';
      if (ends && (open == 0 || --open == 0)) return open == 0 && i > 0 ? i + 1 : i;
      if (open == 0 && (c == ',' || std::isspace(static_cast<unsigned char>(c)) != 0)) return i;
    }
    return text.size();
  }

  Outcome Scalar(const std::string& text, gotmpl::Value* out) {
    if (kind_ != SetKind::kFile) {
      *out = kind_ == SetKind::kString ? heap_.String(text) : Typed(text);
      return Outcome::kOk;
    }
    auto file = o_.fs.ReadFile(text, o_.limits.max_file_bytes);
    if (!file) return Fail(fmt::format("open {}", file.error().message));
    *out = heap_.String(*file);
    return Outcome::kOk;
  }

  static bool IsWord(std::string_view text, std::string_view word) {
    return std::ranges::equal(text, word, [](char a, char b) {
      return std::tolower(static_cast<unsigned char>(a)) == b;
    });
  }

  gotmpl::Value Typed(const std::string& text) {
    if (IsWord(text, "true")) return gotmpl::Value::Bool(true);
    if (IsWord(text, "false")) return gotmpl::Value::Bool(false);
    if (IsWord(text, "null")) return gotmpl::Value::Nil();
    if (text == "0") return gotmpl::Value::Int64(0);
    // A leading zero is a part of an identifier, not of a number.
    if (!text.empty() && text[0] != '0') {
      std::int64_t n = 0;
      const char* from = text.data() + (text[0] == '+' ? 1 : 0);
      const char* end = text.data() + text.size();
      auto [at, error] = std::from_chars(from, end, n);
      bool is_signed_twice = text[0] == '+' && from != end && *from == '-';
      if (error == std::errc() && at == end && from != end && !is_signed_twice)
        return gotmpl::Value::Int64(n);
    }
    return heap_.String(text);
  }

  const LoadOptions& o_;
  Heap& heap_;
  std::string_view rest_;
  SetKind kind_;
  std::string error_;
};

}  // namespace

Result<void> ApplySet(const LoadOptions& options, Map& into, std::string_view text, SetKind kind) {
  return SetParser(options, text, kind).Run(into);
}

}  // namespace plumbline::helm
