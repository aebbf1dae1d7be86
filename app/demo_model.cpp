// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/demo_model.h"

#include "core/base/bytes.h"

#include <QFile>

#include <cmath>
#include <random>

namespace mf {
namespace {

constexpr int kRows = 1'024;
constexpr int kColumns = 2'048;
constexpr int kTensors = 6;
constexpr quint32 kTypeF16 = 1; // ggml type
constexpr qint64 kAlignment = 32;

// The little-endian pieces that a GGUF header is made of (protocol: docs/gguf.md of ggml).
class HeaderWriter
{
public:
    template <typename T> void number(T value)
    {
        std::uint8_t bytes[sizeof(T)];
        storeLe(bytes, value);
        m_bytes.append(reinterpret_cast<const char *>(bytes), sizeof bytes);
    }
    void text(const QByteArray &value)
    {
        number(static_cast<quint64>(value.size()));
        m_bytes.append(value);
    }
    void textValue(const QByteArray &key, const QByteArray &value)
    {
        text(key);
        number(quint32(8));
        text(value);
    }
    void numberValue(const QByteArray &key, quint32 value)
    {
        text(key);
        number(quint32(4));
        number(value);
    }
    QByteArray padded() const
    {
        QByteArray bytes = m_bytes;
        while (bytes.size() % kAlignment != 0)
            bytes.append('\0');
        return bytes;
    }
    QByteArray &bytes() { return m_bytes; }

private:
    QByteArray m_bytes;
};

// Round to nearest is not needed for made-up weights; subnormal values become zero.
quint16 halfOf(float value)
{
    std::uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    const auto sign = static_cast<quint16>((bits >> 16) & 0x8000);
    const int exponent = static_cast<int>((bits >> 23) & 0xFF) - 127 + 15;
    if (exponent <= 0)
        return sign;
    return static_cast<quint16>(sign | (exponent << 10) | static_cast<int>((bits >> 13) & 0x3FF));
}

} // namespace

Result<> makeDemoModel(const QString &path)
{
    constexpr qint64 kTensorBytes = qint64(kRows) * kColumns * 2;
    HeaderWriter header;
    header.bytes() += "GGUF";
    header.number(quint32(3));
    header.number(quint64(kTensors));
    header.number(quint64(5));
    header.textValue("general.architecture", "llama");
    header.textValue("general.name", "ModelFloat Demo");
    header.textValue("general.license", "CC0-1.0");
    header.numberValue("general.file_type", 1);
    header.numberValue("llama.context_length", 2'048);
    for (int i = 0; i < kTensors; ++i) {
        header.text("blk." + QByteArray::number(i) + ".ffn_up.weight");
        header.number(quint32(2));
        header.number(quint64(kColumns));
        header.number(quint64(kRows));
        header.number(kTypeF16);
        header.number(static_cast<quint64>(i * kTensorBytes));
    }
    QFile file(path);
    bool written = file.open(QIODevice::WriteOnly) && file.write(header.padded()) > 0;
    std::mt19937 random(20'261'121); // the same model every time
    std::normal_distribution<float> weights(0.0F, 0.02F);
    QByteArray tensor(kTensorBytes, Qt::Uninitialized);
    for (int i = 0; written && i < kTensors; ++i) {
        const MutableBytes bytes = mutableViewOf(tensor);
        for (std::size_t at = 0; at < bytes.size(); at += 2)
            storeLe(bytes.data() + at, halfOf(weights(random)));
        written = file.write(tensor) == tensor.size();
    }
    if (!written || !file.flush())
        return Error(Error::Kind::Quota, QStringLiteral("MF-DISK-FULL"),
            QStringLiteral("cannot write the demo's model to %1: %2").arg(path, file.errorString()));
    return {};
}

} // namespace mf
