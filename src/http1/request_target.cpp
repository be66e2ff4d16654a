// SPDX-License-Identifier: MIT
#include "http1/request_target.hpp"

#include "http1/host.hpp"
#include "message/character_set.hpp"
#include <cloakroom/text.hpp>

#include <algorithm>
#include <bit>
#include <cstddef>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace cloakroom::http1 {
namespace {

/// True without controls, blanks, bytes beyond ASCII and "#". RFC 3986 allows fewer, but browsers
/// send more than it allows.
constexpr bool has_target_characters_only(std::string_view text) noexcept {
    bool has_other = false;
    for (const char character : text) {  // without branches, so that compilers vectorise it
        const auto byte = static_cast<unsigned char>(character);
        has_other |= byte < 0x21 || byte > 0x7E || byte == '#';
    }
    return !has_other;
}

/// What a target has before the "?" of its query.
constexpr character_set path_characters = [] {
    character_set set{};
    for (std::size_t byte = 0; byte < set.size(); ++byte) {
        const auto character = static_cast<char>(byte);
        set[byte] = character != '?' && has_target_characters_only({&character, 1});
    }
    return set;
}();

/// Goes on from `at` to the first character that no path has or until less than a step is left. The
/// steps are of sixteen bytes, or none.
const char* skip_blocks_of_path(const char* at, const char* end) noexcept {
#ifdef __SSE2__
    const __m128i space = _mm_set1_epi8(' ');
    const __m128i del = _mm_set1_epi8(0x7F);
    const __m128i query = _mm_set1_epi8('?');
    const __m128i fragment = _mm_set1_epi8('#');
    for (; static_cast<std::size_t>(end - at) >= sizeof(__m128i); at += sizeof(__m128i)) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        // Bytes beyond ASCII are the negative ones.
        const __m128i is_visible =
            _mm_and_si128(_mm_cmpgt_epi8(bytes, space), _mm_cmplt_epi8(bytes, del));
        const __m128i ends_path =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, query), _mm_cmpeq_epi8(bytes, fragment));
        const int others = _mm_movemask_epi8(_mm_andnot_si128(ends_path, is_visible)) ^ 0xFFFF;
        if (others != 0) {
            return at + std::countr_zero(static_cast<unsigned>(others));
        }
    }
#else
    static_cast<void>(end);
#endif
    return at;
}

/// How many bytes there are before the "?" of a query, or before what no target has.
std::size_t path_bytes(std::string_view text) noexcept {
    const char* const end = text.data() + text.size();
    const char* at = skip_blocks_of_path(text.data(), end);
    while (at != end && has(path_characters, *at)) {
        ++at;
    }
    return static_cast<std::size_t>(at - text.data());
}

/// The bytes of "http://" or "https://" that `target` begins with; 0 for anything else.
std::size_t scheme_bytes(std::string_view target) noexcept {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (equals_ignoring_case(target.substr(0, scheme.size()), scheme)) {
            return scheme.size();
        }
    }
    return 0;
}

constexpr std::string_view bad_characters =
    "The request target has characters that must be percent-encoded.";

/// Takes scheme and authority off the front of an absolute-form target. @return A complaint.
std::string_view take_host(std::string_view& rest, request::parts& parts) noexcept {
    const std::size_t scheme = scheme_bytes(rest);
    if (scheme == 0) {
        return "The request target is neither a path nor an http URL.";
    }
    rest.remove_prefix(scheme);
    const std::size_t authority = std::min(rest.find_first_of("/?"), rest.size());
    parts.host = rest.substr(0, authority);
    if (!is_host_and_port(parts.host)) {  // has no "@" either: RFC 9110 section 4.2.4
        return "The request target has no valid host.";
    }
    rest.remove_prefix(authority);
    return {};
}

/// @return A complaint.
std::string_view split_path_and_query(std::string_view text, request::parts& parts) noexcept {
    const std::size_t path = path_bytes(text);
    const std::string_view query = text.substr(path);
    if (!query.empty() && (query[0] != '?' || !has_target_characters_only(query))) {
        return bad_characters;
    }
    parts.path = path == 0 ? "/" : text.substr(0, path);
    parts.query = query.empty() ? query : query.substr(1);
    return {};
}

}  // namespace

std::string_view split_target(request::parts& parts) noexcept {
    std::string_view rest = parts.target;
    if (rest.starts_with('/')) {
        return split_path_and_query(rest, parts);
    }
    if (!has_target_characters_only(rest)) {
        return bad_characters;
    }
    if (rest == "*") {
        parts.path = rest;
        parts.query = {};
        return parts.method == method::options ? std::string_view{}
                                               : "The request target * is for OPTIONS alone.";
    }
    const std::string_view complaint = take_host(rest, parts);
    return complaint.empty() ? split_path_and_query(rest, parts) : complaint;
}

}  // namespace cloakroom::http1
