// SPDX-License-Identifier: MIT
#include "session/nonce_sequence.hpp"

#include "session/random_bytes.hpp"

#include <algorithm>
#include <cstring>

namespace cloakroom {

void nonce_sequence::next(std::span<char, bytes> out) {
    const std::uint64_t process = process_->value();
    if (left_ == 0 || process != drawn_in_) {
        draw();
        drawn_in_ = process;
    }
    --left_;
    std::copy(prefix_.begin(), prefix_.end(), out.begin());
    std::memcpy(&out[prefix_bytes], &counter_, sizeof counter_);
    ++counter_;
}

void nonce_sequence::draw() {
    left_ = 0;
    std::array<char, bytes> drawn;
    fill_random(drawn);
    std::copy_n(drawn.begin(), prefix_bytes, prefix_.begin());
    std::memcpy(&counter_, &drawn[prefix_bytes], sizeof counter_);
    left_ = draw_after_;
}

}  // namespace cloakroom
