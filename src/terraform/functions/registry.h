// How functions are described and called. Each group file holds its functions and one sorted table
// of them; `functions.cc` lists the groups, converts arguments and applies the rules about null,
// unknown and marks that the tables ask for. Parameters and their flags are those of Terraform's
// own declarations, since its treatment of null and unknown follows from them.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "terraform/functions.h"
#include "value/value.h"

namespace plumbline::terraform::functions {

/// What an argument is converted to before the call. kAny converts nothing.
enum class Accepts : std::uint8_t {
  kNothing,
  kAny,
  kBool,
  kNumber,
  kString,
  kListAny,
  kListBool,
  kListString,
  kSetAny,
  kMapOfLists,
};

/// Without a flag: null is an error, an unknown argument makes the result unknown, one of unknown
/// type makes even the result's type unknown, and marks anywhere in the argument go to the result.
enum Flag : std::uint8_t {
  kNull = 1,
  kUnknown = 2,
  kDynamic = 4,
  kMarked = 8,     // marks inside stay where they are; the argument's own go to the result
  kOwnMarks = 16,  // the function sees and sets all marks
};

struct Param {
  Accepts type = Accepts::kNothing;
  std::uint8_t flags = 0;
};

/// The result's type when the arguments are not known. kVaries: told by `Function::type`, or not
/// known.
enum class Returns : std::uint8_t {
  kVaries,
  kBool,
  kNumber,
  kString,
  kListString,
  kListNumber,
  kSetString,
  kMapOfLists
};

/// One call. `args` are converted and, unless the flags say otherwise, known, not null and
/// unmarked.
struct Call {
  FunctionContext& context;
  Arena& arena;
  std::string_view name;
  std::span<const Value> args;
  std::uint8_t marks = 0;  // for the result
};

struct Function {
  std::string_view name;
  std::array<Param, 3> params;
  Param rest;  // for any number of further arguments
  Returns returns = Returns::kVaries;
  Result<Value> (*run)(Call&) = nullptr;
  Result<const Type*> (*type)(Call&) = nullptr;  // of an unknown result; may refuse the arguments

  std::size_t min_arity() const {
    std::size_t n = 0;
    while (n < params.size() && params[n].type != Accepts::kNothing) ++n;
    return n;
  }
  bool variadic() const { return rest.type != Accepts::kNothing; }
};

/// rsadecrypt (rsa.cc).
Result<Value> RsaDecrypt(Call& call);
/// base64gzip: Go's DEFLATE stream byte for byte (gzip.cc).
Result<Value> Base64Gzip(Call& call);

// The groups, each sorted by name.
std::span<const Function> NumericFunctions();
std::span<const Function> StringFunctions();
std::span<const Function> RegexFunctions();
std::span<const Function> FormatFunctions();
std::span<const Function> CollectionFunctions();
std::span<const Function> MappingFunctions();
std::span<const Function> SetFunctions();
std::span<const Function> EncodingFunctions();
std::span<const Function> TextEncodingFunctions();
std::span<const Function> YamlFunctions();
std::span<const Function> FilesystemFunctions();
std::span<const Function> DatetimeFunctions();
std::span<const Function> CryptoFunctions();
std::span<const Function> NetworkFunctions();
std::span<const Function> ConversionFunctions();

// --- For the functions ---

/// A string result, NFC-normalised as all of Terraform's strings are, copied into the arena;
/// refused when over the limit.
Result<Value> Text(Call& call, std::string_view s);
/// The string in NFC.
std::string Normalize(std::string_view s);
/// An unknown result of `type` that carries the causes, references and so on of the unknown
/// arguments.
Value UnknownResult(Call& call, const Type* type);
/// The same, with more that is known about it (its type, prefix, json, parts, not_null).
Value UnknownResult(Call& call, UnknownInfo info);
/// The argument as a whole number that fits.
Result<std::int64_t> WholeArg(Call& call, std::size_t index);

enum class Tri : std::uint8_t { kNo, kYes, kUnknown };
/// Terraform's ==: values of different types differ, unknown parts may make the answer unknown.
Tri Equal(Value a, Value b);

/// Bytes of the first grapheme cluster of `s`; 0 when it is empty.
std::size_t FirstGrapheme(std::string_view s);
std::int64_t CountGraphemes(std::string_view s);

/// Compact JSON as Go writes it: < > & and U+2028/9 escaped. Refuses infinity.
Result<std::string> EncodeJson(Value v);

/// A file's bytes by the rules of file(): relative to the working directory, inside the allowed
/// root.
Result<std::string> ReadFileArgument(Call& call, std::string_view path);
/// The same with "~" expanded and made absolute; empty with the reason in the error.
Result<std::string> ResolvePath(Call& call, std::string_view path);
/// Evaluates a template with the variables in the call's second argument, whose names must be
/// identifiers.
Result<Value> RenderTemplate(Call& call, std::string_view text, std::string_view path);
/// True when the bytes are valid UTF-8.
bool IsValidUtf8(std::string_view s);
std::string EncodeBase64(std::string_view bytes);
/// Strict base64 with padding; line breaks are skipped.
Result<std::string> DecodeBase64(std::string_view text);

}  // namespace plumbline::terraform::functions
