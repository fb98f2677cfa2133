#include "hcl/parser.h"

#include "hcl/admit.h"
#include "hcl/recovery.h"
#include "hcl/strict_parser.h"

namespace plumbline::hcl {

// Nearly every file is valid, so recovery (tree-sitter is fifty times slower) is left to those that
// are not.
const Body* ParseFile(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                      Diagnostics& diagnostics) {
  text = AdmitText(file, text, arena, limits, diagnostics);
  std::size_t before = diagnostics.size();
  StrictParser parser(file, text, arena, limits, diagnostics);
  const Body* body = parser.ParseConfig();
  if (!parser.failed()) return body;
  diagnostics.resize(before);
  return ParseWithRecovery(file, text, arena, limits, diagnostics);
}

const Expr* ParseExpression(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                            Diagnostics& diagnostics) {
  text = AdmitText(file, text, arena, limits, diagnostics);
  return StrictParser(file, text, arena, limits, diagnostics).ParseSingleExpression();
}

const Expr* ParseTemplate(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                          Diagnostics& diagnostics) {
  text = AdmitText(file, text, arena, limits, diagnostics);
  return StrictParser(file, text, arena, limits, diagnostics).ParseTemplateText();
}

}  // namespace plumbline::hcl
