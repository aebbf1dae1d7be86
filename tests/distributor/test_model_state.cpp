// SPDX-License-Identifier: GPL-3.0-or-later
// The seven states of a model, by all that decides; and when an account counts as lost.
#include "core/distributor/model_state.h"
#include "tests/distributor/mending.h"

#include <QtTest>

using namespace mf;

namespace {

const QDateTime kNow(QDate(2027, 3, 1), QTime(12, 0), Qt::UTC);
const QDateTime kNever;

QDateTime daysAgo(int days) { return kNow.addDays(-days); }

} // namespace

class TestModelState : public QObject
{
    Q_OBJECT

    static void giveUp(EngineFixture &fixture, int i)
    {
        fixture.destroy(i);
        fixture.retire(i);
    }
    static ModelHealth health(EngineFixture &fixture)
    {
        const auto revision = must(runTask(fixture.engine().registry.revision(kMended, 0)));
        return must(runTask(modelHealth(fixture.engine(), revision)));
    }

private slots:
    void states_data()
    {
        using Spare = std::optional<int>;
        using State = ModelState;
        QTest::addColumn<RevisionState>("revision");
        QTest::addColumn<Protection>("protection");
        QTest::addColumn<Spare>("spare");
        QTest::addColumn<QDateTime>("proven");
        QTest::addColumn<State>("state");
        const Protection two(4, 2);
        const Protection one(2, 1);
        const Protection none(1, 0);
        const auto live = RevisionState::Live;
        const auto add
            = [](const char *name, RevisionState revision, Protection protection, Spare spare, const QDateTime &proven,
                  State state) { QTest::newRow(name) << revision << protection << spare << proven << state; };
        add("as promised", live, two, 2, daysAgo(1), State::Safe);
        add("more than promised", live, two, 4, daysAgo(1), State::Safe);
        add("copies", live, Protection(1, 2), 2, daysAgo(1), State::Safe);
        add("without packs, nothing can be lost", live, two, {}, kNever, State::Safe);
        add("one of two is left", live, two, 1, daysAgo(1), State::Reduced);
        add("two of three are left", live, Protection(5, 3), 2, daysAgo(1), State::Reduced);
        add("none of two is left", live, two, 0, daysAgo(1), State::AtRisk);
        add("none of one is left", live, one, 0, daysAgo(1), State::AtRisk);
        add("one copy was asked for", live, none, 0, daysAgo(1), State::SingleCopy);
        add("one copy was asked for, a shared pack has more", live, none, 2, daysAgo(1), State::SingleCopy);
        add("one copy, cut into three", live, Protection(3, 0), 0, daysAgo(1), State::SingleCopy);
        add("one copy, without packs", live, none, {}, kNever, State::SingleCopy);
        add("one fragment too few", live, two, -1, daysAgo(1), State::Unreadable);
        add("all but gone", live, two, -4, daysAgo(1), State::Unreadable);
        add("the one copy is gone", live, none, -1, daysAgo(1), State::Unreadable);
        add("not all is out", RevisionState::Storing, two, {}, kNever, State::Storing);
        add("not all is out, whatever is missing", RevisionState::Storing, two, -3, kNever, State::Storing);
        add("not confirmed", RevisionState::Unconfirmed, two, 2, daysAgo(0), State::Storing);
        add("on this computer only", RevisionState::Held, two, 0, kNever, State::SingleCopy);
        add("on this computer only, which is no old proof", RevisionState::Held, two, 2, daysAgo(90),
            State::SingleCopy);
        add("in the trash it is looked after", RevisionState::Trashed, two, 1, daysAgo(1), State::Reduced);
        add("looked at 30 days ago", live, two, 2, daysAgo(30), State::Safe);
        add("looked at longer ago", live, two, 2, daysAgo(30).addMSecs(-1), State::Unknown);
        add("one copy, looked at longer ago", live, none, 0, daysAgo(31), State::Unknown);
        add("what is bad is said however old it is", live, two, -1, daysAgo(99), State::Unreadable);
        add("at risk, however old", live, two, 0, daysAgo(99), State::AtRisk);
        add("reduced, however old", live, two, 1, daysAgo(99), State::Reduced);
        add("no proof counts as fresh", live, two, 2, kNever, State::Safe);
        add("without packs no proof grows old", live, two, {}, daysAgo(99), State::Safe);
    }
    void states()
    {
        QFETCH(const RevisionState, revision);
        QFETCH(const Protection, protection);
        QFETCH(const std::optional<int>, spare);
        QFETCH(const QDateTime, proven);
        QFETCH(const ModelState, state);
        QCOMPARE(modelStateOf(revision, protection, spare, proven, kNow), state);
    }

    void lostAccounts_data()
    {
        QTest::addColumn<QDateTime>("seen");
        QTest::addColumn<QDateTime>("awaySince");
        QTest::addColumn<bool>("retired");
        QTest::addColumn<bool>("lost"); // its fragments do not count
        const auto hours = [](int count) { return kNow.addSecs(-3600 * qint64(count)); };
        QTest::newRow("it is there") << hours(0) << kNever << false << false;
        QTest::newRow("not asked for a month") << hours(720) << kNever << false << false;
        QTest::newRow("never seen, never asked") << kNever << kNever << false << false;
        QTest::newRow("away for 72 hours") << hours(73) << hours(72) << false << false;
        QTest::newRow("away for longer") << hours(73) << hours(72).addMSecs(-1) << false << true;
        QTest::newRow("noticed only now, last seen a month ago") << hours(720) << hours(0) << false << false;
        QTest::newRow("never seen, asked in vain for 73 hours") << kNever << hours(73) << false << true;
        QTest::newRow("never seen, asked in vain for an hour") << kNever << hours(1) << false << false;
        QTest::newRow("given up") << hours(0) << kNever << true << true;
    }
    void lostAccounts()
    {
        QFETCH(const QDateTime, seen);
        QFETCH(const QDateTime, awaySince);
        QFETCH(const bool, retired);
        QFETCH(const bool, lost);
        AccountRecord account;
        account.id = randomId<AccountId>();
        account.seen = seen;
        account.awaySince = awaySince;
        account.retired = retired;
        QCOMPARE(isLost(account, kNow, kAwayIsLost), lost && !retired);
        QCOMPARE(mf::lostAccounts({ account }, kNow, kAwayIsLost),
            lost ? std::vector { account.id } : std::vector<AccountId>());
    }

    void theUserSaysHowLong_data()
    {
        QTest::addColumn<QString>("setting");
        QTest::addColumn<int>("hours");
        QTest::newRow("nothing was said") << QString() << 72;
        QTest::newRow("a day") << QStringLiteral("24") << 24;
        QTest::newRow("a year") << QStringLiteral("8760") << 8760;
        QTest::newRow("longer than may be") << QStringLiteral("8761") << 72;
        QTest::newRow("no time at all") << QStringLiteral("0") << 72;
        QTest::newRow("less than that") << QStringLiteral("-1") << 72;
        QTest::newRow("no number") << QStringLiteral("long") << 72;
    }
    void theUserSaysHowLong()
    {
        QFETCH(const QString, setting);
        QFETCH(const int, hours);
        QMap<QString, QString> settings;
        settings.insert(QString::fromLatin1(kAwayIsLostSetting), setting);
        QCOMPARE(int(awayIsLost(settings).count()), hours);
        AccountRecord account;
        account.awaySince = kNow.addSecs(-3600 * qint64(hours));
        QVERIFY(!isLost(account, kNow, awayIsLost(settings)));
        account.awaySince = account.awaySince.addMSecs(-1);
        QVERIFY(isLost(account, kNow, awayIsLost(settings)));
    }

    // One account after the other is given up, of 2 + 3.
    void aModelGoesThroughThem()
    {
        EngineFixture fixture(5);
        storeModel(fixture, Protection(2, 3));
        const std::vector<std::pair<ModelState, int>> stages { { ModelState::Safe, 3 }, { ModelState::Reduced, 2 },
            { ModelState::Reduced, 1 }, { ModelState::AtRisk, 0 }, { ModelState::Unreadable, -1 } };
        for (int lost = 0; lost < 5; ++lost) {
            const auto &[state, spare] = stages[static_cast<std::size_t>(lost)];
            QCOMPARE(health(fixture).state, state);
            QCOMPARE(health(fixture).spare, spare);
            QCOMPARE(checkAll(fixture, false).models[0].state, state);
            fixture.passTime(std::chrono::hours(31 * 24)); // bad news do not grow old, good ones do
            if (state == ModelState::Safe)
                QCOMPARE(health(fixture).state, ModelState::Unknown);
            else
                QCOMPARE(health(fixture).state, state);
            giveUp(fixture, lost);
        }
    }

    // Some fragments of one pack are enough for a word; the accounts are all there.
    void missingAndDamagedFragmentsCount()
    {
        EngineFixture fixture(4);
        storeModel(fixture, Protection(2, 2));
        StoredPacks packs(fixture, 4);
        packs.lose(packs.rows(2).at(3));
        QCOMPARE(health(fixture).state, ModelState::Safe); // nobody has looked
        QCOMPARE(checkAll(fixture, false).models[0].state, ModelState::Reduced);
        packs.flip(packs.rows(2).at(0), 10);
        QCOMPARE(deepCheck(fixture).models[0].state, ModelState::AtRisk);
        QCOMPARE(repairAll(fixture).models[0].state, ModelState::Safe);
    }
};

QTEST_GUILESS_MAIN(TestModelState)
#include "test_model_state.moc"
