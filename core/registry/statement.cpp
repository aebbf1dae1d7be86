// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/statement.h"

#include "core/registry/connection.h"

#include <QSqlError>

namespace mf {

Statement::Statement(Connection &connection, detail::PreparedQuery &cached)
    : m_connection(&connection)
    , m_prepared(&cached)
{
    m_prepared->busy = true;
}

Statement::Statement(Connection &connection, std::unique_ptr<detail::PreparedQuery> owned)
    : m_connection(&connection)
    , m_owned(std::move(owned))
    , m_prepared(m_owned.get())
{
}

Statement::Statement(Statement &&other) noexcept
    : m_connection(other.m_connection)
    , m_owned(std::move(other.m_owned))
    , m_prepared(std::exchange(other.m_prepared, nullptr))
    , m_running(other.m_running)
    , m_failed(other.m_failed)
    , m_corrupt(other.m_corrupt)
{
}

Statement::~Statement()
{
    if (!m_prepared)
        return;
    m_prepared->query.finish(); // else it keeps the read transaction open
    m_prepared->busy = false;
}

void Statement::restart()
{
    if (m_running)
        m_prepared->query.finish();
    m_running = false;
    m_failed = false;
}

Statement &Statement::bindAll(const QVariantList &values)
{
    restart();
    for (int i = 0; i < values.size(); ++i)
        m_prepared->query.bindValue(i, values[i]);
    return *this;
}

Result<> Statement::run()
{
    m_running = true;
    m_failed = !m_prepared->usable || !m_prepared->query.exec();
    if (m_failed)
        return error();
    return {};
}

Result<qint64> Statement::insert()
{
    if (const auto done = run(); !done)
        return done.error();
    return m_prepared->query.lastInsertId().toLongLong(); // told by the connection, no statement that could fail
}

bool Statement::next()
{
    if (m_failed)
        return false;
    if (!m_running && !run())
        return false;
    if (m_prepared->query.next())
        return true;
    m_failed = m_prepared->query.lastError().isValid();
    return false;
}

Error Statement::error() const
{
    if (m_corrupt)
        return m_connection->corrupt(QStringLiteral("a row has a value of the wrong length"));
    return m_connection->error(m_prepared->query.lastError());
}

void Statement::noteCorrupt()
{
    m_corrupt = true;
    m_failed = true;
}

QDateTime Statement::time(int column) const
{
    return isNull(column) ? QDateTime() : QDateTime::fromMSecsSinceEpoch(number(column), Qt::UTC);
}

std::optional<qint64> Statement::optionalNumber(int column) const
{
    if (isNull(column))
        return std::nullopt;
    return number(column);
}

// Qt binds null strings and byte arrays as NULL; ours are never that.
QVariant Statement::valueOf(const QString &value)
{
    return value.isNull() ? QVariant(QLatin1String("")) : QVariant(value);
}

QVariant Statement::valueOf(const QByteArray &value)
{
    return value.isNull() ? QVariant(QByteArray("", 0)) : QVariant(value);
}

QVariant Statement::valueOf(const QDateTime &value)
{
    return value.isValid() ? QVariant(value.toMSecsSinceEpoch()) : QVariant();
}

QVariant Statement::valueOf(const std::optional<qint64> &value) { return value ? QVariant(*value) : QVariant(); }

} // namespace mf
