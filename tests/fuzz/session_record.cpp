// SPDX-License-Identifier: MIT
// Session records as bytes.
// Property: a record that decodes is encoded to the same bytes; and its contents, set one by one,
// are the same bytes too.
// Input: the bytes.
#include "session/record_codec.hpp"
#include "target.hpp"

#include <string>
#include <string_view>

namespace cloakroom::fuzz {

void check(std::string_view input) {
    session_record record;
    if (decode_record(input, session_time{}, record) == session_load::found) {
        std::string bytes(input.size(), '\0');
        require(encode_record(record, bytes) == bytes.size(), "a record takes as much room again");
        require_same(bytes, input, "a record is encoded as it was");
    }
    session_values values;
    if (values.decode(input)) {
        session_values again;
        values.for_each([&](std::string_view key, std::string_view json) { again.set(key, json); });
        require_same(again.encoded(), input, "equal contents have equal bytes");
    }
}

}  // namespace cloakroom::fuzz
