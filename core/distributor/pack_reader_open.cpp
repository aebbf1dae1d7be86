// SPDX-License-Identifier: GPL-3.0-or-later
// From sealed bytes to verified chunks, and what to do when they do not verify.
#include "core/base/all_of.h"
#include "core/crypto/aead.h"
#include "core/crypto/sha256.h"
#include "core/distributor/pack_reader.h"

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

// Opens a group of records out of the slices, hashes them together, delivers those that verify.
Result<> openGroup(const PackRecord &pack, const std::vector<qint64> &offsets, PackOpener &opener,
    const PayloadSlices &slices, std::span<const WantedRecord> group, Opened &out)
{
    std::vector<QByteArray> plains(group.size());
    std::vector<ByteView> inputs;
    std::vector<std::size_t> which;
    for (std::size_t i = 0; i < group.size(); ++i) {
        const Record &record = pack.records[group[i].record];
        const auto sealed = slices.parts(offsets[group[i].record], record.encodedLength + qint64(Aead::kTag));
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
            const auto sealed = slices.parts(offsets[want.record], record.encodedLength + qint64(Aead::kTag));
            auto bytes = opener.decryptRecord(want.record, record, sealed);
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

} // namespace

Task<Result<PackReader::Failed>> PackReader::openRecords(
    std::vector<WantedRecord> wanted, std::function<void(qint64)> delivered)
{
    auto open = [ring = m_engine.ring, pack = m_pack, offsets = m_offsets, slices = m_slices,
                    wanted = std::move(wanted)]() -> Result<Opened> {
        Opened out;
        PackOpener opener(ring, pack->id, pack->salt, pack->commitment);
        if (!opener.isValid())
            return Error(Error::Kind::Corrupt, QStringLiteral("MF-PACK-CORRUPT"),
                QStringLiteral("the registry’s key data of a pack fits no key of this library"));
        for (std::size_t i = 0; i < wanted.size(); i += kGroup) {
            const auto group = std::span(wanted).subspan(i, std::min(kGroup, wanted.size() - i));
            const auto opened = openGroup(*pack, *offsets, opener, *slices, group, out);
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

Task<Result<std::vector<QByteArray>>> PackReader::readParts(
    int row, Account *account, std::vector<RecordSegment> segments)
{
    std::vector<QByteArray> parts;
    for (const RecordSegment &segment : segments) {
        Interval range;
        range.begin = segment.begin;
        range.end = segment.end;
        auto part = co_await readSlice(row, account, range);
        if (!part)
            co_return part.error();
        parts.push_back(std::move(*part));
    }
    co_return parts;
}

// Of the account of each fragment, or of all that have it, without those that were read before.
Task<void> PackReader::readMore(std::vector<RecordSegment> segments, bool withTwins, Reads &reads)
{
    std::vector<int> rows;
    std::vector<Account *> accounts;
    const auto add = [&](std::size_t i, Account *account) {
        const int row = static_cast<int>(i);
        for (std::size_t n = 0; n < reads.accounts.size(); ++n) {
            if (reads.accounts[n] == account && reads.sources[n].row == row)
                return;
        }
        rows.push_back(row);
        accounts.push_back(account);
    };
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (!m_rows[i] || m_bad[i])
            continue;
        add(i, m_rows[i]);
        for (std::size_t twin = 0; withTwins && twin < m_twins[i].size(); ++twin)
            add(i, m_twins[i][twin]);
    }
    std::vector<Task<Result<std::vector<QByteArray>>>> tasks;
    tasks.reserve(rows.size());
    for (std::size_t n = 0; n < rows.size(); ++n)
        tasks.push_back(readParts(rows[n], accounts[n], segments));
    const std::size_t atOnce = tasks.size();
    auto results = co_await allOf(std::move(tasks), atOnce);
    for (std::size_t n = 0; n < results.size(); ++n) {
        if (results[n]) {
            reads.accounts.push_back(accounts[n]);
            reads.sources.emplace_back(rows[n], std::move(*results[n]));
        } else {
            noteBad(static_cast<std::size_t>(rows[n]), accounts[n], results[n].error());
        }
    }
}

Task<FoundRecord> PackReader::search(std::uint32_t record, std::vector<RecordSegment> segments, const Reads &reads)
{
    auto search = [ring = m_engine.ring, pack = m_pack, record, segments = std::move(segments),
                      sources = reads.sources] { return searchRecord(ring, *pack, record, segments, sources); };
    co_return co_await onPool(m_engine.cpu, search);
}

Task<Result<>> PackReader::openHard(WantedRecord wanted, std::function<void(qint64)> delivered)
{
    const std::vector<RecordSegment> segments = segmentsOf(*m_pack, wanted.record);
    const Record &record = m_pack->records[wanted.record];
    // What every account that has a fragment may give, the record put together, and what it is compared with.
    qint64 count = 3;
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        count += m_rows[i] ? 1 + std::ssize(m_twins[i]) : 0;
    const qint64 bytes = count * (record.encodedLength + qint64(Aead::kTag)) + record.plainLength;
    const auto lease = co_await m_engine.buffers.acquire(bytes);
    Q_UNUSED(lease)
    Reads reads;
    co_await readMore(segments, false, reads);
    FoundRecord found = co_await search(wanted.record, segments, reads);
    if (!found.isOpen) {
        const std::size_t before = reads.sources.size();
        co_await readMore(segments, true, reads);
        if (reads.sources.size() > before)
            found = co_await search(wanted.record, segments, reads);
    }
    if (!found.isEnough) {
        const Error error = co_await unreadable();
        co_return error;
    }
    const Error damaged(Error::Kind::Corrupt, QStringLiteral("MF-FRAGMENT-CORRUPT"),
        QStringLiteral("its bytes are not those that were written"));
    for (const std::size_t n : found.culprits)
        noteBad(static_cast<std::size_t>(reads.sources[n].row), reads.accounts[n], damaged);
    if (!found.isOpen) {
        QStringList names;
        for (std::size_t n = 0; n < reads.sources.size(); ++n)
            names.append(QStringLiteral("%1 (fragment %2)").arg(reads.accounts[n]->name()).arg(reads.sources[n].row));
        co_return Error(Error::Kind::Corrupt, QStringLiteral("MF-PACK-UNREADABLE"),
            QStringLiteral("too many fragments of a pack are damaged; %1: %2")
                .arg(found.why, names.join(QStringLiteral(", "))));
    }
    auto write
        = [wanted, plain = wanted.isEncoded ? found.encoded : found.plain] { return deliver(wanted, viewOf(plain)); };
    const auto written = co_await onPool(m_engine.cpu, write);
    if (!written)
        co_return written.error();
    delivered(found.plain.size() * static_cast<qint64>(wanted.places.size()));
    co_return Result<>();
}

} // namespace mf
