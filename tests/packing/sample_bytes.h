// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Bytes for the tests of packing: always the same on every machine and compiler.

#include "core/base/bytes.h"
#include "core/packing/chunker.h"

#include <bit>

namespace mf::sample {

// SplitMix64: a few lines, and unlike the distributions of <random> the same everywhere.
class Random
{
public:
    explicit Random(std::uint64_t seed)
        : m_state(seed)
    {
    }
    std::uint64_t next()
    {
        std::uint64_t z = (m_state += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }
    // Normal to well within what the tests need (Irwin-Hall of twelve).
    float gaussian()
    {
        std::int64_t sum = 0;
        for (int i = 0; i < 12; ++i)
            sum += static_cast<std::int64_t>(next() >> 40);
        return static_cast<float>(sum - 6 * (std::int64_t(1) << 24)) / float(1 << 24);
    }

private:
    std::uint64_t m_state;
};

inline QByteArray randomBytes(qsizetype size, std::uint64_t seed)
{
    Random random(seed);
    QByteArray bytes(size, Qt::Uninitialized);
    for (char &byte : bytes)
        byte = static_cast<char>(random.next() >> 56);
    return bytes;
}

// float -> the element's bits, rounded down in magnitude; exact enough for a distribution.
inline std::uint32_t bitsOf(float value, ElementKind element)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = bits >> 31;
    const int exponent = static_cast<int>((bits >> 23) & 0xff) - 127;
    const std::uint32_t mantissa = bits & 0x7fffff;
    if (element == ElementKind::BF16)
        return bits >> 16;
    if (element == ElementKind::FP16)
        return exponent < -14 ? sign << 15 : (sign << 15) | (std::uint32_t(exponent + 15) << 10) | (mantissa >> 13);
    if (element == ElementKind::FP8) // E4M3
        return exponent < -6 ? sign << 7 : (sign << 7) | (std::uint32_t(exponent + 7) << 3) | (mantissa >> 20);
    return bits;
}

// What weights look like: normal, of small deviation; FP8 scaled as quantisers do.
inline QByteArray weights(qsizetype size, ElementKind element, std::uint64_t seed)
{
    Random random(seed);
    const qsizetype width = element == ElementKind::FP32 ? 4 : element == ElementKind::FP8 ? 1 : 2;
    QByteArray bytes(size, '\x5a');
    for (qsizetype at = 0; at + width <= size; at += width) {
        const float scale = element == ElementKind::FP8 ? 2.0f : 0.02f;
        const std::uint32_t bits = bitsOf(random.gaussian() * scale, element);
        for (qsizetype i = 0; i < width; ++i)
            bytes[at + i] = static_cast<char>(bits >> (8 * i));
    }
    return bytes;
}

inline QByteArray jsonText(qsizetype size, std::uint64_t seed)
{
    Random random(seed);
    QByteArray text;
    while (text.size() < size)
        text += "  \"model.layers." + QByteArray::number(qulonglong(random.below(80))) + ".mlp.weight\": \"part-"
            + QByteArray::number(qulonglong(random.below(12))) + "\",\n";
    text.truncate(size);
    return text;
}

} // namespace mf::sample
