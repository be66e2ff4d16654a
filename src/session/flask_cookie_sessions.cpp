// SPDX-License-Identifier: MIT
#include "session/base64url.hpp"
#include "session/cookie_layers.hpp"
#include "session/cookie_secrets.hpp"
#include "session/deflater.hpp"
#include "session/flask_json.hpp"
#include "session/flask_payload.hpp"
#include "session/flask_signer.hpp"
#include "session/flask_text.hpp"
#include <cloakroom/flask_cookie_sessions.hpp>
#include <cloakroom/setup_error.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>
#include <string_view>
#include <utility>

namespace cloakroom {
namespace {

// Browsers drop cookies whose name, "=" and value are longer (RFC 6265 section 6.1).
constexpr std::size_t most_cookie_characters = 4096;

// How far the clocks of two machines may be apart.
constexpr std::chrono::seconds most_from_the_future{30};

// Beyond what a cookie can say: any longer age is the same.
constexpr std::chrono::seconds longest_age{flask_signer::last_second};

// More than a cookie can inflate to.
constexpr std::size_t most_json_bytes = 8UL * 1024 * 1024;

constexpr std::string_view owner_key = "_owner";
constexpr std::string_view label_key = "_label";

// A small session takes no memory but the stack's.
using small_room = std::array<std::byte, 1024>;

// The text of a JSON string that may be an owner or a label; empty for anything else.
std::string name_in(std::string_view json) {
    if (!json.starts_with('"')) {
        return {};
    }
    std::pmr::string text;
    const bool is_name = append_json_content(text, json.substr(1, json.size() - 2)) &&
                         text.size() <= session_record::max_name_bytes;
    return is_name ? std::string{text} : std::string{};
}

// Moves the name at `key`, if there is one, out of the values.
void take_name(session_values& values, std::string_view key, std::string& name) {
    name.clear();
    if (const auto json = values.find(key)) {
        name = name_in(*json);
        if (!name.empty()) {
            values.erase(key);
        }
    }
}

// The reverse. A name that a handler has set is dropped: it would be read as the record's.
bool put_name(session_values& values, std::string_view key, std::string_view name) {
    if (!name.empty()) {
        std::pmr::string json;
        if (name.size() > session_record::max_name_bytes || !append_flask_string(json, name)) {
            return false;
        }
        values.set(key, json);
    } else if (const auto json = values.find(key); json && !name_in(*json).empty()) {
        values.erase(key);
    }
    return true;
}

bool has_names(const session_record& record) {
    return !record.owner.empty() || !record.label.empty() || record.values.find(owner_key) ||
           record.values.find(label_key);
}

class flask_cookie_store : public session_store {
public:
    explicit flask_cookie_store(flask_cookie_settings settings)
        : secrets_("flask_cookie_sessions", settings.secret, settings.old_secrets),
          signer_(settings.secret, settings.old_secrets),
          settings_(std::move(settings)) {
        settings_.json_bytes = std::min(settings_.json_bytes, most_json_bytes);
    }

    void prepare(const session_setting& setting) override {
        if (most_characters_ != 0) {
            throw setup_error("flask_cookie_sessions: one store serves one app; make another");
        }
        if (!setting.development) {
            secrets_.require_length();
        }
        max_age_ = std::min(settings_.max_age, longest_age);
        idle_time_ = std::min(setting.idle_time, max_age_);
        const std::size_t name = setting.cookie_name.size() + 1;
        most_characters_ = most_cookie_characters - std::min(most_cookie_characters - 1, name);
    }

    [[nodiscard]] session_capabilities capabilities() const noexcept override { return {}; }

    [[nodiscard]] session_load load(const session_token& token, session_time now,
                                    stored_session& into) override {
        if (most_characters_ == 0) {
            return session_load::failed;
        }
        if (token.text().size() > most_characters_) {
            return session_load::invalid;
        }
        const auto cookie = signer_.verified(token.text());
        if (!cookie || cookie->time > now + most_from_the_future) {
            return session_load::invalid;
        }
        session_record& record = into.record;
        record.issued = record.used = cookie->time;
        record.idle_deadline = cookie->time + idle_time_;
        record.absolute_deadline = cookie->time + max_age_;
        if (record.is_expired(now)) {
            return session_load::absent;
        }
        small_room room;
        std::pmr::monotonic_buffer_resource memory(room.data(), room.size());
        std::pmr::string json(&memory);
        if (!decode_flask_payload(cookie->payload, settings_.json_bytes, json) ||
            !read_flask_json(json, record.values)) {
            return session_load::invalid;
        }
        take_name(record.values, owner_key, record.owner);
        take_name(record.values, label_key, record.label);
        into.version = 0;
        into.wants_renewal = !cookie->is_by_active_key;
        return session_load::found;
    }

    [[nodiscard]] session_commit commit(const session_change& change, session_time now,
                                        session_committed& into) override {
        using enum session_change::operation;
        if (change.what == erase) {
            return session_commit::committed;  // the client is told to forget its cookie
        }
        if (most_characters_ == 0) {
            return session_commit::unavailable;
        }
        if (change.what != insert && change.record.is_expired(now)) {
            return session_commit::gone;
        }
        const std::string_view before = change.what == insert ? "" : change.token.text();
        // Later by a second where revocations have just ended all sessions of the owner.
        const session_time time =
            std::max(now, std::min(change.record.issued, now + most_from_the_future));
        if (!has_names(change.record)) {
            return sign(change.record.values, before, time, into.token);
        }
        session_values values = change.record.values;
        return put_name(values, owner_key, change.record.owner) &&
                       put_name(values, label_key, change.record.label)
                   ? sign(values, before, time, into.token)
                   : session_commit::too_large;
    }

private:
    // `before` is the cookie that the client has: what is tagged there stays so.
    session_commit sign(const session_values& values, std::string_view before, session_time now,
                        session_token& token) {
        small_room room;
        std::pmr::monotonic_buffer_resource memory(room.data(), room.size());
        std::pmr::string json(&memory);
        flask_json_outcome outcome = write_flask_json(values, nullptr, settings_.json_bytes, json);
        if (outcome == flask_json_outcome::has_tags) {
            flask_tagged_objects tagged = tags_of(before);
            outcome = write_flask_json(values, &tagged, settings_.json_bytes, json);
        }
        if (outcome != flask_json_outcome::written) {
            return session_commit::too_large;
        }
        std::array<char, most_cookie_characters + flask_signer::most_suffix_characters> text;
        const std::size_t payload =
            encode_flask_payload(json, deflater_, std::span{text}.first(most_characters_));
        const std::size_t size = payload == 0 ? 0 : signer_.sign(text.data(), payload, now);
        if (size == 0 || size > most_characters_) {
            return session_commit::too_large;
        }
        token.assign({text.data(), size});
        return session_commit::committed;
    }

    [[nodiscard]] flask_tagged_objects tags_of(std::string_view text) const {
        flask_tagged_objects tagged;
        std::pmr::string json;
        const auto cookie = signer_.verified(text.substr(0, most_characters_));
        if (cookie && decode_flask_payload(cookie->payload, settings_.json_bytes, json)) {
            collect_flask_tags(json, tagged);
        }
        return tagged;
    }

    cookie_secrets secrets_;
    flask_signer signer_;
    flask_cookie_settings settings_;
    deflater deflater_;
    std::chrono::seconds max_age_{};
    std::chrono::seconds idle_time_{};
    std::size_t most_characters_ = 0;  // of a value; 0 until prepared
};

}  // namespace

std::unique_ptr<session_store> flask_cookie_sessions(const flask_cookie_settings& settings) {
    if (settings.max_age <= std::chrono::seconds::zero()) {
        throw setup_error("flask_cookie_sessions: max_age has to be positive");
    }
    return layered(std::make_unique<flask_cookie_store>(settings), settings);
}

}  // namespace cloakroom
