// SPDX-License-Identifier: MIT
// Small histories by hand: right ones pass, and each kind of anomaly is found and named.
#include "checker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <utility>
#include <vector>

namespace cloakroom::serialisability {
namespace {

constexpr key_number x = 1;
constexpr key_number y = 2;

transaction at(tick begin, tick end, std::vector<access> accesses) {
    return {.begin = begin, .end = end, .accesses = std::move(accesses)};
}

transaction refused(transaction one) {
    one.outcome = outcome::refused;
    return one;
}

// The answer was lost: it may take effect at any time after its begin.
transaction unknown(transaction one) {
    one.outcome = outcome::unknown;
    one.saw = sighting::none;
    one.end = never;
    return one;
}

transaction ending(transaction one) {
    one.ends = true;
    return one;
}

transaction gone(transaction one) {
    one.saw = sighting::gone;
    return one;
}

void expect_right(const history& transactions) {
    const verdict result = check(transactions);
    EXPECT_EQ(result.found, 0U) << result.summary();
}

// Exactly one anomaly, of that kind, among those transactions.
void expect_only(anomaly_kind kind, std::vector<std::size_t> who, const history& transactions) {
    verdict result = check(transactions);
    ASSERT_EQ(result.found, 1U) << result.summary();
    EXPECT_EQ(to_string(result.anomalies[0].kind), to_string(kind)) << result.summary();
    std::sort(result.anomalies[0].transactions.begin(), result.anomalies[0].transactions.end());
    EXPECT_EQ(result.anomalies[0].transactions, who) << result.summary();
}

TEST(Checker, PassesNothing) {
    expect_right({});
}

TEST(Checker, PassesOneAfterTheOther) {
    expect_right({at(1, 2, {{x, 0, 11}}), at(3, 4, {{x, 11}}), at(5, 6, {{x, 11, 12}, {y, 0, 13}}),
                  at(7, 8, {{x, 12}, {y, 13}})});
}

TEST(Checker, PassesReadersThatMayStillSeeTheOldVersion) {
    expect_right(
        {at(1, 9, {{x, 0, 11}}), at(2, 3, {{x, 0}}), at(4, 5, {{x, 11}}), at(6, 7, {{x, 11}})});
}

TEST(Checker, PassesConcurrentWritersOfOtherKeys) {
    expect_right({at(1, 4, {{x, 0, 11}}), at(2, 3, {{y, 0, 12}}), at(5, 6, {{x, 11}, {y, 12}})});
}

TEST(Checker, PassesARefusedWriteThatNobodySaw) {
    expect_right({refused(at(1, 2, {{x, 0, 11}})), at(3, 4, {{x, 0}})});
}

TEST(Checker, PassesAnUnknownWriteThatNobodySaw) {
    expect_right({unknown(at(1, 2, {{x, 0, 11}})), at(3, 4, {{x, 0}})});
}

TEST(Checker, PassesAnUnknownWriteThatTookEffectLate) {
    expect_right({unknown(at(1, 2, {{x, 0, 11}})), at(3, 4, {{x, 0}}), at(5, 6, {{x, 11, 12}})});
}

TEST(Checker, PassesRequestsAroundAnEnd) {
    expect_right({at(1, 2, {{x, 0, 11}}), ending(at(3, 6, {{x, 11}})), at(4, 5, {{x, 11}}),
                  gone(at(4, 7, {})), ending(gone(at(5, 8, {}))), gone(at(9, 10, {}))});
}

TEST(Checker, PassesTwoEndsAtATime) {
    expect_right({ending(at(1, 4, {})), ending(at(2, 3, {})), gone(at(5, 6, {}))});
}

TEST(Checker, PassesAnUnknownEndEitherWay) {
    expect_right({unknown(ending(at(1, 2, {}))), at(3, 4, {{x, 0}})});
    expect_right({unknown(ending(at(1, 2, {}))), at(3, 4, {{x, 0}}), gone(at(5, 6, {}))});
}

TEST(Checker, PassesSessionsThatHaveNothingToDoWithEachOther) {
    transaction other = at(5, 6, {{x, 0, 12}});
    other.session = 1;
    expect_right({at(1, 2, {{x, 0, 11}}), other, at(7, 8, {{x, 11}})});
}

TEST(Checker, FindsAGarbageRead) {
    expect_only(anomaly_kind::garbage_read, {1}, {at(1, 2, {{x, 0, 11}}), at(3, 4, {{x, 99}})});
}

TEST(Checker, FindsAReadOfAnotherKeysVersion) {
    expect_only(anomaly_kind::garbage_read, {1}, {at(1, 2, {{x, 0, 11}}), at(3, 4, {{y, 11}})});
}

TEST(Checker, FindsAReadOfItsOwnWrite) {
    expect_only(anomaly_kind::garbage_read, {0}, {at(1, 2, {{x, 11, 11}})});
}

TEST(Checker, FindsAReadOfWhatWentToAFreshSession) {
    expect_only(anomaly_kind::garbage_read, {2},
                {ending(at(1, 2, {})), gone(at(1, 9, {{x, 0, 11}})), at(1, 8, {{x, 11}})});
}

TEST(Checker, FindsAnAbortedRead) {
    expect_only(anomaly_kind::aborted_read, {0, 1},
                {refused(at(1, 2, {{x, 0, 11}})), at(3, 4, {{x, 11}})});
}

TEST(Checker, FindsAReadOfWhatAnEndingTransactionWrote) {
    expect_only(anomaly_kind::aborted_read, {0, 1},
                {ending(at(1, 8, {{x, 0, 11}})), at(2, 9, {{x, 11}})});
}

TEST(Checker, FindsALostUpdate) {
    expect_only(anomaly_kind::lost_update, {0, 1},
                {at(1, 4, {{x, 0, 11}}), at(2, 3, {{x, 0, 12}}), at(5, 6, {{x, 11}})});
}

TEST(Checker, FindsAFracturedRead) {
    expect_only(anomaly_kind::fractured_read, {0, 1},
                {at(1, 4, {{x, 0, 11}, {y, 0, 12}}), at(2, 3, {{x, 11}, {y, 0}})});
}

TEST(Checker, FindsAFracturedReadOverAnotherTransaction) {
    expect_only(
        anomaly_kind::fractured_read, {0, 1, 2},
        {at(1, 9, {{x, 0, 11}}), at(1, 9, {{x, 11}, {y, 0, 12}}), at(1, 9, {{y, 12}, {x, 0}})});
}

TEST(Checker, FindsAFracturedReadOfAnUnknownWrite) {
    expect_only(anomaly_kind::fractured_read, {0, 1},
                {unknown(at(1, 2, {{x, 0, 11}, {y, 0, 12}})), at(3, 4, {{x, 11}, {y, 0}})});
}

TEST(Checker, FindsAStaleRead) {
    expect_only(anomaly_kind::stale_read, {0, 1}, {at(1, 2, {{x, 0, 11}}), at(3, 4, {{x, 0}})});
}

TEST(Checker, FindsAStaleReadThatOnlyAnotherReaderShows) {
    expect_only(anomaly_kind::stale_read, {0, 1, 2},
                {at(1, 9, {{x, 0, 11}}), at(2, 3, {{x, 11}}), at(4, 5, {{x, 0}})});
}

TEST(Checker, FindsAStaleReadAfterAnUnknownWriteWasSeen) {
    expect_only(anomaly_kind::stale_read, {0, 1, 2},
                {unknown(at(1, 2, {{x, 0, 11}})), at(3, 4, {{x, 11}}), at(5, 6, {{x, 0}})});
}

TEST(Checker, FindsWriteSkew) {
    expect_only(anomaly_kind::write_skew, {0, 1},
                {at(1, 4, {{x, 0}, {y, 0, 11}}), at(2, 3, {{y, 0}, {x, 0, 12}})});
}

TEST(Checker, FindsWriteSkewOfThree) {
    constexpr key_number z = 3;
    expect_only(anomaly_kind::write_skew, {0, 1, 2},
                {at(1, 6, {{x, 0}, {y, 0, 11}}), at(2, 5, {{y, 0}, {z, 0, 12}}),
                 at(3, 4, {{z, 0}, {x, 0, 13}})});
}

TEST(Checker, FindsARevivalByItsContents) {
    expect_only(anomaly_kind::revival, {2},
                {at(1, 2, {{x, 0, 11}}), ending(at(3, 4, {})), at(5, 6, {{x, 11}})});
}

TEST(Checker, FindsARevivalByACommit) {
    expect_only(anomaly_kind::revival, {1}, {ending(at(1, 2, {})), at(3, 4, {{x, 0, 11}})});
}

TEST(Checker, FindsARevivalAfterAnotherFoundTheSessionGone) {
    expect_only(anomaly_kind::revival, {1, 2},
                {ending(at(1, 9, {})), gone(at(2, 3, {})), at(4, 5, {})});
}

TEST(Checker, FindsALostSession) {
    expect_only(anomaly_kind::lost_session, {1}, {at(1, 2, {{x, 0, 11}}), gone(at(3, 4, {}))});
}

TEST(Checker, FindsASessionThatWasLostBeforeItsEnd) {
    expect_only(anomaly_kind::lost_session, {0}, {gone(at(1, 2, {})), ending(at(3, 4, {}))});
}

TEST(Checker, FindsASessionThatOnlyARefusedEndWouldHaveEnded) {
    expect_only(anomaly_kind::lost_session, {1},
                {refused(ending(at(1, 2, {}))), gone(at(3, 4, {}))});
}

TEST(Checker, FindsContentsWithoutASession) {
    expect_only(anomaly_kind::fractured_read, {2},
                {at(1, 2, {{x, 0, 11}}), ending(at(3, 4, {})), gone(at(5, 6, {{x, 11}}))});
}

TEST(Checker, FindsAForeignSession) {
    transaction foreign = at(1, 2, {});
    foreign.saw = sighting::foreign;
    expect_only(anomaly_kind::foreign_session, {0}, {foreign});
}

TEST(Checker, FindsAReadOfTheFuture) {
    expect_only(anomaly_kind::circular_order, {0, 1},
                {at(1, 2, {{x, 11}}), at(3, 4, {{x, 0, 11}})});
}

TEST(Checker, FindsTransactionsThatReadFromEachOther) {
    expect_only(anomaly_kind::circular_order, {0, 1},
                {at(1, 4, {{x, 12}, {y, 0, 11}}), at(2, 3, {{y, 11}, {x, 0, 12}})});
}

TEST(Checker, ExplainsACircle) {
    const verdict result =
        check({at(1, 2, {{x, 0, 11}}), at(3, 4, {{x, 0}, {y, 0, 12}}), refused(at(5, 6, {}))});
    EXPECT_EQ(result.summary(),
              "2 committed, 1 refused, 0 unknown on 1 sessions: 1 anomalies\n"
              "  stale read: 1\n"
              "stale read in session 0. These contradict each other:\n"
              "  #1 came before #0, which replaced the version 0 of key 1 that #1 read.\n"
              "  #0 came before #1: answered at tick 2, before tick 3.\n"
              "The transactions:\n"
              "  #1: client 0, ticks 3 to 4, committed: key 1: 0, key 2: 0 -> 12\n"
              "  #0: client 0, ticks 1 to 2, committed: key 1: 0 -> 11\n");
}

TEST(Checker, RefusesRecordsThatAreWrong) {
    EXPECT_THROW(static_cast<void>(check({at(1, 2, {{x, 0, 11}}), at(3, 4, {{x, 11, 11}})})),
                 std::invalid_argument);
    EXPECT_THROW(static_cast<void>(check({at(1, 2, {{x, 0, 11}, {x, 11, 12}})})),
                 std::invalid_argument);
    EXPECT_THROW(static_cast<void>(check({at(2, 1, {})})), std::invalid_argument);
}

}  // namespace
}  // namespace cloakroom::serialisability
