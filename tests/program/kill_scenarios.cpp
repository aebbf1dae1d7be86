// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/program/kill_scenarios.h"

#include "tests/program/long_log.h"
#include "tests/support/make_model.h"

#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QtTest>

#include <algorithm>
#include <cstdio>

namespace mf {
namespace {

constexpr qint64 kMiB = 1 << 20;

QStringList words(const char *line) { return QString::fromLatin1(line).split(u' '); }

QString modelPath(const Program &program) { return program.path(QStringLiteral("m.bin")); }

void writeModel(const Program &program, qint64 size, std::uint64_t seed = 1)
{
    ModelRecipe recipe;
    recipe.format = ModelRecipe::Format::Safetensors;
    recipe.dtype = QStringLiteral("BF16");
    recipe.size = size;
    recipe.seed = seed;
    QFile::remove(modelPath(program));
    if (!makeModel(recipe, modelPath(program)))
        qFatal("cannot write the model");
}

void store(const Program &program, const char *protection = "--erasure 2+1", int exitCode = 0)
{
    mustRun(program, words("store m.bin --name model") + words(protection), exitCode);
}

// A model that is stored.
void stored(const Program &program)
{
    writeModel(program, 6 * kMiB);
    store(program);
}

// One account has lost all its fragments but the largest, and that one is damaged; deep checking has found out.
void spoil(const Program &program)
{
    QStringList paths;
    for (const auto &[path, identity] : program.fragments()) {
        if (path.startsWith(program.accountPath(QStringLiteral("a"))))
            paths.append(path);
    }
    const auto isSmaller = [](const QString &x, const QString &y) { return QFileInfo(x).size() < QFileInfo(y).size(); };
    const QString largest = *std::max_element(paths.cbegin(), paths.cend(), isSmaller);
    for (const QString &path : paths) {
        if (!(path == largest ? Program::flipByte(path, 5'000) : QFile::remove(path)))
            qFatal("cannot spoil %s", qPrintable(path));
    }
    mustRun(program, words("check --deep"), 4);
}

// Nothing is left but these accounts and the kit.
void loseComputer(const Program &program, const char *kit, const char *accounts)
{
    if (!QDir(program.path(QStringLiteral("home"))).removeRecursively())
        qFatal("cannot remove the home");
    program.cheapenSecrets();
    mustRun(program, words("init --from-kit") << program.path(QString::fromLatin1(kit)));
    for (const QString &name : words(accounts)) {
        if (program.addAccount(name).exitCode != 0)
            qFatal("cannot add an account");
    }
}

void loseComputerAndAccount(const Program &program, const char *kit = "kit")
{
    if (!QDir(program.accountPath(QStringLiteral("a"))).removeRecursively())
        qFatal("cannot remove the account");
    loseComputer(program, kit, "b c");
}

void recoverElsewhere(const Program &program, const char *kit = "kit")
{
    loseComputerAndAccount(program, kit);
    mustRun(program, words("recover"));
}

void away(const Program &program, bool isAway)
{
    if (!program.setAway(isAway))
        qFatal("cannot move the accounts");
}

// The accounts are back, and what waited here moves out to them.
void moveOut(const Program &program)
{
    QVERIFY(program.heldFiles() > 0);
    away(program, false);
    mustRun(program, words("sync"));
    QCOMPARE(program.heldFiles(), 0);
}

// As if the registry had been copied long ago.
void aDayPasses(const Program &program)
{
    bool isDone = false;
    {
        QSqlDatabase db = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("past"));
        db.setDatabaseName(program.path(QStringLiteral("home/registry.sqlite")));
        QSqlQuery query(db);
        isDone = db.open() && query.exec(QStringLiteral("UPDATE meta SET value = '1000' WHERE key = 'note-copied'"))
            && query.numRowsAffected() == 1;
    }
    QSqlDatabase::removeDatabase(QStringLiteral("past"));
    if (!isDone)
        qFatal("no copy has been made");
}

QStringList entries(const Program &program, const char *folder)
{
    return QDir(program.accountPath(QStringLiteral("b")) + QLatin1String(folder)).entryList(QDir::Files);
}

// Many small changes, each with an index object of its own.
void storeOften(const Program &program)
{
    constexpr int kStores = 17;
    for (int i = 0; i < kStores; ++i) {
        QFile file(modelPath(program));
        if (!file.open(QIODevice::WriteOnly) || file.write(QByteArray(2'000, static_cast<char>('a' + i))) < 1)
            qFatal("cannot write the model");
        file.close();
        store(program);
    }
}

std::vector<KillScenario> ofStoring()
{
    return {
        { .name = QStringLiteral("store"),
            .prepare = [](const Program &program) { writeModel(program, 70 * kMiB); }, // two packs
            .command = words("store m.bin --erasure 2+1 --name model") },
        { .name = QStringLiteral("store a change"),
            .prepare =
                [](const Program &program) {
                    stored(program);
                    if (!Program::flipByte(modelPath(program), 4 * kMiB))
                        qFatal("cannot change the model");
                },
            .command = words("store m.bin --erasure 2+1 --name model") },
        { .name = QStringLiteral("fetch"), .prepare = stored, .command = words("fetch model --to back") },
        { .name = QStringLiteral("hold"),
            .prepare =
                [](const Program &program) {
                    writeModel(program, 6 * kMiB);
                    away(program, true);
                },
            .command = words("store m.bin --erasure 2+1 --name model"),
            .exitCode = 4,
            .after = moveOut },
        { .name = QStringLiteral("remove what is held"),
            .prepare =
                [](const Program &program) {
                    writeModel(program, 6 * kMiB);
                    away(program, true);
                    store(program, "--erasure 2+1", 4);
                },
            .command = words("remove model"),
            .mayBeDone = true,
            .after =
                [](const Program &program) {
                    store(program, "--erasure 2+1", 4);
                    moveOut(program);
                } },
        { .name = QStringLiteral("move out"),
            .prepare =
                [](const Program &program) {
                    writeModel(program, 6 * kMiB);
                    away(program, true);
                    store(program, "--erasure 2+1", 4);
                    away(program, false);
                },
            .command = words("sync"),
            .after = [](const Program &program) { QCOMPARE(program.heldFiles(), 0); } },
    };
}

std::vector<KillScenario> ofHealing()
{
    return {
        { .name = QStringLiteral("repair"),
            .prepare =
                [](const Program &program) {
                    writeModel(program, 70 * kMiB);
                    store(program);
                    spoil(program);
                },
            .command = words("repair"),
            .replaces = true },
        { .name = QStringLiteral("heal on read"),
            .prepare =
                [](const Program &program) {
                    stored(program);
                    spoil(program);
                },
            .command = words("fetch model --to back"),
            .replaces = true,
            .after = [](const Program &program) { mustRun(program, words("repair")); } },
        { .name = QStringLiteral("protect"),
            .prepare =
                [](const Program &program) {
                    writeModel(program, 6 * kMiB);
                    store(program, "--copies 2");
                },
            .command = words("protect model --copies 3"),
            .replaces = true,
            .spare = 2 },
        { .name = QStringLiteral("protect less"),
            .prepare =
                [](const Program &program) {
                    writeModel(program, 6 * kMiB);
                    store(program, "--copies 3");
                },
            .command = words("protect model --copies 2") },
        { .name = QStringLiteral("repack"),
            .prepare =
                [](const Program &program) {
                    writeModel(program, 6 * kMiB);
                    store(program, "--copies 2");
                },
            .command = words("protect model --erasure 2+1") },
        { .name = QStringLiteral("move"),
            .prepare =
                [](const Program &program) {
                    stored(program);
                    if (program.addAccount(QStringLiteral("d")).exitCode != 0)
                        qFatal("cannot add an account");
                },
            .command = words("account remove a"),
            .mayBeDone = true,
            .replaces = true,
            .after
            = [](const Program &program) { QDir(program.accountPath(QStringLiteral("a"))).removeRecursively(); } },
    };
}

std::vector<KillScenario> ofDeleting()
{
    return {
        { .name = QStringLiteral("remove"),
            .prepare = stored,
            .command = words("remove model"),
            .mayBeDone = true,
            .after = [](const Program &program) { mustRun(program, words("restore model")); } },
        { .name = QStringLiteral("restore"),
            .prepare =
                [](const Program &program) {
                    stored(program);
                    mustRun(program, words("remove model"));
                },
            .command = words("restore model") },
        { .name = QStringLiteral("collect"),
            .prepare =
                [](const Program &program) {
                    writeModel(program, 3 * kMiB, 2);
                    store(program);
                    mustRun(program, words("remove model --forever"));
                    stored(program);
                },
            .command = words("collect") },
        { .name = QStringLiteral("collect leftovers"),
            .prepare =
                [](const Program &program) {
                    writeModel(program, 3 * kMiB, 2);
                    const auto killed = program.run(
                        words("store m.bin --erasure 2+1 --name model"), QStringLiteral("store-manifest-put"));
                    if (!killed.killed)
                        qFatal("the crash point was not hit");
                    stored(program); // what the killed one put is of no use now
                },
            .command = words("collect") },
        { .name = QStringLiteral("shorten the log"),
            .prepare =
                [](const Program &program) {
                    stored(program);
                    lengthenLog(program, 64);
                },
            .command = words("collect"),
            .spare = 0,
            .after =
                [](const Program &program) {
                    mustRun(program, words("collect")); // a doom that was not acknowledged takes a second one
                    QVERIFY(entries(program, "/log").size() < 10);
                    recoverElsewhere(program);
                } },
    };
}

std::vector<KillScenario> ofSeveralComputers()
{
    return {
        { .name = QStringLiteral("recover"),
            .prepare =
                [](const Program &program) {
                    stored(program);
                    loseComputerAndAccount(program);
                },
            .command = words("recover"),
            .spare = 0 },
        { .name = QStringLiteral("sync"),
            .prepare =
                [](const Program &program) {
                    stored(program);
                    mustRun(program, words("sync"));
                    aDayPasses(program);
                },
            .command = words("sync"),
            .spare = 0,
            .after =
                [](const Program &program) {
                    aDayPasses(program);
                    mustRun(program, words("sync"));
                    QCOMPARE(entries(program, "/copy/part").size(), 1); // nothing of the one that was cut off
                    recoverElsewhere(program);
                } },
        { .name = QStringLiteral("join indexes"), .prepare = storeOften, .command = words("sync") },
        { .name = QStringLiteral("new kit"),
            .prepare = stored,
            .command = words("kit --new --out kit2"),
            .mayBeDone = true,
            .spare = 0,
            .after = [](const Program &program) { recoverElsewhere(program, "kit2"); } },
        { .name = QStringLiteral("rekey"),
            .prepare =
                [](const Program &program) {
                    stored(program);
                    mustRun(program, words("kit --new --out kit2"));
                },
            .command = words("rekey"),
            // All accounts stay: which of them a pack with one data fragment goes to may differ each time, and with it
            // how many fragments the loss of one leaves.
            .after =
                [](const Program &program) {
                    loseComputer(program, "kit2", "a b c");
                    mustRun(program, words("recover"));
                } },
    };
}

} // namespace

Program::Run mustRun(const Program &program, const QStringList &words, int exitCode)
{
    auto run = program.run(words);
    if (run.exitCode != exitCode) {
        const QString failure = QStringLiteral("%1: exit %2, %3")
                                    .arg(words.join(u' '))
                                    .arg(run.exitCode)
                                    .arg(QString::fromUtf8(run.said()));
        QFile log(program.path(QStringLiteral("home/logs/modelfloat.log")));
        if (log.open(QIODevice::ReadOnly))
            std::fputs(log.readAll().right(4'000).constData(), stderr); // QtTest cuts long messages
        QTest::qFail(qPrintable(failure), __FILE__, __LINE__);
    }
    return run;
}

std::vector<KillScenario> killScenarios()
{
    std::vector<KillScenario> all;
    for (const auto &some : { ofStoring(), ofHealing(), ofDeleting(), ofSeveralComputers() })
        all.insert(all.end(), some.begin(), some.end());
    return all;
}

} // namespace mf
