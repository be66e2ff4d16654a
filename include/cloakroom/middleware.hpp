// SPDX-License-Identifier: MIT
// What happens before and after handlers: a `before` may answer in the handler's place, an `after`
// may change the response.
#pragma once

#include <cloakroom/handler.hpp>

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace cloakroom {

/// One middleware, whatever its type was. Order: the `before`s of the app, then of the groups from
/// the outside in, then of the route, each in the order they were added; the `after`s the other way
/// round. Where a `before` answers, what lies further in is left out, the `after`s of those that
/// lie further out still run. They see the committed response: also an error page, a 404 or a 503.
class middleware {
public:
    using before_function = bool (*)(const void* target, exchange& on);
    using after_function = void (*)(const void* target, const request& req, response& res);

    /// Calls the `before`, if there is one. @return Whether it answered.
    [[nodiscard]] bool before(exchange& on) const {
        return before_ != nullptr && before_(target_.get(), on);
    }

    /// Calls the `after`, if there is one.
    void after(const request& req, response& res) const {
        if (after_ != nullptr) {
            after_(target_.get(), req, res);
        }
    }

    [[nodiscard]] const needs& needed() const noexcept { return needs_; }

    /// Of a function that takes what handlers take, but for path placeholders, and returns
    /// `std::optional<response>`: empty to go on. It may capture, but not change what it captured.
    template <class Function>
    [[nodiscard]] static middleware make_before(Function function) {
        middleware made;
        made.template add_before<Function>();
        made.target_ = std::make_shared<const Function>(std::move(function));
        return made;
    }

    /// Of a function `void(const request&, response&)`.
    template <class Function>
    [[nodiscard]] static middleware make_after(Function function) {
        constexpr bool is_right = std::is_invocable_v<const Function&, const request&, response&>;
        middleware made;
        if constexpr (check_after<is_right>()) {
            made.after_ = [](const void* target, const request& req, response& res) {
                (*static_cast<const Function*>(target))(req, res);
            };
        }
        made.target_ = std::make_shared<const Function>(std::move(function));
        return made;
    }

    /// Of an object with a const member function `before`, `after` or both, which take and return
    /// what make_before() and make_after() say; or of a function, as make_before().
    template <class Object>
    [[nodiscard]] static middleware make(Object object) {
        constexpr bool has_before = requires {
            &Object::before;
        };
        constexpr bool has_after = requires {
            &Object::after;
        };
        if constexpr (!has_before && !has_after) {
            return make_before(std::move(object));
        } else {
            middleware made;
            if constexpr (has_before) {
                made.template add_member_before<Object>();
            }
            if constexpr (has_after) {
                made.template add_member_after<Object>();
            }
            made.target_ = std::make_shared<const Object>(std::move(object));
            return made;
        }
    }

private:
    /// Stops the compiler with a sentence for what is no `before`. @return Whether it is one.
    template <class Signature>
    [[nodiscard]] static constexpr bool check_before() {
        static_assert(Signature::is_known,
                      "cloakroom: a before is a function or a lambda whose parameters have types");
        if constexpr (Signature::is_known) {
            constexpr bool is_result_right =
                std::is_same_v<typename Signature::result_type, std::optional<response>>;
            static_assert(!Signature::is_mutable, "cloakroom: a before must not be mutable");
            static_assert(Signature::path_count == 0,
                          "cloakroom: a before takes no path placeholders; take const request&");
            static_assert(is_result_right,
                          "cloakroom: a before returns std::optional<response>: empty to go on");
            return !Signature::is_mutable && Signature::path_count == 0 && is_result_right &&
                   check_parameters<false>(typename Signature::parameters{});
        }
        return false;
    }

    template <bool IsRight>
    [[nodiscard]] static constexpr bool check_after() {
        static_assert(IsRight,
                      "cloakroom: an after is called with (const request&, response&) and must not "
                      "be mutable");
        return IsRight;
    }

    static bool answer(exchange& on, std::optional<response>&& made) {
        if (made) {
            on.response() = std::move(*made);
        }
        return made.has_value();
    }

    template <class Function>
    void add_before() {
        using signature = handler_signature<Function>;
        if constexpr (check_before<signature>()) {
            needs_ = needs_of(typename signature::parameters{});
            before_ = [](const void* target, exchange& on) {
                return answer(on, call_with_exchange(*static_cast<const Function*>(target), on));
            };
        }
    }

    template <class Object>
    void add_member_before() {
        using signature = handler_signature<decltype(&Object::before)>;
        if constexpr (check_before<signature>()) {
            needs_ = needs_of(typename signature::parameters{});
            before_ = [](const void* target, exchange& on) {
                return call_member(*static_cast<const Object*>(target), on,
                                   typename signature::parameters{});
            };
        }
    }

    template <class Object, class... Parameters>
    static bool call_member(const Object& object, exchange& on,
                            const std::tuple<std::type_identity<Parameters>...>& /*types*/) {
        return answer(on, object.before(handler_argument<Parameters>(on, 0)...));
    }

    template <class Object>
    void add_member_after() {
        constexpr bool is_right =
            requires(const Object& object, const request& req, response& res) {
            object.after(req, res);
        };
        if constexpr (check_after<is_right>()) {
            after_ = [](const void* target, const request& req, response& res) {
                static_cast<const Object*>(target)->after(req, res);
            };
        }
    }

    before_function before_ = nullptr;
    after_function after_ = nullptr;
    std::shared_ptr<const void> target_;
    needs needs_;
};

}  // namespace cloakroom
