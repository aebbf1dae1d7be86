// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/connection.h"

#include "core/base/log.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlError>
#include <QStorageInfo>

#include <atomic>

namespace mf {

namespace {

// Primary result codes of SQLite (sqlite.org/rescode.html); the extended ones carry them in the low byte.
enum SqliteCode {
    SqlitePerm = 3,
    SqliteBusy = 5,
    SqliteLocked = 6,
    SqliteReadOnly = 8,
    SqliteIoError = 10,
    SqliteCorrupt = 11,
    SqliteFull = 13,
    SqliteCannotOpen = 14,
    SqliteNoDatabase = 26,
};

QString uniqueName()
{
    static std::atomic<int> count = 0;
    const int number = ++count;
    return QStringLiteral("registry-%1").arg(number);
}

Error diskFull(const QString &path)
{
    return Error(Error::Kind::Quota, QStringLiteral("MF-DISK-FULL"),
        QStringLiteral("The disk of the registry %1 is full; free some space there and try again").arg(path))
        .with(QStringLiteral("path"), path)
        .offering(Error::Action::FreeSpace);
}

// An I/O error of SQLite hides the system's reason; no room is the usual one.
bool hasNoRoom(const QString &path)
{
    constexpr qint64 kNearlyNothing = 1 << 20;
    const QStorageInfo disk(QFileInfo(path).absolutePath());
    return disk.isValid() && disk.bytesAvailable() < kNearlyNothing;
}

} // namespace

Connection::Connection(QString path)
    : m_path(std::move(path))
    , m_name(uniqueName())
{
}

Connection::~Connection()
{
    m_prepared.clear();
    if (m_database.isOpen())
        m_database.close();
    m_database = QSqlDatabase();
    if (QSqlDatabase::contains(m_name))
        QSqlDatabase::removeDatabase(m_name);
}

Result<> Connection::open()
{
    const QString folder = QFileInfo(m_path).absolutePath();
    if (!QDir().mkpath(folder)) {
        return Error(Error::Kind::Invalid, QStringLiteral("MF-REGISTRY-OPEN"),
            QStringLiteral("The folder %1 for the registry cannot be made; check its permissions").arg(folder));
    }
    // Names of models are nobody else's business: SQLite gives its other files the same permissions.
    QFile file(m_path);
    if (!file.exists() && file.open(QIODevice::WriteOnly | QIODevice::NewOnly)) {
        file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        file.close();
    }
    m_database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_name);
    m_database.setDatabaseName(m_path);
    if (!m_database.open())
        return error(m_database.lastError());
    const auto header = number(QStringLiteral("PRAGMA schema_version"));
    if (!header)
        return header.error();
    return {};
}

Result<> Connection::configure(int maxPages)
{
    Statement journal = prepareOnce(QStringLiteral("PRAGMA journal_mode = WAL"));
    if (!journal.next())
        return journal.failed() ? journal.error() : corrupt(QStringLiteral("it has no journal mode"));
    if (journal.text(0) != QStringLiteral("wal")) // some network disks; slower, as safe
        logWarning("registry", QStringLiteral("no write-ahead log on this disk: ") + journal.text(0));
    QStringList settings = {
        QStringLiteral("PRAGMA synchronous = FULL"), // what commitPending promises
        QStringLiteral("PRAGMA foreign_keys = ON"),
        QStringLiteral("PRAGMA cache_size = -24576"), // KiB
        QStringLiteral("PRAGMA secure_delete = FAST"),
        QStringLiteral("PRAGMA journal_size_limit = 67108864"),
    };
    if (maxPages > 0)
        settings << QStringLiteral("PRAGMA max_page_count = %1").arg(maxPages);
    for (const QString &setting : settings) {
        const auto done = execute(setting);
        if (!done)
            return done;
    }
    return {};
}

Statement Connection::prepare(const char *sql)
{
    auto &slot = m_prepared[sql];
    if (!slot) {
        slot = std::make_unique<detail::PreparedQuery>(m_database);
        slot->query.setForwardOnly(true);
    }
    if (slot->busy) // used further up the stack
        return prepareOnce(QString::fromLatin1(sql));
    if (!slot->usable)
        slot->usable = slot->query.prepare(QString::fromLatin1(sql));
    return Statement(*this, *slot);
}

Statement Connection::prepareOnce(const QString &sql)
{
    auto prepared = std::make_unique<detail::PreparedQuery>(m_database);
    prepared->query.setForwardOnly(true);
    prepared->usable = prepared->query.prepare(sql);
    return Statement(*this, std::move(prepared));
}

Result<> Connection::execute(const QString &sql) { return prepareOnce(sql).run(); }

Result<qint64> Connection::number(const QString &sql)
{
    Statement query = prepareOnce(sql);
    if (query.next())
        return query.number(0);
    if (query.failed())
        return query.error();
    return corrupt(QStringLiteral("it gives no answer"));
}

Result<> Connection::begin(bool writing) { return writing ? prepare("BEGIN IMMEDIATE").run() : prepare("BEGIN").run(); }

Result<> Connection::commit() { return prepare("COMMIT").run(); }

void Connection::rollback()
{
    // SQLite may have rolled back by itself (a full disk): then this fails, and nothing is left to do.
    const auto ignored = prepare("ROLLBACK").run();
    static_cast<void>(ignored);
}

Error Connection::corrupt(const QString &what) const
{
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-REGISTRY-CORRUPT"),
        QStringLiteral("The registry %1 is damaged: %2. Put a backup in its place, or move it away and "
                       "rebuild it from the accounts with \"recover\"")
            .arg(m_path, what))
        .with(QStringLiteral("path"), m_path);
}

Error Connection::error(const QSqlError &error) const
{
    const int code = error.nativeErrorCode().toInt() & 0xff;
    const QString reason = error.databaseText().isEmpty() ? error.text() : error.databaseText();
    switch (code) {
    case SqliteFull:
        return diskFull(m_path);
    case SqliteCorrupt:
    case SqliteNoDatabase:
        return corrupt(reason);
    case SqliteBusy:
    case SqliteLocked:
        return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-REGISTRY-BUSY"),
            QStringLiteral("Another program holds the registry %1; close it and try again").arg(m_path))
            .offering(Error::Action::Retry);
    case SqlitePerm:
    case SqliteReadOnly:
    case SqliteCannotOpen:
        if (hasNoRoom(m_path))
            return diskFull(m_path);
        return Error(Error::Kind::Invalid, QStringLiteral("MF-REGISTRY-OPEN"),
            QStringLiteral("The registry %1 cannot be opened for writing (%2); check its permissions")
                .arg(m_path, reason));
    case SqliteIoError:
        if (hasNoRoom(m_path))
            return diskFull(m_path);
        break;
    default:
        break;
    }
    return Error(Error::Kind::Internal, QStringLiteral("MF-REGISTRY-SQL"),
        QStringLiteral("The registry %1 failed: %2 (%3). Check the disk, then try again")
            .arg(m_path, reason, error.nativeErrorCode()))
        .with(QStringLiteral("code"), error.nativeErrorCode());
}

} // namespace mf
