// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/gguf_values.h"

#include <QStringList>

#include <algorithm>
#include <bit>

namespace mf {

namespace {

constexpr std::uint64_t kMaxArray = 1ULL << 30; // ggml's own
constexpr std::uint64_t kMaxString = 1ULL << 30; // ggml's own
constexpr std::uint64_t kKeptItem = 4'096; // an array with a longer string inside is not kept
constexpr qint64 kKeptTotal = 16 << 20; // of all values of one header
constexpr int kMaxShown = 10'000;
constexpr auto kLastType = static_cast<std::uint32_t>(GgufType::F64);

template <typename Raw, typename Signed, typename Kept> bool integer(HeaderCursor &cursor, GgufScalar &out)
{
    Raw raw = 0;
    if (!cursor.number(raw))
        return false;
    out = Kept { static_cast<Signed>(raw) };
    return true;
}

QString named(const QByteArray &name) { return QString::fromUtf8(name); }

} // namespace

int ggufWidth(GgufType type)
{
    switch (type) {
    case GgufType::U8:
    case GgufType::I8:
    case GgufType::Bool:
        return 1;
    case GgufType::U16:
    case GgufType::I16:
        return 2;
    case GgufType::U32:
    case GgufType::I32:
    case GgufType::F32:
        return 4;
    case GgufType::U64:
    case GgufType::I64:
    case GgufType::F64:
        return 8;
    case GgufType::String:
    case GgufType::Array:
        break;
    }
    return 0;
}

bool GgufValueReader::invalid(const QString &what)
{
    m_cursor.fail(formatError::invalid(what));
    return false;
}

bool GgufValueReader::string(std::uint64_t longest, std::uint64_t keep, QByteArray &out, std::uint64_t &length)
{
    if (!m_cursor.number(length))
        return false;
    if (length > longest)
        return invalid(QStringLiteral("it has a text of %1 bytes").arg(length));
    keep = std::min(length, keep);
    // Fails before memory is taken if the file cannot hold the text.
    if (static_cast<qint64>(length) > m_cursor.remaining())
        return m_cursor.skip(static_cast<qint64>(length));
    out.resize(static_cast<qsizetype>(keep));
    return m_cursor.read(mutableViewOf(out)) && m_cursor.skip(static_cast<qint64>(length - keep));
}

bool GgufValueReader::number(GgufType type, GgufScalar &out)
{
    using U = std::uint64_t;
    using I = std::int64_t;
    switch (type) {
    case GgufType::U8:
        return integer<std::uint8_t, std::uint8_t, U>(m_cursor, out);
    case GgufType::U16:
        return integer<std::uint16_t, std::uint16_t, U>(m_cursor, out);
    case GgufType::U32:
        return integer<std::uint32_t, std::uint32_t, U>(m_cursor, out);
    case GgufType::U64:
        return integer<std::uint64_t, std::uint64_t, U>(m_cursor, out);
    case GgufType::I8:
        return integer<std::uint8_t, std::int8_t, I>(m_cursor, out);
    case GgufType::I16:
        return integer<std::uint16_t, std::int16_t, I>(m_cursor, out);
    case GgufType::I32:
        return integer<std::uint32_t, std::int32_t, I>(m_cursor, out);
    case GgufType::I64:
        return integer<std::uint64_t, std::int64_t, I>(m_cursor, out);
    case GgufType::F32: {
        std::uint32_t raw = 0;
        if (!m_cursor.number(raw))
            return false;
        out = double { std::bit_cast<float>(raw) };
        return true;
    }
    case GgufType::F64: {
        std::uint64_t raw = 0;
        if (!m_cursor.number(raw))
            return false;
        out = std::bit_cast<double>(raw);
        return true;
    }
    case GgufType::Bool: {
        std::uint8_t raw = 0;
        if (!m_cursor.number(raw))
            return false;
        if (raw > 1)
            return invalid(QStringLiteral("it has a yes-or-no value of %1").arg(raw));
        out = raw == 1;
        return true;
    }
    case GgufType::String:
    case GgufType::Array:
        break;
    }
    return invalid(QStringLiteral("it has a value of no type"));
}

bool GgufValueReader::items(GgufEntry &entry, bool keep)
{
    for (std::uint64_t i = 0; i < entry.count; ++i) {
        GgufScalar item;
        if (entry.element == GgufType::String) {
            QByteArray bytes;
            std::uint64_t length = 0;
            if (!string(kMaxString, keep ? kKeptItem : 0, bytes, length))
                return false;
            keep = keep && length <= kKeptItem;
            m_kept += bytes.size();
            item = std::move(bytes);
        } else if (!number(entry.element, item)) {
            return false;
        }
        if (keep)
            entry.items.push_back(std::move(item));
    }
    if (!keep)
        entry.items.clear();
    m_kept += static_cast<qint64>(entry.items.size() * sizeof(GgufScalar));
    return true;
}

bool GgufValueReader::array(GgufEntry &entry)
{
    std::uint32_t element = 0;
    if (!m_cursor.number(element) || !m_cursor.number(entry.count))
        return false;
    if (element > kLastType)
        return invalid(QStringLiteral("“%1” is a list of the unknown type %2").arg(named(entry.key)).arg(element));
    entry.element = static_cast<GgufType>(element);
    if (entry.element == GgufType::Array)
        return invalid(QStringLiteral("“%1” is a list of lists").arg(named(entry.key)));
    const int width = ggufWidth(entry.element);
    const auto room
        = static_cast<std::uint64_t>(m_cursor.remaining()) / static_cast<std::uint64_t>(width > 0 ? width : 8);
    if (entry.count > kMaxArray || entry.count > room)
        return invalid(QStringLiteral("“%1” announces %2 elements").arg(named(entry.key)).arg(entry.count));
    entry.offset = m_cursor.position();
    const bool keep = entry.count <= GgufHeader::kKeptItems && m_kept < kKeptTotal;
    // Bytes of yes-or-no values have to be looked at, the others may be anything.
    if (!keep && width > 0 && entry.element != GgufType::Bool)
        return m_cursor.skip(static_cast<qint64>(entry.count) * width);
    return items(entry, keep);
}

bool GgufValueReader::value(GgufEntry &entry)
{
    std::uint32_t type = 0;
    if (!m_cursor.number(type))
        return false;
    if (type > kLastType)
        return invalid(QStringLiteral("“%1” has the unknown type %2").arg(named(entry.key)).arg(type));
    entry.type = static_cast<GgufType>(type);
    m_kept += entry.key.size();
    if (entry.type == GgufType::Array)
        return array(entry);
    if (entry.type != GgufType::String)
        return number(entry.type, entry.value);
    const auto room = static_cast<std::uint64_t>(std::clamp<qint64>(kKeptTotal - m_kept, 0, GgufHeader::kKeptString));
    QByteArray bytes;
    entry.offset = m_cursor.position() + 8;
    if (!string(kMaxString, room, bytes, entry.count))
        return false;
    m_kept += bytes.size();
    entry.value = std::move(bytes);
    return true;
}

Result<QStringList> readGgufArray(const ByteSource &source, const GgufEntry &entry, std::uint64_t first, int count)
{
    QStringList texts;
    if (entry.type != GgufType::Array || first >= entry.count)
        return texts;
    const auto end = first + std::min(entry.count - first, static_cast<std::uint64_t>(std::clamp(count, 0, kMaxShown)));
    HeaderCursor cursor(source, kGgufHeaderLimit);
    GgufValueReader values(cursor);
    const int width = ggufWidth(entry.element);
    if (!cursor.skip(entry.offset + static_cast<qint64>(first) * width))
        return cursor.error();
    for (std::uint64_t i = width > 0 ? first : 0; i < end; ++i) {
        GgufScalar item;
        if (width > 0) {
            if (!values.number(entry.element, item))
                return cursor.error();
        } else {
            QByteArray bytes;
            std::uint64_t length = 0;
            if (!values.string(kMaxString, i < first ? 0 : kKeptItem, bytes, length))
                return cursor.error();
            item = std::move(bytes);
        }
        if (i >= first)
            texts.append(toText(item));
    }
    return texts;
}

QString toText(const GgufScalar &value)
{
    struct {
        QString operator()(std::monostate) const { return {}; }
        QString operator()(bool v) const { return v ? QStringLiteral("true") : QStringLiteral("false"); }
        QString operator()(std::int64_t v) const { return QString::number(v); }
        QString operator()(std::uint64_t v) const { return QString::number(v); }
        QString operator()(double v) const { return QString::number(v, 'g', 9); }
        QString operator()(const QByteArray &v) const { return QString::fromUtf8(v); }
    } const visitor;
    return std::visit(visitor, value);
}

} // namespace mf
