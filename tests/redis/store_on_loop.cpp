// SPDX-License-Identifier: MIT
#include "store_on_loop.hpp"

#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 takes Asio's frames of coroutines for ones that are freed otherwise than allocated.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace cloakroom::redis {
namespace {

task<store_on_loop::committed> commit_on(async_session_store& store, store_on_loop::operation what,
                                         session_token token, session_version expected,
                                         session_record record, session_time now) {
    session_committed into;
    store_on_loop::committed result;
    try {
        result.outcome = co_await store.commit({what, token, expected, record}, now, into);
    } catch (const std::exception& error) {
        result.error = error.what();
    }
    result.token = std::move(into.token);
    result.version = into.version;
    result.current = std::move(into.current);
    co_return result;
}

task<store_on_loop::loaded> load_on(async_session_store& store, session_token token,
                                    session_time now) {
    store_on_loop::loaded result;
    try {
        result.outcome = co_await store.load(token, now, result.session);
    } catch (const std::exception& error) {
        result.error = error.what();
    }
    co_return result;
}

task<std::string> ping_on(async_session_store& store, session_time now) {
    try {
        const bool answers = co_await store.ping(now);
        co_return answers ? "" : "no";
    } catch (const std::exception& error) {
        co_return error.what();
    }
}

}  // namespace

std::string store_on_loop::ping_error(session_time now) {
    return start(ping_on(*store_, now)).get();
}

std::future<store_on_loop::committed> store_on_loop::start_commit(operation what,
                                                                  session_token token,
                                                                  session_version expected,
                                                                  session_record record,
                                                                  session_time now) {
    return start(commit_on(*store_, what, std::move(token), expected, std::move(record), now));
}

std::future<store_on_loop::loaded> store_on_loop::start_load(session_token token,
                                                             session_time now) {
    return start(load_on(*store_, std::move(token), now));
}

}  // namespace cloakroom::redis
