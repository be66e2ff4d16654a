// SPDX-License-Identifier: MIT
// JSON, and static content, for cpu_per_request to compare with nginx: held by the system, which
// sends it; held in memory; and as a file of a directory.
//
//     bench/content_server
//     curl http://127.0.0.1:8080/json
//     curl --output /dev/null http://127.0.0.1:8080/1MiB
//     curl --output /dev/null http://127.0.0.1:8080/memory/1MiB
//     curl --output /dev/null http://127.0.0.1:8080/files/1MiB
#include <cloakroom/app.hpp>
#include <cloakroom/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <system_error>

namespace {

struct greeting {
    std::string message;
    static constexpr auto fields =
        cloakroom::fields(cloakroom::field("message", &greeting::message));
};

struct content {
    std::string small = std::string(64UL * 1024, 'x');
    std::string large = std::string(1024UL * 1024, 'x');
    cloakroom::open_file small_file = cloakroom::open_file::from_bytes(small);
    cloakroom::open_file large_file = cloakroom::open_file::from_bytes(large);
};

/// A directory with both as files, until the end.
class content_directory {
public:
    explicit content_directory(const content& held)
        : path_((std::filesystem::temp_directory_path() / "content_server-XXXXXX").string()) {
        if (::mkdtemp(path_.data()) == nullptr) {
            throw std::runtime_error("no directory can be made: " + path_);
        }
        std::ofstream(path_ + "/64KiB") << held.small;
        std::ofstream(path_ + "/1MiB") << held.large;
    }
    content_directory(const content_directory&) = delete;
    content_directory& operator=(const content_directory&) = delete;
    ~content_directory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const std::string& path() const noexcept { return path_; }

private:
    std::string path_;
};

/// Copies nothing: the content outlives the app.
cloakroom::response bytes(const std::string& text) {
    cloakroom::response response;
    response.set("Content-Type", "application/octet-stream").body_view(text);
    return response;
}

cloakroom::response bytes(const cloakroom::open_file& file) {
    cloakroom::response response;
    response.set("Content-Type", "application/octet-stream").body(file);
    return response;
}

}  // namespace

int main(int argc, char** argv) {
    using shared = cloakroom::service<content>;
    content held;
    const content_directory directory(held);
    cloakroom::app app;
    app.provide(held);
    app.files("/files", directory.path());
    app.get("/json", [] { return greeting{"Hello, World!"}; });
    app.get("/64KiB", [](shared from) { return bytes(from->small_file); });
    app.get("/1MiB", [](shared from) { return bytes(from->large_file); });
    app.get("/memory/64KiB", [](shared from) { return bytes(from->small); });
    app.get("/memory/1MiB", [](shared from) { return bytes(from->large); });
    return app.run(argc, argv);
}
