// SPDX-License-Identifier: MIT
// What the pages of the example login.cpp are made of: HTML, and how it names devices and times.
#pragma once

#include <cloakroom/csrf.hpp>
#include <cloakroom/request.hpp>
#include <cloakroom/response.hpp>
#include <cloakroom/session.hpp>
#include <cloakroom/text.hpp>

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace login {

/// As it may stand in HTML. Whatever a user typed goes through this.
[[nodiscard]] inline std::string escaped(std::string_view text) {
    std::string html;
    cloakroom::append_html_text(html, text);
    return html;
}

/// A page that shows the flash messages, then `content`. Title and content are HTML.
[[nodiscard]] inline cloakroom::response page(cloakroom::session& visitor, const std::string& title,
                                              const std::string& content) {
    std::string all = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<style>
body { font: 1em/1.5 system-ui, sans-serif; max-width: 26em; margin: 8vh auto; padding: 0 1em;
       color: #222; background: #f4f4f1; }
form:has(label), li { background: #fff; border: 1px solid #ddd; border-radius: .5em;
                      padding: 1em; margin: 1em 0; }
form { display: inline-block; margin-right: .5em; }
form:has(label) { display: block; }  ul { list-style: none; padding: 0; }
input { display: block; width: 100%; box-sizing: border-box; margin-bottom: .75em; }
input, button { font: inherit; padding: .4em .6em; border: 1px solid #888; border-radius: .3em; }
button { background: #205493; border-color: #205493; color: #fff; cursor: pointer; }
.message, .error { background: #e3f0e3; border-left: .3em solid #2e8540; padding: .5em 1em; }
.error { background: #f9e5e3; border-color: #c4281c; }
</style><title>)" + title +
                      "</title></head><body><main><h1>" + title + "</h1>\n";
    for (const auto& [category, text] : visitor.take_flashes()) {
        all += "<p role=\"status\" class=\"" + escaped(category) + "\">" + escaped(text) + "</p>\n";
    }
    return cloakroom::html(all + content + "</main></body></html>\n");
}

/// A form that csrf() lets pass: `inputs`, then a button.
[[nodiscard]] inline std::string form(cloakroom::session& visitor, const std::string& path,
                                      const std::string& button, const std::string& inputs = {}) {
    return "<form method=\"post\" action=\"" + path + "\">" + cloakroom::csrf_field(visitor) +
           inputs + "<button>" + button + "</button></form>\n";
}

/// A labelled input. `autocomplete` tells password managers what to fill in.
[[nodiscard]] inline std::string input(const std::string& label, const std::string& name,
                                       const std::string& type, const std::string& autocomplete) {
    return "<label>" + label + "<input required maxlength=\"64\" name=\"" + name + "\" type=\"" +
           type + "\" autocomplete=\"" + autocomplete + "\"></label>";
}

/// What a User-Agent says, for people to recognise: "Firefox on Linux".
[[nodiscard]] inline std::string device_of(const cloakroom::request& req) {
    const std::string_view agent = req.header("User-Agent").value_or("");
    const auto first_in = [&](std::initializer_list<std::pair<const char*, const char*>> known,
                              std::string otherwise) {
        const auto* found = std::find_if(known.begin(), known.end(), [&](const auto& each) {
            return agent.find(each.first) != std::string_view::npos;
        });
        return found == known.end() ? std::move(otherwise) : std::string{found->second};
    };
    return first_in({{"Edg/", "Edge"},
                     {"Firefox/", "Firefox"},
                     {"Chrome/", "Chrome"},
                     {"Safari/", "Safari"},
                     {"curl/", "curl"}},
                    "A browser") +
           first_in({{"Android", " on Android"},
                     {"iPhone", " on iPhone"},
                     {"Windows", " on Windows"},
                     {"Mac OS", " on macOS"},
                     {"Linux", " on Linux"}},
                    {});
}

[[nodiscard]] inline std::string ago(cloakroom::session_time then) {
    const auto seconds = (std::chrono::system_clock::now() - then) / std::chrono::seconds{1};
    return seconds < 120     ? std::to_string(seconds) + " seconds ago"
           : seconds < 7'200 ? std::to_string(seconds / 60) + " minutes ago"
                             : std::to_string(seconds / 3'600) + " hours ago";
}

}  // namespace login
