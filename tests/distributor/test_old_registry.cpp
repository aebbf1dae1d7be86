// SPDX-License-Identifier: GPL-3.0-or-later
// A backup program brings the registry back to what it was, perhaps in the middle of a store. What happened since is in
// the log alone: nothing that was deleted counts as stored, and nothing that is needed is taken for a leftover.
#include "core/distributor/check.h"
#include "core/distributor/collect.h"
#include "core/distributor/evacuate.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/model_names.h"
#include "tests/support/must.h"

#include <QtTest>

using namespace mf;

namespace {

using Method = FaultyProvider::Method;

const QString kBefore = QStringLiteral("before");
const QString kModel = QStringLiteral("m");
const Protection kPolicy(2, 1);
constexpr int kAccounts = 4;

enum class Since { Nothing, Removed, Moved };

void cutAt(EngineFixture &fixture, const QString &blobs)
{
    const Error cut(Error::Kind::Network, QStringLiteral("MF-NET"), QStringLiteral("the line is cut"));
    for (int i = 0; i < kAccounts; ++i)
        fixture.place(i)
            .faulty->on(Method::Put)
            .named(blobs)
            .after(i == 0 && blobs.startsWith(u'f'))
            .always()
            .error(cut);
}

QStringList findingsOf(EngineFixture &fixture)
{
    CheckRequest request;
    request.deep = true;
    Check check(fixture.engine(), request, nullptr);
    const auto checked = must(runTask(check.run()));
    QStringList findings = checked.findings;
    for (const ModelHealth &model : checked.models) {
        if (model.state != ModelState::Safe)
            findings.append(model.name + QStringLiteral(" is not safe"));
    }
    return findings;
}

QByteArray fetched(EngineFixture &fixture, const QString &name)
{
    const auto got = fixture.fetch(name, QStringLiteral("back"));
    return got ? readFile(fixture.path(QStringLiteral("back/") + name)) : QByteArray();
}

} // namespace

class TestOldRegistry : public QObject
{
    Q_OBJECT
private slots:
    void whatHappenedSinceHolds_data()
    {
        QTest::addColumn<QString>("cut"); // what the store put when the backup was made
        QTest::addColumn<int>("since");
        const std::pair<const char *, const char *> moments[] { { "after a store", "" },
            { "while it puts fragments", "f/*" }, { "while it puts objects", "meta/*" },
            { "while it writes the log", "log/*" } };
        for (const auto &moment : moments) {
            const auto row = [&moment](const char *what, Since since) {
                QTest::addRow("%s; %s", moment.first, what) << QString::fromLatin1(moment.second) << int(since);
            };
            row("it was completed", Since::Nothing);
            row("it was removed and freed", Since::Removed);
            row("its fragments were moved", Since::Moved);
        }
    }
    void whatHappenedSinceHolds()
    {
        QFETCH(const QString, cut);
        QFETCH(const int, since);
        EngineFixture fixture(kAccounts);
        const QByteArray before = randomBytes(700'000, 1);
        must(fixture.store(fixture.write(kBefore, before), kPolicy));
        const QByteArray bytes = randomBytes(5'000'000, 2);
        const QByteArray path = fixture.write(kModel, bytes);
        if (!cut.isEmpty()) {
            cutAt(fixture, cut);
            QVERIFY(!fixture.store(path, kPolicy));
            fixture.backUpRegistry(QStringLiteral("backup"));
        }
        must(fixture.store(path, kPolicy));
        if (cut.isEmpty())
            fixture.backUpRegistry(QStringLiteral("backup"));
        if (since == int(Since::Removed)) {
            must(runTask(removeModel(fixture.engine(), kModel, 0, true)));
            QVERIFY(must(runTask(collect(fixture.engine()))).freedBytes > bytes.size());
        } else if (since == int(Since::Moved)) {
            fixture.addAccount();
            QVERIFY(
                must(runTask(removeAccount(fixture.engine(), fixture.place(0).record.id, false, nullptr))).isRetired);
        }
        fixture.restoreRegistry(QStringLiteral("backup"));

        must(runTask(syncLibrary(fixture.engine())));
        QCOMPARE(findingsOf(fixture).join(u'\n'), QString());
        if (since == int(Since::Removed)) {
            QCOMPARE(modelNames(fixture.engine()), QStringList { kBefore });
            const auto again = must(fixture.store(path, kPolicy));
            QCOMPARE(again.newBytes, bytes.size());
        }
        QCOMPARE(modelNames(fixture.engine()), (QStringList { kBefore, kModel }));
        QCOMPARE(findingsOf(fixture).join(u'\n'), QString());
        must(runTask(collect(fixture.engine())));
        QCOMPARE(findingsOf(fixture).join(u'\n'), QString());
        QCOMPARE(fetched(fixture, kModel), bytes);

        // It is so for others, and with one account less.
        fixture.destroy(1);
        const auto other = fixture.anotherComputer();
        QCOMPARE(must(runTask(recoverLibrary(other->engine()))).readable, 2);
        QCOMPARE(fetched(*other, kModel), bytes);
        QCOMPARE(fetched(*other, kBefore), before);
    }
};

QTEST_GUILESS_MAIN(TestOldRegistry)
#include "test_old_registry.moc"
