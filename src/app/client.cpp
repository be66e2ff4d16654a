// SPDX-License-Identifier: MIT
#include "app/app_implementation.hpp"
#include "http1/conversation.hpp"
#include "net/date_cache.hpp"
#include <cloakroom/testing/client.hpp>
#include <cloakroom/text.hpp>

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace cloakroom::testing {

std::string reply::header(std::string_view name) const {
    for (const auto& [each, value] : fields) {
        if (equals_ignoring_case(each, name)) {
            return value;
        }
    }
    return {};
}

/// What net::connection is for a socket, for a string.
class client::connection {
public:
    connection(app& under_test, bool is_development)
        : implementation_(app_access::inside(under_test)),
          shared_{implementation_.freeze(is_development), implementation_.setup.limits} {}

    /// Feeds `bytes` and returns what comes back.
    std::string exchange_bytes(std::string_view bytes) {
        std::string received;
        desk_.input.append(bytes);
        http1::next_step step = http1::next_step::flush;
        while (step == http1::next_step::flush) {
            step = conversation_.advance(desk_, shared_, circumstances());
            take_output(received, step);
            while (step == http1::next_step::wait) {
                step = wait_for_handler();
                take_output(received, step);
            }
        }
        is_closed_ = step == http1::next_step::close;
        return received;
    }

    [[nodiscard]] bool is_closed() const noexcept { return is_closed_; }

    void reopen() {
        desk_.clear();
        conversation_ = {};
        is_closed_ = false;
    }

private:
    [[nodiscard]] http1::conversation::circumstances circumstances() {
        return {date_.now(), false, {}};
    }

    void take_output(std::string& into, http1::next_step& step) {
        if (!desk_.take_output(into)) {
            step = http1::next_step::close;
        }
    }

    http1::next_step wait_for_handler() {
        bool is_done = false;
        desk_.on.when_done([](void* done) { *static_cast<bool*>(done) = true; }, &is_done);
        while (!is_done) {
            context_.restart();
            if (context_.run_one() == 0) {
                throw std::logic_error("a suspended handler waits for nothing: it never answers");
            }
        }
        return conversation_.answered(desk_, shared_, circumstances());
    }

    // Destroyed in reverse: first the workers, then what is suspended, then what it refers to.
    app_access::implementation& implementation_;
    http1::conversation::setting shared_;
    net::date_cache date_;
    http1::conversation conversation_;
    http1::desk desk_{execution{&context_, &workers_}};
    boost::asio::io_context context_{1};
    worker_pool workers_{2, 16};
    bool is_closed_ = false;
};

namespace {

// One response off the front of `bytes`, interim responses left out.
reply read_reply(std::string& bytes, bool has_body) {
    reply result;
    const std::size_t head_end = bytes.find("\r\n\r\n");
    if (head_end == std::string::npos || bytes.size() < 12) {
        throw std::runtime_error("the app sent no complete response: \"" + bytes + "\"");
    }
    std::from_chars(bytes.data() + 9, bytes.data() + 12, result.status);
    std::size_t length = 0;
    std::size_t line = bytes.find("\r\n") + 2;
    while (line < head_end + 2) {
        const std::size_t end = bytes.find("\r\n", line);
        const std::size_t colon = bytes.find(':', line);
        result.fields.emplace_back(bytes.substr(line, colon - line),
                                   bytes.substr(colon + 2, end - colon - 2));
        line = end + 2;
    }
    const std::string declared = result.header("Content-Length");
    std::from_chars(declared.data(), declared.data() + declared.size(), length);
    if (has_body && bytes.size() - head_end - 4 < length) {
        throw std::runtime_error("the app closed the connection before its response was whole");
    }
    result.body = bytes.substr(head_end + 4, has_body ? length : 0);
    bytes.erase(0, head_end + 4 + result.body.size());
    return result;
}

void keep_cookie(std::map<std::string, std::string>& jar, const std::string& line) {
    const std::size_t equals = line.find('=');
    const std::string name = line.substr(0, equals);
    if (line.find("; Max-Age=0") != std::string::npos) {
        jar.erase(name);
    } else {
        jar[name] = line.substr(equals + 1, line.find(';') - equals - 1);
    }
}

}  // namespace

client::client(app& under_test, deployment mode)
    : connection_(std::make_unique<connection>(under_test, mode != deployment::production)) {}

client::~client() = default;

bool client::is_closed() const noexcept {
    return connection_->is_closed();
}

reply client::get(std::string_view target) {
    return send(method::get, target);
}

reply client::post(std::string_view target, std::string_view body, std::string_view content_type) {
    return send(method::post, target, body, {{"Content-Type", std::string{content_type}}});
}

reply client::send(method verb, std::string_view target, std::string_view body,
                   std::vector<std::pair<std::string, std::string>> fields) {
    std::string bytes{to_string(verb)};
    bytes += ' ';
    bytes += target;
    bytes += " HTTP/1.1\r\n";
    if (std::none_of(fields.begin(), fields.end(),
                     [](const auto& each) { return equals_ignoring_case(each.first, "Host"); })) {
        bytes += "Host: test\r\n";
    }
    if (!cookies_.empty()) {
        std::string list;
        for (const auto& [name, value] : cookies_) {
            list += list.empty() ? "" : "; ";
            list += name;
            list += '=';
            list += value;
        }
        fields.emplace_back("Cookie", std::move(list));
    }
    if (!body.empty() || verb == method::post || verb == method::put || verb == method::patch) {
        fields.emplace_back("Content-Length", std::to_string(body.size()));
    }
    for (const auto& [name, value] : fields) {
        bytes += name;
        bytes += ": ";
        bytes += value;
        bytes += "\r\n";
    }
    bytes += "\r\n";
    bytes += body;
    std::string received = send_raw({bytes});
    reply result = read_reply(received, verb != method::head);
    for (const auto& [name, value] : result.fields) {
        if (equals_ignoring_case(name, "Set-Cookie")) {
            keep_cookie(cookies_, value);
        }
    }
    return result;
}

std::string client::send_raw(const std::vector<std::string_view>& pieces) {
    if (connection_->is_closed()) {
        connection_->reopen();
    }
    std::string received;
    for (const std::string_view piece : pieces) {
        if (!connection_->is_closed()) {
            received += connection_->exchange_bytes(piece);
        }
    }
    return received;
}

}  // namespace cloakroom::testing
