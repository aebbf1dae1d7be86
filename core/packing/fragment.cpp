// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/packing/fragment.h"

#include "core/crypto/aead.h"
#include "core/crypto/sha256.h"
#include "core/packing/pack_parts.h"

#include <isa-l/crc.h>

#include <algorithm>

namespace mf {
namespace {
constexpr std::array<std::uint8_t, 4> kMagic { 'M', 'F', 'F', '1' };
constexpr std::uint16_t kVersion = 1;
constexpr std::size_t kNonce = 12;
constexpr std::size_t kCrc = 4;
constexpr int kLastRow = 254;
using PlainHeader = std::array<std::uint8_t, kFragmentHeaderPlain>;

// Where each field lies in the plain header; the rest is zero.
constexpr std::size_t kAtVersion = 4;
constexpr std::size_t kAtK = 6;
constexpr std::size_t kAtIndex = 7;
constexpr std::size_t kAtLibrary = 8;
constexpr std::size_t kAtPack = 24;
constexpr std::size_t kAtSalt = 40;
constexpr std::size_t kAtCommitment = 72;
constexpr std::size_t kAtPayloadLength = 104;
constexpr std::size_t kAtDataLength = 108;
constexpr std::size_t kAtZero = 112;

ByteView headerAad()
{
    static constexpr char text[] = "mf1 fragment";
    return { reinterpret_cast<const std::uint8_t *>(text), sizeof text - 1 };
}

Aead::Nonce nonceOf(const SecretKey &key, const PlainHeader &plain)
{
    const Sha256 mac = hmacSha256(key.view(), plain);
    Aead::Nonce nonce;
    std::copy_n(mac.bytes.begin(), nonce.size(), nonce.begin());
    return nonce;
}

PlainHeader encode(const FragmentHeader &header)
{
    PlainHeader plain {};
    std::copy(kMagic.begin(), kMagic.end(), plain.begin());
    storeLe<std::uint16_t>(plain.data() + kAtVersion, kVersion);
    plain[kAtK] = header.k;
    plain[kAtIndex] = header.index;
    std::copy(header.library.bytes.begin(), header.library.bytes.end(), plain.begin() + kAtLibrary);
    std::copy(header.pack.bytes.begin(), header.pack.bytes.end(), plain.begin() + kAtPack);
    std::copy(header.salt.begin(), header.salt.end(), plain.begin() + kAtSalt);
    std::copy(header.commitment.bytes.begin(), header.commitment.bytes.end(), plain.begin() + kAtCommitment);
    storeLe<std::uint32_t>(plain.data() + kAtPayloadLength, header.payloadLength);
    storeLe<std::uint32_t>(plain.data() + kAtDataLength, header.dataLength);
    return plain;
}

Error corrupt()
{
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-FRAGMENT-CORRUPT"),
        QStringLiteral("A stored fragment is damaged or no fragment of this library; "
                       "run a check, which rebuilds it from the others"));
}

Result<FragmentHeader> decode(const KeyRing &ring, const PlainHeader &plain)
{
    if (!std::equal(kMagic.begin(), kMagic.end(), plain.begin()))
        return corrupt();
    if (loadLe<std::uint16_t>(plain.data() + kAtVersion) != kVersion)
        return Error(Error::Kind::Unsupported, QStringLiteral("MF-FRAGMENT-VERSION"),
            QStringLiteral("A stored fragment was written by a newer version of ModelFloat; update it"));
    const ByteView view(plain);
    FragmentHeader header;
    header.k = plain[kAtK];
    header.index = plain[kAtIndex];
    header.library = LibraryId(view.subspan(kAtLibrary, LibraryId::size()));
    header.pack = PackId(view.subspan(kAtPack, PackId::size()));
    std::copy_n(plain.begin() + kAtSalt, header.salt.size(), header.salt.begin());
    header.commitment = Sha256(view.subspan(kAtCommitment, Sha256::size()));
    header.payloadLength = loadLe<std::uint32_t>(plain.data() + kAtPayloadLength);
    header.dataLength = loadLe<std::uint32_t>(plain.data() + kAtDataLength);
    if (header.library != ring.library())
        return Error(Error::Kind::Corrupt, QStringLiteral("MF-FRAGMENT-FOREIGN"),
            QStringLiteral("A stored fragment belongs to another library; "
                           "check that the account is connected to the library that it was set up for"));
    const bool fits = header.payloadLength <= std::uint64_t(header.k) * header.dataLength;
    if (header.k < 1 || header.k > kLastRow || header.index > kLastRow || !fits || !isZero(view.subspan(kAtZero)))
        return corrupt();
    return header;
}

// The epoch of the pack itself: a fragment that is rebuilt after a rotation has the bytes that it had.
SecretKey masterFor(const KeyRing &ring, const FragmentHeader &header)
{
    const auto &epochs = ring.epochs();
    for (auto epoch = epochs.rbegin(); epoch != epochs.rend() && epochs.size() > 1; ++epoch) {
        const DerivedKey key = KeyRing::derive(epoch->master, header.salt, kPackKeyType, header.pack.view());
        if (key.commitment == header.commitment)
            return epoch->master;
    }
    return ring.newest().master;
}

// The CRC of each block of data, as the trailer has them.
template <typename F> void forEachBlock(ByteView data, F visit)
{
    for (std::size_t at = 0, block = 0; at < data.size(); at += kCrcBlock, ++block)
        visit(block, crc32c(data.subspan(at, std::min<std::size_t>(kCrcBlock, data.size() - at))));
}
} // namespace

std::uint32_t crc32c(ByteView bytes)
{
    // ISA-L leaves the inversions before and after to the caller, and counts in int.
    constexpr std::size_t most = std::size_t(1) << 30;
    std::uint32_t crc = 0xffffffffU;
    for (std::size_t at = 0; at < bytes.size(); at += most)
        crc = crc32_iscsi(
            const_cast<unsigned char *>(bytes.data() + at), static_cast<int>(std::min(most, bytes.size() - at)), crc);
    return ~crc;
}

void sealFragmentHeader(const KeyRing &ring, const FragmentHeader &header, MutableBytes out)
{
    Q_ASSERT(out.size() == static_cast<std::size_t>(kFragmentHeaderSize));
    const SecretKey key = KeyRing::headerKey(masterFor(ring, header));
    const PlainHeader plain = encode(header);
    const Aead::Nonce nonce = nonceOf(key, plain);
    std::copy(nonce.begin(), nonce.end(), out.begin());
    Aead(key).seal(nonce, headerAad(), plain, out.subspan(kNonce));
}

void finishFragment(const KeyRing &ring, const FragmentHeader &header, MutableBytes blob)
{
    Q_ASSERT(blob.size() == static_cast<std::size_t>(fragmentSize(header.dataLength)));
    sealFragmentHeader(ring, header, blob.first(kFragmentHeaderSize));
    std::uint8_t *trailer = blob.data() + kFragmentHeaderSize + header.dataLength;
    forEachBlock(blob.subspan(kFragmentHeaderSize, header.dataLength),
        [trailer](std::size_t block, std::uint32_t crc) { storeLe<std::uint32_t>(trailer + kCrc * block, crc); });
}

QByteArray makeFragment(const KeyRing &ring, const FragmentHeader &header, ByteView data)
{
    Q_ASSERT(data.size() == header.dataLength);
    QByteArray blob(static_cast<qsizetype>(fragmentSize(header.dataLength)), Qt::Uninitialized);
    const MutableBytes bytes = mutableViewOf(blob);
    std::copy(data.begin(), data.end(), bytes.begin() + kFragmentHeaderSize);
    finishFragment(ring, header, bytes);
    return blob;
}

Result<FragmentHeader> openFragmentHeader(const KeyRing &ring, ByteView head)
{
    if (head.size() < static_cast<std::size_t>(kFragmentHeaderSize))
        return corrupt();
    Aead::Nonce nonce;
    std::copy_n(head.begin(), nonce.size(), nonce.begin());
    const ByteView sealed = head.subspan(kNonce, kFragmentHeaderSize - kNonce);
    const auto &epochs = ring.epochs();
    for (auto epoch = epochs.rbegin(); epoch != epochs.rend(); ++epoch) {
        const SecretKey key = KeyRing::headerKey(epoch->master);
        PlainHeader plain {};
        if (Aead(key).open(nonce, headerAad(), sealed, plain))
            return nonce == nonceOf(key, plain) ? decode(ring, plain) : corrupt();
    }
    return corrupt();
}

std::vector<int> damagedBlocks(ByteView data, ByteView trailer)
{
    std::vector<int> damaged;
    const bool isWhole
        = trailer.size() == static_cast<std::size_t>(fragmentTrailerSize(static_cast<qint64>(data.size())));
    forEachBlock(data, [&](std::size_t block, std::uint32_t crc) {
        if (!isWhole || loadLe<std::uint32_t>(trailer.data() + kCrc * block) != crc)
            damaged.push_back(static_cast<int>(block));
    });
    return damaged;
}

bool isBlockIntact(ByteView block, std::size_t number, ByteView trailer)
{
    return trailer.size() >= kCrc * (number + 1)
        && loadLe<std::uint32_t>(trailer.data() + kCrc * number) == crc32c(block);
}

BlobName fragmentName(const KeyRing &ring, const PackId &pack, int index)
{
    Q_ASSERT(index >= 0 && index <= kLastRow);
    std::array<std::uint8_t, PackId::size() + 1> content {};
    std::copy(pack.bytes.begin(), pack.bytes.end(), content.begin());
    content.back() = static_cast<std::uint8_t>(index);
    const QString name = ring.nameOf("fragment", content);
    // The folder is the name's first byte: 256 folders evenly filled, and nothing new told.
    const std::optional<QByteArray> bytes = fromBase32(name);
    const QString folder = toHex(viewOf(*bytes).first(1));
    const QString path = QStringLiteral("f/") + folder + u'/' + name;
    return BlobName(path);
}

} // namespace mf
