// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/bytes.h"

#include <QMap>
#include <QStringList>

namespace mf {

// Small structures inside a BLOB column: LEB128 varints (at most 10 bytes), byte strings and
// UTF-8 texts with a varint length before them.
class BlobWriter
{
public:
    void varint(quint64 value);
    void zigzag(qint64 value);
    void bytes(const QByteArray &value);
    void text(const QString &value) { bytes(value.toUtf8()); }
    void raw(const QByteArray &value) { m_bytes += value; } // without its length
    QByteArray take() { return std::move(m_bytes); }

private:
    QByteArray m_bytes;
};

// Reads what a BlobWriter wrote. At damage it fails for good: every further value is zero or empty.
class BlobReader
{
public:
    explicit BlobReader(const QByteArray &bytes)
        : m_bytes(bytes)
    {
    }
    quint64 varint();
    qint64 zigzag();
    QByteArray bytes() { return raw(varint()); }
    QString text() { return QString::fromUtf8(bytes()); }
    QByteArray raw(quint64 length);
    bool atEnd() const { return m_failed || m_at == m_bytes.size(); }
    bool failed() const { return m_failed; }
    void fail() { m_failed = true; }

private:
    QByteArray m_bytes;
    qsizetype m_at = 0;
    bool m_failed = false;
};

QByteArray packMap(const QMap<QString, QString> &map);
std::optional<QMap<QString, QString>> unpackMap(const QByteArray &bytes);
QByteArray packTexts(const QStringList &texts);
std::optional<QStringList> unpackTexts(const QByteArray &bytes);

} // namespace mf
