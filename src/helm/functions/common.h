// What the families of functions share: Go's conversions, reflection's view of lists, limits.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gotmpl/executor.h"
#include "gotmpl/format.h"
#include "gotmpl/function.h"
#include "gotmpl/utf8.h"
#include "gotmpl/value.h"

namespace plumbline::helm {

using gotmpl::Call;
using gotmpl::Element;
using gotmpl::Entry;
using gotmpl::Function;
using gotmpl::Heap;
using gotmpl::Kind;
using gotmpl::Map;
using gotmpl::OriginId;
using gotmpl::Value;

/// No function makes a longer text.
inline constexpr std::size_t kMaxText = 32u << 20;
/// No function makes a longer list.
inline constexpr std::size_t kMaxItems = 2'000'000;
/// Values nested deeper are taken to contain themselves.
inline constexpr int kMaxDepth = 500;

// --- Results ---

/// Counts the work; false after Call::Fail.
bool Spend(Call& call, std::size_t steps);
/// A text of the function's own making, within the limits.
bool ReturnText(Call& call, std::string_view text, OriginId origin = 0);
/// Says which text would be too long.
bool FailTooLong(Call& call);
bool ReturnBool(Call& call, bool b);
bool ReturnInt64(Call& call, std::int64_t i);
bool ReturnFloat(Call& call, double d);
bool ReturnList(Call& call, std::span<const Value> items, Element element = Element::kAny);
bool ReturnTexts(Call& call, std::span<const std::string_view> texts);

// --- Conversions ---

/// sprig's strval.
std::string TextOf(Value v);
/// cast.ToInt64, cast.ToFloat64.
std::int64_t ToInt64(Value v);
double ToFloat64(Value v);
/// strconv.ParseInt; nullopt for what it refuses. Base 0 takes prefixes and underscores.
std::optional<std::int64_t> ParseInt(std::string_view text, int base, bool* out_of_range = nullptr);
std::optional<double> ParseFloat(std::string_view text);
/// sprig's empty.
bool IsEmpty(Value v);
/// strconv's `text` or "text".
std::string BackQuoted(std::string_view text);

/// The items of a list (of any type); false after Call::Fail, in the words "Cannot VERB on type …".
bool ItemsOf(Call& call, Value v, std::string_view complaint, std::span<const Value>* items);
/// The origin of the only value that has one.
OriginId OnlyOrigin(std::span<const Value> values);
/// A map handed over as an argument of type `m`; null for nil.
inline Map* MapOf(Value v) { return v.is_map() && !v.map().is_nil ? &v.map() : nullptr; }
/// What a container holds: nil, not "nothing at all".
inline Value Stored(Value v) { return v.is_invalid() ? Value::Nil() : v; }

// --- Characters ---

bool IsSpace(char32_t rune);
bool IsUpper(char32_t rune);
bool IsLower(char32_t rune);
bool IsNumber(char32_t rune);
bool IsPunct(char32_t rune);
char32_t ToUpper(char32_t rune);
char32_t ToLower(char32_t rune);
char32_t ToTitle(char32_t rune);
std::u32string Runes(std::string_view text);

std::string Base64Encode(std::string_view bytes);
/// Standard base64; nullopt when it is none.
/// `*bad_at`, where given: the byte at which it is none.
std::optional<std::string> Base64Bytes(std::string_view text, std::size_t* bad_at = nullptr);

struct Time;
/// An object of the type time.Time.
Value MakeTime(Heap& heap, Time t);

// --- Families ---

std::span<const Function> CertificateFunctions();
std::span<const Function> CryptoFunctions();
std::span<const Function> DateFunctions();
std::span<const Function> DefaultFunctions();
std::span<const Function> DictFunctions();
std::span<const Function> EncodingFunctions();
std::span<const Function> JsonFunctions();
std::span<const Function> ListFunctions();
std::span<const Function> MathFunctions();
std::span<const Function> PathFunctions();
std::span<const Function> RegexFunctions();
std::span<const Function> SemverFunctions();
std::span<const Function> StringFunctions();
std::span<const Function> StringListFunctions();
std::span<const Function> TemplateFunctions();
std::span<const Function> TomlFunctions();
std::span<const Function> UrlFunctions();
std::span<const Function> WordFunctions();
std::span<const Function> YamlFunctions();

}  // namespace plumbline::helm
