// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/gguf.h"

#include "core/formats/ggml_types.h"
#include "core/formats/gguf_values.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace mf {

namespace {

constexpr std::uint64_t kMaxEntries = 65'536; // real files: below 100
constexpr std::uint64_t kMaxTensors = 300'000; // real files: some thousands
constexpr std::uint64_t kMaxKey = 65'535;
constexpr std::uint64_t kMaxName = 63;
constexpr qint64 kMinEntry = 8 + 1 + 4 + 1;
constexpr qint64 kMinTensor = 8 + 1 + 4 + 8 + 4 + 8;
constexpr qint64 kMaxOffset = std::numeric_limits<qint64>::max();

QString named(const QByteArray &name) { return QString::fromUtf8(name); }

// The header's state while it is read; each step returns false after the cursor failed.
class GgufReader
{
public:
    explicit GgufReader(const ByteSource &source)
        : m_source(source)
        , m_cursor(source, kGgufHeaderLimit)
    {
    }

    Result<GgufHeader> read()
    {
        if (!preamble() || !entries() || !alignment() || !tensors() || !checkNames())
            return m_cursor.error();
        return std::move(m_header);
    }

private:
    bool invalid(const QString &what)
    {
        m_cursor.fail(formatError::invalid(what));
        return false;
    }
    bool limit(const QString &what)
    {
        m_cursor.fail(formatError::limit(what));
        return false;
    }

    bool preamble();
    bool entries();
    bool entry(GgufEntry &out);
    bool alignment();
    bool tensors();
    bool tensor(Tensor &out, std::uint64_t &offset);
    bool size(const GgmlType &type, Tensor &out);
    bool checkNames();

    const ByteSource &m_source;
    HeaderCursor m_cursor;
    GgufValueReader m_values { m_cursor };
    GgufHeader m_header;
    std::uint64_t m_entryCount = 0;
    std::uint64_t m_tensorCount = 0;
    std::vector<QByteArray> m_names;
};

bool GgufReader::preamble()
{
    std::array<std::uint8_t, 4> magic {};
    if (!m_cursor.read(magic))
        return false;
    if (!looksLikeGguf(magic))
        return invalid(QStringLiteral("it does not begin with “GGUF”"));
    if (!m_cursor.number(m_header.version))
        return false;
    if ((m_header.version & 0xffffU) == 0) {
        m_cursor.fail(formatError::unsupported(QStringLiteral("it is a big-endian GGUF file")));
        return false;
    }
    if (m_header.version != 2 && m_header.version != 3) {
        m_cursor.fail(formatError::unsupported(QStringLiteral("unknown GGUF version %1").arg(m_header.version)));
        return false;
    }
    if (!m_cursor.number(m_tensorCount) || !m_cursor.number(m_entryCount))
        return false;
    const auto left = static_cast<std::uint64_t>(m_cursor.remaining());
    if (m_entryCount > left / kMinEntry || m_tensorCount > left / kMinTensor)
        return invalid(QStringLiteral("it announces more entries than the file has room for"));
    if (m_entryCount > kMaxEntries || m_tensorCount > kMaxTensors)
        return limit(QStringLiteral("it announces %1 entries and %2 tensors").arg(m_entryCount).arg(m_tensorCount));
    return true;
}

bool GgufReader::entry(GgufEntry &out)
{
    std::uint64_t length = 0;
    if (!m_values.string(kMaxKey, kMaxKey, out.key, length))
        return false;
    if (out.key.isEmpty())
        return invalid(QStringLiteral("it has an entry without a name"));
    return m_values.value(out);
}

bool GgufReader::entries()
{
    m_header.entries.reserve(static_cast<std::size_t>(m_entryCount));
    for (std::uint64_t i = 0; i < m_entryCount; ++i) {
        GgufEntry read;
        if (!entry(read))
            return false;
        m_header.entries.push_back(std::move(read));
    }
    return true;
}

bool GgufReader::alignment()
{
    if (!m_header.find("general.alignment"))
        return true;
    const auto value = m_header.integer("general.alignment");
    if (!value || *value <= 0 || *value > std::numeric_limits<std::uint32_t>::max()
        || !std::has_single_bit(static_cast<std::uint64_t>(*value)))
        return invalid(QStringLiteral("its alignment is not a power of two"));
    m_header.alignment = static_cast<std::uint32_t>(*value);
    return true;
}

// Elements and bytes of the tensor, all products checked.
bool GgufReader::size(const GgmlType &type, Tensor &out)
{
    qint64 elements = 1;
    for (const qint64 extent : out.shape) {
        if (__builtin_mul_overflow(elements, extent, &elements))
            return invalid(QStringLiteral("the tensor “%1” is larger than can be").arg(out.name));
    }
    if (out.shape.front() % type.elements != 0)
        return invalid(QStringLiteral("the rows of the tensor “%1” are not whole %2 blocks").arg(out.name, out.type));
    qint64 bytes = 0;
    if (__builtin_mul_overflow(elements / type.elements, qint64 { type.bytes }, &bytes))
        return invalid(QStringLiteral("the tensor “%1” is larger than can be").arg(out.name));
    out.elements = elements;
    out.length = bytes;
    return true;
}

bool GgufReader::tensor(Tensor &out, std::uint64_t &offset)
{
    QByteArray name;
    std::uint64_t length = 0;
    if (!m_values.string(kMaxName, kMaxName, name, length))
        return false;
    out.name = named(name);
    m_names.push_back(std::move(name));
    std::uint32_t dimensions = 0;
    if (!m_cursor.number(dimensions))
        return false;
    if (dimensions < 1 || dimensions > 4)
        return invalid(QStringLiteral("the tensor “%1” has %2 dimensions").arg(out.name).arg(dimensions));
    out.shape.resize(dimensions);
    for (auto &extent : out.shape) {
        std::uint64_t raw = 0;
        if (!m_cursor.number(raw))
            return false;
        if (raw > static_cast<std::uint64_t>(std::numeric_limits<qint64>::max()))
            return invalid(QStringLiteral("the tensor “%1” is larger than can be").arg(out.name));
        extent = static_cast<qint64>(raw);
    }
    std::uint32_t typeId = 0;
    if (!m_cursor.number(typeId) || !m_cursor.number(offset))
        return false;
    const auto *type = ggmlType(typeId);
    if (!type) {
        m_cursor.fail(formatError::unsupported(
            QStringLiteral("the tensor “%1” has the unknown type %2").arg(out.name).arg(typeId)));
        return false;
    }
    out.type = type->name;
    out.element = type->element;
    out.block = type->bytes;
    return size(*type, out);
}

bool GgufReader::tensors()
{
    const auto padded = [&](qint64 value, qint64 &result) {
        const qint64 a = m_header.alignment;
        if (value > kMaxOffset - (a - 1))
            return false;
        result = (value + (a - 1)) / a * a;
        return true;
    };
    m_header.tensors.reserve(static_cast<std::size_t>(m_tensorCount));
    qint64 expected = 0;
    qint64 end = 0; // both relative to the data's start
    for (std::uint64_t i = 0; i < m_tensorCount; ++i) {
        Tensor read;
        std::uint64_t offset = 0;
        if (!tensor(read, offset))
            return false;
        if (offset != static_cast<std::uint64_t>(expected))
            return invalid(QStringLiteral("the tensor “%1” is not where it should be").arg(read.name));
        read.offset = expected;
        if (__builtin_add_overflow(expected, read.length, &end) || !padded(end, expected))
            return invalid(QStringLiteral("the tensor “%1” is larger than can be").arg(read.name));
        m_header.tensors.push_back(std::move(read));
    }
    if (!padded(m_cursor.position(), m_header.dataStart))
        return invalid(QStringLiteral("its alignment is too large"));
    if (__builtin_add_overflow(m_header.dataStart, end, &m_header.dataEnd))
        return invalid(QStringLiteral("its tensors are larger than can be"));
    if (end > 0 && m_header.dataEnd > m_source.size()) {
        m_cursor.fail(formatError::truncated(QStringLiteral("the file ends %1 bytes before its last tensor does")
                .arg(m_header.dataEnd - m_source.size())));
        return false;
    }
    for (auto &each : m_header.tensors)
        each.offset += m_header.dataStart;
    return true;
}

bool GgufReader::checkNames()
{
    std::vector<QByteArrayView> keys;
    keys.reserve(m_header.entries.size());
    for (const auto &each : m_header.entries)
        keys.emplace_back(each.key);
    std::ranges::sort(keys);
    if (const auto twice = std::ranges::adjacent_find(keys); twice != keys.end())
        return invalid(QStringLiteral("the entry “%1” is there twice").arg(QString::fromUtf8(*twice)));
    std::ranges::sort(m_names);
    if (const auto twice = std::ranges::adjacent_find(m_names); twice != m_names.end())
        return invalid(QStringLiteral("the tensor “%1” is there twice").arg(named(*twice)));
    return true;
}

} // namespace

QString ggufTypeName(GgufType type)
{
    static const char16_t *const names[] = { u"u8", u"i8", u"u16", u"i16", u"u32", u"i32", u"f32", u"bool", u"string",
        u"array", u"u64", u"i64", u"f64" };
    return QString::fromUtf16(names[static_cast<std::size_t>(type)]);
}

const GgufEntry *GgufHeader::find(QByteArrayView key) const
{
    const auto entry = std::ranges::find_if(entries, [&](const GgufEntry &e) { return e.key == key; });
    return entry == entries.end() ? nullptr : &*entry;
}

std::optional<QString> GgufHeader::text(QByteArrayView key) const
{
    const auto *entry = find(key);
    const auto *bytes = entry ? std::get_if<QByteArray>(&entry->value) : nullptr;
    if (!bytes)
        return std::nullopt;
    return QString::fromUtf8(*bytes);
}

std::optional<qint64> GgufHeader::integer(QByteArrayView key) const
{
    const auto *entry = find(key);
    if (!entry)
        return std::nullopt;
    if (const auto *value = std::get_if<std::int64_t>(&entry->value))
        return *value;
    const auto *value = std::get_if<std::uint64_t>(&entry->value);
    if (!value || *value > static_cast<std::uint64_t>(std::numeric_limits<qint64>::max()))
        return std::nullopt;
    return static_cast<qint64>(*value);
}

bool looksLikeGguf(ByteView head) { return head.size() >= 4 && std::memcmp(head.data(), "GGUF", 4) == 0; }

Result<GgufHeader> readGguf(const ByteSource &source) { return GgufReader(source).read(); }

} // namespace mf
