// SPDX-License-Identifier: GPL-3.0-or-later
// Two models of the same tensors and of different protection: the promise of each holds, whichever came first, on
// whatever accounts, and also when the other one goes.
#include "core/distributor/collect.h"
#include "core/distributor/trash.h"
#include "tests/distributor/mending.h"
#include "tests/support/many_tensors.h"

#include <QtTest>

using namespace mf;

namespace {

constexpr int kAccounts = 6;
const QString kWeak = QStringLiteral("x");
const QString kStrong = QStringLiteral("z");

} // namespace

class TestSharedTensors : public QObject
{
    Q_OBJECT

    using Accounts = std::vector<int>;

    static StoreResult store(EngineFixture &fixture, const QString &name, const QByteArray &bytes,
        Protection protection, const Accounts &accounts)
    {
        StoreRequest request;
        request.paths.push_back(fixture.write(name + QStringLiteral(".safetensors"), bytes));
        request.name = name;
        request.protection = protection;
        for (const int i : accounts)
            request.accounts.push_back(fixture.place(i).record.id);
        Store store(fixture.engine(), std::move(request), nullptr);
        return must(runTask(store.run()));
    }
    static ModelHealth healthOf(EngineFixture &fixture, const QString &name)
    {
        const auto revision = must(runTask(fixture.engine().registry.revision(name, 0)));
        return must(runTask(modelHealth(fixture.engine(), revision)));
    }
    // The accounts that hold something which the model relies on.
    static std::set<int> holders(EngineFixture &fixture, const QString &name)
    {
        std::set<AccountId> ids;
        const auto revision = must(runTask(fixture.engine().registry.revision(name, 0)));
        for (const PackRow row : must(runTask(fixture.engine().registry.packsRelied(revision.row)))) {
            const PackRecord pack = must(runTask(fixture.engine().registry.pack(row)));
            for (const FragmentPlace &place : pack.fragments)
                ids.insert(place.account);
        }
        std::set<int> numbers;
        for (int i = 0; i < fixture.accounts(); ++i) {
            if (ids.contains(fixture.place(i).record.id))
                numbers.insert(i);
        }
        return numbers;
    }
    // Whether the model comes back while these accounts are gone.
    static bool comesBackWithout(
        EngineFixture &fixture, const QString &name, const QByteArray &bytes, const Accounts &gone)
    {
        static int number = 0;
        for (const int i : gone)
            fixture.place(i).memory->setGone(true);
        fixture.reopen();
        const QString to = QStringLiteral("back%1").arg(++number);
        const auto fetched = fixture.fetch(name, to);
        if (!fetched)
            qWarning("%s: %s", qPrintable(name), qPrintable(fetched.error().message));
        fixture.setAllGone(false);
        return fetched && readFile(fixture.path(to + u'/' + name + QStringLiteral(".safetensors"))) == bytes;
    }

private slots:
    void eachKeepsItsPromise_data()
    {
        QTest::addColumn<Accounts>("weakOn");
        QTest::addColumn<Accounts>("strongOn");
        QTest::addColumn<bool>("weakFirst");
        QTest::addColumn<QString>("goes");
        const std::vector<std::tuple<const char *, Accounts, Accounts>> places {
            { "anywhere", {}, {} },
            { "x on one account", { 0 }, {} },
            { "z on five accounts", {}, { 0, 1, 2, 3, 4 } },
            { "z on five accounts, x on the sixth", { 5 }, { 0, 1, 2, 3, 4 } },
        };
        for (const auto &[where, weakOn, strongOn] : places) {
            for (const bool weakFirst : { true, false }) {
                for (const QString &goes : { QString(), kWeak, kStrong })
                    QTest::addRow("%s, %s first%s%s", where, weakFirst ? "x" : "z", goes.isEmpty() ? "" : ", without ",
                        qPrintable(goes))
                        << weakOn << strongOn << weakFirst << goes;
            }
        }
    }
    void eachKeepsItsPromise()
    {
        QFETCH(const Accounts, weakOn);
        QFETCH(const Accounts, strongOn);
        QFETCH(const bool, weakFirst);
        QFETCH(const QString, goes);
        EngineFixture fixture(kAccounts);
        const QByteArray weak = manyTensors(1'300, 5);
        const QByteArray strong = manyTensors(1'500, 5); // the same ones, and 200 more
        const auto storeWeak = [&] { return store(fixture, kWeak, weak, Protection(1, 0), weakOn); };
        const auto storeStrong = [&] { return store(fixture, kStrong, strong, Protection(0, 2), strongOn); };
        if (weakFirst) {
            storeWeak();
            // What lies on one account is no hit for who wants to lose two.
            QVERIFY(storeStrong().newBytes > weak.size() * 9 / 10);
        } else {
            storeStrong();
            // What survives more than is asked for is a hit, if it lies only where it may.
            const qint64 fresh = storeWeak().newBytes;
            QVERIFY(weakOn.empty() ? fresh < weak.size() / 10 : fresh > weak.size() * 9 / 10);
        }
        if (!goes.isEmpty()) {
            must(runTask(removeModel(fixture.engine(), goes, 0, true)));
            QVERIFY(must(runTask(collect(fixture.engine()))).fragments > 0);
        }
        if (goes != kWeak) {
            QVERIFY(healthOf(fixture, kWeak).spare >= 0);
            QVERIFY(comesBackWithout(fixture, kWeak, weak, {}));
        }
        if (goes != kWeak && !weakOn.empty()) {
            QCOMPARE(holders(fixture, kWeak), std::set<int>(weakOn.begin(), weakOn.end()));
            Accounts others;
            for (int i = 0; i < kAccounts; ++i) {
                if (i != weakOn.front())
                    others.push_back(i);
            }
            QVERIFY(comesBackWithout(fixture, kWeak, weak, others));
        }
        if (goes == kStrong)
            return;
        QCOMPARE(healthOf(fixture, kStrong).spare, 2);
        QCOMPARE(healthOf(fixture, kStrong).state, ModelState::Safe);
        for (const int holder : holders(fixture, kStrong))
            QVERIFY(strongOn.empty() || holder < 5);
        for (int first = 0; first < kAccounts; ++first) {
            for (int second = first + 1; second < kAccounts; ++second) {
                // An account that it was kept away from may be lost as well.
                Accounts lost { first, second };
                if (!strongOn.empty() && second < 5)
                    lost.push_back(5);
                QVERIFY2(comesBackWithout(fixture, kStrong, strong, lost),
                    qPrintable(QStringLiteral("without %1 and %2").arg(first).arg(second)));
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestSharedTensors)
#include "test_shared_tensors.moc"
