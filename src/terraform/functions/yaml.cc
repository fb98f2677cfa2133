// yamldecode(): yaml-cpp's events to values, with the scalar rules of Terraform's YAML library,
// which are neither quite YAML 1.1 nor 1.2 ("yes" is true, "017" is seventeen, "0o17" fifteen,
// dates become RFC 3339 text). yamlencode() is in yaml_encode.cc.
#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

#include "terraform/functions/registry.h"
#include "value/number.h"

namespace plumbline::terraform::functions {
Result<Value> YamlEncode(Call& call);                             // yaml_encode.cc
std::optional<std::string> YamlTimestamp(std::string_view text);  // datetime.cc

namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

bool OneOf(std::string_view s, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, s) != words.end();
}

bool All(std::string_view s, bool (*test)(char)) {
  return !s.empty() && std::ranges::all_of(s, test);
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsOctal(char c) { return c >= '0' && c <= '7'; }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::optional<Value> ParseBool(std::string_view s) {
  if (OneOf(s, {"true", "True", "TRUE", "yes", "Yes", "YES", "y", "Y", "on", "On", "ON"}))
    return Value::Bool(true);
  if (OneOf(s, {"false", "False", "FALSE", "no", "No", "NO", "n", "N", "off", "Off", "OFF"}))
    return Value::Bool(false);
  return std::nullopt;
}

bool IsNull(std::string_view s) { return OneOf(s, {"", "~", "null", "Null", "NULL"}); }

std::optional<Value> ParseRadix(Arena& arena, std::string_view digits, int base) {
  Value total = Value::Int(0);
  for (char c : digits) {
    int d = IsDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
    total = *Add(arena, *Multiply(arena, total, Value::Int(base)), Value::Int(d));
  }
  return total;
}

// [-+]? ( .digits | digits [. digits*] ) [ e [-+] digits ]
bool LooksLikeNumber(std::string_view s) {
  if (s.starts_with('-') || s.starts_with('+')) s.remove_prefix(1);
  auto e = std::min(s.find_first_of("eE"), s.size());
  std::string_view mantissa = s.substr(0, e), exponent = s.substr(e);
  auto point = std::min(mantissa.find('.'), mantissa.size());
  std::string_view whole = mantissa.substr(0, point),
                   fraction = mantissa.substr(std::min(point + 1, mantissa.size()));
  bool ok = whole.empty() ? All(fraction, IsDigit)
                          : All(whole, IsDigit) && (fraction.empty() || All(fraction, IsDigit));
  if (!ok || exponent.empty()) return ok;
  exponent.remove_prefix(1);
  if (exponent.starts_with('-') || exponent.starts_with('+')) exponent.remove_prefix(1);
  return All(exponent, IsDigit);
}

std::optional<Value> ParseYamlNumber(Arena& arena, std::string_view s) {
  if (s.starts_with("0x") && All(s.substr(2), IsHex)) return ParseRadix(arena, s.substr(2), 16);
  if (s.starts_with("0o") && All(s.substr(2), IsOctal)) return ParseRadix(arena, s.substr(2), 8);
  if (LooksLikeNumber(s)) return ParseNumber(arena, s);
  bool negative = s.starts_with('-');
  std::string_view rest = negative || s.starts_with('+') ? s.substr(1) : s;
  if (OneOf(rest, {".inf", ".Inf", ".INF"}))
    return Divide(arena, Value::Int(negative ? -1 : 1), Value::Int(0));
  return std::nullopt;
}

struct Frame {
  bool mapping = false;
  bool want_key = true;
  YAML::anchor_t anchor = 0;
  bool merge = false;  // the pending key is "<<"
  std::string_view key;
  std::vector<Value> items;
  std::vector<Member> members;
};

class Builder final : public YAML::EventHandler {
 public:
  Builder(Call& call, std::string_view text) : call_(call), text_(text) {}

  Result<Value> Finish() const {
    if (!error_.empty()) return Fail(error_);
    if (documents_ == 0) return Fail("yamldecode() got a text without a value");
    return root_;
  }
  bool failed() const { return !error_.empty(); }
  int documents() const { return documents_; }

  void OnDocumentStart(const YAML::Mark&) override { ++documents_; }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t anchor) override { Put(Value(), anchor, ""); }

  void OnAlias(const YAML::Mark&, YAML::anchor_t anchor) override {
    auto it = anchors_.find(anchor);
    if (it == anchors_.end()) return Error("an alias refers to its own anchor");
    Put(it->second, 0, "");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (failed()) return;
    if (tag == "!" && HasBareTag(mark.pos)) return Error("unsupported tag \"!\"");
    // A tag on a quoted text is checked, but the text stays a string.
    bool quoted = tag.starts_with(kTagPrefix) && IsQuoted(mark.pos);
    Value v = Scalar(tag, value, quoted);
    if (!failed() && quoted && !v.is_null()) v = String(value);
    Put(v, anchor, tag == "?" ? value : "");
  }

  void OnSequenceStart(const YAML::Mark&, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(tag, "seq", false, anchor);
  }
  void OnMapStart(const YAML::Mark&, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(tag, "map", true, anchor);
  }

  void OnSequenceEnd() override { Close(); }
  void OnMapEnd() override { Close(); }

 private:
  void Error(std::string message) {
    if (error_.empty()) error_ = "yamldecode(): " + std::move(message);
  }

  // "?" is no tag at all, "!" a quoted scalar.
  void Open(const std::string& tag, std::string_view kind, bool mapping, YAML::anchor_t anchor) {
    if (failed()) return;
    if (!tag.empty() && tag != "?" && tag != std::string(kTagPrefix).append(kind))
      return Error(fmt::format("unsupported tag \"{}\"", tag));
    if (stack_.size() > call_.context.limits.max_depth)
      return Error("the text is nested too deeply");
    Frame& f = stack_.emplace_back();
    f.mapping = mapping;
    f.anchor = anchor;
  }

  void Close() {
    if (failed()) return;
    Frame f = std::move(stack_.back());
    stack_.pop_back();
    Put(f.mapping ? MakeObject(call_.arena, f.members) : MakeTuple(call_.arena, f.items), f.anchor,
        "");
  }

  Value Scalar(const std::string& tag, const std::string& text, bool quoted) {
    if (tag == "!") return String(text);
    if (tag != "?" && !tag.empty()) return Tagged(tag, text, quoted);
    if (IsNull(text)) return Value();
    if (auto b = ParseBool(text)) return *b;
    if (OneOf(text, {".nan", ".NaN", ".NAN"})) {
      Error("not-a-number has no counterpart");
      return Value();
    }
    if (auto n = ParseYamlNumber(call_.arena, text)) return *n;
    if (auto t = YamlTimestamp(text)) return String(*t);
    return String(text);
  }

  Value Tagged(std::string_view tag, const std::string& text, bool quoted) {
    if (!tag.starts_with(kTagPrefix)) {
      Error(fmt::format("unsupported tag \"{}\"", tag));
      return Value();
    }
    std::string_view kind = tag.substr(kTagPrefix.size());
    std::optional<Value> v;
    if (kind == "str")
      v = String(text);
    else if (kind == "null")
      v = text.empty() && quoted ? String(text) : Value();
    else if (kind == "bool")
      v = ParseBool(text);
    else if (kind == "int" || kind == "float")
      v = ParseYamlNumber(call_.arena, text);
    else if (kind == "binary" && DecodeBase64(text))
      v = String(text);
    else if (kind == "timestamp") {
      if (auto t = YamlTimestamp(text)) v = String(*t);
    }
    if (!v) Error(fmt::format("cannot read \"{}\" as {}", text, kind));
    return v.value_or(Value());
  }

  Value String(std::string_view text) { return MakeString(call_.arena, Normalize(text)); }

  void Put(Value v, YAML::anchor_t anchor, std::string_view plain) {
    if (failed()) return;
    // An alias may repeat a large value, but only by reference: memory stays bounded by the text
    // and this count.
    if (++nodes_ > call_.context.limits.max_yaml_nodes)
      return Error("the text has more nodes than the limit");
    if (anchor != 0) anchors_[anchor] = v;
    if (stack_.empty()) {
      root_ = v;
      return;
    }
    Frame& f = stack_.back();
    if (!f.mapping) {
      f.items.push_back(v);
    } else if (f.want_key) {
      PutKey(f, v, plain);
    } else {
      f.want_key = true;
      if (f.merge)
        Merge(f, v);
      else
        f.members.push_back({f.key, v});
    }
  }

  void PutKey(Frame& f, Value v, std::string_view plain) {
    f.want_key = false;
    f.merge = plain == "<<";
    if (f.merge) return;
    if (v.is_null()) return Error("a mapping key cannot be null");
    if (v.is_string())
      f.key = v.as_string();
    else if (v.is_bool())
      f.key = v.as_bool() ? "true" : "false";
    else if (v.is_number())
      f.key = call_.arena.CopyString(FormatNumber(v));
    else
      Error("only strings may be mapping keys");
  }

  void Merge(Frame& f, Value v) {
    if (!v.is_mapping()) return Error("only a mapping can be merged into a mapping");
    f.members.insert(f.members.end(), v.members().begin(), v.members().end());
  }

  // The style of a scalar with a tag, which yaml-cpp does not tell, from where its tag stands.
  bool IsQuoted(int at) const {
    constexpr std::string_view kBlank = " \t\r\n";
    auto i = static_cast<std::size_t>(std::max(at, 0));
    while (i < text_.size() && (text_[i] == '!' || text_[i] == '&'))
      i = text_.find_first_not_of(kBlank, std::min(text_.find_first_of(kBlank, i), text_.size()));
    return i < text_.size() && (text_[i] == '"' || text_[i] == '\'');
  }

  bool HasBareTag(int at) const {
    std::string_view rest =
        text_.substr(std::min(static_cast<std::size_t>(std::max(at, 0)), text_.size()));
    return rest.starts_with("! ") || rest.starts_with("!\n");
  }

  Call& call_;
  std::string_view text_;
  std::vector<Frame> stack_;
  std::unordered_map<YAML::anchor_t, Value> anchors_;
  Value root_;
  std::string error_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

// A line such as "%YAML 1.1" in front of the document.
Result<void> CheckDirective(std::string_view text) {
  constexpr std::string_view kVersion = "%YAML ";
  if (!text.starts_with('%') || text.starts_with("%TAG ")) return {};
  if (!text.starts_with(kVersion))
    return Fail("yamldecode() knows no other directives than %YAML and %TAG");
  if (text.substr(kVersion.size()).starts_with("1.1")) return {};
  return Fail("yamldecode() reads YAML 1.1 only, but the text says that it is of another version");
}

Result<Value> YamlDecode(Call& call) {
  std::string_view text = call.args[0].as_string();
  if (text.size() > call.context.limits.max_file_bytes)
    return Fail("yamldecode() got a text over the limit");
  PL_CHECK_OK(CheckDirective(text));
  Builder builder(call, text);
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    if (parser.HandleNextDocument(builder) && !builder.failed() &&
        parser.HandleNextDocument(builder)) {
      return Fail("yamldecode() takes one document, but the text has more");
    }
  } catch (const YAML::Exception& e) {
    return Fail(fmt::format("yamldecode(): {}", e.what()));
  } catch (const std::exception& e) {
    return Fail(fmt::format("yamldecode(): {}", e.what()));
  }
  return builder.Finish();
}

using enum Accepts;

constexpr auto kFunctions = std::to_array<Function>({
    {"yamldecode", {{{kString}}}, {}, Returns::kVaries, &YamlDecode},
    {"yamlencode", {{{kAny, kNull | kUnknown | kDynamic}}}, {}, Returns::kString, &YamlEncode},
});
static_assert(std::ranges::is_sorted(kFunctions, {}, &Function::name));

}  // namespace

std::span<const Function> YamlFunctions() { return kFunctions; }

}  // namespace plumbline::terraform::functions
