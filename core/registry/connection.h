// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/statement.h"

#include <QSqlDatabase>

#include <memory>
#include <unordered_map>

namespace mf {

// The one SQLite connection of a registry: opened, used and destroyed on the worker thread.
//
// Prepared statements are kept, so a query costs its parse only once.
class Connection
{
public:
    explicit Connection(QString path);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    // Opens or makes the file (readable by its owner alone). Reads nothing but the header yet:
    // a file that is no database is Corrupt "MF-REGISTRY-CORRUPT".
    Result<> open();
    // WAL, synchronous = FULL, foreign keys. maxPages > 0 limits the file, for tests of a full disk.
    Result<> configure(int maxPages);

    const QString &path() const { return m_path; }

    // sql must be a literal: its address is the key of the cache.
    Statement prepare(const char *sql);
    // A statement made up at run time, not kept.
    Statement prepareOnce(const QString &sql);
    Result<> execute(const QString &sql);
    // The first value of the first row of, say, a pragma.
    Result<qint64> number(const QString &sql);

    Result<> begin(bool writing);
    Result<> commit();
    void rollback();

    // What an error of SQLite means to a caller.
    Error error(const QSqlError &error) const;
    // What is read from the file contradicts itself.
    Error corrupt(const QString &what) const;

private:
    QString m_path;
    QString m_name; // of the connection, unique in the process
    QSqlDatabase m_database;
    std::unordered_map<const char *, std::unique_ptr<detail::PreparedQuery>> m_prepared;
};

} // namespace mf
