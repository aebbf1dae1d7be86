// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"
#include "core/base/result.h"

#include <QDateTime>
#include <QSqlQuery>
#include <QVariant>

#include <memory>
#include <vector>

namespace mf {

class Connection;

namespace detail {
struct PreparedQuery {
    QSqlQuery query;
    bool usable = false; // prepared without an error
    bool busy = false; // a Statement uses it
    explicit PreparedQuery(const QSqlDatabase &database)
        : query(database)
    {
    }
};
}

// A prepared statement for the time of one use; resets it at the end of its life.
//
//     Statement query = db.prepare("SELECT id FROM pack WHERE state = ?");
//     query.bind(1);
//     while (query.next())
//         rows.push_back(query.number(0));
//     if (query.failed())
//         return query.error();
class Statement
{
public:
    Statement(Connection &connection, detail::PreparedQuery &cached);
    Statement(Connection &connection, std::unique_ptr<detail::PreparedQuery> owned);
    Statement(Statement &&other) noexcept;
    Statement &operator=(Statement &&) = delete;
    ~Statement();

    // Values in the order of the question marks.
    template <typename... Values> Statement &bind(const Values &...values)
    {
        restart();
        int at = 0;
        (m_prepared->query.bindValue(at++, valueOf(values)), ...);
        return *this;
    }
    Statement &bindAll(const QVariantList &values);

    Result<> run(); // for statements without rows
    Result<qint64> insert(); // for an INSERT: the id of the row that it made
    bool next(); // runs it at the first call; false at the end or when it failed
    bool failed() const { return m_failed; }
    Error error() const; // precondition: failed()
    int affected() const { return m_prepared->query.numRowsAffected(); }

    qint64 number(int column) const { return m_prepared->query.value(column).toLongLong(); }
    int small(int column) const { return m_prepared->query.value(column).toInt(); }
    QString text(int column) const { return m_prepared->query.value(column).toString(); }
    QByteArray bytes(int column) const { return m_prepared->query.value(column).toByteArray(); }
    bool isNull(int column) const { return m_prepared->query.isNull(column); }
    QDateTime time(int column) const; // UTC; invalid for NULL
    std::optional<qint64> optionalNumber(int column) const;
    // Bytes of the wrong length make the statement fail as Corrupt; NULL is the null id.
    template <typename Id> Id id(int column)
    {
        const QByteArray value = bytes(column);
        if (value.isEmpty())
            return Id();
        const auto read = Id::from(viewOf(value));
        if (!read)
            noteCorrupt();
        return read ? *read : Id();
    }

    // What is left of the first column.
    template <typename Id> Result<std::vector<Id>> ids()
    {
        return collect<Id>([this] { return id<Id>(0); });
    }
    Result<std::vector<qint64>> numbers()
    {
        return collect<qint64>([this] { return number(0); });
    }

    static QVariant valueOf(const QVariant &value) { return value; }
    static QVariant valueOf(const QString &value);
    static QVariant valueOf(const QByteArray &value);
    static QVariant valueOf(const QDateTime &value);
    static QVariant valueOf(const std::optional<qint64> &value);
    template <typename T>
        requires std::is_integral_v<T>
    static QVariant valueOf(T value)
    {
        return QVariant::fromValue(static_cast<qlonglong>(value));
    }
    template <typename T>
        requires std::is_enum_v<T>
    static QVariant valueOf(T value)
    {
        return QVariant::fromValue(static_cast<qlonglong>(value));
    }
    template <typename Tag, std::size_t N> static QVariant valueOf(const FixedBytes<Tag, N> &value)
    {
        return value.toByteArray();
    }
    template <std::size_t N> static QVariant valueOf(const std::array<std::uint8_t, N> &value)
    {
        return toByteArray(value);
    }

private:
    template <typename T, typename Read> Result<std::vector<T>> collect(Read read)
    {
        std::vector<T> values;
        while (next())
            values.push_back(read());
        if (failed())
            return error();
        return values;
    }
    void restart();
    void noteCorrupt();

    Connection *m_connection;
    std::unique_ptr<detail::PreparedQuery> m_owned; // when not from the cache
    detail::PreparedQuery *m_prepared;
    bool m_running = false;
    bool m_failed = false;
    bool m_corrupt = false;
};

} // namespace mf
