// SPDX-License-Identifier: GPL-3.0-or-later
// The power goes while blobs are put into a folder: what was acknowledged is there byte for byte; whatever else has a
// blob's name is whole as well.
#include "core/base/all_of.h"
#include "tests/providers/folder_fixture.h"
#include "tests/support/power_loss_files.h"

#include <atomic>

using namespace mf;

namespace {

std::atomic<int> acknowledged = 0;
int momentNow() { return acknowledged; }

BlobName nameOf(int i) { return BlobName(QStringLiteral("f/%1/blob%2").arg(i % 4, 2, 16, QLatin1Char('0')).arg(i)); }
QByteArray bytesOf(int i) { return QByteArray(3000 + i * 997, static_cast<char>('a' + i)); }

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
        constexpr int kBlobs = 12;
        FolderFixture fixture;
        const auto provider = fixture.make(fixture.path(), true);
        QVERIFY(provider);
        acknowledged = 0;
        powerloss::begin(fixture.path(), 7, momentNow);
        if (together) {
            std::vector<Task<Result<BlobInfo>>> puts;
            for (int i = 0; i < kBlobs; ++i)
                puts.push_back(provider->put(nameOf(i), bytesOf(i)));
            TaskScope scope;
            for (const auto &put : runTask(allOf(std::move(puts), kBlobs)))
                QVERIFY(put);
            acknowledged = kBlobs;
            QVERIFY(runTask(provider->put(nameOf(kBlobs), bytesOf(kBlobs)))); // images of all that is acknowledged
        } else {
            for (int i = 0; i < kBlobs; ++i) {
                QVERIFY(runTask(provider->put(nameOf(i), bytesOf(i))));
                acknowledged = i + 1;
            }
        }
        const auto images = powerloss::end();
        QVERIFY2(images.size() > 20, qPrintable(QString::number(images.size())));

        for (const powerloss::Kept &kept : images) {
            QTemporaryDir folder;
            powerloss::write(kept.image, folder.path());
            const auto after = fixture.make(folder.path(), false);
            QVERIFY(after);
            const auto listed = runTask(listAll(*after, QString()));
            QVERIFY(listed);
            for (int i = 0; i < kept.moment; ++i) {
                const auto bytes = runTask(after->get(nameOf(i), Range()));
                QVERIFY2(
                    bytes && *bytes == bytesOf(i), qPrintable(QStringLiteral("blob %1 of %2").arg(i).arg(kept.moment)));
            }
            for (const BlobInfo &blob : *listed) { // of those under way: whole or not there
                const int i = blob.name.value.section(QStringLiteral("blob"), 1).toInt();
                const auto bytes = runTask(after->get(blob.name, Range()));
                QVERIFY2(bytes && *bytes == bytesOf(i), qPrintable(blob.name.value));
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestFolderPower)
#include "test_folder_power.moc"
