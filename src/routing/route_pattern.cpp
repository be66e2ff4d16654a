// SPDX-License-Identifier: MIT
#include "routing/route_pattern.hpp"

#include <cloakroom/setup_error.hpp>

#include <algorithm>

namespace cloakroom::routing {
namespace {

constexpr std::string_view tail_mark = "...";

constexpr bool is_control(char byte) {
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7F;
}

constexpr bool is_name_begin(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

constexpr bool is_name_byte(char byte) {
    return is_name_begin(byte) || (byte >= '0' && byte <= '9');
}

bool is_name(std::string_view text) {
    return !text.empty() && is_name_begin(text.front()) &&
           std::all_of(text.begin(), text.end(), is_name_byte);
}

std::string escaped(char byte) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto value = static_cast<unsigned char>(byte);
    return {'\\', 'x', digits[value >> 4U], digits[value & 0xFU]};
}

/// Reads a pattern segment by segment.
class pattern_parser {
public:
    explicit pattern_parser(std::string_view pattern) : pattern_(pattern) {}

    route_pattern parse() {
        check_bytes();
        std::size_t segments = 0;
        for (std::size_t begin = 1; begin <= pattern_.size();) {
            if (++segments > max_pattern_segments) {
                fail(
                    "has more than " + std::to_string(max_pattern_segments) + " segments; one more",
                    begin,
                    "split the path up less, or take the rest with a tail, as in \"{path...}\"");
            }
            const std::size_t end = std::min(pattern_.find('/', begin), pattern_.size());
            parsed_.shape += '/';
            read_segment(begin, pattern_.substr(begin, end - begin));
            begin = end + 1;
        }
        return std::move(parsed_);
    }

private:
    [[noreturn]] void fail(const std::string& what, std::size_t offset,
                           const std::string& what_to_do) const {
        throw setup_error("the route pattern " + quoted(pattern_) + " " + what + " at offset " +
                          std::to_string(offset) + ": " + what_to_do);
    }

    void check_bytes() const {
        if (pattern_.empty() || pattern_.front() != '/') {
            fail("has no slash", 0, "write " + quoted(std::string("/").append(pattern_)));
        }
        for (std::size_t offset = 0; offset < pattern_.size(); ++offset) {
            const char byte = pattern_[offset];
            if (is_control(byte)) {
                fail("has a control character", offset, "remove it");
            }
            if (byte == '?') {
                fail("has a \"?\"", offset,
                     "a query is no part of a pattern; take it as a parameter of the handler");
            }
            if (byte == '#') {
                fail("has a \"#\"", offset, "remove the fragment, which no client sends");
            }
            if (byte == '%') {
                fail("has a \"%\"", offset,
                     "write the character itself, because paths are decoded before they are "
                     "matched");
            }
        }
    }

    void read_segment(std::size_t begin, std::string_view segment) {
        const std::size_t open = segment.find('{');
        const std::size_t close = segment.find('}');
        if (open == std::string_view::npos && close == std::string_view::npos) {
            parsed_.shape += segment;
            return;
        }
        if (close < open) {
            fail("closes a brace that it did not open", begin + close, "remove it");
        }
        if (close == std::string_view::npos) {
            fail("opens a brace that its segment does not close", begin + open,
                 "close it after the name, as in \"{name}\"");
        }
        if (open != 0 || close + 1 != segment.size()) {
            fail("has a placeholder that is not the whole segment", begin + open,
                 "let the placeholder take the segment, and take the value apart in the handler");
        }
        read_placeholder(begin, segment.substr(1, segment.size() - 2));
    }

    void read_placeholder(std::size_t begin, std::string_view name) {
        const bool is_tail = name.ends_with(tail_mark);
        if (is_tail) {
            name.remove_suffix(tail_mark.size());
        }
        check_name(begin, name);
        if (parsed_.names.size() == max_path_values) {
            fail("has more than " + std::to_string(max_path_values) + " placeholders; one more",
                 begin, "take several segments with a tail, as in \"{path...}\"");
        }
        const std::size_t end = begin + name.size() + (is_tail ? 2 + tail_mark.size() : 2);
        if (is_tail && end != pattern_.size()) {
            fail("goes on after the tail " + quoted(pattern_.substr(begin, end - begin)), end,
                 "a tail takes the rest of the path, so make it the last segment");
        }
        parsed_.names.emplace_back(name);
        parsed_.shape += is_tail ? "{...}" : "{}";
    }

    void check_name(std::size_t begin, std::string_view name) const {
        if (name.empty()) {
            fail("has a placeholder without a name", begin, "name it, as in \"{name}\"");
        }
        if (!is_name(name)) {
            fail("has the name " + quoted(name), begin + 1,
                 "a name is made of letters, digits and underscores and begins with no digit");
        }
        if (std::find(parsed_.names.begin(), parsed_.names.end(), name) != parsed_.names.end()) {
            fail("has the name " + quoted(name) + " again", begin + 1,
                 "give each placeholder a name of its own");
        }
    }

    std::string_view pattern_;
    route_pattern parsed_;
};

}  // namespace

route_pattern parse_route_pattern(std::string_view pattern) {
    return pattern_parser(pattern).parse();
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char byte : text) {
        result += is_control(byte) ? escaped(byte) : std::string(1, byte);
    }
    return result + '"';
}

}  // namespace cloakroom::routing
