// SPDX-License-Identifier: MIT
// A JSON API: typed bodies and queries, a service that all handlers share, errors that name fields.
//
//     scripts/run json_api
//     curl -i --json '{"title":"Buy milk"}' http://127.0.0.1:8080/notes
//     curl http://127.0.0.1:8080/notes/1
//     curl 'http://127.0.0.1:8080/notes?limit=10'
//     curl --json '{"title":7}' http://127.0.0.1:8080/notes
#include <cloakroom/app.hpp>
#include <cloakroom/form.hpp>
#include <cloakroom/json.hpp>

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using cloakroom::field, cloakroom::service;

struct note {
    std::string title;
    static constexpr auto fields = cloakroom::fields(field("title", &note::title));
};

struct page {
    std::size_t limit = 100;
    static constexpr auto fields = cloakroom::fields(field("limit", &page::limit).optional());
};

struct notebook {
    std::mutex mutex;  // the event loops share it
    std::vector<note> notes;
};

int main(int argc, char** argv) {
    notebook book;
    cloakroom::app app;
    app.provide(book);
    app.post("/notes", [](cloakroom::json_body<note> body, service<notebook> shared) {
        const std::lock_guard lock(shared->mutex);
        shared->notes.push_back(*std::move(body));
        return cloakroom::response(cloakroom::status::created)
            .set("Location", "/notes/" + std::to_string(shared->notes.size()));
    });
    app.get("/notes", [](cloakroom::query<page> asked, service<notebook> shared) {
        const std::lock_guard lock(shared->mutex);
        const std::size_t count = std::min(asked->limit, shared->notes.size());
        return std::vector(shared->notes.data(), shared->notes.data() + count);
    });
    app.get("/notes/{id}", [](std::size_t id, service<notebook> shared) -> std::optional<note> {
        const std::lock_guard lock(shared->mutex);
        const bool is_there = id >= 1 && id <= shared->notes.size();
        return is_there ? std::optional{shared->notes[id - 1]} : std::nullopt;  // empty: 404
    });
    return app.run(argc, argv);
}
