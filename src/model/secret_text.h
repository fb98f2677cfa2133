// Credentials in plain text, known by their shape.
#pragma once

#include <cstddef>
#include <string_view>

namespace plumbline::model {

struct SecretText {
  std::string_view what;           // "an AWS access key"; empty when there is none
  std::size_t begin = 0, end = 0;  // where in the text
};

/// The first credential in a text.
SecretText FindSecret(std::string_view text);

}  // namespace plumbline::model
