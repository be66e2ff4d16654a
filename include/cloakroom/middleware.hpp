// SPDX-License-Identifier: MIT
// What happens before and after handlers: a `before` may answer in the handler's place, a
// `before_commit` may keep something of the answer in the session, an `after` may change the
// response.
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
///
/// The `before_commit`s run between the two: once the answer is there, of a handler or of a
/// `before`, and before the session is committed, from the inside out, those that the `after`s
/// would be. What they change in the session is committed with what the handler changed, or not at
/// all. They run again whenever the handler does, and only where changes are kept: on a route, for
/// a request that has a session, unless the handler has thrown, has answered 5xx or has ended the
/// session. What they throw is as if the handler had thrown it. They run on the event loop's
/// thread, also for blocking handlers.
class middleware {
public:
    using before_function = bool (*)(const void* target, exchange& on);
    using before_commit_function = void (*)(const void* target, exchange& on);
    using after_function = void (*)(const void* target, const request& req, response& res);

    /// Calls the `before`, if there is one. @return Whether it answered.
    [[nodiscard]] bool before(exchange& on) const {
        return before_ != nullptr && before_(target_.get(), on);
    }

    [[nodiscard]] bool has_before_commit() const noexcept { return before_commit_ != nullptr; }

    /// Calls the `before_commit`, if there is one.
    void before_commit(exchange& on) const {
        if (before_commit_ != nullptr) {
            before_commit_(target_.get(), on);
        }
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

    /// Of an object with const member functions `before`, `before_commit`, `after`, one of them at
    /// least; or of a function, as make_before(). `before` and `after` take and return what
    /// make_before() and make_after() say. `before_commit` takes what a `before` takes and a
    /// `const response&`, in any order, and returns nothing:
    ///
    ///     void before_commit(const request&, const response&, session&) const;
    ///
    /// A `void declare(needs&) const` beside them adds what the object needs of the app by its
    /// settings, such as a capability of the session store.
    template <class Object>
    [[nodiscard]] static middleware make(Object object) {
        constexpr bool has_before = requires {
            &Object::before;
        };
        constexpr bool has_before_commit = requires {
            &Object::before_commit;
        };
        constexpr bool has_after = requires {
            &Object::after;
        };
        if constexpr (!has_before && !has_before_commit && !has_after) {
            return make_before(std::move(object));
        } else {
            middleware made;
            if constexpr (has_before) {
                made.template add_member_before<Object>();
            }
            if constexpr (has_before_commit) {
                made.template add_member_before_commit<Object>();
            }
            if constexpr (has_after) {
                made.template add_member_after<Object>();
            }
            if constexpr (requires { std::as_const(object).declare(made.needs_); }) {
                std::as_const(object).declare(made.needs_);
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

    /// The same for what is no `before_commit`.
    template <class Signature>
    [[nodiscard]] static constexpr bool check_before_commit() {
        constexpr bool is_right = is_before_commit<Signature>();
        static_assert(is_right,
                      "cloakroom: a before_commit takes const response& and what a before takes, "
                      "returns void, and is one const member function: for example void "
                      "before_commit(const request&, const response&, session&) const");
        if constexpr (is_right) {
            return check_answer_parameters(typename Signature::parameters{});
        }
        return false;
    }

    template <class Signature>
    [[nodiscard]] static constexpr bool is_before_commit() {
        if constexpr (Signature::is_known) {
            return !Signature::is_mutable && Signature::path_count == 0 &&
                   std::is_void_v<typename Signature::result_type>;
        }
        return false;
    }

    template <class... Parameters>
    [[nodiscard]] static constexpr bool check_answer_parameters(
        const std::tuple<std::type_identity<Parameters>...>& /*types*/) {
        return (check_answer_parameter<Parameters>() && ...);
    }

    template <class Parameter>
    static constexpr bool is_response = std::is_same_v<std::remove_cvref_t<Parameter>, response>;

    template <class Parameter>
    [[nodiscard]] static constexpr bool check_answer_parameter() {
        if constexpr (is_response<Parameter>) {
            constexpr bool is_constant = std::is_same_v<Parameter, const response&>;
            static_assert(is_constant,
                          "cloakroom: a before_commit takes the answer as const response&: an "
                          "after may change it, once the session is committed");
            return is_constant;
        } else {
            return check_parameter<Parameter, false>();
        }
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
    void add_member_before_commit() {
        using signature = handler_signature<decltype(&Object::before_commit)>;
        if constexpr (check_before_commit<signature>()) {
            declare_all(typename signature::parameters{});
            before_commit_ = [](const void* target, exchange& on) {
                call_before_commit(*static_cast<const Object*>(target), on,
                                   typename signature::parameters{});
            };
        }
    }

    template <class... Parameters>
    void declare_all(const std::tuple<std::type_identity<Parameters>...>& /*types*/) {
        const auto declare = [this]<class Parameter>(std::type_identity<Parameter> /*type*/) {
            if constexpr (!is_response<Parameter>) {
                declare_needs<Parameter>(needs_);
            }
        };
        (declare(std::type_identity<Parameters>{}), ...);
    }

    template <class Object, class... Parameters>
    static void call_before_commit(const Object& object, exchange& on,
                                   const std::tuple<std::type_identity<Parameters>...>& /*types*/) {
        object.before_commit(answer_argument<Parameters>(on)...);
    }

    template <class Parameter>
    static decltype(auto) answer_argument(exchange& on) {
        if constexpr (is_response<Parameter>) {
            return std::as_const(on.response());
        } else {
            return handler_argument<Parameter>(on, 0);
        }
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
    before_commit_function before_commit_ = nullptr;
    after_function after_ = nullptr;
    std::shared_ptr<const void> target_;
    needs needs_;
};

}  // namespace cloakroom
