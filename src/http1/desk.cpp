// SPDX-License-Identifier: MIT
#include "http1/desk.hpp"

#include <system_error>

namespace cloakroom::http1 {

bool desk::take_output(std::string& into) {
    into.append(output, sent);
    into += content;
    const std::size_t begin = into.size();
    std::size_t got = 0;
    if (file_bytes != 0) {
        into.resize(begin + file_bytes);
        try {
            got = file.read(0, into.data() + begin, file_bytes);
        } catch (const std::system_error&) {
            got = 0;
        }
        into.resize(begin + got);
    }
    const bool is_whole = got == file_bytes;
    clear_output();
    return is_whole;
}

}  // namespace cloakroom::http1
