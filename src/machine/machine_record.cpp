// SPDX-License-Identifier: MIT
#include <cloakroom/json_cursor.hpp>
#include <cloakroom/machine_record.hpp>
#include <cloakroom/text.hpp>

#include <algorithm>
#include <utility>

namespace cloakroom {
namespace {

constexpr std::string_view key_prefix = "_machine.";

bool is_instance_name(std::string_view name) noexcept {
    constexpr std::string_view others = "-._~";
    return name.size() <= machine_record::max_instance_bytes &&
           std::all_of(name.begin(), name.end(), [&](char each) {
               return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
                      (each >= '0' && each <= '9') || others.find(each) != std::string_view::npos;
           });
}

bool is_event_id(std::string_view id) noexcept {
    return id.size() <= machine_record::max_event_id_bytes &&
           std::all_of(id.begin(), id.end(), [](char each) {
               return each > ' ' && each <= '~' && each != '"' && each != '\\' && each != ',';
           });
}

std::string key_of(const machine_table& table) {
    std::string key{key_prefix};
    key += table.name;
    return key;
}

// The session key of the list of instances.
std::string list_key(const machine_table& table) {
    return key_of(table) += '/';
}

std::string quoted(std::string_view plain) {
    std::string text;
    text.reserve(plain.size() + 2);
    text += '"';
    text += plain;
    text += '"';
    return text;
}

std::string_view unquoted(std::string_view json) noexcept {
    return json.size() >= 2 && json.front() == '"' ? json.substr(1, json.size() - 2)
                                                   : std::string_view{};
}

std::string list_of(const std::vector<std::string>& names) {
    std::string json = "[";
    for (const std::string& each : names) {
        json += json.size() == 1 ? "" : ",";
        json += quoted(each);
    }
    return json += ']';
}

// A newer program's session. As any that cannot be used now it is 503, and its text is for the log.
class newer_machine final : public http_error {
public:
    explicit newer_machine(std::string text)
        : http_error(problem{status::service_unavailable,
                             "A newer version of this service has your data. Try again.",
                             {},
                             {{"Retry-After", "1"}}}),
          text_(std::move(text)) {}

    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

private:
    std::string text_;
};

}  // namespace

std::vector<std::string_view> allowed_events(const machine_table& table, std::size_t state) {
    std::vector<std::string_view> allowed;
    for (std::size_t event = 0; event < table.events.size(); ++event) {
        if (table.cell(state, event).targets != 0 && (table.internal_events >> event & 1U) == 0) {
            allowed.push_back(table.events[event]);
        }
    }
    return allowed;
}

std::size_t index_of_name(std::span<const std::string_view> names, std::string_view name) noexcept {
    return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

bool is_final(const machine_table& table, std::size_t state) noexcept {
    const auto row = table.cells.subspan(state * table.events.size(), table.events.size());
    return std::all_of(row.begin(), row.end(), [](const auto& cell) { return cell.targets == 0; });
}

problem refusal_of(const machine_table& table, std::size_t state, std::size_t event,
                   std::string_view reason) {
    const std::vector<std::string_view> allowed = allowed_events(table, state);
    std::string detail{reason};
    if (detail.empty()) {
        const bool is_guarded = table.cell(state, event).is_answered;
        detail = "The event \"" + std::string{table.events[event]} + "\" is ";
        detail += is_guarded ? "refused now, " : "not possible ";
        detail += "in the state \"" + std::string{table.states[state]} + "\".";
    }
    std::string list = "[";
    for (const std::string_view each : allowed) {
        list += list.size() == 1 ? "" : ",";
        append_json_string(list, each);
    }
    list += ']';
    std::string name;
    append_json_string(name, table.states[state]);
    problem content{status::conflict, std::move(detail), {}, {}};
    content.extensions = {{"state", std::move(name)}, {"allowed", std::move(list)}};
    return content;
}

machine_record::machine_record(session& visitor, const machine_table& table,
                               std::string_view instance)
    : visitor_(&visitor), table_(&table), key_(key_of(table)), instance_(instance) {
    if (!instance.empty()) {
        if (!is_instance_name(instance)) {
            throw http_error(status::not_found);
        }
        key_ += '/';
        key_ += instance;
    }
}

std::optional<machine_record::contents> machine_record::load() {
    const std::optional<std::string_view> json = visitor_->read(key_);
    if (!json) {
        return std::nullopt;
    }
    contents stored;
    if (!read(*json, stored)) {
        throw machine_mismatch("the session holds no machine under the key \"" + key_ + "\"");
    }
    is_stored_ = true;
    return stored;
}

bool machine_record::read(std::string_view json, contents& stored) {
    event_ids_.clear();
    event_id_count_ = 0;
    long long since = -1;
    json_cursor at(json);
    std::string_view name;
    if (!at.begin_object()) {
        return false;
    }
    while (at.next_member(name)) {
        if (name == "state") {
            stored.state = unquoted(at.take_value());
        } else if (name == "data") {
            stored.data = at.take_value();
        } else if (name == "since") {
            json_codec<long long>::decode(at.take_value(), since);
        } else if (name == "version") {
            if (!json_codec<unsigned>::decode(at.take_value(), stored.version)) {
                return false;
            }
        } else if (name == "events") {
            if (!read_event_ids(at)) {
                return false;
            }
        } else {
            at.skip_value();
        }
    }
    since_ = session_time{std::chrono::seconds{since}};
    return !at.failed() && at.at_end() && !stored.state.empty() && !stored.data.empty() &&
           since >= 0;
}

// Keeps them without white space, so that one can be found as text.
bool machine_record::read_event_ids(json_cursor& at) {
    if (!at.begin_array()) {
        return false;
    }
    while (at.next_element()) {
        const std::string_view id = unquoted(at.take_value());
        if (id.empty() || !is_event_id(id) || event_id_count_ == max_event_ids) {
            return false;
        }
        add_event_id(id);
    }
    return true;
}

// Those that are known, without the oldest where there is no room, and the new one.
void machine_record::append_event_ids(std::string_view added) {
    std::string_view known = event_ids_;
    if (!added.empty() && event_id_count_ == max_event_ids) {
        known.remove_prefix(known.find(',') + 1);
    }
    if (known.empty() && added.empty()) {
        return;
    }
    scratch_ += R"(,"events":[)";
    scratch_ += known;
    if (!added.empty()) {
        scratch_ += known.empty() ? "\"" : ",\"";
        scratch_ += added;
        scratch_ += '"';
    }
    scratch_ += ']';
}

void machine_record::add_event_id(std::string_view id) {
    if (event_id_count_ == max_event_ids) {
        event_ids_.erase(0, event_ids_.find(',') + 1);
        --event_id_count_;
    }
    event_ids_ += event_ids_.empty() ? "" : ",";
    event_ids_ += quoted(id);
    ++event_id_count_;
}

bool machine_record::has_seen(std::string_view event_id) const {
    if (!is_event_id(event_id)) {
        throw http_error(status::bad_request,
                         "An event's id has at most " + std::to_string(max_event_id_bytes) +
                             " bytes, which are visible ASCII without quotes, commas and "
                             "backslashes.");
    }
    return event_ids_.find(quoted(event_id)) != std::string::npos;
}

std::string& machine_record::begin_store(std::string_view state, session_time since) {
    next_since_ = since;
    scratch_.assign(R"({"state":")");
    scratch_ += state;
    scratch_ += R"(","since":)";
    json_codec<long long>::encode(scratch_, since.time_since_epoch().count());
    scratch_ += R"(,"data":)";
    return scratch_;
}

void machine_record::end_store(unsigned version, std::string_view event_id) {
    if (version != 0) {
        scratch_ += R"(,"version":)";
        json_codec<unsigned>::encode(scratch_, version);
    }
    append_event_ids(event_id);
    scratch_ += '}';
    if (!is_stored_ && !instance_.empty()) {
        enlist();
    }
    visitor_->write(key_, scratch_);
    // Nothing above has changed what is known: the event has not counted when it throws.
    if (!event_id.empty()) {
        add_event_id(event_id);
    }
    is_stored_ = true;
    since_ = next_since_;
}

void machine_record::enlist() {
    std::vector<std::string> names = instances(*visitor_, *table_);
    if (names.size() >= max_instances) {
        throw http_error(status::conflict, "There are " + std::to_string(max_instances) +
                                               " of these already. End or remove one first.");
    }
    names.push_back(instance_);
    visitor_->write(list_key(*table_), list_of(names));
}

void machine_record::erase() {
    visitor_->erase(key_);
    if (is_stored_ && !instance_.empty()) {
        std::vector<std::string> names = instances(*visitor_, *table_);
        std::erase(names, instance_);
        if (names.empty()) {
            visitor_->erase(list_key(*table_));
        } else {
            visitor_->write(list_key(*table_), list_of(names));
        }
    }
    event_ids_.clear();
    event_id_count_ = 0;
    since_ = {};
    is_stored_ = false;
}

std::vector<std::string> machine_record::instances(const session& visitor,
                                                   const machine_table& table) {
    const std::string key = list_key(table);
    const std::optional<std::string_view> json = visitor.read(key);
    std::vector<std::string> names;
    if (!json) {
        return names;
    }
    json_cursor at(*json);
    bool is_right = at.begin_array();
    while (is_right && at.next_element()) {
        names.emplace_back(unquoted(at.take_value()));
        is_right = !names.back().empty() && is_instance_name(names.back());
    }
    if (!is_right || at.failed() || !at.at_end()) {
        throw machine_mismatch("the session holds no list under the key \"" + key + "\"");
    }
    return names;
}

void machine_record::refuse_state(std::string_view state) const {
    throw machine_mismatch("the session holds \"" + key_ + "\" in the state \"" +
                           std::string{state} +
                           "\", which the machine has not got: raise its version, and migrate");
}

void machine_record::refuse_data(std::string_view state) const {
    throw machine_mismatch("the session holds \"" + key_ + "\" in the state \"" +
                           std::string{state} +
                           "\" with data that it does not take: raise the machine's version, and "
                           "migrate");
}

void machine_record::refuse_version(unsigned stored, unsigned own) const {
    throw newer_machine("the session holds \"" + key_ + "\" in version " + std::to_string(stored) +
                        ", and this program writes " + std::to_string(own) +
                        ": deploy the newer program everywhere");
}

}  // namespace cloakroom
