// SPDX-License-Identifier: MIT
#include "plan.hpp"

#include <charconv>
#include <stdexcept>

namespace cloakroom::serialisability {
namespace {

// Takes a number off the front.
template <class Number>
Number take_number(std::string_view& text) {
    Number result = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), result);
    if (error != std::errc{}) {
        throw std::invalid_argument("no number: " + std::string{text});
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return result;
}

bool take(std::string_view& text, std::string_view prefix) {
    const bool is_there = text.starts_with(prefix);
    text.remove_prefix(is_there ? prefix.size() : 0);
    return is_there;
}

step take_step(std::string_view& text) {
    step result{.key = take_number<key_number>(text)};
    result.erases = text.starts_with('~');
    if (take(text, ":") || take(text, "~")) {
        result.made = take_number<version>(text);
    }
    return result;
}

}  // namespace

std::string plan::text() const {
    std::string result;
    for (const step& each : steps) {
        result += std::to_string(each.key);
        if (each.made != as_begun) {
            result += (each.erases ? '~' : ':') + std::to_string(each.made);
        }
        result += ',';
    }
    return result + (ends ? "end" : fails ? "fail" : "go");
}

plan plan::parse(std::string_view text) {
    plan result;
    while (true) {
        result.ends = text == "end";
        result.fails = text == "fail";
        if (result.ends || result.fails || text == "go") {
            return result;
        }
        result.steps.push_back(take_step(text));
        if (!take(text, ",")) {
            throw std::invalid_argument("no step: " + std::string{text});
        }
    }
}

std::string observation::text() const {
    std::string result = std::to_string(born);
    for (const version each : seen) {
        result += ' ' + std::to_string(each);
    }
    return result;
}

observation observation::parse(std::string_view text) {
    observation result{.born = take_number<std::uint32_t>(text), .seen = {}};
    while (take(text, " ")) {
        result.seen.push_back(take_number<version>(text));
    }
    if (!text.empty()) {
        throw std::invalid_argument("no observation: " + std::string{text});
    }
    return result;
}

}  // namespace cloakroom::serialisability
