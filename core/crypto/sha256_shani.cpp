// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 with the SHA extensions of x86: one message, or two at a time. One round instruction waits
// for the one before it; a second, independent message fills the time of waiting.
#include "core/crypto/sha256_lanes.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define MF_SHANI __attribute__((target("sha,sse4.1,ssse3")))

namespace mf {
namespace {
MF_SHANI inline __m128i row(
    const Sha256Lanes &lanes, std::size_t lane, std::size_t w3, std::size_t w2, std::size_t w1, std::size_t w0)
{
    const auto word = [&](std::size_t w) { return static_cast<int>(lanes.state[w][lane]); };
    return _mm_set_epi32(word(w3), word(w2), word(w1), word(w0));
}

template <std::size_t N> MF_SHANI void compressShaNi(Sha256Lanes &lanes, std::size_t blocks)
{
    const __m128i bigEndian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    // The instructions want the words A to H as ABEF and CDGH, A and C highest.
    __m128i abef[N];
    __m128i cdgh[N];
    const std::uint8_t *data[N];
    for (std::size_t l = 0; l < N; ++l) {
        abef[l] = row(lanes, l, 0, 1, 4, 5);
        cdgh[l] = row(lanes, l, 2, 3, 6, 7);
        data[l] = lanes.data[l];
    }
    for (; blocks > 0; --blocks) {
        __m128i message[N][4];
        __m128i s0[N];
        __m128i s1[N];
#pragma GCC unroll 2
        for (std::size_t l = 0; l < N; ++l) {
#pragma GCC unroll 4
            for (std::size_t i = 0; i < 4; ++i) {
                const auto *const source = reinterpret_cast<const __m128i *>(data[l] + 16 * i);
                message[l][i] = _mm_shuffle_epi8(_mm_loadu_si128(source), bigEndian);
            }
            data[l] += kSha256Block;
            s0[l] = abef[l];
            s1[l] = cdgh[l];
        }
#pragma GCC unroll 16
        for (std::size_t i = 0; i < 16; ++i) {
            const __m128i constants = _mm_load_si128(reinterpret_cast<const __m128i *>(kSha256Round + 4 * i));
#pragma GCC unroll 2
            for (std::size_t l = 0; l < N; ++l) {
                __m128i *const w = message[l];
                const __m128i sum = _mm_add_epi32(w[i & 3], constants);
                s1[l] = _mm_sha256rnds2_epu32(s1[l], s0[l], sum);
                s0[l] = _mm_sha256rnds2_epu32(s0[l], s1[l], _mm_shuffle_epi32(sum, 0x0e));
                if (i < 12) {
                    const __m128i seventh = _mm_alignr_epi8(w[(i + 3) & 3], w[(i + 2) & 3], 4);
                    const __m128i partly = _mm_sha256msg1_epu32(w[i & 3], w[(i + 1) & 3]);
                    w[i & 3] = _mm_sha256msg2_epu32(_mm_add_epi32(partly, seventh), w[(i + 3) & 3]);
                }
            }
        }
#pragma GCC unroll 2
        for (std::size_t l = 0; l < N; ++l) {
            abef[l] = _mm_add_epi32(abef[l], s0[l]);
            cdgh[l] = _mm_add_epi32(cdgh[l], s1[l]);
        }
    }
    for (std::size_t l = 0; l < N; ++l) {
        alignas(16) std::uint32_t words[8];
        _mm_store_si128(reinterpret_cast<__m128i *>(words), abef[l]);
        _mm_store_si128(reinterpret_cast<__m128i *>(words + 4), cdgh[l]);
        constexpr std::size_t kWord[8] = { 5, 4, 1, 0, 7, 6, 3, 2 };
        for (std::size_t i = 0; i < 8; ++i)
            lanes.state[kWord[i]][l] = words[i];
    }
}
} // namespace

const Sha256Kernel kSha256ShaNi1 { 1, compressShaNi<1> };
const Sha256Kernel kSha256ShaNi2 { 2, compressShaNi<2> };

} // namespace mf
#endif
