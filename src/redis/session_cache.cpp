// SPDX-License-Identifier: MIT
#include "redis/session_cache.hpp"

#include <utility>

namespace cloakroom::redis {
namespace {

// What an entry takes beyond its texts: nodes of the list and the table, and the record.
constexpr std::size_t entry_overhead_bytes = 400;

std::size_t bytes_of(const std::string& key, const session_record& record) {
    return entry_overhead_bytes + key.size() + record.values.encoded().size() +
           record.owner.size() + record.label.size();
}

}  // namespace

const stored_session* session_cache::find(std::string_view key) {
    const auto found = by_key_.find(key);
    if (found == by_key_.end()) {
        return nullptr;
    }
    entries_.splice(entries_.begin(), entries_, found->second);
    return &found->second->session;
}

void session_cache::drop(std::string_view key) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
        erase(found->second);
    }
    if (const auto found = loads_.find(key); found != loads_.end()) {
        found->second.is_stale = true;
    }
}

void session_cache::clear() {
    by_key_.clear();
    entries_.clear();
    bytes_ = 0;
    for (auto& [key, each] : loads_) {
        each.is_stale = true;
    }
}

void session_cache::insert(const std::string& key, const stored_session& session) {
    if (const auto found = by_key_.find(key); found != by_key_.end()) {
        erase(found->second);
    }
    const std::size_t bytes = bytes_of(key, session.record);
    if (bytes > capacity_bytes_) {
        return;
    }
    while (bytes_ + bytes > capacity_bytes_) {
        erase(std::prev(entries_.end()));
    }
    entries_.push_front({key, session, bytes});
    by_key_.emplace(entries_.front().key, entries_.begin());
    bytes_ += bytes;
}

void session_cache::erase(order::iterator which) {
    bytes_ -= which->bytes;
    by_key_.erase(which->key);
    entries_.erase(which);
}

session_cache::load::load(std::shared_ptr<session_cache> cache, std::string_view key)
    : cache_(std::move(cache)), at_(cache_->loads_.try_emplace(std::string{key}).first) {
    ++at_->second.count;
}

session_cache::load::~load() {
    if (--at_->second.count == 0) {
        cache_->loads_.erase(at_);
    }
}

void session_cache::load::keep(const stored_session& loaded) {
    if (!at_->second.is_stale) {
        cache_->insert(at_->first, loaded);
    }
}

}  // namespace cloakroom::redis
