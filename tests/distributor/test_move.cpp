// SPDX-License-Identifier: GPL-3.0-or-later
// Moving fragments off an account, and giving accounts up.
#include "core/distributor/collect.h"
#include "core/distributor/evacuate.h"
#include "core/distributor/sync_library.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"

using namespace mf;

namespace {

using Method = FaultyProvider::Method;
const QString kM = QStringLiteral("m");

// The account's number that has fragments, or has none.
int accountWith(const Computers &c, bool fragments)
{
    for (int i = 0; i < c.accounts(); ++i) {
        if ((c.fragments(i) > 0) == fragments)
            return i;
    }
    qFatal("no such account");
}

int spareOf(Computers &c, const QString &name, int computer = 0)
{
    const auto revision = runTask(c.engine(computer).registry.revision(name, 0));
    const auto spare = runTask(c.engine(computer).registry.spare(revision->row, {}));
    return spare->value_or(-100);
}

Result<RemovedAccount> removed(Computers &c, int account, bool isForced = false, int computer = 0)
{
    return runTask(removeAccount(c.engine(computer), c.record(account).id, isForced, nullptr));
}

} // namespace

class TestMove : public QObject
{
    Q_OBJECT

private slots:
    void fragmentsMoveAwayFirst()
    {
        Computers c(4);
        const auto bytes = randomBytes(300'000, 1);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), bytes), Protection(2, 1), kM));
        const int from = accountWith(c, true);
        const int to = accountWith(c, false);
        const int count = c.fragments(from);
        const auto result = removed(c, from);
        QVERIFY2(result, qPrintable(result ? QString() : result.error().message));
        QVERIFY(result->isRetired);
        QCOMPARE(result->moved, count);
        QCOMPARE(c.fragments(from), 0);
        QCOMPARE(c.fragments(to), count);
        QCOMPARE(spareOf(c, kM), 1);
        c.setGone(from, true);
        c.reopen(0);
        QVERIFY(c.comesBack(kM, bytes));
        const auto accounts = runTask(c.engine().registry.accounts());
        QCOMPARE(std::count_if(accounts->begin(), accounts->end(), [](const auto &a) { return a.retired; }), 1);
        QCOMPARE(runTask(collect(c.engine()))->fragments, 0);
        // Another computer learns it from the log.
        const int other = c.join(0);
        QVERIFY(c.store(
            c.write(QStringLiteral("n.bin"), randomBytes(100'000, 2)), Protection(2, 1), QStringLiteral("n"), other));
    }

    void withoutRoomItRefuses_data()
    {
        QTest::addColumn<bool>("isForced");
        QTest::newRow("refused, and said what would be lost") << false;
        QTest::newRow("forced: it is lost") << true;
    }
    void withoutRoomItRefuses()
    {
        QFETCH(const bool, isForced);
        Computers c(2);
        const auto bytes = randomBytes(300'000, 1);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), bytes), Protection(1, 1), kM));
        const int before = c.fragments();
        const auto result = removed(c, 0, isForced);
        QCOMPARE(bool(result), isForced);
        if (!isForced) {
            QCOMPARE(result.error().id, QStringLiteral("MF-ACCOUNT-ROOM"));
            QVERIFY(result.error().message.contains(QStringLiteral(": m.")));
            QCOMPARE(c.fragments(), before);
            QCOMPARE(spareOf(c, kM), 1);
        } else {
            QCOMPARE(result->harmed, QStringList { kM });
            QCOMPARE(spareOf(c, kM), 0);
            c.reopen(0);
            QVERIFY(c.comesBack(kM, bytes));
        }
    }

    void anAccountThatIsAway()
    {
        Computers c(4);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), randomBytes(300'000, 1)), Protection(2, 1), kM));
        const int from = accountWith(c, true);
        c.setGone(from, true);
        c.reopen(0);
        QCOMPARE(removed(c, from).error().id, QStringLiteral("MF-ACCOUNT-GONE"));
        QVERIFY(removed(c, from, true));
        QCOMPARE(spareOf(c, kM), 0);
        // It comes back: what is there does not count any more, and nothing is written there.
        c.setGone(from, false);
        c.reopen(0);
        const int there = c.fragments(from);
        QVERIFY(
            c.store(c.write(QStringLiteral("n.bin"), randomBytes(100'000, 2)), Protection(2, 1), QStringLiteral("n")));
        QCOMPARE(c.fragments(from), there);
        QCOMPARE(spareOf(c, kM), 0);
    }

    void whatIf()
    {
        Computers c(4);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), randomBytes(300'000, 1)), Protection(2, 1), kM));
        const int from = accountWith(c, true);
        const int unused = accountWith(c, false);
        QCOMPARE(*runTask(modelsWithout(c.engine(), c.record(from).id))->front().spare, 0);
        QCOMPARE(*runTask(modelsWithout(c.engine(), c.record(unused).id))->front().spare, 1);
        QCOMPARE(spareOf(c, kM), 1);
    }

    void whereListingsLagItWaits()
    {
        MemoryProvider::Options options;
        options.listingLag = std::chrono::hours(12);
        Computers c(4, options);
        const auto bytes = randomBytes(300'000, 1);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), bytes), Protection(2, 1), kM));
        c.clock().advance(std::chrono::hours(30));
        const int from = accountWith(c, true);
        const int count = c.fragments(from);
        auto result = removed(c, from);
        QVERIFY(result);
        QVERIFY(!result->isRetired);
        QVERIFY(!result->waiting.isEmpty());
        QCOMPARE(c.fragments(from), count);
        QCOMPARE(spareOf(c, kM), 1);
        c.reopen(0);
        c.clock().advance(std::chrono::hours(25));
        result = removed(c, from);
        QVERIFY2(result, qPrintable(result ? QString() : result.error().message));
        QVERIFY(result->isRetired);
        QCOMPARE(result->moved, 0); // they were there already
        QCOMPARE(c.fragments(from), 0);
        QVERIFY(c.comesBack(kM, bytes));
    }

    // move.py: each sees the other's copy and would delete its own.
    void twoComputersMoveAgainstEachOther()
    {
        MemoryProvider::Options options;
        options.listingLag = std::chrono::hours(12);
        Computers c(4, options);
        const auto bytes = randomBytes(300'000, 1);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), bytes), Protection(2, 1), kM));
        c.clock().advance(std::chrono::hours(30));
        const int x = accountWith(c, true);
        const int y = accountWith(c, false);
        // Both copies are there, and both computers know both.
        for (const QString &name : c.memory(x).names().filter(QStringLiteral("f/"))) {
            const auto put = runTask(c.memory(y).put(BlobName(name), c.memory(x).bytes(BlobName(name))));
            QVERIFY(put);
        }
        const int other = c.join(0);
        c.clock().advance(std::chrono::hours(13));
        const auto rows = runTask(c.engine().registry.packsOn(c.record(x).id));
        for (const int computer : { 0, other }) {
            for (const PackRow row : *rows) {
                const auto pack = runTask(c.engine(computer).registry.pack(row));
                for (const FragmentPlace &place : pack->fragments) {
                    if (place.account == c.record(x).id)
                        QVERIFY(runTask(c.engine(computer).registry.addFragment(row, place.index, c.record(y).id)));
                }
            }
        }
        const auto one = removed(c, x);
        const auto two = removed(c, y, false, other);
        QVERIFY(one && !one->isRetired);
        QVERIFY(two && !two->isRetired);
        for (int i = 0; i < 6; ++i) {
            c.clock().advance(std::chrono::hours(25));
            QVERIFY(runTask(collect(c.engine())));
            QVERIFY(runTask(collect(c.engine(other))));
        }
        QVERIFY(c.fragments(x) + c.fragments(y) > 0);
        QVERIFY(c.comesBack(kM, bytes));
        QVERIFY(spareOf(c, kM) >= 1);
    }

    void aDamagedFragmentIsNotCopied()
    {
        Computers c(4);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), randomBytes(300'000, 1)), Protection(2, 1), kM));
        const int from = accountWith(c, true);
        const int to = accountWith(c, false);
        const BlobName name(c.memory(from).names().filter(QStringLiteral("f/")).front());
        QByteArray bytes = c.memory(from).bytes(name);
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        c.memory(from).replace(name, bytes);
        const auto result = removed(c, from);
        QVERIFY(!result);
        QCOMPARE(result.error().kind, Error::Kind::Corrupt);
        QVERIFY(!c.memory(to).contains(name));
        QVERIFY(c.memory(from).contains(name));
    }

    void interruptedItGoesOn()
    {
        Computers c(4);
        const auto bytes = randomBytes(300'000, 1);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), bytes), Protection(2, 1), kM));
        const int from = accountWith(c, true);
        const int to = accountWith(c, false);
        const Error cut(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("the line is cut"));
        c.faulty(to).on(Method::Put).named(QStringLiteral("f/*")).errorAfter(cut);
        QVERIFY(!removed(c, from));
        c.reopen(0);
        c.faulty(from).on(Method::Remove).named(QStringLiteral("f/*")).error(cut);
        auto result = removed(c, from);
        QVERIFY(result);
        QVERIFY(!result->isRetired);
        QCOMPARE(spareOf(c, kM), 1);
        c.reopen(0);
        result = removed(c, from);
        QVERIFY(result && result->isRetired);
        QCOMPARE(c.fragments(from), 0);
        QVERIFY(c.comesBack(kM, bytes));
    }
};

QTEST_GUILESS_MAIN(TestMove)
#include "test_move.moc"
