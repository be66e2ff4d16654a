// SPDX-License-Identifier: MIT
// Entries in the order of their last use. It owns none of them and has no lock.
#pragma once

namespace cloakroom {

/// A list through the members `Entry* newer` and `Entry* older`, which belong to it while an entry
/// is in it. Each operation takes the same short time.
template <class Entry>
class use_order {
public:
    /// Used last; null when the list is empty.
    [[nodiscard]] Entry* newest() const noexcept { return newest_; }
    [[nodiscard]] Entry* oldest() const noexcept { return oldest_; }

    /// Puts an entry in as the newest. REQUIRES: it is in no list.
    void add(Entry& entry) noexcept {
        entry.older = newest_;
        entry.newer = nullptr;
        (newest_ == nullptr ? oldest_ : newest_->newer) = &entry;
        newest_ = &entry;
    }

    /// REQUIRES: the entry is in this list; also for those that follow.
    void remove(Entry& entry) noexcept {
        (entry.older == nullptr ? oldest_ : entry.older->newer) = entry.newer;
        (entry.newer == nullptr ? newest_ : entry.newer->older) = entry.older;
    }

    /// Makes it the newest.
    void use(Entry& entry) noexcept {
        if (&entry != newest_) {
            remove(entry);
            add(entry);
        }
    }

private:
    Entry* newest_ = nullptr;
    Entry* oldest_ = nullptr;
};

}  // namespace cloakroom
