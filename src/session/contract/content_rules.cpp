// SPDX-License-Identifier: MIT
// Rules of the contract: what is kept of a session, and until when.
#include "session/contract/subject.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace cloakroom::testing::session_store_rules {
namespace {

using std::chrono::seconds;

std::string text_of(std::size_t characters) {
    std::string json(characters + 2, '"');
    for (std::size_t index = 0; index < characters; ++index) {
        json[index + 1] = static_cast<char>('a' + index % 26);
    }
    return json;
}

// That a session is there until one second before `end`, and not from then on. In a store of its
// own, so that the clock never goes back.
void expect_end(subject& tried, const session_record& record, session_time end,
                const std::string& name) {
    const session_token token = tried.begin(record).token;
    tried.expect(tried.opens(token, end - seconds{1}),
                 "a session has ended one second before its " + name + " deadline");
    tried.expect(tried.load(token, end) == session_load::absent,
                 "a session has not ended at its " + name + " deadline");
    tried.expect(!tried.opens(token, end + seconds{1}),
                 "a session has not ended after its " + name + " deadline");
}

// That a change of a session that ends at `end` does nothing from then on.
void expect_gone(subject& tried, operation what, const std::string& name,
                 const session_record& record, session_time end) {
    const commit_answer inserted = tried.begin(record);
    session_record asked = record;
    if (tried.can().compare_and_swap) {  // else it has only what it is given
        asked.idle_deadline += seconds{20'000};
        asked.absolute_deadline += seconds{20'000};
    }
    const commit_answer answer = tried.commit(what, inserted.token, inserted.version, asked, end);
    tried.expect(answer.outcome == session_commit::gone,
                 "a " + name + " of an expired session was answered " + name_of(answer.outcome));
    tried.expect(!tried.opens(inserted.token, end) && !tried.opens(answer.token, end),
                 "a " + name + " revives an expired session");
}

session_values values_of(std::size_t keys, std::size_t characters) {
    session_values made;
    for (std::size_t index = 0; index < keys; ++index) {
        made.set("key" + std::to_string(index), text_of(characters));
    }
    return made;
}

}  // namespace

violations contents_come_back_byte_for_byte(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        std::vector<session_values> all(1);
        for (const std::size_t size : {0U, 1U, 2U, 15U, 16U, 17U, 63U, 125U, 126U, 127U, 128U, 500U,
                                       1'000U, 2'000U, 3'000U, 4'000U, 5'000U, 8'000U}) {
            all.push_back(values_of(1, size));
        }
        all.push_back(values_of(40, 3));
        all.push_back(values_of(40, 100));
        session_values odd;
        odd.set("", R"("")");
        odd.set("\xc3\xa9", "{\"a\":[1,true,null,\"\xc3\xa9\\n\"]}");
        all.push_back(odd);
        for (const session_values& values : all) {
            session_record record = subject::record();
            record.values = values;
            const std::string size = std::to_string(values.encoded().size()) + " bytes";
            const commit_answer inserted = tried.commit(operation::insert, {}, 0, record);
            tried.expect(inserted.outcome == session_commit::committed ||
                             inserted.outcome == session_commit::too_large,
                         "an insert of " + size + " was answered " + name_of(inserted.outcome));
            tried.expect(
                inserted.outcome != session_commit::too_large || values.encoded().size() >= 2'000,
                "an insert of " + size + " is too large");
            tried.expect(inserted.outcome != session_commit::committed ||
                             tried.open(inserted.token).record.values == values,
                         "contents of " + size + " do not come back as they were stored");
        }
    });
}

violations what_is_too_large_leaves_the_session_as_it_was(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        for (const operation what : {operation::replace, operation::rename}) {
            for (const std::size_t size : {10'000U, 1'000'000U, 20'000'000U}) {
                const commit_answer inserted = tried.begin(subject::record());
                const session_record large = subject::record(text_of(size));
                const commit_answer answer =
                    tried.commit(what, inserted.token, inserted.version, large);
                const session_record& stored =
                    answer.outcome == session_commit::committed ? large : subject::record();
                tried.expect(answer.outcome == session_commit::committed ||
                                 answer.outcome == session_commit::too_large,
                             "a change to " + std::to_string(size) + " bytes was answered " +
                                 name_of(answer.outcome));
                tried.expect(
                    tried.is_same(tried.open(answer.token).record, stored),
                    "a change to " + std::to_string(size) + " bytes is neither stored nor refused");
            }
        }
    });
}

violations owner_and_label_come_back(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (!tried.given().keeps_names) {
            return;
        }
        const std::string longest(session_record::max_name_bytes, 'n');
        for (const auto& [owner, label] : {std::pair<std::string, std::string>{"", ""},
                                           {"ada", ""},
                                           {"", "a browser"},
                                           {"ada@example.org", "Firefox on Linux"},
                                           {"\xc3\xa9\"\\{}:*\n", " \t;,="},
                                           {std::string("a\0b", 3), std::string("\0", 1)},
                                           {longest, longest}}) {
            const session_record record = subject::owned(owner, label);
            const session_record stored = tried.open(tried.begin(record).token).record;
            tried.expect(stored.owner == owner, "an owner does not come back as it was stored");
            tried.expect(stored.label == label, "a label does not come back as it was stored");
        }
    });
}

violations a_session_ends_at_its_idle_deadline(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (!tried.given().keeps_times) {
            return;
        }
        const session_record record = subject::record();
        expect_end(tried, record, record.idle_deadline, "idle");
    });
}

violations a_session_ends_at_its_absolute_deadline(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (!tried.given().keeps_times) {
            return;
        }
        session_record record = subject::record();
        record.idle_deadline = record.absolute_deadline + seconds{100};
        expect_end(tried, record, record.absolute_deadline, "absolute");
    });
}

violations an_expired_session_is_gone_to_every_change(const session_store_under_test& given) {
    return examine(given, [](subject& tried) {
        if (!tried.given().keeps_times) {
            return;
        }
        for (const auto& [what, name] :
             {std::pair{operation::replace, "replace"}, std::pair{operation::touch, "touch"},
              std::pair{operation::rename, "rename"}}) {
            session_record record = subject::record();
            record.absolute_deadline += seconds{10'000};
            expect_gone(tried, what, name, record, record.idle_deadline);
            record = subject::record();
            record.idle_deadline += seconds{10'000};
            expect_gone(tried, what, name, record, record.absolute_deadline);
        }
    });
}

violations the_clock_is_the_argument(const session_store_under_test& given) {
    violations all;
    for (const std::int64_t when :
         {std::int64_t{1'000'000'000}, std::int64_t{4'000'000'000}}) {  // the years 2001 and 2096
        const violations found = examine(given, [&](subject& tried) {
            const session_time now{seconds{when}};
            const session_record record = subject::record("1", now);
            const commit_answer inserted = tried.begin(record, now);
            tried.open(inserted.token, now);
            const session_commit replaced =
                tried.commit(operation::replace, inserted.token, inserted.version, record, now)
                    .outcome;
            tried.expect(
                replaced == session_commit::committed,
                "a replace at another time than today's was answered " + name_of(replaced));
            tried.expect(
                !tried.given().keeps_times || !tried.opens(inserted.token, record.idle_deadline),
                "a session at another time than today's does not end");
        });
        all.insert(all.end(), found.begin(), found.end());
    }
    return all;
}

}  // namespace cloakroom::testing::session_store_rules
