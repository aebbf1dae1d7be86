// SPDX-License-Identifier: GPL-3.0-or-later
// The main job by the real program on real input: 2 + 1 over three folders, each account destroyed in turn, and every
// byte comes back. MF_JOB_SIZE: bytes of each model (200,000,000; by hand 2,147,483,648).
#include "tests/program/program.h"
#include "tests/support/make_model.h"

#include <QDirIterator>
#include <QtTest>

#include <sys/resource.h>

using namespace mf;

namespace {

constexpr qint64 kUsualSize = 200'000'000;
constexpr int kFiles = 1000;
constexpr double kMostKept = 0.668; // of BF16
constexpr long kMostMemory = 400L << 10; // KiB, of every run of the program

qint64 modelSize()
{
    const qint64 asked = qEnvironmentVariable("MF_JOB_SIZE").toLongLong();
    return asked > 0 ? asked : kUsualSize;
}

// Path below the folder -> the file.
QMap<QString, QString> filesBelow(const QString &folder)
{
    QMap<QString, QString> files;
    QDirIterator it(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (it.hasNext()) {
        const QString path = it.next();
        files.insert(QDir(folder).relativeFilePath(path), path);
    }
    return files;
}

} // namespace

class TestMainJob : public QObject
{
    Q_OBJECT

private slots:
    void eachAccountMayVanish_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char *kind : { "safetensors", "gguf", "tree" })
            QTest::newRow(kind) << QString::fromLatin1(kind);
    }
    void eachAccountMayVanish()
    {
        QFETCH(QString, kind);
        Program program;
        const QString source = program.path(QStringLiteral("source"));
        ModelRecipe recipe;
        recipe.size = modelSize();
        if (kind == QStringLiteral("tree")) {
            QVERIFY(makeTree(source, kFiles));
        } else {
            QVERIFY(QDir().mkpath(source));
            const bool isGguf = kind == QStringLiteral("gguf");
            recipe.format = isGguf ? ModelRecipe::Format::Gguf : ModelRecipe::Format::Safetensors;
            recipe.dtype = isGguf ? QStringLiteral("Q4_K_M") : QStringLiteral("BF16");
            QVERIFY(makeModel(recipe, source + QStringLiteral("/model.") + kind));
        }

        QElapsedTimer timer;
        timer.start();
        const auto stored = program.run({ QStringLiteral("store"), source, QStringLiteral("--erasure"),
            QStringLiteral("2+1"), QStringLiteral("--name"), QStringLiteral("m") });
        QVERIFY2(stored.exitCode == 0, stored.said().constData());
        const QJsonObject result = stored.json();
        const double kept
            = result.value(QStringLiteral("storedBytes")).toDouble() / result.value(QStringLiteral("bytes")).toDouble();
        qInfo("stored in %.1f s, kept %.1f %%", double(timer.elapsed()) / 1000, 100 * kept);
        if (kind == QStringLiteral("safetensors"))
            QVERIFY(kept <= kMostKept);

        const QMap<QString, QString> before = filesBelow(source);
        for (const QString &account : { QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c") }) {
            QDir accounts(program.path(QStringLiteral("accounts")));
            QVERIFY(accounts.rename(account, QStringLiteral("gone")));
            const QString back = program.path(QStringLiteral("back without ") + account);
            timer.start();
            const auto fetched
                = program.run({ QStringLiteral("fetch"), QStringLiteral("m"), QStringLiteral("--to"), back });
            QVERIFY2(fetched.exitCode == 0, fetched.said().constData());
            qInfo("fetched without %s in %.1f s", qPrintable(account), double(timer.elapsed()) / 1000);
            const QMap<QString, QString> after = filesBelow(back);
            QCOMPARE(after.keys(), before.keys());
            for (auto it = before.begin(); it != before.end(); ++it)
                QVERIFY2(Program::isSameFile(it.value(), after.value(it.key())), qPrintable(it.key()));
            QVERIFY(QDir(back).removeRecursively());
            QVERIFY(accounts.rename(QStringLiteral("gone"), account));
        }
    }

    void memoryStaysBounded()
    {
        struct rusage usage = {};
        QCOMPARE(::getrusage(RUSAGE_CHILDREN, &usage), 0);
        qInfo("peak memory of any run: %ld MiB", usage.ru_maxrss >> 10);
        QVERIFY(usage.ru_maxrss <= kMostMemory);
    }
};

QTEST_GUILESS_MAIN(TestMainJob)
#include "test_main_job.moc"
