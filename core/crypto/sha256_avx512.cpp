// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 of sixteen messages at a time, one in each 32-bit lane of the AVX-512 registers, which
// have a rotation and any function of three inputs as single instructions.
#include "core/crypto/sha256_lanes.h"

#if defined(__x86_64__)
#if !defined(__clang__)
// GCC 12 warns of the undefined operand that its own intrinsics pass where all lanes are written.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif
#include <immintrin.h>

#define MF_AVX512 __attribute__((target("avx512f,avx512bw"), always_inline)) inline

namespace mf {
namespace {
using Vector = __m512i;

MF_AVX512 Vector add(Vector a, Vector b) { return _mm512_add_epi32(a, b); }
// The numbers are the truth tables of the three inputs.
MF_AVX512 Vector exclusiveOr(Vector a, Vector b, Vector c) { return _mm512_ternarylogic_epi32(a, b, c, 0x96); }
MF_AVX512 Vector choose(Vector e, Vector f, Vector g) { return _mm512_ternarylogic_epi32(e, f, g, 0xca); }
MF_AVX512 Vector majority(Vector a, Vector b, Vector c) { return _mm512_ternarylogic_epi32(a, b, c, 0xe8); }
template <int Bits> MF_AVX512 Vector rotated(Vector x) { return _mm512_ror_epi32(x, Bits); }

// The functions of FIPS 180-4, section 4.1.2.
MF_AVX512 Vector bigSigma0(Vector a) { return exclusiveOr(rotated<2>(a), rotated<13>(a), rotated<22>(a)); }
MF_AVX512 Vector bigSigma1(Vector e) { return exclusiveOr(rotated<6>(e), rotated<11>(e), rotated<25>(e)); }
MF_AVX512 Vector sigma0(Vector w) { return exclusiveOr(rotated<7>(w), rotated<18>(w), _mm512_srli_epi32(w, 3)); }
MF_AVX512 Vector sigma1(Vector w) { return exclusiveOr(rotated<17>(w), rotated<19>(w), _mm512_srli_epi32(w, 10)); }

// A block of each of sixteen messages -> sixteen vectors that hold one word of every message.
MF_AVX512 void loadWords(const std::uint8_t *const *data, std::size_t offset, Vector *words)
{
    const Vector bigEndian = _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
    Vector r[16];
    Vector t[16];
#pragma GCC unroll 16
    for (std::size_t i = 0; i < 16; ++i)
        r[i] = _mm512_shuffle_epi8(_mm512_loadu_si512(data[i] + offset), bigEndian);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
    }
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 16; i += 4) {
        r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    // Now word 4 q + i of the messages 4 j to 4 j + 3 is quarter q of r[4 j + i].
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i) {
        t[i] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xdd);
        t[i + 8] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
        t[i + 12] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xdd);
    }
#pragma GCC unroll 4
    for (std::size_t i = 0; i < 4; ++i) {
        words[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
        words[i + 4] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0x88);
        words[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
        words[i + 12] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0xdd);
    }
}

__attribute__((target("avx512f,avx512bw"))) void compressAvx512(Sha256Lanes &lanes, std::size_t blocks)
{
    Vector state[8];
    for (std::size_t i = 0; i < 8; ++i)
        state[i] = _mm512_load_si512(lanes.state[i]);
    for (std::size_t offset = 0; blocks > 0; --blocks, offset += kSha256Block) {
        Vector w[16];
        loadWords(lanes.data, offset, w);
        Vector a = state[0], b = state[1], c = state[2], d = state[3];
        Vector e = state[4], f = state[5], g = state[6], h = state[7];
#pragma GCC unroll 64
        for (std::size_t i = 0; i < 64; ++i) {
            Vector &word = w[i & 15];
            if (i >= 16)
                word = add(add(word, sigma0(w[(i + 1) & 15])), add(w[(i + 9) & 15], sigma1(w[(i + 14) & 15])));
            const Vector constant = _mm512_set1_epi32(static_cast<int>(kSha256Round[i]));
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
        _mm512_store_si512(lanes.state[i], state[i]);
}
} // namespace

const Sha256Kernel kSha256Avx512 { 16, compressAvx512 };

} // namespace mf
#endif
