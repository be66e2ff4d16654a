// SPDX-License-Identifier: MIT
#include <cloakroom/session_record.hpp>

#include <algorithm>
#include <array>
#include <functional>

namespace cloakroom {
namespace {

// A length as base-128 groups, the low one first; all but the last have the high bit.
struct length_groups {
    std::array<char, (8 * sizeof(std::size_t) + 6) / 7> bytes;
    std::size_t count = 0;

    explicit length_groups(std::size_t length) noexcept {
        for (; length >= 0x80; length >>= 7) {
            bytes[count++] = static_cast<char>((length & 0x7F) | 0x80);
        }
        bytes[count++] = static_cast<char>(length);
    }
};

char* put(std::string_view text, char* out) noexcept {
    const length_groups length{text.size()};
    out = std::copy_n(length.bytes.begin(), length.count, out);
    return std::copy(text.begin(), text.end(), out);
}

std::size_t size_of(std::string_view text) noexcept {
    return length_groups{text.size()}.count + text.size();
}

// Reads one length with its text off the front; false when there is none.
bool take(std::string_view& bytes, std::string_view& text) noexcept {
    // A length that is within a string takes at most 63 bits.
    constexpr unsigned last_shift = 56;
    std::size_t length = 0;
    std::size_t count = 0;
    for (unsigned shift = 0;; shift += 7) {
        if (count == bytes.size() || shift > last_shift) {
            return false;
        }
        const auto group = static_cast<unsigned char>(bytes[count++]);
        length |= static_cast<std::size_t>(group & 0x7FU) << shift;
        if (group < 0x80) {
            if (group == 0 && count > 1) {
                return false;  // the same length with fewer groups exists
            }
            break;
        }
    }
    if (length > bytes.size() - count) {
        return false;
    }
    text = bytes.substr(count, length);
    bytes.remove_prefix(count + length);
    return true;
}

bool is_encoding(std::string_view bytes) noexcept {
    std::string_view key;
    std::string_view json;
    for (bool is_first = true; !bytes.empty(); is_first = false) {
        const std::string_view before = key;
        if (!take(bytes, key) || !take(bytes, json) || (!is_first && key <= before)) {
            return false;
        }
    }
    return true;
}

bool is_within(std::string_view part, const std::string& whole) noexcept {
    const std::less_equal<> no_later;
    return no_later(whole.data(), part.data()) &&
           no_later(part.data(), whole.data() + whole.size());
}

}  // namespace

std::string_view session_values::piece(std::size_t& offset) const noexcept {
    // The contents are always well-formed: set() made them or decode() checked them.
    std::size_t length = 0;
    for (unsigned shift = 0;; shift += 7) {
        const auto group = static_cast<unsigned char>(encoded_[offset++]);
        length |= static_cast<std::size_t>(group & 0x7FU) << shift;
        if (group < 0x80) {
            break;
        }
    }
    const std::string_view text{encoded_.data() + offset, length};
    offset += length;
    return text;
}

session_values::entry session_values::locate(std::string_view key) const noexcept {
    std::size_t offset = 0;
    while (offset < encoded_.size()) {
        const std::size_t begin = offset;
        const std::string_view here = piece(offset);
        const std::size_t value = offset;
        const int order = here.compare(key);
        if (order > 0) {
            return {begin, begin, begin, false};
        }
        static_cast<void>(piece(offset));
        if (order == 0) {
            return {begin, value, offset, true};
        }
    }
    return {offset, offset, offset, false};
}

std::optional<std::string_view> session_values::find(std::string_view key) const noexcept {
    const entry at = locate(key);
    if (!at.is_same) {
        return std::nullopt;
    }
    std::size_t offset = at.value;
    return piece(offset);
}

void session_values::set(std::string_view key, std::string_view json) {
    if (is_within(key, encoded_) || is_within(json, encoded_)) {
        // What find() or for_each() gave would move while it is copied.
        return set(std::string{key}, std::string{json});
    }
    const entry at = locate(key);
    if (at.is_same) {
        return set_value(at, json);
    }
    encoded_.insert(at.begin, size_of(key) + size_of(json), '\0');
    put(json, put(key, encoded_.data() + at.begin));
}

// The length goes over the first bytes of what was there, the text over the rest.
void session_values::set_value(const entry& at, std::string_view json) {
    const length_groups length{json.size()};
    std::size_t before = at.end - at.value;
    if (before == length.count + json.size()) {  // as of a number that counts
        put(json, encoded_.data() + at.value);
        return;
    }
    if (before < length.count) {
        encoded_.insert(at.end, length.count - before, '\0');
        before = length.count;
    }
    encoded_.replace(at.value + length.count, before - length.count, json);
    std::copy_n(length.bytes.begin(), length.count, encoded_.data() + at.value);
}

bool session_values::erase(std::string_view key) {
    const entry at = locate(key);
    encoded_.erase(at.begin, at.end - at.begin);
    return at.is_same;
}

bool session_values::decode(std::string_view bytes) {
    if (!is_encoding(bytes)) {
        encoded_.clear();
        return false;
    }
    encoded_.assign(bytes);
    return true;
}

}  // namespace cloakroom
