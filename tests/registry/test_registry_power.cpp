// SPDX-License-Identifier: GPL-3.0-or-later
// The power goes while the registry writes, and the disk loses what was not synced: what was acknowledged is there,
// and the database is whole.
#include "tests/registry/registry_fixture.h"
#include "tests/support/power_loss_vfs.h"

#include <QSqlDatabase>
#include <QSqlQuery>

#include <algorithm>
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

// What the disk may hold, at moments while packs are stored one after the other.
std::vector<PowerLossVfs::Kept> imagesOf(quint32 seed, PowerLossVfs::Syncs syncs)
{
    constexpr int kPacks = 30;
    acknowledged = 0;
    RegistryFixture f;
    const auto accounts = f.addAccounts(3);
    f.reopen();
    PowerLossVfs::begin(seed, 12, momentNow, syncs);
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
    return PowerLossVfs::end();
}

// "": the database is whole, and all that was acknowledged is there.
QString wrongWith(const PowerLossVfs::Kept &kept)
{
    QTemporaryDir folder;
    PowerLossVfs::write(kept.image, folder.path());
    const QString path = folder.filePath(QStringLiteral("registry.db"));
    const auto registry = runTask(Registry::open(path));
    if (!registry)
        return registry.error().message;
    for (int i = 0; i < kept.moment; ++i) {
        const auto first = static_cast<quint32>(i) * 100;
        const auto found
            = runTask((*registry)->findChunks({ idOf<ChunkHash>(first), idOf<ChunkHash>(first + 39) }, HitRules()));
        if (!found || !(*found)[0] || !(*found)[1])
            return QStringLiteral("pack %1 of %2").arg(i).arg(kept.moment);
    }
    // One more may have been under way; it is whole or not there.
    const auto pending = runTask((*registry)->pendingPacks());
    if (!pending || pending->size() > 1)
        return QStringLiteral("more pending packs than were under way");
    const QString integrity = integrityOf(path);
    return integrity == QStringLiteral("ok") ? QString() : integrity;
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
        const auto images = imagesOf(static_cast<quint32>(seed), PowerLossVfs::Syncs::Obeyed);
        QVERIFY2(images.size() > 20, qPrintable(QString::number(images.size())));
        for (const PowerLossVfs::Kept &kept : images)
            QCOMPARE(wrongWith(kept), QString());
        qInfo("%d images", int(images.size()));
    }

    // Else the images would show nothing.
    void withoutSyncsItIsNot()
    {
        const auto images = imagesOf(1, PowerLossVfs::Syncs::Ignored);
        const auto wrong
            = std::count_if(images.begin(), images.end(), [](const auto &kept) { return !wrongWith(kept).isEmpty(); });
        qInfo("%d of %d images", int(wrong), int(images.size()));
        QVERIFY(wrong > 0);
    }
};

QTEST_GUILESS_MAIN(TestRegistryPower)
#include "test_registry_power.moc"
