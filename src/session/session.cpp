// SPDX-License-Identifier: MIT
#include "session/broken_contents.hpp"
#include "session/reserved_keys.hpp"
#include <cloakroom/session.hpp>

#include <utility>

namespace cloakroom {
namespace {

void check_name(std::string_view text, std::string_view what) {
    if (text.size() > session_record::max_name_bytes) {
        throw std::invalid_argument("session." + std::string{what} + "() was given " +
                                    std::to_string(text.size()) + " bytes; at most " +
                                    std::to_string(session_record::max_name_bytes) + " are kept");
    }
}

std::string_view kind_of_json(std::string_view json) noexcept {
    switch (json.empty() ? '\0' : json.front()) {
        case '"':
            return "a string";
        case '{':
            return "an object";
        case '[':
            return "an array";
        case 't':
        case 'f':
            return "a boolean";
        case 'n':
            return "null";
        default:
            return "a number";
    }
}

}  // namespace

void session::erase(std::string_view key) {
    accessed(key).was_written = true;
    values_.erase(key);
}

std::vector<std::string> session::keys() const {
    has_read_all_ = true;
    std::vector<std::string> result;
    values_.for_each([&](std::string_view key, std::string_view) {
        if (!is_reserved(key)) {
            result.emplace_back(key);
        }
    });
    return result;
}

std::optional<std::string_view> session::read(std::string_view key) const {
    accessed(key).was_read = true;
    return values_.find(key);
}

void session::write(std::string_view key, std::string_view json) {
    refuse_after_end("set");
    accessed(key).was_written = true;
    values_.set(key, json);
}

session::access& session::accessed(std::string_view key) const {
    for (std::size_t index = 0; index < access_count_; ++index) {
        if (accesses_[index].key == key) {
            return accesses_[index];
        }
    }
    if (access_count_ == accesses_.size()) {
        accesses_.emplace_back();
    }
    access& added = accesses_[access_count_++];
    added.key.assign(key);
    added.was_read = added.was_written = false;
    return added;
}

void session::refuse_after_end(std::string_view what) const {
    if (ends_) {
        throw std::logic_error("session." + std::string{what} +
                               "() after session.end(): what ends keeps nothing");
    }
}

void session::renew() {
    refuse_after_end("renew");
    renews_ = true;
}

void session::elevate(std::string_view owner) {
    if (owner.empty()) {
        throw std::invalid_argument("session.elevate() was given no owner");
    }
    check_name(owner, "elevate");
    refuse_after_end("elevate");
    owner_.assign(owner);
    renews_ = true;
    elevates_ = true;
    erase(csrf_key);
}

void session::set_label(std::string_view text) {
    check_name(text, "set_label");
    refuse_after_end("set_label");
    label_.assign(text);
}

void session::end_all(std::string_view owner) {
    if (!capabilities_.ends_by_owner) {
        throw std::logic_error(
            "session.end_all(): this session store cannot end the sessions of an owner; take "
            "another, or give a cookie store .revocations");
    }
    endings_.push_back({std::string{owner}, {}, false});
    ends_ = ends_ || owner == owner_;
}

void session::end_others() {
    if (owner_.empty()) {
        return;
    }
    refuse_after_end("end_others");
    if (!capabilities_.ends_by_owner) {
        end_all(owner_);  // says what is missing
    }
    endings_.push_back({owner_, {}, true});
    renews_ = true;
    ends_others_ = true;
}

void session::end_other(std::string_view handle) {
    if (!capabilities_.owner_index) {
        throw std::logic_error(
            "session.end_other(): this session store has no index by owner; take another, for "
            "example memory_sessions()");
    }
    if (!owner_.empty()) {
        endings_.push_back({owner_, std::string{handle}, false});
    }
}

void session::refuse_type(std::string_view key, std::string_view json, std::string_view asked) {
    if (!json_text::is_json(json)) {  // looked for here alone, so that reading does not pay for it
        throw broken_contents(key, "is no JSON");
    }
    std::string text = "the session key \"";
    text += key;
    text += "\" holds ";
    text += kind_of_json(json);
    text += ", and the handler asked for the type ";
    text += asked;
    throw session_type_error(text);
}

}  // namespace cloakroom
