// SPDX-License-Identifier: GPL-3.0-or-later
// The real program where no account is there, or one belongs to a newer ModelFloat.
#include "core/crypto/kit_words.h"
#include "core/crypto/sealed_object.h"
#include "core/distributor/objects/cbor.h"
#include "core/distributor/objects/marker.h"
#include "core/distributor/objects/segment.h"
#include "tests/program/program.h"

#include <QRandomGenerator>
#include <QtTest>

using namespace mf;

namespace {

QStringList words(const char *text) { return QString::fromLatin1(text).split(u' '); }

QByteArray randomFile(const QString &path, qsizetype size, quint32 seed)
{
    QByteArray bytes(size, Qt::Uninitialized);
    QRandomGenerator random(seed);
    random.fillRange(reinterpret_cast<quint32 *>(bytes.data()), size / 4);
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == size ? bytes : QByteArray();
}

QJsonObject firstOf(const QJsonObject &json, const char *array)
{
    return json.value(QLatin1String(array)).toArray().at(0).toObject();
}

void replaceFile(const QString &path, const QByteArray &bytes)
{
    QFile::remove(path);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
}

QString stateOf(const QJsonObject &accounts, const QString &name)
{
    for (const auto &account : accounts.value(QStringLiteral("accounts")).toArray()) {
        if (account.toObject().value(QStringLiteral("name")) == name)
            return account.toObject().value(QStringLiteral("state")).toString();
    }
    return {};
}

} // namespace

class TestAway : public QObject
{
    Q_OBJECT

private slots:
    void aModelWaitsHereUntilAnAccountIsBack()
    {
        const Program program;
        const QString file = program.path(QStringLiteral("m.bin"));
        const QByteArray bytes = randomFile(file, 5'000'000, 1);
        QVERIFY(program.setAway(true));
        const QStringList store = words("store --lose 1 --name model") << file;
        const auto stored = program.run(store);
        QVERIFY2(stored.exitCode == 4, stored.said().constData());
        QCOMPARE(stored.json().value(u"onThisComputer").toBool(), true);
        QCOMPARE(stored.json().value(u"uploadedBytes").toInt(), 0);
        QVERIFY(program.heldFiles() > 0);

        const auto listed = program.run(words("list"));
        QCOMPARE(listed.exitCode, 0);
        QCOMPARE(firstOf(listed.json(), "models").value(u"state").toString(), QStringLiteral("single-copy"));
        QCOMPARE(firstOf(listed.json(), "models").value(u"onThisComputer").toBool(), true);
        QCOMPARE(firstOf(listed.json(), "models").value(u"spare").toInt(), 0);
        const auto shown = program.run(words("show model"));
        QCOMPARE(shown.json().value(u"model").toObject().value(u"onThisComputer").toBool(), true);
        QCOMPARE(shown.json().value(u"model").toObject().value(u"fragments").toArray().size(), 0);
        const auto checked = program.run(words("check model --deep"));
        QVERIFY2(checked.exitCode == 4, checked.said().constData());
        QCOMPARE(firstOf(checked.json(), "models").value(u"onThisComputer").toBool(), true);
        const auto got = program.run(words("fetch model --to") << program.path(QStringLiteral("back")));
        QVERIFY2(got.exitCode == 0, got.said().constData());
        QVERIFY(Program::isSameFile(file, program.path(QStringLiteral("back/m.bin"))));
        const auto part = program.run(words("cat model m.bin --range 1000-1999"));
        QCOMPARE(part.out, bytes.mid(1'000, 1'000));
        QCOMPARE(program.run(words("sync")).exitCode, 1); // still nothing there
        QCOMPARE(program.run(store).exitCode, 4);

        const auto limited = program.run(words("limits holding=6MB"));
        QCOMPARE(limited.json().value(u"holding").toInteger(), qint64(6'000'000));
        randomFile(program.path(QStringLiteral("n.bin")), 5'000'000, 2);
        const auto full = program.run(words("store --lose 1") << program.path(QStringLiteral("n.bin")));
        QVERIFY2(full.exitCode == 7, full.said().constData());
        QVERIFY(full.said().contains("MF-HOLDING-FULL"));
        QCOMPARE(program.run(words("limits holding=much")).exitCode, 2);
        QCOMPARE(program.run(words("limits revisions=5")).json().value(u"revisions").toInt(), 5);
        QCOMPARE(program.run(words("limits revisions=0")).exitCode, 2);
        QCOMPARE(program.run(words("limits")).json().value(u"revisions").toInt(), 5);
        QCOMPARE(program.run(words("limits")).json().value(u"memory").toInteger(), qint64(224) << 20);
        QCOMPARE(program.run(words("limits memory=64MB")).json().value(u"memory").toInteger(), qint64(64'000'000));
        QCOMPARE(program.run(words("limits memory=1MB")).exitCode, 2);
        QCOMPARE(program.run(words("limits")).json().value(u"away").toInt(), 72);
        QCOMPARE(program.run(words("limits away=24")).json().value(u"away").toInt(), 24);
        QCOMPARE(program.run(words("limits away=0")).exitCode, 2);
        QCOMPARE(program.run(words("limits away=24 revisions=none")).exitCode, 2);
        QCOMPARE(program.run(words("limits")).json().value(u"holding").toInteger(), qint64(6'000'000)); // as before

        QVERIFY(program.setAway(false));
        const auto synced = program.run(words("sync"));
        QVERIFY2(synced.exitCode == 0, synced.said().constData());
        QCOMPARE(synced.json().value(u"movedOut").toInt(), 1);
        QCOMPARE(program.heldFiles(), 0);
        const auto safe = program.run(words("list"));
        QCOMPARE(firstOf(safe.json(), "models").value(u"state").toString(), QStringLiteral("safe"));
        QCOMPARE(firstOf(safe.json(), "models").value(u"onThisComputer").toBool(), false);
        QVERIFY(QDir(program.accountPath(QStringLiteral("a"))).removeRecursively());
        const auto again = program.run(words("fetch model --to") << program.path(QStringLiteral("again")));
        QVERIFY2(again.exitCode == 0, again.said().constData());
        QVERIFY(Program::isSameFile(file, program.path(QStringLiteral("again/m.bin"))));
    }

    // `account list` says which, and shows the others as they are.
    void accountsOfANewerModelFloat()
    {
        const Program program;
        QFile kit(program.path(QStringLiteral("kit")));
        QVERIFY(kit.open(QIODevice::ReadOnly));
        QString text;
        for (const QByteArray &line : kit.readAll().split('\n')) {
            const QList<QByteArray> parts = line.simplified().split(' ');
            for (qsizetype i = 0; i + 1 < parts.size(); ++i) { // "1. word 2. word …"
                if (parts[i].endsWith('.') && parts[i].chopped(1).toInt() > 0)
                    text += QString::fromLatin1(parts[i + 1]) + u' ';
            }
        }
        const auto recovery = recoveryFrom(text);
        QVERIFY2(recovery, qPrintable(text));
        // The library's id is in the clear at the beginning of its object.
        const QDir lib(program.accountPath(QStringLiteral("a")) + QStringLiteral("/lib"));
        QFile object(lib.filePath(lib.entryList(QDir::Files).value(0)));
        QVERIFY(object.open(QIODevice::ReadOnly));
        LibraryId library;
        const QByteArray id = object.read(static_cast<qint64>(library.bytes.size()));
        std::copy(id.begin(), id.end(), library.bytes.begin());
        const KeyRing ring(library, KeyRing::masterOf(*recovery, library));

        Cbor newer = Cbor::object();
        newer["v"] = 2U;
        const QByteArray plain = toCbor(newer);
        const QByteArray marker = sealObject(ring, "marker", library.view(), viewOf(plain));
        replaceFile(program.accountPath(QStringLiteral("a/")) + markerName(ring).value, marker);
        const QByteArray segment = sealObject(ring, "segment", library.view(), viewOf(plain));
        const BlobName name = segmentName(ring, objectHash(viewOf(segment)));
        QVERIFY(QDir().mkpath(program.accountPath(QStringLiteral("b/log"))));
        replaceFile(program.accountPath(QStringLiteral("b/")) + name.value, segment);

        const auto listed = program.run(words("account list"));
        QVERIFY2(listed.exitCode == 0, listed.said().constData());
        QCOMPARE(stateOf(listed.json(), QStringLiteral("a")), QStringLiteral("newer"));
        QCOMPARE(stateOf(listed.json(), QStringLiteral("b")), QStringLiteral("newer"));
        QCOMPARE(stateOf(listed.json(), QStringLiteral("c")), QStringLiteral("connected"));
        // Nothing is stored there.
        const QString file = program.path(QStringLiteral("m.bin"));
        randomFile(file, 100'000, 3);
        const auto refused = program.run(words("store --lose 0") << file);
        QCOMPARE(refused.exitCode, 1);
        QVERIFY(refused.said().contains("MF-LIBRARY-NEWER"));
    }
};

QTEST_GUILESS_MAIN(TestAway)
#include "test_away.moc"
