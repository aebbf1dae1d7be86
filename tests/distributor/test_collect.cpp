// SPDX-License-Identifier: GPL-3.0-or-later
// What collect frees, and what it leaves alone.
#include "core/distributor/collect.h"
#include "core/distributor/trash.h"
#include "core/packing/fragment.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"

using namespace mf;

namespace {

constexpr std::chrono::hours kDay { 24 };
const QString kM = QStringLiteral("m");
const QString kN = QStringLiteral("n");

CollectResult collected(Computers &c, int computer = 0)
{
    const auto result = runTask(collect(c.engine(computer)));
    if (!result)
        qFatal("collect: %s", qPrintable(result.error().message));
    return *result;
}

void remove(Computers &c, const QString &name, bool isForever = true, int computer = 0)
{
    const auto removed = runTask(removeModel(c.engine(computer), name, 0, isForever));
    if (!removed)
        qFatal("remove: %s", qPrintable(removed.error().message));
}

int metadata(Computers &c) // objects beside markers
{
    int sum = 0;
    for (int i = 0; i < c.accounts(); ++i)
        sum += static_cast<int>(c.memory(i).names().filter(QStringLiteral("meta/")).size()) - 1;
    return sum;
}

} // namespace

class TestCollect : public QObject
{
    Q_OBJECT

private slots:
    void removedForEverIsFreedAtOnce()
    {
        Computers c(3);
        const auto path = c.write(QStringLiteral("m.bin"), randomBytes(3'000'000, 1));
        const auto stored = c.store(path, Protection(2, 1), kM);
        QVERIFY(stored);
        QVERIFY(c.fragments() > 0);
        QCOMPARE(collected(c).fragments, 0);
        const int before = c.fragments();
        remove(c, kM);
        const auto result = collected(c);
        QCOMPARE(result.waiting, QStringList());
        QCOMPARE(result.fragments, before);
        QCOMPARE(result.freedBytes, stored->uploadedBytes);
        QCOMPARE(c.fragments(), 0);
        QCOMPARE(metadata(c), 0);
        QVERIFY(runTask(listTrash(c.engine()))->empty());
        QCOMPARE(collected(c).fragments, 0);
        // Stored again, nothing of before is found.
        const auto again = c.store(path, Protection(2, 1), kM);
        QVERIFY(again);
        QCOMPARE(again->uploadedBytes, stored->uploadedBytes);
        QVERIFY(c.comesBack(kM, randomBytes(3'000'000, 1)));
    }

    void aFullLibraryCanBeFreed()
    {
        Computers c(3);
        for (int i = 0; i < 3; ++i)
            c.memory(i).setCapacity(kLogRoom + 8'000'000);
        c.reopen(0);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), randomBytes(3'000'000, 1)), Protection(2, 1), kM));
        // What does not fit stops before the log has no room any more.
        const auto path = c.write(QStringLiteral("n.bin"), randomBytes(40'000'000, 2));
        QCOMPARE(c.store(path, Protection(2, 1), kN).error().kind, Error::Kind::Quota);
        for (int i = 0; i < 3; ++i)
            QVERIFY(c.memory(i).used() < 9'000'000);
        c.reopen(0);
        remove(c, kM);
        const auto result = collected(c);
        QCOMPARE(result.waiting, QStringList());
        QVERIFY(result.fragments > 0);
        QVERIFY(c.store(c.write(QStringLiteral("o.bin"), randomBytes(3'000'000, 3)), Protection(2, 1), kN));
    }

    void theTrashLastsThirtyDays()
    {
        Computers c(3);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), randomBytes(300'000, 1)), Protection(2, 1), kM));
        remove(c, kM, false);
        QCOMPARE(collected(c).fragments, 0);
        c.clock().advance(29 * kDay);
        QCOMPARE(collected(c).fragments, 0);
        c.clock().advance(kDay);
        QVERIFY(collected(c).fragments > 0);
        QCOMPARE(c.fragments(), 0);
        const auto back = runTask(restoreModel(c.engine(), kM));
        QCOMPARE(back.error().id, QStringLiteral("MF-TRASH-UNKNOWN"));
    }

    void sharedPacksStay()
    {
        Computers c(3);
        const auto bytes = randomBytes(300'000, 1);
        const auto path = c.write(QStringLiteral("m.bin"), bytes);
        QVERIFY(c.store(path, Protection(2, 1), kM));
        QCOMPARE(c.store(path, Protection(2, 1), kN)->uploadedBytes, 0);
        remove(c, kM);
        QCOMPARE(collected(c).fragments, 0);
        QVERIFY(c.comesBack(kN, bytes));
        remove(c, kN);
        QVERIFY(collected(c).fragments > 0);
        QCOMPARE(c.fragments(), 0);
    }

    // The same tensors under another protection (storage.md section 4).
    void twoProtections_data()
    {
        QTest::addColumn<bool>("weakFirst");
        QTest::addColumn<bool>("weakGoes");
        for (const bool weakFirst : { true, false }) {
            for (const bool weakGoes : { true, false })
                QTest::addRow("%s first, %s goes", weakFirst ? "weak" : "strong", weakGoes ? "weak" : "strong")
                    << weakFirst << weakGoes;
        }
    }
    void twoProtections()
    {
        QFETCH(const bool, weakFirst);
        QFETCH(const bool, weakGoes);
        Computers c(4);
        const auto bytes = randomBytes(300'000, 1);
        const auto path = c.write(QStringLiteral("m.bin"), bytes);
        const Protection weak(1, 0);
        const Protection strong(1, 2);
        QVERIFY(c.store(path, weakFirst ? weak : strong, weakFirst ? kM : kN));
        QVERIFY(c.store(path, weakFirst ? strong : weak, weakFirst ? kN : kM));
        remove(c, weakGoes ? kM : kN);
        QCOMPARE(collected(c).waiting, QStringList());
        const QString left = weakGoes ? kN : kM;
        QVERIFY(c.comesBack(left, bytes));
        const auto revision = runTask(c.engine().registry.revision(left, 0));
        const auto spare = runTask(c.engine().registry.spare(revision->row, {}));
        QCOMPARE(**spare, weakGoes ? 2 : 0);
        // No more fragments than that needs.
        const auto rows = runTask(c.engine().registry.packsRelied(revision->row));
        QCOMPARE(c.fragments(), static_cast<int>(rows->size()) * (weakGoes ? 3 : 1));
        QCOMPARE(collected(c).fragments, 0);
        for (int i = 0; weakGoes && i < 2; ++i)
            c.setGone(i, true);
        if (weakGoes) {
            c.reopen(0);
            QVERIFY(c.comesBack(left, bytes));
        }
    }

    void oldRevisionsGo_data()
    {
        QTest::addColumn<QString>("setting");
        QTest::addColumn<int>("kept");
        QTest::newRow("three stay") << QString() << 3;
        QTest::newRow("one stays, as is wished") << QStringLiteral("1") << 1;
        QTest::newRow("five stay, as is wished") << QStringLiteral("5") << 5;
        QTest::newRow("none at all is not possible") << QStringLiteral("0") << 3;
    }
    void oldRevisionsGo()
    {
        QFETCH(const QString, setting);
        QFETCH(const int, kept);
        Computers c(2);
        QVERIFY(runTask(c.engine().registry.setSetting(QString::fromLatin1(kKeptRevisionsSetting), setting)));
        for (quint32 i = 1; i <= 5; ++i)
            QVERIFY(c.store(c.write(QStringLiteral("m.bin"), randomBytes(100'000, i)), Protection(1, 1), kM));
        QCOMPARE(collected(c).fragments, 0); // younger than 30 days
        c.clock().advance(31 * kDay);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), randomBytes(100'000, 6)), Protection(1, 1), kM));
        const int before = c.fragments();
        QCOMPARE(collected(c).fragments, before * (6 - kept) / 6);
        const auto history = runTask(c.engine().registry.history(runTask(c.engine().registry.revision(kM, 0))->model));
        QCOMPARE(int(history->size()), kept);
        QCOMPARE(history->back().number, 7 - kept);
        QVERIFY(c.comesBack(kM, randomBytes(100'000, 6)));
    }

    void anInterruptedStoreKeepsItsPacksForAMonth()
    {
        Computers c(3);
        const auto bytes = randomBytes(300'000, 1);
        const auto path = c.write(QStringLiteral("m.bin"), bytes);
        for (int i = 0; i < 3; ++i)
            c.faulty(i)
                .on(FaultyProvider::Method::Put)
                .named(QStringLiteral("meta/*"))
                .always()
                .error(Error(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("down")));
        QVERIFY(!c.store(path, Protection(2, 1), kM));
        c.reopen(0);
        const int there = c.fragments();
        QVERIFY(there > 0);
        QCOMPARE(collected(c).fragments, 0);
        QCOMPARE(c.fragments(), there);
        c.clock().advance(31 * kDay);
        QCOMPARE(collected(c).fragments, there);
        QCOMPARE(c.fragments(), 0);
        QVERIFY(c.store(path, Protection(2, 1), kM));
        QVERIFY(c.comesBack(kM, bytes));
    }

    // What a store that was resumed did not use again has no owner from then on.
    void leftoversOfAFinishedStoreGoAtOnce()
    {
        Computers c(3);
        const auto path = c.write(QStringLiteral("m.bin"), randomBytes(300'000, 1));
        for (int i = 0; i < 3; ++i)
            c.faulty(i)
                .on(FaultyProvider::Method::Put)
                .named(QStringLiteral("meta/*"))
                .always()
                .error(Error(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("down")));
        QVERIFY(!c.store(path, Protection(2, 1), kM));
        c.reopen(0);
        const int there = c.fragments();
        const auto changed = randomBytes(300'000, 2);
        c.write(QStringLiteral("m.bin"), changed);
        QVERIFY(c.store(path, Protection(2, 1), kM));
        QCOMPARE(collected(c).fragments, there);
        QVERIFY(c.comesBack(kM, changed));
    }

    void aTwinGoes()
    {
        Computers c(4);
        const auto bytes = randomBytes(300'000, 1);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), bytes), Protection(2, 1), kM));
        QCOMPARE(collected(c).fragments, 0);
        // Another computer was about to move one.
        const int before = c.fragments();
        int empty = 0;
        while (c.fragments(empty) > 0)
            ++empty;
        const int full = empty == 0 ? 1 : 0;
        const BlobName name(c.memory(full).names().filter(QStringLiteral("f/")).front());
        const auto put = runTask(c.memory(empty).put(name, c.memory(full).bytes(name)));
        QVERIFY(put);
        QCOMPARE(collected(c).fragments, 1);
        QCOMPARE(c.fragments(), before);
        QVERIFY(c.comesBack(kM, bytes));
    }

    void strays()
    {
        Computers c(2);
        FragmentHeader header;
        header.library = c.ring().library();
        header.pack = randomId<PackId>();
        header.k = 1;
        header.payloadLength = 4'000;
        header.dataLength = 4'000;
        const QByteArray blob = makeFragment(c.ring(), header, viewOf(randomBytes(4'000, 1)));
        const BlobName name = fragmentName(c.ring(), header.pack, 0);
        QVERIFY(runTask(c.memory(0).put(name, blob)));
        const BlobName junk(QStringLiteral("f/00/junk"));
        QVERIFY(runTask(c.memory(0).put(junk, blob)));
        auto result = collected(c);
        QCOMPARE(result.strays, 2);
        QCOMPARE(result.strayBytes, 2 * blob.size());
        QCOMPARE(result.fragments, 0);
        c.clock().advance(29 * kDay);
        QCOMPARE(collected(c).fragments, 0);
        c.clock().advance(2 * kDay);
        result = collected(c);
        QCOMPARE(result.fragments, 1);
        QCOMPARE(result.freedBytes, blob.size());
        QVERIFY(!c.memory(0).contains(name));
        QVERIFY(c.memory(0).contains(junk)); // it does not say what it is
    }

    // Another computer's store that was interrupted long ago: its index object names the packs, so it may go on.
    void whatAnIndexNamesIsNoStray()
    {
        Computers c(2);
        const int other = c.join(0);
        for (int i = 0; i < 2; ++i)
            c.faulty(i, other)
                .on(FaultyProvider::Method::Put)
                .named(QStringLiteral("meta/*"))
                .after(1)
                .always()
                .error(Error(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("down")));
        QVERIFY(!c.store(c.write(QStringLiteral("m.bin"), randomBytes(100'000, 1)), Protection(1, 1), kM, other));
        QVERIFY(c.fragments() > 0);
        QVERIFY(collected(c).strays > 0);
        c.clock().advance(31 * kDay);
        QCOMPARE(collected(c).fragments, 0);
        QVERIFY(c.fragments() > 0);
        c.reopen(other);
        QVERIFY(collected(c, other).fragments > 0); // its own computer knows better
        QCOMPARE(c.fragments(), 0);
    }

    // What another computer stored counts also before it is taken in.
    void anotherComputersModelsStay()
    {
        Computers c(3);
        const auto bytes = randomBytes(300'000, 1);
        const auto path = c.write(QStringLiteral("m.bin"), bytes);
        QVERIFY(c.store(path, Protection(2, 1), kM));
        const int other = c.join(0);
        QCOMPARE(c.store(path, Protection(2, 1), kN, other)->uploadedBytes, 0);
        remove(c, kM);
        QCOMPARE(collected(c).fragments, 0);
        QVERIFY(c.comesBack(kN, bytes, other));
    }
};

QTEST_GUILESS_MAIN(TestCollect)
#include "test_collect.moc"
