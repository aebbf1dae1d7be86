// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/aead.h"
#include "core/crypto/sha256.h"
#include "core/packing/fragment.h"
#include "tests/packing/sample_bytes.h"

#include <QtTest>

#include <set>

using namespace mf;

namespace {
SecretKey keyOf(std::uint8_t fill)
{
    std::array<std::uint8_t, 32> bytes;
    bytes.fill(fill);
    return SecretKey(bytes);
}

LibraryId libraryOf(std::uint8_t fill)
{
    LibraryId id;
    id.bytes.fill(fill);
    return id;
}

KeyRing ringOf(std::uint8_t library, std::uint8_t key) { return KeyRing(libraryOf(library), keyOf(key)); }

FragmentHeader headerOf(qint64 dataLength, std::uint8_t index = 3)
{
    FragmentHeader header;
    header.library = libraryOf(1);
    header.pack.bytes.fill(0x22);
    header.k = 2;
    header.index = index;
    header.salt.fill(0x33);
    header.commitment.bytes.fill(0x44);
    header.payloadLength = static_cast<std::uint32_t>(2 * dataLength - dataLength / 3);
    header.dataLength = static_cast<std::uint32_t>(dataLength);
    return header;
}

// A header as a holder of the keys could seal it, whatever is in it.
QByteArray sealCrafted(const QByteArray &plain, std::uint8_t key, bool isNonceRight = true)
{
    const SecretKey headerKey = KeyRing::headerKey(keyOf(key));
    const Sha256 mac = hmacSha256(headerKey.view(), viewOf(plain));
    Aead::Nonce nonce;
    std::copy_n(mac.bytes.begin(), nonce.size(), nonce.begin());
    nonce[0] ^= isNonceRight ? 0 : 1;
    QByteArray sealed(kFragmentHeaderSize, '\0');
    const MutableBytes out = mutableViewOf(sealed);
    std::copy(nonce.begin(), nonce.end(), out.begin());
    const QByteArray aad = "mf1 fragment";
    Aead(headerKey).seal(nonce, viewOf(aad), viewOf(plain), out.subspan(nonce.size()));
    return sealed;
}

// The plain header by its description in fragment.h.
QByteArray plainHeader()
{
    QByteArray plain = "MFF1";
    plain += QByteArray::fromHex("0100"
                                 "02"
                                 "03")
        + QByteArray(16, '\x01') + QByteArray(16, '\x22') + QByteArray(32, '\x33') + QByteArray(32, '\x44')
        + QByteArray::fromHex("a0860100"
                              "50c30000");
    return plain.leftJustified(kFragmentHeaderPlain, '\0');
}

QString errorOf(const KeyRing &ring, const QByteArray &head)
{
    const Result<FragmentHeader> header = openFragmentHeader(ring, viewOf(head));
    return header ? QStringLiteral("opened") : header.error().id;
}
} // namespace

class TestFragment : public QObject
{
    Q_OBJECT

private slots:
    void crcIsCrc32c_data();
    void crcIsCrc32c();
    void headersComeBack();
    void headerLayoutIsAsWritten();
    void everyFlippedBitOfTheHeaderIsNoticed();
    void shortHeadsAreCorrupt();
    void otherLibrariesAreForeign();
    void hostileHeadersAreRefused_data();
    void hostileHeadersAreRefused();
    void olderEpochsOpen();
    void theSameFragmentIsAlwaysTheSameBytes();
    void damageIsLocated();
    void namesTellNothing();
};

void TestFragment::crcIsCrc32c_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<quint32>("crc");
    QTest::newRow("the check value") << QByteArray("123456789") << 0xE3069283U;
    QTest::newRow("nothing") << QByteArray() << 0U;
    // RFC 3720, appendix B.4
    QTest::newRow("32 zeros") << QByteArray(32, '\0') << 0x8A9136AAU;
    QTest::newRow("32 ones") << QByteArray(32, '\xff') << 0x62A8AB43U;
}

void TestFragment::crcIsCrc32c()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const quint32, crc);
    QCOMPARE(crc32c(viewOf(bytes)), crc);
}

void TestFragment::headersComeBack()
{
    const KeyRing ring = ringOf(1, 9);
    const FragmentHeader header = headerOf(70000);
    const QByteArray data = sample::randomBytes(70000, 4);
    const QByteArray blob = makeFragment(ring, header, viewOf(data));
    QCOMPARE(blob.size(), fragmentSize(70000));
    QCOMPARE(blob.mid(kFragmentHeaderSize, 70000), data);
    const Result<FragmentHeader> opened = openFragmentHeader(ring, viewOf(blob));
    QVERIFY(opened);
    QCOMPARE(opened->library, header.library);
    QCOMPARE(opened->pack, header.pack);
    QCOMPARE(opened->k, header.k);
    QCOMPARE(opened->index, header.index);
    QCOMPARE(opened->salt, header.salt);
    QCOMPARE(opened->commitment, header.commitment);
    QCOMPARE(opened->payloadLength, header.payloadLength);
    QCOMPARE(opened->dataLength, header.dataLength);
    // In place gives the same.
    QByteArray place(blob.size(), '\x55');
    std::copy(data.begin(), data.end(), place.begin() + kFragmentHeaderSize);
    finishFragment(ring, header, mutableViewOf(place));
    QCOMPARE(place, blob);
}

void TestFragment::headerLayoutIsAsWritten()
{
    FragmentHeader header = headerOf(50000);
    header.payloadLength = 100000;
    QByteArray sealed(kFragmentHeaderSize, '\0');
    sealFragmentHeader(ringOf(1, 9), header, mutableViewOf(sealed));
    QCOMPARE(sealed, sealCrafted(plainHeader(), 9));
}

void TestFragment::everyFlippedBitOfTheHeaderIsNoticed()
{
    const KeyRing ring = ringOf(1, 9);
    const QByteArray data(1000, 'd');
    const QByteArray blob = makeFragment(ring, headerOf(1000), viewOf(data));
    for (qint64 at = 0; at < kFragmentHeaderSize; ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            QByteArray bad = blob;
            bad[at] = char(bad[at] ^ (1 << bit));
            QCOMPARE(errorOf(ring, bad), QStringLiteral("MF-FRAGMENT-CORRUPT"));
        }
    }
    QCOMPARE(errorOf(ring, blob), QStringLiteral("opened"));
}

void TestFragment::shortHeadsAreCorrupt()
{
    const KeyRing ring = ringOf(1, 9);
    const QByteArray data(1000, 'd');
    const QByteArray blob = makeFragment(ring, headerOf(1000), viewOf(data));
    for (qint64 length = 0; length < kFragmentHeaderSize; ++length)
        QCOMPARE(errorOf(ring, blob.left(length)), QStringLiteral("MF-FRAGMENT-CORRUPT"));
    QCOMPARE(errorOf(ring, blob.left(kFragmentHeaderSize)), QStringLiteral("opened"));
}

void TestFragment::otherLibrariesAreForeign()
{
    const QByteArray data(1000, 'd');
    const QByteArray blob = makeFragment(ringOf(1, 9), headerOf(1000), viewOf(data));
    QCOMPARE(errorOf(ringOf(2, 9), blob), QStringLiteral("MF-FRAGMENT-FOREIGN"));
    // Under other keys nothing can be read that would tell it from damage.
    QCOMPARE(errorOf(ringOf(2, 8), blob), QStringLiteral("MF-FRAGMENT-CORRUPT"));
}

void TestFragment::hostileHeadersAreRefused_data()
{
    QTest::addColumn<qsizetype>("at");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("error");
    const QString corrupt = QStringLiteral("MF-FRAGMENT-CORRUPT");
    QTest::newRow("nothing changed") << qsizetype(0) << QByteArray() << QStringLiteral("opened");
    QTest::newRow("other magic") << qsizetype(0) << QByteArray("MFF2") << corrupt;
    QTest::newRow("version 0") << qsizetype(4) << QByteArray(2, '\0') << QStringLiteral("MF-FRAGMENT-VERSION");
    QTest::newRow("version 2") << qsizetype(4) << QByteArray("\x02") << QStringLiteral("MF-FRAGMENT-VERSION");
    QTest::newRow("version 257") << qsizetype(4) << QByteArray("\x01\x01") << QStringLiteral("MF-FRAGMENT-VERSION");
    QTest::newRow("k = 0") << qsizetype(6) << QByteArray(1, '\0') << corrupt;
    QTest::newRow("k = 255") << qsizetype(6) << QByteArray(1, '\xff') << corrupt;
    QTest::newRow("index 254") << qsizetype(7) << QByteArray(1, '\xfe') << QStringLiteral("opened");
    QTest::newRow("index 255") << qsizetype(7) << QByteArray(1, '\xff') << corrupt;
    QTest::newRow("other library") << qsizetype(8) << QByteArray(1, '\x02') << QStringLiteral("MF-FRAGMENT-FOREIGN");
    QTest::newRow("payload just fits") << qsizetype(104) << QByteArray::fromHex("a0860100") << QStringLiteral("opened");
    QTest::newRow("payload one longer than k fragments")
        << qsizetype(104) << QByteArray::fromHex("a1860100") << corrupt;
    QTest::newRow("payload of 4 GiB") << qsizetype(104) << QByteArray(4, '\xff') << corrupt;
    QTest::newRow("no data") << qsizetype(108) << QByteArray(4, '\0') << corrupt;
    QTest::newRow("first spare byte") << qsizetype(112) << QByteArray(1, '\x01') << corrupt;
    QTest::newRow("last spare byte") << qsizetype(127) << QByteArray(1, '\x01') << corrupt;
}

void TestFragment::hostileHeadersAreRefused()
{
    QFETCH(const qsizetype, at);
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, error);
    QByteArray plain = plainHeader();
    plain.replace(at, bytes.size(), bytes);
    QCOMPARE(errorOf(ringOf(1, 9), sealCrafted(plain, 9)), error);
    // There is one sealed form of each header.
    QCOMPARE(errorOf(ringOf(1, 9), sealCrafted(plain, 9, false)), QStringLiteral("MF-FRAGMENT-CORRUPT"));
}

void TestFragment::olderEpochsOpen()
{
    KeyRing ring = ringOf(1, 9);
    const QByteArray data(1000, 'd');
    const QByteArray old = makeFragment(ring, headerOf(1000), viewOf(data));
    ring.add(keyOf(10));
    ring.add(keyOf(11));
    QCOMPARE(errorOf(ring, old), QStringLiteral("opened"));
    const QByteArray fresh = makeFragment(ring, headerOf(1000), viewOf(data));
    QVERIFY(fresh != old);
    QCOMPARE(errorOf(ring, fresh), QStringLiteral("opened"));
    QCOMPARE(errorOf(ringOf(1, 9), fresh), QStringLiteral("MF-FRAGMENT-CORRUPT"));
}

// A name determines its bytes: also when it is sent again after a crash. And no nonce serves two headers.
void TestFragment::theSameFragmentIsAlwaysTheSameBytes()
{
    const KeyRing ring = ringOf(1, 9);
    const QByteArray data(1000, 'd');
    std::set<QByteArray> nonces;
    for (int index = 0; index < 255; ++index) {
        const FragmentHeader header = headerOf(1000, std::uint8_t(index));
        const QByteArray blob = makeFragment(ring, header, viewOf(data));
        QCOMPARE(makeFragment(ring, header, viewOf(data)), blob);
        nonces.insert(blob.left(12));
    }
    QCOMPARE(nonces.size(), std::size_t(255));
}

void TestFragment::damageIsLocated()
{
    const qint64 length = 5 * 65536 + 777;
    const QByteArray data = sample::randomBytes(length, 6);
    const QByteArray blob = makeFragment(ringOf(1, 9), headerOf(length), viewOf(data));
    const ByteView whole = viewOf(blob).subspan(kFragmentHeaderSize);
    const ByteView trailer = whole.subspan(std::size_t(length));
    QCOMPARE(qint64(trailer.size()), fragmentTrailerSize(length));
    QVERIFY(damagedBlocks(whole.first(std::size_t(length)), trailer).empty());

    QByteArray bad = data;
    for (const qint64 at : { qint64(0), qint64(65535), qint64(65536), qint64(200000), length - 1 }) {
        bad[at] = char(bad[at] ^ 0x10);
        QCOMPARE(damagedBlocks(viewOf(bad), trailer), std::vector<int> { int(at / 65536) });
        bad[at] = data[at];
    }
    bad[3] = char(~bad[3]);
    bad[length - 3] = char(~bad[length - 3]);
    QCOMPARE(damagedBlocks(viewOf(bad), trailer), (std::vector<int> { 0, 5 }));

    QByteArray badTrailer = toByteArray(trailer);
    badTrailer[9] = char(~badTrailer[9]);
    QCOMPARE(damagedBlocks(viewOf(data), viewOf(badTrailer)), std::vector<int> { 2 });
    QCOMPARE(damagedBlocks(viewOf(data), trailer.first(trailer.size() - 1)).size(), std::size_t(6));
    QVERIFY(damagedBlocks({}, {}).empty());
}

void TestFragment::namesTellNothing()
{
    const KeyRing ring = ringOf(1, 9);
    std::set<QString> names;
    std::set<QString> folders;
    for (int pack = 0; pack < 20; ++pack) {
        PackId id;
        id.bytes.fill(std::uint8_t(pack));
        for (int index = 0; index < 255; index += 10) {
            const BlobName name = fragmentName(ring, id, index);
            QVERIFY(isValidBlobName(name));
            QVERIFY(QRegularExpression(QStringLiteral("^f/[0-9a-f]{2}/[a-z2-7]{52}$")).match(name.value).hasMatch());
            QCOMPARE(fragmentName(ring, id, index), name);
            QVERIFY(fragmentName(ringOf(1, 8), id, index) != name);
            names.insert(name.value);
            folders.insert(name.value.left(4));
        }
    }
    QCOMPARE(names.size(), std::size_t(20 * 26));
    QVERIFY(folders.size() > 180); // of 256, by 520 names
    // Rotating keys does not rename what is stored.
    KeyRing rotated = ring;
    rotated.add(keyOf(77));
    QCOMPARE(fragmentName(rotated, PackId(), 0), fragmentName(ring, PackId(), 0));
}

QTEST_APPLESS_MAIN(TestFragment)
#include "test_fragment.moc"
