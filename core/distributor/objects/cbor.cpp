// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/objects/cbor.h"

namespace mf {
namespace {

constexpr std::size_t kDeepest = 16;

// Builds the value, but stops the recursive parser before it goes too deep.
class BoundedBuilder final : public nlohmann::detail::json_sax_dom_parser<Cbor>
{
    using Base = nlohmann::detail::json_sax_dom_parser<Cbor>;

public:
    explicit BoundedBuilder(Cbor &value)
        : Base(value, false)
    {
    }
    bool start_object(std::size_t size) { return ++m_depth <= kDeepest && isBounded(size) && Base::start_object(size); }
    bool end_object()
    {
        --m_depth;
        return Base::end_object();
    }
    bool start_array(std::size_t size) { return ++m_depth <= kDeepest && isBounded(size) && Base::start_array(size); }
    bool end_array()
    {
        --m_depth;
        return Base::end_array();
    }

private:
    // Also refuses indefinite lengths, which we never write.
    static bool isBounded(std::size_t size) { return size <= (std::size_t(64) << 20); }
    std::size_t m_depth = 0;
};

const Cbor &emptyArray()
{
    static const Cbor value = Cbor::array();
    return value;
}

const Cbor &emptyMap()
{
    static const Cbor value = Cbor::object();
    return value;
}

} // namespace

QByteArray toCbor(const Cbor &value)
{
    const std::vector<std::uint8_t> bytes = Cbor::to_cbor(value);
    return toByteArray(bytes);
}

Result<Cbor> fromCbor(ByteView bytes)
{
    Cbor value;
    BoundedBuilder builder(value);
    const bool whole = Cbor::sax_parse(bytes.begin(), bytes.end(), &builder, Cbor::input_format_t::cbor, true);
    if (!whole || builder.is_errored() || !value.is_object())
        return Error(Error::Kind::Corrupt, QStringLiteral("MF-OBJECT-CORRUPT"),
            QStringLiteral("an object of the library cannot be read: it is not a CBOR map"));
    return value;
}

Result<Cbor> fromVersionedCbor(ByteView bytes, quint64 newest)
{
    auto map = fromCbor(bytes);
    if (!map)
        return map;
    CborReader reader(*map);
    if (reader.number("v") > newest)
        return Error(Error::Kind::Unsupported, QStringLiteral("MF-LIBRARY-NEWER"),
            QStringLiteral("this library is written by a newer ModelFloat; update this one"));
    if (reader.failed())
        return reader.error(QStringLiteral("object"));
    return map;
}

Error CborReader::error(const QString &kind) const
{
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-OBJECT-CORRUPT"),
        QStringLiteral("a %1 of the library cannot be read: its field “%2” is missing or wrong").arg(kind, m_where));
}

void CborReader::fail(const char *key)
{
    if (!m_failed)
        m_where = QString::fromLatin1(key);
    m_failed = true;
}

const Cbor *CborReader::find(const char *key)
{
    if (m_map.is_object()) {
        const auto it = m_map.find(key);
        if (it != m_map.end())
            return &*it;
    }
    fail(key);
    return nullptr;
}

quint64 CborReader::number(const char *key, quint64 largest)
{
    const Cbor *value = find(key);
    if (value && value->is_number_unsigned() && value->get<quint64>() <= largest)
        return value->get<quint64>();
    fail(key);
    return 0;
}

qint64 CborReader::signedNumber(const char *key)
{
    const Cbor *value = find(key);
    if (value && value->is_number_unsigned() && value->get<quint64>() <= quint64(std::numeric_limits<qint64>::max()))
        return static_cast<qint64>(value->get<quint64>());
    if (value && value->is_number_integer() && !value->is_number_unsigned())
        return value->get<qint64>();
    fail(key);
    return 0;
}

bool CborReader::boolean(const char *key)
{
    const Cbor *value = find(key);
    if (value && value->is_boolean())
        return value->get<bool>();
    fail(key);
    return false;
}

QString CborReader::text(const char *key)
{
    const Cbor *value = find(key);
    if (value && value->is_string()) {
        const auto &text = value->get_ref<const std::string &>();
        return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    }
    fail(key);
    return {};
}

QByteArray CborReader::bytes(const char *key)
{
    const Cbor *value = find(key);
    if (value && value->is_binary())
        return toByteArray(value->get_binary());
    fail(key);
    return {};
}

const Cbor &CborReader::array(const char *key)
{
    const Cbor *value = find(key);
    if (value && value->is_array())
        return *value;
    fail(key);
    return emptyArray();
}

const Cbor &CborReader::map(const char *key)
{
    const Cbor *value = find(key);
    if (value && value->is_object())
        return *value;
    fail(key);
    return emptyMap();
}

Cbor cborBytes(ByteView bytes) { return Cbor::binary(std::vector<std::uint8_t>(bytes.begin(), bytes.end())); }

Cbor cborText(const QString &text) { return Cbor(text.toStdString()); }

} // namespace mf
