// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes that change on their way between a real server and the account: right length, status 200. A put is read back or
// compared by the server; of a get nobody below the engine can know, and the engine does.
#include "core/distributor/check.h"
#include "core/distributor/collect.h"
#include "core/providers/retrying.h"
#include "tests/contract/checks.h"
#include "tests/servers/faulty_cloud.h"
#include "tests/support/computers.h"
#include "tests/support/must.h"

using namespace mf;

namespace {

constexpr qsizetype kSize = 4'000'000;
constexpr int kBehind = 0; // the account that is behind the proxy
const QString kModel = QStringLiteral("m");

const std::vector<FaultyCloud::Kind> &kinds()
{
    static const std::vector<FaultyCloud::Kind> all = [] {
        auto more = FaultyCloud::kinds();
        more.push_back({ "versitygw, ETags that are no MD5", "versitygw", nullptr,
            [] { return startVersity({}, { QStringLiteral("--data-integrity-etag") }); } });
        return more;
    }();
    return all;
}

// A library with one model, on three accounts of which the cloud is one.
class Library
{
public:
    explicit Library(FaultyCloud &cloud)
        : m_cloud(cloud)
        , m_computers(3, {},
              [&cloud](std::unique_ptr<Provider> inner, int, int account) {
                  return account == kBehind ? like(cloud, *inner) : std::move(inner);
              })
        , m_bytes(contract::randomBytes(2 * kSize, 4))
    {
        must(m_computers.store(m_computers.write(kModel, m_bytes), Protection(2, 1), kModel));
        m_names = namesBehind();
    }
    QString name() const { return m_computers.record(kBehind).name; }

    // The cloud looks like the quickest, so it is asked, and does that. The bytes are right, or the test ends.
    FetchResult fetch(const Faults &faults)
    {
        Engine &engine = m_computers.engine();
        for (int i = 0; i < m_computers.accounts(); ++i) {
            const SpeedEstimate::Duration took(i == kBehind ? 1e-6 : 0.5);
            engine.accounts.find(m_computers.record(i).id)->speed().note(1 << 20, took);
        }
        m_cloud.set(faults);
        FetchRequest request;
        request.model = kModel;
        request.to = QFile::encodeName(m_computers.path(QStringLiteral("back")));
        Fetch fetch(engine, request, nullptr);
        auto fetched = must(runTask(fetch.run()));
        QFile back(m_computers.path(QStringLiteral("back/") + kModel));
        if (!back.open(QIODevice::ReadOnly) || back.readAll() != m_bytes)
            qFatal("other bytes came back");
        return fetched;
    }
    // The way is good again: nothing went, all of it is right, and the cloud stands in for another account.
    bool isWhole()
    {
        m_cloud.set({});
        const bool isNothingGone = must(runTask(collect(m_computers.engine()))).fragments == 0;
        deepCheck(); // what was called damaged and is right counts again
        const QStringList findings = deepCheck();
        if (!findings.isEmpty())
            qWarning() << findings;
        m_computers.setGone(kBehind + 1, true);
        return isNothingGone && !m_names.isEmpty() && namesBehind() == m_names && findings.isEmpty()
            && m_computers.comesBack(kModel, m_bytes);
    }

private:
    QStringList deepCheck()
    {
        CheckRequest request;
        request.deep = true;
        Check check(m_computers.engine(), request, nullptr);
        return must(runTask(check.run())).findings;
    }
    // An account with what the given one holds so far.
    static std::unique_ptr<Provider> like(FaultyCloud &cloud, Provider &inner)
    {
        auto account = cloud.account();
        for (const BlobInfo &blob : must(runTask(listAll(inner, QString()))))
            must(runTask(account->put(blob.name, must(runTask(inner.get(blob.name, Range()))))));
        must(runTask(account->remove(contract::named("f/00/first"))));
        return account;
    }
    QStringList namesBehind()
    {
        Account *account = m_computers.engine().accounts.find(m_computers.record(kBehind).id);
        return contract::namesOf(account->provider(), QStringLiteral("f/"));
    }

    FaultyCloud &m_cloud;
    Computers m_computers;
    QByteArray m_bytes; // of the model
    QStringList m_names; // of the fragments in the cloud
};

} // namespace

class TestCloudDamage : public QObject
{
    Q_OBJECT

    SystemClock m_clock;

    static bool isInstalled(int kind)
    {
        return ServerProcess::isInstalled(QString::fromLatin1(kinds()[std::size_t(kind)].program));
    }
    static void rows()
    {
        QTest::addColumn<int>("kind");
        for (int kind = 0; kind < int(kinds().size()); ++kind)
            QTest::newRow(kinds()[std::size_t(kind)].name) << kind;
    }
    static Faults flip(bool ofRequest)
    {
        Faults faults;
        (ofRequest ? faults.flipRequestAt : faults.flipAnswerAt) = kSize / 2;
        faults.times = 1;
        return faults;
    }

private slots:
    void aPutThatArrivesChanged_data() { rows(); }
    void aPutThatArrivesChanged()
    {
        QFETCH(const int, kind);
        if (!isInstalled(kind))
            QSKIP("the server is not installed");
        FaultyCloud cloud(kinds()[std::size_t(kind)]);
        const BlobName name = contract::named("f/00/x");
        const QByteArray bytes = contract::randomBytes(kSize, 1);
        const auto provider = cloud.account();
        cloud.set(flip(true));
        const auto put = runTask(provider->put(name, bytes));
        QVERIFY(!put);
        QVERIFY(cloud.onlyMet("PUT "));
        const bool isNoticedOnTheWay = cloud.kind().isTls || !cloud.isDav();
        QCOMPARE(int(put.error().kind), int(isNoticedOnTheWay ? Error::Kind::Network : Error::Kind::Corrupt));
        if (!isNoticedOnTheWay)
            QCOMPARE(put.error().id, QStringLiteral("MF-BLOB-READBACK"));
        const auto again = runTask(provider->put(name, bytes));
        QVERIFY2(again, again ? "" : qPrintable(again.error().message));
        QVERIFY(must(runTask(provider->get(name, Range()))) == bytes);

        // What was noticed on the way is sent again by itself.
        if (!isNoticedOnTheWay)
            return;
        Retrying retrying(cloud.account(), m_clock);
        cloud.set(flip(true));
        const auto tried = runTask(retrying.put(contract::named("f/00/y"), bytes));
        QVERIFY2(tried, tried ? "" : qPrintable(tried.error().message));
        QVERIFY(cloud.onlyMet("PUT "));
        QVERIFY(must(runTask(retrying.get(contract::named("f/00/y"), Range()))) == bytes);
    }

    void aPutThatIsReadBackChanged_data() { rows(); }
    void aPutThatIsReadBackChanged()
    {
        QFETCH(const int, kind);
        if (!isInstalled(kind))
            QSKIP("the server is not installed");
        FaultyCloud cloud(kinds()[std::size_t(kind)]);
        if (!cloud.kind().readsBack)
            QSKIP("the server tells the MD5 of what it keeps, so nothing is read back");
        const BlobName name = contract::named("f/00/x");
        const QByteArray bytes = contract::randomBytes(kSize, 2);
        const auto provider = cloud.account();
        cloud.set(flip(false));
        const auto put = runTask(provider->put(name, bytes));
        QVERIFY(!put);
        QVERIFY(cloud.onlyMet("GET "));
        if (!cloud.kind().isTls)
            QCOMPARE(put.error().id, QStringLiteral("MF-BLOB-READBACK"));
        else
            QCOMPARE(int(put.error().kind), int(Error::Kind::Network));
        const auto again = runTask(provider->put(name, bytes));
        QVERIFY2(again, again ? "" : qPrintable(again.error().message));
    }

    void aGetThatArrivesChanged_data() { rows(); }
    void aGetThatArrivesChanged()
    {
        QFETCH(const int, kind);
        if (!isInstalled(kind))
            QSKIP("the server is not installed");
        FaultyCloud cloud(kinds()[std::size_t(kind)]);
        const BlobName name = contract::named("f/00/x");
        const QByteArray bytes = contract::randomBytes(kSize, 3);
        const auto provider = cloud.account();
        must(runTask(provider->put(name, bytes)));
        cloud.set(flip(false));
        const auto got = runTask(provider->get(name, Range()));
        QVERIFY(cloud.onlyMet("GET "));
        if (cloud.kind().isTls) {
            QVERIFY(!got);
            QCOMPARE(int(got.error().kind), int(Error::Kind::Network));
        } else { // an account cannot know
            QVERIFY2(got, got ? "" : qPrintable(got.error().message));
            QCOMPARE(got->size(), bytes.size());
            QVERIFY(*got != bytes);
        }
        QVERIFY(must(runTask(provider->get(name, Range()))) == bytes);
    }

    // What was wrong once is read again, and was no damage.
    void aFragmentThatArrivesChangedOnce_data() { rows(); }
    void aFragmentThatArrivesChangedOnce()
    {
        QFETCH(const int, kind);
        if (!isInstalled(kind))
            QSKIP("the server is not installed");
        FaultyCloud cloud(kinds()[std::size_t(kind)]);
        Library library(cloud);
        const auto fetched = library.fetch(flip(false));
        QVERIFY(cloud.onlyMet("GET "));
        QVERIFY(fetched.stats.damages.empty());
        QCOMPARE(fetched.healed.rebuilt, 0);
        QCOMPARE(fetched.stats.unreachable.size(), cloud.kind().isTls ? 1 : 0); // it did not arrive at all
        QVERIFY(library.isWhole());
    }

    // The others make up for it. It is named, and what lies there is not worth less.
    void aFragmentThatAlwaysArrivesChanged_data() { rows(); }
    void aFragmentThatAlwaysArrivesChanged()
    {
        QFETCH(const int, kind);
        if (!isInstalled(kind))
            QSKIP("the server is not installed");
        FaultyCloud cloud(kinds()[std::size_t(kind)]);
        if (cloud.kind().isTls)
            QSKIP("nothing that was changed arrives by TLS");
        Library library(cloud);
        Faults faults;
        faults.flipAnswerAt = 50'000; // further than all else that is read
        faults.ofEachAnswer = true;
        const auto fetched = library.fetch(faults);
        QVERIFY(cloud.onlyMet("GET "));
        QCOMPARE(fetched.stats.damages.size(), std::size_t(1));
        QCOMPARE(fetched.stats.damages.front().account, library.name());
        QVERIFY(!fetched.stats.damages.front().isMissing);
        QVERIFY(library.isWhole());
    }
};

QTEST_GUILESS_MAIN(TestCloudDamage)
#include "test_cloud_damage.moc"
