// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 of eight messages at a time, one in each 32-bit lane of the AVX2 registers.
#include "core/crypto/sha256_lanes.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define MF_AVX2 __attribute__((target("avx2"), always_inline)) inline

namespace mf {
namespace {
using Vector = __m256i;

MF_AVX2 Vector add(Vector a, Vector b) { return _mm256_add_epi32(a, b); }
MF_AVX2 Vector exclusiveOr(Vector a, Vector b, Vector c) { return _mm256_xor_si256(_mm256_xor_si256(a, b), c); }
template <int Bits> MF_AVX2 Vector rotated(Vector x)
{
    return _mm256_or_si256(_mm256_srli_epi32(x, Bits), _mm256_slli_epi32(x, 32 - Bits));
}

// The functions of FIPS 180-4, section 4.1.2.
MF_AVX2 Vector choose(Vector e, Vector f, Vector g)
{
    return _mm256_xor_si256(g, _mm256_and_si256(e, _mm256_xor_si256(f, g)));
}
MF_AVX2 Vector majority(Vector a, Vector b, Vector c)
{
    return _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(c, _mm256_or_si256(a, b)));
}
MF_AVX2 Vector bigSigma0(Vector a) { return exclusiveOr(rotated<2>(a), rotated<13>(a), rotated<22>(a)); }
MF_AVX2 Vector bigSigma1(Vector e) { return exclusiveOr(rotated<6>(e), rotated<11>(e), rotated<25>(e)); }
MF_AVX2 Vector sigma0(Vector w) { return exclusiveOr(rotated<7>(w), rotated<18>(w), _mm256_srli_epi32(w, 3)); }
MF_AVX2 Vector sigma1(Vector w) { return exclusiveOr(rotated<17>(w), rotated<19>(w), _mm256_srli_epi32(w, 10)); }

// Eight words of each of eight messages -> eight vectors that hold one word of every message.
MF_AVX2 void loadWords(const std::uint8_t *const *data, std::size_t offset, Vector *words)
{
    const Vector bigEndian = _mm256_broadcastsi128_si256(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
    Vector r[8];
    Vector t[8];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < 8; ++i) {
        const auto *const source = reinterpret_cast<const Vector *>(data[i] + offset);
        r[i] = _mm256_shuffle_epi8(_mm256_loadu_si256(source), bigEndian);
    }
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 8; i += 2) {
        t[i] = _mm256_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm256_unpackhi_epi32(r[i], r[i + 1]);
    }
#pragma GCC unroll 2
    for (std::size_t i = 0; i < 8; i += 4) {
        r[i] = _mm256_unpacklo_epi64(t[i], t[i + 2]);
        r[i + 1] = _mm256_unpackhi_epi64(t[i], t[i + 2]);
        r[i + 2] = _mm256_unpacklo_epi64(t[i + 1], t[i + 3]);
        r[i + 3] = _mm256_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i) {
        words[i] = _mm256_permute2x128_si256(r[i], r[i + 4], 0x20);
        words[i + 4] = _mm256_permute2x128_si256(r[i], r[i + 4], 0x31);
    }
}

__attribute__((target("avx2"))) void compressAvx2(Sha256Lanes &lanes, std::size_t blocks)
{
    Vector state[8];
    for (std::size_t i = 0; i < 8; ++i)
        state[i] = _mm256_load_si256(reinterpret_cast<const Vector *>(lanes.state[i]));
    for (std::size_t offset = 0; blocks > 0; --blocks, offset += kSha256Block) {
        Vector w[16];
        loadWords(lanes.data, offset, w);
        loadWords(lanes.data, offset + kSha256Block / 2, w + 8);
        Vector a = state[0], b = state[1], c = state[2], d = state[3];
        Vector e = state[4], f = state[5], g = state[6], h = state[7];
#pragma GCC unroll 64
        for (std::size_t i = 0; i < 64; ++i) {
            Vector &word = w[i & 15];
            if (i >= 16)
                word = add(add(word, sigma0(w[(i + 1) & 15])), add(w[(i + 9) & 15], sigma1(w[(i + 14) & 15])));
            const Vector constant = _mm256_set1_epi32(static_cast<int>(kSha256Round[i]));
            const Vector t1 = add(add(h, add(word, constant)), add(bigSigma1(e), choose(e, f, g)));
            const Vector t2 = add(bigSigma0(a), majority(a, b, c));
            h = g;
            g = f;
            f = e;
            e = add(d, t1);
            d = c;
            c = b;
            b = a;
            a = add(t1, t2);
        }
        const Vector after[8] = { a, b, c, d, e, f, g, h };
#pragma GCC unroll 8
        for (std::size_t i = 0; i < 8; ++i)
            state[i] = add(state[i], after[i]);
    }
    for (std::size_t i = 0; i < 8; ++i)
        _mm256_store_si256(reinterpret_cast<Vector *>(lanes.state[i]), state[i]);
}
} // namespace

const Sha256Kernel kSha256Avx2 { 8, compressAvx2 };

__attribute__((target("avx2"))) void loadHalfBlocks(
    const std::uint8_t *const *data, std::size_t offset, std::uint32_t (*words)[8])
{
    Vector vectors[8];
    loadWords(data, offset, vectors);
    for (std::size_t i = 0; i < 8; ++i)
        _mm256_storeu_si256(reinterpret_cast<Vector *>(words[i]), vectors[i]);
}

} // namespace mf
#endif
