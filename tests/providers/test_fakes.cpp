// SPDX-License-Identifier: GPL-3.0-or-later
// The fakes that other tests rely on: MemoryProvider, FaultyProvider.
#include "core/base/all_of.h"
#include "tests/support/fake_clock.h"
#include "tests/support/faulty_provider.h"
#include "tests/support/memory_provider.h"
#include "tests/support/run_task.h"

#include <QtTest>
using namespace mf;
using namespace std::chrono_literals;
using Method = FaultyProvider::Method;

namespace {

const BlobName kName(QStringLiteral("f/3a/blob"));
const QByteArray kBytes("0123456789");

Error failure() { return Error(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("it failed")); }

} // namespace

class TestFakes : public QObject
{
    Q_OBJECT
    FakeClock m_clock;

private slots:
    void memoryHasACapacity();
    void memoryListsLate();
    void memoryCounts();
    void memoryCanBeTamperedWith();
    void faultsOnGet();
    void faultsOnPut();
    void faultsOnRemoveAndList();
    void aListingIsDoubled();
    void callsAreChosen();
    void delaysAreTheClocks();
    void hangsUntilReleasedOrCancelled();
    void whatWasNotHitIsTold();
};

void TestFakes::memoryHasACapacity()
{
    MemoryProvider::Options options;
    options.capacity = 20;
    MemoryProvider memory(m_clock, options);
    QVERIFY(runTask(memory.put(kName, QByteArray(15, 'x'))));
    const auto full = runTask(memory.put(BlobName(QStringLiteral("b")), QByteArray(6, 'x')));
    QVERIFY(!full);
    QCOMPARE(full.error().kind, Error::Kind::Quota);
    QVERIFY(runTask(memory.put(kName, QByteArray(20, 'x')))); // replaces
    QCOMPARE(runTask(memory.quota())->free(), qint64(0));
    memory.setCapacity(26);
    QVERIFY(runTask(memory.put(BlobName(QStringLiteral("b")), QByteArray(6, 'x'))));
    QVERIFY(!runTask(MemoryProvider(m_clock).quota()));
}

void TestFakes::memoryListsLate()
{
    MemoryProvider::Options options;
    options.listingLag = 12h;
    MemoryProvider memory(m_clock, options);
    QVERIFY(!memory.traits().listsImmediately);
    QVERIFY(memory.traits().listingLag == 12h);
    const auto listed = [&] { return int(runTask(listAll(memory, QString()))->size()); };
    QVERIFY(runTask(memory.put(kName, kBytes)));
    QCOMPARE(listed(), 0);
    QVERIFY(runTask(memory.get(kName, Range())));
    m_clock.advance(12h);
    QCOMPARE(listed(), 1);
    QVERIFY(runTask(memory.put(kName, kBytes)));
    QCOMPARE(listed(), 1); // again is not anew
    QVERIFY(runTask(memory.remove(kName)));
    QCOMPARE(listed(), 1);
    QVERIFY(!runTask(memory.get(kName, Range())));
    m_clock.advance(12h);
    QCOMPARE(listed(), 0);
}

void TestFakes::memoryCounts()
{
    MemoryProvider memory(m_clock);
    QVERIFY(runTask(memory.put(kName, kBytes)));
    QVERIFY(runTask(memory.get(kName, Range(0, 4))));
    QVERIFY(!runTask(memory.get(BlobName(QStringLiteral("none")), Range())));
    QCOMPARE(memory.counters().put.calls, 1);
    QCOMPARE(memory.counters().put.bytes, 10);
    QCOMPARE(memory.counters().get.calls, 2);
    QCOMPARE(memory.counters().get.bytes, 4);
    memory.resetCounters();
    QCOMPARE(memory.counters().get.calls, 0);
}

void TestFakes::memoryCanBeTamperedWith()
{
    MemoryProvider memory(m_clock);
    QVERIFY(runTask(memory.put(kName, kBytes)));
    memory.replace(kName, QByteArray("rotten"));
    QCOMPARE(*runTask(memory.get(kName, Range())), QByteArray("rotten"));
    memory.lose(kName);
    QVERIFY(!memory.contains(kName));
    memory.setGone(true);
    const auto gone = runTask(memory.list(QString(), QString()));
    QVERIFY(!gone);
    QCOMPARE(gone.error().id, QStringLiteral("MF-ACCOUNT-GONE"));
    memory.setGone(false);
    QVERIFY(runTask(memory.put(kName, kBytes)));
}

void TestFakes::faultsOnGet()
{
    MemoryProvider memory(m_clock);
    FaultyProvider faulty(memory, m_clock);
    QVERIFY(runTask(faulty.put(kName, kBytes)));
    faulty.on(Method::Get).error(failure());
    faulty.on(Method::Get).truncate(3);
    faulty.on(Method::Get).corrupt(1);
    faulty.on(Method::Get).corrupt(-1);
    faulty.on(Method::Get).errorAfter(failure());
    QVERIFY(!runTask(faulty.get(kName, Range())));
    QCOMPARE(memory.counters().get.calls, 0);
    QCOMPARE(*runTask(faulty.get(kName, Range())), QByteArray("012"));
    QByteArray second = kBytes;
    second[1] = static_cast<char>(~'1');
    QCOMPARE(*runTask(faulty.get(kName, Range())), second);
    QByteArray last = kBytes;
    last[9] = static_cast<char>(~'9');
    QCOMPARE(*runTask(faulty.get(kName, Range())), last);
    QVERIFY(!runTask(faulty.get(kName, Range())));
    QCOMPARE(memory.counters().get.calls, 4);
    QCOMPARE(*runTask(faulty.get(kName, Range())), kBytes);
    QCOMPARE(faulty.unhit(), QStringList());
}

void TestFakes::faultsOnPut()
{
    MemoryProvider memory(m_clock);
    FaultyProvider faulty(memory, m_clock);
    faulty.on(Method::Put).error(failure());
    faulty.on(Method::Put).loseSilently();
    faulty.on(Method::Put).truncate(3);
    faulty.on(Method::Put).errorAfter(failure());
    QVERIFY(!runTask(faulty.put(kName, kBytes)));
    QVERIFY(memory.names().isEmpty());
    QCOMPARE(runTask(faulty.put(kName, kBytes))->size, 10);
    QVERIFY(memory.names().isEmpty());
    QCOMPARE(runTask(faulty.put(kName, kBytes))->size, 10);
    QCOMPARE(memory.bytes(kName), QByteArray("012"));
    QVERIFY(!runTask(faulty.put(kName, kBytes)));
    QCOMPARE(memory.bytes(kName), kBytes);
    QCOMPARE(faulty.unhit(), QStringList());
}

void TestFakes::faultsOnRemoveAndList()
{
    MemoryProvider memory(m_clock);
    FaultyProvider faulty(memory, m_clock);
    QVERIFY(runTask(faulty.put(kName, kBytes)));
    QVERIFY(runTask(faulty.put(BlobName(QStringLiteral("g")), kBytes)));
    faulty.on(Method::Remove).loseSilently();
    faulty.on(Method::List).loseSilently();
    faulty.on(Method::List).truncate(1);
    faulty.on(Method::Quota).error(failure());
    QVERIFY(runTask(faulty.remove(kName)));
    QVERIFY(memory.contains(kName));
    QCOMPARE(runTask(listAll(faulty, QString()))->size(), std::size_t(0));
    QCOMPARE(runTask(listAll(faulty, QString()))->size(), std::size_t(1));
    QCOMPARE(runTask(listAll(faulty, QString()))->size(), std::size_t(2));
    QCOMPARE(runTask(faulty.quota()).error().id, QStringLiteral("MF-TEST"));
    QCOMPARE(faulty.unhit(), QStringList());
}

void TestFakes::aListingIsDoubled()
{
    MemoryProvider memory(m_clock);
    memory.setPage(2);
    FaultyProvider faulty(memory, m_clock);
    for (const char *name : { "a", "b", "c" })
        QVERIFY(runTask(faulty.put(BlobName(QString::fromLatin1(name)), kBytes)));
    faulty.on(Method::List).always().repeat();
    const auto namesOf = [](const ListPage &page) {
        QStringList names;
        for (const BlobInfo &blob : page.blobs)
            names.append(blob.name.value);
        return names.join(u' ');
    };
    const auto first = runTask(faulty.list(QString(), QString()));
    QCOMPARE(namesOf(*first), QStringLiteral("a b a b"));
    const auto second = runTask(faulty.list(QString(), first->next));
    QCOMPARE(namesOf(*second), QStringLiteral("c a b c"));
    QVERIFY(second->next.isEmpty());
    // And whoever wants all of them gets each once.
    ListPage all;
    all.blobs = *runTask(listAll(faulty, QString()));
    QCOMPARE(namesOf(all), QStringLiteral("a b c"));
    QCOMPARE(faulty.unhit(), QStringList());
}

void TestFakes::callsAreChosen()
{
    MemoryProvider memory(m_clock);
    FaultyProvider faulty(memory, m_clock);
    faulty.on(Method::Put).named(QStringLiteral("f/*")).after(1).times(2).error(failure());
    int called = 0;
    faulty.on(Method::Put).named(QStringLiteral("log/?")).always().callback([&] { ++called; });
    const auto put
        = [&](const char *name) { return bool(runTask(faulty.put(BlobName(QString::fromLatin1(name)), kBytes))); };
    QVERIFY(put("lib/f/x"));
    QVERIFY(put("f/1")); // let pass
    QVERIFY(!put("f/3a/deep"));
    QVERIFY(put("g/1"));
    QVERIFY(!put("f/1"));
    QVERIFY(put("f/1"));
    QVERIFY(put("log/1") && put("log/2") && put("log/22"));
    QCOMPARE(called, 2);
    QCOMPARE(faulty.unhit(), QStringList());
    faulty.heal();
    QVERIFY(put("log/1"));
    QCOMPARE(called, 2);
}

void TestFakes::delaysAreTheClocks()
{
    MemoryProvider memory(m_clock);
    FaultyProvider faulty(memory, m_clock);
    faulty.on(Method::Put).delay(5s);
    Running<Result<BlobInfo>> put(faulty.put(kName, kBytes));
    m_clock.advance(4s);
    QCoreApplication::processEvents();
    QVERIFY(memory.names().isEmpty());
    m_clock.advance(1s);
    QTRY_VERIFY(put.isDone());
    QVERIFY(memory.contains(kName));
}

void TestFakes::hangsUntilReleasedOrCancelled()
{
    MemoryProvider memory(m_clock);
    FaultyProvider faulty(memory, m_clock);
    faulty.on(Method::Put).times(2).hang();
    {
        const Running<Result<BlobInfo>> cancelled(faulty.put(kName, kBytes));
        QCOMPARE(faulty.hanging(), 1);
    }
    QCOMPARE(faulty.hanging(), 0);
    Running<Result<BlobInfo>> put(faulty.put(kName, kBytes));
    QCOMPARE(faulty.hanging(), 1);
    faulty.release();
    QTRY_VERIFY(put.isDone());
    QVERIFY(put.value());
    QCOMPARE(faulty.hanging(), 0);
}

void TestFakes::whatWasNotHitIsTold()
{
    MemoryProvider memory(m_clock);
    FaultyProvider faulty(memory, m_clock);
    faulty.on(Method::Get).named(QStringLiteral("f/*")).times(3).error(failure());
    faulty.on(Method::List).always().error(failure());
    faulty.on(Method::Get).named(QStringLiteral("x")).corrupt(99); // there is no such byte
    QVERIFY(runTask(faulty.put(BlobName(QStringLiteral("x")), kBytes)));
    QVERIFY(!runTask(faulty.get(kName, Range())));
    QCOMPARE(*runTask(faulty.get(BlobName(QStringLiteral("x")), Range())), kBytes);
    const QStringList expected { QStringLiteral("get f/*: 1 of 3"), QStringLiteral("list *: 0 of always"),
        QStringLiteral("get x: 0 of 1") };
    QCOMPARE(faulty.unhit(), expected);
}

QTEST_GUILESS_MAIN(TestFakes)
#include "test_fakes.moc"
