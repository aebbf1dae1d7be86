// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/clock.h"
#include "core/providers/catalogue.h"
#include "tests/support/memory_provider.h"
#include "tests/support/run_task.h"

#include <QTemporaryDir>
#include <QtTest>
using namespace mf;

namespace {

// A provider whose listing never ends, in one way or another.
class EndlessProvider final : public Provider
{
public:
    Traits traits() const override { return {}; }
    Task<Result<BlobInfo>> put(BlobName, QByteArray) override { co_return Error(); }
    Task<Result<QByteArray>> get(BlobName, Range) override { co_return Error(); }
    Task<Result<>> remove(BlobName) override { co_return Error(); }
    Task<Result<Quota>> quota() override { co_return Error(); }
    Task<Result<ListPage>> list(QString, QString cursor) override
    {
        ListPage page;
        page.next = cursor == QStringLiteral("a") ? QStringLiteral("b") : QStringLiteral("a");
        co_return page;
    }
};

} // namespace

class TestCatalogue : public QObject
{
    Q_OBJECT
private slots:
    void settings_data();
    void settings();
    void kindsCanBeSwitchedOff();
    void relativePathsAreKeptAbsolute();
    void oneDiskIsOneDomain();
    void listAllReadsEveryPage();
    void listAllEndsWhenTheProviderDoesNot();
};

void TestCatalogue::settings_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("blamed"); // empty: fine
    const QString path = QStringLiteral("path");
    QTest::newRow("absolute path") << path << QStringLiteral("/mnt/a") << QString();
    QTest::newRow("no path") << QStringLiteral("domain") << QStringLiteral("d") << path;
    QTest::newRow("empty path") << path << QString() << path;
    QTest::newRow("path with a NUL") << path << QString(QStringLiteral("/a") + QChar::Null) << path;
    QTest::newRow("misspelt") << QStringLiteral("pathh") << QStringLiteral("/a") << QStringLiteral("pathh");
}

void TestCatalogue::settings()
{
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(QString, blamed);
    const ProviderKind *folder = findKind(u"folder");
    QVERIFY(folder);
    AccountSettings settings;
    settings.insert(key, value);
    SystemClock clock;
    Pool io(1);
    const ProviderContext context { clock, io };
    const auto made = folder->make(context, settings, SecretText(), false);
    QCOMPARE(bool(made), blamed.isEmpty());
    if (!made) {
        QCOMPARE(made.error().kind, Error::Kind::Invalid);
        QCOMPARE(made.error().id, QStringLiteral("MF-ACCOUNT-SETTING"));
        QCOMPARE(made.error().parameters.value(QStringLiteral("setting")), blamed);
    }
}

void TestCatalogue::kindsCanBeSwitchedOff()
{
    const auto has = [](const QString &disabled) {
        const auto kinds = kindsWithout(disabled);
        return std::any_of(kinds.begin(), kinds.end(), [](const auto &k) { return k.id == QStringLiteral("folder"); });
    };
    QVERIFY(has(QString()));
    QVERIFY(has(QStringLiteral("mega,ipfs")));
    QVERIFY(!has(QStringLiteral("folder")));
    QVERIFY(!has(QStringLiteral("mega, folder")));
    QVERIFY(!findKind(u"no-such-kind"));
}

void TestCatalogue::relativePathsAreKeptAbsolute()
{
    AccountSettings settings;
    settings.insert(QStringLiteral("path"), QStringLiteral("x/../a"));
    settings = findKind(u"folder")->normalise(settings);
    QCOMPARE(settings.value(QStringLiteral("path")), QString(QDir::currentPath() + QStringLiteral("/a")));
}

void TestCatalogue::oneDiskIsOneDomain()
{
    const auto domain = [](const QString &path) {
        AccountSettings settings;
        settings.insert(QStringLiteral("path"), path);
        return findKind(u"folder")->defaultDomain(settings);
    };
    const QTemporaryDir dir;
    const QString there = domain(dir.path());
    QVERIFY(there.startsWith(QStringLiteral("disk:")));
    QVERIFY(there.size() > 5);
    QCOMPARE(domain(dir.filePath(QStringLiteral("not/yet/there"))), there);
    QCOMPARE(domain(dir.filePath(QStringLiteral("other"))), there);
    if (QFileInfo::exists(QStringLiteral("/dev/shm"))
        && QStorageInfo(QStringLiteral("/dev/shm")).fileSystemType() == "tmpfs")
        QCOMPARE(domain(QStringLiteral("/dev/shm/a")), QStringLiteral("disk:memory"));
}

void TestCatalogue::listAllReadsEveryPage()
{
    SystemClock clock;
    MemoryProvider::Options options;
    options.page = 3;
    MemoryProvider provider(clock, options);
    for (int i = 0; i < 10; ++i)
        QVERIFY(runTask(provider.put(BlobName(QStringLiteral("f/%1").arg(i)), QByteArray(i, 'x'))));
    const auto blobs = runTask(listAll(provider, QStringLiteral("f/")));
    QVERIFY(blobs);
    QCOMPARE(blobs->size(), std::size_t(10));
    QCOMPARE(provider.counters().list.calls, 4);
}

void TestCatalogue::listAllEndsWhenTheProviderDoesNot()
{
    EndlessProvider provider;
    const auto blobs = runTask(listAll(provider, QString()));
    QVERIFY(!blobs);
    QCOMPARE(blobs.error().id, QStringLiteral("MF-LIST-ENDLESS"));
}

QTEST_GUILESS_MAIN(TestCatalogue)
#include "test_catalogue.moc"
