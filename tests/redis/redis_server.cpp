// SPDX-License-Identifier: MIT
#include "redis_server.hpp"

#include "loopback_port.hpp"
#include "plain_client.hpp"
#include "server_certificate.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace cloakroom::redis {
namespace {

constexpr std::chrono::seconds longest_wait{20};

// Debian has the server itself in redis-tools, under this other name: the program goes by the name
// that it is called with. Its package redis-server adds a service, which no test wants.
std::filesystem::path server_program() {
    for (const char* name : {"redis-server", "redis-check-rdb"}) {
        if (std::filesystem::path program = program_path(name); !program.empty()) {
            return program;
        }
    }
    throw std::runtime_error("Redis is not installed: run scripts/setup");
}

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char each : text) {
        if (each == '"' || each == '\\') {
            result += '\\';
        }
        result += each;
    }
    return result + '"';
}

void write_access(std::ostream& lines, const redis_server_settings& settings) {
    const std::string& password = settings.password;
    if (!settings.user.empty()) {
        lines << "user default off\nuser " << settings.user << " on ~* &* +@all "
              << (password.empty() ? "nopass" : quoted(">" + password)) << '\n';
    } else if (!password.empty()) {
        lines << "requirepass " << quoted(password) << '\n';
    }
    if (settings.replica_of) {
        lines << "replicaof 127.0.0.1 " << *settings.replica_of << '\n';
        if (!password.empty()) {
            lines << "masterauth " << quoted(password) << '\n';
        }
        if (!settings.user.empty()) {
            lines << "masteruser " << settings.user << '\n';
        }
    }
}

}  // namespace

redis_server::redis_server(redis_server_settings settings) : settings_(std::move(settings)) {
    if (settings_.tls) {
        write_server_certificate(directory_.path());
    }
    for (int attempts_left = 10;; --attempts_left) {
        port_ = settings_.unix_socket ? std::uint16_t{0} : free_loopback_port();
        cluster_port_ = settings_.cluster ? free_loopback_port() : std::uint16_t{0};
        write_configuration();
        try {
            start();
            return;
        } catch (const std::runtime_error&) {  // perhaps somebody else was faster
            if (attempts_left == 0 || log().find("Address already in use") == std::string::npos) {
                throw;
            }
            std::filesystem::remove(directory_.path() / "log");
        }
    }
}

void redis_server::write_configuration() const {
    std::ofstream lines{directory_.path() / "redis.conf"};
    lines << "bind 127.0.0.1\nprotected-mode no\ndaemonize no\nenable-debug-command yes\n"
          << "dir " << directory_.path().string() << '\n'
          << "unixsocket " << unix_path() << "\nunixsocketperm 600\n"
          << (settings_.tls ? "port 0\ntls-port " : "port ") << port_ << '\n';
    if (!settings_.sentinel) {
        // The delays are those of a busy machine with many replicas.
        lines << "save \"\"\nrepl-diskless-sync-delay 0\nshutdown-timeout 0\n";
    }
    if (settings_.append_only) {
        lines << "appendonly yes\nappendfsync always\n";
    }
    if (settings_.tls) {
        lines << "tls-cert-file " << (directory_.path() / "server.pem").string()
              << "\ntls-key-file " << (directory_.path() / "server.key").string()
              << "\ntls-ca-cert-file " << ca_file() << "\ntls-auth-clients no\n";
    }
    if (settings_.cluster) {
        lines << "cluster-enabled yes\ncluster-port " << cluster_port_ << '\n';
    }
    write_access(lines, settings_);
    lines << settings_.extra << '\n';
    lines.close();
    if (!lines) {
        throw std::runtime_error("cannot write into " + directory_.path().string());
    }
}

void redis_server::start() {
    if (process_) {
        throw std::logic_error("start() of a Redis that is up");
    }
    std::vector<std::string> words{"redis-server", directory_.path() / "redis.conf"};
    if (settings_.sentinel) {
        words.emplace_back("--sentinel");
    }
    process_.emplace(server_program(), words, directory_.path() / "log");
    try {
        wait_until_it_answers();
    } catch (...) {
        process_.reset();
        throw;
    }
}

void redis_server::wait_until_it_answers() {
    const auto deadline = std::chrono::steady_clock::now() + longest_wait;
    while (!answers()) {
        if (process_->has_ended() || std::chrono::steady_clock::now() > deadline) {
            throw std::runtime_error("Redis does not come up. Its log:\n" + log());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
}

bool redis_server::answers() const {
    try {
        plain_client{std::filesystem::path{unix_path()}}.command({"PING"});
        return true;
    } catch (const std::system_error&) {  // it does not listen yet
        return false;
    } catch (const std::runtime_error& answer) {
        // Any other refusal, such as NOAUTH, comes from a server that is up.
        const std::string text = answer.what();
        return !text.starts_with("LOADING") && !text.starts_with("the connection ended");
    }
}

std::string redis_server::log() const {
    std::ifstream file{directory_.path() / "log"};
    return {std::istreambuf_iterator<char>{file}, {}};
}

void redis_server::stop() {
    if (!process_) {
        return;
    }
    process_->resume();
    process_->signal(SIGTERM);
    if (!process_->wait(longest_wait)) {
        throw std::runtime_error("Redis does not end. Its log:\n" + log());
    }
    process_.reset();
}

void redis_server::kill() {
    process_.reset();
}

void redis_server::pause() {
    if (process_) {
        process_->pause();
    }
}

void redis_server::resume() {
    if (process_) {
        process_->resume();
    }
}

std::string redis_server::command(const std::vector<std::string>& words) const {
    plain_client client{std::filesystem::path{unix_path()}};
    if (!settings_.password.empty()) {
        std::vector<std::string> login{"AUTH"};
        if (!settings_.user.empty()) {
            login.push_back(settings_.user);
        }
        login.push_back(settings_.password);
        client.command(login);
    }
    return client.command(words);
}

}  // namespace cloakroom::redis
