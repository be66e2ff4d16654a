// SPDX-License-Identifier: MIT
#include "http1/head_parser.hpp"

#include "http1/host.hpp"
#include "http1/request_target.hpp"
#include "http1/transfer_coding.hpp"
#include <cloakroom/text.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

namespace cloakroom::http1 {
namespace {

namespace http = boost::beast::http;
using boost::beast::error_code;

constexpr std::string_view both_framings =
    "Content-Length and Transfer-Encoding exclude each other.";
constexpr std::string_view bad_content_length = "Content-Length is not one decimal number.";
constexpr std::string_view repeated_coding = "Transfer-Encoding is repeated.";

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

/// Beast's parser, which fills a request in and remembers what the guard has to judge.
class guarded_parser final : public http::basic_parser<true> {
public:
    guarded_parser(const limits& allowed, request::parts& out, refusal& why)
        : allowed_(allowed), out_(out), why_(why) {
        skip(true);                                               // no body for Beast
        header_limit(std::numeric_limits<std::uint32_t>::max());  // the caller has judged it
        out_.fields.clear();
        out_.host = {};
    }

    [[nodiscard]] bool read(std::string_view head) {
        error_code error;
        const std::size_t consumed = put({head.data(), head.size()}, error);
        if (!error) {
            return consumed == head.size() ||
                   refuse(status::bad_request, "The request's head is malformed.");
        }
        if (!is_refused_) {
            why_ = judge(error, head.substr(0, head.find('\r')));
        }
        return false;
    }

    /// What the fields say, once all of them are read.
    [[nodiscard]] bool finish(progress& at) {
        return take_host() && take_framing(at) && take_expectation(at) && take_persistence(at);
    }

private:
    bool refuse(status code, std::string_view detail) noexcept {
        is_refused_ = true;
        why_ = {code, detail};
        return false;
    }

    /// Has Beast stop as well.
    void refuse(status code, std::string_view detail, error_code& error) noexcept {
        refuse(code, detail);
        error = http::error::bad_value;
    }

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
                return {code, codings_ != 0 ? both_framings : bad_content_length};
            case http::error::bad_transfer_encoding:
                return {code, lengths_ != 0 ? both_framings : repeated_coding};
            default:
                return {code, "The request's head is malformed."};
        }
    }

    // RFC 9112 section 3.2: one valid Host in every HTTP/1.1 request, whatever its target says.
    [[nodiscard]] bool take_host() {
        if (hosts_ > 1) {
            return refuse(status::bad_request, "Host is repeated.");
        }
        if (hosts_ == 0 && out_.minor_version != 0) {
            return refuse(status::bad_request, "Host is missing.");
        }
        if (!host_.empty() && !is_host_and_port(host_)) {
            return refuse(status::bad_request, "Host is malformed.");
        }
        if (out_.host.empty()) {  // else it is the target's, which counts alone: section 3.2.2
            out_.host = host_;
        }
        return true;
    }

    // RFC 9112 section 6.3.
    [[nodiscard]] bool take_framing(progress& at) {
        if (codings_ != 0) {
            at.body_framing = progress::framing::chunked;
            return take_transfer_coding();
        }
        at.body_framing = lengths_ == 0 ? progress::framing::none : progress::framing::length;
        return lengths_ == 0 || take_content_length(at);
    }

    [[nodiscard]] bool take_transfer_coding() {
        if (lengths_ != 0) {
            return refuse(status::bad_request, both_framings);
        }
        if (out_.minor_version == 0) {
            return refuse(status::bad_request, "HTTP/1.0 has no Transfer-Encoding.");
        }
        if (codings_ > 1) {
            return refuse(status::bad_request, repeated_coding);
        }
        switch (judge_transfer_encoding(coding_)) {
            case transfer_coding::chunked:
                return true;
            case transfer_coding::unsupported:
                return refuse(status::not_implemented,
                              "No transfer coding but chunked is supported.");
            case transfer_coding::malformed:
                break;
        }
        return refuse(status::bad_request, "Transfer-Encoding is not chunked.");
    }

    [[nodiscard]] bool take_content_length(progress& at) {
        std::uint64_t length = 0;
        const char* const end = length_.data() + length_.size();
        const auto [stop, error] = std::from_chars(length_.data(), end, length);
        if (lengths_ > 1 || error != std::errc{} || stop != end) {
            return refuse(status::bad_request, bad_content_length);
        }
        at.content_length = length;
        return true;
    }

    // RFC 9110 section 10.1.1.
    [[nodiscard]] bool take_expectation(progress& at) {
        const bool counts = out_.minor_version != 0;
        if (counts && has_unknown_expectation_) {
            return refuse(status::expectation_failed, "No expectation but 100-continue is known.");
        }
        at.expects_continue = counts && expects_continue_;
        return true;
    }

    // RFC 9112 section 9.3.
    [[nodiscard]] bool take_persistence(progress& at) const noexcept {
        at.keeps_alive = !has_close_ && (out_.minor_version != 0 || has_keep_alive_);
        return true;
    }

    // Beast's events.

    void on_request_impl(http::verb verb, boost::beast::string_view,
                         boost::beast::string_view target, int version,
                         error_code& error) override {
        const std::optional<method> known = to_method(verb);
        if (!known) {
            return refuse(status::not_implemented, "The request method is not supported.", error);
        }
        out_.method = *known;
        if (target.size() > allowed_.target_bytes) {
            return refuse(status::uri_too_long, target_too_long, error);
        }
        out_.target = target;
        out_.minor_version = static_cast<unsigned>(version - 10);
        const std::string_view complaint = split_target(out_);
        if (!complaint.empty()) {
            refuse(status::bad_request, complaint, error);
        }
    }

    void on_field_impl(http::field name, boost::beast::string_view name_text,
                       boost::beast::string_view value, error_code& error) override {
        if (out_.fields.size() >= allowed_.header_count) {
            return refuse(status::request_header_fields_too_large,
                          "There are too many header fields.", error);
        }
        out_.fields.push_back({name_text, value});
        switch (name) {
            case http::field::host:
                ++hosts_;
                host_ = value;
                break;
            case http::field::content_length:
                ++lengths_;
                length_ = value;
                break;
            case http::field::transfer_encoding:
                ++codings_;
                coding_ = value;
                break;
            case http::field::connection:
                has_close_ |= list_contains(value, "close");
                has_keep_alive_ |= list_contains(value, "keep-alive");
                break;
            case http::field::expect:
                (equals_ignoring_case(value, "100-continue") ? expects_continue_
                                                             : has_unknown_expectation_) = true;
                break;
            default:
                break;
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

    const limits& allowed_;
    request::parts& out_;
    refusal& why_;
    std::string_view host_;
    std::string_view length_;
    std::string_view coding_;
    std::size_t hosts_ = 0;
    std::size_t lengths_ = 0;
    std::size_t codings_ = 0;
    bool has_close_ = false;
    bool has_keep_alive_ = false;
    bool expects_continue_ = false;
    bool has_unknown_expectation_ = false;
    bool is_refused_ = false;
};

}  // namespace

bool parse_complete_head(std::string_view head, const limits& allowed, progress& at,
                         request::parts& out, refusal& why) {
    guarded_parser parser(allowed, out, why);
    return parser.read(head) && parser.finish(at);
}

}  // namespace cloakroom::http1
