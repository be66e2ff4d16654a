// SPDX-License-Identifier: MIT
// Requests that stand for what goes through the pipeline, each with an app that answers it. What
// they cost is measured by pipeline_bench in time, and by budget/check in instructions.
#pragma once

#include <cloakroom/app.hpp>
#include <cloakroom/method.hpp>
#include <cloakroom/status.hpp>
#include <cloakroom/testing/client.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// One request to one app.
struct pipeline_scenario {
    std::string_view name;
    void (*set_up)(cloakroom::app& app);
    std::string_view target;
    cloakroom::status expected = cloakroom::status::ok;
    cloakroom::method verb = cloakroom::method::get;
    std::string_view content_type = {};
    std::string_view body = {};
    std::string_view more_fields = {};  ///< Lines that end in CRLF, behind those of all requests.
    std::size_t pipelined = 1;          ///< How many of it are sent at once.
};

[[nodiscard]] std::span<const pipeline_scenario> pipeline_scenarios() noexcept;

/// A visitor who sends a scenario's request again and again, with the cookies that the first
/// response set, from the client's bytes to the server's, without a socket.
class pipeline_visitor {
public:
    /// Sets the app up and sends the first request.
    ///
    /// @throws std::runtime_error for an answer that has not the status expected.
    explicit pipeline_visitor(const pipeline_scenario& scenario);

    /// Sends the request, `pipelined` times at once. @return The responses.
    std::string send() { return client_.send_raw({bytes_}); }

    /// Whether that is as many responses as expected, each with the status expected.
    [[nodiscard]] bool is_answer(std::string_view responses) const;

private:
    cloakroom::app app_;
    cloakroom::testing::client client_;
    std::string status_line_;
    std::size_t pipelined_;
    std::string bytes_;
};
