// SPDX-License-Identifier: MIT
#include "app/store_answers.hpp"

#include "message/character_set.hpp"

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace cloakroom {
namespace {

// A browser drops a cookie whose name and value are longer (RFC 6265 section 6.1).
constexpr std::size_t most_token_characters = 4096;

[[noreturn]] void refuse_outcome() {
    throw std::runtime_error("it answered what no store may answer");
}

// What a cookie's value is made of: RFC 6265bis section 4.1.1.
constexpr character_set cookie_octets = [] {
    character_set set{};
    for (std::size_t byte = 0x21; byte < 0x7F; ++byte) {
        set[byte] = byte != '"' && byte != ',' && byte != ';' && byte != '\\';
    }
    return set;
}();

#ifdef __SSE2__
// Whether sixteen characters are such octets.
bool are_cookie_octets(const char* characters) noexcept {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(characters));
    const auto is = [&](char one) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(one)); };
    // As signed numbers, so that what is beyond ASCII is no greater than a space.
    const __m128i is_above_space = _mm_cmpgt_epi8(bytes, _mm_set1_epi8(' '));
    const __m128i is_other = _mm_or_si128(_mm_or_si128(is('"'), is(',')),
                                          _mm_or_si128(_mm_or_si128(is(';'), is('\\')), is(0x7F)));
    return _mm_movemask_epi8(_mm_andnot_si128(is_other, is_above_space)) == 0xFFFF;
}
#endif

// How many characters at the start of `text` are such octets, as far as the processor can tell
// sixteen at a time: a session in its cookie has a long token.
std::size_t cookie_octets_at_start([[maybe_unused]] std::string_view text) noexcept {
    std::size_t count = 0;
#ifdef __SSE2__
    constexpr std::size_t step = sizeof(__m128i);
    for (; text.size() - count >= step; count += step) {
        if (!are_cookie_octets(text.data() + count)) {
            return count;
        }
    }
    // The last step goes to the end, over some that are counted.
    if (count != 0 && are_cookie_octets(text.data() + text.size() - step)) {
        return text.size();
    }
#endif
    return count;
}

// Whether a cookie can have that value, and a session be found by it.
bool is_cookie_value(std::string_view text) noexcept {
    if (text.empty() || text.size() > most_token_characters) {
        return false;
    }
    const std::string_view rest = text.substr(cookie_octets_at_start(text));
    return std::all_of(rest.begin(), rest.end(),
                       [](char character) { return has(cookie_octets, character); });
}

void check_token(session_change::operation what, const session_token& token) {
    const bool is_new =
        what == session_change::operation::insert || what == session_change::operation::rename;
    if ((is_new || !token.empty()) && !is_cookie_value(token.text())) {
        throw std::runtime_error("it gave a token that no cookie can hold");
    }
}

void check_record(const session_record& record) {
    if (record.owner.size() > session_record::max_name_bytes ||
        record.label.size() > session_record::max_name_bytes) {
        throw std::runtime_error("it gave a session whose owner or label is too long");
    }
}

}  // namespace

session_load checked_load(session_load outcome, const stored_session& into, session_time now) {
    switch (outcome) {
        case session_load::found:
            check_record(into.record);
            return into.record.is_expired(now) ? session_load::absent : outcome;
        case session_load::absent:
        case session_load::invalid:
        case session_load::failed:
            return outcome;
    }
    refuse_outcome();
}

session_commit checked_commit(session_commit outcome, session_change::operation what,
                              const session_committed& into) {
    using enum session_change::operation;
    switch (outcome) {
        case session_commit::committed:
            if (what != erase) {
                check_token(what, into.token);
            }
            return outcome;
        case session_commit::conflict:
            if (what == insert || what == erase) {
                refuse_outcome();
            }
            check_record(into.current.record);
            return outcome;
        case session_commit::gone:
            if (what == insert) {
                refuse_outcome();
            }
            return outcome;
        case session_commit::too_large:
            if (what == erase) {
                refuse_outcome();
            }
            return outcome;
        case session_commit::unavailable:
            return outcome;
    }
    refuse_outcome();
}

session_load checked_list(session_load outcome) {
    if (outcome != session_load::found && outcome != session_load::failed) {
        refuse_outcome();
    }
    return outcome;
}

session_commit checked_end(session_commit outcome) {
    if (outcome != session_commit::committed && outcome != session_commit::unavailable) {
        refuse_outcome();
    }
    return outcome;
}

}  // namespace cloakroom
