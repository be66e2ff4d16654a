// SPDX-License-Identifier: MIT
#include "session/owner_index.hpp"

#include "session/random_bytes.hpp"
#include "session/sha256.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

namespace cloakroom {

owner_index::owner_index(std::size_t sessions_per_owner) : sessions_per_owner_(sessions_per_owner) {
    fill_random(secret_);
}

std::size_t owner_index::hash_of(std::string_view name) const noexcept {
    std::array<char, sizeof secret_ + session_record::max_name_bytes> keyed;
    const std::size_t size = std::min(name.size(), session_record::max_name_bytes);
    std::copy(secret_.begin(), secret_.end(), keyed.begin());
    std::copy_n(name.begin(), size, keyed.begin() + sizeof secret_);
    const sha256_digest digest = sha256({keyed.data(), sizeof secret_ + size});
    std::size_t hash = 0;
    std::memcpy(&hash, digest.data(), sizeof hash);
    return hash;
}

owner_index::part& owner_index::part_of(std::size_t hash) noexcept {
    return parts_[(hash >> 48) % parts_.size()];  // the table takes the low bits
}

indexed_owner* owner_index::find(const part& in, std::size_t hash, std::string_view name) noexcept {
    return in.owners.find(hash, [&](const indexed_owner& owner) { return owner.name == name; });
}

void owner_index::acquire(owner_link& link, std::string_view name) {
    const std::size_t hash = hash_of(name);
    part& in = part_of(hash);
    const std::scoped_lock lock{in.mutex};
    indexed_owner* owner = find(in, hash, name);
    if (owner == nullptr) {
        auto made = std::make_unique<indexed_owner>();
        made->name_hash = hash;
        made->name = name;
        owner = made.release();  // the last link deletes it
        in.owners.insert(*owner);
    }
    ++owner->holders;
    link.owner = owner;
}

void owner_index::release(owner_link& link) noexcept {
    if (link.owner == nullptr) {
        return;
    }
    part& in = part_of(link.owner->name_hash);
    std::unique_ptr<indexed_owner> unused;
    const std::scoped_lock lock{in.mutex};
    if (link.is_listed) {
        unlist(link);
    }
    if (--link.owner->holders == 0) {
        in.owners.erase(*link.owner);
        unused.reset(link.owner);
    }
    link.owner = nullptr;
}

void owner_index::list(owner_link& link) noexcept {
    link.owner->links.add(link);
    ++link.owner->listed;
    link.is_listed = true;
}

void owner_index::unlist(owner_link& link) noexcept {
    link.owner->links.remove(link);
    --link.owner->listed;
    link.is_listed = false;
}

std::optional<owner_index::digest_type> owner_index::add(owner_link& link) noexcept {
    indexed_owner& owner = *link.owner;
    const std::scoped_lock lock{part_of(owner.name_hash).mutex};
    list(link);
    if (owner.listed <= sessions_per_owner_) {
        return std::nullopt;
    }
    owner_link& surplus = *owner.links.oldest();
    unlist(surplus);
    return *surplus.digest;
}

bool owner_index::pass_on(owner_link* from, owner_link* to,
                          std::optional<digest_type>& surplus) noexcept {
    indexed_owner* const before = from == nullptr ? nullptr : from->owner;
    indexed_owner* const after = to == nullptr ? nullptr : to->owner;
    if (before != nullptr) {
        const std::scoped_lock lock{part_of(before->name_hash).mutex};
        if (!from->is_listed) {
            return false;
        }
        unlist(*from);
        if (before == after) {
            list(*to);
            return true;
        }
    }
    if (after != nullptr) {
        surplus = add(*to);
    }
    return true;
}

void owner_index::move_up(owner_link& link) noexcept {
    indexed_owner& owner = *link.owner;
    const std::scoped_lock lock{part_of(owner.name_hash).mutex};
    if (link.is_listed) {
        owner.links.use(link);
    }
}

std::vector<owner_index::digest_type> owner_index::find_all(std::string_view name) {
    std::vector<digest_type> found;
    const std::size_t hash = hash_of(name);
    part& in = part_of(hash);
    const std::scoped_lock lock{in.mutex};
    if (const indexed_owner* const owner = find(in, hash, name)) {
        found.reserve(owner->listed);
        for (const owner_link* each = owner->links.newest(); each != nullptr; each = each->older) {
            found.push_back(*each->digest);
        }
    }
    return found;
}

std::vector<owner_index::digest_type> owner_index::take_all(std::string_view name,
                                                            const digest_type* spared) {
    std::vector<digest_type> taken;
    const std::size_t hash = hash_of(name);
    part& in = part_of(hash);
    const std::scoped_lock lock{in.mutex};
    if (indexed_owner* const owner = find(in, hash, name)) {
        taken.reserve(owner->listed);  // from here on nothing fails half-way
        for (owner_link* each = owner->links.newest(); each != nullptr;) {
            owner_link* const next = each->older;
            if (spared == nullptr || *each->digest != *spared) {
                taken.push_back(*each->digest);
                unlist(*each);
            }
            each = next;
        }
    }
    return taken;
}

std::optional<owner_index::digest_type> owner_index::take(std::string_view name,
                                                          const handle_type& handle) {
    const std::size_t hash = hash_of(name);
    part& in = part_of(hash);
    const std::scoped_lock lock{in.mutex};
    const indexed_owner* const owner = find(in, hash, name);
    owner_link* each = owner == nullptr ? nullptr : owner->links.newest();
    for (; each != nullptr; each = each->older) {
        if (std::equal(handle.begin(), handle.end(), each->digest->begin())) {
            unlist(*each);
            return *each->digest;
        }
    }
    return std::nullopt;
}

}  // namespace cloakroom
