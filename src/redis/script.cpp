// SPDX-License-Identifier: MIT
#include "redis/script.hpp"

#include "redis/command.hpp"

#include <openssl/evp.h>

#include <array>
#include <new>
#include <utility>

namespace cloakroom::redis {

script::script(std::string text) : text_(std::move(text)) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    if (EVP_Digest(text_.data(), text_.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
        throw std::bad_alloc{};
    }
    constexpr std::string_view digits = "0123456789abcdef";
    for (unsigned at = 0; at < size; ++at) {
        sha1_ += digits[digest[at] >> 4U];
        sha1_ += digits[digest[at] & 15U];
    }
}

script_call::script_call(const script& which, std::size_t keys,
                         std::initializer_list<std::string_view> words)
    : which_(&which), words_(words.size() + 3) {
    append_word(tail_, std::to_string(keys));
    for (const std::string_view each : words) {
        append_word(tail_, each);
    }
}

std::string script_call::command(std::string_view verb, std::string_view what) const {
    std::string bytes;
    append_head(bytes, words_);
    append_word(bytes, verb);
    append_word(bytes, what);
    return bytes.append(tail_);
}

}  // namespace cloakroom::redis
