// SPDX-License-Identifier: MIT
#include "http1/conversation.hpp"

#include "http1/response_writer.hpp"

#include <array>
#include <system_error>
#include <utility>
#include <vector>

namespace cloakroom::http1 {
namespace {

// Above this much unsent output no further pipelined request is served, so that a client which
// sends requests and reads nothing does not fill the memory with responses.
constexpr std::size_t output_high_water = 64UL * 1024;

// Up to this size unfinished input is copied off the desk; above, the buffer itself changes hands,
// and counts against limits::held_bytes.
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

constexpr refusal too_late{status::request_timeout, "The request took too long to arrive."};
constexpr refusal no_room{status::service_unavailable,
                          "The server is busy with other large requests. Send it again later."};

}  // namespace

next_step conversation::advance(desk& at, const setting& shared, const circumstances& now) {
    at.on.request().edit().remote = now.remote;
    while (at.input.size() != 0) {
        if (at.has_content() || at.output.size() >= output_high_water) {
            return next_step::flush;
        }
        refusal why;
        switch (read_request(at, shared, why)) {
            case parse_result::refused:
                return refuse(at, shared, now, why);
            case parse_result::incomplete:
                if (!may_hold(at, shared)) {
                    return refuse_unfinished(at, shared, now, no_room);
                }
                at.input.reserve_free(received_bytes);
                return at.at.head_bytes == 0 ? next_step::read_head : next_step::read_body;
            case parse_result::complete:
                break;
        }
        hold_input(at, shared);
        shared.app.respond(at.on);
        if (at.on.is_suspended()) {
            return next_step::wait;
        }
        if (!finish(at, now)) {
            return next_step::close;
        }
        if (++at.served % requests_a_turn == 0) {
            return next_step::flush;
        }
    }
    return next_step::read_head;
}

// Whether there is room for what has come of an unfinished request, beside what the others hold.
bool conversation::may_hold(const desk& at, const setting& shared) const noexcept {
    const std::size_t by_others = shared.held_bytes - (parked_ ? parked_->held.size() : 0);
    return at.input.size() <= copied_bytes ||
           by_others + at.input.capacity() <= shared.limits.held_bytes;
}

// A handler may keep the desk, and with it the room that a large request took.
void conversation::hold_input(const desk& at, const setting& shared) {
    if (at.input.capacity() <= desk::input_bytes) {
        return;
    }
    if (!parked_) {
        parked_ = std::make_unique<parked_work>(shared.held_bytes);
    }
    parked_->held.resize(at.input.capacity());
}

parse_result conversation::read_request(desk& at, const setting& shared, refusal& why) {
    request::parts& parts = at.on.request().edit();
    clear(parts);
    const bool head_is_fresh = at.at.head_bytes == 0;
    if (head_is_fresh) {
        const parse_result head = shared.parser.parse_head(at.input.view(), at.at, parts, why);
        if (head != parse_result::complete) {
            return head;
        }
        at.body_limit = shared.app.route(at.on);
        if (at.at.expects_continue && at.input.size() == at.at.head_bytes &&
            !shared.app.wants_body(at.on)) {
            at.at.keeps_alive = false;  // whether the body comes all the same is not known
            return parse_result::complete;
        }
    }
    const parse_result body =
        shared.parser.parse_body(at.input.data(), at.input.size(), at.at, at.body_limit, why);
    if (body == parse_result::incomplete) {
        if (head_is_fresh && at.at.expects_continue && at.input.size() == at.at.head_bytes) {
            at.output += continue_response;
        }
        at.input.truncate(request_parser::drop_framing(at.at));
    }
    if (body != parse_result::incomplete && !head_is_fresh) {
        read_head_again(at, shared);
    }
    if (body != parse_result::complete) {
        return body;
    }
    parts.body = {at.input.data() + at.at.head_bytes, at.at.body_bytes};
    return parse_result::complete;
}

// The head was complete in an earlier call, and its bytes have moved since.
void conversation::read_head_again(desk& at, const setting& shared) {
    progress again;
    refusal none;
    static_cast<void>(
        shared.parser.parse_head(at.input.view(), again, at.on.request().edit(), none));
    static_cast<void>(shared.app.route(at.on));
}

next_step conversation::answered(desk& at, const setting& shared, const circumstances& now) {
    if (!finish(at, now)) {
        return next_step::close;
    }
    return at.input.size() == 0 ? next_step::read_head : advance(at, shared, now);
}

bool conversation::finish(desk& at, const circumstances& now) {
    const bool keeps_alive = at.at.keeps_alive && !now.is_closing && !at.on.response().closes();
    const bool is_whole = write(at, now, keeps_alive);
    at.input.consume(at.at.read_bytes);
    at.at = desk::nothing_read;
    return keeps_alive && is_whole;
}

// Returns false where the content of a response cannot be had.
bool conversation::write(desk& at, const circumstances& now, bool keeps_alive) {
    const request& asked = at.on.request();
    const response& made = at.on.response();
    const std::string_view content =
        write_head(at.output, made, {asked.method(), asked.minor_version(), keeps_alive, now.date});
    if (made.file() != nullptr) {
        return write_file(at);
    }
    if (made.content_bytes() < desk::least_content_bytes) {
        at.output += content;
    } else if (!content.empty()) {
        at.content = content;
    } else if (made.content_bytes() > desk::kept_output_bytes) {
        at.on.response().reset();  // after HEAD: an idle desk keeps no large body
    }
    return true;
}

// The content that follows the head in the output.
bool conversation::write_file(desk& at) {
    response& made = at.on.response();
    const open_file file = *made.file();
    const bool is_sent = at.on.request().method() != method::head && !has_no_content(made.status());
    made.reset();  // an idle desk keeps no descriptor
    if (!is_sent) {
        return true;
    }
    if (file.size() >= desk::least_content_bytes) {
        at.file_bytes = file.size();
        at.file = file;
        return true;
    }
    std::array<char, desk::least_content_bytes> bytes;
    std::size_t count = 0;
    try {
        count = file.read(0, bytes.data(), bytes.size());
    } catch (const std::system_error&) {
        count = 0;
    }
    at.output.append(bytes.data(), count);
    return count == file.size();
}

next_step conversation::refuse(desk& at, const setting& shared, const circumstances& now,
                               const refusal& why) {
    shared.app.refuse(at.on, why);
    static_cast<void>(write(at, now, false));
    at.input.clear();
    at.at = desk::nothing_read;
    return next_step::close;
}

// A request of which the head may be known.
next_step conversation::refuse_unfinished(desk& at, const setting& shared, const circumstances& now,
                                          const refusal& why) {
    clear(at.on.request().edit());
    at.on.request().edit().remote = now.remote;
    if (at.at.head_bytes != 0) {
        read_head_again(at, shared);
    }
    return refuse(at, shared, now, why);
}

void conversation::time_out(desk& at, const setting& shared, const circumstances& now) {
    static_cast<void>(refuse_unfinished(at, shared, now, too_late));
}

void conversation::park(desk& at, const setting& shared) {
    at.keep_content();
    if (at.input.size() == 0 && at.output.empty()) {
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
        parked_ = std::make_unique<parked_work>(shared.held_bytes);
    }
    parked_->at = std::exchange(at.at, {});
    parked_->body_limit = at.body_limit;
    if (!at.output.empty()) {  // changes hands: what is left of a large one is not copied
        parked_->output.swap(at.output);
        parked_->file = std::move(at.file);
        parked_->file_bytes = std::exchange(at.file_bytes, 0);
        parked_->sent = std::exchange(at.sent, 0);
    }
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
    parked_->held.resize(parked_->input.capacity() + parked_->output.capacity());
}

void conversation::unpark(desk& at) {
    if (!parked_) {
        return;
    }
    at.at = parked_->at;
    at.body_limit = parked_->body_limit;
    if (!parked_->output.empty()) {
        at.output.swap(parked_->output);
        parked_->output.clear();
        at.file = std::move(parked_->file);
        at.file_bytes = parked_->file_bytes;
        at.sent = parked_->sent;
    }
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
