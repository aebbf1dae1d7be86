// SPDX-License-Identifier: GPL-3.0-or-later
// The power goes while blobs are put into a folder: what was acknowledged is there byte for byte; whatever else has a
// blob's name is whole as well.
#include "core/base/all_of.h"
#include "tests/providers/folder_fixture.h"
#include "tests/support/must.h"
#include "tests/support/power_loss_files.h"

#include <algorithm>
#include <atomic>

using namespace mf;

namespace {

std::atomic<int> acknowledged = 0;
int momentNow() { return acknowledged; }

BlobName nameOf(int i) { return BlobName(QStringLiteral("f/%1/blob%2").arg(i % 4, 2, 16, QLatin1Char('0')).arg(i)); }
QByteArray bytesOf(int i) { return QByteArray(3000 + i * 997, static_cast<char>('a' + i)); }

constexpr int kBlobs = 12;

// What the disk may hold, at moments while blobs are put into a folder.
std::vector<powerloss::Kept> imagesOf(FolderFixture &fixture, bool together, powerloss::Syncs syncs)
{
    const auto provider = fixture.make(fixture.path(), true);
    if (!provider)
        qFatal("no folder");
    acknowledged = 0;
    powerloss::begin(fixture.path(), 7, momentNow, syncs);
    if (together) {
        std::vector<Task<Result<BlobInfo>>> puts;
        for (int i = 0; i < kBlobs; ++i)
            puts.push_back(provider->put(nameOf(i), bytesOf(i)));
        for (const auto &put : runTask(allOf(std::move(puts), kBlobs)))
            must(put);
        acknowledged = kBlobs;
        must(runTask(provider->put(nameOf(kBlobs), bytesOf(kBlobs)))); // images of all that is acknowledged
    } else {
        for (int i = 0; i < kBlobs; ++i) {
            must(runTask(provider->put(nameOf(i), bytesOf(i))));
            acknowledged = i + 1;
        }
    }
    return powerloss::end();
}

// "": all that was acknowledged is there, and whatever else has a blob's name is whole.
QString wrongWith(FolderFixture &fixture, const powerloss::Kept &kept)
{
    QTemporaryDir folder;
    powerloss::write(kept.image, folder.path());
    const auto after = fixture.make(folder.path(), false);
    const QString all;
    const auto listed = after ? runTask(listAll(*after, all)) : Result<std::vector<BlobInfo>>(Error());
    if (!listed)
        return QStringLiteral("it cannot be listed");
    for (int i = 0; i < kept.moment; ++i) {
        const auto bytes = runTask(after->get(nameOf(i), Range()));
        if (!bytes || *bytes != bytesOf(i))
            return QStringLiteral("blob %1 of %2").arg(i).arg(kept.moment);
    }
    for (const BlobInfo &blob : *listed) { // of those under way: whole or not there
        const int i = blob.name.value.section(QStringLiteral("blob"), 1).toInt();
        const auto bytes = runTask(after->get(blob.name, Range()));
        if (!bytes || *bytes != bytesOf(i))
            return blob.name.value;
    }
    return {};
}

} // namespace

class TestFolderPower : public QObject
{
    Q_OBJECT
private slots:
    void whatWasAcknowledgedIsThere_data()
    {
        QTest::addColumn<bool>("together");
        QTest::newRow("one after the other") << false;
        QTest::newRow("at once") << true;
    }
    void whatWasAcknowledgedIsThere()
    {
        QFETCH(bool, together);
        FolderFixture fixture;
        const auto images = imagesOf(fixture, together, powerloss::Syncs::Obeyed);
        QVERIFY2(images.size() > 20, qPrintable(QString::number(images.size())));
        for (const powerloss::Kept &kept : images)
            QCOMPARE(wrongWith(fixture, kept), QString());
    }

    // Else the images would show nothing.
    void withoutSyncsItIsNot()
    {
        FolderFixture fixture;
        const auto images = imagesOf(fixture, false, powerloss::Syncs::Ignored);
        const auto wrong = std::count_if(
            images.begin(), images.end(), [&fixture](const auto &kept) { return !wrongWith(fixture, kept).isEmpty(); });
        qInfo("%d of %d images", int(wrong), int(images.size()));
        QVERIFY(wrong > 0);
    }
};

QTEST_GUILESS_MAIN(TestFolderPower)
#include "test_folder_power.moc"
