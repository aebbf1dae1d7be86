// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/pack_restore.h"

#include "core/crypto/aead.h"
#include "core/crypto/sha256.h"
#include "core/distributor/fragment_read.h"
#include "core/distributor/row_subsets.h"
#include "core/packing/erasure.h"
#include "core/packing/pack_layout.h"

#include <algorithm>
#include <set>

namespace mf {
namespace {

constexpr std::size_t kGroup = 16; // chunks hashed at once

FragmentHeader headerOf(const KeyRing &ring, const PackRecord &pack, int index)
{
    FragmentHeader header;
    header.library = ring.library();
    header.pack = pack.id;
    header.k = static_cast<std::uint8_t>(pack.shape.k);
    header.index = static_cast<std::uint8_t>(index);
    header.salt = pack.salt;
    header.commitment = pack.commitment;
    header.payloadLength = static_cast<std::uint32_t>(pack.payloadLength);
    header.dataLength = static_cast<std::uint32_t>(pack.shape.dataLength);
    return header;
}

bool isSame(const FragmentHeader &a, const FragmentHeader &b)
{
    return a.library == b.library && a.pack == b.pack && a.k == b.k && a.index == b.index && a.salt == b.salt
        && a.commitment == b.commitment && a.payloadLength == b.payloadLength && a.dataLength == b.dataLength;
}

// A blob that has bytes to offer.
struct Row {
    std::size_t blob = 0;
    int index = 0;
    ByteView data;
    std::vector<bool> damaged; // by block of kCrcBlock
};

class Restorer
{
public:
    Restorer(const KeyRing &ring, const PackRecord &pack, const std::vector<FragmentBlob> &blobs)
        : m_ring(ring)
        , m_pack(pack)
        , m_blobs(blobs)
        , m_opener(ring, pack.id, pack.salt, pack.commitment)
    {
    }

    RestoredPack run()
    {
        const auto layout = checkPackLayout(m_pack.shape, m_pack.payloadLength, m_pack.records);
        if (!layout)
            return failed(layout.error().message);
        if (!m_opener.isValid())
            return failed(QStringLiteral("its key data fits no key of this library"));
        std::set<int> usable;
        for (std::size_t number = 0; number < m_blobs.size(); ++number) {
            if (judge(number))
                usable.insert(m_blobs[number].first);
        }
        if (std::ssize(usable) < m_pack.shape.k)
            return failed(QStringLiteral("%1 of its fragments can be used, and it takes %2")
                    .arg(usable.size())
                    .arg(m_pack.shape.k));
        m_result.payload = QByteArray(m_pack.shape.capacity(), Qt::Uninitialized);
        assemble();
        if (!verifyRecords() || !verifyTail())
            return failed(m_subsets.noneVerifies());
        const auto payload = mutableViewOf(m_result.payload);
        if (!padPayload(m_ring, m_pack.id, m_pack.salt, m_pack.epoch, m_pack.payloadLength, payload))
            return failed(QStringLiteral("this computer lacks its key"));
        m_result.isWhole = true;
        compare();
        return std::move(m_result);
    }

private:
    RestoredPack failed(const QString &why)
    {
        m_result.payload.clear();
        m_result.why = why;
        return std::move(m_result);
    }

    // Whether it has bytes to offer.
    bool judge(std::size_t number)
    {
        const auto &[index, blob] = m_blobs[number];
        const qint64 length = m_pack.shape.dataLength;
        if (blob.size() != fragmentSize(length)) {
            m_result.bad[number]
                = QStringLiteral("it has %1 bytes instead of %2").arg(blob.size()).arg(fragmentSize(length));
            return false;
        }
        const auto header = openFragmentHeader(m_ring, viewOf(blob));
        if (header && !isSame(*header, headerOf(m_ring, m_pack, index))) {
            m_result.bad[number] = QStringLiteral("another fragment lies in its place");
            return false;
        }
        if (isNewerFragment(header)) {
            m_result.bad[number] = header.error().message;
            m_result.newer.insert(number);
            return false;
        }
        if (!header) // its data may be good
            m_result.bad[number] = header.error().message;
        Row row;
        row.blob = number;
        row.index = index;
        row.data = viewOf(blob).subspan(std::size_t(kFragmentHeaderSize), static_cast<std::size_t>(length));
        row.damaged.resize(static_cast<std::size_t>((length + kCrcBlock - 1) / kCrcBlock), false);
        const ByteView trailer = viewOf(blob).subspan(static_cast<std::size_t>(kFragmentHeaderSize + length));
        const auto damaged = damagedBlocks(row.data, trailer);
        for (const int block : damaged)
            row.damaged[static_cast<std::size_t>(block)] = true;
        if (!damaged.empty())
            m_result.bad[number] = QStringLiteral("its checksums do not fit its bytes");
        m_rows.push_back(std::move(row));
        return true;
    }

    // The k rows, each of another index, to take a block from: undamaged ones first, of them those that need no
    // decoding.
    std::vector<std::size_t> choose(std::size_t block) const
    {
        std::vector<std::size_t> order(m_rows.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            const auto rank = [&](std::size_t i) {
                const Row &row = m_rows[i];
                return std::tuple(bool(row.damaged[block]), m_result.bad.contains(row.blob), row.index, i);
            };
            return rank(a) < rank(b);
        });
        std::vector<std::size_t> chosen;
        std::set<int> indexes;
        for (const std::size_t i : order) {
            if (std::ssize(chosen) < m_pack.shape.k && indexes.insert(m_rows[i].index).second)
                chosen.push_back(i);
        }
        return chosen;
    }

    // Bytes [begin, end) of every data row, from these rows.
    void assembleFrom(const std::vector<std::size_t> &chosen, std::size_t begin, std::size_t end)
    {
        const auto k = static_cast<std::size_t>(m_pack.shape.k);
        const auto length = static_cast<std::size_t>(m_pack.shape.dataLength);
        std::vector<ErasureRow> rows;
        rows.reserve(chosen.size());
        for (const std::size_t i : chosen)
            rows.emplace_back(m_rows[i].index, m_rows[i].data.subspan(begin, end - begin));
        const MutableBytes payload = mutableViewOf(m_result.payload);
        for (std::size_t row = 0; row < k; ++row) {
            const bool done = rebuildRow(
                m_pack.shape.k, rows, static_cast<int>(row), payload.subspan(row * length + begin, end - begin));
            Q_ASSERT(done);
            Q_UNUSED(done)
        }
    }

    void assemble()
    {
        const std::size_t blocks = m_rows.front().damaged.size();
        const auto length = static_cast<std::size_t>(m_pack.shape.dataLength);
        std::size_t from = 0;
        std::vector<std::size_t> chosen = choose(0);
        for (std::size_t block = 1; block <= blocks; ++block) {
            std::vector<std::size_t> next = block < blocks ? choose(block) : std::vector<std::size_t>();
            if (next == chosen)
                continue;
            assembleFrom(chosen, from * kCrcBlock, std::min(block * kCrcBlock, length));
            if (from == 0 && block == blocks)
                m_copied.insert(chosen.begin(), chosen.end());
            chosen = std::move(next);
            from = block;
        }
    }

    // Payload bytes [begin, begin + size) out of these rows alone.
    QByteArray rangeFrom(const std::vector<std::size_t> &subset, qint64 begin, qint64 size) const
    {
        const qint64 length = m_pack.shape.dataLength;
        QByteArray bytes(size, Qt::Uninitialized);
        const MutableBytes out = mutableViewOf(bytes);
        for (qint64 at = begin; at < begin + size;) {
            const qint64 row = at / length;
            const qint64 within = at % length;
            const qint64 part = std::min(begin + size - at, length - within);
            std::vector<ErasureRow> rows;
            for (const std::size_t candidate : subset) {
                const Row &source = m_rows[m_candidates[candidate]];
                rows.emplace_back(source.index,
                    source.data.subspan(static_cast<std::size_t>(within), static_cast<std::size_t>(part)));
            }
            const auto target = out.subspan(static_cast<std::size_t>(at - begin), static_cast<std::size_t>(part));
            const bool done = rebuildRow(m_pack.shape.k, rows, static_cast<int>(row), target);
            Q_ASSERT(done);
            Q_UNUSED(done)
            at += part;
        }
        return bytes;
    }

    // Twins that say the same count once.
    void findSubsets()
    {
        std::vector<int> indexes;
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            const bool isKnown = std::any_of(m_candidates.begin(), m_candidates.end(), [&](std::size_t other) {
                return m_rows[other].index == m_rows[i].index && std::ranges::equal(m_rows[other].data, m_rows[i].data);
            });
            if (isKnown)
                continue;
            m_candidates.push_back(i);
            indexes.push_back(m_rows[i].index);
        }
        m_subsets = rowSubsets(indexes, m_pack.shape.k);
    }

    // Finds k rows out of which this range of the payload verifies, and takes it from them.
    template <typename Verify> bool findRange(qint64 begin, qint64 size, Verify verify)
    {
        std::vector<std::vector<std::size_t>> &subsets = m_subsets.subsets;
        if (subsets.empty())
            findSubsets();
        for (std::size_t i = 0; i < subsets.size(); ++i) {
            const QByteArray bytes = rangeFrom(subsets[i], begin, size);
            if (!verify(viewOf(bytes)))
                continue;
            std::copy(bytes.begin(), bytes.end(), m_result.payload.begin() + begin);
            m_copied.clear();
            const auto good = subsets.begin() + static_cast<std::ptrdiff_t>(i);
            std::rotate(subsets.begin(), good, good + 1); // likely good for the next, too
            return true;
        }
        return false;
    }

    bool verifyRecords()
    {
        std::vector<std::size_t> failed;
        qint64 at = recordOffset(m_pack.records, 0);
        std::vector<qint64> offsets;
        for (const Record &record : m_pack.records) {
            offsets.push_back(at);
            at += record.encodedLength + qint64(Aead::kTag);
        }
        for (std::size_t i = 0; i < m_pack.records.size(); i += kGroup)
            openGroup(offsets, i, std::min(kGroup, m_pack.records.size() - i), failed);
        return std::all_of(failed.begin(), failed.end(), [&](std::size_t number) {
            const Record &record = m_pack.records[number];
            QByteArray plain(record.plainLength, Qt::Uninitialized);
            return findRange(offsets[number], record.encodedLength + qint64(Aead::kTag), [&](ByteView sealed) {
                return bool(m_opener.openRecord(number, record, sealed, mutableViewOf(plain)));
            });
        });
    }

    void openGroup(
        const std::vector<qint64> &offsets, std::size_t first, std::size_t count, std::vector<std::size_t> &failed)
    {
        std::vector<QByteArray> plains;
        std::vector<ByteView> inputs;
        std::vector<std::size_t> which;
        plains.reserve(count);
        for (std::size_t number = first; number < first + count; ++number) {
            const Record &record = m_pack.records[number];
            const ByteView sealed
                = viewOf(m_result.payload)
                      .subspan(static_cast<std::size_t>(offsets[number]), record.encodedLength + Aead::kTag);
            plains.push_back(QByteArray(record.plainLength, Qt::Uninitialized));
            if (m_opener.openRecord(number, record, sealed, mutableViewOf(plains.back()), false)) {
                inputs.push_back(viewOf(plains.back()));
                which.push_back(number);
            } else {
                failed.push_back(number);
            }
        }
        std::vector<Sha256> digests(inputs.size());
        sha256Many(inputs, digests);
        for (std::size_t i = 0; i < which.size(); ++i) {
            if (digests[i].bytes != m_pack.records[which[i]].hash.bytes)
                failed.push_back(which[i]);
        }
    }

    // Directory and footer: sealed, and what the registry says.
    bool verifyTail()
    {
        const qint64 begin = recordOffset(m_pack.records, m_pack.records.size());
        const QByteArray directory = encodeDirectory(m_pack.records);
        const auto verify = [&](ByteView tail) {
            const auto footer = m_opener.openFooter(tail.last(std::size_t(kFooterSize)), m_pack.payloadLength);
            if (!footer || footer->directoryOffset != begin)
                return false;
            const auto records = m_opener.openDirectory(*footer, tail.first(tail.size() - std::size_t(kFooterSize)));
            return records && encodeDirectory(*records) == directory;
        };
        const qint64 size = m_pack.payloadLength - begin;
        const auto tail
            = viewOf(m_result.payload).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(size));
        return verify(tail) || findRange(begin, size, verify);
    }

    // Now that the right bytes are known: which rows differ from them, padding included?
    void compare()
    {
        for (const Row &row : m_rows) {
            if (!isRight(row) && !m_result.bad.contains(row.blob))
                m_result.bad[row.blob] = QStringLiteral("its bytes are not those that were stored");
        }
    }

    // Block by block, so that what parity should be stays in the cache.
    bool isRight(const Row &row) const
    {
        const auto k = static_cast<std::size_t>(m_pack.shape.k);
        const auto length = static_cast<std::size_t>(m_pack.shape.dataLength);
        const auto index = static_cast<std::size_t>(row.index);
        const bool isData = index < k || k == 1; // k = 1: all are copies
        std::size_t at = 0;
        if (index < k && m_copied.contains(static_cast<std::size_t>(&row - m_rows.data()))) {
            // The payload has its bytes; only the padding came from elsewhere.
            const auto end = static_cast<std::size_t>(m_pack.payloadLength);
            at = std::clamp(end, index * length, (index + 1) * length) - index * length;
        }
        constexpr std::size_t block = kCrcBlock;
        std::array<std::uint8_t, block> parity;
        std::vector<ByteView> data(k);
        for (; at < length; at += block) {
            const std::size_t size = std::min(block, length - at);
            for (std::size_t i = 0; i < k; ++i)
                data[i] = viewOf(m_result.payload).subspan(i * length + at, size);
            ByteView right = data[isData && k > 1 ? index : 0];
            if (!isData) {
                const MutableBytes out = MutableBytes(parity).first(size);
                encodeParity(m_pack.shape.k, data, row.index, std::span(&out, 1));
                right = out;
            }
            if (std::memcmp(right.data(), row.data.data() + at, size) != 0)
                return false;
        }
        return true;
    }

    const KeyRing &m_ring;
    const PackRecord &m_pack;
    const std::vector<FragmentBlob> &m_blobs;
    PackOpener m_opener;
    std::vector<Row> m_rows;
    std::set<std::size_t> m_copied; // positions in m_rows, of those whose bytes the payload has as they are
    std::vector<std::size_t> m_candidates; // positions in m_rows
    RowSubsets m_subsets; // of positions in m_candidates
    RestoredPack m_result;
};

} // namespace

RestoredPack restorePack(const KeyRing &ring, const PackRecord &pack, const std::vector<FragmentBlob> &blobs)
{
    return Restorer(ring, pack, blobs).run();
}

QByteArray fragmentOf(const KeyRing &ring, const PackRecord &pack, const QByteArray &payload, int index)
{
    const int k = pack.shape.k;
    const auto length = static_cast<std::size_t>(pack.shape.dataLength);
    std::vector<ErasureRow> rows;
    rows.reserve(static_cast<std::size_t>(k));
    for (int i = 0; i < k; ++i)
        rows.emplace_back(i, viewOf(payload).subspan(static_cast<std::size_t>(i) * length, length));
    QByteArray blob(fragmentSize(pack.shape.dataLength), Qt::Uninitialized);
    const bool done = rebuildRow(k, rows, index, mutableViewOf(blob).subspan(std::size_t(kFragmentHeaderSize), length));
    Q_ASSERT(done);
    Q_UNUSED(done)
    // Under the epoch of the pack, whatever the newest is by now: a name determines its bytes.
    const KeyRing::Epoch *epoch = ring.find(pack.epoch);
    const KeyRing then(ring.library(), epoch ? epoch->master : ring.newest().master);
    finishFragment(then, headerOf(ring, pack, index), mutableViewOf(blob));
    return blob;
}

qint64 restoreBytes(const PackShape &shape, int count)
{
    return (count + shape.k + 1) * fragmentSize(shape.dataLength);
}

} // namespace mf
