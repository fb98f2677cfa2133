// Every entry of the HCL reader on one text.
#include <cstdint>
#include <string_view>

#include "hcl/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace plumbline;
  std::string_view text(reinterpret_cast<const char*>(data), size);
  Arena arena;
  Diagnostics diagnostics;
  Limits limits;
  hcl::Dump(*hcl::ParseFile(0, text, arena, limits, diagnostics));
  hcl::Dump(*hcl::ParseFileWithTreeSitter(0, text, arena, limits, diagnostics));
  hcl::Dump(*hcl::ParseJsonFile(0, text, false, arena, limits, diagnostics));
  if (const hcl::Expr* e = hcl::ParseExpression(0, text, arena, limits, diagnostics)) hcl::Dump(*e);
  if (const hcl::Expr* e = hcl::ParseTemplate(0, text, arena, limits, diagnostics)) hcl::Dump(*e);
  return 0;
}
