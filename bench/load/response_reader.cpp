// SPDX-License-Identifier: MIT
#include "response_reader.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

namespace cloakroom::load {
namespace {

// The size in a chunk's first line, without its extensions. Source: RFC 9112 section 7.1.
std::optional<std::uint64_t> chunk_size(std::string_view line) {
    const char* const end = line.data() + line.size();
    std::uint64_t size = 0;
    const auto [rest, error] = std::from_chars(line.data(), end, size, 16);
    if (error != std::errc{} || (rest != end && *rest != ';' && *rest != ' ' && *rest != '\t')) {
        return std::nullopt;
    }
    return size;
}

}  // namespace

response_reader::outcome response_reader::next(std::string_view& bytes) {
    outcome result = outcome::incomplete;
    while (result == outcome::incomplete && !bytes.empty()) {
        switch (stage_) {
            case stage::head:
                result = read_head(bytes);
                break;
            case stage::body:
            case stage::chunk:
                result = read_body(bytes);
                break;
            case stage::body_to_end:
                bytes = {};
                break;
            case stage::chunk_line:
            case stage::chunk_end:
                result = read_chunk_line(bytes);
                break;
            case stage::trailer:
                result = read_trailer(bytes);
                break;
        }
    }
    return result;
}

response_reader::outcome response_reader::end() noexcept {
    if (stage_ == stage::body_to_end) {
        return finish();
    }
    const bool is_between = stage_ == stage::head && partial_.empty();
    return is_between ? outcome::incomplete : outcome::malformed;
}

void response_reader::reset() noexcept {
    partial_.clear();
    stage_ = stage::head;
}

bool response_reader::take_cookie_change() noexcept {
    return std::exchange(cookies_changed_, false);
}

response_reader::outcome response_reader::read_head(std::string_view& bytes) {
    if (partial_.empty() && !known_.text.empty() && bytes.starts_with(known_.text)) {
        bytes.remove_prefix(known_.text.size());
        return begin(known_.head);
    }
    const std::size_t before = partial_.size();
    partial_.append(bytes.substr(0, head_limit_bytes - before));
    const std::size_t blank_line = partial_.find("\r\n\r\n", before < 3 ? 0 : before - 3);
    if (blank_line == std::string::npos) {
        bytes.remove_prefix(partial_.size() - before);
        return partial_.size() < head_limit_bytes ? outcome::incomplete : outcome::malformed;
    }
    partial_.resize(blank_line + 4);
    bytes.remove_prefix(partial_.size() - before);
    const std::string text = std::exchange(partial_, {});
    const std::optional<response_head> head = read_response_head(text);
    if (head->set_cookies.empty()) {
        known_ = {text, *head};
    }
    return begin(*head);
}

response_reader::outcome response_reader::begin(const response_head& head) {
    constexpr int switching_protocols = 101;
    if (head.status == 0 || head.status == switching_protocols || head.is_ambiguous) {
        return outcome::malformed;
    }
    if (head.status < 200) {
        return outcome::incomplete;  // the response itself is still to come
    }
    status_ = head.status;
    closes_ = head.closes;
    if (jar_ != nullptr) {
        for (const std::string_view cookie : head.set_cookies) {
            jar_->store(cookie);
            cookies_changed_ = true;
        }
    }
    if (head.status == 204 || head.status == 304) {
        return finish();
    }
    if (head.is_chunked) {
        stage_ = stage::chunk_line;
        return outcome::incomplete;
    }
    closes_ = closes_ || !head.body_bytes;
    left_ = head.body_bytes.value_or(0);
    stage_ = head.body_bytes ? stage::body : stage::body_to_end;
    return head.body_bytes == std::size_t{0} ? finish() : outcome::incomplete;
}

response_reader::outcome response_reader::read_body(std::string_view& bytes) noexcept {
    const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    bytes.remove_prefix(taken);
    left_ -= taken;
    if (left_ > 0) {
        return outcome::incomplete;
    }
    if (stage_ == stage::body) {
        return finish();
    }
    stage_ = stage::chunk_end;
    return outcome::incomplete;
}

// The line break that ends a chunk's bytes is read as an empty line.
response_reader::outcome response_reader::read_chunk_line(std::string_view& bytes) {
    if (!read_line(bytes, chunk_line_limit_bytes)) {
        return partial_.size() < chunk_line_limit_bytes ? outcome::incomplete : outcome::malformed;
    }
    const std::string line = std::exchange(partial_, {});
    if (!line.ends_with("\r\n")) {
        return outcome::malformed;
    }
    if (stage_ == stage::chunk_end) {
        stage_ = stage::chunk_line;
        return line.size() == 2 ? outcome::incomplete : outcome::malformed;
    }
    const auto size = chunk_size(std::string_view(line).substr(0, line.size() - 2));
    if (!size) {
        return outcome::malformed;
    }
    left_ = *size;
    stage_ = left_ > 0 ? stage::chunk : stage::trailer;
    return outcome::incomplete;
}

response_reader::outcome response_reader::read_trailer(std::string_view& bytes) {
    if (!read_line(bytes, trailer_limit_bytes)) {
        return partial_.size() < trailer_limit_bytes ? outcome::incomplete : outcome::malformed;
    }
    const std::string line = std::exchange(partial_, {});
    left_ += line.size();
    if (line == "\r\n") {
        return finish();
    }
    const bool is_fine = line.ends_with("\r\n") && left_ < trailer_limit_bytes;
    return is_fine ? outcome::incomplete : outcome::malformed;
}

// Moves bytes up to the line feed into partial_. @return Whether the line is whole.
bool response_reader::read_line(std::string_view& bytes, std::size_t limit_bytes) {
    const auto line_feed = bytes.find('\n');
    const std::size_t wanted = line_feed == std::string_view::npos ? bytes.size() : line_feed + 1;
    const std::size_t taken = std::min(wanted, limit_bytes - partial_.size());
    partial_.append(bytes.substr(0, taken));
    bytes.remove_prefix(taken);
    return taken == wanted && line_feed != std::string_view::npos;
}

response_reader::outcome response_reader::finish() noexcept {
    stage_ = stage::head;
    return outcome::complete;
}

}  // namespace cloakroom::load
