// SPDX-License-Identifier: MIT
#include "http1/head_parser.hpp"

#include "http1/head_meaning.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <limits>
#include <optional>

namespace cloakroom::http1 {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;

/// Empty for CONNECT, which is for proxies, and for methods that the framework does not know.
std::optional<method> to_method(http::verb verb) noexcept {
    switch (verb) {
        case http::verb::get:
            return method::get;
        case http::verb::head:
            return method::head;
        case http::verb::post:
            return method::post;
        case http::verb::put:
            return method::put;
        case http::verb::delete_:
            return method::delete_;
        case http::verb::options:
            return method::options;
        case http::verb::trace:
            return method::trace;
        case http::verb::patch:
            return method::patch;
        default:
            return std::nullopt;
    }
}

/// Why Beast does not read `request_line` to its end though method and target are fine.
refusal judge_version(std::string_view request_line) noexcept {
    constexpr std::string_view form = "HTTP/d.d";
    const std::string_view version = request_line.substr(request_line.rfind(' ') + 1);
    const bool is_version = std::equal(
        version.begin(), version.end(), form.begin(), form.end(), [](char got, char wanted) {
            return wanted == 'd' ? got >= '0' && got <= '9' : got == wanted;
        });
    if (is_version && version != "HTTP/1.1" && version != "HTTP/1.0") {
        return {status::http_version_not_supported, "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
    }
    return {status::bad_request, "The request line does not end in an HTTP version."};
}

/// Beast's parser, which cuts the head up for `meaning`.
class head_cutter final : public http::basic_parser<true> {
public:
    explicit head_cutter(head_meaning& meaning) : meaning_(&meaning) {
        skip(true);                                               // no body for Beast
        header_limit(std::numeric_limits<std::uint32_t>::max());  // the caller has judged it
    }

    [[nodiscard]] bool read(std::string_view head) {
        error_code error;
        const std::size_t consumed = put({head.data(), head.size()}, error);
        if (!error) {
            return consumed == head.size() ||
                   meaning_->refuse(status::bad_request, "The request's head is malformed.");
        }
        if (!meaning_->is_refused()) {
            const refusal judged = judge(error, head.substr(0, head.find('\r')));
            meaning_->refuse(judged.status, judged.detail);
        }
        return false;
    }

private:
    [[nodiscard]] refusal judge(const error_code& error, std::string_view request_line) const {
        constexpr status code = status::bad_request;
        switch (static_cast<http::error>(error.value())) {
            case http::error::bad_method:
                return {code, "The request method is malformed."};
            case http::error::bad_target:
                return {code, "The request target is missing or malformed."};
            case http::error::need_more:  // the request line is too short for a version
            case http::error::bad_version:
                return judge_version(request_line);
            case http::error::bad_field:
                return {code, "A field name is missing, malformed or followed by white space."};
            case http::error::bad_value:
                return {code, "A field value is malformed or has control characters."};
            case http::error::bad_line_ending:
                return {code, "A line of the request's head has CR without LF."};
            case http::error::bad_content_length:
            case http::error::multiple_content_length:
                return {code,
                        meaning_->has_transfer_encoding() ? both_framings : bad_content_length};
            case http::error::bad_transfer_encoding:
                return {code, meaning_->has_content_length() ? both_framings : repeated_coding};
            default:
                return {code, "The request's head is malformed."};
        }
    }

    // Beast's events. An error has Beast stop as well.

    void on_request_impl(http::verb verb, boost::beast::string_view,
                         boost::beast::string_view target, int version,
                         error_code& error) override {
        const std::optional<method> known = to_method(verb);
        const bool is_taken =
            known ? meaning_->take_request_line(*known, target, static_cast<unsigned>(version - 10))
                  : meaning_->refuse(status::not_implemented, method_not_supported);
        if (!is_taken) {
            error = http::error::bad_value;
        }
    }

    void on_field_impl(http::field, boost::beast::string_view name, boost::beast::string_view value,
                       error_code& error) override {
        if (!meaning_->take_field(name, value)) {
            error = http::error::bad_value;
        }
    }

    void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(boost::beast::string_view, error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view, error_code&) override {
        return 0;
    }
    void on_finish_impl(error_code&) override {}

    head_meaning* meaning_;
};

}  // namespace

bool parse_complete_head(std::string_view head, const limits& allowed, host_check& is_host,
                         progress& at, request::parts& out, refusal& why) {
    head_meaning meaning(allowed, is_host, out, why);
    head_cutter cutter(meaning);
    return cutter.read(head) && meaning.finish(at);
}

}  // namespace cloakroom::http1
