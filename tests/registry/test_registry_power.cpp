// SPDX-License-Identifier: GPL-3.0-or-later
// The power goes while the registry writes, and the disk loses what was not synced: what was acknowledged is there,
// and the database is whole.
#include "tests/registry/registry_fixture.h"
#include "tests/support/power_loss_vfs.h"

#include <QSqlDatabase>
#include <QSqlQuery>

#include <atomic>

using namespace mf;

namespace {

std::atomic<int> acknowledged = 0; // packs that are committed and completed
int momentNow() { return acknowledged; }

QString integrityOf(const QString &path)
{
    QString answer;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("integrity"));
        database.setDatabaseName(path);
        if (database.open()) {
            QSqlQuery query(QStringLiteral("PRAGMA integrity_check"), database);
            answer = query.next() ? query.value(0).toString() : QStringLiteral("no answer");
        }
    }
    QSqlDatabase::removeDatabase(QStringLiteral("integrity"));
    return answer;
}

} // namespace

class TestRegistryPower : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { PowerLossVfs::install(); }

    void whatWasAcknowledgedIsThere_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 2; ++seed)
            QTest::addRow("seed %d", seed) << seed;
    }
    void whatWasAcknowledgedIsThere()
    {
        QFETCH(int, seed);
        constexpr int kPacks = 30;
        acknowledged = 0;
        std::vector<PowerLossVfs::Kept> images;
        {
            RegistryFixture f;
            const auto accounts = f.addAccounts(3);
            f.reopen();
            PowerLossVfs::begin(static_cast<quint32>(seed), 12, momentNow);
            f.reopen();
            for (quint32 i = 0; i < kPacks; ++i) {
                std::vector<quint32> chunks;
                for (quint32 chunk = 0; chunk < 40; ++chunk)
                    chunks.push_back(i * 100 + chunk);
                f.complete(RegistryFixture::packOf(i, chunks, 2, accounts));
                acknowledged = static_cast<int>(i) + 1;
                if (i % 10 == 9)
                    f.reopen(); // a checkpoint
            }
            images = PowerLossVfs::end();
        }
        QVERIFY2(images.size() > 20, qPrintable(QString::number(images.size())));
        int tried = 0;
        for (const PowerLossVfs::Kept &kept : images) {
            QTemporaryDir folder;
            PowerLossVfs::write(kept.image, folder.path());
            const QString path = folder.filePath(QStringLiteral("registry.db"));
            const auto registry = must(Registry::open(path));
            for (int i = 0; i < kept.moment; ++i) {
                const auto first = static_cast<quint32>(i) * 100;
                const auto found
                    = must(registry->findChunks({ idOf<ChunkHash>(first), idOf<ChunkHash>(first + 39) }, HitRules()));
                QVERIFY2(found[0] && found[1], qPrintable(QStringLiteral("pack %1 of %2").arg(i).arg(kept.moment)));
            }
            // One more may have been under way; it is whole or not there.
            QVERIFY(must(registry->pendingPacks()).size() <= 1);
            QCOMPARE(integrityOf(path), QStringLiteral("ok"));
            ++tried;
        }
        qInfo("%d images", tried);
    }
};

QTEST_GUILESS_MAIN(TestRegistryPower)
#include "test_registry_power.moc"
