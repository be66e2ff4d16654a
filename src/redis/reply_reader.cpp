// SPDX-License-Identifier: MIT
#include "redis/reply_reader.hpp"

#include <hiredis/read.h>

#include <new>
#include <utility>

namespace cloakroom::redis {
namespace {

// What hiredis calls for each element. They are called by C: nothing may be thrown, and null means
// that the reply cannot be had.

reply* place(const redisReadTask* task) {
    if (task->parent == nullptr) {
        return new (std::nothrow) reply;
    }
    return &static_cast<reply*>(task->parent->obj)->elements[static_cast<std::size_t>(task->idx)];
}

void* make_text(const redisReadTask* task, char* bytes, std::size_t size) noexcept {
    reply* const made = place(task);
    if (made == nullptr) {
        return nullptr;
    }
    made->what = task->type == REDIS_REPLY_ERROR    ? reply::kind::error
                 : task->type == REDIS_REPLY_STATUS ? reply::kind::status
                                                    : reply::kind::text;
    try {
        made->text.assign(bytes, size);
        return made;
    } catch (const std::bad_alloc&) {
        if (task->parent == nullptr) {
            delete made;
        }
        return nullptr;
    }
}

void* make_list(const redisReadTask* task, int size) noexcept {
    if (size > reply_reader::max_elements) {
        return nullptr;
    }
    reply* const made = place(task);
    if (made == nullptr) {
        return nullptr;
    }
    made->what = reply::kind::list;
    try {
        made->elements.resize(static_cast<std::size_t>(size));
        return made;
    } catch (const std::bad_alloc&) {
        if (task->parent == nullptr) {
            delete made;
        }
        return nullptr;
    }
}

void* make_integer(const redisReadTask* task, long long value) noexcept {
    reply* const made = place(task);
    if (made != nullptr) {
        made->what = reply::kind::integer;
        made->number = value;
    }
    return made;
}

void* make_nil(const redisReadTask* task) noexcept {
    reply* const made = place(task);
    if (made != nullptr) {
        made->what = reply::kind::nil;
    }
    return made;
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
