// SPDX-License-Identifier: MIT
// The versions that the keys of one session have had: who wrote each, and which came next. Judges
// nothing but single reads and writes.
#pragma once

#include "history.hpp"

#include <cstdint>
#include <span>
#include <unordered_set>
#include <vector>

namespace cloakroom::serialisability {

inline constexpr std::uint32_t nobody = 0xffff'ffff;

/// One version of one key.
struct key_version {
    key_number key = 0;
    version number = as_begun;
    std::uint32_t writer = nobody;  ///< A position in the history; nobody for as_begun.
    std::uint32_t next = nobody;    ///< The version that came next, as an index in the order.
};

/// What a committed transaction read: a version that is there, or not.
enum class read_result : std::uint8_t { valid, garbage, aborted };

/// All versions of one session. The order of a key's versions follows from that who writes has
/// read before: what it read came last before what it wrote.
class version_order {
public:
    /// @param members  The positions of the session's transactions.
    /// @throws std::invalid_argument when two of them wrote the same version, or one accessed a key
    ///         twice.
    version_order(const history& transactions, std::span<const std::uint32_t> members);

    /// Takes a read of a committed transaction.
    ///
    /// @param into  The index of the version that was read, where the result is valid.
    [[nodiscard]] read_result read(std::uint32_t reader, const access& what, std::uint32_t& into);

    /// Takes a write of a committed transaction that read the version of index `replaced`.
    ///
    /// @return Nobody; or who had replaced it already, so that an update is lost.
    [[nodiscard]] std::uint32_t replace(std::uint32_t replaced, const access& what);

    /// After all reads and writes: puts those of unknown outcome where they belong. For what they
    /// read, and so replaced, is not known; but often only one place is left.
    void place_unknown();

    /// Whether a transaction of unknown outcome has happened: another one read what it wrote.
    [[nodiscard]] bool has_happened(std::uint32_t writer) const {
        return happened_.contains(writer);
    }

    [[nodiscard]] const std::vector<key_version>& versions() const noexcept { return versions_; }

private:
    // A row of versions that follow one another, from as_begun or an unknown write on.
    struct piece {
        std::uint32_t head;
        std::uint32_t tail;
        tick last_begin = 0;     // of its writers
        tick first_end = never;  // of its writers
    };

    void add_versions(std::uint32_t writer);
    [[nodiscard]] std::uint32_t find(key_number key, version number) const noexcept;
    [[nodiscard]] piece piece_from(std::uint32_t head) const;
    void connect(std::vector<piece>& pieces);

    const history* transactions_;
    std::vector<key_version> versions_;  // by key and number
    std::unordered_set<std::uint32_t> happened_;
};

}  // namespace cloakroom::serialisability
