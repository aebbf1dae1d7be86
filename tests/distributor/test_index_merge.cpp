// SPDX-License-Identifier: GPL-3.0-or-later
// Small index objects are joined; what they said is found by whoever knows only the old ones.
#include "core/distributor/collect.h"
#include "core/distributor/index_merge.h"
#include "core/distributor/library_log.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/must.h"

using namespace mf;

namespace {

constexpr int kMost = 2;
constexpr int kModels = 4;

QString model(int number) { return QStringLiteral("model%1").arg(number); }
QByteArray bytesOf(int number) { return randomBytes(100'000, static_cast<quint32>(number)); }

void store(Computers &c, int number, int computer = 0)
{
    const auto path = c.write(model(number), bytesOf(number));
    must(c.store(path, Protection(1, 1), model(number), computer));
}

int merged(Engine &engine)
{
    QStringList warnings;
    must(runTask(readyAccounts(engine, warnings)));
    return must(runTask(mergeIndexes(engine, kMost)));
}

// Index objects on the account, by name.
QStringList indexesOn(Computers &c, int account)
{
    QStringList found;
    for (const QString &name : c.memory(account).names().filter(QStringLiteral("meta/"))) {
        const QByteArray bytes = c.memory(account).bytes(BlobName(name));
        if (indexName(c.ring(), objectHash(viewOf(bytes))).value == name && openIndex(c.ring(), viewOf(bytes)))
            found.append(name);
    }
    return found;
}

std::size_t inUse(Engine &engine) { return must(runTask(engine.registry.indexesInUse())).size(); }

struct Scene {
    Computers c { 3 };
    Scene()
    {
        for (int i = 0; i < kModels; ++i)
            store(c, i);
    }
};

} // namespace

class TestIndexMerge : public QObject
{
    Q_OBJECT

private slots:
    void theyBecomeOne()
    {
        Scene s;
        QCOMPARE(indexesOn(s.c, 0).size(), kModels);
        QCOMPARE(merged(s.c.engine()), kModels);
        QCOMPARE(inUse(s.c.engine()), 1U);
        QCOMPARE(merged(s.c.engine()), 0);
        QCOMPARE(must(runTask(collect(s.c.engine()))).waiting, QStringList());
        for (int i = 0; i < 3; ++i)
            QCOMPARE(indexesOn(s.c, i).size(), 1);
        QCOMPARE(indexesOn(s.c, 0), indexesOn(s.c, 2));
        store(s.c, kModels);
        QCOMPARE(inUse(s.c.engine()), 2U);
        QCOMPARE(must(runTask(collect(s.c.engine()))).waiting, QStringList());
        QCOMPARE(indexesOn(s.c, 0).size(), 2);
        for (int i = 0; i <= kModels; ++i)
            QVERIFY(s.c.comesBack(model(i), bytesOf(i)));
    }

    void aFewStayAsTheyAre()
    {
        Computers c(2);
        for (int i = 0; i < kMost; ++i)
            store(c, i);
        QCOMPARE(merged(c.engine()), 0);
    }

    // It knows the old ones; then they are gone.
    void anotherComputerFollows()
    {
        Scene s;
        const int other = s.c.join(0);
        QCOMPARE(merged(s.c.engine()), kModels);
        QCOMPARE(must(runTask(collect(s.c.engine()))).waiting, QStringList());
        QCOMPARE(indexesOn(s.c, 0).size(), 1);
        QCOMPARE(must(runTask(syncLibrary(s.c.engine(other)))).waiting, 0);
        QCOMPARE(inUse(s.c.engine(other)), 1U);
        QCOMPARE(indexesOn(s.c, 0).size(), 1); // it brought none back
        QCOMPARE(must(runTask(collect(s.c.engine(other)))).waiting, QStringList());
        QCOMPARE(indexesOn(s.c, 1).size(), 1);
        for (int i = 0; i < kModels; ++i)
            QVERIFY(s.c.comesBack(model(i), bytesOf(i), other));
    }

    // The revision events name the old ones.
    void aFreshComputerFindsThePacks()
    {
        EngineFixture one(3);
        for (int i = 0; i < kModels; ++i)
            must(one.store(one.write(model(i), bytesOf(i)), Protection(1, 1), model(i)));
        QCOMPARE(merged(one.engine()), kModels);
        QCOMPARE(must(runTask(collect(one.engine()))).waiting, QStringList());
        const auto other = one.anotherComputer();
        QCOMPARE(must(runTask(recoverLibrary(other->engine()))).readable, kModels);
        QCOMPARE(inUse(other->engine()), 1U);
        QVERIFY(other->fetch(model(1), QStringLiteral("back")));
        QCOMPARE(readFile(other->path(QStringLiteral("back/model1"))), bytesOf(1));
        QCOMPARE(must(runTask(collect(other->engine()))).waiting, QStringList());
        // Without any index object, from the packs' own ends.
        for (int i = 0; i < 3; ++i) {
            for (const QString &name : one.place(i).memory->names().filter(QStringLiteral("meta/"))) {
                const QByteArray bytes = one.place(i).memory->bytes(BlobName(name));
                if (indexName(one.engine().ring, objectHash(viewOf(bytes))).value == name)
                    one.place(i).memory->lose(BlobName(name));
            }
        }
        const auto third = one.anotherComputer();
        QCOMPARE(must(runTask(recoverLibrary(third->engine()))).readable, kModels);
    }

    // Both supersede the same; the next one joins both.
    void twoComputersAtOnce()
    {
        Scene s;
        const int other = s.c.join(0);
        QCOMPARE(merged(s.c.engine()), kModels);
        QCOMPARE(merged(s.c.engine(other)), kModels);
        for (const int computer : { 0, other, 0 })
            QCOMPARE(must(runTask(collect(s.c.engine(computer)))).waiting, QStringList());
        QVERIFY(indexesOn(s.c, 0).size() <= 2);
        for (const int computer : { 0, other }) {
            QCOMPARE(must(runTask(syncLibrary(s.c.engine(computer)))).waiting, 0);
            for (int i = 0; i < kModels; ++i)
                QVERIFY(s.c.comesBack(model(i), bytesOf(i), computer));
        }
    }

    void notOnDoubt_data()
    {
        QTest::addColumn<QString>("doubt");
        QTest::newRow("an account is away") << "away";
        QTest::newRow("an account does not take it") << "put";
        QTest::newRow("they cannot be read") << "read";
        QTest::newRow("a store is under way") << "session";
    }
    void notOnDoubt()
    {
        QFETCH(const QString, doubt);
        Scene s;
        const Error broken(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("the line is cut"));
        Engine &engine = s.c.engine();
        QStringList warnings;
        must(runTask(readyAccounts(engine, warnings)));
        if (doubt == QStringLiteral("away")) {
            s.c.setGone(1, true);
            s.c.reopen(0);
        }
        if (doubt == QStringLiteral("put"))
            s.c.faulty(2).on(FaultyProvider::Method::Put).named(QStringLiteral("meta/*")).error(broken);
        if (doubt == QStringLiteral("read")) {
            for (int i = 0; i < 3; ++i) {
                for (const QString &name : indexesOn(s.c, i))
                    s.c.memory(i).replace(BlobName(name), QByteArray(100, 'x'));
            }
        }
        if (doubt == QStringLiteral("session")) {
            std::vector<ObjectHash> hashes;
            for (const auto &index : must(runTask(engine.registry.indexesInUse())))
                hashes.push_back(index.hash);
            Cbor events = Cbor::array();
            events.push_back(events::sessionAdvanced(randomId<SessionId>(), hashes));
            LibraryLog log(engine);
            must(runTask(log.append(std::move(events))));
        }
        if (doubt == QStringLiteral("put")) {
            QVERIFY(!runTask(mergeIndexes(engine, kMost)));
        } else {
            QCOMPARE(merged(s.c.engine()), 0);
        }
        const bool isRead = doubt == QStringLiteral("read");
        QCOMPARE(inUse(s.c.engine()), std::size_t(doubt == QStringLiteral("session") ? 0 : kModels));
        for (int i = 0; i < kModels && !isRead; ++i)
            QVERIFY(s.c.comesBack(model(i), bytesOf(i)));
    }

    // What is not needed any more leaves with the next one.
    void packsThatAreGoneAreLeftOut()
    {
        Scene s;
        must(runTask(removeModel(s.c.engine(), model(0), 0, true)));
        must(runTask(collect(s.c.engine())));
        QVERIFY(merged(s.c.engine()) > 0);
        must(runTask(collect(s.c.engine())));
        const QStringList left = indexesOn(s.c, 0);
        QCOMPARE(left.size(), 1);
        const auto index = openIndex(s.c.ring(), viewOf(s.c.memory(0).bytes(BlobName(left.front()))));
        QCOMPARE(index->packs.size(), std::size_t(kModels - 1));
    }
};

QTEST_GUILESS_MAIN(TestIndexMerge)
#include "test_index_merge.moc"
