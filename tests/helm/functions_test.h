// How the tests of template functions render.
#pragma once

#include <string>

#include "gotmpl/executor.h"
#include "helm/functions/functions.h"

namespace plumbline::helm {

struct Row {
  const char* text;
  const char* expected;
};

/// The text that a template makes of {Values: {million: 1000000, big: 12345678901, nested: …}}, or
/// "ERROR " and the last part of the message.
std::string Rendered(std::string_view text, gotmpl::ExecutionLimits limits = {});

}  // namespace plumbline::helm
