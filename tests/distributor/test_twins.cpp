// SPDX-License-Identifier: GPL-3.0-or-later
// A fragment that lies on two accounts: one with wrong bytes is no loss while the other has the right ones.
#include "core/distributor/pack_verdict.h"
#include "tests/distributor/mending.h"

#include <QtTest>

using namespace mf;

namespace {

// A model of 2 + 1 on four accounts, whose fragment 0 lies on two of them and whose fragment 2 is lost.
class Twins
{
public:
    explicit Twins(qint64 size = 3'000'000)
        : m_bytes(storeModel(m_fixture, Protection(2, 1), size))
        , m_packs(m_fixture, 4)
        , m_rows(m_packs.rows(2))
    {
        const StoredPacks::Stored &original = m_rows.at(0);
        int empty = 0;
        while (std::any_of(m_rows.begin(), m_rows.end(), [&](const auto &row) { return row.second.account == empty; }))
            ++empty;
        m_right = m_packs.bytes(original);
        must(runTask(m_fixture.place(empty).memory->put(original.name, m_right)));
        const auto packs = must(runTask(m_fixture.engine().registry.packRowsOf({ original.header.pack })));
        must(runTask(m_fixture.engine().registry.addFragment(packs.front(), 0, m_fixture.account(empty)->id())));
        // In the order in which they are read.
        for (const FragmentPlace &place : must(runTask(m_fixture.engine().registry.pack(packs.front()))).fragments) {
            for (const int account : { original.account, empty }) {
                if (place.index == 0 && place.account == m_fixture.place(account).record.id)
                    m_twins.push_back(StoredPacks::Stored { account, original.name, original.header });
            }
        }
        m_packs.lose(m_rows.at(2));
    }

    EngineFixture &fixture() { return m_fixture; }
    StoredPacks &packs() { return m_packs; }
    const QByteArray &bytes() const { return m_bytes; }
    const StoredPacks::Stored &row(int index) const { return m_rows.at(index); }
    const StoredPacks::Stored &twin(int number) const { return m_twins.at(static_cast<std::size_t>(number)); }
    QString nameOf(const StoredPacks::Stored &stored) { return m_fixture.place(stored.account).record.name; }
    bool isRight(int number) const { return m_packs.bytes(twin(number)) == m_right; }

    void spoil(int number, bool isForged, qint64 at = 300'000)
    {
        isForged ? m_packs.forge(twin(number), at) : m_packs.flip(twin(number), at);
    }
    // The account that keeps it has a good one again, and nobody says otherwise.
    bool isMended()
    {
        const CheckResult check = deepCheck(m_fixture);
        return isRight(0) && isRight(1) && check.findings.isEmpty() && check.models[0].state == ModelState::Safe;
    }

private:
    EngineFixture m_fixture { 4 };
    QByteArray m_bytes;
    StoredPacks m_packs;
    std::map<int, StoredPacks::Stored> m_rows;
    std::vector<StoredPacks::Stored> m_twins;
    QByteArray m_right; // fragment 0 as it was stored
};

} // namespace

class TestTwins : public QObject
{
    Q_OBJECT

    static void damages()
    {
        QTest::addColumn<int>("bad");
        QTest::addColumn<bool>("isForged");
        for (const int bad : { 0, 1 }) {
            QTest::addRow("twin %d, one bit", bad) << bad << false;
            QTest::addRow("twin %d, one bit and a checksum that fits", bad) << bad << true;
        }
    }

private slots:
    void aFetchReadsTheOther_data() { damages(); }
    void aFetchReadsTheOther()
    {
        QFETCH(const int, bad);
        QFETCH(const bool, isForged);
        Twins t;
        t.spoil(bad, isForged);
        const auto fetched = t.fixture().fetch(kMended, QStringLiteral("back"));
        QVERIFY2(fetched, qPrintable(fetched ? QString() : fetched.error().message));
        QCOMPARE(readFile(t.fixture().path(QStringLiteral("back/") + kMended)), t.bytes());
        for (const Damage &damage : fetched->stats.damages) {
            if (damage.fragment == 2)
                continue; // lost, as was found
            QCOMPARE(damage.fragment, 0);
            QCOMPARE(damage.account, t.nameOf(t.twin(bad)));
            QCOMPARE(damage.accountId, t.fixture().place(t.twin(bad).account).record.id);
        }
        QVERIFY(t.isRight(1 - bad));
        if (bad == 0) { // it was read, and is mended in the same run
            QVERIFY(!fetched->stats.damages.empty());
            QVERIFY(t.isRight(0));
        }
    }

    void aDeepCheckNamesTheWrongOne_data() { damages(); }
    void aDeepCheckNamesTheWrongOne()
    {
        QFETCH(const int, bad);
        QFETCH(const bool, isForged);
        Twins t;
        t.spoil(bad, isForged);
        const CheckResult check = deepCheck(t.fixture());
        QVERIFY(check.models[0].state != ModelState::Unreadable);
        QCOMPARE(check.models[0].damaged, 0); // that fragment is there
        QCOMPARE(check.models[0].missing, 1);
        const QStringList damaged = check.findings.filter(QStringLiteral("damaged:"));
        QCOMPARE(damaged.size(), 1);
        QVERIFY2(damaged[0].startsWith(QStringLiteral("damaged: fragment 0 of pack ")), qPrintable(damaged[0]));
        const QString on = QStringLiteral(" on %1:").arg(t.nameOf(t.twin(bad)));
        QVERIFY2(damaged[0].contains(on), qPrintable(damaged[0]));
    }

    void repairMendsBoth_data()
    {
        QTest::addColumn<int>("bad");
        QTest::addColumn<bool>("isForged");
        QTest::addColumn<bool>("isChecked");
        for (const int bad : { 0, 1 }) {
            for (const bool isForged : { false, true }) {
                for (const bool isChecked : { false, true })
                    QTest::addRow("twin %d%s%s", bad, isForged ? ", checksum fits" : "", isChecked ? ", checked" : "")
                        << bad << isForged << isChecked;
            }
        }
    }
    void repairMendsBoth()
    {
        QFETCH(const int, bad);
        QFETCH(const bool, isForged);
        QFETCH(const bool, isChecked);
        Twins t;
        t.spoil(bad, isForged);
        if (isChecked)
            deepCheck(t.fixture());
        const RepairResult repaired = repairAll(t.fixture());
        QCOMPARE(repaired.unreadablePacks, 0);
        QCOMPARE(repaired.models[0].state, ModelState::Safe);
        if (bad == 0 || isChecked) { // else nobody has read it
            QCOMPARE(repaired.rebuilt, 2);
            QVERIFY(t.isMended());
        }
        QVERIFY(t.isRight(1 - bad));
        // What was mended is enough without what was right all the time.
        deepCheck(t.fixture());
        repairAll(t.fixture());
        QVERIFY(t.isMended());
        t.packs().lose(t.twin(1 - bad));
        t.packs().lose(t.row(1));
        QVERIFY(comesBack(t.fixture(), t.bytes()));
    }

    // Where no account takes another fragment, the other twin makes up for the one that is replaced.
    void theOtherIsEnoughToReplaceIt()
    {
        Twins t;
        t.spoil(0, true);
        QCOMPARE(deepCheck(t.fixture()).findings.filter(QStringLiteral("damaged:")).size(), 1);
        t.fixture().place(t.row(2).account).memory->setGone(true);
        t.fixture().reopen();
        QCOMPARE(repairAll(t.fixture()).rebuilt, 1);
        QVERIFY(t.isRight(0));
        QVERIFY(t.isRight(1));
    }

    // Nothing is missed; it is mended all the same.
    void theWrongOneAlone()
    {
        Twins t;
        repairAll(t.fixture());
        QVERIFY(t.isMended());
        t.spoil(0, true);
        QCOMPARE(deepCheck(t.fixture()).findings.size(), 1);
        QCOMPARE(repairAll(t.fixture()).rebuilt, 1);
        QVERIFY(t.isMended());
    }

    void eachIsRightInPart_data()
    {
        QTest::addColumn<bool>("isForged");
        QTest::addColumn<bool>("isFetched");
        for (const bool isFetched : { true, false }) {
            QTest::addRow("wrong checksums, %s", isFetched ? "fetched" : "checked") << false << isFetched;
            QTest::addRow("checksums that fit, %s", isFetched ? "fetched" : "checked") << true << isFetched;
        }
    }
    // Neither is right, but of each part one is.
    void eachIsRightInPart()
    {
        QFETCH(const bool, isForged);
        QFETCH(const bool, isFetched);
        Twins t(12'000'000); // no record reaches from the one place to the other
        t.fixture().addAccount(); // for a third fragment 0: neither is replaced before
        t.spoil(0, isForged, 1'000);
        t.spoil(1, isForged, 5'500'000);
        if (isFetched) {
            const auto fetched = t.fixture().fetch(kMended, QStringLiteral("back"));
            QVERIFY2(fetched, qPrintable(fetched ? QString() : fetched.error().message));
            QCOMPARE(readFile(t.fixture().path(QStringLiteral("back/") + kMended)), t.bytes());
        } else {
            const CheckResult check = deepCheck(t.fixture());
            QCOMPARE(check.findings.filter(QStringLiteral("damaged: fragment 0 ")).size(), 2);
            QCOMPARE(repairAll(t.fixture()).unreadablePacks, 0);
        }
        QVERIFY(t.isMended());
    }

    void bothAreWrong()
    {
        Twins t;
        t.spoil(0, true);
        t.spoil(1, true);
        const auto fetched = t.fixture().fetch(kMended, QStringLiteral("none"));
        QVERIFY(!fetched);
        QCOMPARE(fetched.error().id, QStringLiteral("MF-PACK-UNREADABLE"));
        QCOMPARE(repairAll(t.fixture()).unreadablePacks, 1);
        QCOMPARE(deepCheck(t.fixture()).models[0].state, ModelState::Unreadable);
    }

    // Nothing is lost for good because of one that has it and is away.
    void oneIsAway()
    {
        for (const int away : { 0, 1 }) {
            Twins t;
            t.packs().replace(t.twin(1 - away), t.packs().bytes(t.twin(0)).left(1'000));
            t.fixture().place(t.twin(away).account).memory->setGone(true);
            const auto fetched = t.fixture().fetch(kMended, QStringLiteral("none"));
            QVERIFY(!fetched);
            QCOMPARE(fetched.error().id, QStringLiteral("MF-PACK-UNREADABLE"));
            QCOMPARE(fetched.error().kind, Error::Kind::Network);
            QCOMPARE(fetched.error().account, t.nameOf(t.twin(away)));
            t.fixture().place(t.twin(away).account).memory->setGone(false);
            t.fixture().reopen();
            QVERIFY(comesBack(t.fixture(), t.bytes()));
        }
    }
};

QTEST_GUILESS_MAIN(TestTwins)
#include "test_twins.moc"
