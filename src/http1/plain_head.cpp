// SPDX-License-Identifier: MIT
#include "http1/plain_head.hpp"

#include "http1/head_meaning.hpp"
#include "http1/line.hpp"
#include "message/character_set.hpp"
#include "message/control_characters.hpp"
#include "message/known_name.hpp"

#include <bit>
#include <cstring>
#include <optional>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace cloakroom::http1 {
namespace {

/// Goes on from `at` over what most names consist of, to the first other character or until less than
/// a step is left. Letters are those of ASCII; the steps are of sixteen bytes, or none.
const char* skip_letters_and_hyphens(const char* at, const char* end) noexcept {
#ifdef __SSE2__
    // Letters, lowered and moved to the lowest of the signed numbers, are below all else.
    const __m128i case_bits = _mm_set1_epi8(0x20);
    const __m128i a_to_lowest = _mm_set1_epi8(static_cast<char>(-128 - 'a'));
    const __m128i behind_z = _mm_set1_epi8(-128 + 26);
    const __m128i hyphen = _mm_set1_epi8('-');
    for (; static_cast<std::size_t>(end - at) >= sizeof(__m128i); at += sizeof(__m128i)) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const __m128i moved = _mm_add_epi8(_mm_or_si128(bytes, case_bits), a_to_lowest);
        const __m128i is_letter = _mm_cmplt_epi8(moved, behind_z);
        const __m128i is_either = _mm_or_si128(is_letter, _mm_cmpeq_epi8(bytes, hyphen));
        const int others = _mm_movemask_epi8(is_either) ^ 0xFFFF;
        if (others != 0) {
            return at + std::countr_zero(static_cast<unsigned>(others));
        }
    }
#else
    static_cast<void>(end);
#endif
    return at;
}

/// Takes what a head consists of off the front of its bytes. Each function returns an empty view,
/// or false, where that does not stand there.
class scanner {
public:
    explicit scanner(std::string_view bytes) noexcept
        : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()) {}

    [[nodiscard]] std::size_t consumed() const noexcept {
        return static_cast<std::size_t>(at_ - begin_);
    }

    bool take(std::string_view text) noexcept {
        if (rest() < text.size() || std::memcmp(at_, text.data(), text.size()) != 0) {
            return false;
        }
        at_ += text.size();
        return true;
    }

    /// What stands before the next space, and the space.
    std::string_view take_word() noexcept {
        const std::string_view rest{at_, this->rest()};
        const std::size_t space = rest.find(' ');
        if (space == std::string_view::npos) {
            return {};
        }
        at_ += space + 1;
        return rest.substr(0, space);
    }

    /// A token, and the colon behind it.
    std::string_view take_name() noexcept {
        const char* const from = at_;
        at_ = skip_letters_and_hyphens(at_, end_);
        while (at_ != end_ && has(token_characters, *at_)) {
            ++at_;
        }
        return at_ != end_ && *at_ == ':' ? between(from, at_++) : std::string_view{};
    }

    /// What stands before the next control character but tab, without blanks around it.
    std::string_view take_value() noexcept {
        while (at_ != end_ && is_blank(*at_)) {
            ++at_;
        }
        const char* const from = at_;
        at_ = find_control_but_tab(at_, end_);
        const char* to = at_;
        while (to != from && is_blank(to[-1])) {
            --to;
        }
        return between(from, to);
    }

private:
    static std::string_view between(const char* from, const char* to) noexcept {
        return {from, static_cast<std::size_t>(to - from)};
    }

    [[nodiscard]] std::size_t rest() const noexcept { return static_cast<std::size_t>(end_ - at_); }

    const char* begin_;
    const char* at_;
    const char* end_;
};

bool read_request_line(scanner& from, head_meaning& into) {
    const std::optional<method> verb =
        from.take("GET ") ? method::get : parse_method(from.take_word());
    if (!verb) {
        return false;
    }
    const std::string_view target = from.take_word();
    if (target.empty() || !from.take("HTTP/1.")) {
        return false;
    }
    const bool is_1_1 = from.take("1\r\n");
    return (is_1_1 || from.take("0\r\n")) && into.take_request_line(*verb, target, is_1_1 ? 1 : 0);
}

/// Lists are Beast's to check.
bool is_list_of_several(std::string_view name, std::string_view value) noexcept {
    constexpr known_name own("Connection");
    constexpr known_name of_proxies("Proxy-Connection");
    return (own.matches(name) || of_proxies.matches(name)) && !is_token(value);
}

bool read_field(scanner& from, head_meaning& into) {
    const std::string_view name = from.take_name();
    if (name.empty()) {
        return false;
    }
    const std::string_view value = from.take_value();
    return from.take(line_end) && !is_list_of_several(name, value) && into.take_field(name, value);
}

}  // namespace

std::size_t read_plain_head(std::string_view received, const limits& allowed, host_check& is_host,
                            progress& at, request::parts& out) {
    scanner bytes(received.substr(0, allowed.header_bytes));
    refusal unused;
    head_meaning meaning(allowed, is_host, out, unused);
    if (!read_request_line(bytes, meaning)) {
        return 0;
    }
    while (!bytes.take(line_end)) {
        if (!read_field(bytes, meaning)) {
            return 0;
        }
    }
    return meaning.finish(at) ? bytes.consumed() : 0;
}

}  // namespace cloakroom::http1
