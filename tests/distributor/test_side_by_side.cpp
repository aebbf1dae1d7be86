// SPDX-License-Identifier: GPL-3.0-or-later
// Several stores at once in one process, as the window runs them: none takes another's unfinished work for left over.
#include "core/distributor/resume.h"
#include "core/distributor/sync_library.h"
#include "tests/support/engine_fixture.h"

#include <QtTest>

using namespace mf;
using Method = FaultyProvider::Method;

namespace {

struct AStore {
    std::optional<Result<StoreResult>> result;
    std::unique_ptr<Store> store;

    AStore(EngineFixture &fixture, const QByteArray &path, const QString &name)
    {
        StoreRequest request;
        request.paths.push_back(path);
        request.name = name;
        request.protection = Protection(2, 1);
        store = std::make_unique<Store>(fixture.engine(), request, nullptr);
    }
    static Task<void> run(AStore &self) { self.result.emplace(co_await self.store->run()); }
};

} // namespace

class TestSideBySide : public QObject
{
    Q_OBJECT

private slots:
    // The first one is held up at some instant while others begin and end.
    void settlingLeavesRunningStoresAlone_data()
    {
        QTest::addColumn<QString>("heldUpAt");
        QTest::newRow("its first fragments are on their way") << QStringLiteral("f/*");
        QTest::newRow("its index or manifest is") << QStringLiteral("meta/*");
        QTest::newRow("its revision is on its way to the log") << QStringLiteral("log/*");
    }
    void settlingLeavesRunningStoresAlone()
    {
        QFETCH(const QString, heldUpAt);
        EngineFixture fixture(3);
        const QByteArray bytes = randomBytes(5'000'000, 1);
        const QByteArray path = fixture.write(QStringLiteral("m"), bytes);
        FaultyProvider &faulty = *fixture.place(0).faulty;
        // The session's opening passes; of metadata the first is held up.
        faulty.on(Method::Put).named(heldUpAt).after(heldUpAt.startsWith(QStringLiteral("log")) ? 1 : 0).hang();
        AStore first(fixture, path, QStringLiteral("first"));
        TaskScope scope;
        scope.start(AStore::run(first));
        QTRY_VERIFY_WITH_TIMEOUT(faulty.hanging() == 1, 20'000);
        QVERIFY(runTask(settleUnfinished(fixture.engine())));
        QVERIFY(runTask(syncLibrary(fixture.engine())));
        const QByteArray other = fixture.write(QStringLiteral("o"), randomBytes(2'000'000, 2));
        const auto second = fixture.store(other, Protection(2, 1), QStringLiteral("second"));
        QVERIFY2(second, second ? "" : qPrintable(second.error().message));
        QVERIFY(!first.result);
        faulty.release();
        QTRY_VERIFY_WITH_TIMEOUT(first.result.has_value(), 20'000);
        QVERIFY2(*first.result, *first.result ? "" : qPrintable(first.result->error().message));
        QCOMPARE((*first.result)->reducedPacks, 0);
        fixture.reopen();
        QVERIFY(fixture.fetch(QStringLiteral("first"), QStringLiteral("back")));
        QCOMPARE(readFile(fixture.path(QStringLiteral("back/m"))), bytes);
        QVERIFY(runTask(fixture.engine().registry.pendingPacks())->empty());
    }

    void manyAtOnce()
    {
        EngineFixture fixture(3);
        std::vector<QByteArray> contents;
        std::vector<std::unique_ptr<AStore>> stores;
        TaskScope scope;
        for (int i = 0; i < 6; ++i) {
            contents.push_back(randomBytes(1'500'000, static_cast<quint32>(10 + i)));
            const QByteArray path = fixture.write(QStringLiteral("m%1").arg(i), contents.back());
            stores.push_back(std::make_unique<AStore>(fixture, path, QStringLiteral("model %1").arg(i)));
            scope.start(AStore::run(*stores.back()));
        }
        for (int i = 0; i < 6; ++i) {
            const auto &result = stores[static_cast<std::size_t>(i)]->result;
            QTRY_VERIFY_WITH_TIMEOUT(result.has_value(), 60'000);
            QVERIFY2(*result, *result ? "" : qPrintable(result->error().message));
            const QString to = QStringLiteral("back%1").arg(i);
            QVERIFY(fixture.fetch(QStringLiteral("model %1").arg(i), to));
            QCOMPARE(readFile(fixture.path(to + QStringLiteral("/m%1").arg(i))), contents[static_cast<std::size_t>(i)]);
        }
        QVERIFY(fixture.engine().running.empty());
    }

    // The same command twice: the second does not take over the first one's session.
    void theSameStoreTwiceAtOnce()
    {
        EngineFixture fixture(3);
        const QByteArray bytes = randomBytes(3'000'000, 3);
        const QByteArray path = fixture.write(QStringLiteral("m"), bytes);
        AStore one(fixture, path, QStringLiteral("m"));
        AStore two(fixture, path, QStringLiteral("m"));
        TaskScope scope;
        scope.start(AStore::run(one));
        scope.start(AStore::run(two));
        for (const AStore *running : { &one, &two }) {
            QTRY_VERIFY_WITH_TIMEOUT(running->result.has_value(), 60'000);
            QVERIFY2(*running->result, *running->result ? "" : qPrintable(running->result->error().message));
        }
        fixture.reopen();
        QVERIFY(fixture.fetch(QStringLiteral("m"), QStringLiteral("back")));
        QCOMPARE(readFile(fixture.path(QStringLiteral("back/m"))), bytes);
    }
};

QTEST_GUILESS_MAIN(TestSideBySide)
#include "test_side_by_side.moc"
