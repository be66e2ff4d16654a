// SPDX-License-Identifier: MIT
#include "routing/route_tree.hpp"

#include <cloakroom/setup_error.hpp>

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string>

namespace cloakroom::routing {

/// One lookup: follows the best choice at each place and remembers the next best.
class route_tree::search {
public:
    search(const route_tree& tree, method_set wanted, std::string_view path, route_match& match)
        : tree_(tree),
          match_(match),
          wanted_(wanted),
          end_(path.data() + path.size()),
          position_(path.data()),
          at_(tree.nodes_.data()) {}

    void run() {
        match_.allowed = 0;
        bool is_found = follow();
        while (!is_found && waiting_count_ != 0) {
            const choice& next = waiting_[--waiting_count_];
            at_ = next.at;
            position_ = next.position;
            number_ = next.number;
            value_count_ = next.value_count;
            is_found = next.is_tail ? end_tail() : take_segment() && follow();
        }
        match_.value_count = value_count_;
        if (is_found) {
            match_.result = route_match::outcome::found;
        } else {
            match_.result = match_.allowed == 0 ? route_match::outcome::no_path
                                                : route_match::outcome::no_method;
        }
    }

private:
    /// Where a placeholder or a tail is still to be tried.
    struct choice {
        const node* at;
        const char* position;
        std::uint32_t number;
        std::uint16_t value_count;
        bool is_tail;
    };

    /// From a node to the end of a pattern with the method, or to where nothing fits.
    bool follow() {
        while (skip_text()) {
            if (position_ == end_) {
                return end_here();
            }
            const std::uint32_t byte = static_cast<std::uint8_t>(*position_);
            const std::uint32_t index = byte - at_->low;
            if (index < at_->span) {
                postpone_tail();
                postpone_placeholder();
                const std::uint32_t child = at_->children + byte;
                at_ = tree_.nodes_.data() + child;
                number_ += at_->skips;
                ++position_;
            } else if (at_->placeholder != node::no_node) {
                postpone_tail();
                if (!take_segment()) {
                    return false;
                }
            } else {
                return (at_->ends & node::has_tail) != 0 && end_tail();
            }
        }
        return false;
    }

    bool skip_text() {
        const std::size_t bytes = at_->text_bytes;
        if (bytes == 0) {
            return true;
        }
        if (static_cast<std::size_t>(end_ - position_) < bytes ||
            std::memcmp(position_, tree_.texts_.data() + at_->text, bytes) != 0) {
            return false;
        }
        position_ += bytes;
        return true;
    }

    void postpone_tail() {
        if ((at_->ends & node::has_tail) != 0) {
            postpone(true);
        }
    }

    void postpone_placeholder() {
        if (at_->placeholder != node::no_node) {
            postpone(false);
        }
    }

    void postpone(bool is_tail) {
        assert(waiting_count_ < waiting_.size());
        waiting_[waiting_count_++] = {at_, position_, number_,
                                      static_cast<std::uint16_t>(value_count_), is_tail};
    }

    /// Gives the placeholder its value. False where the segment is empty.
    bool take_segment() {
        const char* const begin = position_;
        const void* const slash = std::memchr(begin, '/', static_cast<std::size_t>(end_ - begin));
        position_ = slash == nullptr ? end_ : static_cast<const char*>(slash);
        if (position_ == begin) {
            return false;
        }
        take_value(begin);
        at_ = tree_.nodes_.data() + at_->placeholder;
        number_ += at_->skips;
        return true;
    }

    void take_value(const char* begin) {
        match_.values[value_count_++] = {begin, static_cast<std::size_t>(position_ - begin)};
    }

    bool end_here() {
        if ((at_->ends & node::has_end) != 0 && end_at(number_)) {
            return true;
        }
        return (at_->ends & node::has_tail) != 0 && end_tail();
    }

    bool end_tail() {
        const char* const begin = position_;
        position_ = end_;
        take_value(begin);
        return end_at(number_ + (at_->ends & node::has_end));
    }

    bool end_at(std::uint32_t number) {
        std::uint32_t index = number;
        do {
            const route_end& each = tree_.ends_[index];
            if ((each.methods & wanted_) != 0) {
                match_.route = each.route;
                return true;
            }
            match_.allowed |= each.methods;
            index = each.next;
        } while (index != 0);
        return false;
    }

    const route_tree& tree_;
    route_match& match_;
    const method_set wanted_;
    const char* const end_;
    const char* position_;
    const node* at_;
    std::uint32_t number_ = 0;
    std::size_t value_count_ = 0;
    std::size_t waiting_count_ = 0;
    // Two a segment of the path down to here; uninitialised, because most lookups use none.
    std::array<choice, 2 * max_pattern_segments> waiting_;
};

void route_tree::insert(std::span<const method> verbs, std::string_view pattern, route_id route) {
    if (is_frozen_) {
        throw setup_error("the route pattern " + quoted(pattern) +
                          " comes too late: add routes before serving starts");
    }
    std::vector<registered_route>& alike = routes_by_shape_[parse_route_pattern(pattern).shape];
    for (const registered_route& other : alike) {
        if (std::find(verbs.begin(), verbs.end(), other.verb) != verbs.end()) {
            throw setup_error("the route pattern " + quoted(pattern) + " takes the same paths as " +
                              quoted(other.pattern) + ", which has a route for " +
                              std::string(to_string(other.verb)) +
                              " already: remove one of them, or tell them apart by a literal");
        }
    }
    for (const method verb : verbs) {
        alike.push_back({verb, route, std::string(pattern)});
    }
}

void route_tree::find(method verb, std::string_view path, route_match& match) const noexcept {
    assert(is_frozen_);
    search(*this, bit_of(verb), path, match).run();
}

method_set route_tree::allowed(std::string_view path) const noexcept {
    assert(is_frozen_);
    route_match match;
    search(*this, method_set{0}, path, match).run();
    return match.allowed;
}

}  // namespace cloakroom::routing
