// SPDX-License-Identifier: MIT
#include <cloakroom/session.hpp>

namespace cloakroom {
namespace {

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
    values_.for_each([&](std::string_view key, std::string_view) { result.emplace_back(key); });
    return result;
}

std::optional<std::string_view> session::read(std::string_view key) const {
    accessed(key).was_read = true;
    return values_.find(key);
}

void session::write(std::string_view key, std::string_view json) {
    if (ends_) {
        throw std::logic_error("session.set() after session.end(): what ends keeps nothing");
    }
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

void session::refuse_type(std::string_view key, std::string_view json, std::string_view asked) {
    std::string text = "the session key \"";
    text += key;
    text += "\" holds ";
    text += kind_of_json(json);
    text += ", and the handler asked for ";
    text += asked;
    throw session_type_error(text);
}

}  // namespace cloakroom
