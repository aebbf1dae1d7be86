// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/read_range.h"

#include "core/base/all_of.h"
#include "core/distributor/registry_contradiction.h"

namespace mf {
namespace {

constexpr qint64 kWindow = qint64(32) << 20; // bytes collected before they are read
constexpr std::size_t kPacksAtOnce = 4;

class MemoryTarget final : public ChunkTarget
{
public:
    QByteArray bytes;
    // Chunks do not overlap, so threads write to different places; the array is not shared.
    Result<> write(qint64 offset, ByteView from) override
    {
        std::memcpy(m_data + offset, from.data(), from.size());
        return {};
    }
    void allocate(qint64 size)
    {
        bytes = QByteArray(size, '\0');
        m_data = bytes.data();
    }

private:
    char *m_data = nullptr;
};

// Whole chunks that cover a part of the range.
struct Window {
    qint64 begin = 0; // offset in the file
    qint64 size = 0;
    std::map<PackRow, std::map<std::uint32_t, std::vector<qint64>>> chunks; // -> offsets in the window
    std::vector<std::pair<qint64, QByteArray>> literals;
};

Task<Result<>> readPack(Engine &engine, PackRow row, std::vector<WantedRecord> wanted, ReadStats &stats)
{
    auto pack = co_await engine.registry.pack(row);
    if (!pack)
        co_return pack.error();
    PackReader reader(engine, std::move(*pack), stats);
    const std::function<void(qint64)> ignore = [](qint64) { };
    auto reading = reader.read(std::move(wanted), ignore);
    co_return co_await reading;
}

Task<Result<QByteArray>> readWindow(Engine &engine, Window window, ReadStats &stats)
{
    auto target = std::make_shared<MemoryTarget>();
    target->allocate(window.size);
    for (const auto &[offset, literal] : window.literals)
        std::memcpy(target->bytes.data() + offset, literal.constData(), static_cast<std::size_t>(literal.size()));
    std::vector<Task<Result<>>> tasks;
    for (const auto &[row, records] : window.chunks) {
        std::vector<WantedRecord> wanted;
        for (const auto &[record, offsets] : records) {
            WantedRecord want;
            want.record = record;
            for (const qint64 offset : offsets)
                want.places.push_back(WantedRecord::Place { target, offset });
            wanted.push_back(std::move(want));
        }
        tasks.push_back(readPack(engine, row, std::move(wanted), stats));
    }
    const auto results = co_await allOf(std::move(tasks), kPacksAtOnce);
    for (const auto &result : results) {
        if (!result)
            co_return result.error();
    }
    co_return std::move(target->bytes);
}

} // namespace

Task<Result<>> readRange(Engine &engine, FileRecord file, qint64 offset, qint64 length, ByteSink sink, ReadStats &stats)
{
    if (offset < 0 || length < 0 || offset > file.size || length > file.size - offset)
        co_return Error(Error::Kind::Invalid, QStringLiteral("MF-RANGE"),
            QStringLiteral("%1 has %2 bytes; the range asked for is not inside").arg(file.path).arg(file.size));
    const qint64 end = offset + length;
    const auto parts = co_await engine.registry.partCount(file.row);
    if (!parts)
        co_return parts.error();
    Window window;
    qint64 at = 0;
    for (int i = 0; i < *parts && at < end; ++i) {
        const auto pieces = co_await engine.registry.part(file.row, i);
        if (!pieces)
            co_return pieces.error();
        std::vector<ChunkPlace> places;
        for (const Piece &piece : *pieces) {
            if (piece.kind == Piece::Kind::Chunk)
                places.push_back(piece.place);
        }
        const auto records = co_await engine.registry.records(std::move(places));
        if (!records)
            co_return records.error();
        std::size_t chunk = 0;
        for (const Piece &piece : *pieces) {
            qint64 size = piece.kind == Piece::Kind::Zeros ? piece.zeros : piece.literal.size();
            if (piece.kind == Piece::Kind::Chunk)
                size = (*records)[chunk++].plainLength;
            qint64 from = at;
            at += size;
            // Zeros may be longer than memory: they are taken in slices, and only what is asked for.
            while (from < at && from < end && at > offset) {
                qint64 take = at - from;
                if (piece.kind == Piece::Kind::Zeros) {
                    const qint64 first = std::max(from, offset);
                    take = std::min({ at, end, first + kWindow }) - first;
                    from = first;
                }
                if (window.size == 0)
                    window.begin = from;
                if (piece.kind == Piece::Kind::Chunk)
                    window.chunks[piece.place.pack][piece.place.record].push_back(window.size);
                else if (piece.kind == Piece::Kind::Literal)
                    window.literals.emplace_back(window.size, piece.literal);
                window.size += take;
                from += take;
                if (window.size < kWindow && from < end)
                    continue;
                const qint64 begin = window.begin;
                auto bytes = co_await readWindow(engine, std::exchange(window, Window()), stats);
                if (!bytes)
                    co_return bytes.error();
                const qint64 skip = std::max<qint64>(offset - begin, 0);
                const qint64 stop = std::min(end - begin, static_cast<qint64>(bytes->size()));
                const auto sunk = sink(bytes->mid(skip, stop - skip));
                if (!sunk)
                    co_return sunk.error();
            }
        }
    }
    if (at < end)
        co_return chunksDoNotAddUp(file.path);
    co_return Result<>();
}

} // namespace mf
