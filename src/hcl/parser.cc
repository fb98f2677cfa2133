#include "hcl/parser.h"

#include "hcl/admit.h"
#include "hcl/strict_parser.h"

namespace plumbline::hcl {

const Body* ParseFile(FileId file, std::string_view text, Arena& arena, const Limits& limits,
                      Diagnostics& diagnostics) {
  text = AdmitText(file, text, arena, limits, diagnostics);
  return StrictParser(file, text, arena, limits, diagnostics).ParseConfig();
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
