// SPDX-License-Identifier: MIT
// The kinds of requests that have to bear allocations which fail, and an app that answers them.
#pragma once

#include <cloakroom/app.hpp>

#include <functional>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::hostile {

enum class store_kind { memory, waiting, signed_cookie, sealed_cookie, flask_cookie, revocable };

struct request_kind {
    std::string name;
    std::string head;  ///< Request line and fields, without Host, Cookie and the empty line.
    std::string content = {};
    std::function<std::string(unsigned)> body;  ///< Of the response to the visit of that number.
    unsigned status = 200;
    store_kind store = store_kind::memory;
    bool counts_visits = false;
    bool runs_coroutines = false;
    bool has_body = true;  ///< Of the response: not that to HEAD.

    [[nodiscard]] std::string text(std::string_view cookie) const;
};

void PrintTo(const request_kind& kind, std::ostream* out);

[[nodiscard]] std::vector<request_kind> request_kinds();

struct faulty_app {
    explicit faulty_app(store_kind store);

    app under_test;
};

}  // namespace cloakroom::hostile
