// Who we are for a host: TF_TOKEN_* variables and the credentials blocks of Terraform's own
// configuration for registries, ~/.netrc for git over https. Nobody is ever asked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace plumbline::fetch {

/// The token for a registry host (with its port); empty when there is none.
std::string RegistryToken(std::string_view host);

/// The token that a Terraform CLI configuration holds for the host. Exposed for tests.
std::string TokenInConfig(std::string_view text, std::string_view host);

/// The same for the file that `terraform login` writes.
std::string TokenOfLogin(std::string_view text, std::string_view host);

/// Name and password of a host from a netrc text.
std::optional<std::pair<std::string, std::string>> NetrcLogin(std::string_view text,
                                                              std::string_view host);
/// The same from $NETRC or ~/.netrc.
std::optional<std::pair<std::string, std::string>> HostLogin(std::string_view host);

}  // namespace plumbline::fetch
