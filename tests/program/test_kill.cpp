// SPDX-License-Identifier: GPL-3.0-or-later
// kill -9 at every crash point of store and fetch, and at random instants: it goes on, sends nothing twice
// that is there, and ends identical (design.md, invariant 3).
#include "core/base/crash_point.h"
#include "tests/program/program.h"
#include "tests/program/upkeep_kills.h"
#include "tests/support/make_model.h"

#include <QJsonArray>
#include <QRandomGenerator>
#include <QtTest>

using namespace mf;

class TestKill : public QObject
{
    Q_OBJECT

    QTemporaryDir m_models;
    QString m_model;
    QString m_small;

    static QStringList storeWords(const QString &model)
    {
        return { QStringLiteral("store"), model, QStringLiteral("--erasure"), QStringLiteral("2+1"),
            QStringLiteral("--name"), QStringLiteral("model") };
    }
    static QStringList fetchWords(const Program &program)
    {
        return { QStringLiteral("fetch"), QStringLiteral("model"), QStringLiteral("--to"),
            program.path(QStringLiteral("back")) };
    }
    QString fetched(const Program &program) const
    {
        return program.path(QStringLiteral("back/")) + QFileInfo(m_model).fileName();
    }

    // Stores to the end; what was there before must not be written again.
    void finishStore(const Program &program)
    {
        const auto before = program.fragments();
        const auto stored = program.run(storeWords(m_model));
        QVERIFY2(stored.exitCode == 0, stored.said().constData());
        const auto after = program.fragments();
        for (const auto &[path, identity] : before) {
            if (!path.contains(QStringLiteral("/.mf-")) && after.contains(path)) // temporary files are nobody's
                QVERIFY2(after.at(path) == identity, qPrintable(path + QStringLiteral(" was sent twice")));
        }
    }
    // One account has lost all its fragments but one, and that one is damaged; deep checking has found out.
    static void spoil(const Program &program)
    {
        bool isFirst = true;
        for (const auto &[path, identity] : program.fragments()) {
            if (!path.startsWith(program.accountPath(QStringLiteral("a"))))
                continue;
            QFile file(path);
            if (!std::exchange(isFirst, false)) {
                QVERIFY(file.remove());
                continue;
            }
            QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) && file.open(QIODevice::ReadWrite));
            QVERIFY(file.seek(5'000) && file.putChar('x'));
        }
        const auto checked = program.run({ QStringLiteral("check"), QStringLiteral("--deep") });
        QVERIFY2(checked.exitCode == 4, checked.said().constData());
    }
    void fetchAndCompare(const Program &program)
    {
        const auto got = program.run(fetchWords(program));
        QVERIFY2(got.exitCode == 0, got.said().constData());
        QVERIFY(Program::isSameFile(m_model, fetched(program)));
        const QDir back(program.path(QStringLiteral("back")));
        QCOMPARE(back.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size(), 1);
    }

    static bool isOfCollect(const QString &point)
    {
        return point.startsWith(QStringLiteral("collect")) || point.startsWith(QStringLiteral("doom"))
            || point.startsWith(QStringLiteral("deletion"));
    }

    // Killed while everything moves off an account: the same command goes on.
    void moveAndCompare(const Program &program, const QString &point)
    {
        finishStore(program);
        const auto added = program.run(
            { QStringLiteral("account"), QStringLiteral("add"), QStringLiteral("folder"), QStringLiteral("d"),
                QStringLiteral("--set"), QStringLiteral("path=") + program.accountPath(QStringLiteral("d")),
                QStringLiteral("--set"), QStringLiteral("domain=d") });
        QVERIFY2(added.exitCode == 0, added.said().constData());
        const QStringList remove { QStringLiteral("account"), QStringLiteral("remove"), QStringLiteral("a") };
        const auto killed = program.run(remove, point);
        QVERIFY2(killed.killed, "the crash point was not hit");
        const auto removed = program.run(remove);
        QVERIFY2(removed.exitCode == 0, removed.said().constData());
        QDir(program.accountPath(QStringLiteral("a"))).removeRecursively();
        fetchAndCompare(program);
    }

    // Killed while it frees: the next collect goes on, and what is kept stays whole.
    void collectAndCompare(const Program &program, const QString &point)
    {
        const QString file = program.path(QStringLiteral("m.bin"));
        const auto write = [&file](char byte) {
            QFile out(file);
            return out.open(QIODevice::WriteOnly) && out.write(QByteArray(3'000'000, byte) + byte) > 0;
        };
        const bool ofLeftovers = point.startsWith(QStringLiteral("collect"));
        QVERIFY(write('a'));
        if (ofLeftovers) {
            QVERIFY(program.run(storeWords(file), QStringLiteral("store-manifest-put")).killed);
            QVERIFY(write('b')); // what the killed store put is of no use now
        }
        QCOMPARE(program.run(storeWords(file)).exitCode, 0);
        if (!ofLeftovers) {
            const QStringList remove { QStringLiteral("remove"), QStringLiteral("model"), QStringLiteral("--forever") };
            QCOMPARE(program.run(remove).exitCode, 0);
        }
        const QStringList collect { QStringLiteral("collect") };
        const auto killed = program.run(collect, point);
        QVERIFY2(killed.killed, "the crash point was not hit");
        for (int i = 0; i < 2; ++i) { // a doom that was not acknowledged takes a second one
            const auto collected = program.run(collect);
            QVERIFY2(collected.exitCode == 0, collected.said().constData());
        }
        if (!ofLeftovers) {
            QVERIFY(program.fragments().empty());
            QCOMPARE(program.run(storeWords(file)).exitCode, 0);
        }
        const auto got = program.run(fetchWords(program));
        QVERIFY2(got.exitCode == 0, got.said().constData());
        QVERIFY(Program::isSameFile(file, program.path(QStringLiteral("back/m.bin"))));
    }

    // Killed while its packs are made anew: the same command goes on, and sends nothing twice that is whole.
    void repackAndCompare(const Program &program, const QString &point)
    {
        const QStringList store { QStringLiteral("store"), m_small, QStringLiteral("--copies"), QStringLiteral("2"),
            QStringLiteral("--name"), QStringLiteral("model") };
        const QStringList protect { QStringLiteral("protect"), QStringLiteral("model"), QStringLiteral("--erasure"),
            QStringLiteral("2+1") };
        const auto stored = program.run(store);
        QVERIFY2(stored.exitCode == 0, stored.said().constData());
        const auto killed = program.run(protect, point);
        QVERIFY2(killed.killed, "the crash point was not hit");
        const auto before = program.fragments();
        const auto done = program.run(protect);
        QVERIFY2(done.exitCode == 0, done.said().constData());
        QCOMPARE(done.json().value(u"uploadedBytes").toInt(), 0); // all were sealed when it was killed
        for (const auto &[path, identity] : program.fragments())
            QVERIFY2(before.contains(path) && before.at(path) == identity, qPrintable(path));
        const auto collected = program.run({ QStringLiteral("collect") });
        QVERIFY2(collected.exitCode == 0, collected.said().constData());
        QVERIFY(program.fragments().size() < before.size());
        const auto checked = program.run({ QStringLiteral("check"), QStringLiteral("--deep") });
        QVERIFY2(checked.exitCode == 0, checked.said().constData());
        const auto model = checked.json().value(u"models").toArray().at(0).toObject();
        QCOMPARE(model.value(u"spare").toInt(), 1);
        const auto got = program.run(fetchWords(program));
        QVERIFY2(got.exitCode == 0, got.said().constData());
        QVERIFY(Program::isSameFile(m_small, program.path(QStringLiteral("back/small.safetensors"))));
    }

    // Killed while it makes a new kit: the same command goes on with the same one, which opens everything.
    void renewKitAndCompare(const Program &program, const QString &point)
    {
        const QString file = program.path(QStringLiteral("m.bin"));
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly) && out.write(QByteArray(3'000'000, 'a') + 'b') > 0);
        out.close();
        QCOMPARE(program.run(storeWords(file)).exitCode, 0);
        const QString kit = program.path(QStringLiteral("new kit"));
        const QStringList renew { QStringLiteral("kit"), QStringLiteral("--new"), QStringLiteral("--out"), kit };
        QVERIFY2(program.run(renew, point).killed, "the crash point was not hit");
        const auto renewed = program.run(renew);
        QVERIFY2(renewed.exitCode == 0, renewed.said().constData());
        QCOMPARE(program.run({ QStringLiteral("rekey") }).exitCode, 0);
        QCOMPARE(program.run({ QStringLiteral("collect") }).exitCode, 0);
        QVERIFY(QDir(program.path(QStringLiteral("home"))).removeRecursively());
        QCOMPARE(program.run({ QStringLiteral("init"), QStringLiteral("--from-kit"), kit }).exitCode, 0);
        for (const QString &name : { QStringLiteral("b"), QStringLiteral("c") })
            QCOMPARE(program.addAccount(name).exitCode, 0);
        QCOMPARE(program.run({ QStringLiteral("recover") }).exitCode, 0);
        const auto got = program.run(fetchWords(program));
        QVERIFY2(got.exitCode == 0, got.said().constData());
        QVERIFY(Program::isSameFile(file, program.path(QStringLiteral("back/m.bin"))));
    }

    // Killed while it takes in what the log says: the next one goes on.
    void recoverAndCompare(const Program &program, const QString &point)
    {
        const QString file = program.path(QStringLiteral("m.bin"));
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly) && out.write(QByteArray(3'000'000, 'a') + 'b') > 0);
        out.close();
        QCOMPARE(program.run(storeWords(file)).exitCode, 0);
        QVERIFY(QDir(program.path(QStringLiteral("home"))).removeRecursively());
        const QString kit = program.path(QStringLiteral("kit"));
        QCOMPARE(program.run({ QStringLiteral("init"), QStringLiteral("--from-kit"), kit }).exitCode, 0);
        for (const QString &name : { QStringLiteral("b"), QStringLiteral("c") })
            QCOMPARE(program.addAccount(name).exitCode, 0);
        const QStringList recover { QStringLiteral("recover") };
        const auto killed = program.run(recover, point);
        QVERIFY2(killed.killed, "the crash point was not hit");
        const auto recovered = program.run(recover);
        QVERIFY2(recovered.exitCode == 0, recovered.said().constData());
        const auto got = program.run(fetchWords(program));
        QVERIFY2(got.exitCode == 0, got.said().constData());
        QVERIFY(Program::isSameFile(file, program.path(QStringLiteral("back/m.bin"))));
    }

    static bool writeFile(const QString &path)
    {
        QByteArray bytes(5'000'000, Qt::Uninitialized);
        QRandomGenerator random(7);
        random.fillRange(reinterpret_cast<quint32 *>(bytes.data()), bytes.size() / 4);
        QFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
    }
    static void compareBack(const Program &program, const QString &file)
    {
        QDir(program.path(QStringLiteral("back"))).removeRecursively();
        const auto got = program.run(fetchWords(program));
        QVERIFY2(got.exitCode == 0, got.said().constData());
        QVERIFY(Program::isSameFile(file, program.path(QStringLiteral("back/m.bin"))));
    }
    // What waits here moves out, and is as any other model then.
    static void moveOutAndCompare(const Program &program, const QString &file)
    {
        const auto before = program.fragments();
        const auto synced = program.run({ QStringLiteral("sync") });
        QVERIFY2(synced.exitCode == 0, synced.said().constData());
        const auto after = program.fragments();
        for (const auto &[path, identity] : before) {
            if (!path.contains(QStringLiteral("/.mf-")))
                QVERIFY2(
                    after.contains(path) && after.at(path) == identity, qPrintable(path + QStringLiteral(" twice")));
        }
        QCOMPARE(program.heldFiles(), 0);
        QDir(program.accountPath(QStringLiteral("b"))).removeRecursively();
        compareBack(program, file);
    }

    // No account is there. Killed while it writes into the holding folder, or takes away what is there.
    static void holdAndCompare(const Program &program, const QString &point)
    {
        const QString file = program.path(QStringLiteral("m.bin"));
        QVERIFY(writeFile(file) && program.setAway(true));
        const QStringList remove { QStringLiteral("remove"), QStringLiteral("model") };
        const bool ofRemove = point == QStringLiteral("hold-removed");
        QVERIFY(!ofRemove || program.run(storeWords(file)).exitCode == 4);
        const auto killed = program.run(ofRemove ? remove : storeWords(file), point);
        QVERIFY2(killed.killed, "the crash point was not hit");
        const auto stored = program.run(storeWords(file));
        QVERIFY2(stored.exitCode == 4, stored.said().constData());
        QCOMPARE(program.heldFiles(), 3); // two data fragments and a manifest
        compareBack(program, file);
        QVERIFY(program.setAway(false));
        moveOutAndCompare(program, file);
    }

    // Killed while it moves out of there.
    static void killMoveOut(const Program &program, const QString &point)
    {
        const QString file = program.path(QStringLiteral("m.bin"));
        QVERIFY(writeFile(file) && program.setAway(true));
        const auto stored = program.run(storeWords(file));
        QVERIFY2(stored.exitCode == 4, stored.said().constData());
        QVERIFY(program.setAway(false));
        const auto killed = program.run({ QStringLiteral("sync") }, point);
        QVERIFY2(killed.killed, "the crash point was not hit");
        compareBack(program, file);
        moveOutAndCompare(program, file);
    }

private slots:
    void initTestCase()
    {
        m_model = m_models.filePath(QStringLiteral("model.safetensors"));
        ModelRecipe recipe;
        recipe.format = ModelRecipe::Format::Safetensors;
        recipe.dtype = QStringLiteral("BF16");
        recipe.size = 100 << 20; // three packs
        QVERIFY(makeModel(recipe, m_model));
        m_small = m_models.filePath(QStringLiteral("small.safetensors"));
        recipe.size = 8 << 20; // one pack
        QVERIFY(makeModel(recipe, m_small));
    }

    void atEveryCrashPoint_data()
    {
        QTest::addColumn<QString>("point");
        for (const CrashPoint point : allCrashPoints()) {
            QTest::newRow(qPrintable(crashPointName(point))) << crashPointName(point);
            if (crashPointName(point) == QStringLiteral("store-fragment-put"))
                QTest::newRow("store-fragment-put, moving out") << QStringLiteral("move-out: store-fragment-put:2");
            if (crashPointName(point) == QStringLiteral("store-fragment-put")
                || crashPointName(point).startsWith(QStringLiteral("folder")))
                QTest::newRow(qPrintable(crashPointName(point) + QStringLiteral(", later")))
                    << QString(crashPointName(point) + QStringLiteral(":9"));
        }
    }
    void atEveryCrashPoint()
    {
        QFETCH(const QString, point);
        const Program program;
        const bool ofFetch = point.startsWith(QStringLiteral("fetch"));
        const bool ofTrash = point.startsWith(QStringLiteral("rem")) || point.startsWith(QStringLiteral("rest"));
        if (point.startsWith(QStringLiteral("hold"))) {
            holdAndCompare(program, point);
            return;
        }
        if (point.startsWith(QStringLiteral("move-out"))) {
            const qsizetype other = point.indexOf(QStringLiteral(": "));
            killMoveOut(program, other < 0 ? point : point.mid(other + 2));
            return;
        }
        if (point.startsWith(QStringLiteral("move"))) {
            moveAndCompare(program, point);
            return;
        }
        if (upkeep::isOf(point)) {
            upkeep::killAndCompare(program, point);
            return;
        }
        if (isOfCollect(point)) {
            collectAndCompare(program, point);
            return;
        }
        if (point.startsWith(QStringLiteral("recover")) || point.startsWith(QStringLiteral("take-in"))) {
            recoverAndCompare(program, point);
            return;
        }
        if (point.startsWith(QStringLiteral("kit"))) {
            renewKitAndCompare(program, point);
            return;
        }
        if (point.startsWith(QStringLiteral("repack"))) {
            repackAndCompare(program, point);
            return;
        }
        const bool ofRepair = point.startsWith(QStringLiteral("repair"));
        const bool ofProtect = point.startsWith(QStringLiteral("protect"));
        if (ofProtect) {
            const QStringList store { QStringLiteral("store"), m_model, QStringLiteral("--copies"), QStringLiteral("2"),
                QStringLiteral("--name"), QStringLiteral("model") };
            const QStringList protect { QStringLiteral("protect"), QStringLiteral("model"), QStringLiteral("--copies"),
                QStringLiteral("3") };
            const auto stored = program.run(store);
            QVERIFY2(stored.exitCode == 0, stored.said().constData());
            const auto killed = program.run(protect, point);
            QVERIFY2(killed.killed, "the crash point was not hit");
            const auto done = program.run(protect);
            QVERIFY2(done.exitCode == 0, done.said().constData());
            const auto checked = program.run({ QStringLiteral("check"), QStringLiteral("--deep") });
            QVERIFY2(checked.exitCode == 0, checked.said().constData());
            QCOMPARE(checked.json().value(u"models").toArray().at(0).toObject().value(u"spare").toInt(), 2);
            fetchAndCompare(program);
            return;
        }
        if (!ofFetch && !ofTrash && !ofRepair) {
            const auto killed = program.run(storeWords(m_model), point);
            QVERIFY2(killed.killed, "the crash point was not hit");
        }
        finishStore(program);
        if (ofRepair) {
            spoil(program);
            const auto killed = program.run({ QStringLiteral("repair") }, point);
            QVERIFY2(killed.killed, "the crash point was not hit");
            const auto repaired = program.run({ QStringLiteral("repair") });
            QVERIFY2(repaired.exitCode == 0, repaired.said().constData());
            const auto checked = program.run({ QStringLiteral("check"), QStringLiteral("--deep") });
            QVERIFY2(checked.exitCode == 0, checked.said().constData());
        }
        if (ofFetch) {
            const auto killed = program.run(fetchWords(program), point);
            QVERIFY2(killed.killed, "the crash point was not hit");
        }
        if (ofTrash) {
            const QStringList remove { QStringLiteral("remove"), QStringLiteral("model") };
            const QStringList restore { QStringLiteral("restore"), QStringLiteral("model") };
            const bool ofRemove = point.startsWith(QStringLiteral("remove"));
            QVERIFY(ofRemove || program.run(remove).exitCode == 0);
            const auto killed = program.run(ofRemove ? remove : restore, point);
            QVERIFY2(killed.killed, "the crash point was not hit");
            const auto restored = program.run(restore);
            QVERIFY2(restored.exitCode == 0, restored.said().constData());
        }
        fetchAndCompare(program);
    }

    void atRandomInstants()
    {
        QRandomGenerator random(QRandomGenerator::securelySeeded());
        const Program program;
        const int given = qEnvironmentVariableIntValue("MF_KILLS");
        const int kills = given > 0 ? given : 20;
        for (int i = 0; i < kills; ++i) {
            const auto before = program.fragments();
            const int after = static_cast<int>(random.bounded(100, 2'500));
            const auto run = program.run(storeWords(m_model), QString(), after);
            QVERIFY2(run.killed || run.exitCode == 0, run.said().constData());
            for (const auto &[path, identity] : program.fragments()) {
                const auto known = before.find(path);
                QVERIFY2(known == before.end() || known->second == identity, qPrintable(path));
            }
        }
        finishStore(program);
        for (int i = 0; i < kills; ++i) {
            const auto run = program.run(fetchWords(program), QString(), static_cast<int>(random.bounded(100, 2'000)));
            QVERIFY2(run.killed || run.exitCode == 0, run.said().constData());
        }
        fetchAndCompare(program);
    }
};

QTEST_GUILESS_MAIN(TestKill)
#include "test_kill.moc"
