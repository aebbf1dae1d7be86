// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/packing/pack.h"

#include "core/crypto/sha256.h"
#include "core/packing/erasure.h"
#include "core/packing/pack_parts.h"

#include <algorithm>
#include <memory>

#if defined(__linux__)
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace mf {
namespace {
// Memory for a fragment. Fresh pages cost more than sealing into them (measured: 1.8 GB/s in
// small pages, 6.5 GB/s in huge ones), and allocators give blocks of this size back to the
// system each time: so ask for huge pages. That it may be refused is no matter.
QByteArray blobMemory(qint64 size)
{
    QByteArray blob(static_cast<qsizetype>(size), Qt::Uninitialized);
#if defined(__linux__)
    constexpr std::size_t hugePage = std::size_t(2) << 20;
    void *at = blob.data();
    auto room = static_cast<std::size_t>(size);
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    if (room >= 2 * hugePage && std::align(page, hugePage, at, room))
        madvise(at, room / page * page, MADV_HUGEPAGE);
#endif
    return blob;
}

// The data fragments' buffers seen as one payload: fragment i holds bytes from i * dataLength.
class Payload
{
public:
    Payload(std::vector<MutableBytes> parts, std::size_t partLength)
        : m_parts(std::move(parts))
        , m_partLength(partLength)
    {
    }

    std::size_t capacity() const { return m_parts.size() * m_partLength; }

    // Those bytes if one fragment holds them all, else nothing.
    MutableBytes inOnePart(std::size_t offset, std::size_t length) const
    {
        const std::size_t within = offset % m_partLength;
        if (within + length > m_partLength)
            return {};
        return m_parts[offset / m_partLength].subspan(within, length);
    }

    void write(std::size_t offset, ByteView bytes) const
    {
        while (!bytes.empty()) {
            const std::size_t within = offset % m_partLength;
            const std::size_t length = std::min(bytes.size(), m_partLength - within);
            std::memcpy(m_parts[offset / m_partLength].data() + within, bytes.data(), length);
            offset += length;
            bytes = bytes.subspan(length);
        }
    }

private:
    std::vector<MutableBytes> m_parts;
    std::size_t m_partLength;
};

// Key stream from `at` up to the end. The tags are dropped: nobody opens padding.
template <typename Visit> void forEachPadding(Aead &aead, std::size_t at, std::size_t end, Visit visit)
{
    static constexpr std::array<std::uint8_t, 64 << 10> zeros {};
    std::vector<std::uint8_t> scratch(zeros.size() + Aead::kTag);
    for (std::uint64_t nonce = kPaddingNonce; at < end; ++nonce) {
        const std::size_t length = std::min(zeros.size(), end - at);
        const auto out = MutableBytes(scratch).first(length + Aead::kTag);
        aead.seal(Aead::counter(nonce), {}, ByteView(zeros).first(length), out);
        visit(at, out.first(length));
        at += length;
    }
}

// Seals one part after the other into the payload and collects the tags.
class Sealer
{
public:
    Sealer(const SecretKey &key, const Payload &payload)
        : m_aead(key)
        , m_payload(payload)
    {
    }

    void put(std::uint64_t nonce, const QByteArray &aad, ByteView plain)
    {
        const std::size_t size = plain.size() + Aead::kTag;
        MutableBytes out = m_payload.inOnePart(m_at, size);
        const bool isWhole = !out.empty();
        if (!isWhole) {
            m_scratch.resize(size);
            out = m_scratch;
        }
        m_aead.seal(Aead::counter(nonce), viewOf(aad), plain, out);
        m_digest.update(out.last(Aead::kTag));
        if (!isWhole)
            m_payload.write(m_at, out);
        m_at += size;
    }

    // Up to the end.
    void pad()
    {
        forEachPadding(
            m_aead, m_at, m_payload.capacity(), [this](std::size_t at, ByteView bytes) { m_payload.write(at, bytes); });
        m_at = m_payload.capacity();
    }

    std::size_t position() const { return m_at; }
    Sha256 digest(ByteView directory)
    {
        m_digest.update(directory);
        return m_digest.finish();
    }

private:
    Aead m_aead;
    const Payload &m_payload;
    Sha256Stream m_digest;
    std::vector<std::uint8_t> m_scratch;
    std::size_t m_at = 0;
};

MutableBytes dataOf(MutableBytes blob, const PackShape &shape)
{
    return blob.subspan(kFragmentHeaderSize, static_cast<std::size_t>(shape.dataLength));
}

// Parity and the trailers' CRCs, block by block while the blocks are in the cache.
void addParityAndTrailers(const PackShape &shape, std::span<const MutableBytes> blobs)
{
    const auto parts = static_cast<std::size_t>(shape.k);
    const auto total = static_cast<std::size_t>(shape.dataLength);
    std::vector<ByteView> data(parts);
    std::vector<MutableBytes> parity(blobs.size() - parts);
    for (std::size_t at = 0, block = 0; at < total; at += kCrcBlock, ++block) {
        const std::size_t length = std::min<std::size_t>(kCrcBlock, total - at);
        for (std::size_t i = 0; i < blobs.size(); ++i) {
            const MutableBytes piece = dataOf(blobs[i], shape).subspan(at, length);
            if (i < parts)
                data[i] = piece;
            else
                parity[i - parts] = piece;
        }
        encodeParity(shape.k, data, shape.k, parity);
        for (const MutableBytes blob : blobs) {
            const MutableBytes whole = dataOf(blob, shape);
            storeLe<std::uint32_t>(
                whole.data() + total + block * sizeof(std::uint32_t), crc32c(whole.subspan(at, length)));
        }
    }
}
} // namespace

QByteArray recordAad(const PackId &pack, std::size_t number, const Record &record)
{
    QByteArray aad = partAad("mf1 record", pack);
    std::array<std::uint8_t, 9> fields {};
    storeLe<std::uint32_t>(fields.data(), static_cast<std::uint32_t>(number));
    fields[4] = static_cast<std::uint8_t>(record.codec);
    storeLe<std::uint32_t>(fields.data() + 5, record.plainLength);
    aad.append(toByteArray(fields));
    return aad;
}

QByteArray partAad(QByteArrayView part, const PackId &pack)
{
    QByteArray aad = part.toByteArray();
    aad.append(pack.toByteArray());
    return aad;
}

bool visitPadding(const KeyRing &ring, const PackId &id, ByteView salt, const EpochId &epoch, qint64 payloadLength,
    qint64 capacity, const PaddingVisitor &visit)
{
    const KeyRing::Epoch *known = ring.find(epoch);
    if (!known || payloadLength < 0 || payloadLength > capacity)
        return false;
    const DerivedKey key = KeyRing::derive(known->master, salt, kPackKeyType, id.view());
    Aead aead(key.key);
    forEachPadding(aead, static_cast<std::size_t>(payloadLength), static_cast<std::size_t>(capacity), visit);
    return true;
}

SealedPack sealPack(const KeyRing &ring, const PackId &id, const std::array<std::uint8_t, 32> &salt, PackShape shape,
    std::vector<Record> records, std::vector<QByteArray> encoded)
{
    SealedPack pack;
    pack.id = id;
    pack.shape = shape;
    pack.salt = salt;
    pack.epoch = ring.newest().id;
    pack.payloadLength = payloadLengthOf(records);
    // Checked in every build: the buffers are only as large as the shape says.
    bool isSound = records.size() == encoded.size() && records.size() <= kMaxRecords && shape.k >= 1
        && shape.fragments >= shape.k && pack.payloadLength <= shape.capacity();
    for (std::size_t r = 0; isSound && r < records.size(); ++r)
        isSound = encoded[r].size() == static_cast<qsizetype>(records[r].encodedLength);
    if (!isSound)
        qFatal("sealPack: records, encoded bytes and shape contradict each other");

    const DerivedKey key = KeyRing::derive(ring.newest().master, salt, kPackKeyType, id.view());
    pack.commitment = key.commitment;

    std::vector<MutableBytes> blobs;
    for (int i = 0; i < shape.fragments; ++i) {
        pack.blobs.push_back(blobMemory(fragmentSize(shape.dataLength)));
        blobs.push_back(mutableViewOf(pack.blobs.back()));
    }
    std::vector<MutableBytes> parts;
    parts.reserve(static_cast<std::size_t>(shape.k));
    for (int i = 0; i < shape.k; ++i)
        parts.push_back(dataOf(blobs[static_cast<std::size_t>(i)], shape));
    const Payload payload(std::move(parts), static_cast<std::size_t>(shape.dataLength));

    Sealer sealer(key.key, payload);
    for (std::size_t r = 0; r < records.size(); ++r) {
        sealer.put(r, recordAad(id, r, records[r]), viewOf(encoded[r]));
        encoded[r].clear();
    }
    const QByteArray directory = encodeDirectory(records);
    std::array<std::uint8_t, kFooterPlain> footer {};
    storeLe<std::uint32_t>(footer.data(), static_cast<std::uint32_t>(sealer.position()));
    storeLe<std::uint32_t>(footer.data() + 4, static_cast<std::uint32_t>(directory.size()));
    storeLe<std::uint32_t>(footer.data() + 8, static_cast<std::uint32_t>(records.size()));
    storeLe<std::uint16_t>(footer.data() + 12, kPackVersion);
    sealer.put(kDirectoryNonce, partAad("mf1 directory", id), viewOf(directory));
    sealer.put(kFooterNonce, partAad("mf1 footer", id), footer);
    Q_ASSERT(sealer.position() == static_cast<std::size_t>(pack.payloadLength));
    sealer.pad();
    pack.digest = sealer.digest(viewOf(directory));

    addParityAndTrailers(shape, blobs);
    FragmentHeader header;
    header.library = ring.library();
    header.pack = id;
    header.k = static_cast<std::uint8_t>(shape.k);
    header.salt = salt;
    header.commitment = key.commitment;
    header.payloadLength = static_cast<std::uint32_t>(pack.payloadLength);
    header.dataLength = static_cast<std::uint32_t>(shape.dataLength);
    for (std::size_t i = 0; i < blobs.size(); ++i) {
        header.index = static_cast<std::uint8_t>(i);
        sealFragmentHeader(ring, header, blobs[i].first(kFragmentHeaderSize));
    }
    pack.records = std::move(records);
    return pack;
}

} // namespace mf
