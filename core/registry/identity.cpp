// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/identity.h"

#include <QRandomGenerator>

namespace mf {

namespace {

Result<std::optional<QByteArray>> readMeta(Connection &db, const QString &key)
{
    Statement query = db.prepare("SELECT value FROM meta WHERE key = ?");
    query.bind(key);
    if (query.next())
        return std::optional(query.bytes(0));
    if (query.failed())
        return query.error();
    return std::optional<QByteArray>();
}

Result<> writeMeta(Connection &db, const QString &key, const QByteArray &value)
{
    return db.prepare("INSERT INTO meta(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value")
        .bind(key, value)
        .run();
}

QByteArray numberBytes(quint64 value)
{
    QByteArray bytes(sizeof value, Qt::Uninitialized);
    storeLe(mutableViewOf(bytes).data(), value);
    return bytes;
}

const QString kLibrary = QStringLiteral("library");
const QString kComputer = QStringLiteral("computer");
const QString kLamport = QStringLiteral("lamport");
const QString kChunkKey = QStringLiteral("chunk-key");

} // namespace

Result<std::optional<Registry::Identity>> readIdentity(Connection &db)
{
    const auto library = readMeta(db, kLibrary);
    if (!library)
        return library.error();
    if (!*library)
        return std::optional<Registry::Identity>();
    const auto computer = readMeta(db, kComputer);
    if (!computer)
        return computer.error();
    const auto lamport = readMeta(db, kLamport);
    if (!lamport)
        return lamport.error();
    const auto libraryId = LibraryId::from(viewOf(**library));
    const auto computerId = ComputerId::from(viewOf(computer->value_or(QByteArray())));
    const QByteArray clock = lamport->value_or(QByteArray());
    if (!libraryId || !computerId || clock.size() != sizeof(quint64))
        return db.corrupt(QStringLiteral("it does not say which library it is of"));
    Registry::Identity identity;
    identity.library = *libraryId;
    identity.computer = *computerId;
    identity.lamport = loadLe<quint64>(viewOf(clock).data());
    return std::optional(identity);
}

Result<> writeIdentity(Connection &db, const Registry::Identity &identity)
{
    auto done = writeMeta(db, kLibrary, identity.library.toByteArray());
    if (done)
        done = writeMeta(db, kComputer, identity.computer.toByteArray());
    if (done)
        done = writeMeta(db, kLamport, numberBytes(identity.lamport));
    return done;
}

Result<> witness(Connection &db, quint64 lamport)
{
    const auto identity = readIdentity(db);
    if (!identity)
        return identity.error();
    if (!*identity || (*identity)->lamport >= lamport)
        return {};
    return writeMeta(db, kLamport, numberBytes(lamport));
}

Result<QByteArray> readNote(Connection &db, const QString &key)
{
    const auto note = readMeta(db, QStringLiteral("note-") + key);
    if (!note)
        return note.error();
    return note->value_or(QByteArray());
}

Result<> writeNote(Connection &db, const QString &key, const QByteArray &value)
{
    return writeMeta(db, QStringLiteral("note-") + key, value);
}

Result<QMap<QString, QString>> readSettings(Connection &db)
{
    QMap<QString, QString> settings;
    Statement query = db.prepare("SELECT key, value FROM setting");
    while (query.next())
        settings.insert(query.text(0), query.text(1));
    if (query.failed())
        return query.error();
    return settings;
}

Result<> writeSetting(Connection &db, const QString &key, const QString &value)
{
    if (value.isEmpty())
        return db.prepare("DELETE FROM setting WHERE key = ?").bind(key).run();
    return db
        .prepare("INSERT INTO setting(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value")
        .bind(key, value)
        .run();
}

Result<ChunkKey> chunkKey(Connection &db, quint64 mask)
{
    auto secret = readMeta(db, kChunkKey);
    if (!secret)
        return secret.error();
    if (!*secret) {
        std::array<quint32, ChunkKey::kSize / sizeof(quint32)> random {};
        QRandomGenerator::system()->fillRange(random.data(), static_cast<qsizetype>(random.size()));
        *secret = QByteArray(reinterpret_cast<const char *>(random.data()), ChunkKey::kSize);
        const auto done = writeMeta(db, kChunkKey, **secret);
        if (!done)
            return done.error();
    }
    if ((*secret)->size() != ChunkKey::kSize)
        return db.corrupt(QStringLiteral("the key of its chunk index has the wrong length"));
    return ChunkKey(viewOf(**secret), mask);
}

} // namespace mf
