// SPDX-License-Identifier: GPL-3.0-or-later
// What check finds, what it must not believe, and when an account that is away counts as lost.
#include "core/distributor/check.h"
#include "tests/support/stored_packs.h"

#include <QtTest>

#include <set>

using namespace mf;
using Method = FaultyProvider::Method;

class TestCheck : public QObject
{
    Q_OBJECT

    // A model of one pack of 2 + 1 over three accounts.
    static QByteArray store(EngineFixture &fixture, std::optional<Protection> protection = Protection(2, 1))
    {
        const QByteArray bytes = randomBytes(3'000'000, 7);
        const auto stored = fixture.store(fixture.write(QStringLiteral("m"), bytes), protection);
        if (!stored)
            qFatal("%s", qPrintable(stored.error().message));
        return bytes;
    }
    static CheckResult check(EngineFixture &fixture, bool deep = false, double sample = 0)
    {
        CheckRequest request;
        request.deep = deep;
        request.sample = sample;
        Check check(fixture.engine(), request, nullptr);
        auto checked = runTask(check.run());
        if (!checked)
            qFatal("%s", qPrintable(checked.error().message));
        return *checked;
    }
    static bool says(const QStringList &lines, const QString &account, const QString &words)
    {
        return std::any_of(lines.begin(), lines.end(),
            [&](const QString &line) { return line.contains(account) && line.contains(words); });
    }

private slots:
    void aFreshModelIsSafe_data()
    {
        QTest::addColumn<bool>("deep");
        QTest::newRow("quick") << false;
        QTest::newRow("deep") << true;
    }
    void aFreshModelIsSafe()
    {
        QFETCH(const bool, deep);
        EngineFixture fixture(3);
        store(fixture);
        const auto checked = check(fixture, deep);
        QCOMPARE(checked.models.size(), std::size_t(1));
        QCOMPARE(checked.models[0].name, QStringLiteral("m"));
        QCOMPARE(checked.models[0].state, ModelState::Safe);
        QCOMPARE(checked.models[0].spare, 1);
        QCOMPARE(checked.models[0].missing + checked.models[0].damaged, 0);
        QCOMPARE(checked.fragments, 3);
        QCOMPARE(checked.packsRead, deep ? 1 : 0);
        QCOMPARE(checked.findings + checked.warnings, QStringList());
    }

    void lostFragmentsAreMissing_data()
    {
        QTest::addColumn<int>("lost");
        QTest::addColumn<ModelState>("state");
        QTest::addColumn<int>("spare");
        QTest::newRow("one of three") << 1 << ModelState::AtRisk << 0;
        QTest::newRow("two of three") << 2 << ModelState::Unreadable << -1;
        QTest::newRow("all") << 3 << ModelState::Unreadable << -2;
    }
    void lostFragmentsAreMissing()
    {
        QFETCH(const int, lost);
        EngineFixture fixture(3);
        const QByteArray bytes = store(fixture);
        StoredPacks packs(fixture, 3);
        std::vector<std::pair<StoredPacks::Stored, QByteArray>> taken;
        for (int row = 0; row < lost; ++row) {
            taken.emplace_back(packs.rows(2).at(row), packs.bytes(packs.rows(2).at(row)));
            packs.lose(taken.back().first);
        }
        auto checked = check(fixture);
        QTEST(checked.models[0].state, "state");
        QTEST(checked.models[0].spare, "spare");
        QCOMPARE(checked.models[0].missing, lost);
        QCOMPARE(checked.findings.size(), lost);
        QVERIFY(says(checked.findings, fixture.place(taken[0].first.account).record.name, QStringLiteral("missing")));
        // And back: what was missing is found again.
        for (const auto &[stored, blob] : taken)
            QVERIFY(runTask(fixture.place(stored.account).memory->put(stored.name, blob)));
        checked = check(fixture);
        QCOMPARE(checked.models[0].state, ModelState::Safe);
        QVERIFY(fixture.fetch(QStringLiteral("m"), QStringLiteral("back")));
        QCOMPARE(readFile(fixture.path(QStringLiteral("back/m"))), bytes);
    }

    void whatIsMissingIsNoHit()
    {
        EngineFixture fixture(3);
        const QByteArray bytes = store(fixture);
        StoredPacks packs(fixture, 3);
        packs.lose(packs.rows(2).at(1));
        check(fixture);
        const auto again = fixture.store(fixture.write(QStringLiteral("n"), bytes), Protection(2, 1));
        QVERIFY(again);
        QVERIFY(again->uploadedBytes > bytes.size());
    }

    void damageIsFoundWhereItCanBe_data()
    {
        QTest::addColumn<QString>("how");
        QTest::addColumn<int>("row");
        QTest::addColumn<bool>("quickSees");
        QTest::newRow("truncated") << QStringLiteral("truncate") << 0 << true;
        QTest::newRow("longer") << QStringLiteral("longer") << 1 << true;
        QTest::newRow("one bit of data") << QStringLiteral("flip") << 0 << false;
        QTest::newRow("one bit of parity") << QStringLiteral("flip") << 2 << false;
        QTest::newRow("a bit of data with a checksum that fits") << QStringLiteral("forge") << 1 << false;
        QTest::newRow("a bit of parity with a checksum that fits") << QStringLiteral("forge") << 2 << false;
        QTest::newRow("a bit of padding with a checksum that fits") << QStringLiteral("padding") << 1 << false;
        QTest::newRow("the header") << QStringLiteral("header") << 0 << false;
        QTest::newRow("the checksums") << QStringLiteral("trailer") << 0 << false;
        QTest::newRow("an old object under the name") << QStringLiteral("swap") << 0 << false;
        QTest::newRow("zeros") << QStringLiteral("zeros") << 2 << false;
    }
    void damageIsFoundWhereItCanBe()
    {
        QFETCH(const QString, how);
        QFETCH(const int, row);
        QFETCH(const bool, quickSees);
        EngineFixture fixture(3);
        store(fixture);
        StoredPacks packs(fixture, 3);
        const auto stored = packs.rows(2).at(row);
        QByteArray blob = packs.bytes(stored);
        if (how == QStringLiteral("truncate"))
            blob.chop(1);
        else if (how == QStringLiteral("longer"))
            blob.append('x');
        else if (how == QStringLiteral("header"))
            blob[40] = static_cast<char>(blob[40] ^ 1);
        else if (how == QStringLiteral("trailer"))
            blob[blob.size() - 1] = static_cast<char>(blob[blob.size() - 1] ^ 1);
        else if (how == QStringLiteral("swap"))
            blob = packs.bytes(packs.rows(2).at(1));
        else if (how == QStringLiteral("zeros"))
            blob.fill('\0');
        packs.replace(stored, blob);
        if (how == QStringLiteral("flip"))
            packs.flip(stored, 100'000);
        else if (how == QStringLiteral("forge"))
            packs.forge(stored, 100'000);
        else if (how == QStringLiteral("padding"))
            packs.forge(stored, stored.header.dataLength - 10);

        auto checked = check(fixture);
        QCOMPARE(checked.models[0].damaged, quickSees ? 1 : 0);
        QCOMPARE(checked.models[0].state, quickSees ? ModelState::AtRisk : ModelState::Safe);
        checked = check(fixture, true);
        QCOMPARE(checked.models[0].damaged, 1);
        QCOMPARE(checked.models[0].missing, 0);
        QCOMPARE(checked.models[0].state, ModelState::AtRisk);
        QVERIFY(says(checked.findings, fixture.place(stored.account).record.name,
            QStringLiteral("damaged: fragment %1").arg(row)));
        // That it is listed does not make it good again.
        checked = check(fixture);
        QCOMPARE(checked.models[0].damaged, 1);
        const auto back = fixture.fetch(QStringLiteral("m"), QStringLiteral("back"));
        QVERIFY(back);
    }

    void whatReadsWellAgainIsGoodAgain()
    {
        EngineFixture fixture(3);
        store(fixture);
        StoredPacks packs(fixture, 3);
        const auto stored = packs.rows(2).at(0);
        const QByteArray right = packs.bytes(stored);
        packs.flip(stored, 5);
        QCOMPARE(check(fixture, true).models[0].damaged, 1);
        packs.replace(stored, right);
        QCOMPARE(check(fixture, true).models[0].state, ModelState::Safe);
    }

    void tooMuchDamageIsUnreadable()
    {
        EngineFixture fixture(3);
        store(fixture);
        StoredPacks packs(fixture, 3);
        packs.forge(packs.rows(2).at(0), 5);
        packs.forge(packs.rows(2).at(1), 5);
        const auto checked = check(fixture, true);
        QCOMPARE(checked.models[0].state, ModelState::Unreadable);
        QVERIFY(!fixture.fetch(QStringLiteral("m"), QStringLiteral("back")));
    }

    void aListingIsNotBelieved_data()
    {
        QTest::addColumn<QString>("how");
        QTest::newRow("nothing listed, once") << QStringLiteral("empty once");
        QTest::newRow("nothing listed, ever") << QStringLiteral("empty");
        QTest::newRow("cut short, ever") << QStringLiteral("short");
        QTest::newRow("everything twice") << QStringLiteral("doubled");
        QTest::newRow("fails") << QStringLiteral("fails");
    }
    void aListingIsNotBelieved()
    {
        QFETCH(const QString, how);
        EngineFixture fixture(3);
        const QByteArray bytes = randomBytes(40'000'000, 8); // several packs
        QVERIFY(fixture.store(fixture.write(QStringLiteral("m"), bytes), Protection(2, 1)));
        FaultyProvider &faulty = *fixture.place(1).faulty;
        auto &fault = faulty.on(Method::List).named(QStringLiteral("f/"));
        if (how == QStringLiteral("empty once"))
            fault.loseSilently();
        else if (how == QStringLiteral("empty"))
            fault.always().loseSilently();
        else if (how == QStringLiteral("short"))
            fault.always().truncate(1);
        else if (how == QStringLiteral("fails"))
            fault.error(Error(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("no line")));
        else
            fault.always().repeat();
        const auto checked = check(fixture);
        QCOMPARE(checked.models[0].state, ModelState::Safe);
        QCOMPARE(checked.models[0].missing + checked.models[0].damaged, 0);
        QCOMPARE(faulty.unhit(), QStringList());
        const QString name = fixture.place(1).record.name;
        if (how == QStringLiteral("empty") || how == QStringLiteral("short"))
            QVERIFY(says(checked.warnings, name, QStringLiteral("when asked for")));
        if (how == QStringLiteral("empty once"))
            QVERIFY(says(checked.warnings, name, QStringLiteral("when it was repeated")));
        if (how == QStringLiteral("doubled"))
            QCOMPARE(checked.warnings, QStringList());
        if (how == QStringLiteral("fails"))
            QVERIFY(says(checked.warnings, name, QStringLiteral("no line")));
    }

    void anEmptyListingAndNoAnswerIsNoEvidence()
    {
        EngineFixture fixture(3);
        store(fixture);
        FaultyProvider &faulty = *fixture.place(1).faulty;
        faulty.on(Method::List).named(QStringLiteral("f/")).always().loseSilently();
        faulty.on(Method::Get)
            .named(QStringLiteral("f/*"))
            .always()
            .error(Error(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("no line")));
        const auto checked = check(fixture);
        QCOMPARE(checked.models[0].state, ModelState::Safe);
        QVERIFY(says(checked.warnings, fixture.place(1).record.name, QStringLiteral("gave no answer")));
    }

    void aReadThatLiesIsFound_data()
    {
        QTest::addColumn<QString>("how");
        QTest::newRow("200 with wrong bytes") << QStringLiteral("corrupt");
        QTest::newRow("200 with fewer bytes") << QStringLiteral("short");
    }
    void aReadThatLiesIsFound()
    {
        QFETCH(const QString, how);
        EngineFixture fixture(3);
        store(fixture);
        auto &fault = fixture.place(2).faulty->on(Method::Get).named(QStringLiteral("f/*")).always();
        if (how == QStringLiteral("corrupt"))
            fault.corrupt(1'000'000);
        else
            fault.truncate(1'000'000);
        const auto checked = check(fixture, true);
        QCOMPARE(checked.models[0].state, ModelState::AtRisk);
        QCOMPARE(checked.models[0].damaged, 1);
        QVERIFY(says(checked.findings, fixture.place(2).record.name, QStringLiteral("damaged")));
    }

    void whatAnAccountDroppedAfterSuccessIsFound()
    {
        EngineFixture fixture(3);
        fixture.place(0).faulty->on(Method::Put).named(QStringLiteral("f/*")).loseSilently();
        store(fixture);
        const auto checked = check(fixture);
        QCOMPARE(checked.models[0].state, ModelState::AtRisk);
        QCOMPARE(checked.models[0].missing, 1);
        QVERIFY(says(checked.findings, fixture.place(0).record.name, QStringLiteral("missing")));
    }

    void anAccountThatIsAwayCountsForThreeDays_data()
    {
        QTest::addColumn<int>("hours");
        QTest::addColumn<ModelState>("state");
        QTest::newRow("an hour") << 1 << ModelState::Safe;
        QTest::newRow("71 hours") << 71 << ModelState::Safe;
        QTest::newRow("73 hours") << 73 << ModelState::AtRisk;
    }
    void anAccountThatIsAwayCountsForThreeDays()
    {
        QFETCH(const int, hours);
        EngineFixture fixture(3);
        store(fixture);
        fixture.place(1).memory->setGone(true);
        fixture.passTime(std::chrono::hours(24 * 20)); // the computer was off
        fixture.reopen();
        QCOMPARE(check(fixture, true).models[0].state, ModelState::Safe); // from now on it is missed
        fixture.passTime(std::chrono::hours(hours));
        auto checked = check(fixture, true);
        QTEST(checked.models[0].state, "state");
        QVERIFY(says(checked.warnings, fixture.place(1).record.name, QString()));
        QCOMPARE(checked.findings, QStringList()); // nothing is held against it
        // It comes back: all is well.
        fixture.place(1).memory->setGone(false);
        fixture.reopen();
        checked = check(fixture);
        QCOMPARE(checked.models[0].state, ModelState::Safe);
    }

    void anEmptiedPlaceIsAwayAndNotEmpty()
    {
        EngineFixture fixture(3);
        store(fixture);
        fixture.destroy(1); // an unmounted disk: the mount point is there, the marker is not
        fixture.reopen();
        const auto checked = check(fixture, true);
        QCOMPARE(checked.models[0].state, ModelState::Safe);
        QCOMPARE(checked.models[0].missing, 0);
        QVERIFY(says(checked.warnings, fixture.place(1).record.name, QStringLiteral("not there")));
    }

    void anAccountThatGoesAwayMeanwhileIsNoEvidence()
    {
        EngineFixture fixture(3);
        store(fixture);
        fixture.place(1)
            .faulty->on(Method::List)
            .named(QStringLiteral("f/"))
            .always()
            .callback([&] { fixture.destroy(1); })
            .loseSilently();
        const auto checked = check(fixture);
        QCOMPARE(checked.models[0].state, ModelState::Safe);
        QVERIFY(says(checked.warnings, fixture.place(1).record.name, QStringLiteral("went away")));
    }

    void samplesGoRound()
    {
        EngineFixture fixture(3);
        QVERIFY(fixture.store(fixture.write(QStringLiteral("m"), randomBytes(70'000'000, 9)), Protection(2, 1)));
        const auto packs = runTask(fixture.engine().registry.packsByProof(0));
        const auto count = static_cast<int>(packs->size());
        QVERIFY(count >= 3);
        std::set<PackRow> read;
        for (int i = 0; i < count; ++i) {
            const auto before = runTask(fixture.engine().registry.packsByProof(0));
            QVERIFY(read.insert(before->front()).second);
            QCOMPARE(check(fixture, false, 1).packsRead, 1);
            fixture.passTime(std::chrono::hours(1));
        }
        QCOMPARE(static_cast<int>(read.size()), count);
    }

    void oldProofIsNoProof()
    {
        EngineFixture fixture(3);
        store(fixture);
        const auto revision = runTask(fixture.engine().registry.revision(QStringLiteral("m"), 0));
        QCOMPARE(runTask(modelHealth(fixture.engine(), *revision))->state, ModelState::Safe);
        fixture.passTime(std::chrono::hours(24 * 31));
        QCOMPARE(runTask(modelHealth(fixture.engine(), *revision))->state, ModelState::Unknown);
        check(fixture);
        QCOMPARE(runTask(modelHealth(fixture.engine(), *revision))->state, ModelState::Safe);
    }
};

QTEST_GUILESS_MAIN(TestCheck)
#include "test_check.moc"
