// SPDX-License-Identifier: MIT
#include "session/deflater.hpp"

#include <zlib.h>

#include <new>
#include <utility>

namespace cloakroom {

class deflater::state {
public:
    state() {
        if (deflateInit(&stream_, Z_DEFAULT_COMPRESSION) != Z_OK) {
            throw std::bad_alloc();
        }
    }
    state(const state&) = delete;
    state& operator=(const state&) = delete;
    ~state() { deflateEnd(&stream_); }

    std::size_t deflate(std::string_view bytes, std::span<char> out) {
        deflateReset(&stream_);
        // zlib takes its input by a pointer to what it does not change.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        stream_.avail_in = static_cast<uInt>(bytes.size());
        stream_.next_out = reinterpret_cast<Bytef*>(out.data());
        stream_.avail_out = static_cast<uInt>(out.size());
        return ::deflate(&stream_, Z_FINISH) == Z_STREAM_END ? out.size() - stream_.avail_out : 0;
    }

private:
    z_stream stream_{};
};

deflater::deflater() = default;
deflater::~deflater() = default;

std::unique_ptr<deflater::state> deflater::take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) {
        return nullptr;
    }
    std::unique_ptr<state> taken = std::move(idle_.back());
    idle_.pop_back();
    return taken;
}

std::size_t deflater::deflate(std::string_view bytes, std::span<char> out) {
    std::unique_ptr<state> mine = take();
    if (mine == nullptr) {
        mine = std::make_unique<state>();
    }
    const std::size_t size = mine->deflate(bytes, out);
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(mine));
    return size;
}

}  // namespace cloakroom
