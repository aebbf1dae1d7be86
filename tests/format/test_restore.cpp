// SPDX-License-Identifier: GPL-3.0-or-later
// What the program stored, resources/restore.py brings back: from the kit and all accounts but one, without a line of
// our code.
#include "tests/program/long_log.h"
#include "tests/program/program.h"
#include "tests/support/make_model.h"

#include <QDirIterator>
#include <QRegularExpression>
#include <QSet>
#include <QtTest>
#include <cstdio>

using namespace mf;

namespace {

const QString kTree = QStringLiteral("tree");
const QString kNewest = QStringLiteral("kit2"); // the kit that is made on the way

void write(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

// Hundreds of tensors: their list of chunks is longer than what stands in a manifest.
QByteArray manyTensors()
{
    constexpr int kTensors = 150;
    constexpr int kBytes = 500;
    QByteArray header = "{";
    for (int i = 0; i < kTensors; ++i) {
        header += QStringLiteral(R"(%1"t%2":{"dtype":"U8","shape":[%3],"data_offsets":[%4,%5]})")
                      .arg(i > 0 ? QStringLiteral(",") : QString())
                      .arg(i)
                      .arg(kBytes)
                      .arg(i * kBytes)
                      .arg((i + 1) * kBytes)
                      .toLatin1();
    }
    header += '}';
    QByteArray bytes;
    for (int i = 0; i < 8; ++i)
        bytes += static_cast<char>(static_cast<quint64>(header.size()) >> (8 * i));
    bytes += header;
    for (int i = 0; i < kTensors * kBytes; ++i)
        bytes += static_cast<char>((static_cast<unsigned>(i) * 2'654'435'761U) >> 13);
    return bytes;
}

// Every codec, leaves, literals, runs of zeros, odd names.
void makeFiles(const QString &folder)
{
    QDir().mkpath(folder + QStringLiteral("/sub/empty folder"));
    for (const char *dtype : { "BF16", "F16", "F32", "F8_E4M3" }) {
        ModelRecipe recipe;
        recipe.format = ModelRecipe::Format::Safetensors;
        recipe.dtype = QString::fromLatin1(dtype);
        recipe.size = 1'500'000;
        const auto made = makeModel(recipe, folder + u'/' + recipe.dtype + QStringLiteral(".safetensors"));
        if (!made)
            qFatal("%s", qPrintable(made.error().message));
    }
    write(folder + QStringLiteral("/many.safetensors"), manyTensors());
    write(folder + QStringLiteral("/config.json"), "{}\n");
    write(folder + QStringLiteral("/nothing"), "");
    write(folder + QStringLiteral("/zeros.bin"), QByteArray("begin") + QByteArray(3'000'000, '\0') + QByteArray("end"));
    write(folder + QStringLiteral("/sub/text.txt"), QByteArray("All work and no play. ").repeated(20'000));
    const QByteArray odd = QFile::encodeName(folder) + "/sub/caf\xe9 \xff.bin"; // not UTF-8
    std::FILE *raw = std::fopen(odd.constData(), "wb");
    if (!raw || std::fputs("odd", raw) < 0 || std::fclose(raw) != 0)
        qFatal("cannot write the odd file");
}

QString textOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    return QString::fromUtf8(file.readAll());
}

int differences(const QString &a, const QString &b)
{
    QProcess diff;
    diff.start(QStringLiteral("diff"), { QStringLiteral("-r"), a, b });
    diff.waitForFinished();
    if (diff.exitCode() != 0)
        qWarning("%s", diff.readAllStandardOutput().left(1'000).constData());
    return diff.exitCode();
}

struct Restored {
    int exitCode = -1;
    QByteArray out;
    QByteArray err;
};

Restored restore(const Program &program, const QStringList &accounts, const QStringList &options,
    const QString &kit = QStringLiteral("kit"))
{
    QProcess python;
    QStringList words { QStringLiteral(MF_RESTORE), program.path(kit) };
    for (const QString &account : accounts)
        words << program.accountPath(account);
    python.start(QStringLiteral(MF_PYTHON), words + options);
    if (!python.waitForFinished(120'000))
        qFatal("restore.py does not end");
    Restored restored;
    restored.exitCode = python.exitCode();
    restored.out = python.readAllStandardOutput();
    restored.err = python.readAllStandardError();
    return restored;
}

} // namespace

class TestRestore : public QObject
{
    Q_OBJECT
private slots:
    void itHasWhatItNeeds()
    {
        QProcess python;
        python.start(QStringLiteral(MF_PYTHON),
            { QStringLiteral("-c"),
                QStringLiteral("import cryptography, zstandard, sys; assert sys.version_info[0] == 3") });
        QVERIFY(python.waitForFinished());
        QVERIFY2(python.exitCode() == 0, "install python3-cryptography and python3-zstandard");
    }

    // Who reads the kit without ModelFloat is told of the program and of all that it needs.
    void nothingElseIsNeeded()
    {
        const QStringList packages { QStringLiteral("cryptography"), QStringLiteral("zstandard") };
        const QString program = textOf(QStringLiteral(MF_RESTORE));
        const QRegularExpression imports(
            QStringLiteral("^ *(?:import|from) +([^#\\n]*?)(?: import .*)?$"), QRegularExpression::MultilineOption);
        QSet<QString> imported;
        for (auto match = imports.globalMatch(program); match.hasNext();) {
            for (const QString &module : match.next().captured(1).split(u','))
                imported.insert(module.trimmed().section(u'.', 0, 0));
        }
        const QSet<QString> ofPython { QStringLiteral("argparse"), QStringLiteral("base64"), QStringLiteral("hashlib"),
            QStringLiteral("hmac"), QStringLiteral("itertools"), QStringLiteral("os"), QStringLiteral("re"),
            QStringLiteral("struct"), QStringLiteral("sys") };
        QCOMPARE(imported - ofPython, QSet<QString>(packages.begin(), packages.end()));

        const Program made;
        for (const QString &text : { textOf(made.path(QStringLiteral("kit"))), textOf(QStringLiteral(MF_README)) }) {
            QVERIFY(text.contains(QStringLiteral("restore.py")));
            for (const QString &package : packages)
                QVERIFY2(text.contains(package), qPrintable(package));
        }
    }

    void everyModelComesBackWithAnyAccountMissing()
    {
        Program program;
        const QString tree = program.path(kTree);
        makeFiles(tree);
        const QString copies = program.path(QStringLiteral("copies.txt"));
        write(copies, QByteArray("to be or not to be ").repeated(1'000));
        const auto stored
            = program.run({ QStringLiteral("store"), tree, QStringLiteral("--erasure"), QStringLiteral("2+1") });
        QVERIFY2(stored.exitCode == 0, stored.said().constData());
        const auto second
            = program.run({ QStringLiteral("store"), copies, QStringLiteral("--copies"), QStringLiteral("2") });
        QVERIFY2(second.exitCode == 0, second.said().constData());

        const QStringList all { QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c") };
        for (const QString &missing : all) {
            QStringList accounts = all;
            accounts.removeAll(missing);
            const Restored listed = restore(program, accounts, {});
            QVERIFY2(listed.exitCode == 0, listed.err.constData());
            QCOMPARE(listed.out, QByteArray("tree\ncopies.txt\n"));
            const QString to = program.path(QStringLiteral("without-") + missing);
            const Restored got
                = restore(program, accounts, { QStringLiteral("--model"), kTree, QStringLiteral("--to"), to });
            QVERIFY2(got.exitCode == 0, got.err.constData());
            QCOMPARE(differences(tree, to), 0);
            const Restored copy = restore(program, accounts,
                { QStringLiteral("--model"), QStringLiteral("copies.txt"), QStringLiteral("--to"), to });
            QVERIFY2(copy.exitCode == 0, copy.err.constData());
            QVERIFY(Program::isSameFile(copies, to + QStringLiteral("/copies.txt")));
        }

        theNewestKitRestoresAllEpochs(program, tree);

        // A damaged fragment is worked around, and two missing accounts are said.
        damageOne(program.accountPath(QStringLiteral("a")));
        const QString to = program.path(QStringLiteral("damaged"));
        const Restored got
            = restore(program, all, { QStringLiteral("--model"), kTree, QStringLiteral("--to"), to }, kNewest);
        QVERIFY2(got.exitCode == 0, got.err.constData());
        QCOMPARE(differences(tree, to), 0);
        const Restored none = restore(program, { QStringLiteral("b") },
            { QStringLiteral("--model"), kTree, QStringLiteral("--to"), program.path(QStringLiteral("none")) },
            kNewest);
        QCOMPARE(none.exitCode, 1);
        QVERIFY2(none.err.contains("connect more accounts") || none.err.contains("missing"), none.err.constData());
        QProcess::execute(
            QStringLiteral("rm"), { QStringLiteral("-rf"), program.path(QString()) }); // Qt cannot: odd names
    }

    // The log is one checkpoint and what came after it: the rest of it is deleted.
    void aShortenedLogIsRead()
    {
        Program program;
        const QString kept = program.path(QStringLiteral("kept.txt"));
        write(kept, QByteArray("kept ").repeated(1'000));
        const QString removed = program.path(QStringLiteral("removed.txt"));
        write(removed, QByteArray("removed ").repeated(1'000));
        const auto run = [&program](const QStringList &words) {
            const auto ran = program.run(words);
            if (ran.exitCode != 0)
                qFatal("%s", ran.said().constData());
        };
        for (const QString &file : { kept, removed })
            run({ QStringLiteral("store"), file, QStringLiteral("--copies"), QStringLiteral("2") });
        run({ QStringLiteral("remove"), QStringLiteral("removed.txt") });
        lengthenLog(program, 64);
        run({ QStringLiteral("collect") });
        const QDir log(program.accountPath(QStringLiteral("a")) + QStringLiteral("/log"));
        QCOMPARE(log.entryList(QDir::Files).size(), 3);

        const QStringList accounts { QStringLiteral("a"), QStringLiteral("b") };
        const Restored listed = restore(program, accounts, {});
        QVERIFY2(listed.exitCode == 0, listed.err.constData());
        QCOMPARE(listed.out, QByteArray("kept.txt\n"));
        const QString to = program.path(QStringLiteral("to"));
        const Restored got = restore(
            program, accounts, { QStringLiteral("--model"), QStringLiteral("kept.txt"), QStringLiteral("--to"), to });
        QVERIFY2(got.exitCode == 0, got.err.constData());
        QVERIFY(Program::isSameFile(kept, to + QStringLiteral("/kept.txt")));
    }

private:
    static void theNewestKitRestoresAllEpochs(const Program &program, const QString &tree)
    {
        const QString &kit = kNewest;
        const auto renewed = program.run(
            { QStringLiteral("kit"), QStringLiteral("--new"), QStringLiteral("--out"), program.path(kit) });
        QVERIFY2(renewed.exitCode == 0, renewed.said().constData());
        const QString later = program.path(QStringLiteral("later.txt"));
        write(later, QByteArray("that is the question ").repeated(1'000));
        const auto stored
            = program.run({ QStringLiteral("store"), later, QStringLiteral("--copies"), QStringLiteral("2") });
        QVERIFY2(stored.exitCode == 0, stored.said().constData());
        const QStringList accounts { QStringLiteral("a"), QStringLiteral("c") };
        QCOMPARE(restore(program, accounts, {}).out, QByteArray("tree\ncopies.txt\n"));
        QCOMPARE(restore(program, accounts, {}, kit).out, QByteArray("tree\ncopies.txt\nlater.txt\n"));
        for (const bool isRekeyed : { false, true }) {
            if (isRekeyed) {
                QCOMPARE(program.run({ QStringLiteral("rekey") }).exitCode, 0);
                QCOMPARE(program.run({ QStringLiteral("collect") }).exitCode, 0);
            }
            const QString to = program.path(isRekeyed ? QStringLiteral("rekeyed") : QStringLiteral("two epochs"));
            for (const QString &model : { kTree, QStringLiteral("later.txt") }) {
                const Restored got
                    = restore(program, accounts, { QStringLiteral("--model"), model, QStringLiteral("--to"), to }, kit);
                QVERIFY2(got.exitCode == 0, got.err.constData());
            }
            QVERIFY(Program::isSameFile(later, to + QStringLiteral("/later.txt")));
            QVERIFY(QFile::remove(to + QStringLiteral("/later.txt")));
            QCOMPARE(differences(tree, to), 0);
        }
    }

    // 40 bytes in the middle of its largest fragment.
    static void damageOne(const QString &account)
    {
        QString largest;
        qint64 size = 0;
        for (QDirIterator it(account + QStringLiteral("/f"), QDir::Files, QDirIterator::Subdirectories);
            it.hasNext();) {
            it.next();
            if (it.fileInfo().size() > size) {
                size = it.fileInfo().size();
                largest = it.filePath();
            }
        }
        QFile file(largest);
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        if (!file.open(QIODevice::ReadWrite) || !file.seek(size / 2) || file.write(QByteArray(40, '!')) != 40)
            qFatal("cannot damage a fragment");
    }
};

QTEST_GUILESS_MAIN(TestRestore)
#include "test_restore.moc"
