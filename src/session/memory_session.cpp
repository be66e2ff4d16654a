// SPDX-License-Identifier: MIT
#include "session/memory_session.hpp"

#include <algorithm>
#include <utility>

namespace cloakroom {
namespace {

// What malloc takes for so many bytes: a word for itself, in steps of 16 (glibc).
constexpr std::size_t allocated_bytes(std::size_t size) noexcept {
    return std::max<std::size_t>(32, (size + sizeof(std::size_t) + 15) / 16 * 16);
}

// What a copy of so many characters takes on the heap: nothing when the string has them in itself,
// else also a byte for the terminator.
std::size_t heap_bytes(std::size_t characters) noexcept {
    return characters <= std::string{}.capacity() ? 0 : allocated_bytes(characters + 1);
}

std::size_t names_bytes(std::string_view owner, std::string_view label) noexcept {
    const std::size_t owner_bytes =
        owner.empty() ? 0
                      : allocated_bytes(sizeof(indexed_owner)) + heap_bytes(owner.size()) +
                            growing_table<indexed_owner>::bytes_per_entry;
    const bool has_names = !owner.empty() || !label.empty();
    return has_names
               ? allocated_bytes(sizeof(session_names)) + heap_bytes(label.size()) + owner_bytes
               : 0;
}

constexpr std::size_t bare_bytes =
    allocated_bytes(sizeof(memory_session)) + growing_table<memory_session>::bytes_per_entry;

}  // namespace

void names_disposer::operator()(session_names* which) const noexcept {
    owners->release(which->link);
    delete which;
}

held_names make_names(owner_index& owners, const session_record& record,
                      const session_token::digest_type& digest, session_time now) {
    if (record.owner.empty() && record.label.empty()) {
        return nullptr;
    }
    held_names made{std::make_unique<session_names>().release(), {&owners}};
    made->label = record.label;
    made->link.digest = &digest;
    made->link.used = now;
    if (!record.owner.empty()) {
        owners.acquire(made->link, record.owner);
    }
    return made;
}

std::unique_ptr<memory_session> make_session(owner_index& owners, const session_record& record,
                                             const session_token::digest_type& digest,
                                             session_time now) {
    auto made = std::make_unique<memory_session>();
    made->digest = digest;
    made->set_times(record);
    made->set_values(record.values);
    made->names = make_names(owners, record, made->digest, now);
    return made;
}

void memory_session::copy_to(session_record& into) const {
    into.values = values;
    into.owner.assign(owner());
    into.label.assign(label());
    into.issued = issued;
    into.used = used;
    into.idle_deadline = idle_deadline;
    into.absolute_deadline = absolute_deadline;
}

void memory_session::set_times(const session_record& record) noexcept {
    issued = record.issued;
    used = record.used;
    idle_deadline = record.idle_deadline;
    absolute_deadline = record.absolute_deadline;
}

void memory_session::set_values(session_values fresh) noexcept {
    std::swap(values, fresh);  // a move could keep the old block
    values_bytes = heap_bytes(values.encoded().size());
}

bool memory_session::reuse_for(const session_values& fresh) {
    const std::size_t needed = heap_bytes(fresh.encoded().size());
    if (needed > values_bytes || needed < values_bytes / 2) {
        return false;
    }
    values = fresh;
    return true;
}

std::size_t memory_session::charged_bytes() const noexcept {
    return bare_bytes + values_bytes + names_bytes(owner(), label());
}

std::size_t memory_session::charged_bytes(const session_record& record) noexcept {
    return bare_bytes + heap_bytes(record.values.encoded().size()) +
           names_bytes(record.owner, record.label);
}

}  // namespace cloakroom
