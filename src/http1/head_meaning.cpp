// SPDX-License-Identifier: MIT
#include "http1/head_meaning.hpp"

#include "http1/request_target.hpp"
#include "http1/transfer_coding.hpp"

#include <charconv>
#include <cstdint>

namespace cloakroom::http1 {

bool head_meaning::refuse(status code, std::string_view detail) noexcept {
    is_refused_ = true;
    *why_ = {code, detail};
    return false;
}

bool head_meaning::take_request_line(method verb, std::string_view target, unsigned minor) {
    if (verb == method::connect) {  // is for proxies
        return refuse(status::not_implemented, method_not_supported);
    }
    out_->method = verb;
    if (target.size() > allowed_->target_bytes) {
        return refuse(status::uri_too_long, target_too_long);
    }
    out_->target = target;
    out_->minor_version = minor;
    const std::string_view complaint = split_target(*out_);
    return complaint.empty() || refuse(status::bad_request, complaint);
}

void head_meaning::take_expectation(std::string_view value) noexcept {
    (equals_ignoring_case(value, "100-continue") ? expects_continue_ : has_unknown_expectation_) =
        true;
}

void head_meaning::take_connection(std::string_view value) noexcept {
    constexpr known_name keep_alive("keep-alive");  // all that most clients say
    if (keep_alive.matches(value)) {
        has_keep_alive_ = true;
        return;
    }
    has_close_ |= list_contains(value, "close");
    has_keep_alive_ |= list_contains(value, "keep-alive");
}

bool head_meaning::finish(progress& at) {
    if (!finish_host() || !finish_framing(at) || !finish_expectation(at)) {
        return false;
    }
    // RFC 9112 section 9.3.
    at.keeps_alive = !has_close_ && (out_->minor_version != 0 || has_keep_alive_);
    return true;
}

// RFC 9112 section 3.2: one valid Host in every HTTP/1.1 request, whatever its target says.
bool head_meaning::finish_host() {
    if (hosts_ > 1) {
        return refuse(status::bad_request, "Host is repeated.");
    }
    if (hosts_ == 0 && out_->minor_version != 0) {
        return refuse(status::bad_request, "Host is missing.");
    }
    if (!host_.empty() && !(*is_host_)(host_)) {
        return refuse(status::bad_request, "Host is malformed.");
    }
    if (out_->host.empty()) {  // else it is the target's, which counts alone: section 3.2.2
        out_->host = host_;
    }
    return true;
}

// RFC 9112 section 6.3.
bool head_meaning::finish_framing(progress& at) {
    if (codings_ != 0) {
        at.body_framing = progress::framing::chunked;
        return finish_transfer_coding();
    }
    at.body_framing = lengths_ == 0 ? progress::framing::none : progress::framing::length;
    return lengths_ == 0 || finish_content_length(at);
}

bool head_meaning::finish_transfer_coding() {
    if (lengths_ != 0) {
        return refuse(status::bad_request, both_framings);
    }
    if (out_->minor_version == 0) {
        return refuse(status::bad_request, "HTTP/1.0 has no Transfer-Encoding.");
    }
    if (codings_ > 1) {
        return refuse(status::bad_request, repeated_coding);
    }
    switch (judge_transfer_encoding(coding_)) {
        case transfer_coding::chunked:
            return true;
        case transfer_coding::unsupported:
            return refuse(status::not_implemented, "No transfer coding but chunked is supported.");
        case transfer_coding::malformed:
            break;
    }
    return refuse(status::bad_request, "Transfer-Encoding is not chunked.");
}

bool head_meaning::finish_content_length(progress& at) {
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
bool head_meaning::finish_expectation(progress& at) {
    const bool counts = out_->minor_version != 0;
    if (counts && has_unknown_expectation_) {
        return refuse(status::expectation_failed, "No expectation but 100-continue is known.");
    }
    at.expects_continue = counts && expects_continue_;
    return true;
}

}  // namespace cloakroom::http1
