// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/packing/planes_x86.h"

#ifdef MF_PLANES_X86
#if defined(__GNUC__) && !defined(__clang__)
// GCC 12 takes the deliberately undefined registers of its own AVX-512 header for a mistake (GCC bug 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <immintrin.h>

namespace mf::planes {
namespace {
__attribute__((target("avx2"))) inline __m256i load256(const std::uint8_t *at)
{
    return _mm256_loadu_si256(reinterpret_cast<const __m256i *>(at));
}
__attribute__((target("avx2"))) inline void store256(std::uint8_t *at, __m256i value)
{
    _mm256_storeu_si256(reinterpret_cast<__m256i *>(at), value);
}
__attribute__((target("avx2"))) inline __m256i rotateLeft16(__m256i x)
{
    return _mm256_or_si256(_mm256_slli_epi16(x, 1), _mm256_srli_epi16(x, 15));
}
__attribute__((target("avx2"))) inline __m256i rotateRight16(__m256i x)
{
    return _mm256_or_si256(_mm256_srli_epi16(x, 1), _mm256_slli_epi16(x, 15));
}
// The 4 x 4 transpose of the bytes of each 128-bit lane; its own inverse.
__attribute__((target("avx2"))) inline __m256i transposeLanes(__m256i x)
{
    return _mm256_shuffle_epi8(x,
        _mm256_setr_epi8(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15, //
            0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15));
}
// Eight floats, rotated, as four groups of eight bytes: lowest bytes first.
__attribute__((target("avx2"))) inline __m256i groups32(const std::uint8_t *at)
{
    const __m256i x = load256(at);
    const __m256i rotated = _mm256_or_si256(_mm256_slli_epi32(x, 1), _mm256_srli_epi32(x, 31));
    return _mm256_permutevar8x32_epi32(transposeLanes(rotated), _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
}
__attribute__((target("avx2"))) inline void ungroup32(std::uint8_t *at, __m256i groups)
{
    const __m256i lanes = _mm256_permutevar8x32_epi32(groups, _mm256_setr_epi32(0, 2, 4, 6, 1, 3, 5, 7));
    const __m256i rotated = transposeLanes(lanes);
    store256(at, _mm256_or_si256(_mm256_srli_epi32(rotated, 1), _mm256_slli_epi32(rotated, 31)));
}
} // namespace

__attribute__((target("avx2"))) std::size_t split16Avx2(
    const std::uint8_t *value, std::size_t count, std::uint8_t *hi, std::uint8_t *lo)
{
    const __m256i lowByte = _mm256_set1_epi16(0xff);
    std::size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        const __m256i a = rotateLeft16(load256(value + 2 * i));
        const __m256i b = rotateLeft16(load256(value + 2 * i + 32));
        // Packing works lane by lane: the permutation puts the quarters in order.
        const __m256i high = _mm256_packus_epi16(_mm256_srli_epi16(a, 8), _mm256_srli_epi16(b, 8));
        const __m256i low = _mm256_packus_epi16(_mm256_and_si256(a, lowByte), _mm256_and_si256(b, lowByte));
        store256(hi + i, _mm256_permute4x64_epi64(high, 0xd8));
        store256(lo + i, _mm256_permute4x64_epi64(low, 0xd8));
    }
    return i;
}

__attribute__((target("avx2"))) std::size_t merge16Avx2(
    const std::uint8_t *hi, const std::uint8_t *lo, std::size_t count, std::uint8_t *value)
{
    std::size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        const __m256i high = _mm256_permute4x64_epi64(load256(hi + i), 0xd8);
        const __m256i low = _mm256_permute4x64_epi64(load256(lo + i), 0xd8);
        store256(value + 2 * i, rotateRight16(_mm256_unpacklo_epi8(low, high)));
        store256(value + 2 * i + 32, rotateRight16(_mm256_unpackhi_epi8(low, high)));
    }
    return i;
}

__attribute__((target("avx2"))) std::size_t split32Avx2(
    const std::uint8_t *value, std::size_t count, const std::array<std::uint8_t *, 4> &parts)
{
    std::size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        const __m256i a = groups32(value + 4 * i);
        const __m256i b = groups32(value + 4 * i + 32);
        const __m256i c = groups32(value + 4 * i + 64);
        const __m256i d = groups32(value + 4 * i + 96);
        const __m256i evenFront = _mm256_unpacklo_epi64(a, b); // planes 0 and 2 of a and b
        const __m256i oddFront = _mm256_unpackhi_epi64(a, b);
        const __m256i evenBack = _mm256_unpacklo_epi64(c, d);
        const __m256i oddBack = _mm256_unpackhi_epi64(c, d);
        store256(parts[0] + i, _mm256_permute2x128_si256(evenFront, evenBack, 0x20));
        store256(parts[1] + i, _mm256_permute2x128_si256(oddFront, oddBack, 0x20));
        store256(parts[2] + i, _mm256_permute2x128_si256(evenFront, evenBack, 0x31));
        store256(parts[3] + i, _mm256_permute2x128_si256(oddFront, oddBack, 0x31));
    }
    return i;
}

__attribute__((target("avx2"))) std::size_t merge32Avx2(
    const std::array<const std::uint8_t *, 4> &parts, std::size_t count, std::uint8_t *value)
{
    std::size_t i = 0;
    for (; i + 32 <= count; i += 32) {
        const __m256i plane0 = load256(parts[0] + i);
        const __m256i plane1 = load256(parts[1] + i);
        const __m256i plane2 = load256(parts[2] + i);
        const __m256i plane3 = load256(parts[3] + i);
        const __m256i evenFront = _mm256_permute2x128_si256(plane0, plane2, 0x20);
        const __m256i oddFront = _mm256_permute2x128_si256(plane1, plane3, 0x20);
        const __m256i evenBack = _mm256_permute2x128_si256(plane0, plane2, 0x31);
        const __m256i oddBack = _mm256_permute2x128_si256(plane1, plane3, 0x31);
        ungroup32(value + 4 * i, _mm256_unpacklo_epi64(evenFront, oddFront));
        ungroup32(value + 4 * i + 32, _mm256_unpackhi_epi64(evenFront, oddFront));
        ungroup32(value + 4 * i + 64, _mm256_unpacklo_epi64(evenBack, oddBack));
        ungroup32(value + 4 * i + 96, _mm256_unpackhi_epi64(evenBack, oddBack));
    }
    return i;
}

__attribute__((target("avx512f,avx512bw"))) std::size_t split16Avx512(
    const std::uint8_t *value, std::size_t count, std::uint8_t *hi, std::uint8_t *lo)
{
    const __m512i lowByte = _mm512_set1_epi16(0xff);
    const __m512i order = _mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7);
    std::size_t i = 0;
    for (; i + 64 <= count; i += 64) {
        const __m512i x = _mm512_loadu_si512(value + 2 * i);
        const __m512i y = _mm512_loadu_si512(value + 2 * i + 64);
        const __m512i a = _mm512_or_si512(_mm512_slli_epi16(x, 1), _mm512_srli_epi16(x, 15));
        const __m512i b = _mm512_or_si512(_mm512_slli_epi16(y, 1), _mm512_srli_epi16(y, 15));
        const __m512i high = _mm512_packus_epi16(_mm512_srli_epi16(a, 8), _mm512_srli_epi16(b, 8));
        const __m512i low = _mm512_packus_epi16(_mm512_and_si512(a, lowByte), _mm512_and_si512(b, lowByte));
        _mm512_storeu_si512(hi + i, _mm512_permutexvar_epi64(order, high));
        _mm512_storeu_si512(lo + i, _mm512_permutexvar_epi64(order, low));
    }
    return i;
}

__attribute__((target("avx512f,avx512bw"))) std::size_t merge16Avx512(
    const std::uint8_t *hi, const std::uint8_t *lo, std::size_t count, std::uint8_t *value)
{
    const __m512i order = _mm512_setr_epi64(0, 4, 1, 5, 2, 6, 3, 7);
    std::size_t i = 0;
    for (; i + 64 <= count; i += 64) {
        const __m512i high = _mm512_permutexvar_epi64(order, _mm512_loadu_si512(hi + i));
        const __m512i low = _mm512_permutexvar_epi64(order, _mm512_loadu_si512(lo + i));
        const __m512i a = _mm512_unpacklo_epi8(low, high);
        const __m512i b = _mm512_unpackhi_epi8(low, high);
        _mm512_storeu_si512(value + 2 * i, _mm512_or_si512(_mm512_srli_epi16(a, 1), _mm512_slli_epi16(a, 15)));
        _mm512_storeu_si512(value + 2 * i + 64, _mm512_or_si512(_mm512_srli_epi16(b, 1), _mm512_slli_epi16(b, 15)));
    }
    return i;
}

__attribute__((target("avx512f,avx512bw"))) std::size_t split32Avx512(
    const std::uint8_t *value, std::size_t count, const std::array<std::uint8_t *, 4> &parts)
{
    std::size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        const __m512i x = _mm512_rol_epi32(_mm512_loadu_si512(value + 4 * i), 1);
        _mm_storeu_si128(reinterpret_cast<__m128i *>(parts[0] + i), _mm512_cvtepi32_epi8(x));
        _mm_storeu_si128(reinterpret_cast<__m128i *>(parts[1] + i), _mm512_cvtepi32_epi8(_mm512_srli_epi32(x, 8)));
        _mm_storeu_si128(reinterpret_cast<__m128i *>(parts[2] + i), _mm512_cvtepi32_epi8(_mm512_srli_epi32(x, 16)));
        _mm_storeu_si128(reinterpret_cast<__m128i *>(parts[3] + i), _mm512_cvtepi32_epi8(_mm512_srli_epi32(x, 24)));
    }
    return i;
}

__attribute__((target("avx512f,avx512bw"))) std::size_t merge32Avx512(
    const std::array<const std::uint8_t *, 4> &parts, std::size_t count, std::uint8_t *value)
{
    std::size_t i = 0;
    for (; i + 16 <= count; i += 16) {
        __m512i x = _mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i *>(parts[3] + i)));
        for (std::size_t part = 3; part-- > 0;) {
            const __m128i plane = _mm_loadu_si128(reinterpret_cast<const __m128i *>(parts[part] + i));
            x = _mm512_or_si512(_mm512_slli_epi32(x, 8), _mm512_cvtepu8_epi32(plane));
        }
        _mm512_storeu_si512(value + 4 * i, _mm512_ror_epi32(x, 1));
    }
    return i;
}

} // namespace mf::planes
#endif
