// CEL text → code → value, in both dialects. Code is valid and evaluation ends.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cel/code.h"
#include "cel/typed_json.h"
#include "value/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumbline;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  Limits limits;
  limits.max_steps = 20'000;
  limits.max_string_bytes = 1 << 16;
  for (int dialect = 0; dialect < 4; ++dialect) {
    Arena arena;
    Value x = ParseJson(arena, R"({"a": [1, "b", null, 2.5], "b": {"c": true}})", limits)
                  .value_or(Value());
    const cel::Variable variables[] = {{"x", nullptr}, {"u", nullptr}};
    const UnknownInfo unknown;
    const cel::Val values[] = {cel::Val::FromValue(&x), cel::Val::Unknown(&unknown)};
    cel::CompileOptions options;
    options.variables = variables;
    options.lenient = (dialect & 1) != 0;
    options.check = (dialect & 2) != 0;
    auto code = cel::Compile(text, options);
    if (!code) continue;
    if (!cel::IsValidCode(*code)) std::abort();
    cel::Activation activation;
    activation.variables = values;
    activation.arena = &arena;
    activation.limits = &limits;
    std::string out;
    cel::AppendTypedJson(out, cel::Evaluate(*code, activation));
  }
  return 0;
}
