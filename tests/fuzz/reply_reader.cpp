// SPDX-License-Identifier: MIT
// What a Redis server sends.
// Property: however it is cut into pieces, the same replies come out, up to the same failure.
// Input: a line of lengths (cut_text), then the replies.
#include "redis/reply_reader.hpp"

#include "target.hpp"

#include <string>
#include <string_view>

namespace cloakroom::fuzz {
namespace {

using kind = redis::reply::kind;

void show(const redis::reply& given, std::string& into) {
    into += std::to_string(static_cast<int>(given.what)) + " " + std::to_string(given.number) +
            " <" + given.text + "> [";
    for (const redis::reply& each : given.elements) {
        show(each, into);
    }
    into += "]\n";
}

/// Replies as they come, as text.
class receiver {
public:
    void receive(std::string_view piece) {
        reader_.feed(piece);
        redis::reply next;
        while (!has_failed_) {
            const redis::reply_reader::progress how = reader_.next(next);
            if (how == redis::reply_reader::progress::incomplete) {
                return;
            }
            has_failed_ = how == redis::reply_reader::progress::failed;
            if (has_failed_) {
                require(!reader_.error().empty(), "a failure has a reason");
                shown_ += "failed";
            } else {
                require(next.what != kind::none, "a reply that is there is something");
                show(next, shown_);
            }
        }
    }
    [[nodiscard]] const std::string& shown() const noexcept { return shown_; }

private:
    redis::reply_reader reader_;
    std::string shown_;
    bool has_failed_ = false;
};

}  // namespace

void check(std::string_view input) {
    const cut_text text(input);
    receiver whole;
    whole.receive(text.whole);
    receiver in_pieces;
    for (const std::string_view piece : text.pieces()) {
        in_pieces.receive(piece);
    }
    require_same(in_pieces.shown(), whole.shown(), "replies in pieces are the whole ones");
}

}  // namespace cloakroom::fuzz
