// SPDX-License-Identifier: MIT
#include "session/flask_json_rewriter.hpp"

#include "session/flask_json.hpp"
#include "session/flask_member_order.hpp"
#include "session/flask_text.hpp"

#include <algorithm>

namespace cloakroom {
namespace {

using shape = flask_json_rewriter::shape;

// `{" di":` and `{"`, which begin an escape and an object.
constexpr std::string_view escape_begin = "{\" di\":";
constexpr std::string_view object_begin = "{\"";

shape shape_of(std::string_view key) noexcept {
    if (is_flask_tag(key)) {
        return shape::tagged;
    }
    const bool is_escaped = key.ends_with(flask_escape_suffix) &&
                            is_flask_tag(key.substr(0, key.size() - flask_escape_suffix.size()));
    return is_escaped ? shape::escaped : shape::plain;
}

}  // namespace

void flask_json_rewriter::skip_space() noexcept {
    while (!rest_.empty() && rest_.front() <= ' ' &&
           (rest_.front() == ' ' || rest_.front() == '\n' || rest_.front() == '\r' ||
            rest_.front() == '\t')) {
        rest_.remove_prefix(1);
    }
}

bool flask_json_rewriter::take(char character) noexcept {
    if (rest_.empty() || rest_.front() != character) {
        return false;
    }
    rest_.remove_prefix(1);
    skip_space();
    return true;
}

shape flask_json_rewriter::value(std::size_t depth) {
    skip_space();
    if (rest_.empty()) {
        return shape::malformed;
    }
    shape made = shape::malformed;
    switch (rest_.front()) {
        case '{':
            made = object(depth + 1);
            break;
        case '[':
            made = array(depth + 1);
            break;
        case '"':
            made = string() ? shape::plain : shape::malformed;
            break;
        case 't':
            made = word("true") ? shape::plain : shape::malformed;
            break;
        case 'f':
            made = word("false") ? shape::plain : shape::malformed;
            break;
        case 'n':
            made = word("null") ? shape::plain : shape::malformed;
            break;
        default:
            made = number() ? shape::plain : shape::malformed;
    }
    skip_space();
    return made;
}

bool flask_json_rewriter::word(std::string_view text) {
    if (!rest_.starts_with(text)) {
        return false;
    }
    out_ += text;
    rest_.remove_prefix(text.size());
    return true;
}

std::size_t flask_json_rewriter::digits() noexcept {
    const auto is_digit = [](char character) { return character >= '0' && character <= '9'; };
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_digit);
    const auto count = static_cast<std::size_t>(end - rest_.begin());
    rest_.remove_prefix(count);
    return count;
}

// RFC 8259 section 6. The text is kept: 1e2 and 100 are different numbers to Python.
bool flask_json_rewriter::number() {
    const std::string_view begin = rest_;
    if (rest_.front() == '-') {
        rest_.remove_prefix(1);
    }
    const bool is_zero = rest_.starts_with('0');
    const std::size_t count = digits();
    if (count == 0 || (is_zero && count > 1)) {
        return false;
    }
    if (rest_.starts_with('.')) {
        rest_.remove_prefix(1);
        if (digits() == 0) {
            return false;
        }
    }
    if (rest_.starts_with('e') || rest_.starts_with('E')) {
        rest_.remove_prefix(1);
        if (rest_.starts_with('+') || rest_.starts_with('-')) {
            rest_.remove_prefix(1);
        }
        if (digits() == 0) {
            return false;
        }
    }
    out_ += begin.substr(0, begin.size() - rest_.size());
    return true;
}

bool flask_json_rewriter::string() {
    if (!rest_.starts_with('"')) {
        return false;
    }
    rest_.remove_prefix(1);
    out_ += '"';
    for (;;) {
        const auto stop = std::find_if_not(rest_.begin(), rest_.end(), is_plain_in_json);
        const auto plain = static_cast<std::size_t>(stop - rest_.begin());
        out_ += rest_.substr(0, plain);
        rest_.remove_prefix(plain);
        if (rest_.empty()) {
            return false;
        }
        if (rest_.front() == '"') {
            break;
        }
        const std::uint32_t character = take_json_character(rest_);
        if (character == no_character) {
            return false;
        }
        if (purpose_ == purpose::read) {
            append_session_character(out_, character);
        } else {
            append_flask_character(out_, character);
        }
    }
    rest_.remove_prefix(1);
    out_ += '"';
    return true;
}

shape flask_json_rewriter::array(std::size_t depth) {
    if (depth > max_flask_json_depth) {
        return shape::malformed;
    }
    static_cast<void>(take('['));
    out_ += '[';
    if (!take(']')) {
        do {
            out_ += out_.back() == '[' ? "" : ",";
            if (value(depth) == shape::malformed) {
                return shape::malformed;
            }
        } while (take(','));
        if (!take(']')) {
            return shape::malformed;
        }
    }
    out_ += ']';
    return shape::plain;
}

shape flask_json_rewriter::object(std::size_t depth) {
    if (depth > max_flask_json_depth) {
        return shape::malformed;
    }
    static_cast<void>(take('{'));
    const std::size_t start = out_.size();
    out_ += '{';
    shape inner = shape::plain;
    std::size_t count = 0;
    if (!take('}')) {
        do {
            out_ += count++ == 0 ? "" : ",";
            if (!string()) {
                return shape::malformed;
            }
            skip_space();
            out_ += ':';
            inner = take(':') ? value(depth) : shape::malformed;
            if (inner == shape::malformed) {
                return shape::malformed;
            }
        } while (take(','));
        if (!take('}')) {
            return shape::malformed;
        }
    }
    out_ += '}';
    if (count > 1 && purpose_ != purpose::read) {
        count = sort_flask_members(out_, start);
    }
    return count == 1 ? finish_single(start, inner) : shape::plain;
}

// The object from `start` on is finished and has one key, whose value is `inner`.
shape flask_json_rewriter::finish_single(std::size_t start, shape inner) {
    const std::string_view object = std::string_view{out_}.substr(start);
    const std::string_view key =
        object.substr(object_begin.size(), object.find('"', object_begin.size()) - 2);
    const shape made = shape_of(key);
    if (made != shape::tagged) {
        return made;
    }
    const bool is_escape = inner == shape::escaped && object.starts_with(escape_begin);
    switch (purpose_) {
        case purpose::read:
            if (is_escape) {
                const std::string plain = unescaped(start);
                out_.replace(start, std::string::npos, plain);
            }
            break;
        case purpose::collect:
            tagged_->add(is_escape ? unescaped(start) : std::string{object}, !is_escape);
            break;
        case purpose::write:
            has_met_tag_ = true;
            if (tagged_ != nullptr && !tagged_->take(std::string{object})) {
                escape(start);
            }
    }
    return made;
}

// What the escape from `start` on stands for: `{" t":1}` for `{" di":{" t__":1}}`.
std::string flask_json_rewriter::unescaped(std::size_t start) const {
    std::string plain{out_, start + escape_begin.size(),
                      out_.size() - start - escape_begin.size() - 1};
    plain.erase(plain.find("__\":"), flask_escape_suffix.size());
    return plain;
}

void flask_json_rewriter::escape(std::size_t start) {
    const std::size_t key_end = out_.find('"', start + object_begin.size());
    out_.insert(key_end, flask_escape_suffix);
    out_.insert(start, escape_begin);
    out_ += '}';
}

}  // namespace cloakroom
