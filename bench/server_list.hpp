// SPDX-License-Identifier: MIT
// The servers to be compared: read from servers.json, or given on the command line. Starts none.
#pragma once

#include "child_server.hpp"

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cloakroom::bench {

/// A server, and what is asked of it.
struct candidate {
    std::string name{};
    std::string kind{};                  // what others it can be compared with; may be empty
    std::vector<std::string> command{};  // its words
    std::string path = "/";
    std::string content{};                // JSON to be posted; empty: a GET
    bool cookies = false;                 // each connection sends back the cookies it got
    std::vector<std::string> needs{};     // programs and files
    std::vector<std::string> packages{};  // of Debian, that have them
};

/// @throws std::runtime_error for a name that would not stand in JSON, or as NAME=VALUE, as it is.
inline void check_name(const std::string& name) {
    if (name.empty() || name.find_first_of("\"\\/=, \n") != std::string::npos) {
        throw std::runtime_error("\"" + name + "\" is no name for a server");
    }
}

/// @throws std::runtime_error for a path that none begins with.
inline void check_path(const candidate& server) {
    if (!server.path.starts_with('/')) {
        throw std::runtime_error("the path of " + server.name + " does not begin with a slash");
    }
}

/// Reads a list such as servers.json.
///
/// @param source  Takes the place of {source}: the repository's root.
/// @throws std::runtime_error or nlohmann::json::exception for a text that is no such list.
inline std::vector<candidate> read_server_list(const std::string& text, const std::string& source) {
    const auto words = [&source](const nlohmann::json& value) {
        std::vector<std::string> found = split(value.get<std::string>());
        for (std::string& word : found) {
            replace_first(word, "{source}", source);
        }
        return found;
    };
    std::vector<candidate> servers;
    std::set<std::string> names;
    for (const nlohmann::json& entry : nlohmann::json::parse(text)) {
        candidate server{.name = entry.at("name").get<std::string>(),
                         .kind = entry.at("kind").get<std::string>(),
                         .command = words(entry.at("command")),
                         .path = entry.value("path", "/"),
                         .content = entry.value("post", ""),
                         .cookies = entry.at("cookies").get<bool>(),
                         .needs = words(entry.at("needs")),
                         .packages = words(entry.at("package"))};
        check_name(server.name);
        check_name(server.kind);
        check_path(server);
        if (!names.insert(server.name).second) {
            throw std::runtime_error("two servers have the name " + server.name);
        }
        servers.push_back(std::move(server));
    }
    return servers;
}

/// What is wanted of a list. Empty means all.
struct selection {
    std::vector<std::string> kinds{};
    std::vector<std::string> names{};
};

/// @return Those of a wanted kind, and those of the wanted names in the order of these.
/// @throws std::runtime_error for a name or a kind that no server has.
inline std::vector<candidate> select(const std::vector<candidate>& servers,
                                     const selection& wanted) {
    const auto has = [](const std::vector<std::string>& texts, const std::string& text) {
        return texts.empty() || std::find(texts.begin(), texts.end(), text) != texts.end();
    };
    std::vector<candidate> chosen;
    for (const candidate& server : servers) {
        if (has(wanted.kinds, server.kind) && has(wanted.names, server.name)) {
            chosen.push_back(server);
        }
    }
    const auto place = [&names = wanted.names](const candidate& server) {
        return std::find(names.begin(), names.end(), server.name);
    };
    std::stable_sort(chosen.begin(), chosen.end(), [&place](const auto& left, const auto& right) {
        return place(left) < place(right);
    });
    if (chosen.empty() || chosen.size() < wanted.names.size()) {
        throw std::runtime_error("the list has no server of such a name and kind");
    }
    return chosen;
}

/// Whether there is a program of that name, or a file of that path.
inline bool is_there(const std::string& needed) {
    if (needed.find('/') != std::string::npos) {
        return ::access(needed.c_str(), R_OK) == 0;
    }
    const char* const path = std::getenv("PATH");
    // Debian has nginx in /usr/sbin, which not everybody's PATH has.
    std::istringstream directories((path != nullptr ? path : "") + std::string(":/usr/sbin"));
    for (std::string directory; std::getline(directories, directory, ':');) {
        if (::access((directory + "/" + needed).c_str(), X_OK) == 0) {
            return true;
        }
    }
    return false;
}

/// What a server lacks, as words to be said; empty: nothing.
inline std::string missing(const candidate& server) {
    for (const std::string& needed : server.needs) {
        if (!is_there(needed)) {
            std::string text = "there is no " + needed;
            for (const std::string& package : server.packages) {
                text += (&package == &server.packages.front() ? "; scripts/setup bench installs "
                                                              : " ") +
                        package;
            }
            const bool is_built = needed.find('/') != std::string::npos && needed.front() != '/';
            return text + (is_built ? ", then build again" : "");
        }
    }
    return {};
}

/// @throws std::runtime_error when the file cannot be read.
inline std::string read_file(const std::string& name) {
    std::ifstream file(name);
    std::ostringstream text;
    if (!(text << file.rdbuf())) {
        throw std::runtime_error(name + " cannot be read");
    }
    return text.str();
}

}  // namespace cloakroom::bench
