// SPDX-License-Identifier: GPL-3.0-or-later
// The small values of core/base: Result, Error, bytes and their text forms, ids, varints, paths.
#include "core/base/bytes.h"
#include "core/base/error.h"
#include "core/base/ids.h"
#include "core/base/path_text.h"
#include "core/base/result.h"
#include "core/base/varint.h"

#include <QHash>
#include <QSet>
#include <QtTest>

#include <cerrno>
#include <memory>
#include <unordered_set>

using namespace mf;

namespace {

Error someError() { return Error(Error::Kind::Quota, QStringLiteral("MF-TEST-FULL"), QStringLiteral("no room")); }

Result<> mayFail(bool fail)
{
    if (fail)
        return someError();
    return {};
}

QByteArray bytesFromHex(const char *hex) { return QByteArray::fromHex(hex); }

} // namespace

class TestValues : public QObject
{
    Q_OBJECT
private slots:
    void resultHoldsOneOrTheOther();
    void resultOfNothing();
    void resultMovesItsValueOut();
    void errorCarriesWhatItIsGiven();
    void everyKindHasItsOwnWord();
    void transientKinds();
    void systemErrors_data();
    void systemErrors();

    void base32_data();
    void base32();
    void base32RoundTripOfEveryLength();
    void base32RefusesWhatIsNotExactlyIt_data();
    void base32RefusesWhatIsNotExactlyIt();
    void hexRoundTrip();
    void hexRefuses_data();
    void hexRefuses();
    void littleEndianIntegers();
    void zeroBytes();

    void idsFromOutsideNeedTheRightLength();
    void idsCompareAndHash();
    void blobNames_data();
    void blobNames();

    void varints_data();
    void varints();
    void varintsRefused_data();
    void varintsRefused();

    void pathsComeBackByteForByte_data();
    void pathsComeBackByteForByte();
    void everyByteInANameComesBack();
    void relativePaths_data();
    void relativePaths();
};

void TestValues::resultHoldsOneOrTheOther()
{
    const Result<int> good = 3;
    QVERIFY(good);
    QCOMPARE(*good, 3);
    const Result<int> bad = someError();
    QVERIFY(!bad);
    QCOMPARE(bad.error().id, u"MF-TEST-FULL"_qs);
    Result<QString> text = u"a"_qs;
    text->append(u'b');
    QCOMPARE(*text, u"ab"_qs);
    text = someError();
    QVERIFY(!text);
}

void TestValues::resultOfNothing()
{
    QVERIFY(mayFail(false));
    const auto bad = mayFail(true);
    QVERIFY(!bad);
    QCOMPARE(bad.error().kind, Error::Kind::Quota);
}

void TestValues::resultMovesItsValueOut()
{
    Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
    const std::unique_ptr<int> value = *std::move(result);
    QCOMPARE(*value, 5);
}

void TestValues::errorCarriesWhatItIsGiven()
{
    const QDateTime when(QDate(2026, 1, 2), QTime(3, 4), Qt::UTC);
    const Error error = someError()
                            .at(u"disk"_qs)
                            .of(u"llama"_qs)
                            .with(u"path"_qs, u"/x"_qs)
                            .until(when)
                            .offering(Error::Action::FreeSpace)
                            .offering(Error::Action::Retry);
    QCOMPARE(error.kind, Error::Kind::Quota);
    QCOMPARE(error.message, u"no room"_qs);
    QCOMPARE(error.account, u"disk"_qs);
    QCOMPARE(error.model, u"llama"_qs);
    QCOMPARE(error.parameters.value(u"path"_qs), u"/x"_qs);
    QCOMPARE(error.retryAt, std::optional<QDateTime>(when));
    QCOMPARE(error.actions, std::vector<Error::Action>({ Error::Action::FreeSpace, Error::Action::Retry }));
}

void TestValues::everyKindHasItsOwnWord()
{
    // The words of the command line's contract, in the order of the enum.
    const QStringList expected { u"network"_qs, u"throttled"_qs, u"unauthorised"_qs, u"not-found"_qs,
        u"already-exists"_qs, u"quota"_qs, u"corrupt"_qs, u"unsupported"_qs, u"invalid"_qs, u"cancelled"_qs,
        u"internal"_qs };
    QStringList words;
    for (int kind = 0; kind <= static_cast<int>(Error::Kind::Internal); ++kind)
        words << kindName(static_cast<Error::Kind>(kind));
    QCOMPARE(words, expected);
}

void TestValues::transientKinds()
{
    for (int kind = 0; kind <= static_cast<int>(Error::Kind::Internal); ++kind) {
        Error error;
        error.kind = static_cast<Error::Kind>(kind);
        QCOMPARE(error.isTransient(), error.kind == Error::Kind::Network || error.kind == Error::Kind::Throttled);
    }
}

void TestValues::systemErrors_data()
{
    QTest::addColumn<int>("number");
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QString>("id");
    QTest::newRow("no such file") << ENOENT << u"not-found"_qs << u"MF-FILE-MISSING"_qs;
    QTest::newRow("it exists") << EEXIST << u"already-exists"_qs << u"MF-FILE-EXISTS"_qs;
    QTest::newRow("the disk is full") << ENOSPC << u"quota"_qs << u"MF-DISK-FULL"_qs;
    QTest::newRow("over the quota") << EDQUOT << u"quota"_qs << u"MF-DISK-FULL"_qs;
    QTest::newRow("permission denied") << EACCES << u"invalid"_qs << u"MF-FILE-DENIED"_qs;
    QTest::newRow("read-only file system") << EROFS << u"invalid"_qs << u"MF-FILE-DENIED"_qs;
    QTest::newRow("name too long") << ENAMETOOLONG << u"invalid"_qs << u"MF-FILE-NAME"_qs;
    QTest::newRow("the disk went away") << EIO << u"network"_qs << u"MF-FILE-IO"_qs;
    QTest::newRow("its server does not answer") << ETIMEDOUT << u"network"_qs << u"MF-FILE-IO"_qs;
    QTest::newRow("anything else") << ENOMEM << u"internal"_qs << u"MF-FILE-SYSTEM"_qs;
}

void TestValues::systemErrors()
{
    QFETCH(int, number);
    QFETCH(QString, kind);
    QFETCH(QString, id);
    const Error error = systemError(number, u"cannot write /a/b"_qs);
    QCOMPARE(kindName(error.kind), kind);
    QCOMPARE(error.id, id);
    QVERIFY2(error.message.startsWith(u"cannot write /a/b: "), qPrintable(error.message));
    QVERIFY(error.message.size() > u"cannot write /a/b: "_qs.size());
}

void TestValues::base32_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    // RFC 4648 section 10, lower case and without the padding.
    QTest::newRow("nothing") << QByteArray("") << u""_qs;
    QTest::newRow("f") << QByteArray("f") << u"my"_qs;
    QTest::newRow("fo") << QByteArray("fo") << u"mzxq"_qs;
    QTest::newRow("foo") << QByteArray("foo") << u"mzxw6"_qs;
    QTest::newRow("foob") << QByteArray("foob") << u"mzxw6yq"_qs;
    QTest::newRow("fooba") << QByteArray("fooba") << u"mzxw6ytb"_qs;
    QTest::newRow("foobar") << QByteArray("foobar") << u"mzxw6ytboi"_qs;
    QTest::newRow("32 bytes are 52 characters") << QByteArray(32, '\xff') << QString(u"7"_qs.repeated(51) + u'q');
}

void TestValues::base32()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, text);
    QCOMPARE(toBase32(viewOf(bytes)), text);
    QCOMPARE(fromBase32(text).value_or("wrong"), bytes);
}

void TestValues::base32RoundTripOfEveryLength()
{
    QByteArray bytes;
    for (int length = 0; length < 70; ++length) {
        QCOMPARE(fromBase32(toBase32(viewOf(bytes))).value_or("wrong"), bytes);
        bytes.append(static_cast<char>(length * 89 + 3));
    }
}

void TestValues::base32RefusesWhatIsNotExactlyIt_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("one character") << u"m"_qs;
    QTest::newRow("three characters") << u"mzx"_qs;
    QTest::newRow("six characters") << u"mzxw6y"_qs;
    QTest::newRow("spare bits set") << u"mz"_qs;
    QTest::newRow("spare bits set at the end") << u"mzxw7"_qs;
    QTest::newRow("upper case") << u"MY"_qs;
    QTest::newRow("padding") << u"my======"_qs;
    QTest::newRow("a digit outside the alphabet") << u"m1"_qs;
    QTest::newRow("space") << u"my "_qs;
    QTest::newRow("not ASCII") << u"mä"_qs;
    QTest::newRow("beyond the table") << u"m\uFF59"_qs;
}

void TestValues::base32RefusesWhatIsNotExactlyIt()
{
    QFETCH(QString, text);
    QVERIFY(!fromBase32(text));
}

void TestValues::hexRoundTrip()
{
    QByteArray all;
    for (int i = 0; i < 256; ++i)
        all.append(static_cast<char>(i));
    const QString text = toHex(viewOf(all));
    QCOMPARE(text.size(), 512);
    QCOMPARE(text.left(8), u"00010203"_qs);
    QCOMPARE(fromHex(text).value_or("wrong"), all);
    QCOMPARE(fromHex(text.toUpper()).value_or("wrong"), all);
    QCOMPARE(fromHex(u"").value_or("wrong"), QByteArray());
}

void TestValues::hexRefuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("odd length") << u"abc"_qs;
    QTest::newRow("not a digit") << u"0g"_qs;
    QTest::newRow("prefix") << u"0x00"_qs;
    QTest::newRow("space between") << u"00 0"_qs;
    QTest::newRow("digits of another script") << u"\u0661\u0662"_qs;
}

void TestValues::hexRefuses()
{
    QFETCH(QString, text);
    QVERIFY(!fromHex(text));
}

void TestValues::littleEndianIntegers()
{
    const QByteArray bytes = bytesFromHex("f1debc9a78563412");
    const auto *at = viewOf(bytes).data();
    QCOMPARE(loadLe<std::uint8_t>(at), std::uint8_t(0xf1));
    QCOMPARE(loadLe<std::uint16_t>(at), std::uint16_t(0xdef1));
    QCOMPARE(loadLe<std::uint32_t>(at), std::uint32_t(0x9abcdef1));
    QCOMPARE(loadLe<std::uint64_t>(at), std::uint64_t(0x123456789abcdef1));
    const QByteArray minus(8, '\xff');
    QCOMPARE(loadLe<std::int64_t>(viewOf(minus).data()), std::int64_t(-1));
    QByteArray out(8, '\0');
    storeLe<std::uint64_t>(mutableViewOf(out).data(), 0x123456789abcdef1);
    QCOMPARE(out, bytes);
    storeLe<std::int32_t>(mutableViewOf(out).data(), -2);
    QCOMPARE(out.left(4), bytesFromHex("feffffff"));
}

void TestValues::zeroBytes()
{
    QVERIFY(isZero({}));
    QByteArray bytes(100, '\0');
    QVERIFY(isZero(viewOf(bytes)));
    for (const int at : { 0, 1, 50, 99 }) {
        bytes[at] = 1;
        QVERIFY(!isZero(viewOf(bytes)));
        bytes[at] = 0;
    }
}

void TestValues::idsFromOutsideNeedTheRightLength()
{
    const QByteArray bytes = bytesFromHex("000102030405060708090a0b0c0d0e0f");
    const auto id = PackId::from(viewOf(bytes));
    QVERIFY(id);
    QCOMPARE(id->toByteArray(), bytes);
    QCOMPARE(id->toHex(), u"000102030405060708090a0b0c0d0e0f"_qs);
    QVERIFY(!PackId::from(viewOf(bytes).first(15)));
    QVERIFY(!PackId::from({}));
    QVERIFY(!EpochId::from(viewOf(bytes)));
    QVERIFY(PackId().isNull());
    QVERIFY(!id->isNull());
}

void TestValues::idsCompareAndHash()
{
    const QByteArray low = QByteArray(31, '\0') + '\1';
    const QByteArray high = '\1' + QByteArray(31, '\0');
    const ChunkHash a(viewOf(low));
    const ChunkHash b(viewOf(high));
    QVERIFY(a < b);
    QVERIFY(a != b);
    QCOMPARE(QSet<ChunkHash>({ a, b, a }).size(), 2);
    const std::unordered_set<ChunkHash, FixedBytesHash> set { a, b, a };
    QCOMPARE(set.size(), std::size_t(2));
    static_assert(!std::is_convertible_v<ChunkHash, ObjectHash>);
    static_assert(ChunkHash::size() == 32 && PackId::size() == 16 && EpochId::size() == 8);
}

void TestValues::blobNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("valid");
    QTest::newRow("usual") << u"f/3a/abcdefgh234567"_qs << true;
    QTest::newRow("one character") << u"a"_qs << true;
    QTest::newRow("all that is allowed") << u"az09/a.b_c-d"_qs << true;
    QTest::newRow("120 characters") << u"a"_qs.repeated(120) << true;
    QTest::newRow("121 characters") << u"a"_qs.repeated(121) << false;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("absolute") << u"/a"_qs << false;
    QTest::newRow("ends with a slash") << u"a/"_qs << false;
    QTest::newRow("empty part") << u"a//b"_qs << false;
    QTest::newRow("dot") << u"."_qs << false;
    QTest::newRow("dot dot") << u".."_qs << false;
    QTest::newRow("dot dot inside") << u"a/../b"_qs << false;
    QTest::newRow("hidden") << u"a/.b"_qs << false;
    QTest::newRow("dot later in the part") << u"a/b.c"_qs << true;
    QTest::newRow("upper case") << u"A"_qs << false;
    QTest::newRow("space") << u"a b"_qs << false;
    QTest::newRow("backslash") << u"a\\b"_qs << false;
    QTest::newRow("NUL") << QString(u"a"_qs + QChar(u'\0')) << false;
    QTest::newRow("not ASCII") << u"ä"_qs << false;
    QTest::newRow("percent") << u"a%2f"_qs << false;
}

void TestValues::blobNames()
{
    QFETCH(QString, name);
    QFETCH(bool, valid);
    QCOMPARE(isValidBlobName(BlobName(name)), valid);
}

void TestValues::varints_data()
{
    QTest::addColumn<quint64>("value");
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("0") << quint64(0) << bytesFromHex("00");
    QTest::newRow("127") << quint64(127) << bytesFromHex("7f");
    QTest::newRow("128") << quint64(128) << bytesFromHex("8001");
    QTest::newRow("300") << quint64(300) << bytesFromHex("ac02");
    QTest::newRow("16384") << quint64(16384) << bytesFromHex("808001");
    QTest::newRow("63 bits") << quint64(0x7fffffffffffffff) << bytesFromHex("ffffffffffffffff7f");
}

void TestValues::varints()
{
    QFETCH(quint64, value);
    QFETCH(QByteArray, bytes);
    QByteArray out("x");
    appendVarint(out, value);
    QCOMPARE(out, QByteArray('x' + bytes));
    const QByteArray more = bytes + "rest";
    ByteView view = viewOf(more);
    QCOMPARE(takeVarint(view), std::optional<quint64>(value));
    QCOMPARE(toByteArray(view), QByteArray("rest"));
}

void TestValues::varintsRefused_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("cut off") << bytesFromHex("80");
    QTest::newRow("cut off after eight") << bytesFromHex("ffffffffffffffff");
    QTest::newRow("not minimal") << bytesFromHex("8000");
    QTest::newRow("ten bytes") << bytesFromHex("ffffffffffffffffff01");
    QTest::newRow("endless") << QByteArray(100, '\xff');
}

void TestValues::varintsRefused()
{
    QFETCH(QByteArray, bytes);
    ByteView view = viewOf(bytes);
    QVERIFY(!takeVarint(view));
    QCOMPARE(view.size(), static_cast<std::size_t>(bytes.size()));
}

void TestValues::pathsComeBackByteForByte_data()
{
    QTest::addColumn<QByteArray>("path");
    QTest::addColumn<QString>("text");
    QTest::newRow("ASCII") << QByteArray("a/b.gguf") << u"a/b.gguf"_qs;
    QTest::newRow("UTF-8") << QByteArray("mod\xc3\xa8le") << u"modèle"_qs;
    QTest::newRow("beyond the BMP") << QByteArray("\xf0\x9f\xa6\x99") << u"🦙"_qs;
    QTest::newRow("Latin-1") << QByteArray("mod\xe8le") << u"mod\uF7E8le"_qs;
    QTest::newRow("overlong slash") << QByteArray("\xc0\xaf") << u"\uF7C0\uF7AF"_qs;
    QTest::newRow("a surrogate") << QByteArray("\xed\xa0\x80") << u"\uF7ED\uF7A0\uF780"_qs;
    QTest::newRow("an escape itself") << QByteArray("\xef\x9e\x80") << u"\uF7EF\uF79E\uF780"_qs;
    QTest::newRow("cut off") << QByteArray("a\xe2\x82") << u"a\uF7E2\uF782"_qs;
}

void TestValues::pathsComeBackByteForByte()
{
    QFETCH(QByteArray, path);
    QFETCH(QString, text);
    QCOMPARE(textOfPath(path), text);
    QCOMPARE(pathOfText(text), path);
}

void TestValues::everyByteInANameComesBack()
{
    QSet<QString> texts;
    int names = 0;
    for (int first = 1; first < 256; ++first) {
        for (int second = 1; second < 256; ++second) {
            QByteArray name;
            name.append(static_cast<char>(first)).append(static_cast<char>(second));
            const QString text = textOfPath(name);
            QCOMPARE(pathOfText(text), name);
            texts.insert(text);
            ++names;
        }
    }
    QCOMPARE(texts.size(), names); // no two names with the same text
}

void TestValues::relativePaths_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("safe");
    QTest::newRow("a file") << u"model.gguf"_qs << true;
    QTest::newRow("nested") << u"a/b/c"_qs << true;
    QTest::newRow("an empty folder") << u"a/b/"_qs << true;
    QTest::newRow("hidden") << u".gitattributes"_qs << true;
    QTest::newRow("three dots") << u"a/..."_qs << true;
    QTest::newRow("255 bytes") << u"x"_qs.repeated(255) << true;
    QTest::newRow("256 bytes") << u"x"_qs.repeated(256) << false;
    QTest::newRow("256 bytes in fewer characters") << u"ä"_qs.repeated(128) << false;
    QTest::newRow("a part of 256 bytes") << QString(u"a/"_qs + u"x"_qs.repeated(256)) << false;
    QTest::newRow("4,096 bytes") << QString(u"x/"_qs.repeated(2047) + u"xx"_qs) << true;
    QTest::newRow("4,097 bytes") << QString(u"x/"_qs.repeated(2048) + u"x"_qs) << false;
    QTest::newRow("empty") << QString() << false;
    QTest::newRow("only a slash") << u"/"_qs << false;
    QTest::newRow("absolute") << u"/etc/passwd"_qs << false;
    QTest::newRow("up") << u".."_qs << false;
    QTest::newRow("up first") << u"../a"_qs << false;
    QTest::newRow("up inside") << u"a/../../b"_qs << false;
    QTest::newRow("up as a folder") << u"a/../"_qs << false;
    QTest::newRow("here") << u"./a"_qs << false;
    QTest::newRow("empty part") << u"a//b"_qs << false;
    QTest::newRow("NUL") << QString(u"a"_qs + QChar(u'\0')) << false;
}

void TestValues::relativePaths()
{
    QFETCH(QString, path);
    QFETCH(bool, safe);
    const auto result = checkRelativePath(path);
    QCOMPARE(static_cast<bool>(result), safe);
    if (!safe) {
        QCOMPARE(result.error().id, u"MF-PATH-UNSAFE"_qs);
        QCOMPARE(result.error().kind, Error::Kind::Invalid);
    }
}

QTEST_GUILESS_MAIN(TestValues)
#include "test_values.moc"
