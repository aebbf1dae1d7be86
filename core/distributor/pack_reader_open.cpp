// SPDX-License-Identifier: GPL-3.0-or-later
// From sealed bytes to verified chunks, and what to do when they do not verify.
#include "core/base/all_of.h"
#include "core/crypto/aead.h"
#include "core/crypto/sha256.h"
#include "core/distributor/pack_reader.h"
#include "core/distributor/pack_restore.h"
#include "core/packing/erasure.h"

#include <algorithm>

namespace mf {
namespace {

constexpr std::size_t kGroup = 16; // chunks hashed at once

struct Opened {
    std::vector<WantedRecord> failed;
    qint64 good = 0; // plain bytes delivered
};

Result<> deliver(const WantedRecord &want, ByteView plain)
{
    for (const WantedRecord::Place &place : want.places) {
        const auto written = place.target->write(place.offset, plain);
        if (!written)
            return written.error();
    }
    return {};
}

// Opens a group of records out of the payload, hashes them together, delivers those that verify.
Result<> openGroup(const PackRecord &pack, const std::vector<qint64> &offsets, PackOpener &opener,
    const QByteArray &payload, std::span<const WantedRecord> group, Opened &out)
{
    std::vector<QByteArray> plains(group.size());
    std::vector<ByteView> inputs;
    std::vector<std::size_t> which;
    for (std::size_t i = 0; i < group.size(); ++i) {
        const Record &record = pack.records[group[i].record];
        const auto offset = static_cast<std::size_t>(offsets[group[i].record]);
        const ByteView sealed = viewOf(payload).subspan(offset, record.encodedLength + Aead::kTag);
        plains[i] = QByteArray(record.plainLength, Qt::Uninitialized);
        const auto opened = opener.openRecord(group[i].record, record, sealed, mutableViewOf(plains[i]), false);
        if (opened) {
            inputs.push_back(viewOf(plains[i]));
            which.push_back(i);
        } else {
            out.failed.push_back(group[i]);
        }
    }
    std::vector<Sha256> digests(inputs.size());
    sha256Many(inputs, digests);
    for (std::size_t n = 0; n < which.size(); ++n) {
        const WantedRecord &want = group[which[n]];
        if (digests[n].bytes != pack.records[want.record].hash.bytes) {
            out.failed.push_back(want);
            continue;
        }
        QByteArray encoded;
        if (want.isEncoded) {
            const Record &record = pack.records[want.record];
            const auto offset = static_cast<std::size_t>(offsets[want.record]);
            auto bytes = opener.decryptRecord(
                want.record, record, viewOf(payload).subspan(offset, record.encodedLength + Aead::kTag));
            if (!bytes)
                return bytes.error();
            encoded = std::move(*bytes);
        }
        const auto delivered = deliver(want, want.isEncoded ? viewOf(encoded) : inputs[n]);
        if (!delivered)
            return delivered.error();
        out.good += static_cast<qint64>(inputs[n].size()) * static_cast<qint64>(want.places.size());
    }
    return {};
}

// A part of a record: bytes [begin, end) of data row `row`.
struct Segment {
    int row = 0;
    qint64 begin = 0;
    qint64 end = 0;
    std::map<int, QByteArray> have; // every fragment's bytes of that range
};

// The segment's bytes, computed from these rows alone.
std::optional<QByteArray> rowFrom(const Segment &segment, const std::vector<int> &subset, int k, int row)
{
    std::vector<ErasureRow> rows;
    for (const int r : subset) {
        if (r == row)
            return segment.have.at(r);
        rows.emplace_back(r, viewOf(segment.have.at(r)));
    }
    QByteArray bytes(segment.end - segment.begin, Qt::Uninitialized);
    if (!rebuildRow(k, rows, row, mutableViewOf(bytes)))
        return std::nullopt;
    return bytes;
}

struct HardResult {
    bool opened = false;
    QByteArray plain;
    QByteArray encoded;
    std::vector<int> culprits; // fragments whose bytes are not what the others agree on
    QString why; // it was not opened
};

HardResult tryAll(const KeyRing &ring, const PackRecord &pack, std::uint32_t number,
    const std::vector<Segment> &segments, const std::vector<int> &rows)
{
    HardResult result;
    const Record &record = pack.records[number];
    PackOpener opener(ring, pack.id, pack.salt, pack.commitment);
    result.why = QStringLiteral("its key data fits no key of this library");
    if (!opener.isValid())
        return result;
    const RowSubsets tried = rowSubsets(rows, pack.shape.k);
    for (const std::vector<int> &subset : tried.subsets) {
        QByteArray sealed;
        for (const Segment &segment : segments) {
            const auto bytes = rowFrom(segment, subset, pack.shape.k, segment.row);
            if (bytes)
                sealed += *bytes;
        }
        QByteArray plain(record.plainLength, Qt::Uninitialized);
        if (static_cast<std::size_t>(sealed.size()) != record.encodedLength + Aead::kTag
            || !opener.openRecord(number, record, viewOf(sealed), mutableViewOf(plain)))
            continue;
        const auto encoded = opener.decryptRecord(number, record, viewOf(sealed));
        if (!encoded)
            continue;
        result.opened = true;
        result.plain = plain;
        result.encoded = *encoded;
        for (const int row : rows) {
            const bool differs = std::any_of(segments.begin(), segments.end(), [&](const Segment &segment) {
                const auto right = rowFrom(segment, subset, pack.shape.k, row);
                return right && *right != segment.have.at(row);
            });
            if (differs)
                result.culprits.push_back(row);
        }
        return result;
    }
    result.why = tried.noneVerifies();
    return result;
}

} // namespace

Task<Result<PackReader::Failed>> PackReader::openRecords(
    std::vector<WantedRecord> wanted, std::function<void(qint64)> delivered)
{
    auto open = [ring = m_engine.ring, pack = m_pack, offsets = m_offsets, payload = m_payload,
                    wanted = std::move(wanted)]() -> Result<Opened> {
        Opened out;
        PackOpener opener(ring, pack->id, pack->salt, pack->commitment);
        if (!opener.isValid())
            return Error(Error::Kind::Corrupt, QStringLiteral("MF-PACK-CORRUPT"),
                QStringLiteral("the registry’s key data of a pack fits no key of this library"));
        for (std::size_t i = 0; i < wanted.size(); i += kGroup) {
            const auto group = std::span(wanted).subspan(i, std::min(kGroup, wanted.size() - i));
            const auto opened = openGroup(*pack, *offsets, opener, *payload, group, out);
            if (!opened)
                return opened.error();
        }
        return out;
    };
    auto opened = co_await onPool(m_engine.cpu, open);
    if (!opened)
        co_return opened.error();
    delivered(opened->good);
    co_return std::move(opened->failed);
}

Task<Result<>> PackReader::openHard(WantedRecord wanted, std::function<void(qint64)> delivered)
{
    const qint64 length = m_pack->shape.dataLength;
    std::vector<int> rows;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i] && !m_bad[i])
            rows.push_back(static_cast<int>(i));
    }
    std::vector<Segment> segments;
    qint64 at = (*m_offsets)[wanted.record];
    const qint64 end = at + m_pack->records[wanted.record].encodedLength + qint64(Aead::kTag);
    while (at < end) {
        Segment segment;
        segment.row = static_cast<int>(at / length);
        segment.begin = at % length;
        segment.end = std::min(segment.begin + (end - at), length);
        at += segment.end - segment.begin;
        segments.push_back(std::move(segment));
    }
    for (Segment &segment : segments) {
        Interval range;
        range.begin = segment.begin;
        range.end = segment.end;
        std::vector<Task<Result<QByteArray>>> reads;
        reads.reserve(rows.size());
        for (const int row : rows)
            reads.push_back(readSlice(row, range));
        const std::size_t atOnce = reads.size();
        auto results = co_await allOf(std::move(reads), atOnce);
        std::vector<int> answered;
        for (std::size_t i = 0; i < results.size(); ++i) {
            const auto row = static_cast<std::size_t>(rows[i]);
            if (results[i]) {
                segment.have.emplace(rows[i], std::move(*results[i]));
                answered.push_back(rows[i]);
            } else {
                m_bad[row] = results[i].error();
            }
        }
        rows = answered;
    }
    if (static_cast<int>(rows.size()) < m_pack->shape.k) {
        const Error error = co_await unreadable();
        co_return error;
    }
    auto search = [ring = m_engine.ring, pack = m_pack, number = wanted.record, segments, rows] {
        return tryAll(ring, *pack, number, segments, rows);
    };
    const HardResult found = co_await onPool(m_engine.cpu, search);
    for (const int row : found.culprits) {
        const auto i = static_cast<std::size_t>(row);
        m_bad[i] = Error(Error::Kind::Corrupt, QStringLiteral("MF-FRAGMENT-CORRUPT"),
            QStringLiteral("fragment %1 is damaged").arg(row));
        Damage damage;
        damage.account = m_rows[i]->name();
        damage.accountId = m_rows[i]->id();
        damage.pack = m_pack->id;
        damage.fragment = row;
        damage.what = QStringLiteral("its bytes are not those that were written");
        m_stats.note(std::move(damage));
    }
    if (!found.opened) {
        QStringList names;
        for (const int row : rows)
            names.append(
                QStringLiteral("%1 (fragment %2)").arg(m_rows[static_cast<std::size_t>(row)]->name()).arg(row));
        co_return Error(Error::Kind::Corrupt, QStringLiteral("MF-PACK-UNREADABLE"),
            QStringLiteral("too many fragments of a pack are damaged; %1: %2")
                .arg(found.why, names.join(QStringLiteral(", "))));
    }
    auto write
        = [wanted, bytes = wanted.isEncoded ? found.encoded : found.plain] { return deliver(wanted, viewOf(bytes)); };
    const auto written = co_await onPool(m_engine.cpu, write);
    if (!written)
        co_return written.error();
    delivered(found.plain.size() * static_cast<qint64>(wanted.places.size()));
    co_return Result<>();
}

} // namespace mf
