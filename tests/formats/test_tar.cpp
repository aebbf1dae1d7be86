// SPDX-License-Identifier: GPL-3.0-or-later
// tars as the tar of the system writes them, and as nobody should.
#include "core/formats/tar.h"
#include "tests/formats/format_test.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>

using namespace mf;

namespace {

constexpr qsizetype kBlock = kTarBlock;

void stampChecksum(QByteArray &header)
{
    header.replace(148, 8, "        ");
    unsigned sum = 0;
    for (const char c : header)
        sum += static_cast<unsigned char>(c);
    header.replace(148, 8, QByteArray::number(sum, 8).rightJustified(6, '0').append("\0 ", 2));
}

// size: as it stands in its field.
QByteArray headerOf(const QByteArray &name, const QByteArray &size, char type = '0')
{
    QByteArray header(kBlock, '\0');
    header.replace(0, name.size(), name);
    header.replace(124, size.size(), size);
    header[156] = type;
    header.replace(257, 8,
        QByteArray("ustar\0"
                   "00",
            8));
    stampChecksum(header);
    return header;
}

QByteArray padded(QByteArray bytes) { return bytes.append((kBlock - bytes.size() % kBlock) % kBlock, '\0'); }

QByteArray octal(qint64 size) { return QByteArray::number(size, 8).rightJustified(11, '0'); }

QStringList namesIn(const QByteArray &tar)
{
    QStringList names;
    for (const TarMember &member : readTar(MemorySource(viewOf(tar)))) {
        names.append(member.name);
        if (member.offset < kBlock || member.length <= 0 || member.offset + member.length > tar.size())
            qFatal("a member lies outside");
    }
    return names;
}

} // namespace

class TestTar : public QObject
{
    Q_OBJECT

private slots:
    void membersAreWhereTheyAre_data()
    {
        QTest::addColumn<QString>("format");
        for (const char *format : { "v7", "ustar", "gnu", "pax" })
            QTest::newRow(format) << QString::fromUtf8(format);
    }
    // Empty files, folders, links, long names, content that looks like a header.
    void membersAreWhereTheyAre()
    {
        QFETCH(const QString, format);
        QTemporaryDir dir;
        const QDir folder(dir.path());
        QVERIFY(folder.mkpath(QStringLiteral("in/sub")));
        QMap<QString, QByteArray> files { { QStringLiteral("in/one"), "1" }, { QStringLiteral("in/empty"), {} },
            { QStringLiteral("in/sub/block"), generated(0, kBlock) },
            { QStringLiteral("in/sub/more"), generated(9, 300'001) },
            { QStringLiteral("in/like"), headerOf("x", octal(7)) } };
        if (format != QStringLiteral("v7")) // which has no room for it
            files.insert(QStringLiteral("in/") + QString(80, u'd') + u'/' + QString(90, u'n'), "long");
        for (auto file = files.begin(); file != files.end(); ++file) {
            const QString path = folder.filePath(file.key());
            QVERIFY(folder.mkpath(QFileInfo(path).path()));
            QFile out(path);
            QVERIFY(out.open(QIODevice::WriteOnly) && out.write(file.value()) == file.value().size());
        }
        QVERIFY(QFile::link(QStringLiteral("one"), folder.filePath(QStringLiteral("in/link"))));
        QProcess tar;
        tar.start(QStringLiteral("tar"),
            { QStringLiteral("--format=") + format, QStringLiteral("-C"), dir.path(), QStringLiteral("-cf"),
                folder.filePath(QStringLiteral("out.tar")), QStringLiteral("in") });
        QVERIFY(tar.waitForFinished() && tar.exitCode() == 0);
        QFile made(folder.filePath(QStringLiteral("out.tar")));
        QVERIFY(made.open(QIODevice::ReadOnly));
        const QByteArray bytes = made.readAll();

        QVERIFY(looksLikeTar(viewOf(bytes).first(kTarBlock)));
        QList<QByteArray> found;
        for (const TarMember &member : readTar(MemorySource(viewOf(bytes))))
            found.append(bytes.mid(member.offset, member.length));
        QList<QByteArray> expected = files.values();
        expected.removeAll(QByteArray());
        std::sort(found.begin(), found.end());
        std::sort(expected.begin(), expected.end());
        QVERIFY(found == expected);
    }

    void sizesThatOctalDigitsCannotHold()
    {
        const QByteArray content = padded(generated(0, 700));
        QByteArray binary(12, '\0'); // GNU: base 256
        binary[0] = char(0x80);
        binary[10] = char(700 >> 8);
        binary[11] = char(700 & 0xff);
        QCOMPARE(namesIn(headerOf("a", binary) + content), QStringList { QStringLiteral("a") });
        // pax: the size stands in a header of its own, and the octal one says nothing.
        const QByteArray records = "12 path=b/c\n12 size=700\n";
        const QByteArray pax = headerOf("x", octal(records.size()), 'x') + padded(records);
        const auto members = readTar(MemorySource(viewOf(QByteArray(pax + headerOf("b", octal(0)) + content))));
        QCOMPARE(members.size(), std::size_t(1));
        QCOMPARE(members[0].length, 700);
    }

    void whatIsNoTar()
    {
        QVERIFY(!looksLikeTar({}));
        QVERIFY(!looksLikeTar(viewOf(QByteArray(kBlock, '\0'))));
        QVERIFY(!looksLikeTar(viewOf(generated(0, kBlock))));
        QByteArray header = headerOf("a", octal(5));
        QVERIFY(looksLikeTar(viewOf(header)));
        QVERIFY(!looksLikeTar(viewOf(header).first(kTarBlock - 1)));
        header[3] = 'x'; // the checksum is not of this
        QVERIFY(!looksLikeTar(viewOf(header)));
    }

    // It ends with the last sound member; whatever a header claims, nothing lies outside the file.
    void aBrokenOneEndsWhereItBreaks_data()
    {
        QTest::addColumn<QByteArray>("rest");
        const QByteArray content = padded("content");
        QTest::newRow("cut off in the content") << headerOf("b", octal(700)) + padded("short");
        QTest::newRow("cut off in the header") << headerOf("b", octal(7)).left(100);
        QTest::newRow("a checksum that is wrong") << headerOf("b", octal(7)).replace(0, 1, "c") + content;
        QTest::newRow("no size") << headerOf("b", "") + content;
        QTest::newRow("a size that is no number") << headerOf("b", "12x4") + content;
        QTest::newRow("larger than any file") << headerOf("b", "77777777777") + content;
        QByteArray huge(12, char(0xff));
        QTest::newRow("larger than any number") << headerOf("b", huge) + content;
        QTest::newRow("a pax size below nothing")
            << headerOf("x", octal(11), 'x') + padded("11 size=-7\n") + headerOf("b", octal(7)) + content;
        QTest::newRow("two blocks of zeros") << QByteArray(2 * kBlock, '\0') + headerOf("b", octal(7)) + content;
    }
    void aBrokenOneEndsWhereItBreaks()
    {
        QFETCH(const QByteArray, rest);
        const QByteArray first = headerOf("a", octal(7)) + padded("content");
        const QStringList names = namesIn(first + rest);
        const bool isPax = QByteArray(QTest::currentDataTag()).startsWith("a pax"); // nonsense there is passed over
        QCOMPARE(names,
            isPax ? QStringList({ QStringLiteral("a"), QStringLiteral("b") }) : QStringList(QStringLiteral("a")));
    }
};

QTEST_GUILESS_MAIN(TestTar)
#include "test_tar.moc"
