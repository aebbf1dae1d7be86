// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever the engine does, at any place the registry's disk or all accounts may fail, once or from then on. Then it
// says so or gets over it; what was stored comes back; and once the trouble is over, the same thing can be done again.
//
// MF_POINTS: at so many places of each row (15), spread over all there are; 0: at every one.
#include "core/distributor/check.h"
#include "core/distributor/collect.h"
#include "core/distributor/daily_copy.h"
#include "core/distributor/evacuate.h"
#include "core/distributor/library_keys.h"
#include "core/distributor/move_out.h"
#include "core/distributor/protect.h"
#include "core/distributor/ready_accounts.h"
#include "core/distributor/rekey.h"
#include "core/distributor/repair.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/packing/sample_bytes.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/must.h"
#include "tests/support/shared_provider.h"
#include "tests/support/sqlite_trouble.h"

using namespace mf;

namespace {

const QString kM = QStringLiteral("m"); // there from the beginning, to the end
const QString kN = QStringLiteral("n"); // what a row does something with
constexpr int kAccounts = 4;

// A safetensors file with a tensor of every kind that has a codec of its own: what is encoded again after a failure
// must come out as it did.
QByteArray tensorsOfEveryKind()
{
    constexpr qsizetype size = 60'000;
    const std::pair<const char *, ElementKind> kinds[] = { { "BF16", ElementKind::BF16 }, { "F16", ElementKind::FP16 },
        { "F32", ElementKind::FP32 }, { "F8_E4M3", ElementKind::FP8 } };
    const std::map<ElementKind, int> widths { { ElementKind::BF16, 2 }, { ElementKind::FP16, 2 },
        { ElementKind::FP32, 4 }, { ElementKind::FP8, 1 } };
    QByteArray header;
    QByteArray tensors;
    for (const auto &[dtype, element] : kinds) {
        header += QStringLiteral(R"(%1"%2":{"dtype":"%2","shape":[%3],"data_offsets":[%4,%5]})")
                      .arg(header.isEmpty() ? QStringLiteral("{") : QStringLiteral(","), QString::fromLatin1(dtype))
                      .arg(size / widths.at(element))
                      .arg(tensors.size())
                      .arg(tensors.size() + size)
                      .toLatin1();
        tensors += sample::weights(size, element, 3);
    }
    header += '}';
    QByteArray length(8, '\0');
    storeLe<std::uint64_t>(mutableViewOf(length).data(), static_cast<std::uint64_t>(header.size()));
    return length + header + tensors;
}

QByteArray contentOf(const QString &name)
{
    static const QByteArray ofM = randomBytes(300'000, 1);
    static const QByteArray ofN = tensorsOfEveryKind();
    return name == kM ? ofM : ofN;
}

// Calls of providers that fail, counted over all accounts and computers.
struct AccountTrouble {
    int calls = 0;
    int failing = 0; // 0: none
    bool lasts = false;

    std::optional<Error> next()
    {
        ++calls;
        if (failing == 0 || calls < failing || (calls > failing && !lasts))
            return std::nullopt;
        return Error(Error::Kind::Network, QStringLiteral("MF-TEST-TROUBLE"), QStringLiteral("the cable is cut"));
    }
};

class TroubledProvider final : public Provider
{
public:
    TroubledProvider(std::unique_ptr<Provider> inner, AccountTrouble &trouble)
        : m_inner(std::move(inner))
        , m_trouble(trouble)
    {
    }
    Traits traits() const override { return m_inner->traits(); }
    Task<Result<BlobInfo>> put(BlobName name, QByteArray data) override
    {
        if (auto error = m_trouble.next())
            co_return std::move(*error);
        co_return co_await m_inner->put(std::move(name), std::move(data));
    }
    Task<Result<QByteArray>> get(BlobName name, Range range) override
    {
        if (auto error = m_trouble.next())
            co_return std::move(*error);
        co_return co_await m_inner->get(std::move(name), range);
    }
    Task<Result<>> remove(BlobName name) override
    {
        if (auto error = m_trouble.next())
            co_return std::move(*error);
        co_return co_await m_inner->remove(std::move(name));
    }
    Task<Result<ListPage>> list(QString prefix, QString cursor) override
    {
        if (auto error = m_trouble.next())
            co_return std::move(*error);
        co_return co_await m_inner->list(std::move(prefix), std::move(cursor));
    }
    Task<Result<Quota>> quota() override
    {
        if (auto error = m_trouble.next())
            co_return std::move(*error);
        co_return co_await m_inner->quota();
    }

private:
    std::unique_ptr<Provider> m_inner;
    AccountTrouble &m_trouble;
};

// A library of four accounts with one model in it.
struct World {
    World()
        : computers(kAccounts, {}, [this](std::unique_ptr<Provider> inner, int, int) {
            return std::make_unique<TroubledProvider>(std::move(inner), trouble);
        })
    {
        store(kM);
    }
    void store(const QString &name, Protection protection = Protection(2, 1), int computer = 0)
    {
        must(computers.store(write(name, contentOf(name)), protection, name, computer));
    }
    QByteArray write(const QString &name, const QByteArray &bytes)
    {
        return computers.write(name + QStringLiteral(".safetensors"), bytes);
    }
    Engine &engine(int computer = 0) { return computers.engine(computer); }

    AccountTrouble trouble;
    Computers computers;
};

template <typename T> Result<> only(Result<T> result)
{
    if (!result)
        return result.error();
    return {};
}

// ---- what is done, each twice if the first time failed

Result<> storeNew(World &world)
{
    return only(world.computers.store(world.write(kN, contentOf(kN)), Protection(2, 1), kN));
}

void makeChange(World &world) { world.store(kN); }

Result<> storeChanged(World &world)
{
    const QByteArray path = world.write(kN, contentOf(kN) + randomBytes(200'000, 3));
    return only(world.computers.store(path, Protection(2, 1), kN));
}

Result<> fetch(World &world)
{
    FetchRequest request;
    request.model = kM;
    request.to = QFile::encodeName(world.computers.path(QStringLiteral("fetched")));
    Fetch fetching(world.engine(), std::move(request), nullptr);
    return only(runTask(fetching.run()));
}

void damageOne(World &world)
{
    for (int i = 0; i < kAccounts; ++i) {
        for (const QString &name : world.computers.memory(i).names().filter(QStringLiteral("f/"))) {
            world.computers.memory(i).replace(BlobName(name), QByteArray(1'000, 'x'));
            return;
        }
    }
}

Result<> checkDeep(World &world)
{
    CheckRequest request;
    request.deep = true;
    Check check(world.engine(), request, nullptr);
    return only(runTask(check.run()));
}

void damageAndKnow(World &world)
{
    damageOne(world);
    must(checkDeep(world));
}

Result<> repair(World &world)
{
    Repair repairing(world.engine(), {}, nullptr);
    return only(runTask(repairing.run()));
}

Result<> protectTo(World &world, Protection protection)
{
    ProtectRequest request;
    request.model = kM;
    request.protection = protection;
    return only(runTask(protectModel(world.engine(), request, nullptr)));
}
Result<> protectMore(World &world) { return protectTo(world, Protection(2, 2)); }
Result<> protectByCopies(World &world) { return protectTo(world, Protection(1, 1)); }

Result<> removeIt(World &world) { return only(runTask(removeModel(world.engine(), kN, 0, false))); }
Result<> removeForEver(World &world) { return only(runTask(removeModel(world.engine(), kN, 0, true))); }

void storeAndRemove(World &world)
{
    world.store(kN);
    must(removeIt(world));
}
Result<> restoreIt(World &world) { return only(runTask(restoreModel(world.engine(), kN))); }

void storeAndRemoveForEver(World &world)
{
    world.store(kN);
    must(removeForEver(world));
}
Result<> collectIt(World &world) { return only(runTask(collect(world.engine()))); }

Result<> emptyAccount(World &world)
{
    const auto accounts = runTask(world.engine().registry.accounts());
    if (accounts && accounts->front().retired) // the first time got that far
        return {};
    return only(runTask(removeAccount(world.engine(), world.computers.record(0).id, false, nullptr)));
}

void joinThenStore(World &world)
{
    world.computers.join(0);
    world.store(kN);
}
Result<> syncOther(World &world) { return only(runTask(syncLibrary(world.engine(1)))); }
Result<> recoverOther(World &world) { return only(runTask(recoverLibrary(world.engine(1)))); }

Result<> copyAll(World &world)
{
    world.computers.clock().advance(std::chrono::hours(30));
    return runTask(copyDaily(world.engine()));
}

Result<> newKeys(World &world)
{
    QStringList warnings;
    if (const auto ready = runTask(readyAccounts(world.engine(), warnings)); !ready)
        return ready.error();
    KeyRing ring = world.engine().ring;
    ring.add(randomKey());
    if (const auto shared = runTask(shareKeys(world.engine(), ring, world.engine().accounts.verified())); !shared)
        return shared.error();
    world.engine().ring = ring;
    return runTask(announceKeys(world.engine()));
}
Result<> storeHeld(World &world)
{
    world.computers.setAllGone(true);
    const auto stored = storeNew(world);
    world.computers.setAllGone(false);
    return stored;
}
void withHolding(World &world)
{
    world.computers.useHolding();
    world.computers.reopen(0);
}
void hold(World &world)
{
    withHolding(world);
    must(storeHeld(world));
}
Result<> moveOut(World &world)
{
    QStringList warnings; // the accounts are there again
    if (const auto ready = runTask(readyAccounts(world.engine(), warnings)); !ready)
        return ready.error();
    return only(runTask(moveOutHeld(world.engine())));
}

void withNewKeys(World &world) { must(newKeys(world)); }
Result<> rekey(World &world) { return only(runTask(rekeyLibrary(world.engine(), nullptr))); }

// ---- the rows

struct Row {
    const char *name;
    void (*prepare)(World &);
    Result<> (*act)(World &);
    // What the second time may say if the first one was done in spite of its failure.
    QStringList doneAlready;
    bool leavesDamage = false; // a repair comes last
    bool bringsNew = false; // in the end the new model comes back, too
};

const std::vector<Row> &rows()
{
    const QString unknown = QStringLiteral("MF-MODEL-UNKNOWN");
    static const std::vector<Row> all {
        { "store", nullptr, storeNew, {}, false, true },
        { "store a changed model", makeChange, storeChanged, {} },
        { "fetch", nullptr, fetch, { QStringLiteral("MF-FETCH-EXISTS") } },
        { "fetch what is damaged", damageOne, fetch, { QStringLiteral("MF-FETCH-EXISTS") }, true },
        { "deep check", damageOne, checkDeep, {}, true },
        { "repair", damageAndKnow, repair, {} },
        { "protect", nullptr, protectMore, {} },
        { "protect by copies", nullptr, protectByCopies, {} },
        { "remove", makeChange, removeIt, { unknown } },
        { "remove for ever", makeChange, removeForEver, { unknown } },
        { "restore", storeAndRemove, restoreIt, { unknown }, false, true },
        { "collect", storeAndRemoveForEver, collectIt, {} },
        { "remove an account", nullptr, emptyAccount, {} },
        { "store with no account in reach", withHolding, storeHeld, {}, false, true },
        { "move out what is held", hold, moveOut, {}, false, true },
        { "remove what is held", hold, removeIt, { unknown } },
        { "sync", joinThenStore, syncOther, {} },
        { "recover", joinThenStore, recoverOther, {} },
        { "daily copy", nullptr, copyAll, {} },
        { "new kit", nullptr, newKeys, {} },
        { "rekey", withNewKeys, rekey, {} },
    };
    return all;
}

enum class Where { Registry, Accounts };

// One run of a row with trouble at this point; false: the row does not get that far.
class Point
{
public:
    Point(const Row &row, Where where, bool lasts)
        : m_row(row)
        , m_where(where)
        , m_lasts(lasts)
    {
    }

    // How many points there are.
    int count()
    {
        World world;
        prepare(world);
        begin(world, 0);
        must(m_row.act(world));
        return end(world);
    }

    // Why it did not go as it should; empty: it did.
    QString play(int at)
    {
        World world;
        prepare(world);
        begin(world, at);
        const auto first = m_row.act(world);
        end(world);
        if (!first && (first.error().message.isEmpty() || !first.error().id.startsWith(QStringLiteral("MF-"))))
            return QStringLiteral("failed without a word");
        if (!world.computers.comesBack(kM, contentOf(kM)))
            return QStringLiteral("what was stored does not come back");
        for (int i = 0; i < world.computers.computers(); ++i)
            world.computers.reopen(i);
        const auto second = m_row.act(world);
        if (!second && !m_row.doneAlready.contains(second.error().id))
            return QStringLiteral("cannot be done afterwards: %1: %2").arg(second.error().id, second.error().message);
        if (m_row.leavesDamage) {
            must(checkDeep(world));
            must(repair(world));
        }
        if (m_row.bringsNew && !world.computers.comesBack(kN, contentOf(kN)))
            return QStringLiteral("afterwards the new model does not come back");
        for (int gone = 0; gone < kAccounts; ++gone) { // any one account may be lost, as promised
            world.computers.setGone(gone, true);
            if (!world.computers.comesBack(kM, contentOf(kM)))
                return QStringLiteral("afterwards it does not come back without account %1").arg(gone);
            world.computers.setGone(gone, false);
        }
        return {};
    }

private:
    void prepare(World &world)
    {
        if (m_row.prepare)
            m_row.prepare(world);
    }
    void begin(World &world, int at)
    {
        world.trouble = AccountTrouble();
        world.trouble.failing = m_where == Where::Accounts ? at : 0;
        world.trouble.lasts = m_lasts;
        SqliteTrouble::begin(m_where == Where::Registry ? at : 0, m_lasts);
    }
    int end(World &world)
    {
        const int steps = SqliteTrouble::end();
        const int calls = world.trouble.calls;
        world.trouble = AccountTrouble();
        return m_where == Where::Registry ? steps : calls;
    }

    const Row &m_row;
    Where m_where;
    bool m_lasts;
};

} // namespace

class TestTrouble : public QObject
{
    Q_OBJECT

private slots:
    void anywhere_data()
    {
        QTest::addColumn<int>("row");
        QTest::addColumn<bool>("registry");
        QTest::addColumn<bool>("lasts");
        for (std::size_t i = 0; i < rows().size(); ++i) {
            for (const bool registry : { true, false }) {
                for (const bool lasts : { false, true })
                    QTest::addRow("%s, %s, %s", rows()[i].name, registry ? "registry" : "accounts",
                        lasts ? "from then on" : "once")
                        << int(i) << registry << lasts;
            }
        }
    }
    void anywhere()
    {
        QFETCH(const int, row);
        QFETCH(const bool, registry);
        QFETCH(const bool, lasts);
        bool ok = false;
        const int asked = qEnvironmentVariable("MF_POINTS").toInt(&ok);
        Point point(rows()[static_cast<std::size_t>(row)], registry ? Where::Registry : Where::Accounts, lasts);
        const int count = point.count();
        QVERIFY(count > 0 || !registry);
        const int points = ok && asked == 0 ? count : std::min(count, ok ? asked : 15);
        for (int i = 0; i < points; ++i) {
            const int at = 1 + int(qint64(i) * count / points);
            const QString problem = point.play(at);
            QVERIFY2(problem.isEmpty(), qPrintable(QStringLiteral("at %1 of %2: %3").arg(at).arg(count).arg(problem)));
        }
    }
};

QTEST_GUILESS_MAIN(TestTrouble)
#include "test_trouble.moc"
