// SPDX-License-Identifier: MIT
// The texts that a session keeps for the next page.
#include "session/reserved_keys.hpp"
#include <cloakroom/json.hpp>
#include <cloakroom/session.hpp>

#include <optional>
#include <utility>

namespace cloakroom {
namespace {

using document = nlohmann::json;

// Both are read: a list of [category, text], which is what we write and Flask reads, and Flask's
// own list of tuples, {" t": [category, text]}.
constexpr const char* flask_tuple = " t";

std::optional<flash_message> read_flash(const document& from) {
    const bool is_tuple = from.is_object() && from.contains(flask_tuple);
    const document& pair = is_tuple ? from.at(flask_tuple) : from;
    if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string()) {
        return std::nullopt;
    }
    return flash_message{pair[0].get<std::string>(), pair[1].get<std::string>()};
}

}  // namespace

void session::flash(std::string_view text, std::string_view category) {
    document list = document::array();
    for (const flash_message& each : take_flashes()) {
        list.push_back({each.category, each.text});
    }
    list.push_back({category, text});
    write(flashes_key, list.dump(-1, ' ', false, document::error_handler_t::replace));
}

std::vector<flash_message> session::take_flashes() {
    std::vector<flash_message> taken;
    const std::optional<std::string_view> kept = read(flashes_key);
    if (!kept) {
        return taken;
    }
    const document list = document::parse(*kept, nullptr, false);
    for (const document& each : list) {
        std::optional<flash_message> flash = read_flash(each);
        if (!list.is_array() || !flash) {
            refuse_type(flashes_key, *kept, "a list of flash messages");
        }
        taken.push_back(std::move(*flash));
    }
    erase(flashes_key);
    return taken;
}

}  // namespace cloakroom
