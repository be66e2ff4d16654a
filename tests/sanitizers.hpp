// SPDX-License-Identifier: MIT
// Whether a test runs under AddressSanitizer and UndefinedBehaviorSanitizer, or ThreadSanitizer.
#pragma once

namespace cloakroom {

#if defined(__clang__)
inline constexpr bool has_sanitizers = __has_feature(address_sanitizer);
inline constexpr bool has_thread_sanitizer = __has_feature(thread_sanitizer);
#else
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool has_sanitizers = true;
#else
inline constexpr bool has_sanitizers = false;
#endif
#ifdef __SANITIZE_THREAD__
inline constexpr bool has_thread_sanitizer = true;
#else
inline constexpr bool has_thread_sanitizer = false;
#endif
#endif

/// UBSan looks at a vptr through a pipe, and calls it wrong where there can be none.
inline constexpr const char* takes_descriptors_away = "UBSan needs a descriptor to look at vptrs";

}  // namespace cloakroom
