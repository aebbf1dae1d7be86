// SPDX-License-Identifier: GPL-3.0-or-later
// The interleavings that were enumerated on paper (two computers, listing lag), on the real code: a scheduler decides
// who goes on at each call to an account. And what would be lost without a rule of the protocol.
#include "core/distributor/collect.h"
#include "core/distributor/evacuate.h"
#include "core/distributor/trash.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"

#include <QRandomGenerator>
#include <QTimer>

using namespace mf;

namespace {

using std::chrono::hours;
const QString kM = QStringLiteral("m");
const QString kN = QStringLiteral("n");

// Holds every call until its turn has come.
class Scheduler : public QObject
{
public:
    Scheduler(quint32 seed, std::function<void(quint32)> meanwhile)
        : m_random(seed)
        , m_meanwhile(std::move(meanwhile))
    {
        m_timer.setInterval(0);
        connect(&m_timer, &QTimer::timeout, this, [this] { goOn(); });
        m_timer.start();
    }

    struct Waiting {
        Event turn;
    };
    std::shared_ptr<Waiting> wait()
    {
        auto waiting = std::make_shared<Waiting>();
        if (m_isOpen)
            waiting->turn.set();
        else
            m_waiting.push_back(waiting);
        return waiting;
    }
    void setOpen(bool open) { m_isOpen = open; }
    int turns() const { return m_turns; }

private:
    void goOn()
    {
        if (m_waiting.empty())
            return;
        // A few rounds for the others to come to their next call, too.
        if (++m_rounds < 3)
            return;
        m_rounds = 0;
        ++m_turns;
        m_meanwhile(m_random.bounded(100U));
        const auto i = static_cast<std::size_t>(m_random.bounded(static_cast<quint32>(m_waiting.size())));
        const auto next = m_waiting[i];
        m_waiting.erase(m_waiting.begin() + static_cast<std::ptrdiff_t>(i));
        next->turn.set();
    }

    QRandomGenerator m_random;
    std::function<void(quint32)> m_meanwhile;
    QTimer m_timer;
    std::vector<std::shared_ptr<Waiting>> m_waiting;
    bool m_isOpen = true;
    int m_rounds = 0;
    int m_turns = 0;
};

class Parked final : public Provider
{
public:
    Parked(std::unique_ptr<Provider> inner, Scheduler &scheduler)
        : m_inner(std::move(inner))
        , m_scheduler(scheduler)
    {
    }
    Traits traits() const override { return m_inner->traits(); }
    Task<Result<BlobInfo>> put(BlobName name, QByteArray data) override
    {
        const auto waiting = m_scheduler.wait();
        co_await waiting->turn;
        co_return co_await m_inner->put(name, data);
    }
    Task<Result<QByteArray>> get(BlobName name, Range range) override
    {
        const auto waiting = m_scheduler.wait();
        co_await waiting->turn;
        co_return co_await m_inner->get(name, range);
    }
    Task<Result<>> remove(BlobName name) override
    {
        const auto waiting = m_scheduler.wait();
        co_await waiting->turn;
        co_return co_await m_inner->remove(name);
    }
    Task<Result<ListPage>> list(QString prefix, QString cursor) override
    {
        const auto waiting = m_scheduler.wait();
        co_await waiting->turn;
        co_return co_await m_inner->list(prefix, cursor);
    }
    Task<Result<Quota>> quota() override { return m_inner->quota(); }

private:
    std::unique_ptr<Provider> m_inner;
    Scheduler &m_scheduler;
};

MemoryProvider::Options lagging(int lag)
{
    MemoryProvider::Options options;
    options.listingLag = hours(lag);
    return options;
}

Task<bool> storing(Engine &engine, StoreRequest request)
{
    Store store(engine, std::move(request), nullptr);
    const auto stored = co_await store.run();
    if (!stored)
        qWarning("store: %s", qPrintable(stored.error().message));
    co_return bool(stored);
}

Task<bool> collecting(Engine &engine, int times)
{
    for (int i = 0; i < times; ++i) {
        const auto collected = co_await collect(engine);
        if (!collected)
            co_return false;
    }
    co_return true;
}

} // namespace

class TestInterleavings : public QObject
{
    Q_OBJECT

private slots:
    // race.py: one or two collectors want a pack gone on which a store elsewhere comes to rely.
    void aStoreAndCollectors_data()
    {
        QTest::addColumn<int>("lag");
        QTest::addColumn<int>("collectors");
        QTest::newRow("listings show everything at once, one collector") << 0 << 1;
        QTest::newRow("listings show everything at once, two collectors") << 0 << 2;
        QTest::newRow("listings lag, one collector") << 12 << 1;
        QTest::newRow("listings lag, two collectors") << 12 << 2;
    }
    void aStoreAndCollectors()
    {
        QFETCH(const int, lag);
        QFETCH(const int, collectors);
        const int given = qEnvironmentVariableIntValue("MF_SEEDS");
        const int seeds = given > 0 ? given : 1; // the long run takes many
        int spared = 0;
        for (int seed = 1; seed <= seeds; ++seed) {
            Computers *computers = nullptr;
            Scheduler scheduler(static_cast<quint32>(seed), [&computers, lag](quint32 dice) {
                // Not while somebody waits for an answer: that takes seconds.
                if (computers && lag > 0 && dice < 20 && computers->clock().sleepers() == 0)
                    computers->clock().advance(std::chrono::minutes(20 * lag));
            });
            Computers c(2, lagging(lag),
                [&scheduler](auto inner, int, int) { return std::make_unique<Parked>(std::move(inner), scheduler); });
            const auto bytes = randomBytes(60'000, static_cast<quint32>(seed));
            const auto path = c.write(QStringLiteral("m.bin"), bytes);
            QVERIFY(c.store(path, Protection(1, 1), kM));
            c.clock().advance(hours(3 * lag));
            std::vector<int> who { c.join(0) };
            for (int i = 1; i < collectors; ++i)
                who.push_back(c.join(0));
            QVERIFY(runTask(removeModel(c.engine(), kM, 0, true)));
            c.clock().advance(hours(3 * lag));
            computers = &c;
            scheduler.setOpen(false);
            Running<bool> store(storing(c.engine(who[0]), c.request(path, Protection(1, 1), kN)));
            std::vector<std::unique_ptr<Running<bool>>> running;
            running.push_back(std::make_unique<Running<bool>>(collecting(c.engine(0), lag > 0 ? 4 : 2)));
            for (int i = 1; i < collectors; ++i)
                running.push_back(std::make_unique<Running<bool>>(
                    collecting(c.engine(who[static_cast<std::size_t>(i)]), lag > 0 ? 4 : 2)));
            const auto isOver = [&] {
                return store.isDone()
                    && std::all_of(running.begin(), running.end(), [](const auto &r) { return r->isDone(); });
            };
            QTRY_VERIFY_WITH_TIMEOUT(isOver(), 60'000);
            scheduler.setOpen(true);
            QVERIFY(scheduler.turns() > 20);
            for (int i = 0; i < 5; ++i) { // whatever is still to come
                c.clock().advance(hours(2 * lag + 1));
                QVERIFY(runTask(collect(c.engine())));
            }
            // A store that could not make sure said so; the same command goes on where it was.
            if (!store.value())
                QVERIFY2(c.store(path, Protection(1, 1), kN, who[0]), qPrintable(QStringLiteral("seed %1").arg(seed)));
            const auto revision = runTask(c.engine(who[0]).registry.revision(kN, 0));
            spared += revision && revision->uploadedBytes == 0 ? 1 : 0;
            QVERIFY2(c.comesBack(kN, bytes, who[0]), qPrintable(QStringLiteral("LOSS, seed %1").arg(seed)));
            computers = nullptr;
        }
        qInfo("%d of %d stores relied on what was about to be deleted", spared, seeds);
    }

    // Without the wait, what a store elsewhere relies on is lost: the test can fail.
    void withoutTheWaitItIsLost()
    {
        Computers c(2, lagging(12));
        const auto bytes = randomBytes(60'000, 1);
        const auto path = c.write(QStringLiteral("m.bin"), bytes);
        QVERIFY(c.store(path, Protection(1, 1), kM));
        c.clock().advance(hours(30));
        const int other = c.join(0);
        QVERIFY(runTask(removeModel(c.engine(), kM, 0, true)));
        const auto stored = c.store(path, Protection(1, 1), kN, other);
        QVERIFY(stored && stored->uploadedBytes == 0);
        Deletion::Seams seams;
        seams.noWait = true;
        QVERIFY(runTask(collect(c.engine(), seams))->fragments > 0);
        QVERIFY(!c.comesBack(kN, bytes, other));
    }

    // Nor may a listing be believed that lacks what is known.
    void aPartialListingThatIsBelievedLosesIt()
    {
        for (const bool believed : { true, false }) {
            Computers c(2);
            const auto bytes = randomBytes(60'000, 1);
            const auto path = c.write(QStringLiteral("m.bin"), bytes);
            QVERIFY(c.store(path, Protection(1, 1), kM));
            const int other = c.join(0);
            QVERIFY(runTask(removeModel(c.engine(), kM, 0, true)));
            const auto stored = c.store(path, Protection(1, 1), kN, other);
            QVERIFY(stored && stored->uploadedBytes == 0);
            for (int i = 0; i < 2; ++i)
                c.faulty(i).on(FaultyProvider::Method::List).named(QStringLiteral("log/")).always().loseSilently();
            Deletion::Seams seams;
            seams.believeStale = believed;
            const auto collected = runTask(collect(c.engine(), seams));
            QVERIFY(collected);
            QCOMPARE(collected->fragments > 0, believed);
            QCOMPARE(c.comesBack(kN, bytes, other), !believed);
        }
    }
};

QTEST_GUILESS_MAIN(TestInterleavings)
#include "test_interleavings.moc"
