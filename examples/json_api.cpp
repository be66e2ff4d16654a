// SPDX-License-Identifier: MIT
// A JSON API: typed bodies and queries, a service that the program shares, errors that name fields.
//
//     scripts/run json_api
//     curl -d '{"title":"Buy milk"}' -H 'Content-Type: application/json'
//     http://127.0.0.1:8080/notes curl http://127.0.0.1:8080/notes/1 curl
//     'http://127.0.0.1:8080/notes?limit=10'
#include <cloakroom/app.hpp>
#include <cloakroom/form.hpp>
#include <cloakroom/json.hpp>

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

using cloakroom::field;
using cloakroom::json;
using cloakroom::service;

struct note {
    std::string title;
    bool done = false;
    static constexpr auto fields =
        cloakroom::fields(field("title", &note::title), field("done", &note::done).optional());
};

struct page {
    std::size_t limit = 100;
    static constexpr auto fields = cloakroom::fields(field("limit", &page::limit).optional());
};

class notebook {  // all threads share it: it locks
public:
    std::size_t add(note added) {
        const std::lock_guard lock(mutex_);
        notes_.push_back(std::move(added));
        return notes_.size();
    }
    std::optional<note> find(std::size_t id) {
        const std::lock_guard lock(mutex_);
        return id >= 1 && id <= notes_.size() ? std::optional(notes_[id - 1]) : std::nullopt;
    }
    std::vector<note> first(std::size_t limit) {
        const std::lock_guard lock(mutex_);
        const auto end = static_cast<std::ptrdiff_t>(std::min(limit, notes_.size()));
        return {notes_.begin(), notes_.begin() + end};
    }

private:
    std::mutex mutex_;
    std::vector<note> notes_;
};

int main(int argc, char** argv) {
    notebook notes;
    cloakroom::app app;
    app.provide(notes);
    app.post("/notes", [](service<notebook> in, cloakroom::json_body<note> body) {
        const std::size_t id = in->add(*body);
        return cloakroom::response(cloakroom::status::created)
            .set("Location", "/notes/" + std::to_string(id));
    });
    app.get("/notes", [](service<notebook> in, cloakroom::query<page> asked) {
        return json(in->first(asked->limit));
    });
    app.get("/notes/{id}", [](std::size_t id, service<notebook> in) -> std::optional<json> {
        const std::optional<note> found = in->find(id);
        return found ? std::optional(json(*found)) : std::nullopt;  // empty is 404
    });
    return app.run(argc, argv);
}
