// SPDX-License-Identifier: MIT
#include "message/json_content.hpp"
#include <cloakroom/json.hpp>
#include <cloakroom/text.hpp>

#include <algorithm>

namespace cloakroom {
namespace {

/// True when arrays and objects are nested no deeper than max_json_depth. It looks at brackets
/// outside strings alone, before anything that recurses sees the text (nlohmann's dump() does).
bool is_shallow(std::string_view text) noexcept {
    std::size_t depth = 0;
    bool is_in_string = false;
    for (std::size_t index = 0; index < text.size(); ++index) {
        const char character = text[index];
        if (character == '"') {
            is_in_string = !is_in_string;
        } else if (is_in_string) {
            index += character == '\\' ? 1U : 0U;
        } else if (character == '[' || character == '{') {
            if (++depth > max_json_depth) {
                return false;
            }
        } else if ((character == ']' || character == '}') && depth > 0) {
            --depth;
        }
    }
    return true;
}

std::string sentence_of(const std::vector<field_error>& errors) {
    std::string sentence = "JSON that does not fit";
    std::string_view separator = ": ";
    for (const field_error& each : errors) {
        sentence.append(separator).append(each.field);
        sentence.append(each.field.empty() ? "" : " ").append(each.message);
        separator = "; ";
    }
    return sentence;
}

}  // namespace

json parse_json(std::string_view text) {
    if (!is_shallow(text)) {
        throw http_error(status::bad_request, "The JSON is nested deeper than " +
                                                  std::to_string(max_json_depth) + " levels.");
    }
    if (text.find('\0') != std::string_view::npos) {  // nlohmann_json takes it for the end
        throw http_error(status::bad_request, "The JSON is malformed: it has a NUL character.");
    }
    try {
        return json::parse(text);
    } catch (const json::exception& error) {
        throw http_error(status::bad_request,
                         "The JSON is malformed: " + json_complaint(error) + ".");
    }
}

json json_of(const request& req) {
    return parse_json(json_content(req));
}

std::string to_json_text(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string json_complaint(const json::exception& error) {
    std::string_view sentence = error.what();
    if (sentence.starts_with("[json.exception.")) {
        sentence.remove_prefix(std::min(sentence.find("] ") + 2, sentence.size()));
    }
    // Two of the sentences go on with what the client sent, however long that is.
    sentence = sentence.substr(0, sentence.find("; last read: '"));
    sentence = sentence.substr(0, sentence.find(" parsing '"));
    return std::string{sentence};
}

json_mismatch::json_mismatch(std::vector<field_error> errors)
    : std::runtime_error(sentence_of(errors)), errors_(std::move(errors)) {}

http_error unprocessable(const json_mismatch& mismatch) {
    return unprocessable_json(mismatch.errors());
}

void json_reader::refuse(const json_place& at, std::string message) {
    errors_.push_back({at.text(), std::move(message)});
}

void json_reader::refuse(const json_place& at, const json_mismatch& inner) {
    const std::string outer = at.text();
    for (const field_error& each : inner.errors()) {
        const bool has_both = !outer.empty() && !each.field.empty();
        errors_.push_back({outer + (has_both ? "." : "") + each.field, each.message});
    }
}

}  // namespace cloakroom
