// SPDX-License-Identifier: MIT
// What the request line and the fields of a head say, whoever has cut them out of its bytes: Host,
// framing, expectation and persistence are decided here, and the limits of their number and length.
#pragma once

#include "http1/request_parser.hpp"
#include "message/known_name.hpp"
#include <cloakroom/text.hpp>

#include <cstddef>
#include <string_view>

namespace cloakroom::http1 {

inline constexpr std::string_view target_too_long = "The request target is too long.";
inline constexpr std::string_view method_not_supported = "The request method is not supported.";
inline constexpr std::string_view both_framings =
    "Content-Length and Transfer-Encoding exclude each other.";
inline constexpr std::string_view bad_content_length = "Content-Length is not one decimal number.";
inline constexpr std::string_view repeated_coding = "Transfer-Encoding is repeated.";

/// Takes one head in: its request line, then each field, then finish(). Each returns false when the
/// head is refused, which ends it.
class head_meaning {
public:
    /// Forgets what `out` has of an earlier head. All four must outlive this.
    head_meaning(const limits& allowed, host_check& is_host, request::parts& out,
                 refusal& why) noexcept
        : allowed_(&allowed), is_host_(&is_host), out_(&out), why_(&why) {
        out.fields.clear();
        out.host = {};
    }

    /// REQUIRES: `target` is not empty.
    [[nodiscard]] bool take_request_line(method verb, std::string_view target, unsigned minor);

    /// REQUIRES: `name` is a token, `value` a field value without blanks around it.
    /// @throws std::bad_alloc only, when `out.fields` grows.
    [[nodiscard]] bool take_field(std::string_view name, std::string_view value) {
        if (out_->fields.size() >= allowed_->header_count) {
            return refuse(status::request_header_fields_too_large,
                          "There are too many header fields.");
        }
        out_->fields.push_back({name, value});
        take_known_field(name, value);
        return true;
    }

    /// What the fields say, once all of them are in.
    [[nodiscard]] bool finish(progress& at);

    /// @return False.
    bool refuse(status code, std::string_view detail) noexcept;

    [[nodiscard]] bool is_refused() const noexcept { return is_refused_; }
    [[nodiscard]] bool has_content_length() const noexcept { return lengths_ != 0; }
    [[nodiscard]] bool has_transfer_encoding() const noexcept { return codings_ != 0; }

private:
    // Most fields are told from those that count by the length of their name.
    void take_known_field(std::string_view name, std::string_view value) noexcept {
        static constexpr known_name host("Host");
        static constexpr known_name expect("Expect");
        static constexpr known_name connection("Connection");
        static constexpr known_name content_length("Content-Length");
        static constexpr known_name transfer_encoding("Transfer-Encoding");
        switch (name.size()) {
            case decltype(host)::size:
                return host.matches(name) ? take(hosts_, host_, value) : void();
            case decltype(expect)::size:
                return expect.matches(name) ? take_expectation(value) : void();
            case decltype(connection)::size:
                return connection.matches(name) ? take_connection(value) : void();
            case decltype(content_length)::size:
                return content_length.matches(name) ? take(lengths_, length_, value) : void();
            case decltype(transfer_encoding)::size:
                return transfer_encoding.matches(name) ? take(codings_, coding_, value) : void();
            default:
                return;
        }
    }
    static void take(std::size_t& count, std::string_view& last, std::string_view value) noexcept {
        ++count;
        last = value;
    }
    void take_expectation(std::string_view value) noexcept;
    void take_connection(std::string_view value) noexcept;

    [[nodiscard]] bool finish_host();
    [[nodiscard]] bool finish_framing(progress& at);
    [[nodiscard]] bool finish_transfer_coding();
    [[nodiscard]] bool finish_content_length(progress& at);
    [[nodiscard]] bool finish_expectation(progress& at);

    const limits* allowed_;
    host_check* is_host_;
    request::parts* out_;
    refusal* why_;
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

}  // namespace cloakroom::http1
