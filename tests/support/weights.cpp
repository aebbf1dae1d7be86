// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/weights.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace mf {

namespace {

// Few enough for the first cache; what lies below a quantile's upper bits is filled with random ones.
constexpr int kQuantileBits = 12;
constexpr std::size_t kQuantiles = 1U << kQuantileBits;
constexpr std::uint64_t kQuantileMask = kQuantiles - 1;

// Inverse of the normal distribution function (Acklam's rational approximation, 1e-9).
double normalQuantile(double p)
{
    static constexpr double a[] = { -3.969683028665376e+01, 2.209460984245205e+02, -2.759285104469687e+02,
        1.383577518672690e+02, -3.066479806614716e+01, 2.506628277459239e+00 };
    static constexpr double b[] = { -5.447609879822406e+01, 1.615858368580409e+02, -1.556989798598866e+02,
        6.680131188771972e+01, -1.328068155288572e+01 };
    static constexpr double c[] = { -7.784894002430293e-03, -3.223964580411365e-01, -2.400758277161838e+00,
        -2.549732539343734e+00, 4.374664141464968e+00, 2.938163982698783e+00 };
    static constexpr double d[]
        = { 7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00 };
    const auto tail = [](double q) {
        return (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) * q + c[5])
            / ((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
    };
    if (p < 0.02425)
        return tail(std::sqrt(-2 * std::log(p)));
    if (p > 1 - 0.02425)
        return -tail(std::sqrt(-2 * std::log(1 - p)));
    const double q = p - 0.5;
    const double r = q * q;
    return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r + a[4]) * r + a[5]) * q
        / (((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r + b[4]) * r + 1);
}

const std::vector<float> &quantiles()
{
    static const std::vector<float> table = [] {
        std::vector<float> values(kQuantiles);
        for (std::size_t i = 0; i < kQuantiles; ++i)
            values[i] = static_cast<float>(normalQuantile((static_cast<double>(i) + 0.5) / kQuantiles));
        return values;
    }();
    return table;
}

} // namespace

FastRandom::FastRandom(std::uint64_t seed)
{
    for (auto &word : m_state) {
        seed += 0x9e3779b97f4a7c15ULL;
        std::uint64_t z = seed;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        word = z ^ (z >> 31);
    }
}

std::uint64_t FastRandom::next()
{
    auto &s = m_state;
    const std::uint64_t result = std::rotl(s[0] + s[3], 23) + s[0];
    const std::uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = std::rotl(s[3], 45);
    return result;
}

std::uint16_t toBFloat(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    return static_cast<std::uint16_t>((bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16);
}

std::uint16_t toHalf(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
    const float magnitude = std::fabs(value);
    if (magnitude >= 65'520.0F)
        return static_cast<std::uint16_t>(sign | 0x7c00U);
    if (magnitude < 6.103515625e-05F) // subnormal: multiples of 2^-24
        return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(std::nearbyint(magnitude * 16'777'216.0F)));
    const std::uint32_t rounded = (bits & 0x7fffffffU) + 0xfffU + ((bits >> 13) & 1U);
    return static_cast<std::uint16_t>(sign | ((rounded - (112U << 23)) >> 13));
}

std::uint8_t toFloat8E4M3(float value)
{
    const auto sign = static_cast<std::uint8_t>(std::signbit(value) ? 0x80 : 0);
    const float magnitude = std::min(std::fabs(value), 448.0F);
    if (magnitude < 0.015625F) // subnormal: multiples of 2^-9
        return static_cast<std::uint8_t>(sign | static_cast<std::uint8_t>(std::nearbyint(magnitude * 512.0F)));
    int exponent = 0;
    const float fraction = std::frexp(magnitude, &exponent); // [0.5, 1)
    int mantissa = static_cast<int>(std::nearbyint(fraction * 16.0F)) - 8;
    if (mantissa == 8) {
        mantissa = 0;
        ++exponent;
    }
    return static_cast<std::uint8_t>(sign | ((exponent - 1 + 7) << 3) | mantissa);
}

int weightsInBlock(WeightKind kind)
{
    switch (kind) {
    case WeightKind::Q4_0:
    case WeightKind::Q8_0:
        return 32;
    case WeightKind::Q4_K:
    case WeightKind::Q6_K:
        return 256;
    default:
        return 1;
    }
}

int bytesInBlock(WeightKind kind)
{
    switch (kind) {
    case WeightKind::F32:
    case WeightKind::Norm32:
        return 4;
    case WeightKind::F16:
    case WeightKind::BF16:
    case WeightKind::Norm16:
        return 2;
    case WeightKind::F8E4M3:
    case WeightKind::Random:
        return 1;
    case WeightKind::Q4_0:
        return 18;
    case WeightKind::Q8_0:
        return 34;
    case WeightKind::Q4_K:
        return 144;
    case WeightKind::Q6_K:
        return 210;
    }
    return 1;
}

WeightSource::WeightSource(WeightKind kind, double sigma, std::uint64_t seed)
    : m_kind(kind)
    , m_random(seed)
{
    const auto table = [](auto &values, auto encode) {
        values.resize(kQuantiles);
        for (std::size_t i = 0; i < kQuantiles; ++i)
            values[i] = encode(quantiles()[i]);
    };
    const auto s = static_cast<float>(sigma);
    switch (kind) {
    case WeightKind::F32:
        table(m_floats, [s](float z) { return z * s; });
        break;
    case WeightKind::Norm32:
        table(m_floats, [](float z) { return 1.0F + z * 0.1F; });
        break;
    case WeightKind::F16:
        table(m_words, [s](float z) { return toHalf(z * s); });
        break;
    case WeightKind::BF16:
        table(m_words, [s](float z) { return toBFloat(z * s); });
        break;
    case WeightKind::Norm16:
        table(m_words, [](float z) { return toBFloat(1.0F + z * 0.1F); });
        break;
    case WeightKind::F8E4M3: // scaled so that the largest weight is the largest value
        table(m_words, [](float z) { return std::uint16_t { toFloat8E4M3(z * 95.0F) }; });
        break;
    case WeightKind::Q8_0: // each block scaled to its largest weight
        table(m_words, [](float z) {
            const auto value = static_cast<int>(std::lround(std::clamp(z * 50.0F, -127.0F, 127.0F)));
            return static_cast<std::uint16_t>(value & 0xff);
        });
        break;
    case WeightKind::Q4_0:
    case WeightKind::Q4_K:
    case WeightKind::Q6_K:
    case WeightKind::Random:
        break;
    }
    // A weight is scale * quant; in the K types the scale is divided once more within the block.
    const float quants = kind == WeightKind::Q4_0 ? 5.0F
        : kind == WeightKind::Q8_0                ? 50.0F
        : kind == WeightKind::Q4_K                ? 300.0F
                                                  : 1'400.0F;
    if (weightsInBlock(kind) > 1)
        table(m_scales, [s, quants](float z) { return toHalf(s / quants * std::exp(z * 0.25F)); });
}

void WeightSource::fillRandom(MutableBytes out)
{
    std::size_t i = 0;
    for (; i + 8 <= out.size(); i += 8) {
        const std::uint64_t word = m_random.next();
        std::memcpy(out.data() + i, &word, 8);
    }
    if (i < out.size()) {
        const std::uint64_t word = m_random.next();
        std::memcpy(out.data() + i, &word, out.size() - i);
    }
}

// Quantiles of one byte.
void WeightSource::fillBytes(MutableBytes out)
{
    for (std::size_t i = 0; i < out.size(); i += 5) {
        std::uint64_t r = m_random.next();
        std::array<std::uint8_t, 5> piece;
        for (auto &byte : piece) {
            byte = static_cast<std::uint8_t>(m_words[r & kQuantileMask]);
            r >>= kQuantileBits;
        }
        std::memcpy(out.data() + i, piece.data(), std::min<std::size_t>(5, out.size() - i));
    }
}

// Quantiles of two bytes, with their last four bits random.
void WeightSource::fillWords(MutableBytes out)
{
    for (std::size_t i = 0; i < out.size(); i += 8) {
        const std::uint64_t r = m_random.next();
        std::uint64_t piece = r & 0x000f000f000f000fULL;
        for (int j = 0; j < 64; j += 16)
            piece ^= std::uint64_t { m_words[(r >> (j + 4)) & kQuantileMask] } << j;
        std::memcpy(out.data() + i, &piece, std::min<std::size_t>(8, out.size() - i));
    }
}

// Quantiles of four bytes, with their last twenty bits random.
void WeightSource::fillFloats(MutableBytes out)
{
    for (std::size_t i = 0; i < out.size(); i += 8) {
        const std::uint64_t r = m_random.next();
        std::uint64_t piece = r & 0x000fffff000fffffULL;
        for (int j = 0; j < 64; j += 32)
            piece ^= std::uint64_t { std::bit_cast<std::uint32_t>(m_floats[(r >> (j + 20)) & kQuantileMask]) } << j;
        std::memcpy(out.data() + i, &piece, std::min<std::size_t>(8, out.size() - i));
    }
}

void WeightSource::stampScales(MutableBytes out, int offset, int count)
{
    const auto block = static_cast<std::size_t>(bytesInBlock(m_kind));
    for (std::size_t i = static_cast<std::size_t>(offset); i < out.size(); i += block) {
        std::uint64_t r = m_random.next();
        for (int j = 0; j < count; ++j, r >>= 16)
            storeLe(out.data() + i + static_cast<std::size_t>(2 * j), m_scales[r & kQuantileMask]);
    }
}

void WeightSource::fill(MutableBytes out)
{
    switch (m_kind) {
    case WeightKind::F32:
    case WeightKind::Norm32:
        return fillFloats(out);
    case WeightKind::F16:
    case WeightKind::BF16:
    case WeightKind::Norm16:
        return fillWords(out);
    case WeightKind::F8E4M3:
        return fillBytes(out);
    case WeightKind::Random:
        return fillRandom(out);
    case WeightKind::Q8_0:
        fillBytes(out);
        return stampScales(out, 0, 1);
    case WeightKind::Q4_0:
        fillRandom(out);
        return stampScales(out, 0, 1);
    case WeightKind::Q4_K:
        fillRandom(out);
        return stampScales(out, 0, 2);
    case WeightKind::Q6_K:
        fillRandom(out);
        return stampScales(out, 208, 1);
    }
}

} // namespace mf
