// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Killed while the log, its index objects or the registry's copies are looked after: for test_kill.

#include "tests/program/long_log.h"
#include "tests/program/program.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QtTest>

namespace mf::upkeep {

inline QStringList storing(const QString &file)
{
    return { QStringLiteral("store"), file, QStringLiteral("--erasure"), QStringLiteral("2+1"),
        QStringLiteral("--name"), QStringLiteral("model") };
}

inline QStringList fetching(const Program &program)
{
    return { QStringLiteral("fetch"), QStringLiteral("model"), QStringLiteral("--to"),
        program.path(QStringLiteral("back")) };
}

// Killed while it shortens the log: nothing of what was in it is lost.
inline void shortenLogAndCompare(const Program &program, const QString &point)
{
    const QString file = program.path(QStringLiteral("m.bin"));
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly) && out.write(QByteArray(300'000, 'a') + 'b') > 0);
    out.close();
    QCOMPARE(program.run(storing(file)).exitCode, 0);
    lengthenLog(program, 64);
    const QStringList collect { QStringLiteral("collect") };
    const auto killed = program.run(collect, point);
    QVERIFY2(killed.killed, "the crash point was not hit");
    for (int i = 0; i < 2; ++i) { // a doom that was not acknowledged takes a second one
        const auto collected = program.run(collect);
        QVERIFY2(collected.exitCode == 0, collected.said().constData());
    }
    const QDir log(program.accountPath(QStringLiteral("b")) + QStringLiteral("/log"));
    QVERIFY(log.entryList(QDir::Files).size() < 10);
    QVERIFY(QDir(program.path(QStringLiteral("home"))).removeRecursively());
    const QString kit = program.path(QStringLiteral("kit"));
    QCOMPARE(program.run({ QStringLiteral("init"), QStringLiteral("--from-kit"), kit }).exitCode, 0);
    for (const QString &name : { QStringLiteral("a"), QStringLiteral("b") })
        QCOMPARE(program.addAccount(name).exitCode, 0);
    QCOMPARE(program.run({ QStringLiteral("recover") }).exitCode, 0);
    const auto got = program.run(fetching(program));
    QVERIFY2(got.exitCode == 0, got.said().constData());
    QVERIFY(Program::isSameFile(file, program.path(QStringLiteral("back/m.bin"))));
}

// Killed while index objects are joined.
inline void joinIndexesAndCompare(const Program &program, const QString &point)
{
    const QString file = program.path(QStringLiteral("m.bin"));
    constexpr int kStores = 17;
    for (int i = 0; i < kStores; ++i) {
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly) && out.write(QByteArray(2'000, static_cast<char>('a' + i))) > 0);
        out.close();
        QCOMPARE(program.run(storing(file)).exitCode, 0);
    }
    const auto killed = program.run({ QStringLiteral("sync") }, point);
    QVERIFY2(killed.killed, "the crash point was not hit");
    for (int i = 0; i < 2; ++i) {
        const auto collected = program.run({ QStringLiteral("collect") });
        QVERIFY2(collected.exitCode == 0, collected.said().constData());
    }
    const auto got = program.run(fetching(program));
    QVERIFY2(got.exitCode == 0, got.said().constData());
    QVERIFY(Program::isSameFile(file, program.path(QStringLiteral("back/m.bin"))));
}

// Killed while the registry is copied; then the copy is what a new computer begins with.
inline void copyAndCompare(const Program &program, const QString &point)
{
    const QString file = program.path(QStringLiteral("m.bin"));
    QFile out(file);
    QVERIFY(out.open(QIODevice::WriteOnly) && out.write(QByteArray(300'000, 'a') + 'b') > 0);
    out.close();
    QCOMPARE(program.run(storing(file)).exitCode, 0);
    const QStringList sync { QStringLiteral("sync") };
    QCOMPARE(program.run(sync).exitCode, 0);
    const auto aDayPasses = [&program] {
        {
            QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("past"));
            db.setDatabaseName(program.path(QStringLiteral("home/registry.sqlite")));
            QSqlQuery query(db);
            QVERIFY(db.open());
            QVERIFY(query.exec(QStringLiteral("UPDATE meta SET value = '1000' WHERE key = 'note-copied'")));
            QCOMPARE(query.numRowsAffected(), 1);
        }
        QSqlDatabase::removeDatabase(QStringLiteral("past"));
    };
    aDayPasses();
    const auto killed = program.run(sync, point);
    QVERIFY2(killed.killed, "the crash point was not hit");
    aDayPasses();
    QCOMPARE(program.run(sync).exitCode, 0);
    const QDir parts(program.accountPath(QStringLiteral("b")) + QStringLiteral("/copy/part"));
    QCOMPARE(parts.entryList(QDir::Files).size(), 1); // nothing of the one that was cut off
    QVERIFY(QDir(program.path(QStringLiteral("home"))).removeRecursively());
    const QString kit = program.path(QStringLiteral("kit"));
    QCOMPARE(program.run({ QStringLiteral("init"), QStringLiteral("--from-kit"), kit }).exitCode, 0);
    for (const QString &name : { QStringLiteral("b"), QStringLiteral("c") })
        QCOMPARE(program.addAccount(name).exitCode, 0);
    const auto recovered = program.run({ QStringLiteral("recover") });
    QCOMPARE(recovered.exitCode, 0);
    const auto got = program.run(fetching(program));
    QVERIFY2(got.exitCode == 0, got.said().constData());
    QVERIFY(Program::isSameFile(file, program.path(QStringLiteral("back/m.bin"))));
}

inline bool isOf(const QString &point)
{
    return point.startsWith(QStringLiteral("log")) || point.startsWith(QStringLiteral("checkpoint"))
        || point.startsWith(QStringLiteral("copy")) || point.startsWith(QStringLiteral("index"));
}

inline void killAndCompare(const Program &program, const QString &point)
{
    if (point.startsWith(QStringLiteral("copy")))
        copyAndCompare(program, point);
    else if (point.startsWith(QStringLiteral("index")))
        joinIndexesAndCompare(program, point);
    else
        shortenLogAndCompare(program, point);
}

} // namespace mf::upkeep
