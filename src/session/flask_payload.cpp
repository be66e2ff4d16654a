// SPDX-License-Identifier: MIT
#include "session/flask_payload.hpp"

#include "session/base64url.hpp"
#include "session/deflate_bound.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>
#include <optional>
#include <vector>

namespace cloakroom {
namespace {

unsigned char* to_octets(const char* bytes) noexcept {
    // zlib takes its input by a pointer to what it does not change.
    return reinterpret_cast<unsigned char*>(const_cast<char*>(bytes));
}

// Ends its stream.
struct open_stream {
    z_stream stream{};
    open_stream() = default;
    open_stream(const open_stream&) = delete;
    open_stream& operator=(const open_stream&) = delete;
    ~open_stream() { inflateEnd(&stream); }
};

bool inflate_into(std::string_view bytes, std::size_t most, std::pmr::string& json) {
    open_stream open;
    if (inflateInit(&open.stream) != Z_OK) {
        throw std::bad_alloc();
    }
    open.stream.next_in = to_octets(bytes.data());
    open.stream.avail_in = static_cast<uInt>(bytes.size());
    json.clear();
    for (int outcome = Z_OK; outcome != Z_STREAM_END;) {
        const std::size_t begin = json.size();
        // One byte over the limit is room to find out that there is more.
        json.resize(std::min(most + 1, begin + std::max<std::size_t>(begin, 2048)));
        open.stream.next_out = to_octets(json.data() + begin);
        open.stream.avail_out = static_cast<uInt>(json.size() - begin);
        outcome = inflate(&open.stream, Z_NO_FLUSH);
        if (outcome == Z_MEM_ERROR) {
            throw std::bad_alloc();  // the stream may be a good one
        }
        json.resize(json.size() - open.stream.avail_out);
        // A stream that gains nothing is cut short.
        if ((outcome != Z_OK && outcome != Z_STREAM_END) || json.size() > most ||
            (outcome == Z_OK && json.size() == begin)) {
            return false;
        }
    }
    return open.stream.avail_in == 0;
}

}  // namespace

std::size_t encode_flask_payload(std::string_view json, deflater& with, std::span<char> out) {
    if (!out.empty() && json.size() > 2 && !deflating_surely_gains_nothing(json)) {
        std::array<char, 3072> room;
        std::pmr::monotonic_buffer_resource memory(room.data(), room.size());
        std::pmr::vector<char> bytes(
            std::min(json.size() - 2, base64url_decoded_size(out.size() - 1)), &memory);
        if (const std::size_t deflated = with.deflate(json, bytes); deflated != 0) {
            out[0] = '.';
            base64url_encode({bytes.data(), deflated}, out.data() + 1);
            return 1 + base64url_size(deflated);
        }
    }
    const std::size_t size = base64url_size(json.size());
    if (size > out.size()) {
        return 0;
    }
    base64url_encode(json, out.data());
    return size;
}

bool decode_flask_payload(std::string_view payload, std::size_t most, std::pmr::string& json) {
    const bool is_deflated = payload.starts_with('.');
    payload.remove_prefix(is_deflated ? 1 : 0);
    std::array<char, 512> room;
    std::pmr::monotonic_buffer_resource memory(room.data(), room.size());
    std::pmr::string deflated(&memory);
    std::pmr::string& bytes = is_deflated ? deflated : json;
    bytes.resize(base64url_decoded_size(payload.size()));
    const std::optional<std::size_t> size = base64url_decode(payload, bytes.data());
    if (!size) {
        return false;
    }
    return is_deflated ? inflate_into(deflated, most, json) : json.size() <= most;
}

}  // namespace cloakroom
