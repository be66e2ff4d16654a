// SPDX-License-Identifier: MIT
// The routes of GitHub's API, of 203 methods and patterns: a route table of usual size.
#pragma once

#include <cloakroom/method.hpp>

#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

struct route_line {
    cloakroom::method verb;
    std::string pattern;
};

/// @throws std::runtime_error when the file cannot be read.
inline std::vector<route_line> github_routes() {
    std::ifstream file(CLOAKROOM_GITHUB_ROUTES);
    std::string licence_line;
    std::getline(file, licence_line);
    std::vector<route_line> routes;
    std::string verb;
    std::string pattern;
    while (file >> verb >> pattern) {
        routes.push_back({cloakroom::parse_method(verb).value(), pattern});
    }
    if (routes.size() != 203) {
        throw std::runtime_error("cannot read the 203 routes of " CLOAKROOM_GITHUB_ROUTES);
    }
    return routes;
}
