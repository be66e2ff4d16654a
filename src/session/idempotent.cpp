// SPDX-License-Identifier: MIT
#include "session/answer_records.hpp"
#include "session/idempotency_key.hpp"
#include "session/reserved_keys.hpp"
#include <cloakroom/http_error.hpp>
#include <cloakroom/idempotent.hpp>
#include <cloakroom/setup_error.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace cloakroom {
namespace {

constexpr const char* replayed_name = "Idempotency-Replayed";

answer_records records_of(const session& visitor) {
    return visitor.value(answers_key, answer_records{});
}

void check_size(const response& answer, std::size_t most) {
    const std::size_t bytes = answer.content_bytes();
    if (bytes > most) {
        throw std::length_error("the answer to a request with an Idempotency-Key has " +
                                std::to_string(bytes) + " bytes of content, and at most " +
                                std::to_string(most) +
                                " are recorded: raise idempotent_options::answer_bytes, or answer "
                                "with less. Nothing was committed");
    }
}

// A file may be another one when the request is repeated, so its content is recorded.
response with_content_in_memory(const response& answer) {
    response made = answer;
    if (const open_file* const file = answer.file(); file != nullptr) {
        std::string content(file->size(), '\0');
        if (file->read(0, content.data(), content.size()) != content.size()) {
            throw std::runtime_error("the file of an answer has become shorter meanwhile");
        }
        made.body(std::move(content));
    }
    return made;
}

}  // namespace

idempotent::idempotent(idempotent_options options) : options_(options) {
    if (options_.keys == 0) {
        throw setup_error("idempotent_options::keys is 0: keep 1 answer at least");
    }
    if (options_.keep <= std::chrono::seconds{0}) {
        throw setup_error(
            "idempotent_options::keep is not more than 0: keep answers for as long "
            "as clients repeat requests");
    }
}

void idempotent::declare(needs& needed) const {
    needed.capabilities.compare_and_swap =
        needed.capabilities.compare_and_swap || !options_.best_effort;
}

std::optional<response> idempotent::before(const request& req, session_if_keyed visitor) const {
    if (is_idempotent(req.method())) {
        return std::nullopt;
    }
    const std::optional<std::string> key = idempotency_key_of(req);
    if (!key && options_.is_required) {
        throw http_error(status::bad_request,
                         "The request needs an Idempotency-Key. Send one that is new for each "
                         "request, such as a UUID, and the same when you repeat the request.");
    }
    if (!key || visitor.target == nullptr) {
        return std::nullopt;
    }
    visitor.target->rerun_on_conflict();
    answer_records records = records_of(*visitor.target);
    const auto found = std::find_if(records.begin(), records.end(), [&](const auto& each) {
        return each.key == *key && visitor.now - each.answered <= options_.keep;
    });
    if (found == records.end()) {
        return std::nullopt;
    }
    if (found->fingerprint != fingerprint_of(req)) {
        throw http_error(status::unprocessable_content,
                         "The Idempotency-Key was used for another request. Send a new key with "
                         "each new request.");
    }
    found->answer.set(replayed_name, "true");
    return std::move(found->answer);
}

void idempotent::before_commit(const request& req, const response& answer,
                               session_if_keyed visitor) const {
    if (visitor.target == nullptr) {
        return;
    }
    std::optional<std::string> key = idempotency_key_of(req);
    answer_records records = records_of(*visitor.target);
    const bool is_known = std::any_of(records.begin(), records.end(),
                                      [&](const auto& each) { return each.key == *key; });
    if (is_known && answer.header(replayed_name)) {  // the answer is the one of before()
        return;
    }
    check_size(answer, options_.answer_bytes);
    std::erase_if(records, [&](const auto& each) {
        return each.key == *key || visitor.now - each.answered > options_.keep;
    });
    records.push_back(
        {*std::move(key), visitor.now, fingerprint_of(req), with_content_in_memory(answer)});
    if (records.size() > options_.keys) {
        records.erase(records.begin(), records.end() - static_cast<std::ptrdiff_t>(options_.keys));
    }
    visitor.target->set(answers_key, records);
}

session_if_keyed parameter<session_if_keyed>::from(exchange& on) {
    if (!on.has_session() || !is_keyed(on.request())) {
        return {};
    }
    return {&on.session(), on.now()};
}

bool parameter<session_if_keyed>::is_keyed(const request& req) {
    return has_idempotency_key(req);
}

}  // namespace cloakroom
