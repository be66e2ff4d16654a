// SPDX-License-Identifier: MIT
#include "command_reader.hpp"

#include <charconv>
#include <cstddef>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace cloakroom::redis {
namespace {

constexpr std::size_t most_bytes = 1024UL * 1024;

// A line such as "*3\r\n": its number. None when it is not whole.
std::optional<std::size_t> take_number(std::string_view& bytes, char kind) {
    const std::size_t end = bytes.find("\r\n");
    if (end == std::string_view::npos) {
        return std::nullopt;
    }
    std::size_t number = 0;
    const std::string_view line = bytes.substr(0, end);
    const char* const stop = line.data() + line.size();
    if (line.size() < 2 || line.front() != kind) {
        throw std::runtime_error("this is no command: " + std::string{line});
    }
    const auto [read, error] = std::from_chars(line.data() + 1, stop, number);
    if (error != std::errc{} || read != stop || number > most_bytes) {
        throw std::runtime_error("this is no number: " + std::string{line});
    }
    bytes.remove_prefix(end + 2);
    return number;
}

}  // namespace

std::optional<std::vector<std::string>> command_reader::next() {
    std::string_view rest = received_;
    const std::optional<std::size_t> count = take_number(rest, '*');
    std::vector<std::string> words;
    while (count && words.size() < *count) {
        const std::optional<std::size_t> length = take_number(rest, '$');
        if (!length || rest.size() < *length + 2) {
            break;
        }
        words.emplace_back(rest.substr(0, *length));
        rest.remove_prefix(*length + 2);
    }
    if (!count || words.size() < *count) {
        if (received_.size() > most_bytes) {
            throw std::runtime_error("a command is over a mebibyte");
        }
        return std::nullopt;
    }
    received_.erase(0, received_.size() - rest.size());
    return words;
}

}  // namespace cloakroom::redis
