// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The SIMD halves of the plane transforms; private to core/packing. Each function does
// the elements from the front that fill its registers and returns how many it did.

#include "core/packing/codec.h"

#if defined(__x86_64__)
#define MF_PLANES_X86 1

namespace mf::planes {

std::size_t split16Avx2(const std::uint8_t *value, std::size_t count, std::uint8_t *hi, std::uint8_t *lo);
std::size_t merge16Avx2(const std::uint8_t *hi, const std::uint8_t *lo, std::size_t count, std::uint8_t *value);
std::size_t split32Avx2(const std::uint8_t *value, std::size_t count, const std::array<std::uint8_t *, 4> &parts);
std::size_t merge32Avx2(const std::array<const std::uint8_t *, 4> &parts, std::size_t count, std::uint8_t *value);

std::size_t split16Avx512(const std::uint8_t *value, std::size_t count, std::uint8_t *hi, std::uint8_t *lo);
std::size_t merge16Avx512(const std::uint8_t *hi, const std::uint8_t *lo, std::size_t count, std::uint8_t *value);
std::size_t split32Avx512(const std::uint8_t *value, std::size_t count, const std::array<std::uint8_t *, 4> &parts);
std::size_t merge32Avx512(const std::array<const std::uint8_t *, 4> &parts, std::size_t count, std::uint8_t *value);

} // namespace mf::planes
#endif
