// SPDX-License-Identifier: MIT
// A hash table that grows and shrinks by single buckets, so that no insertion pays for all others
// as a rehash does: linear hashing (W. Litwin, "Linear hashing: a new tool for file and table
// addressing", VLDB 1980). It owns no entry and has no lock.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace cloakroom {

/// Entries by their hash. An `Entry` has a member `Entry* next_in_bucket`, which belongs to the
/// table while the entry is in it, and `std::size_t hash() const noexcept`, whose low bits are to
/// be evenly distributed. Entries must not move while they are in the table, and outlive it there.
///
/// Buckets lie in segments that never move, the first of them in the table itself: a look-up in a
/// small table waits for one cache miss less. What still grows at once is the directory of segments:
/// 8 bytes for each 128 buckets, so that doubling it at a million entries copies 64 KiB.
template <class Entry>
class growing_table {
public:
    growing_table() = default;
    growing_table(const growing_table&) = delete;
    growing_table& operator=(const growing_table&) = delete;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t bucket_count() const noexcept { return bucket_count_; }

    /// The most bytes that the table takes for an entry, beyond those of an empty table.
    static constexpr std::size_t bytes_per_entry = 2 * sizeof(Entry*) + 1;

    /// The entry of that hash for which `matches(const Entry&)`; null if there is none.
    template <class Matches>
    [[nodiscard]] Entry* find(std::size_t hash, Matches matches) const {
        for (Entry* each = bucket(index_of(hash)); each != nullptr; each = each->next_in_bucket) {
            if (each->hash() == hash && matches(std::as_const(*each))) {
                return each;
            }
        }
        return nullptr;
    }

    /// Has the CPU fetch what a look-up of that hash reads first, in a small table. It reads nothing
    /// itself, so the caller needs no lock for it.
    void prefetch(std::size_t hash) const noexcept {
        __builtin_prefetch(this);
        __builtin_prefetch(&first_segment_[hash % segment_buckets]);
    }

    /// Splits one bucket at most. Where there is no memory for another bucket, it does without.
    void insert(Entry& entry) noexcept {
        push(entry, index_of(entry.hash()));
        if (++size_ > bucket_count_) {
            grow();
        }
    }

    /// Joins two buckets at most. REQUIRES: `entry` is in the table.
    void erase(Entry& entry) noexcept {
        Entry** link = &bucket(index_of(entry.hash()));
        while (*link != &entry) {
            link = &(*link)->next_in_bucket;
        }
        *link = entry.next_in_bucket;
        --size_;
        for (int step = 0; step < 2; ++step) {
            if (bucket_count_ > segment_buckets && bucket_count_ > 2 * size_) {
                shrink();
            }
        }
    }

private:
    static constexpr std::size_t segment_buckets = 128;

    // Buckets up to the split use one more bit of the hash than the others. `mask_` has that bit,
    // so what it takes beyond the last bucket is not split yet.
    [[nodiscard]] std::size_t index_of(std::size_t hash) const noexcept {
        const std::size_t index = hash & mask_;
        return index < bucket_count_ ? index : index & (mask_ >> 1);
    }

    [[nodiscard]] Entry* bucket(std::size_t index) const noexcept {
        return index < segment_buckets
                   ? first_segment_[index]
                   : more_segments_[index / segment_buckets - 1][index % segment_buckets];
    }
    [[nodiscard]] Entry*& bucket(std::size_t index) noexcept {
        return index < segment_buckets
                   ? first_segment_[index]
                   : more_segments_[index / segment_buckets - 1][index % segment_buckets];
    }

    // The bucket that is split to make that one.
    [[nodiscard]] static std::size_t parent_of(std::size_t index) noexcept {
        return index - std::bit_floor(index);
    }

    void push(Entry& entry, std::size_t index) noexcept {
        Entry*& first = bucket(index);
        entry.next_in_bucket = first;
        first = &entry;
    }

    void set_bucket_count(std::size_t count) noexcept {
        bucket_count_ = count;
        mask_ = std::bit_ceil(count) - 1;
    }

    void grow() noexcept {
        if (bucket_count_ == (1 + more_segments_.size()) * segment_buckets) {
            try {
                more_segments_.push_back(std::make_unique<Entry*[]>(segment_buckets));
            } catch (const std::bad_alloc&) {
                return;  // the chains get longer
            }
        }
        const std::size_t added = bucket_count_;
        set_bucket_count(added + 1);
        Entry* each = std::exchange(bucket(parent_of(added)), nullptr);
        while (each != nullptr) {
            Entry* const next = each->next_in_bucket;
            push(*each, index_of(each->hash()));
            each = next;
        }
    }

    void shrink() noexcept {
        const std::size_t last = bucket_count_ - 1;
        Entry* each = std::exchange(bucket(last), nullptr);
        set_bucket_count(last);
        while (each != nullptr) {
            Entry* const next = each->next_in_bucket;
            push(*each, parent_of(last));
            each = next;
        }
        if (last == more_segments_.size() * segment_buckets) {
            more_segments_.pop_back();
        }
    }

    std::size_t bucket_count_ = segment_buckets;
    std::size_t mask_ = segment_buckets - 1;
    std::size_t size_ = 0;
    std::vector<std::unique_ptr<Entry*[]>> more_segments_;
    std::array<Entry*, segment_buckets> first_segment_{};
};

}  // namespace cloakroom
