// SPDX-License-Identifier: MIT
#include "http1/conversation.hpp"

#include "http1/response_writer.hpp"

#include <utility>
#include <vector>

namespace cloakroom::http1 {
namespace {

// Above this much unsent output no further pipelined request is served, so that a client which
// sends requests and reads nothing does not fill the memory with responses.
constexpr std::size_t output_high_water = 64UL * 1024;

// Up to this size unfinished input is copied off the desk; above, the buffer itself changes hands.
constexpr std::size_t copied_bytes = 4UL * 1024;

// What is left of an earlier request views into bytes that are gone.
void clear(request::parts& parts) noexcept {
    std::vector<field_view> fields = std::move(parts.fields);
    fields.clear();
    const ip_address remote = parts.remote;
    parts = {};
    parts.fields = std::move(fields);
    parts.remote = remote;
}

// The least room for what is received next.
constexpr std::size_t received_bytes = 4UL * 1024;

constexpr std::string_view continue_response = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

next_step conversation::advance(desk& at, const setting& shared, const circumstances& now) {
    while (at.input.size() != 0) {
        if (at.output.size() >= output_high_water) {
            return next_step::flush;
        }
        at.on.request().edit().remote = now.remote;
        refusal why;
        switch (read_request(at, shared, why)) {
            case parse_result::refused:
                return refuse(at, shared, now, why);
            case parse_result::incomplete:
                at.input.reserve_free(received_bytes);
                return at.at.head_bytes == 0 ? next_step::read_head : next_step::read_body;
            case parse_result::complete:
                break;
        }
        shared.app.respond(at.on);
        if (at.on.is_suspended()) {
            return next_step::wait;
        }
        if (!finish(at, now)) {
            return next_step::close;
        }
    }
    return next_step::read_head;
}

parse_result conversation::read_request(desk& at, const setting& shared, refusal& why) {
    const request_parser parser(shared.limits);
    request::parts& parts = at.on.request().edit();
    clear(parts);
    bool head_is_fresh = false;
    if (at.at.head_bytes == 0) {
        const parse_result head = parser.parse_head(at.input.view(), at.at, parts, why);
        if (head != parse_result::complete) {
            return head;
        }
        at.body_limit = shared.app.route(at.on);
        head_is_fresh = true;
    }
    const parse_result body =
        parser.parse_body(at.input.data(), at.input.size(), at.at, at.body_limit, why);
    if (body == parse_result::incomplete && head_is_fresh && at.at.expects_continue &&
        at.input.size() == at.at.head_bytes) {
        at.output += continue_response;
    }
    if (body != parse_result::complete) {
        return body;
    }
    if (!head_is_fresh) {
        // The head was read in an earlier call, and its bytes have moved since.
        progress again;
        if (parser.parse_head(at.input.view(), again, parts, why) != parse_result::complete) {
            return parse_result::refused;
        }
        static_cast<void>(shared.app.route(at.on));
    }
    parts.body = {at.input.data() + at.at.head_bytes, at.at.body_bytes};
    return parse_result::complete;
}

next_step conversation::answered(desk& at, const setting& shared, const circumstances& now) {
    if (!finish(at, now)) {
        return next_step::close;
    }
    return at.input.size() == 0 ? next_step::read_head : advance(at, shared, now);
}

bool conversation::finish(desk& at, const circumstances& now) {
    const request& asked = at.on.request();
    const bool keeps_alive = at.at.keeps_alive && !now.is_closing && !at.on.response().closes();
    write_response(at.output, at.on.response(),
                   {asked.method(), asked.minor_version(), keeps_alive, now.date});
    at.input.consume(at.at.read_bytes);
    at.at = {};
    return keeps_alive;
}

next_step conversation::refuse(desk& at, const setting& shared, const circumstances& now,
                               const refusal& why) {
    shared.app.refuse(at.on, why);
    const request& asked = at.on.request();
    write_response(at.output, at.on.response(),
                   {asked.method(), asked.minor_version(), false, now.date});
    at.input.clear();
    at.at = {};
    return next_step::close;
}

void conversation::time_out(desk& at, const setting& shared, const circumstances& now) {
    clear(at.on.request().edit());
    static_cast<void>(
        refuse(at, shared, now, {status::request_timeout, "The request took too long to arrive."}));
}

void conversation::park(desk& at, std::size_t sent) {
    if (at.input.size() == 0 && sent == at.output.size()) {
        at.output.clear();
        if (parked_) {  // the desk works in the buffer that was parked: gets its own back
            if (parked_->input.capacity() != 0) {
                std::swap(at.input, parked_->input);
                at.input.clear();
            }
            parked_.reset();
        }
        return;
    }
    if (!parked_) {
        parked_ = std::make_unique<parked_work>();
    }
    parked_->at = std::exchange(at.at, {});
    parked_->body_limit = at.body_limit;
    parked_->output.assign(at.output, sent);
    at.output.clear();
    const bool is_small = at.input.size() <= copied_bytes;
    receive_buffer copy(is_small ? at.input.size() : 0);
    if (is_small) {
        copy.append(at.input.view());
    }
    if (!is_small || parked_->input.capacity() != 0) {  // the desk gets its own buffer back
        std::swap(at.input, parked_->input);
        if (at.input.capacity() == 0) {
            at.input = receive_buffer(desk::input_bytes);
        }
    }
    if (is_small) {
        parked_->input = std::move(copy);
    }
    at.input.clear();
}

void conversation::unpark(desk& at) {
    if (!parked_) {
        return;
    }
    at.at = parked_->at;
    at.body_limit = parked_->body_limit;
    at.output.swap(parked_->output);
    parked_->output.clear();
    if (parked_->input.size() <= copied_bytes) {
        at.input.append(parked_->input.view());
        parked_.reset();
    } else {
        std::swap(at.input, parked_->input);
        at.input.reserve_free(received_bytes);
    }
}

bool conversation::is_between_requests(const desk* at) const noexcept {
    if (at != nullptr) {
        return at->input.size() == 0;
    }
    return !parked_ || parked_->input.size() == 0;
}

}  // namespace cloakroom::http1
