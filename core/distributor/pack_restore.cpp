// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/pack_restore.h"

#include "core/crypto/aead.h"
#include "core/crypto/sha256.h"
#include "core/packing/erasure.h"
#include "core/packing/pack_layout.h"

#include <algorithm>

namespace mf {
namespace {

constexpr std::size_t kGroup = 16; // chunks hashed at once

class Restorer
{
public:
    Restorer(const KeyRing &ring, const PackRecord &pack, const std::vector<FragmentBlob> &blobs)
        : m_ring(ring)
        , m_pack(pack)
        , m_opener(ring, pack.id, pack.salt, pack.commitment)
        , m_given(ring, pack, blobs)
    {
    }

    RestoredPack run()
    {
        RestoredPack result;
        result.why = restore();
        result.isWhole = result.why.isEmpty();
        if (result.isWhole)
            result.rows = std::move(m_rows);
        result.bad = m_given.bad();
        result.newer = m_given.newer();
        return result;
    }

private:
    // Why it is not whole, or nothing.
    QString restore()
    {
        const auto layout = checkPackLayout(m_pack.shape, m_pack.payloadLength, m_pack.records);
        if (!layout)
            return layout.error().message;
        if (!m_opener.isValid())
            return QStringLiteral("its key data fits no key of this library");
        const int usable = m_given.look();
        if (usable < m_pack.shape.k)
            return QStringLiteral("%1 of its fragments can be used, and it takes %2").arg(usable).arg(m_pack.shape.k);
        m_rows = m_given.dataRows();
        if (!verifyRecords() || !verifyTail())
            return m_given.noneVerifies();
        if (!mendPadding())
            return QStringLiteral("this computer lacks its key");
        m_given.compareWith(m_rows);
        return QString();
    }

    bool verifyRecords()
    {
        std::vector<std::size_t> failed;
        auto at = static_cast<std::size_t>(recordOffset(m_pack.records, 0));
        std::vector<std::size_t> offsets;
        offsets.reserve(m_pack.records.size());
        for (const Record &record : m_pack.records) {
            offsets.push_back(at);
            at += record.encodedLength + Aead::kTag;
        }
        for (std::size_t i = 0; i < m_pack.records.size(); i += kGroup)
            openGroup(offsets, i, std::min(kGroup, m_pack.records.size() - i), failed);
        return std::all_of(failed.begin(), failed.end(), [&](std::size_t number) {
            const Record &record = m_pack.records[number];
            QByteArray plain(record.plainLength, Qt::Uninitialized);
            const auto verify = [&](ByteView sealed) {
                return bool(m_opener.openRecord(number, record, sealed, mutableViewOf(plain)));
            };
            return m_given.findRange(offsets[number], record.encodedLength + Aead::kTag, verify, m_rows);
        });
    }

    void openGroup(
        const std::vector<std::size_t> &offsets, std::size_t first, std::size_t count, std::vector<std::size_t> &failed)
    {
        std::vector<QByteArray> plains;
        std::vector<ByteView> inputs;
        std::vector<std::size_t> which;
        plains.reserve(count);
        for (std::size_t number = first; number < first + count; ++number) {
            const Record &record = m_pack.records[number];
            const auto sealed = m_rows.parts(offsets[number], record.encodedLength + Aead::kTag);
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
        const auto begin = static_cast<std::size_t>(recordOffset(m_pack.records, m_pack.records.size()));
        const QByteArray directory = encodeDirectory(m_pack.records);
        const auto verify = [&](ByteView tail) {
            const auto footer = m_opener.openFooter(tail.last(std::size_t(kFooterSize)), m_pack.payloadLength);
            if (!footer || static_cast<std::size_t>(footer->directoryOffset) != begin)
                return false;
            const auto records = m_opener.openDirectory(*footer, tail.first(tail.size() - std::size_t(kFooterSize)));
            return records && encodeDirectory(*records) == directory;
        };
        const std::size_t size = static_cast<std::size_t>(m_pack.payloadLength) - begin;
        const QByteArray tail = m_rows.copy(begin, size);
        return verify(viewOf(tail)) || m_given.findRange(begin, size, verify, m_rows);
    }

    // No tag covers the padding. False: the ring lacks the epoch.
    bool mendPadding()
    {
        const auto mend = [this](std::size_t at, ByteView right) {
            if (m_rows.copy(at, right.size()) != toByteArray(right))
                m_rows.write(at, right);
        };
        return visitPadding(
            m_ring, m_pack.id, m_pack.salt, m_pack.epoch, m_pack.payloadLength, m_pack.shape.capacity(), mend);
    }

    const KeyRing &m_ring;
    const PackRecord &m_pack;
    PackOpener m_opener;
    GivenRows m_given;
    DataRows m_rows;
};

} // namespace

RestoredPack restorePack(const KeyRing &ring, const PackRecord &pack, const std::vector<FragmentBlob> &blobs)
{
    return Restorer(ring, pack, blobs).run();
}

QByteArray fragmentOf(const KeyRing &ring, const PackRecord &pack, const DataRows &rows, int index)
{
    const int k = pack.shape.k;
    std::vector<ErasureRow> data;
    data.reserve(static_cast<std::size_t>(k));
    for (int i = 0; i < k; ++i)
        data.emplace_back(i, rows.row(static_cast<std::size_t>(i)));
    QByteArray blob(fragmentSize(pack.shape.dataLength), Qt::Uninitialized);
    const MutableBytes out = mutableViewOf(blob).subspan(
        std::size_t(kFragmentHeaderSize), static_cast<std::size_t>(pack.shape.dataLength));
    const bool done = rebuildRow(k, data, index, out);
    Q_ASSERT(done);
    Q_UNUSED(done)
    // Under the epoch of the pack, whatever the newest is by now: a name determines its bytes.
    const KeyRing::Epoch *epoch = ring.find(pack.epoch);
    const KeyRing then(ring.library(), epoch ? epoch->master : ring.newest().master);
    finishFragment(then, fragmentHeaderOf(ring, pack, index), mutableViewOf(blob));
    return blob;
}

qint64 restoreBytes(const PackShape &shape, int given, int missing)
{
    return (given + missing + 1) * fragmentSize(shape.dataLength);
}

} // namespace mf
