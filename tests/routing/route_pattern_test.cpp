// SPDX-License-Identifier: MIT
#include "routing/route_pattern.hpp"

#include <cloakroom/setup_error.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::routing {
namespace {

std::string error_of(std::string_view pattern) {
    try {
        static_cast<void>(parse_route_pattern(pattern));
    } catch (const setup_error& error) {
        return error.what();
    }
    return "no error";
}

/// "/{p0}/{p1}" and so on.
std::string with_placeholders(std::size_t count) {
    std::string pattern;
    for (std::size_t index = 0; index < count; ++index) {
        pattern.append("/{p").append(std::to_string(index)).append("}");
    }
    return pattern;
}

std::string with_segments(std::size_t count) {
    std::string pattern;
    for (std::size_t index = 0; index < count; ++index) {
        pattern += "/s";
    }
    return pattern;
}

TEST(RoutePattern, SeparatesTheShapeFromTheNames) {
    struct row {
        std::string_view pattern;
        std::string_view shape;
        std::vector<std::string> names;
    };
    const std::vector<row> rows{
        {"/", "/", {}},
        {"/users", "/users", {}},
        {"/users/", "/users/", {}},
        {"//", "//", {}},
        {"/users/{id}", "/users/{}", {"id"}},
        {"/{_a1}/{B}/", "/{}/{}/", {"_a1", "B"}},
        {"/files/{path...}", "/files/{...}", {"path"}},
        {"/{path...}", "/{...}", {"path"}},
        {"/caf\xC3\xA9/a b/~!$&'()*+,;=:@", "/caf\xC3\xA9/a b/~!$&'()*+,;=:@", {}},
    };
    for (const row& each : rows) {
        const route_pattern parsed = parse_route_pattern(each.pattern);
        EXPECT_EQ(parsed.shape, each.shape) << each.pattern;
        EXPECT_EQ(parsed.names, each.names) << each.pattern;
    }
}

TEST(RoutePattern, SaysWhatIsWrongAndWhereAndWhatToDo) {
    struct row {
        std::string_view pattern;
        std::string_view error;
    };
    using namespace std::string_view_literals;
    const std::vector<row> rows{
        {"", R"(the route pattern "" has no slash at offset 0: write "/")"},
        {"users", R"(the route pattern "users" has no slash at offset 0: write "/users")"},
        {"{id}", R"(the route pattern "{id}" has no slash at offset 0: write "/{id}")"},
        {"/a\nb", R"(the route pattern "/a\x0ab" has a control character at offset 2: remove it)"},
        {"/\0"sv, R"(the route pattern "/\x00" has a control character at offset 1: remove it)"},
        {"/a\x7F", R"(the route pattern "/a\x7f" has a control character at offset 2: remove it)"},
        {"/a?b=1", R"(the route pattern "/a?b=1" has a "?" at offset 2: a query is no part of a )"
                   R"(pattern; take it as a parameter of the handler)"},
        {"/a#b", R"(the route pattern "/a#b" has a "#" at offset 2: remove the fragment, which no )"
                 R"(client sends)"},
        {"/a%20b", R"(the route pattern "/a%20b" has a "%" at offset 2: write the character )"
                   R"(itself, because paths are decoded before they are matched)"},
        {"/a/}", R"(the route pattern "/a/}" closes a brace that it did not open at offset 3: )"
                 R"(remove it)"},
        {"/a}{b", R"(the route pattern "/a}{b" closes a brace that it did not open at offset 2: )"
                  R"(remove it)"},
        {"/{id", R"(the route pattern "/{id" opens a brace that its segment does not close at )"
                 R"(offset 1: close it after the name, as in "{name}")"},
        {"/{a/b}", R"(the route pattern "/{a/b}" opens a brace that its segment does not close at )"
                   R"(offset 1: close it after the name, as in "{name}")"},
        {"/v{id}", R"(the route pattern "/v{id}" has a placeholder that is not the whole segment )"
                   R"(at offset 2: let the placeholder take the segment, and take the value apart )"
                   R"(in the handler)"},
        {"/{id}.txt", R"(the route pattern "/{id}.txt" has a placeholder that is not the whole )"
                      R"(segment at offset 1: let the placeholder take the segment, and take the )"
                      R"(value apart in the handler)"},
        {"/{a}{b}", R"(the route pattern "/{a}{b}" has a placeholder that is not the whole )"
                    R"(segment at offset 1: let the placeholder take the segment, and take the )"
                    R"(value apart in the handler)"},
        {"/{}", R"(the route pattern "/{}" has a placeholder without a name at offset 1: name it, )"
                R"(as in "{name}")"},
        {"/{...}", R"(the route pattern "/{...}" has a placeholder without a name at offset 1: )"
                   R"(name it, as in "{name}")"},
        {"/{1st}",
         R"(the route pattern "/{1st}" has the name "1st" at offset 2: a name is made of )"
         R"(letters, digits and underscores and begins with no digit)"},
        {"/{a-b}",
         R"(the route pattern "/{a-b}" has the name "a-b" at offset 2: a name is made of )"
         R"(letters, digits and underscores and begins with no digit)"},
        {"/{{a}", R"(the route pattern "/{{a}" has the name "{a" at offset 2: a name is made of )"
                  R"(letters, digits and underscores and begins with no digit)"},
        {"/{a..}",
         R"(the route pattern "/{a..}" has the name "a.." at offset 2: a name is made of )"
         R"(letters, digits and underscores and begins with no digit)"},
        {"/{a}/{b}/{a}", R"(the route pattern "/{a}/{b}/{a}" has the name "a" again at offset 10: )"
                         R"(give each placeholder a name of its own)"},
        {"/{a}/{a...}", R"(the route pattern "/{a}/{a...}" has the name "a" again at offset 6: )"
                        R"(give each placeholder a name of its own)"},
        {"/{a...}/b", R"(the route pattern "/{a...}/b" goes on after the tail "{a...}" at offset )"
                      R"(7: a tail takes the rest of the path, so make it the last segment)"},
        {"/{a...}/", R"(the route pattern "/{a...}/" goes on after the tail "{a...}" at offset 7: )"
                     R"(a tail takes the rest of the path, so make it the last segment)"},
    };
    for (const row& each : rows) {
        EXPECT_EQ(error_of(each.pattern), each.error);
    }
}

TEST(RoutePattern, TakesSixteenPlaceholdersAndNotOneMore) {
    const std::string most = with_placeholders(max_path_values);
    const std::string most_with_tail = with_placeholders(max_path_values - 1) + "/{rest...}";
    const std::string too_many = with_placeholders(max_path_values + 1);
    const std::string too_many_with_tail = most + "/{rest...}";

    EXPECT_EQ(parse_route_pattern(most).names.size(), 16U);
    EXPECT_EQ(parse_route_pattern(most_with_tail).names.size(), 16U);
    for (const std::string& pattern : {too_many, too_many_with_tail}) {
        EXPECT_EQ(error_of(pattern),
                  "the route pattern \"" + pattern + "\" has more than 16 placeholders; one more " +
                      "at offset " + std::to_string(most.size() + 1) +
                      ": take several segments with a tail, as in \"{path...}\"");
    }
}

TEST(RoutePattern, TakesSixtyFourSegmentsAndNotOneMore) {
    const std::string most = with_segments(max_pattern_segments);
    const std::string too_many = most + "/";

    EXPECT_EQ(parse_route_pattern(most).shape, most);
    EXPECT_EQ(error_of(too_many),
              "the route pattern \"" + too_many + "\" has more than 64 segments; one more at " +
                  "offset 129: split the path up less, or take the rest with a tail, as in " +
                  "\"{path...}\"");
}

}  // namespace
}  // namespace cloakroom::routing
