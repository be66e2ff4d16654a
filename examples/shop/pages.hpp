// SPDX-License-Identifier: MIT
// The shop's pages: one for each state of the machine, and what is shown when something is not
// possible. Every page leads to where the visitor's purchase is.
#pragma once

#include "checkout.hpp"
#include "payment_client.hpp"
#include <cloakroom/http_error.hpp>
#include <cloakroom/machine.hpp>
#include <cloakroom/request.hpp>
#include <cloakroom/response.hpp>
#include <cloakroom/session.hpp>

#include <optional>
#include <string_view>

namespace shop {

using purchase = cloakroom::machine<checkout>;

/// The path of the page of the state that the purchase is in.
[[nodiscard]] std::string_view path_of(const purchase& now);

/// The page of that state.
[[nodiscard]] cloakroom::response page_of(const purchase& now, cloakroom::session& visitor);

/// 409: what was asked for is not possible in that state.
[[nodiscard]] cloakroom::response page_of_refusal(const purchase& now, std::string_view reason);

/// 502 or 504: it is not known whether the payment was made. Asking again does no harm.
[[nodiscard]] cloakroom::response page_of_failure(const purchase& now, cloakroom::session& visitor,
                                                  payment_outcome outcome);

/// For all other errors, such as a form that is too old for csrf(). Empty for clients that prefer
/// JSON: they get the default.
[[nodiscard]] std::optional<cloakroom::response> page_of_error(const cloakroom::request& req,
                                                               const cloakroom::problem& error);

}  // namespace shop
