// SPDX-License-Identifier: MIT
#include "http1/desk.hpp"

#include <algorithm>
#include <cstddef>
#include <system_error>

namespace cloakroom::http1 {

bool desk::take_output(std::string& into) {
    const std::size_t of_output = std::min(sent, output.size());
    const std::size_t of_rest = sent - of_output;
    into.append(output, of_output);
    into += content.substr(std::min(of_rest, content.size()));
    const std::size_t begin = into.size();
    const std::size_t wanted = file_bytes == 0 ? 0 : file_bytes - of_rest;
    std::size_t got = 0;
    if (wanted != 0) {
        into.resize(begin + wanted);
        try {
            got = file.read(of_rest, into.data() + begin, wanted);
        } catch (const std::system_error&) {
            got = 0;
        }
        into.resize(begin + got);
    }
    const bool is_whole = got == wanted;
    clear_output();
    return is_whole;
}

void desk::drop_large_output() noexcept {
    if (content.size() > kept_output_bytes) {
        on.response().reset();
    }
    if (output.capacity() > kept_output_bytes) {
        std::string{}.swap(output);
    }
}

}  // namespace cloakroom::http1
