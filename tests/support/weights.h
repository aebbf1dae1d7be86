// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Bytes like those of trained models, fast and reproducible: for tests and the bench.

#include "core/base/bytes.h"

#include <vector>

namespace mf {

// xoshiro256++, seeded through splitmix64: the same numbers everywhere, no period that a test could reach.
class FastRandom
{
public:
    explicit FastRandom(std::uint64_t seed);
    std::uint64_t next();
    // 0 … bound - 1; bound > 0.
    std::uint64_t below(std::uint64_t bound) { return next() % bound; }

private:
    std::array<std::uint64_t, 4> m_state;
};

// The encodings that a WeightSource can write. Floats: normally distributed around 0 (norms: around 1). Blocks: random
// quants under fp16 scales, as ggml lays them out.
enum class WeightKind { F32, F16, BF16, F8E4M3, Norm32, Norm16, Q4_0, Q8_0, Q4_K, Q6_K, Random };

// Elements and bytes of the smallest piece of a kind: 256 and 144 for Q4_K, 1 and 2 for BF16.
int weightsInBlock(WeightKind kind);
int bytesInBlock(WeightKind kind);

// One tensor's bytes, in pieces of any whole number of blocks.
class WeightSource
{
public:
    // sigma: standard deviation of the weights; 0.005 to 0.05 in real models.
    WeightSource(WeightKind kind, double sigma, std::uint64_t seed);
    // Precondition: out.size() is a multiple of bytesInBlock(kind).
    void fill(MutableBytes out);

private:
    void fillRandom(MutableBytes out);
    void fillBytes(MutableBytes out);
    void fillWords(MutableBytes out);
    void fillFloats(MutableBytes out);
    void stampScales(MutableBytes out, int offset, int count);

    WeightKind m_kind;
    FastRandom m_random;
    std::vector<std::uint16_t> m_words; // the encoded value of each quantile, for 8 and 16 bits
    std::vector<float> m_floats; // the same for 32 bits
    std::vector<std::uint16_t> m_scales; // fp16
};

std::uint16_t toHalf(float value);
std::uint16_t toBFloat(float value);
std::uint8_t toFloat8E4M3(float value);

} // namespace mf
