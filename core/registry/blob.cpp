// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/registry/blob.h"

namespace mf {

void BlobWriter::varint(quint64 value)
{
    while (value >= 0x80) {
        m_bytes.append(static_cast<char>((value & 0x7f) | 0x80));
        value >>= 7;
    }
    m_bytes.append(static_cast<char>(value));
}

void BlobWriter::zigzag(qint64 value)
{
    const auto bits = static_cast<quint64>(value);
    varint((bits << 1) ^ (value < 0 ? ~quint64(0) : 0));
}

void BlobWriter::bytes(const QByteArray &value)
{
    varint(static_cast<quint64>(value.size()));
    m_bytes += value;
}

quint64 BlobReader::varint()
{
    quint64 value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (m_failed || m_at >= m_bytes.size())
            break;
        const auto byte = static_cast<quint8>(m_bytes.at(m_at++));
        const quint64 part = byte & 0x7f;
        if (shift == 63 && part > 1) // more than 64 bits
            break;
        value |= part << shift;
        if (!(byte & 0x80))
            return value;
    }
    m_failed = true;
    return 0;
}

qint64 BlobReader::zigzag()
{
    const quint64 bits = varint();
    return static_cast<qint64>((bits >> 1) ^ (bits & 1 ? ~quint64(0) : 0));
}

QByteArray BlobReader::raw(quint64 length)
{
    if (m_failed || length > static_cast<quint64>(m_bytes.size() - m_at)) {
        m_failed = true;
        return {};
    }
    const QByteArray value = m_bytes.mid(m_at, static_cast<qsizetype>(length));
    m_at += static_cast<qsizetype>(length);
    return value;
}

QByteArray packMap(const QMap<QString, QString> &map)
{
    BlobWriter writer;
    for (auto entry = map.begin(); entry != map.end(); ++entry) {
        writer.text(entry.key());
        writer.text(entry.value());
    }
    return writer.take();
}

std::optional<QMap<QString, QString>> unpackMap(const QByteArray &bytes)
{
    QMap<QString, QString> map;
    BlobReader reader(bytes);
    while (!reader.atEnd()) {
        const QString key = reader.text();
        map.insert(map.cend(), key, reader.text()); // they were written in order
    }
    if (reader.failed())
        return std::nullopt;
    return map;
}

QByteArray packTexts(const QStringList &texts)
{
    BlobWriter writer;
    for (const QString &text : texts)
        writer.text(text);
    return writer.take();
}

std::optional<QStringList> unpackTexts(const QByteArray &bytes)
{
    QStringList texts;
    BlobReader reader(bytes);
    while (!reader.atEnd())
        texts << reader.text();
    if (reader.failed())
        return std::nullopt;
    return texts;
}

} // namespace mf
