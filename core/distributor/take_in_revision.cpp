// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/take_in_revision.h"

#include "core/base/all_of.h"
#include "core/base/crash_point.h"
#include "core/distributor/fetch_object.h"
#include "core/distributor/pack_reader.h"

#include <set>

namespace mf {
namespace {

constexpr std::size_t kLeavesAtOnce = 8;

Error notWhole(const QString &model, const QString &why)
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-REVISION-PARTS"),
        QStringLiteral("a revision of %1 cannot be taken in yet: %2").arg(model, why))
        .of(model)
        .offering(Error::Action::Retry);
}

Error contradicts(const QString &model)
{
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-OBJECT-CORRUPT"),
        QStringLiteral("the manifest of a revision of %1 contradicts its packs").arg(model))
        .of(model);
}

class OneChunk final : public ChunkTarget
{
public:
    explicit OneChunk(qint64 size)
        : bytes(size, '\0')
        , m_data(bytes.data())
        , m_size(size)
    {
    }
    Result<> write(qint64 offset, ByteView from) override
    {
        if (offset < 0 || offset + static_cast<qint64>(from.size()) > m_size)
            return Error(Error::Kind::Internal, QStringLiteral("MF-RANGE"), QStringLiteral("a chunk is too long"));
        std::memcpy(m_data + offset, from.data(), from.size());
        return {};
    }
    QByteArray bytes;

private:
    char *m_data;
    qint64 m_size;
};

Task<Result<QByteArray>> readLeaf(Engine &engine, ChunkPlace place, qint64 length)
{
    auto pack = co_await engine.registry.pack(place.pack);
    if (!pack)
        co_return pack.error();
    ReadStats stats;
    PackReader reader(engine, std::move(*pack), stats);
    auto target = std::make_shared<OneChunk>(length);
    WantedRecord::Place at;
    at.target = target;
    WantedRecord record;
    record.record = place.record;
    record.places.push_back(at);
    std::vector<WantedRecord> wanted;
    wanted.push_back(std::move(record));
    const std::function<void(qint64)> ignore = [](qint64) { };
    auto reading = reader.read(std::move(wanted), ignore);
    const auto read = co_await reading;
    if (!read)
        co_return read.error();
    co_return std::move(target->bytes);
}

// Fills one revision's rows; knows what it used.
class Writer
{
public:
    Writer(Engine &engine, RevisionRow row, QString model, std::vector<PackRow> preferred)
        : m_engine(engine)
        , m_row(row)
        , m_model(std::move(model))
        , m_preferred(std::move(preferred))
    {
    }

    Task<Result<>> writeFile(ManifestFile entry)
    {
        const auto file = co_await m_engine.registry.addFile(m_row, entry.file);
        if (!file)
            co_return file.error();
        auto leaves = co_await readLeaves(entry.leaves);
        if (!leaves)
            co_return leaves.error();
        if (entry.leaves.empty() && !entry.pieces.isEmpty())
            leaves->push_back(entry.pieces);
        qint64 size = 0;
        for (std::size_t i = 0; i < leaves->size(); ++i) {
            const auto length = co_await writePart(*file, static_cast<int>(i), (*leaves)[i]);
            if (!length)
                co_return length.error();
            size += *length;
        }
        if (size != entry.file.size)
            co_return contradicts(m_model);
        const auto finished = co_await m_engine.registry.finishFile(*file, entry.file);
        if (!finished)
            co_return finished.error();
        if (!entry.tensors.empty())
            co_return co_await m_engine.registry.putTensors(*file, std::move(entry.tensors));
        co_return Result<>();
    }

    const std::vector<ChunkPlace> &leaves() const { return m_leaves; }
    std::vector<PackRow> packs() const { return std::vector<PackRow>(m_packs.begin(), m_packs.end()); }
    qint64 storedBytes() const { return m_storedBytes; }

private:
    Task<Result<std::vector<QByteArray>>> readLeaves(std::vector<LeafReference> references)
    {
        std::vector<ChunkHash> hashes;
        hashes.reserve(references.size());
        for (const LeafReference &reference : references)
            hashes.push_back(reference.hash);
        const auto places = co_await m_engine.registry.locateChunks(std::move(hashes), m_preferred);
        if (!places)
            co_return places.error();
        std::vector<Task<Result<QByteArray>>> tasks;
        for (std::size_t i = 0; i < references.size(); ++i) {
            const auto &place = (*places)[i];
            if (!place)
                co_return notWhole(m_model, QStringLiteral("a list of its chunks lies in a pack that is not known"));
            std::vector<ChunkPlace> one(1, *place);
            const auto record = co_await m_engine.registry.records(std::move(one));
            if (!record)
                co_return record.error();
            if (record->front().plainLength != references[i].length)
                co_return contradicts(m_model);
            m_packs.insert(place->pack);
            if (m_chunks.insert(place->pack << 16 | qint64(place->record)).second)
                m_storedBytes += record->front().encodedLength;
            m_leaves.push_back(*place);
            tasks.push_back(readLeaf(m_engine, *place, references[i].length));
        }
        auto results = co_await allOf(std::move(tasks), kLeavesAtOnce);
        std::vector<QByteArray> leaves;
        for (auto &result : results) {
            if (!result)
                co_return notWhole(m_model, result.error().message);
            leaves.push_back(std::move(*result));
        }
        co_return leaves;
    }

    // Returns how many bytes of the file the part is.
    Task<Result<qint64>> writePart(FileRow file, int number, QByteArray bytes)
    {
        const auto contents = parsePieces(viewOf(bytes));
        if (!contents)
            co_return contents.error();
        std::vector<ChunkHash> hashes;
        for (const ContentPiece &piece : *contents) {
            if (piece.kind == ContentPiece::Kind::Chunk)
                hashes.push_back(piece.hash);
        }
        const auto places = co_await m_engine.registry.locateChunks(std::move(hashes), m_preferred);
        if (!places)
            co_return places.error();
        std::vector<ChunkPlace> found;
        for (const auto &place : *places) {
            if (!place)
                co_return notWhole(m_model, QStringLiteral("chunks of it lie in packs that are not known"));
            found.push_back(*place);
        }
        const auto records = co_await m_engine.registry.records(found);
        if (!records)
            co_return records.error();
        std::vector<Piece> pieces;
        std::size_t chunk = 0;
        qint64 length = 0;
        for (const ContentPiece &piece : *contents) {
            length += piece.length;
            if (piece.kind == ContentPiece::Kind::Literal) {
                pieces.push_back(Piece::ofLiteral(piece.literal));
            } else if (piece.kind == ContentPiece::Kind::Zeros) {
                pieces.push_back(Piece::ofZeros(piece.length));
            } else {
                const Record &record = (*records)[chunk];
                const ChunkPlace place = found[chunk++];
                if (record.plainLength != piece.length)
                    co_return contradicts(m_model);
                m_packs.insert(place.pack);
                if (m_chunks.insert(place.pack << 16 | qint64(place.record)).second)
                    m_storedBytes += record.encodedLength;
                pieces.push_back(Piece::chunk(place));
            }
        }
        const auto put = co_await m_engine.registry.putPart(file, number, std::move(pieces));
        if (!put)
            co_return put.error();
        co_return length;
    }

    Engine &m_engine;
    RevisionRow m_row;
    QString m_model;
    std::vector<PackRow> m_preferred;
    std::set<PackRow> m_packs;
    std::vector<ChunkPlace> m_leaves;
    std::set<qint64> m_chunks; // places, counted once
    qint64 m_storedBytes = 0;
};

Task<Result<>> fill(Engine &engine, RevisionRow row, Manifest manifest, ObjectHash hash, std::vector<PackRow> preferred)
{
    Writer writer(engine, row, manifest.revision.name, std::move(preferred));
    for (ManifestFile &file : manifest.files) {
        auto writing = writer.writeFile(std::move(file));
        const auto written = co_await writing;
        if (!written)
            co_return written.error();
    }
    const auto relied = co_await engine.registry.notePacksRelied(row, writer.packs());
    if (!relied)
        co_return relied.error();
    const auto leaves = co_await engine.registry.noteLeaves(row, writer.leaves());
    if (!leaves)
        co_return leaves.error();
    crashPoint(CrashPoint::TakeInRevisionFilled);
    RevisionRecord record = manifest.revision;
    record.row = row;
    record.manifest = hash;
    record.storedBytes = writer.storedBytes();
    co_return co_await engine.registry.finishTakenIn(std::move(record));
}

} // namespace

Task<Result<Manifest>> fetchManifest(Engine &engine, RevisionId revision, ObjectHash hash)
{
    const auto bytes = co_await fetchObject(engine, manifestName(engine.ring, hash), hash);
    if (!bytes)
        co_return bytes.error();
    auto open = [ring = engine.ring, bytes = *bytes] { return openManifest(ring, viewOf(bytes)); };
    auto manifest = co_await onPool(engine.cpu, open);
    if (manifest && manifest->revision.id != revision)
        co_return contradicts(manifest->revision.name);
    co_return manifest;
}

Task<Result<>> takeInRevision(Engine &engine, Manifest manifest, ObjectHash hash)
{
    auto rows = co_await engine.registry.packRowsOf(manifest.packs);
    if (!rows)
        co_return rows.error();
    std::erase(*rows, 0); // repacked meanwhile, or lost; the chunks are looked for in all packs
    RevisionRecord begun = manifest.revision;
    begun.id = randomId<RevisionId>();
    begun.state = RevisionState::Storing;
    const auto row = co_await engine.registry.beginRevision(std::move(begun));
    if (!row)
        co_return row.error();
    const auto filled = co_await fill(engine, *row, std::move(manifest), hash, std::move(*rows));
    if (filled)
        co_return Result<>();
    const auto dropped = co_await engine.registry.dropRevision(*row);
    Q_UNUSED(dropped) // settleUnfinished does it again
    co_return filled.error();
}

} // namespace mf
