// Keeps secrets out of reports: values marked sensitive, and text values under names that say so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/resource.h"
#include "value/value.h"

namespace plumbline::scan {

/// What a masked value is shown as.
inline constexpr std::string_view kMask = "********";

/// True for names such as "db_password", "apiToken", "private_key"; false for "password_policy",
/// "secret_arn", "token_ttl" and other names that speak about a secret without holding one.
bool IsSecretName(std::string_view name);

/// The value as JSON with secrets replaced by kMask; long values are cut to their beginning. `path`
/// is where the value stands, for its name; `secret` says that it is one whatever the name. The
/// texts that were masked are appended to `secrets`.
std::string MaskedJson(const Value& value, const model::Path& path,
                       std::vector<std::string>& secrets, bool secret = false);

/// True when the place holds a secret whatever its own name is: the data of a Kubernetes Secret,
/// the `value` beside a `name` such as DB_PASSWORD.
bool IsSecretPlace(const model::Resource& resource, const model::Path& path);

/// Replaces every occurrence of the `secrets` in `text`.
void MaskTexts(std::string& text, const std::vector<std::string>& secrets);

/// A source line `name = "…"`, `name: …` or `"name": "…"` with the value masked when the name is
/// secret.
std::string MaskLine(std::string_view line);

}  // namespace plumbline::scan
