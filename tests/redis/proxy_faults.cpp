// SPDX-License-Identifier: MIT
#include "proxy_faults.hpp"

#include <utility>

namespace cloakroom::redis {

void proxy_faults::lose_answers_after(std::size_t chunks) {
    disarm();
    shot_ = shot::lose;
    left_ = chunks;
}

void proxy_faults::truncate_answers(std::size_t bytes) {
    disarm();
    shot_ = shot::truncate;
    left_ = bytes;
}

void proxy_faults::garble_answers(std::string bytes) {
    disarm();
    shot_ = shot::garble;
    garbage_ = std::move(bytes);
}

void proxy_faults::disarm() {
    shot_ = shot::none;
    unanswered_.clear();
}

proxy_faults::verdict proxy_faults::on_command(const void* connection) {
    if (shot_ != shot::lose) {
        return verdict::forward;
    }
    if (left_ > 0) {
        --left_;
        unanswered_.insert(connection);
        return verdict::forward;
    }
    if (unanswered_.empty()) {
        disarm();
        return verdict::end_all;
    }
    return verdict::drop;  // the connections end when the counted commands are answered
}

proxy_faults::verdict proxy_faults::on_answer(const void* connection, std::string& bytes) {
    switch (std::exchange(shot_, shot::none)) {
        case shot::none:
            return verdict::forward;
        case shot::garble:
            bytes = garbage_;
            return verdict::forward;
        case shot::truncate:
            if (bytes.size() < left_) {
                left_ -= bytes.size();
                shot_ = shot::truncate;
                return verdict::forward;
            }
            bytes.resize(left_);
            return verdict::end;
        case shot::lose:
            break;
    }
    unanswered_.erase(connection);
    if (left_ > 0) {
        shot_ = shot::lose;
        return verdict::forward;
    }
    if (!unanswered_.empty()) {
        shot_ = shot::lose;
        return verdict::drop;
    }
    return verdict::end_all;
}

}  // namespace cloakroom::redis
