// SPDX-License-Identifier: GPL-3.0-or-later
// What a window reads beside the registry.
#include "core/registry/library_view.h"
#include "tests/registry/registry_fixture.h"

using namespace mf;

class TestRegistryView : public QObject
{
    Q_OBJECT

private slots:
    void tellsWhatTheRegistryTells()
    {
        RegistryFixture f;
        const auto accounts = f.addAccounts(3);
        const PackRow whole = f.complete(f.packOf(1, { 10 }, 2, accounts));
        const PackRow less = f.complete(f.packOf(2, { 11 }, 2, accounts));
        const RevisionRecord revision = f.live(1, 1, QStringLiteral("m"));
        must(f->notePacksRelied(revision.row, { whole, less }));
        const QDateTime now(QDate(2026, 2, 4), QTime(), Qt::UTC);
        const std::vector<FragmentFinding> findings { FragmentFinding(less, 2, accounts[2], FragmentState::Missing) };
        must(f->noteFragments(findings, now));

        auto view = must(LibraryView::open(f.path()));
        const auto models = must(view->models({}));
        QCOMPARE(models.size(), 1U);
        QCOMPARE(models[0].revision.name, QStringLiteral("m"));
        QCOMPARE(models[0].health.spare, must(f->spare(revision.row, {})));
        QCOMPARE(models[0].strip, (std::vector<qint8> { 1, 0 }));
        QCOMPARE(models[0].accounts, accounts);
        QCOMPARE(models[0].bytes, 5 * fragmentSize(1000));
        const auto without = must(view->models({ accounts[0] }));
        QCOMPARE(without[0].strip, (std::vector<qint8> { 0, -1 }));
        QCOMPARE(without[0].health.spare, must(f->spare(revision.row, { accounts[0] })));

        const auto fragments = must(view->fragments(revision.row));
        QCOMPARE(fragments.packs, 2);
        QCOMPARE(fragments.list.size(), 6U);
        QCOMPARE(fragments.list.back().pack, 2);
        QCOMPARE(fragments.list.back().index, 2);
        QCOMPARE(fragments.list.back().account, accounts[2]);
        QCOMPARE(fragments.list.back().state, FragmentState::Missing);
        QCOMPARE(fragments.list.front().state, FragmentState::There);
        QVERIFY(must(view->fragments(revision.row + 1)).list.empty());
    }

    void stripsAreShort()
    {
        RegistryFixture f;
        const auto accounts = f.addAccounts(2);
        const RevisionRecord revision = f.live(1, 1, QStringLiteral("m"));
        std::vector<PackRow> packs;
        for (quint32 i = 0; i < 150; ++i)
            packs.push_back(f.complete(f.packOf(i * 10 + 1, { 1'000 + i }, 1, accounts)));
        must(f->notePacksRelied(revision.row, packs));
        const QDateTime now(QDate(2026, 2, 4), QTime(), Qt::UTC);
        must(f->noteFragments({ FragmentFinding(packs[75], 0, accounts[0], FragmentState::Damaged) }, now));
        auto view = must(LibraryView::open(f.path()));
        const auto strip = must(view->models({}))[0].strip;
        QCOMPARE(strip.size(), std::size_t(LibraryView::kRuns));
        QCOMPARE(std::count(strip.begin(), strip.end(), qint8(0)), 1);
        QCOMPARE(strip[32], qint8(0));
    }

    // Newest first, and what is written meanwhile is seen.
    void history()
    {
        RegistryFixture f;
        auto view = must(LibraryView::open(f.path()));
        QVERIFY(must(view->events(10)).empty());
        const QDateTime now(QDate(2026, 2, 4), QTime(1, 2, 3), Qt::UTC);
        for (int i = 0; i < 5; ++i)
            must(f->addEvent(now.addSecs(i), QStringLiteral("store"), QString::number(i)));
        const auto events = must(view->events(3));
        QCOMPARE(events.size(), 3U);
        QCOMPARE(events[0].text, QStringLiteral("4"));
        QCOMPARE(events[0].when, now.addSecs(4));
        QCOMPARE(events[2].text, QStringLiteral("2"));
    }

    void whatIsNoRegistry()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("registry.db"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(5'000, 'x'));
        file.close();
        QCOMPARE(failureOf(LibraryView::open(path)).id, QStringLiteral("MF-REGISTRY-CORRUPT"));
    }
};

QTEST_GUILESS_MAIN(TestRegistryView)
#include "test_registry_view.moc"
