// The language of --set: a.b=c,list[0].x=1,l={a,b}, with backslashes to escape. Follows Helm's
// strvals.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "helm/values.h"
#include "helm/yaml_values.h"

namespace plumbline::helm {
namespace {

using gotmpl::Heap;
using gotmpl::Map;

constexpr std::int64_t kMaxIndex = 65536;
constexpr int kMaxNesting = 30;

class SetParser {
 public:
  SetParser(const LoadOptions& options, std::string_view text, SetKind kind)
      : o_(options), heap_(options.heap), rest_(text), kind_(kind) {}

  Result<void> Run(Map& into) {
    while (!rest_.empty()) PL_CHECK_OK(Key(into, 0));
    return {};
  }

 private:
  // Reads up to one of `stops`; '\0' at the end of the text. A backslash takes the next character
  // as it is.
  std::string Until(std::string_view stops, char* stop) {
    std::string out;
    *stop = '\0';
    while (!rest_.empty()) {
      char c = rest_[0];
      rest_.remove_prefix(1);
      if (stops.find(c) != std::string_view::npos) {
        *stop = c;
        return out;
      }
      if (c == '\\' && !rest_.empty() && kind_ != SetKind::kLiteral) {
        c = rest_[0];
        rest_.remove_prefix(1);
      }
      out += c;
    }
    return out;
  }

  Result<void> Key(Map& into, int depth) {
    if (depth > kMaxNesting)
      return Fail(
          fmt::format("value name nested level is greater than maximum supported nested "
                      "level of {}",
                      kMaxNesting));
    char stop = '\0';
    std::string name = Until(kind_ == SetKind::kLiteral ? ".[=" : ".[,=", &stop);
    switch (stop) {
      case '\0':
        return name.empty() ? Result<void>() : Fail(fmt::format("key \"{}\" has no value", name));
      case ',':
        into.Set(heap_, heap_.Text(name), heap_.String(""));
        return Fail(fmt::format("key \"{}\" has no value (cannot end with ,)", name));
      case '=':
        return Assign(into, name);
      case '.': {
        gotmpl::Value* old = into.Find(name);
        if (old != nullptr && !old->is_map() && !old->is_nil())
          return Fail(fmt::format(
              "interface conversion: interface {{}} is {}, not map[string]interface {{}}",
              gotmpl::TypeName(*old)));
        Map* inner = old != nullptr && old->is_map() ? &old->map() : heap_.MakeMap();
        PL_CHECK_OK(Key(*inner, depth + 1));
        if (inner->size == 0) return Fail(fmt::format("key map \"{}\" has no value", name));
        into.Set(heap_, heap_.Text(name), gotmpl::Value::Of(inner));
        return {};
      }
      default: {  // '['
        PL_TRY(std::int64_t index, Index());
        gotmpl::Value* old = into.Find(name);
        std::vector<gotmpl::Value> list;
        if (old != nullptr && old->is_list())
          list.assign(old->list().items.begin(), old->list().items.end());
        PL_CHECK_OK(Item(list, index, depth));
        into.Set(heap_, heap_.Text(name), heap_.MakeList(list));
        return {};
      }
    }
  }

  Result<std::int64_t> Index() {
    char stop = '\0';
    std::string text = Until("]", &stop);
    std::int64_t index = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (stop != ']' || error != std::errc() || end != text.data() + text.size())
      return Fail(fmt::format("error parsing index: \"{}\" is no number", text));
    if (index < 0) return Fail(fmt::format("negative {} index not allowed", index));
    if (index > kMaxIndex)
      return Fail(fmt::format("index of {} is greater than maximum supported index of {}", index,
                              kMaxIndex));
    return index;
  }

  // What follows `name[index]`.
  Result<void> Item(std::vector<gotmpl::Value>& list, std::int64_t index, int depth) {
    if (depth > kMaxNesting) return Fail("lists are nested too deeply");
    auto at = static_cast<std::size_t>(index);
    char stop = '\0';
    std::string between = Until(".[=", &stop);
    if (!between.empty())
      return Fail(fmt::format("unexpected data at end of array index: {}", between));
    auto put = [&](gotmpl::Value v) {
      while (list.size() <= at) list.push_back(gotmpl::Value::Nil());
      list[at] = v;
    };
    if (stop == '=') {
      PL_TRY(gotmpl::Value v, ReadValue());
      put(v);
      return {};
    }
    if (stop == '[') {
      PL_TRY(std::int64_t next, Index());
      std::vector<gotmpl::Value> inner;
      if (at < list.size() && list[at].is_list())
        inner.assign(list[at].list().items.begin(), list[at].list().items.end());
      PL_CHECK_OK(Item(inner, next, depth + 1));
      put(heap_.MakeList(inner));
      return {};
    }
    if (stop == '.') {
      Map* inner = at < list.size() && list[at].is_map() ? &list[at].map() : heap_.MakeMap();
      PL_CHECK_OK(Key(*inner, depth + 1));
      put(gotmpl::Value::Of(inner));
      return {};
    }
    return Fail("the text ends behind an index; expected a value");
  }

  Result<void> Assign(Map& into, const std::string& name) {
    std::string_view key = heap_.Text(name);
    PL_TRY(gotmpl::Value v, ReadValue());
    into.Set(heap_, key, v);
    return {};
  }

  Result<gotmpl::Value> ReadValue() {
    if (kind_ == SetKind::kLiteral) {
      std::string_view all = rest_;
      rest_ = {};
      return heap_.String(all);
    }
    if (kind_ == SetKind::kJson) return Json();
    if (kind_ == SetKind::kFile) return FileText();
    if (rest_.starts_with('{')) {
      rest_.remove_prefix(1);
      return InBraces();
    }
    char stop = '\0';
    return Typed(Until(",", &stop));
  }

  // {a,b,c}
  Result<gotmpl::Value> InBraces() {
    std::vector<gotmpl::Value> items;
    while (true) {
      char stop = '\0';
      std::string text = Until(",}", &stop);
      if (stop == '\0') return Fail("list must terminate with '}'");
      items.push_back(Typed(text));
      if (stop == ',') continue;
      // The comma behind the list belongs to it.
      if (rest_.starts_with(',')) rest_.remove_prefix(1);
      return heap_.MakeList(items);
    }
  }

  Result<gotmpl::Value> Json() {
    // JSON knows its own end: the shortest prefix in front of a comma or the end that is JSON.
    for (std::size_t end = rest_.find(',');; end = rest_.find(',', end + 1)) {
      std::size_t n = std::min(end, rest_.size());
      YamlReading read = ReadYaml(heap_, kNoFile, heap_.Text(rest_.substr(0, n)));
      if (read.error.empty()) {
        rest_.remove_prefix(std::min(n + 1, rest_.size()));
        return read.value;
      }
      if (end == std::string_view::npos) return Fail(fmt::format("\"{}\" is not JSON", rest_));
    }
  }

  Result<gotmpl::Value> FileText() {
    char stop = '\0';
    std::string path = Until(",", &stop);
    auto text = o_.fs.ReadFile(path, o_.limits.max_file_bytes);
    if (!text) return tl::unexpected(text.error());
    return heap_.String(*text);
  }

  gotmpl::Value Typed(const std::string& text) {
    if (kind_ == SetKind::kString) return heap_.String(text);
    if (text == "true") return gotmpl::Value::Bool(true);
    if (text == "false") return gotmpl::Value::Bool(false);
    if (text == "null") return gotmpl::Value::Nil();
    if (text == "0") return gotmpl::Value::Int64(0);
    // A leading zero is a part of an identifier, not of a number.
    if (!text.empty() && text[0] != '0') {
      std::int64_t n = 0;
      const char* from = text.data() + (text[0] == '+' ? 1 : 0);
      auto [end, error] = std::from_chars(from, text.data() + text.size(), n);
      if (error == std::errc() && end == text.data() + text.size() && from != end)
        return gotmpl::Value::Int64(n);
    }
    return heap_.String(text);
  }

  const LoadOptions& o_;
  Heap& heap_;
  std::string_view rest_;
  SetKind kind_;
};

}  // namespace

Result<void> ApplySet(const LoadOptions& options, Map& into, std::string_view text, SetKind kind) {
  return SetParser(options, text, kind).Run(into);
}

}  // namespace plumbline::helm
