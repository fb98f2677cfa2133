// Whether a text is YAML to Helm. Its library (go-yaml v2, a port of libyaml) takes some texts that
// the specification forbids and refuses others that our reader takes; a chart that it refuses must
// not render, with the same words at the same line.
#pragma once

#include <string>
#include <string_view>

namespace plumbline::helm {

struct YamlFault {
  std::string message;  // "line 3: did not find expected key"; empty: no fault
  std::size_t at = 0;   // the byte at which it was noticed
};

/// Checks the first document, which is all that Helm reads of a text.
YamlFault CheckYaml(std::string_view text);
/// The same for a text of which our reader says whether it is simple: then it needs no second look.
YamlFault CheckYaml(std::string_view text, bool simple);

}  // namespace plumbline::helm
