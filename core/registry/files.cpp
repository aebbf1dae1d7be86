// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/files.h"

#include "core/registry/blob.h"
#include "core/registry/runs.h"

namespace mf {

namespace {

Error fileUnknown(FileRow file)
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-FILE-UNKNOWN"),
        QStringLiteral("The registry knows no file %1; it was dropped meanwhile").arg(file));
}

// For those who read: what another computer wrote of a model takes the place of what was known of it.
Error fileReplaced()
{
    return Error(Error::Kind::Network, QStringLiteral("MF-FILE-REPLACED"),
        QStringLiteral("what another computer changed of this model was taken in meanwhile; try again"))
        .offering(Error::Action::Retry);
}

Result<> requireFile(Connection &db, FileRow file)
{
    Statement query = db.prepare("SELECT 1 FROM file WHERE id = ?");
    query.bind(file);
    if (query.next())
        return {};
    if (query.failed())
        return query.error();
    return fileUnknown(file);
}

// Runs an update that must meet one file.
Result<> updateFile(Statement &update, FileRow file)
{
    const auto done = update.run();
    if (!done)
        return done;
    if (update.affected() < 1)
        return fileUnknown(file);
    return {};
}

} // namespace

Result<FileRow> addFile(Connection &db, RevisionRow revision, const FileRecord &file)
{
    Statement known = db.prepare("SELECT (SELECT COUNT(*) FROM file WHERE file.revision = revision.id AND path = ?)"
                                 " FROM revision WHERE id = ?");
    known.bind(file.path, revision);
    if (!known.next()) {
        if (known.failed())
            return known.error();
        return Error(Error::Kind::NotFound, QStringLiteral("MF-REVISION-UNKNOWN"),
            QStringLiteral("The registry knows no revision %1; it was dropped meanwhile").arg(revision));
    }
    if (known.number(0) > 0) {
        return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-FILE-EXISTS"),
            QStringLiteral("The revision has a file \"%1\" already; store it under another name").arg(file.path));
    }
    return db
        .prepare("INSERT INTO file(revision, path, size, sha256, executable, modified, cid, cid_profile)"
                 " VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(revision, file.path, file.size, file.sha256, file.executable, file.modified, file.cid, file.cidProfile)
        .insert();
}

Result<> finishFile(Connection &db, FileRow file, const FileRecord &record)
{
    Statement update = db.prepare("UPDATE file SET size = ?, sha256 = ?, executable = ?, modified = ? WHERE id = ?");
    update.bind(record.size, record.sha256, record.executable, record.modified, file);
    return updateFile(update, file);
}

Result<> setCid(Connection &db, FileRow file, const QString &profile, const QString &cid)
{
    Statement update = db.prepare("UPDATE file SET cid = ?, cid_profile = ? WHERE id = ?");
    update.bind(cid, profile, file);
    return updateFile(update, file);
}

Result<std::vector<FileRecord>> readFiles(Connection &db, RevisionRow revision)
{
    std::vector<FileRecord> files;
    Statement query = db.prepare("SELECT id, path, size, sha256, executable, modified, cid, cid_profile FROM file"
                                 " WHERE revision = ? ORDER BY id");
    query.bind(revision);
    while (query.next()) {
        FileRecord file;
        file.row = query.number(0);
        file.path = query.text(1);
        file.size = query.number(2);
        file.sha256 = query.id<Sha256>(3);
        file.executable = query.small(4) != 0;
        file.modified = query.time(5);
        file.cid = query.text(6);
        file.cidProfile = query.text(7);
        files.push_back(std::move(file));
    }
    if (query.failed())
        return query.error();
    return files;
}

Result<> putPart(Connection &db, FileRow file, int part, const std::vector<Piece> &pieces)
{
    const auto runs = packRuns(pieces);
    if (!runs)
        return runs.error();
    const auto known = requireFile(db, file);
    if (!known)
        return known;
    return db
        .prepare("INSERT INTO list(file, part, runs) VALUES(?, ?, ?)"
                 " ON CONFLICT(file, part) DO UPDATE SET runs = excluded.runs")
        .bind(file, part, *runs)
        .run();
}

Result<int> partCount(Connection &db, FileRow file)
{
    Statement query = db.prepare("SELECT COUNT(l.file) FROM file f LEFT JOIN list l ON l.file = f.id WHERE f.id = ?"
                                 " GROUP BY f.id");
    query.bind(file);
    if (!query.next())
        return query.failed() ? query.error() : fileReplaced();
    return query.small(0);
}

Result<std::vector<Piece>> readPart(Connection &db, FileRow file, int part)
{
    Statement query = db.prepare("SELECT runs FROM list WHERE file = ? AND part = ?");
    query.bind(file, part);
    if (!query.next()) {
        if (query.failed())
            return query.error();
        if (!requireFile(db, file))
            return fileReplaced();
        return Error(Error::Kind::NotFound, QStringLiteral("MF-PART-UNKNOWN"),
            QStringLiteral("The registry has no part %1 of file %2").arg(part).arg(file));
    }
    auto pieces = unpackRuns(query.bytes(0));
    if (!pieces)
        return db.corrupt(QStringLiteral("the pieces of a file cannot be read"));
    return std::move(*pieces);
}

Result<> putTensors(Connection &db, FileRow file, const std::vector<TensorRecord> &tensors)
{
    const auto known = requireFile(db, file);
    if (!known)
        return known;
    BlobWriter writer;
    for (const TensorRecord &tensor : tensors) {
        writer.text(tensor.name);
        writer.text(tensor.type);
        writer.zigzag(tensor.offset);
        writer.zigzag(tensor.length);
        writer.varint(static_cast<quint64>(tensor.shape.size()));
        for (const qint64 dimension : tensor.shape)
            writer.zigzag(dimension);
    }
    return db
        .prepare("INSERT INTO tensors(file, entries) VALUES(?, ?)"
                 " ON CONFLICT(file) DO UPDATE SET entries = excluded.entries")
        .bind(file, writer.take())
        .run();
}

Result<std::vector<TensorRecord>> readTensors(Connection &db, FileRow file)
{
    std::vector<TensorRecord> tensors;
    Statement query = db.prepare("SELECT entries FROM tensors WHERE file = ?");
    query.bind(file);
    if (!query.next()) {
        if (query.failed())
            return query.error();
        return tensors;
    }
    BlobReader reader(query.bytes(0));
    while (!reader.atEnd()) {
        TensorRecord tensor;
        tensor.name = reader.text();
        tensor.type = reader.text();
        tensor.offset = reader.zigzag();
        tensor.length = reader.zigzag();
        const quint64 dimensions = reader.varint();
        for (quint64 i = 0; i < dimensions && !reader.failed(); ++i)
            tensor.shape.append(reader.zigzag());
        tensors.push_back(std::move(tensor));
    }
    if (reader.failed())
        return db.corrupt(QStringLiteral("the tensors of a file cannot be read"));
    return tensors;
}

} // namespace mf
