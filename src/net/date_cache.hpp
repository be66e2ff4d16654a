// SPDX-License-Identifier: MIT
// The text of the Date field, made anew at most once a second.
#pragma once

#include "message/http_date.hpp"

#include <chrono>
#include <ctime>
#include <string_view>

namespace cloakroom::net {

/// Used by one thread.
class date_cache {
public:
    /// An IMF-fixdate (RFC 9110 section 5.6.7). Valid until the next call.
    [[nodiscard]] std::string_view now() noexcept {
        timespec time{};
        ::clock_gettime(CLOCK_REALTIME_COARSE, &time);
        if (time.tv_sec != second_) {
            second_ = time.tv_sec;
            write_http_date(std::chrono::sys_seconds{std::chrono::seconds{second_}}, text_);
        }
        return last();
    }

    /// What now() gave last, without a look at the clock.
    [[nodiscard]] std::string_view last() const noexcept { return {text_, sizeof text_}; }

private:
    std::time_t second_ = -1;
    char text_[29] = {};
};

}  // namespace cloakroom::net
