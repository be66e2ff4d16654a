// SPDX-License-Identifier: MIT
#include "redis/reply_reader.hpp"

#include <hiredis/read.h>

#include <algorithm>
#include <new>
#include <utility>

namespace cloakroom::redis {
namespace {

// What hiredis calls for each element. They are called by C: nothing may be thrown, and null means
// that the reply cannot be had.

// A list grows as its elements come, however many it says there will be: hiredis asks for them in
// their order, and never again for one that is complete.
reply* place(const redisReadTask* task) {
    if (task->parent == nullptr) {
        return new reply;
    }
    return &static_cast<reply*>(task->parent->obj)->elements.emplace_back();
}

// @param set What makes of the new reply what was read.
template <class Set>
void* make(const redisReadTask* task, Set set) noexcept {
    reply* made = nullptr;
    try {
        made = place(task);
        set(*made);
        return made;
    } catch (const std::bad_alloc&) {
        if (task->parent == nullptr) {
            delete made;
        }
        return nullptr;
    }
}

void* make_text(const redisReadTask* task, char* bytes, std::size_t size) noexcept {
    return make(task, [&](reply& made) {
        made.what = task->type == REDIS_REPLY_ERROR    ? reply::kind::error
                    : task->type == REDIS_REPLY_STATUS ? reply::kind::status
                                                       : reply::kind::text;
        made.text.assign(bytes, size);
    });
}

void* make_list(const redisReadTask* task, int size) noexcept {
    constexpr int usual_elements = 4;
    if (size > reply_reader::max_elements) {
        return nullptr;
    }
    return make(task, [&](reply& made) {
        made.what = reply::kind::list;
        made.elements.reserve(static_cast<std::size_t>(std::min(size, usual_elements)));
    });
}

void* make_integer(const redisReadTask* task, long long value) noexcept {
    return make(task, [&](reply& made) {
        made.what = reply::kind::integer;
        made.number = value;
    });
}

void* make_nil(const redisReadTask* task) noexcept {
    return make(task, [](reply& made) { made.what = reply::kind::nil; });
}

void dispose(void* made) noexcept {
    delete static_cast<reply*>(made);
}

redisReplyObjectFunctions functions{make_text, make_list, make_integer, make_nil, dispose};

}  // namespace

void reply_reader::reader_deleter::operator()(redisReader* reader) const noexcept {
    redisReaderFree(reader);
}

reply_reader::reply_reader() : reader_(redisReaderCreateWithFunctions(&functions)) {
    if (reader_ == nullptr) {
        throw std::bad_alloc{};
    }
}

void reply_reader::feed(std::string_view bytes) {
    held_bytes_ += bytes.size();
    is_too_large_ = is_too_large_ || held_bytes_ > max_reply_bytes;
    if (!is_too_large_) {
        redisReaderFeed(reader_.get(), bytes.data(), bytes.size());
    }
}

reply_reader::progress reply_reader::next(reply& into) {
    void* made = nullptr;
    if (is_too_large_ || redisReaderGetReply(reader_.get(), &made) != REDIS_OK) {
        return progress::failed;
    }
    if (made == nullptr) {
        return progress::incomplete;
    }
    const std::unique_ptr<reply> owned{static_cast<reply*>(made)};
    into = std::move(*owned);
    held_bytes_ = reader_->len - reader_->pos;
    return progress::complete;
}

std::string reply_reader::error() const {
    return is_too_large_ ? "a reply of more than 64 MiB" : reader_->errstr;
}

}  // namespace cloakroom::redis
