// SPDX-License-Identifier: MIT
// JSON texts read into C++ values.
// Property: json_fields.hpp takes the texts that nlohmann_json does, reads the same values from
// them, and has the same complaints; and what it writes it reads again.
// Input: a JSON text.
#include "json_input.hpp"
#include "target.hpp"
#include <cloakroom/json.hpp>
#include <cloakroom/json_fields.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace cloakroom::fuzz {
namespace {

struct line {
    std::string sku;
    std::uint8_t quantity = 1;
    static constexpr auto fields =
        cloakroom::fields(field("sku", &line::sku), field("quantity", &line::quantity).optional());
};

struct order {
    std::int64_t id = 0;
    std::uint64_t big = 5;
    std::optional<int> discount;
    std::optional<line> gift;
    std::vector<line> more;
    std::array<std::uint8_t, 2> codes{};
    std::map<std::string, std::vector<int>> sizes;
    std::tuple<int, std::string> pair;
    bool is_paid = false;
    static constexpr auto fields = cloakroom::fields(
        field("id", &order::id), field("big", &order::big).optional(),
        field("discount", &order::discount), field("gift", &order::gift),
        field("more", &order::more).optional(), field("codes", &order::codes).optional(),
        field("sizes", &order::sizes).optional(), field("pair", &order::pair).optional(),
        field("paid", &order::is_paid).optional());
};

std::string shown(const std::vector<field_error>& errors) {
    std::string all;
    for (const field_error& each : errors) {
        all += each.field + ": " + each.message + "\n";
    }
    return all;
}

// REQUIRES: `text` is well-formed, and `tree` is what it says.
template <class T>
void check_as(std::string_view text, const json& tree) {
    std::string expected;
    std::string complaints;
    try {
        const T bound = bind_json<T>(tree);
        write_json(expected, bound);
    } catch (const json_mismatch& mismatch) {
        complaints = shown(mismatch.errors());
    }
    T value{};
    std::vector<field_error> errors;
    const json_outcome outcome = read_json(text, value, errors);
    require_same(shown(errors), complaints, "both have the same complaints");
    require(outcome == (complaints.empty() ? json_outcome::read : json_outcome::mismatched),
            "both take the same texts");
    if (outcome == json_outcome::read) {
        std::string written;
        write_json(written, value);
        require_same(written, expected, "both read the same value");
        T again{};
        require(read_json(written, again, errors) == json_outcome::read,
                "what is written is read again");
        std::string rewritten;
        write_json(rewritten, again);
        require_same(rewritten, written, "what is written is read as it was");
    }
}

void check_double(std::string_view text, const json& tree) {
    double value = 0;
    std::vector<field_error> errors;
    const bool is_read = read_json(text, value, errors) == json_outcome::read;
    require(is_read == holds_number<double>(tree), "both take the same numbers");
    require(!is_read || value == tree.get<double>(), "both read the same number");
}

}  // namespace

void check(std::string_view input) {
    const json_input expected(input);
    if (expected.has_huge_number) {
        return;
    }
    require((check_json(input) == json_outcome::read) == expected.is_json,
            "both take the same texts");
    if (!expected.is_json) {
        order value;
        std::vector<field_error> errors;
        const json_outcome outcome = read_json(input, value, errors);
        require(outcome == json_outcome::malformed || outcome == json_outcome::too_deep,
                "what is no JSON is refused");
        return;
    }
    check_as<order>(input, expected.tree);
    check_as<std::vector<order>>(input, expected.tree);
    check_as<std::map<std::string, std::vector<std::optional<int>>>>(input, expected.tree);
    check_as<std::vector<std::string>>(input, expected.tree);
    check_as<std::int64_t>(input, expected.tree);
    check_as<std::string>(input, expected.tree);
    check_double(input, expected.tree);
}

}  // namespace cloakroom::fuzz
