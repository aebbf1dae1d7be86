// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/heal.h"
#include "core/distributor/target_folder.h"

namespace mf {

struct FetchRequest {
    QString model;
    int revision = 0; // 0: the current one
    std::function<bool(const QString &)> select; // by stored path; empty: all files
    QByteArray to; // folder, absolute
    bool overwrite = false; // files of that name with other content
};

struct FetchResult {
    QString model;
    qint64 bytes = 0; // of the files fetched
    qint64 reused = 0; // of them, that a partial or finished file held already
    std::vector<FileRecord> files;
    ReadStats stats;
    HealResult healed; // of what stats.damages names
};

// Brings a model back: downloads, verifies every chunk, writes the stored paths below a folder.
// A file appears under its name only when whole and verified. What an earlier run left is hashed
// again and used. Damaged and missing fragments that it met are rebuilt and replaced at the end.
class Fetch
{
public:
    Fetch(Engine &engine, FetchRequest request, ProgressSink progress);
    Task<Result<FetchResult>> run(); // once

private:
    struct OpenFile {
        FileRecord record;
        std::shared_ptr<PartFile> part;
        qint64 missing = 0; // bytes not yet verified
        bool listed = false; // all its pieces were seen
    };
    // Chunks to read next, by pack, in the order in which packs were met.
    struct Window {
        std::vector<PackRow> order;
        std::map<PackRow, std::map<std::uint32_t, WantedRecord>> wanted; // by record
        std::size_t pieces = 0;
    };

    Task<Result<>> findFragments(RevisionRow revision);
    Task<Result<>> fetchFile(FileRecord file);
    Task<Result<>> addPart(std::shared_ptr<OpenFile> file, int part, qint64 &offset);
    Task<Result<std::vector<bool>>> alreadyThere(
        std::shared_ptr<OpenFile> file, std::vector<Piece> pieces, std::vector<Record> records, qint64 offset);
    void want(ChunkPlace place, std::shared_ptr<OpenFile> file, qint64 offset);
    Task<Result<>> readWindow();
    Task<Result<>> readPack(PackRow row, std::vector<WantedRecord> wanted);
    Task<Result<>> finishFiles();
    void report(Progress::Phase phase);

    Engine &m_engine;
    FetchRequest m_request;
    ProgressSink m_progress;
    Progress m_now;
    FetchResult m_result;
    std::shared_ptr<TargetFolder> m_folder;
    Window m_window;
    std::vector<std::shared_ptr<OpenFile>> m_open;
    qint64 m_verified = 0;
};

} // namespace mf
