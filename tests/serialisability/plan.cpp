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

std::string ending_of(const plan& what) {
    const std::string owner = std::to_string(what.owner);
    if (what.renamed_to != 0) {
        return "as" + std::to_string(what.renamed_to) + (what.owner == 0 ? "" : "by" + owner);
    }
    return what.owner != 0 ? "all" + owner : what.ends ? "end" : what.fails ? "fail" : "go";
}

bool take_ending(std::string_view& text, plan& into) {
    if (take(text, "as")) {
        into.renamed_to = take_number<std::uint32_t>(text);
        into.owner = take(text, "by") ? take_number<std::uint32_t>(text) : 0;
        return true;
    }
    if (take(text, "all")) {
        into.owner = take_number<std::uint32_t>(text);
        return true;
    }
    into.ends = take(text, "end");
    into.fails = take(text, "fail");
    return into.ends || into.fails || take(text, "go");
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
    return result + ending_of(*this);
}

plan plan::parse(std::string_view text) {
    plan result;
    while (!take_ending(text, result)) {
        result.steps.push_back(take_step(text));
        if (!take(text, ",")) {
            throw std::invalid_argument("no step: " + std::string{text});
        }
    }
    if (!text.empty()) {
        throw std::invalid_argument("no plan: " + std::string{text});
    }
    return result;
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
