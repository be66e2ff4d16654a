// SPDX-License-Identifier: MIT
#include "version_order.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <tuple>

namespace cloakroom::serialisability {
namespace {

auto place_of(const key_version& each) noexcept {
    return std::tuple{each.key, each.number};
}

bool is_same(const key_version& a, const key_version& b) noexcept {
    return place_of(a) == place_of(b);
}

// What it wrote went to a fresh session, under another token.
bool ran_elsewhere(const transaction& one) noexcept {
    return one.outcome == outcome::committed &&
           (one.saw == sighting::gone || one.saw == sighting::foreign);
}

}  // namespace

version_order::version_order(const history& transactions, std::span<const std::uint32_t> members)
    : transactions_(&transactions) {
    for (const std::uint32_t member : members) {
        add_versions(member);
    }
    std::sort(versions_.begin(), versions_.end(),
              [](const auto& a, const auto& b) { return place_of(a) < place_of(b); });
    // All who accessed a key brought its first version along; once is enough.
    versions_.erase(std::unique(versions_.begin(), versions_.end(),
                                [](const auto& a, const auto& b) {
                                    return a.writer == nobody && is_same(a, b);
                                }),
                    versions_.end());
    const auto twice = std::adjacent_find(versions_.begin(), versions_.end(), is_same);
    if (twice != versions_.end()) {
        throw std::invalid_argument("version " + std::to_string(twice->number) + " of key " +
                                    std::to_string(twice->key) + " was written twice");
    }
}

void version_order::add_versions(std::uint32_t writer) {
    const transaction& one = (*transactions_)[writer];
    for (auto each = one.accesses.begin(); each != one.accesses.end(); ++each) {
        if (std::any_of(one.accesses.begin(), each,
                        [&](const access& other) { return other.key == each->key; })) {
            throw std::invalid_argument("transaction " + std::to_string(writer) + " accessed key " +
                                        std::to_string(each->key) + " twice");
        }
        versions_.push_back({.key = each->key});
        if (each->made != as_begun && !ran_elsewhere(one)) {
            versions_.push_back({.key = each->key, .number = each->made, .writer = writer});
        }
    }
}

std::uint32_t version_order::find(key_number key, version number) const noexcept {
    const key_version wanted{.key = key, .number = number};
    const auto at =
        std::lower_bound(versions_.begin(), versions_.end(), wanted,
                         [](const auto& a, const auto& b) { return place_of(a) < place_of(b); });
    if (at == versions_.end() || !is_same(*at, wanted)) {
        return nobody;
    }
    return static_cast<std::uint32_t>(at - versions_.begin());
}

read_result version_order::read(std::uint32_t reader, const access& what, std::uint32_t& into) {
    into = find(what.key, what.seen);
    if (into == nobody || versions_[into].writer == reader) {
        return read_result::garbage;  // also its own write, which comes after its reads
    }
    const std::uint32_t writer = versions_[into].writer;
    if (writer == nobody) {
        return read_result::valid;
    }
    const transaction& source = (*transactions_)[writer];
    if (source.outcome == outcome::refused || source.ends) {
        return read_result::aborted;
    }
    if (source.outcome == outcome::unknown) {
        happened_.insert(writer);
    }
    return read_result::valid;
}

std::uint32_t version_order::replace(std::uint32_t replaced, const access& what) {
    std::uint32_t& next = versions_[replaced].next;
    if (next != nobody) {
        return versions_[next].writer;
    }
    next = find(what.key, what.made);
    return nobody;
}

void version_order::place_unknown() {
    if (happened_.empty()) {
        return;
    }
    std::vector<piece> pieces;
    for (std::uint32_t index = 0; index < versions_.size(); ++index) {
        const key_version& each = versions_[index];
        if (each.writer == nobody) {  // the first version of the next key
            connect(pieces);
            pieces.assign(1, piece_from(index));
        } else if (happened_.contains(each.writer)) {
            pieces.push_back(piece_from(index));
        }
    }
    connect(pieces);
}

version_order::piece version_order::piece_from(std::uint32_t head) const {
    piece result{.head = head, .tail = head};
    if (versions_[head].writer == nobody) {
        result.first_end = 0;  // it was there before all others
    }
    for (std::uint32_t at = head; at != nobody; at = versions_[at].next) {
        result.tail = at;
        if (versions_[at].writer != nobody) {
            const transaction& writer = (*transactions_)[versions_[at].writer];
            result.last_begin = std::max(result.last_begin, writer.begin);
            result.first_end = std::min(result.first_end, writer.end);
        }
    }
    return result;
}

// A piece has no room for another one within it. So when any of its writers was answered before any
// writer of another piece began, all of it came first.
void version_order::connect(std::vector<piece>& pieces) {
    if (pieces.size() < 2) {
        return;
    }
    std::sort(pieces.begin(), pieces.end(), [](const piece& a, const piece& b) {
        return std::tuple{a.first_end, a.last_begin} < std::tuple{b.first_end, b.last_begin};
    });
    for (std::size_t index = 1; index < pieces.size(); ++index) {
        const piece& before = pieces[index - 1];
        if (before.first_end < pieces[index].last_begin || before.first_end == 0) {
            versions_[before.tail].next = pieces[index].head;
        }
    }
}

}  // namespace cloakroom::serialisability
