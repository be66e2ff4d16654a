// SPDX-License-Identifier: MIT
// Users with passwords: register, log in and out, change the password, see and end the sessions of
// other devices. Open http://127.0.0.1:8080/ in a browser, or be two devices, "pc" and "tv":
//
//     scripts/run login
//     curl -b pc -c pc -o token http://127.0.0.1:8080/token
//     curl -b pc -c pc -H @token -d 'name=ada&password=0penSesame' http://127.0.0.1:8080/register
//     curl -b pc -c pc http://127.0.0.1:8080/ | grep status
//     curl -b pc -d 'name=ada&password=0penSesame' http://127.0.0.1:8080/login
//     curl -b tv -c tv -o token http://127.0.0.1:8080/token
//     curl -b tv -c tv -H @token -d 'name=ada&password=0penSesame' http://127.0.0.1:8080/login
//     curl -b pc http://127.0.0.1:8080/devices | grep used
//     curl -b pc -o token http://127.0.0.1:8080/token
//     curl -b pc -c pc -H @token -d 'old=0penSesame&fresh=0penBarley' http://127.0.0.1:8080/password
//     curl -b pc -c pc http://127.0.0.1:8080/ | grep status
//     curl -b tv -w '%{http_code}' http://127.0.0.1:8080/devices
#include "login_pages.hpp"
#include "password.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/csrf.hpp>
#include <cloakroom/form.hpp>
#include <cloakroom/memory_sessions.hpp>
#include <cloakroom/owned_sessions.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

using namespace cloakroom;
using login::escaped, login::form, login::input, login::page;
using std::chrono::system_clock;

struct credentials {
    std::string name, password;
    static constexpr auto fields = cloakroom::fields(field("name", &credentials::name),
                                                     field("password", &credentials::password));
};
struct new_password {
    std::string old, fresh;
    static constexpr auto fields =
        cloakroom::fields(field("old", &new_password::old), field("fresh", &new_password::fresh));
};
struct device {
    std::string handle;
    static constexpr auto fields = cloakroom::fields(field("handle", &device::handle));
};

class users {  // in a database, but for this example
public:
    // False when the name is taken.
    bool add(const std::string& name, const std::string& hash) {
        const std::lock_guard lock(mutex_);
        return hashes_.emplace(name, hash).second;
    }
    void change(const std::string& name, const std::string& hash) {
        const std::lock_guard lock(mutex_);
        hashes_.at(name) = hash;
    }
    // Whether the password is the name's; takes as long where there is no such name.
    bool are_right(const std::string& name, const std::string& text) {
        const std::optional<std::string> kept = hash_to_try(name);
        return password::matches(text, kept.value_or(nobodys_)) && kept;
    }

private:
    // Ten tries a minute for a name, known or not; those that share a hash share the tries.
    std::optional<std::string> hash_to_try(const std::string& name) {
        const std::lock_guard lock(mutex_);
        const auto now = std::chrono::floor<std::chrono::minutes>(system_clock::now());
        auto& [minute, count] = tries_[std::hash<std::string>{}(name) % tries_.size()];
        count = std::exchange(minute, now) == now ? count + 1 : 1;
        if (count > 10) {
            throw http_error(status::too_many_requests, "Too many tries. Wait a minute.");
        }
        const auto found = hashes_.find(name);
        return found == hashes_.end() ? std::nullopt : std::optional{found->second};
    }

    std::mutex mutex_;
    std::map<std::string, std::string> hashes_;
    std::array<std::pair<system_clock::time_point, int>, 4096> tries_{};
    const std::string nobodys_ = password::hash("");
};

response go(session& visitor, std::string_view path, std::string_view message,
            std::string_view category = "message") {
    visitor.flash(message, category);
    return redirect(path);
}

bool is_good_password(const std::string& text) {  // look it up in a list of leaked ones as well
    return text.size() >= 8 && text.size() <= 256;
}
constexpr std::string_view bad_password = "A password has 8 to 256 bytes.";

response enter(session& visitor, const request& req, const std::string& name) {
    visitor.elevate(name);  // a new id, so that whoever knew the old one is left behind
    visitor.set_label(login::device_of(req));
    return go(visitor, "/", "Welcome, " + name + ".");
}

response do_register(session& visitor, const request& req, form_body<credentials> sent,
                     service<users> all) {
    if (sent->name.empty() || sent->name.size() > session_record::max_name_bytes) {
        return go(visitor, "/register", "A name has 1 to 256 bytes.", "error");
    }
    if (!is_good_password(sent->password)) {
        return go(visitor, "/register", bad_password, "error");
    }
    if (!all->add(sent->name, password::hash(sent->password))) {
        return go(visitor, "/register", "That name is taken.", "error");
    }
    return enter(visitor, req, sent->name);
}

response do_log_in(session& visitor, const request& req, form_body<credentials> sent,
                   service<users> all) {
    if (!all->are_right(sent->name, sent->password)) {
        return go(visitor, "/login", "The name or the password is wrong.", "error");
    }
    return enter(visitor, req, sent->name);
}

response do_change_password(session& visitor, form_body<new_password> sent, service<users> all) {
    const std::string name{visitor.owner()};
    if (!is_good_password(sent->fresh)) {
        return go(visitor, "/", bad_password, "error");
    }
    if (!all->are_right(name, sent->old)) {
        return go(visitor, "/", "The old password is wrong.", "error");
    }
    all->change(name, password::hash(sent->fresh));
    visitor.end_others();  // whoever knew the old password may be logged in
    return go(visitor, "/", "The password is changed, and all other devices are logged out.");
}

std::string credentials_form(session& visitor, const std::string& path, const std::string& button,
                             const std::string& autocomplete) {
    return form(visitor, path, button,
                input("Name", "name", "text", "username") +
                    input("Password", "password", "password", autocomplete));
}

response show_devices(session& visitor, const owned_sessions& devices) {
    std::vector<session_summary> sorted(devices.begin(), devices.end());
    std::sort(sorted.begin(), sorted.end(), [](const auto& left, const auto& right) {
        return std::tie(right.is_current, right.used) < std::tie(left.is_current, left.used);
    });
    std::string list = "<ul>\n";
    for (const session_summary& each : sorted) {
        list += "<li><strong>" + escaped(each.label) + "</strong>" +
                (each.is_current ? " (this one)" : "") + "<br>last used " + login::ago(each.used) +
                "\n";
        if (!each.is_current) {
            list += form(
                visitor, "/devices/end", "Log out this device",
                "<input type=\"hidden\" name=\"handle\" value=\"" + escaped(each.handle) + "\">");
        }
        list += "</li>\n";
    }
    return page(visitor, "Your devices", list + "</ul>\n<p><a href=\"/\">Your account</a></p>\n");
}

// For those who are logged in.
void add_account(router& to) {
    to.before([](const session& visitor) {
        return visitor.owner().empty() ? std::optional{redirect("/login")} : std::nullopt;
    });
    to.get("/", [](session& visitor) {
        const std::string passwords = input("Old password", "old", "password", "current-password") +
                                      input("New password", "fresh", "password", "new-password");
        return page(visitor, "Hello, " + escaped(visitor.owner()),
                    "<p><a href=\"/devices\">Your devices</a></p>\n" +
                        form(visitor, "/password", "Change password", passwords) +
                        form(visitor, "/logout", "Log out") +
                        form(visitor, "/logout/everywhere", "Log out everywhere"));
    });
    to.post("/password", blocking(&do_change_password));
    to.get("/devices", &show_devices);
    to.post("/devices/end", [](session& visitor, form_body<device> which) {
        visitor.end_other(which->handle);
        return go(visitor, "/devices", "The device is logged out.");
    });
    to.post("/logout", [](session& visitor) {
        visitor.end();
        return redirect("/login");
    });
    to.post("/logout/everywhere", [](session& visitor) {
        visitor.end_all(visitor.owner());
        return redirect("/login");
    });
}

int main(int argc, char** argv) {
    users all;
    app app;
    app.sessions(memory_sessions());
    app.provide(all);
    app.use(csrf());
    app.after([](const request&, response& res) {
        res.set("Cache-Control", "no-store").set("X-Content-Type-Options", "nosniff");
        res.set("Content-Security-Policy",
                "default-src 'none'; style-src 'unsafe-inline'; "
                "form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
    });
    app.get("/token", [](session& visitor) { return "X-CSRF-Token: " + csrf_token(visitor); });
    app.get("/login", [](session& visitor) {
        return page(visitor, "Log in",
                    credentials_form(visitor, "/login", "Log in", "current-password") +
                        "<p>New here? <a href=\"/register\">Register</a></p>\n");
    });
    app.get("/register", [](session& visitor) {
        return page(visitor, "Register",
                    credentials_form(visitor, "/register", "Register", "new-password") +
                        "<p>Been here? <a href=\"/login\">Log in</a></p>\n");
    });
    app.post("/login", blocking(&do_log_in));
    app.post("/register", blocking(&do_register));
    app.group("", &add_account);
    return app.run(argc, argv);
}
