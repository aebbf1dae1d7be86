// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/contract/contract.h"

#include "core/base/all_of.h"
#include "tests/contract/checks.h"

#include <limits>

namespace mf {

using namespace contract;

namespace {

using Settle = std::function<void()>;

void putAndGet(Provider &provider, const Settle &settle)
{
    for (const qsizetype size : { 0, 1, 4095, 4096, 65'537, 1'000'000 }) {
        const BlobName name = named(QStringLiteral("f/3a/%1").arg(size));
        const QByteArray bytes = randomBytes(size, quint32(size));
        MF_PUT(name, bytes);
        MF_HOLDS(name, bytes); // at once: only listings may lag
    }
    settle();
    const auto blobs = runTask(listAll(provider, QStringLiteral("f/3a/")));
    QVERIFY(blobs);
    QCOMPARE(blobs->size(), std::size_t(6));
    for (const BlobInfo &blob : *blobs)
        QCOMPARE(blob.size, blob.name.value.section(u'/', -1).toLongLong());
}

void largestBlob(Provider &provider, const Settle &settle)
{
    const BlobName name = named("f/ff/largest");
    const QByteArray bytes = randomBytes(provider.traits().largestBlob, 7);
    QCOMPARE(provider.traits().largestBlob, qint64(64) << 20);
    MF_PUT(name, bytes);
    MF_HOLDS(name, bytes);
    settle();
    const auto blobs = runTask(listAll(provider, name.value));
    QVERIFY(blobs);
    QCOMPARE(blobs->size(), std::size_t(1));
    QCOMPARE(blobs->front().size, qint64(bytes.size()));
}

void ranges(Provider &provider, const Settle &)
{
    const BlobName name = named("f/00/ranges");
    const QByteArray bytes = randomBytes(100'000, 1);
    MF_PUT(name, bytes);
    const qint64 size = bytes.size();
    const Range wanted[] = { Range(0, 1), Range(0, size), Range(1, 4096), Range(size - 1, 1), Range(65'535, 2),
        Range(size, 0), Range(0, 0), Range(500, -1), Range(size, -1), Range(0, -1) };
    for (const Range &range : wanted) {
        const auto got = runTask(provider.get(name, range));
        QVERIFY2(got, got ? "" : qPrintable(got.error().message));
        QVERIFY(*got == bytes.mid(range.offset, range.length));
    }
    const BlobName empty = named("f/00/empty");
    MF_PUT(empty, QByteArray());
    for (const Range &range : { Range(0, 0), Range(0, -1), Range() }) {
        const auto got = runTask(provider.get(empty, range));
        QVERIFY(got);
        QVERIFY(got->isEmpty());
    }
}

void rangePastTheEnd(Provider &provider, const Settle &)
{
    constexpr qint64 kMost = std::numeric_limits<qint64>::max();
    const BlobName name = named("f/00/short");
    MF_PUT(name, QByteArray(100, 'x'));
    const Range wrong[] = { Range(0, 101), Range(100, 1), Range(101, 0), Range(101, -1), Range(99, 2), Range(-1, 1),
        Range(-1, -1), Range(50, kMost), Range(kMost, 1), Range(kMost, kMost), Range(0, kMost) };
    for (const Range &range : wrong)
        MF_FAILS(provider.get(name, range), Invalid, "MF-BLOB-RANGE");
}

void missingBlob(Provider &provider, const Settle &)
{
    for (const char *name : { "missing", "f/missing", "f/00/missing", "a/b/c/d/e/f" }) {
        MF_FAILS(provider.get(named(name), Range()), NotFound, "MF-BLOB-MISSING");
        MF_FAILS(provider.get(named(name), Range(5, 5)), NotFound, "MF-BLOB-MISSING");
    }
    MF_PUT(named("f/00/there"), QByteArray("x"));
    MF_FAILS(provider.get(named("f/00/missing"), Range()), NotFound, "MF-BLOB-MISSING");
    MF_FAILS(provider.get(named("f/00"), Range()), NotFound, "MF-BLOB-MISSING");
    MF_FAILS(provider.get(named("f/00/there/below"), Range()), NotFound, "MF-BLOB-MISSING");
}

void removeTwice(Provider &provider, const Settle &settle)
{
    const BlobName name = named("f/3a/removed");
    const BlobName other = named("f/3a/removed-not");
    MF_PUT(name, QByteArray("x"));
    MF_PUT(other, QByteArray("y"));
    QVERIFY(runTask(provider.remove(name)));
    QVERIFY(runTask(provider.remove(name)));
    QVERIFY(runTask(provider.remove(named("f/3b/never"))));
    QVERIFY(runTask(provider.remove(named("f"))));
    QVERIFY(runTask(provider.remove(named("f/3a"))));
    MF_FAILS(provider.get(name, Range()), NotFound, "MF-BLOB-MISSING");
    MF_HOLDS(other, QByteArray("y"));
    settle();
    QCOMPARE(namesOf(provider, QString()), QStringList(other.value));
    MF_PUT(name, QByteArray("again"));
    MF_HOLDS(name, QByteArray("again"));
}

void putAgain(Provider &provider, const Settle &settle)
{
    const BlobName name = named("f/3a/again");
    const QByteArray bytes = randomBytes(10'000, 1);
    for (int i = 0; i < 3; ++i)
        MF_PUT(name, bytes);
    MF_HOLDS(name, bytes);
    // Another size: an earlier put was cut short. The whole replaces it.
    const QByteArray longer = randomBytes(20'000, 2);
    MF_PUT(name, longer);
    MF_HOLDS(name, longer);
    MF_PUT(name, bytes);
    MF_HOLDS(name, bytes);
    settle();
    QCOMPARE(namesOf(provider, QString()), QStringList(name.value));
}

void otherBytesOfTheSameSize(Provider &provider, const Settle &)
{
    const BlobName name = named("f/3a/other");
    const QByteArray before(10'000, 'a');
    const QByteArray after(10'000, 'b');
    MF_PUT(name, before);
    const auto put = runTask(provider.put(name, after)); // kept or replaced: never a mixture
    const auto held = runTask(provider.get(name, Range()));
    QVERIFY(held);
    QVERIFY(*held == before || *held == after);
    QVERIFY(put || put.error().kind == Error::Kind::Corrupt); // said if it was kept and read back
}

void concurrentPutsOfOneName(Provider &provider, const Settle &settle)
{
    const BlobName name = named("f/3a/twin");
    const QByteArray bytes = randomBytes(300'000, 3);
    std::vector<Task<Result<BlobInfo>>> puts;
    puts.reserve(16);
    for (int i = 0; i < 16; ++i)
        puts.push_back(provider.put(name, bytes));
    const auto results = runTask(allOf(std::move(puts), 16));
    for (const auto &result : results)
        QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    MF_HOLDS(name, bytes);
    settle();
    QCOMPARE(namesOf(provider, QString()), QStringList(name.value));
}

void concurrentPutsOfManyNames(Provider &provider, const Settle &settle)
{
    constexpr qsizetype kBlobs = 60;
    std::vector<Task<Result<BlobInfo>>> puts;
    QStringList expected;
    for (qsizetype i = 0; i < kBlobs; ++i) {
        const BlobName name = named(QStringLiteral("f/%1/blob-%2").arg(i % 7).arg(i, 2, 10, QLatin1Char('0')));
        expected.append(name.value);
        puts.push_back(provider.put(name, randomBytes(i * 100, quint32(i))));
    }
    const auto results = runTask(allOf(std::move(puts), kBlobs));
    for (const auto &result : results)
        QVERIFY2(result, result ? "" : qPrintable(result.error().message));
    expected.sort();
    settle();
    QCOMPARE(namesOf(provider, QString()), expected);
    std::vector<Task<Result<QByteArray>>> gets;
    for (const QString &name : expected)
        gets.push_back(provider.get(named(name), Range()));
    const auto blobs = runTask(allOf(std::move(gets), kBlobs));
    for (qsizetype i = 0; i < expected.size(); ++i) {
        const qsizetype number = expected[i].right(2).toInt();
        QVERIFY(blobs[std::size_t(i)]);
        QVERIFY(*blobs[std::size_t(i)] == randomBytes(number * 100, quint32(number)));
    }
}

void prefixes(Provider &provider, const Settle &settle)
{
    const char *const names[] = { "lib/a", "lib/ab", "log/1", "log-2", "log.3", "f/3a/x", "f/3a-x", "f/3b/x", "f3a" };
    QStringList all;
    for (const char *name : names) {
        MF_PUT(named(name), QByteArray(name));
        all.append(QString::fromLatin1(name));
    }
    all.sort();
    settle();
    for (const char *text : { "", "l", "lib/", "lib/a", "lib/ab", "log", "log/", "f/3", "f/3a", "f/3a/", "f/3a/x", "f",
             "none", "f/none/", "lib/abc", "lib/a/" }) {
        const QString prefix = QString::fromLatin1(text);
        QCOMPARE(namesOf(provider, prefix), all.filter(QRegularExpression(u'^' + QRegularExpression::escape(prefix))));
    }
}

void pages(Provider &provider, const Settle &settle)
{
    constexpr int kBlobs = 1'100; // more than a page of any adapter here
    std::vector<Task<Result<BlobInfo>>> puts;
    QStringList stay;
    for (int i = 0; i < kBlobs; ++i) {
        const BlobName name = named(QStringLiteral("f/%1/%2").arg(i % 3).arg(i));
        puts.push_back(provider.put(name, QByteArray()));
        if (i % 10 != 0)
            stay.append(name.value);
    }
    const auto results = runTask(allOf(std::move(puts), 8));
    for (const auto &result : results)
        QVERIFY(result);
    settle();

    // Others come and go between the pages; what is there all the time is listed once.
    QStringList listed;
    QString cursor;
    int page = 0;
    do {
        const auto got = runTask(provider.list(QStringLiteral("f/"), cursor));
        QVERIFY(got);
        for (const BlobInfo &blob : got->blobs)
            listed.append(blob.name.value);
        cursor = got->next;
        for (int i = page * 10; i < kBlobs; i += 50)
            QVERIFY(runTask(provider.remove(named(QStringLiteral("f/%1/%2").arg(i % 3).arg(i)))));
        MF_PUT(named(QStringLiteral("f/0/new-%1").arg(page)), QByteArray());
        ++page;
        QVERIFY(page < 1'000);
    } while (!cursor.isEmpty());
    QCOMPARE(QSet<QString>(listed.begin(), listed.end()).size(), listed.size());
    for (const QString &name : stay)
        QVERIFY2(listed.contains(name), qPrintable(name));
}

void invalidNames(Provider &provider, const Settle &settle)
{
    const char16_t *const texts[] = { u"", u"/", u"/etc/passwd", u"../outside", u"f/../../outside", u"f/./x", u"f//x",
        u"f/", u".hidden", u"f/.hidden", u"Upper", u"with space", u"naïve", u"a\\b", u"new\nline" };
    QStringList wrong { QString(QStringLiteral("nul") + QChar::Null), QString(121, u'a') };
    for (const char16_t *text : texts)
        wrong.append(QString::fromUtf16(text));
    for (const QString &text : wrong) {
        MF_FAILS(provider.put(named(text), QByteArray("x")), Invalid, "MF-BLOB-NAME");
        MF_FAILS(provider.get(named(text), Range()), Invalid, "MF-BLOB-NAME");
        MF_FAILS(provider.remove(named(text)), Invalid, "MF-BLOB-NAME");
    }
    settle();
    QCOMPARE(namesOf(provider, QString()), QStringList());
    for (const char *prefix : { "../", "/", "f/../../", "/etc/", "./" }) {
        const auto listed = runTask(provider.list(QString::fromLatin1(prefix), QString()));
        QVERIFY(!listed || listed->blobs.empty());
    }
}

void longestNames(Provider &provider, const Settle &settle)
{
    const QString deep = QStringLiteral("a/").repeated(59) + QStringLiteral("bc");
    const QStringList names { deep, QString(120, u'z') };
    for (const QString &name : names) {
        QCOMPARE(name.size(), 120);
        MF_PUT(named(name), name.toLatin1());
        MF_HOLDS(named(name), name.toLatin1());
    }
    settle();
    QCOMPARE(namesOf(provider, QString()), names);
    QCOMPARE(namesOf(provider, QStringLiteral("a/a/a")), QStringList(deep));
}

Task<void> putInto(Provider &provider, BlobName name, QByteArray bytes)
{
    auto putting = provider.put(name, bytes);
    const auto put = co_await putting;
    Q_UNUSED(put)
}

Task<void> getFrom(Provider &provider, BlobName name)
{
    auto getting = provider.get(name, Range());
    const auto got = co_await getting;
    Q_UNUSED(got)
}

void cancelledPuts(Provider &provider, const Settle &settle)
{
    const QByteArray bytes = randomBytes(5'000'000, 9);
    for (int turns = 0; turns < 12; ++turns) {
        TaskScope scope;
        for (int i = 0; i < 3; ++i)
            scope.start(putInto(provider, named(QStringLiteral("f/%1/%2").arg(turns).arg(i)), bytes));
        for (int i = 0; i < turns; ++i)
            QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
    }
    MF_PUT(named("after"), QByteArray("x")); // connections and turns were given back
    MF_HOLDS(named("after"), QByteArray("x"));
    settle();
    const auto blobs = runTask(listAll(provider, QStringLiteral("f/")));
    QVERIFY(blobs);
    for (const BlobInfo &blob : *blobs) { // those that were through already
        QCOMPARE(blob.size, qint64(bytes.size()));
        MF_HOLDS(blob.name, bytes);
    }
}

void cancelledGets(Provider &provider, const Settle &)
{
    const BlobName name = named("f/3a/blob");
    const QByteArray bytes = randomBytes(5'000'000, 9);
    MF_PUT(name, bytes);
    for (int turns = 0; turns < 12; ++turns) {
        TaskScope scope;
        for (int i = 0; i < 6; ++i)
            scope.start(getFrom(provider, name));
        for (int i = 0; i < turns; ++i)
            QCoreApplication::processEvents(QEventLoop::AllEvents, 1);
    }
    MF_HOLDS(name, bytes);
}

void quotaMakesSense(Provider &provider, const Settle &)
{
    const auto quota = runTask(provider.quota());
    if (!quota) {
        QCOMPARE(quota.error().kind, Error::Kind::Unsupported);
        return;
    }
    QVERIFY(quota->total || quota->used);
    if (quota->total && quota->used)
        QVERIFY(*quota->free() >= 0 && *quota->free() <= *quota->total);
    QVERIFY(provider.traits().connections >= 1);
}

} // namespace

const std::vector<ContractCase> &contractCases()
{
    static const std::vector<ContractCase> cases {
        { "what is put is got", putAndGet },
        { "the largest blob", largestBlob },
        { "ranges", ranges },
        { "ranges past the end are invalid", rangePastTheEnd },
        { "a missing blob is not found", missingBlob },
        { "removed twice is removed", removeTwice },
        { "put again", putAgain },
        { "other bytes of the same size", otherBytesOfTheSameSize },
        { "concurrent puts of one name", concurrentPutsOfOneName },
        { "concurrent puts of many names", concurrentPutsOfManyNames },
        { "prefixes", prefixes },
        { "pages", pages },
        { "invalid names", invalidNames },
        { "longest names", longestNames },
        { "cancelled puts leave the whole or nothing", cancelledPuts },
        { "cancelled gets", cancelledGets },
        { "quota", quotaMakesSense },
    };
    return cases;
}

} // namespace mf
