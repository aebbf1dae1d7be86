// SPDX-License-Identifier: GPL-3.0-or-later
// The real program on a second computer, and on one that lost everything but the kit.
#include "tests/program/program.h"

#include <QtTest>

using namespace mf;

namespace {

QByteArray someBytes(int size, int seed)
{
    QByteArray bytes(size, Qt::Uninitialized);
    quint32 x = static_cast<quint32>(seed) * 2'654'435'761U + 1;
    for (char &c : bytes) {
        x = x * 1'664'525U + 1'013'904'223U;
        c = static_cast<char>(x >> 24);
    }
    return bytes;
}

QString write(const Program &program, const QString &name, const QByteArray &bytes)
{
    QFile file(program.path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write");
    return file.fileName();
}

QString errorId(const Program::Run &run)
{
    return run.json().value(QStringLiteral("error")).toObject().value(QStringLiteral("id")).toString();
}

QStringList words(const char *line) { return QString::fromLatin1(line).split(u' '); }

} // namespace

class TestAnotherComputer : public QObject
{
    Q_OBJECT
private slots:
    void everythingLostButTheKit()
    {
        Program program;
        const auto noKit = program.run(words("init --from-kit") << program.path(QStringLiteral("no such file")));
        QCOMPARE(errorId(noKit), QStringLiteral("MF-KIT-FILE"));
        const QString model = write(program, QStringLiteral("model.bin"), someBytes(3'000'000, 1));
        QCOMPARE(program.run(words("store --lose 1") << model).exitCode, 0);
        QVERIFY(QDir(program.path(QStringLiteral("home"))).removeRecursively());

        const auto opened = program.run(words("init --from-kit") << program.path(QStringLiteral("kit")));
        QVERIFY2(opened.exitCode == 0, opened.said().constData());
        QCOMPARE(opened.json().value(QStringLiteral("library")).toString().size(), 32);
        for (const char *name : { "a", "b", "c" }) {
            const auto added = program.addAccount(QString::fromLatin1(name));
            QVERIFY2(added.exitCode == 0, added.said().constData());
        }
        const auto recovered = program.run(words("recover"));
        QVERIFY2(recovered.exitCode == 0, recovered.said().constData());
        QCOMPARE(recovered.json().value(QStringLiteral("models")).toInt(), 1);
        QCOMPARE(recovered.json().value(QStringLiteral("readable")).toInt(), 1);
        QCOMPARE(recovered.json().value(QStringLiteral("unreadable")).toInt(), 0);
        QVERIFY(QDir(program.accountPath(QStringLiteral("b"))).removeRecursively());
        const auto fetched = program.run(words("fetch model.bin --to") << program.path(QStringLiteral("back")));
        QVERIFY2(fetched.exitCode == 0, fetched.said().constData());
        QVERIFY(Program::isSameFile(model, program.path(QStringLiteral("back/model.bin"))));
    }

    void twoComputersTakeInWhatTheOtherStores()
    {
        Program program;
        // As written down by hand: no line tells which library it is.
        QFile kit(program.path(QStringLiteral("kit")));
        QVERIFY(kit.open(QIODevice::ReadOnly));
        QByteArray alone;
        for (const QByteArray &line : kit.readAll().split('\n')) {
            if (!line.startsWith('#'))
                alone += line + '\n';
        }
        const QString file = write(program, QStringLiteral("words"), alone);
        const QString one = write(program, QStringLiteral("one.bin"), someBytes(150'000, 3));
        const QString two = write(program, QStringLiteral("two.bin"), someBytes(150'000, 4));
        program.useHome(QStringLiteral("second"));
        QCOMPARE(program.run(words("init --from-kit") << file).exitCode, 0);
        // A place that never held the library would get the wrong keys.
        const auto fresh = program.addAccount(QStringLiteral("fresh"));
        QVERIFY(fresh.exitCode != 0);
        QCOMPARE(errorId(fresh), QStringLiteral("MF-LIBRARY-ELSEWHERE"));
        QVERIFY(!QDir(program.accountPath(QStringLiteral("fresh/lib"))).exists());
        QVERIFY(!QDir(program.accountPath(QStringLiteral("fresh/meta"))).exists());
        for (const char *name : { "a", "b", "c" })
            QCOMPARE(program.addAccount(QString::fromLatin1(name)).exitCode, 0);
        QCOMPARE(program.run(words("store") << two).exitCode, 0);
        program.useHome(QStringLiteral("home"));
        QCOMPARE(program.run(words("store") << one).exitCode, 0); // takes in two.bin by the way
        program.useHome(QStringLiteral("second"));
        const auto synced = program.run(words("sync"));
        QVERIFY2(synced.exitCode == 0, synced.said().constData());
        QCOMPARE(synced.json().value(QStringLiteral("models")).toInt(), 2);
        QCOMPARE(synced.json().value(QStringLiteral("added")).toInt(), 1);
        QCOMPARE(synced.json().value(QStringLiteral("changed")).toInt(), 0);
        QCOMPARE(synced.json().value(QStringLiteral("removed")).toInt(), 0);
        QCOMPARE(program.run(words("fetch one.bin --to") << program.path(QStringLiteral("back"))).exitCode, 0);
        QVERIFY(Program::isSameFile(one, program.path(QStringLiteral("back/one.bin"))));
        const auto accounts = program.run(words("account list")).json().value(QStringLiteral("accounts")).toArray();
        for (const auto &account : accounts)
            QCOMPARE(account.toObject().value(QStringLiteral("state")).toString(), QStringLiteral("connected"));
    }
};

QTEST_GUILESS_MAIN(TestAnotherComputer)
#include "test_another_computer.moc"
