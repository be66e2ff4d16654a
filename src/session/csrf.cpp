// SPDX-License-Identifier: MIT
#include "session/reserved_keys.hpp"
#include <cloakroom/csrf.hpp>
#include <cloakroom/form.hpp>
#include <cloakroom/http_error.hpp>
#include <cloakroom/session_token.hpp>
#include <cloakroom/setup_error.hpp>
#include <cloakroom/text.hpp>

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace cloakroom {
namespace {

constexpr std::string_view header_name = "X-CSRF-Token";
constexpr std::string_view form_field = "csrf_token";

// What a URL says of where it leads: `scheme "://" host [":" port]`, and what may follow.
struct place {
    std::string_view scheme;
    std::string_view host;
    std::string_view port;
    std::string_view rest;
};

void take_host_and_port(std::string_view text, place& into) noexcept {
    const std::size_t colon = text.rfind(':');
    const bool has_port =
        colon != std::string_view::npos && text.find(']', colon) == std::string_view::npos;
    into.host = text.substr(0, has_port ? colon : text.size());
    into.port = has_port ? text.substr(colon + 1) : std::string_view{};
}

// Empty for what is no such URL, such as "null".
std::optional<place> place_of(std::string_view url) noexcept {
    const std::size_t colon = url.find("://");
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    place found{.scheme = url.substr(0, colon), .host = {}, .port = {}, .rest = {}};
    url.remove_prefix(colon + 3);
    const std::size_t end = std::min(url.find_first_of("/?#"), url.size());
    take_host_and_port(url.substr(0, end), found);
    found.rest = url.substr(end);
    return found;
}

std::string_view default_port(std::string_view scheme) noexcept {
    return scheme == "https" ? "443" : scheme == "http" ? "80" : "";
}

// Whether a page's URL, or its origin, has the host and port that a request asked for. A port that
// is not written is the one of the page's scheme on both sides.
bool has_host(std::string_view url, std::string_view host_and_port) noexcept {
    const std::optional<place> page = place_of(url);
    place here{};
    take_host_and_port(host_and_port, here);
    if (!page || here.host.empty() || default_port(page->scheme).empty()) {
        return false;
    }
    const auto port_of = [&](const place& of) {
        return of.port.empty() ? default_port(page->scheme) : of.port;
    };
    return equals_ignoring_case(page->host, here.host) && port_of(*page) == port_of(here);
}

// Whether a browser would write an origin so. Source: WHATWG HTML section 7.1.1, "serialization of
// an origin".
bool is_origin(std::string_view text) noexcept {
    const std::optional<place> read = place_of(text);
    return read && !read->scheme.empty() && !read->host.empty() && read->rest.empty() &&
           (read->port.empty() ? text.back() != ':' : read->port != default_port(read->scheme)) &&
           std::none_of(text.begin(), text.end(), [](char each) {
               return each <= ' ' || each > '~' || each == '*' || each == '@' || each == ',' ||
                      (each >= 'A' && each <= 'Z');
           });
}

[[noreturn]] void refuse_request(const char* detail) {
    throw http_error(status::forbidden, detail);
}

std::optional<std::string> sent_token(const request& req) {
    if (const auto in_header = req.header(header_name)) {
        return std::string{*in_header};
    }
    if (req.has_content_type(form_values::media_type)) {
        const form_values form = form_of(req);
        if (const auto in_form = form.find(form_field)) {
            return std::string{*in_form};
        }
    }
    return std::nullopt;
}

// Takes as long wherever the two differ.
bool is_same(std::string_view left, std::string_view right) noexcept {
    return left.size() == right.size() &&
           CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

void check_token(const request& req, const session& visitor) {
    const std::optional<std::string> sent = sent_token(req);
    if (!sent) {
        refuse_request(
            "The request has no CSRF token. Send it as the form's csrf_token, or as the header "
            "field X-CSRF-Token.");
    }
    const auto kept = visitor.get<std::string>(csrf_key);
    if (!kept || kept->empty()) {
        refuse_request(
            "There is no session with a CSRF token: it has ended, or the browser takes no cookies. "
            "Load the page again, then send the form once more.");
    }
    if (!is_same(*sent, *kept)) {
        refuse_request(
            "The CSRF token is not, or no longer, the one of this session. Load the page again, "
            "then send the form once more.");
    }
}

}  // namespace

csrf::csrf(csrf_options options) : options_(std::move(options)) {
    for (const std::string& each : options_.trusted_origins) {
        if (!is_origin(each)) {
            throw setup_error("csrf_options::trusted_origins has \"" + each +
                              "\", which no browser sends: write scheme and host in lower case, "
                              "a port only where it is not the scheme's own, and nothing after, "
                              "as in \"https://app.example.com\"");
        }
    }
    for (const std::string& each : options_.exempt) {
        if (!each.starts_with('/')) {
            throw setup_error("csrf_options::exempt has \"" + each +
                              "\": a path begins with \"/\", as in \"/hooks/\"");
        }
    }
}

std::optional<response> csrf::before(const request& req, session_if_unsafe visitor) const {
    if (visitor.target == nullptr || is_exempt(req.path())) {
        return std::nullopt;
    }
    if (!is_from_this_site(req)) {
        refuse_request(
            "The request comes from a page of another site. Open the page on this site, and send "
            "the request from there.");
    }
    check_token(req, *visitor.target);
    return std::nullopt;
}

bool csrf::is_exempt(std::string_view path) const noexcept {
    return std::any_of(options_.exempt.begin(), options_.exempt.end(), [&](const auto& each) {
        const bool is_prefix = each.size() > 1 && each.back() == '/';
        return is_prefix ? path.starts_with(each) : path == each;
    });
}

bool csrf::is_from_this_site(const request& req) const noexcept {
    const auto origin = req.header("Origin");
    if (origin && std::find(options_.trusted_origins.begin(), options_.trusted_origins.end(),
                            *origin) != options_.trusted_origins.end()) {
        return true;
    }
    // A page without referrers ("Referrer-Policy: no-referrer") has "Origin: null" for requests to
    // its own site too, so that what Sec-Fetch-Site says counts more.
    if (const auto site = req.header("Sec-Fetch-Site")) {
        return *site == "same-origin" || *site == "none" ||
               (*site == "same-site" && options_.allow_same_site);
    }
    if (origin) {
        return has_host(*origin, req.host());
    }
    const auto referer = req.header("Referer");
    return !referer || has_host(*referer, req.host());
}

std::string csrf_token(session& visitor) {
    if (auto kept = visitor.get<std::string>(csrf_key)) {
        return *std::move(kept);
    }
    std::string made{session_token::random().text()};
    visitor.set(csrf_key, made);
    return made;
}

std::string csrf_field(session& visitor) {
    // Firefox gives a form that is loaded again the values it had, those of hidden inputs too,
    // unless told otherwise: after a log-in that would be a dead token.
    std::string html = R"(<input type="hidden" autocomplete="off" name=")";
    html += form_field;
    html += R"(" value=")";
    append_html_text(html, csrf_token(visitor));
    html += R"(">)";
    return html;
}

}  // namespace cloakroom
