// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/fetch.h"

#include "core/base/all_of.h"
#include "core/base/log.h"
#include "core/base/path_text.h"
#include "core/crypto/sha256.h"
#include "core/distributor/fragment_survey.h"
#include "core/distributor/holding.h"
#include "core/distributor/registry_contradiction.h"
#include "core/distributor/sync_library.h"

namespace mf {
namespace {

constexpr std::size_t kWindowPieces = 8'192; // looked at before reading; bounds the memory of a fetch
constexpr std::size_t kPacksAtOnce = 4;
constexpr std::size_t kOpenFiles = 64; // of two descriptors each

} // namespace

Fetch::Fetch(Engine &engine, FetchRequest request, ProgressSink progress)
    : m_engine(engine)
    , m_request(std::move(request))
    , m_progress(std::move(progress))
{
    m_now.shares = m_result.stats.shares;
}

void Fetch::report(Progress::Phase phase)
{
    m_now.phase = phase;
    const qint64 most = phase == Progress::Phase::Done ? m_now.total : std::max<qint64>(m_now.total - 1, 0);
    m_now.bytes = std::max(m_now.bytes, std::min(phase == Progress::Phase::Done ? m_now.total : m_verified, most));
    m_now.network = m_result.stats.shares->bytes();
    if (m_progress)
        m_progress(m_now);
}

Task<Result<FetchResult>> Fetch::run()
{
    auto revision = co_await m_engine.registry.revision(m_request.model, m_request.revision);
    if (!revision && revision.error().kind == Error::Kind::NotFound) { // another computer may have stored it
        const auto synced = co_await syncLibrary(m_engine);
        if (!synced)
            logWarning("fetch", synced.error().message);
        revision = co_await m_engine.registry.revision(m_request.model, m_request.revision);
    }
    if (!revision)
        co_return revision.error();
    m_result.model = revision->name;
    if (!isHeld(*revision)) {
        const auto found = co_await findFragments(revision->row);
        if (!found)
            co_return found.error();
    }
    auto all = co_await m_engine.registry.files(revision->row);
    if (!all)
        co_return all.error();
    std::vector<FileRecord> files = std::move(*all);
    if (m_request.select)
        std::erase_if(files, [this](const FileRecord &file) { return !m_request.select(file.path); });
    if (files.empty())
        co_return Error(Error::Kind::NotFound, QStringLiteral("MF-FILE-UNKNOWN"),
            QStringLiteral("no file of %1 matches; `show` lists its files").arg(revision->name))
            .of(revision->name);
    auto openFolder = [to = m_request.to] { return TargetFolder::open(to); };
    auto folder = co_await onPool(m_engine.io, openFolder);
    if (!folder)
        co_return folder.error();
    m_folder = std::move(*folder);
    for (const FileRecord &file : files)
        m_now.total += file.size;
    report(Progress::Phase::Downloading);

    for (const FileRecord &file : files) {
        const auto fetched = co_await fetchFile(file);
        if (!fetched)
            co_return fetched.error();
    }
    const auto last = co_await readWindow();
    if (!last)
        co_return last.error();
    m_result.bytes = m_now.total;
    std::vector<Damage> met = m_result.stats.damages;
    const HealResult healed = co_await healDamages(m_engine, m_result.stats.shares, std::move(met));
    m_result.healed = healed;
    report(Progress::Phase::Done);
    co_return m_result;
}

// What does not seem to be enough may have been repaired or moved by another computer meanwhile.
Task<Result<>> Fetch::findFragments(RevisionRow revision)
{
    std::vector<AccountId> away;
    for (const auto &account : m_engine.accounts.all()) {
        if (!account->isVerified())
            away.push_back(account->id());
    }
    const auto spare = co_await m_engine.registry.spare(revision, std::move(away));
    if (!spare)
        co_return spare.error();
    if (*spare && **spare < 0)
        co_return co_await surveyPacksInNeed(m_engine, revision);
    co_return Result<>();
}

Task<Result<>> Fetch::fetchFile(FileRecord file)
{
    if (file.path.endsWith(u'/')) {
        auto make = [folder = m_folder, path = file.path] { return folder->makeFolder(path); };
        co_return co_await onPool(m_engine.io, make);
    }
    auto look = [folder = m_folder, path = file.path, size = file.size, wanted = file.sha256] {
        return folder->hashOf(path, size, wanted);
    };
    const auto there = co_await onPool(m_engine.io, look);
    if (!there)
        co_return there.error();
    m_result.files.push_back(file);
    if (*there && **there == file.sha256) {
        m_verified += file.size;
        m_result.reused += file.size;
        report(Progress::Phase::Downloading);
        co_return Result<>();
    }
    if (*there && !m_request.overwrite)
        co_return otherContentIsThere(file.path);
    auto openPart = [folder = m_folder, path = file.path, hash = file.sha256] { return folder->openPart(path, hash); };
    auto part = co_await onPool(m_engine.io, openPart);
    if (!part)
        co_return part.error();
    auto open = std::make_shared<OpenFile>();
    open->record = file;
    open->part = std::move(*part);
    m_open.push_back(open);

    const auto parts = co_await m_engine.registry.partCount(file.row);
    if (!parts)
        co_return parts.error();
    qint64 offset = 0;
    for (int i = 0; i < *parts; ++i) {
        const auto added = co_await addPart(open, i, offset);
        if (!added)
            co_return added.error();
        if (m_window.pieces >= kWindowPieces) {
            const auto read = co_await readWindow();
            if (!read)
                co_return read.error();
        }
    }
    if (offset != file.size)
        co_return chunksDoNotAddUp(file.path);
    open->listed = true;
    if (m_open.size() >= kOpenFiles)
        co_return co_await readWindow();
    co_return Result<>();
}

Task<Result<>> Fetch::addPart(std::shared_ptr<OpenFile> file, int part, qint64 &offset)
{
    const auto pieces = co_await m_engine.registry.part(file->record.row, part);
    if (!pieces)
        co_return pieces.error();
    std::vector<ChunkPlace> places;
    for (const Piece &piece : *pieces) {
        if (piece.kind == Piece::Kind::Chunk)
            places.push_back(piece.place);
    }
    const auto records = co_await m_engine.registry.records(places);
    if (!records)
        co_return records.error();
    const auto there = co_await alreadyThere(file, *pieces, *records, offset);
    if (!there)
        co_return there.error();
    std::size_t chunk = 0;
    for (const Piece &piece : *pieces) {
        qint64 length = piece.zeros;
        if (piece.kind == Piece::Kind::Literal)
            length = piece.literal.size();
        if (piece.kind == Piece::Kind::Chunk) {
            length = (*records)[chunk].plainLength;
            if ((*there)[chunk]) {
                m_verified += length;
                m_result.reused += length;
            } else {
                file->missing += length;
                want(piece.place, file, offset);
            }
            ++chunk;
        } else {
            m_verified += length;
        }
        offset += length;
    }
    m_window.pieces += pieces->size();
    report(Progress::Phase::Downloading);
    co_return Result<>();
}

// Writes literals and zeros, and says which chunks the partial file holds already: by hashing what is in it.
Task<Result<std::vector<bool>>> Fetch::alreadyThere(
    std::shared_ptr<OpenFile> file, std::vector<Piece> pieces, std::vector<Record> records, qint64 offset)
{
    auto check = [part = file->part, pieces = std::move(pieces), records = std::move(records),
                     offset]() -> Result<std::vector<bool>> {
        std::vector<bool> there(records.size(), false);
        QByteArray scratch;
        qint64 at = offset;
        std::size_t chunk = 0;
        for (const Piece &piece : pieces) {
            if (piece.kind == Piece::Kind::Zeros) {
                // A new file is zero where nothing was written; an old one may hold anything.
                const auto cleared = part->wasThere() ? part->clear(at, piece.zeros) : Result<>();
                if (!cleared)
                    return cleared.error();
                at += piece.zeros;
            } else if (piece.kind == Piece::Kind::Literal) {
                const auto written = part->write(at, viewOf(piece.literal));
                if (!written)
                    return written.error();
                at += piece.literal.size();
            } else {
                const Record &record = records[chunk];
                if (part->wasThere()) {
                    scratch.resize(record.plainLength);
                    there[chunk]
                        = part->holds(at, mutableViewOf(scratch)) && sha256(viewOf(scratch)).bytes == record.hash.bytes;
                }
                at += record.plainLength;
                ++chunk;
            }
        }
        return there;
    };
    co_return co_await onPool(m_engine.cpu, check);
}

void Fetch::want(ChunkPlace place, std::shared_ptr<OpenFile> file, qint64 offset)
{
    auto &records = m_window.wanted[place.pack];
    if (records.empty())
        m_window.order.push_back(place.pack);
    WantedRecord::Place target;
    target.target = file->part;
    target.offset = offset;
    WantedRecord &wanted = records[place.record];
    wanted.record = place.record;
    wanted.places.push_back(std::move(target));
}

Task<Result<>> Fetch::readWindow()
{
    Window window = std::exchange(m_window, Window());
    std::vector<Task<Result<>>> tasks;
    for (const PackRow row : window.order) {
        std::vector<WantedRecord> wanted;
        for (auto &[record, want] : window.wanted[row])
            wanted.push_back(std::move(want));
        tasks.push_back(readPack(row, std::move(wanted)));
    }
    const auto results = co_await allOf(std::move(tasks), kPacksAtOnce);
    for (const auto &result : results) {
        if (!result)
            co_return result.error();
    }
    co_return co_await finishFiles();
}

Task<Result<>> Fetch::readPack(PackRow row, std::vector<WantedRecord> wanted)
{
    auto pack = co_await m_engine.registry.pack(row);
    if (!pack)
        co_return pack.error();
    const bool wasHeld = pack->held;
    PackReader reader(m_engine, std::move(*pack), m_result.stats);
    const std::function<void(qint64)> delivered = [this](qint64 good) {
        m_verified += good;
        report(Progress::Phase::Downloading);
    };
    auto reading = reader.read(wanted, delivered);
    const auto read = co_await reading;
    if (read || !wasHeld)
        co_return read;
    auto now = co_await m_engine.registry.pack(row);
    if (!now || now->held)
        co_return read;
    PackReader again(m_engine, std::move(*now), m_result.stats); // it has moved to the accounts meanwhile
    auto rereading = again.read(std::move(wanted), delivered);
    co_return co_await rereading;
}

// Gives their names to the files whose pieces have all been read: every window ends with all of its chunks verified.
Task<Result<>> Fetch::finishFiles()
{
    std::vector<std::shared_ptr<OpenFile>> done;
    for (const auto &file : m_open) {
        if (file->listed)
            done.push_back(file);
    }
    std::erase_if(m_open, [](const auto &file) { return file->listed; });
    for (const auto &file : done) {
        auto finish = [part = file->part, record = file->record, overwrite = m_request.overwrite] {
            return part->finish(record.size, record.executable, record.modified, overwrite);
        };
        const auto finished = co_await onPool(m_engine.io, finish);
        if (!finished)
            co_return finished.error();
    }
    co_return Result<>();
}

} // namespace mf
