// SPDX-License-Identifier: MIT
// Runs a fuzz target over files and directories of inputs, without libFuzzer.
#include "target.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace {

namespace files = std::filesystem;

std::vector<files::path> inputs_at(const files::path& from) {
    if (!files::is_directory(from)) {
        return {from};
    }
    std::vector<files::path> all;
    for (const files::directory_entry& each : files::recursive_directory_iterator(from)) {
        if (each.is_regular_file()) {
            all.push_back(each.path());
        }
    }
    std::sort(all.begin(), all.end());
    return all;
}

void run(const files::path& file) {
    std::ifstream from(file, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(from), {}};
    if (!from) {
        throw std::runtime_error("cannot be read");
    }
    // As libFuzzer does: of exactly that size, so that reading beyond it is found.
    const auto bytes = std::make_unique<char[]>(content.size());
    std::copy(content.begin(), content.end(), bytes.get());
    cloakroom::fuzz::check({bytes.get(), content.size()});
}

}  // namespace

int main(int count, char** arguments) {
    std::size_t ran = 0;
    for (int index = 1; index < count; ++index) {
        for (const files::path& file : inputs_at(arguments[index])) {
            std::fprintf(stderr, "%s\n", file.c_str());  // before, for it may abort
            try {
                run(file);
            } catch (const std::exception& error) {
                std::fprintf(stderr, "%s: %s\n", file.c_str(), error.what());
                return 1;
            }
            ++ran;
        }
    }
    std::printf("%zu inputs\n", ran);
    return ran == 0 ? 1 : 0;
}
