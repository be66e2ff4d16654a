// SPDX-License-Identifier: MIT
// What tests/soak/run sends its requests to: a route for each kind of work that a server does.
#include "counting_machine.hpp"
#include "stores.hpp"
#include <cloakroom/app.hpp>
#include <cloakroom/async.hpp>
#include <cloakroom/form.hpp>
#include <cloakroom/json.hpp>
#include <cloakroom/machine_routes.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <malloc.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <numeric>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using cloakroom::field;

constexpr std::size_t most_bytes = 2UL * 1024 * 1024;  // of an upload, and of a response
constexpr const char* expected_fault = "as the soak asked for";

struct numbers {
    std::vector<std::int64_t> values;
    static constexpr auto fields = cloakroom::fields(field("values", &numbers::values));
};

struct total {
    std::size_t count = 0;
    std::int64_t sum = 0;
    static constexpr auto fields =
        cloakroom::fields(field("count", &total::count), field("sum", &total::sum));
};

struct person {
    std::string name;
    unsigned age = 0;
    static constexpr auto fields =
        cloakroom::fields(field("name", &person::name), field("age", &person::age));
};

std::chrono::milliseconds pause_of(unsigned ms) {
    return std::chrono::milliseconds{ms % 1000};
}

cloakroom::task<void> wait_on_the_loop(unsigned ms) {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, pause_of(ms));
    co_await timer.async_wait(boost::asio::use_awaitable);
}

cloakroom::task<std::string> pause(unsigned ms) {
    co_await wait_on_the_loop(ms);
    co_return "Waited on the event loop.";
}

// "3 of ada with 5000 bytes": the visits, who has logged in, and what is kept.
std::string count(cloakroom::session& session) {
    const int visits = session.value("count", 0) + 1;
    session.set("count", visits);
    return std::to_string(visits) + " of " + std::string{session.owner()} + " with " +
           std::to_string(session.value("text", "").size()) + " bytes";
}

cloakroom::task<std::string> count_after_pause(unsigned ms, cloakroom::session& session) {
    co_await wait_on_the_loop(ms);
    co_return count(session);
}

void add_stateless(cloakroom::router& to) {
    to.get("/", [] { return "Hello, World!"; });
    to.post("/sum", [](cloakroom::json_body<numbers> sent) {
        return total{sent->values.size(),
                     std::accumulate(sent->values.begin(), sent->values.end(), std::int64_t{0})};
    });
    to.post("/form", [](cloakroom::form_body<person> sent) {
        return sent->name + " is " + std::to_string(sent->age);
    });
    to.get("/places/{country}/{id}", [](std::string_view country, int id) {
        return std::string{country} + '/' + std::to_string(id);
    });
    to.get("/large/{bytes}",
           [](std::size_t bytes) { return std::string(bytes % (most_bytes + 1), 'x'); });
    to.post("/upload", [](const cloakroom::request& req) {
          const std::string_view body = req.body();
          std::uint64_t sum = 0;
          for (const char each : body) {
              sum += static_cast<unsigned char>(each);
          }
          return std::to_string(body.size()) + " bytes, sum " + std::to_string(sum);
      }).body_limit(most_bytes);
    to.get("/pause/{ms}", &pause);
    to.get("/blocking/{ms}", cloakroom::blocking([](unsigned ms) {
               std::this_thread::sleep_for(pause_of(ms));
               return "Waited on a worker thread.";
           }));
    to.get("/fault", []() -> std::string { throw std::runtime_error(expected_fault); });
}

// While nothing is under way: gives what is free back to the system, so that what is resident is
// what is used, and tells how many bytes malloc has given out.
std::string rest() {
    ::malloc_trim(0);
    const struct ::mallinfo2 known = ::mallinfo2();
    return std::to_string(known.uordblks + known.hblkhd);
}

void add_visits(cloakroom::router& to) {
    to.get("/count", &count);
    to.get("/count/pause/{ms}", &count_after_pause);
    to.get("/count/blocking/{ms}",
           cloakroom::blocking([](unsigned ms, cloakroom::session& session) {
               std::this_thread::sleep_for(pause_of(ms));
               return count(session);
           }));
    to.post("/keep", [](const cloakroom::request& req, cloakroom::session& session) {
        session.set("text", std::string{req.body()});
        return count(session);
    });
    to.post("/login/{name}", [](std::string_view name, cloakroom::session& session) {
        session.elevate(name);
        return "Welcome.";
    });
    to.post("/logout", [](cloakroom::session& session) {
        session.end();
        return "Goodbye.";
    });
    to.machine<counting_machine::flow>("/flow");
}

}  // namespace

int main(int argc, char** argv) {
    // rest() gives back the free end of this arena; of other threads' arenas it would not.
    ::mallopt(M_ARENA_MAX, 1);
    try {
        cloakroom::command_line arguments(argc, argv);
        const std::string kind = arguments.value("--sessions", "memory", soak::store_kinds);
        const std::string redis = arguments.value("--redis", "", "redis://host:port");
        const cloakroom::run_options options = arguments.run_options();

        cloakroom::app app;
        soak::use_sessions(app, kind, redis);
        app.limit({.header_time = std::chrono::seconds{4}, .idle_time = std::chrono::seconds{5}});
        // Whatever else is said is a mistake, and tests/soak/run takes it for one.
        app.log([](std::string_view line) {
            if (line.find(expected_fault) == std::string_view::npos) {
                std::fprintf(stderr, "%.*s\n", static_cast<int>(line.size()), line.data());
            }
        });
        add_stateless(app);
        add_visits(app);
        app.health();
        app.get("/rest", &rest);
        return app.run(options);
    } catch (const cloakroom::setup_error& error) {
        return cloakroom::report(error);
    }
}
