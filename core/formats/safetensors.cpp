// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/safetensors.h"

#include "core/formats/json_stream.h"

#include <nlohmann/json.hpp>

#include <QHash>
#include <QSet>

#include <algorithm>
#include <limits>

namespace mf {

namespace {

using enum TensorElement;

constexpr SafetensorsType kTypes[] = {
    { QLatin1String("BOOL"), 8, Bytes },
    { QLatin1String("U8"), 8, Bytes },
    { QLatin1String("I8"), 8, Bytes },
    { QLatin1String("F8_E5M2"), 8, FP8 },
    { QLatin1String("F8_E4M3"), 8, FP8 },
    { QLatin1String("F8_E8M0"), 8, FP8 },
    { QLatin1String("F8_E4M3FNUZ"), 8, FP8 },
    { QLatin1String("F8_E5M2FNUZ"), 8, FP8 },
    { QLatin1String("F16"), 16, FP16 },
    { QLatin1String("BF16"), 16, BF16 },
    { QLatin1String("I16"), 16, Bytes },
    { QLatin1String("U16"), 16, Bytes },
    { QLatin1String("F32"), 32, FP32 },
    { QLatin1String("I32"), 32, Bytes },
    { QLatin1String("U32"), 32, Bytes },
    { QLatin1String("F64"), 64, Bytes },
    { QLatin1String("I64"), 64, Bytes },
    { QLatin1String("U64"), 64, Bytes },
    { QLatin1String("C64"), 64, Bytes },
    { QLatin1String("F4"), 4, Bytes },
    { QLatin1String("F6_E2M3"), 6, Bytes },
    { QLatin1String("F6_E3M2"), 6, Bytes },
};

constexpr std::size_t kMaxTensors = 500'000;
constexpr std::size_t kMaxDimensions = 64;
constexpr qsizetype kMaxName = 4'096;
constexpr int kMaxMetadata = 65'536;
constexpr qsizetype kMaxMetadataText = 32 << 20;
constexpr int kDepth = 3; // header, tensor, its shape

// What a header's JSON means, event by event. Offsets in the tensors are relative to the data until check().
class HeaderSax final : public nlohmann::json_sax<nlohmann::json>
{
public:
    explicit HeaderSax(HeaderCursor &cursor)
        : m_cursor(cursor)
    {
    }

    std::vector<Tensor> tensors;
    QList<QPair<QString, QString>> metadata;

    bool null() override { return m_place == Place::Metadata && m_depth == 1 ? endMetadata() : unexpected(); }
    bool boolean(bool) override { return other(); }
    bool number_integer(number_integer_t) override { return other(); }
    bool number_float(number_float_t, const string_t &) override { return other(); }
    bool number_unsigned(number_unsigned_t value) override;
    bool string(string_t &value) override;
    bool binary(binary_t &) override { return unexpected(); }
    bool start_object(std::size_t) override;
    bool key(string_t &value) override;
    bool end_object() override;
    bool start_array(std::size_t) override;
    bool end_array() override;
    bool parse_error(std::size_t position, const std::string &, const nlohmann::json::exception &) override
    {
        return invalid(QStringLiteral("it is not JSON near its byte %1").arg(position));
    }

private:
    enum class Place { Tensors, Metadata, Tensor };
    enum class Field { Other, Type, Shape, Offsets };

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
    bool unexpected() { return invalid(QStringLiteral("it has an unexpected value")); }
    // A value that stands where a field we do not know may stand.
    bool other() { return m_place == Place::Tensor && m_depth == 2 && m_field == Field::Other ? true : unexpected(); }
    bool endMetadata()
    {
        m_place = Place::Tensors;
        return true;
    }
    bool finishTensor();

    HeaderCursor &m_cursor;
    int m_depth = 0;
    Place m_place = Place::Tensors;
    Field m_field = Field::Other;
    QString m_key; // of a metadata entry
    QSet<QString> m_names;
    QSet<QString> m_metadataKeys;
    bool m_sawMetadata = false;
    qsizetype m_metadataText = 0;
    Tensor m_tensor;
    std::vector<qint64> m_offsets;
    int m_bits = 0;
    bool m_hasShape = false;
    bool m_hasOffsets = false;
};

bool HeaderSax::start_object(std::size_t)
{
    ++m_depth;
    const bool isTensor = m_depth == 2 && m_place == Place::Tensor;
    const bool isMetadata = m_depth == 2 && m_place == Place::Metadata;
    return m_depth == 1 || isTensor || isMetadata || unexpected();
}

bool HeaderSax::key(string_t &value)
{
    if (value.size() > static_cast<std::size_t>(kMaxName))
        return limit(QStringLiteral("it has a name of %1 bytes").arg(value.size()));
    const QString text = QString::fromStdString(value);
    if (m_depth == 1) {
        if (text == QLatin1String("__metadata__")) {
            m_place = Place::Metadata;
            return std::exchange(m_sawMetadata, true) ? invalid(QStringLiteral("it has two lists of metadata")) : true;
        }
        const auto before = m_names.size();
        m_names.insert(text);
        if (m_names.size() == before)
            return invalid(QStringLiteral("the tensor “%1” is there twice").arg(text));
        if (tensors.size() >= kMaxTensors)
            return limit(QStringLiteral("it has more than %1 tensors").arg(kMaxTensors));
        m_place = Place::Tensor;
        m_tensor = Tensor();
        m_tensor.name = text;
        m_offsets.clear();
        m_bits = 0;
        m_hasShape = m_hasOffsets = false;
        return true;
    }
    if (m_place == Place::Metadata) {
        const auto before = m_metadataKeys.size();
        m_metadataKeys.insert(text);
        m_key = text;
        return m_metadataKeys.size() > before || invalid(QStringLiteral("the entry “%1” is there twice").arg(text));
    }
    m_field = Field::Other;
    bool twice = false;
    if (text == QLatin1String("dtype")) {
        m_field = Field::Type;
        twice = m_bits != 0;
    } else if (text == QLatin1String("shape")) {
        m_field = Field::Shape;
        twice = std::exchange(m_hasShape, true);
    } else if (text == QLatin1String("data_offsets")) {
        m_field = Field::Offsets;
        twice = std::exchange(m_hasOffsets, true);
    }
    return twice ? invalid(QStringLiteral("the tensor “%1” says its %2 twice").arg(m_tensor.name, text)) : true;
}

bool HeaderSax::string(string_t &value)
{
    if (m_place == Place::Metadata && m_depth == 2) {
        m_metadataText += static_cast<qsizetype>(value.size()) + m_key.size();
        if (metadata.size() >= kMaxMetadata || m_metadataText > kMaxMetadataText)
            return limit(QStringLiteral("it has more metadata than any real model"));
        metadata.append({ m_key, QString::fromStdString(value) });
        return true;
    }
    if (m_place != Place::Tensor || m_depth != 2 || m_field != Field::Type)
        return other();
    const QString name = QString::fromStdString(value);
    const auto *type = safetensorsType(name);
    if (!type) {
        m_cursor.fail(formatError::unsupported(
            QStringLiteral("the tensor “%1” has the unknown type “%2”").arg(m_tensor.name, name.left(40))));
        return false;
    }
    m_bits = type->bits;
    m_tensor.type = type->name;
    m_tensor.element = type->element;
    m_tensor.block = std::max(1, type->bits / 8);
    return true;
}

bool HeaderSax::number_unsigned(number_unsigned_t value)
{
    if (m_place != Place::Tensor || m_depth != 3)
        return other();
    if (value > static_cast<number_unsigned_t>(std::numeric_limits<qint64>::max()))
        return invalid(QStringLiteral("the tensor “%1” is larger than can be").arg(m_tensor.name));
    auto &list = m_field == Field::Shape ? m_tensor.shape : m_offsets;
    if (list.size() >= (m_field == Field::Shape ? kMaxDimensions : 2))
        return invalid(QStringLiteral("the tensor “%1” has too many numbers in a list").arg(m_tensor.name));
    list.push_back(static_cast<qint64>(value));
    return true;
}

bool HeaderSax::start_array(std::size_t)
{
    ++m_depth;
    const bool isList = m_field == Field::Shape || m_field == Field::Offsets;
    return (m_place == Place::Tensor && m_depth == kDepth && isList) || unexpected();
}

bool HeaderSax::end_array()
{
    --m_depth;
    m_field = Field::Other;
    return true;
}

bool HeaderSax::end_object()
{
    --m_depth;
    if (m_depth != 1)
        return true;
    return m_place == Place::Tensor ? finishTensor() : endMetadata();
}

// The tensor is whole: its shape and type must give exactly its range.
bool HeaderSax::finishTensor()
{
    m_place = Place::Tensors;
    const QString name = m_tensor.name;
    if (m_bits == 0 || !m_hasShape || !m_hasOffsets || m_offsets.size() != 2)
        return invalid(QStringLiteral("the tensor “%1” lacks its type, shape or place").arg(name));
    qint64 elements = 1;
    bool overflow = false;
    for (const qint64 extent : m_tensor.shape)
        overflow = __builtin_mul_overflow(elements, extent, &elements) || overflow;
    qint64 bits = 0;
    if (overflow || __builtin_mul_overflow(elements, qint64 { m_bits }, &bits))
        return invalid(QStringLiteral("the tensor “%1” is larger than can be").arg(name));
    const qint64 length = m_offsets[1] - m_offsets[0]; // both are >= 0
    if (length < 0 || bits % 8 != 0 || bits / 8 != length)
        return invalid(QStringLiteral("the size of the tensor “%1” does not fit its shape and type").arg(name));
    m_tensor.elements = elements;
    m_tensor.offset = m_offsets[0];
    m_tensor.length = length;
    tensors.push_back(std::move(m_tensor));
    return true;
}

// Sorted by place, the tensors must cover the data without gap or overlap, to the end of the file.
Result<> checkCover(std::vector<Tensor> &tensors, qint64 dataStart, qint64 fileSize)
{
    std::ranges::sort(tensors, [](const Tensor &a, const Tensor &b) {
        return a.offset != b.offset ? a.offset < b.offset : a.length < b.length;
    });
    qint64 end = 0;
    for (auto &tensor : tensors) {
        if (tensor.offset != end)
            return formatError::invalid(
                QStringLiteral("there is a gap or an overlap before the tensor “%1”").arg(tensor.name));
        end += tensor.length; // no overflow: offset + length was an offset in the header
        tensor.offset += dataStart;
    }
    const qint64 present = fileSize - dataStart;
    if (end > present)
        return formatError::truncated(
            QStringLiteral("the file ends %1 bytes before its last tensor does").arg(end - present));
    if (end < present)
        return formatError::invalid(QStringLiteral("%1 bytes follow the last tensor").arg(present - end));
    return {};
}

} // namespace

const SafetensorsType *safetensorsType(QStringView name)
{
    const auto *row = std::ranges::find_if(kTypes, [&](const SafetensorsType &type) { return type.name == name; });
    return row != std::end(kTypes) ? row : nullptr;
}

bool looksLikeSafetensors(ByteView head, qint64 fileSize)
{
    if (head.size() < 9 || head[8] != '{')
        return false;
    const auto length = loadLe<std::uint64_t>(head.data());
    return length >= 2 && length <= static_cast<std::uint64_t>(kSafetensorsHeaderLimit)
        && static_cast<qint64>(length) <= fileSize - 8;
}

Result<SafetensorsHeader> readSafetensors(const ByteSource &source)
{
    HeaderCursor cursor(source, kSafetensorsHeaderLimit + 8);
    std::uint64_t length = 0;
    if (!cursor.number(length))
        return cursor.error();
    if (length > static_cast<std::uint64_t>(kSafetensorsHeaderLimit))
        return formatError::limit(QStringLiteral("it would be %1 bytes long").arg(length));
    if (static_cast<qint64>(length) > cursor.remaining())
        return formatError::truncated(QStringLiteral("the file ends in the middle of it"));
    JsonStream stream(cursor, static_cast<qint64>(length));
    const auto begin = stream.begin();
    if (begin == stream.end())
        return cursor.failed() ? cursor.error() : formatError::invalid(QStringLiteral("it is empty"));
    if (*begin != '{')
        return formatError::invalid(QStringLiteral("it does not begin with “{”"));
    HeaderSax sax(cursor);
    const bool parsed = nlohmann::json::sax_parse(begin, stream.end(), &sax);
    if (cursor.failed()) // also a stream that ended early within a text that happens to be whole
        return cursor.error();
    if (!parsed)
        return formatError::invalid(QStringLiteral("it is not JSON"));
    SafetensorsHeader header;
    header.dataStart = 8 + static_cast<qint64>(length);
    header.tensors = std::move(sax.tensors);
    header.metadata = std::move(sax.metadata);
    if (const auto covered = checkCover(header.tensors, header.dataStart, source.size()); !covered)
        return covered.error();
    return header;
}

} // namespace mf
