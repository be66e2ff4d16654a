// SPDX-License-Identifier: MIT
#include <cloakroom/response.hpp>

#include <gtest/gtest.h>

#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace cloakroom {
namespace {

using namespace std::string_view_literals;

static_assert(std::is_nothrow_move_constructible_v<response>);
static_assert(std::is_nothrow_move_assignable_v<response>);

/// The sentence of the refusal; empty if there was none.
template <class Action>
std::string refusal(Action action) {
    try {
        action();
        return {};
    } catch (const std::invalid_argument& error) {
        return error.what();
    }
}

TEST(Response, BeginsAsOkWithNothing) {
    const response made;
    EXPECT_EQ(made.status(), status::ok);
    EXPECT_EQ(made.body(), "");
    EXPECT_EQ(made.field_lines(), "");
    EXPECT_FALSE(made.closes());
}

TEST(Response, IsMadeOfStatusBodyAndType) {
    const response made{status::created, "{}", "application/json"};
    EXPECT_EQ(made.status(), status::created);
    EXPECT_EQ(made.body(), "{}");
    EXPECT_EQ(made.field_lines(), "Content-Type: application/json\r\n");
}

TEST(Response, SetReplacesAllOfThatName) {
    response made;
    made.add("X-A", "1").add("X-B", "2").add("x-a", "3").add("X-AB", "4");
    made.set("X-a", "5");
    EXPECT_EQ(made.field_lines(), "X-B: 2\r\nX-AB: 4\r\nX-a: 5\r\n");
}

TEST(Response, SetTakesAViewOfWhatItReplaces) {
    response made;
    made.set("X-Before", "0123456789").set("X-A", "a value of some length").set("X-B", "1");
    made.set("X-A", *made.header("X-A"));
    EXPECT_EQ(made.header("X-A"), "a value of some length");
    for (int doubling = 0; doubling < 8; ++doubling) {  // also when the memory moves
        made.add("X-C", *made.header("X-A"));
    }
    EXPECT_TRUE(made.field_lines().ends_with("X-C: a value of some length\r\n"));
}

TEST(Response, HeaderIsTheFirstOfItsName) {
    response made;
    made.add("X-Tags", "1").add("X-Tag", "2").add("X-Tag", "3").add("X-Empty", "");
    EXPECT_EQ(made.header("x-tag"), "2");
    EXPECT_EQ(made.header("X-Empty"), "");
    EXPECT_FALSE(made.header("X-Ta"));
    EXPECT_FALSE(made.header(""));
    EXPECT_FALSE(made.header("2"));
    EXPECT_FALSE(response{}.header("X-Tag"));
}

TEST(Response, RemoveTakesAllOfThatName) {
    response made;
    made.add("A", "1").add("A", "2").add("B", "3").add("a", "4");
    made.remove("A").remove("C");
    EXPECT_EQ(made.field_lines(), "B: 3\r\n");
    made.remove("b");
    EXPECT_EQ(made.field_lines(), "");
}

TEST(Response, RefusesValuesThatWouldWriteFieldsOfTheirOwn) {
    const std::array values{
        "a\r\nSet-Cookie: b=c"sv, "a\nb"sv, "a\rb"sv, "a\0b"sv, "\x01"sv, "\x7F"sv, "\r\n"sv};
    for (const std::string_view value : values) {
        response made;
        const std::string sentence = "cloakroom: the value of X-A has a control character";
        EXPECT_EQ(refusal([&] { made.set("X-A", value); }), sentence);
        EXPECT_EQ(refusal([&] { made.add("X-A", value); }), sentence);
        EXPECT_EQ(refusal([&] { made.add_to_list("X-A", value); }), sentence);
        EXPECT_EQ(made.field_lines(), "");
    }
}

TEST(Response, RefusesNamesThatAreNoTokens) {
    response made;
    EXPECT_EQ(refusal([&] { made.set("a b", "c"); }),
              "cloakroom: the name of a header field is a token: \"a b\"");
    EXPECT_EQ(refusal([&] { made.add("a:\r\n", "c"); }),
              "cloakroom: the name of a header field is a token: \"a:\\r\\n\"");
    EXPECT_EQ(refusal([&] { made.add("", "c"); }),
              "cloakroom: the name of a header field is a token: \"\"");
    EXPECT_EQ(made.field_lines(), "");
}

TEST(Response, RefusesTheFieldsOfTheServer) {
    response made;
    for (const std::string name : {"Content-Length", "Transfer-Encoding", "Connection", "Date"}) {
        const std::string sentence = "cloakroom: " + name + " is set by the server";
        std::string shouted = name;
        shouted[0] = static_cast<char>(shouted[0] + ('a' - 'A'));
        EXPECT_EQ(refusal([&] { made.set(name, "1"); }), sentence);
        EXPECT_EQ(refusal([&] { made.add(shouted, "1"); }), sentence);
    }
    made.set("Content-Lengtj", "1");  // as long as Content-Length
}

TEST(Response, SetRefusesSetCookieAndAddTakesIt) {
    response made;
    EXPECT_EQ(refusal([&] { made.set("set-cookie", "a=b"); }),
              "cloakroom: one Set-Cookie does not replace another: use set_cookie()");
    made.add("Set-Cookie", "a=b").set_cookie({.name = "c", .value = "d"});
    EXPECT_EQ(made.field_lines(),
              "Set-Cookie: a=b\r\n"
              "Set-Cookie: c=d; Path=/; Secure; HttpOnly; SameSite=Lax\r\n");
}

TEST(Response, SetCookieRefusesWhatABrowserWould) {
    response made;
    EXPECT_FALSE(refusal([&] { made.set_cookie({.name = "a", .value = "b\r\nX: y"}); }).empty());
    EXPECT_EQ(made.field_lines(), "");
}

TEST(Response, AddToListAddsOnce) {
    response made;
    made.set("X-First", "1");
    made.add_to_list("Vary", "Cookie").set("X-Last", "2");
    made.add_to_list("vary", "Accept").add_to_list("Vary", "cookie").add_to_list("Vary", "Origin");
    EXPECT_EQ(made.field_lines(), "X-First: 1\r\nVary: Cookie, Accept, Origin\r\nX-Last: 2\r\n");
}

TEST(Response, AddToListLooksAtAllFieldsOfTheName) {
    response made;
    made.add("Vary", "").add("Vary", "Cookie");
    made.add_to_list("Vary", "Cookie").add_to_list("Vary", "Accept");
    EXPECT_EQ(made.field_lines(), "Vary: Accept\r\nVary: Cookie\r\n");
}

TEST(Response, BodyViewCopiesNothing) {
    const std::string text = "some text";
    response made;
    made.body("other").body_view(text);
    EXPECT_EQ(made.body().data(), text.data());
    made.body("owned");
    EXPECT_EQ(made.body(), "owned");
}

TEST(Response, MovedToAnotherKeepsAll) {
    response made = html("<p>text that is longer than a short string</p>");
    made.status(status::accepted).close();
    response target;
    target.set("X-Old", "1").body_view("old");
    target = std::move(made);
    EXPECT_EQ(target.status(), status::accepted);
    EXPECT_TRUE(target.closes());
    EXPECT_EQ(target.field_lines(), "Content-Type: text/html; charset=utf-8\r\n");
    EXPECT_EQ(target.body(), "<p>text that is longer than a short string</p>");
}

TEST(Response, ResetKeepsTheMemoryOfTheFieldsAlone) {
    response made{status::not_found, std::string(100'000, 'x'), "text/plain"};
    made.close();
    const char* const memory = made.field_lines().data();
    made.reset();
    EXPECT_EQ(made.status(), status::ok);
    EXPECT_EQ(made.body(), "");
    EXPECT_EQ(made.field_lines(), "");
    EXPECT_FALSE(made.closes());
    made.set("Content-Type", "text/plain; charset=utf-8").body_view("Hello, World!");
    EXPECT_EQ(made.field_lines().data(), memory);
}

TEST(Response, RefusesAStatusThatIsNoFinalOne) {
    for (const unsigned code : {0U, 99U, 101U, 199U, 600U, 1'000U}) {
        EXPECT_THROW(static_cast<void>(response{static_cast<status>(code)}), std::invalid_argument)
            << code;
        EXPECT_THROW(static_cast<void>(response{static_cast<status>(code), "", "text/plain"}),
                     std::invalid_argument)
            << code;
        response made;
        EXPECT_THROW(made.status(static_cast<status>(code)), std::invalid_argument) << code;
        EXPECT_EQ(made.status(), status::ok);
    }
    EXPECT_EQ(to_number(response(static_cast<status>(200)).status()), 200U);
    EXPECT_EQ(to_number(response(static_cast<status>(599)).status()), 599U);
    EXPECT_THROW(static_cast<void>(redirect("/", static_cast<status>(101))), std::invalid_argument);
}

TEST(Response, TextAndHtmlSayTheirType) {
    EXPECT_EQ(text("a").header("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(text("a").body(), "a");
    EXPECT_EQ(html("<p>").header("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(html("<p>").body(), "<p>");
}

TEST(Response, RedirectEncodesWhatAUriCannotHold) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"/a b", "/a%20b"},
        {"/caf\xc3\xa9", "/caf%C3%A9"},
        {"/\xff", "/%FF"},
        {"/100%25?a=%20b", "/100%25?a=%20b"},
        {"/50%", "/50%"},
        {"/a?b=c&d=e#f", "/a?b=c&d=e#f"},
        {"https://example.com:8080/a;b,c/~d", "https://example.com:8080/a;b,c/~d"},
        {"", ""},
    };
    for (const auto& [location, expected] : cases) {
        EXPECT_EQ(redirect(location).header("Location"), expected) << location;
    }
}

TEST(Response, RedirectIs303UnlessSaidOtherwise) {
    EXPECT_EQ(redirect("/there").status(), status::see_other);
    EXPECT_EQ(redirect("/there").header("location"), "/there");
    EXPECT_EQ(redirect("/there", status::found).status(), status::found);
    EXPECT_EQ(refusal([] { static_cast<void>(redirect("/a\r\nX: y")); }),
              "cloakroom: the value of Location has a control character");
}

}  // namespace
}  // namespace cloakroom
