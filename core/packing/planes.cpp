// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/packing/planes_x86.h"

namespace mf::planes {

bool isAvailable(Engine engine)
{
#ifdef MF_PLANES_X86
    if (engine == Engine::Avx512)
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
    if (engine == Engine::Avx2)
        return __builtin_cpu_supports("avx2");
#endif
    return engine == Engine::Portable;
}

Engine bestEngine()
{
    static const Engine best = isAvailable(Engine::Avx512) ? Engine::Avx512
        : isAvailable(Engine::Avx2)                        ? Engine::Avx2
                                                           : Engine::Portable;
    return best;
}

void splitBF16(ByteView value, MutableBytes hi, MutableBytes lo, [[maybe_unused]] Engine engine)
{
    const std::size_t count = hi.size();
    Q_ASSERT(lo.size() == count && value.size() == 2 * count);
    std::size_t i = 0;
#ifdef MF_PLANES_X86
    if (engine == Engine::Avx512)
        i = split16Avx512(value.data(), count, hi.data(), lo.data());
    else if (engine == Engine::Avx2)
        i = split16Avx2(value.data(), count, hi.data(), lo.data());
#endif
    for (; i < count; ++i) {
        const unsigned x = loadLe<std::uint16_t>(value.data() + 2 * i);
        hi[i] = static_cast<std::uint8_t>(x >> 7);
        lo[i] = static_cast<std::uint8_t>((x << 1) | (x >> 15));
    }
}

void mergeBF16(ByteView hi, ByteView lo, MutableBytes value, [[maybe_unused]] Engine engine)
{
    const std::size_t count = hi.size();
    Q_ASSERT(lo.size() == count && value.size() == 2 * count);
    std::size_t i = 0;
#ifdef MF_PLANES_X86
    if (engine == Engine::Avx512)
        i = merge16Avx512(hi.data(), lo.data(), count, value.data());
    else if (engine == Engine::Avx2)
        i = merge16Avx2(hi.data(), lo.data(), count, value.data());
#endif
    for (; i < count; ++i) {
        const unsigned x = (unsigned(hi[i]) << 8) | lo[i];
        storeLe<std::uint16_t>(value.data() + 2 * i, static_cast<std::uint16_t>((x >> 1) | (x << 15)));
    }
}

void splitFP32(ByteView value, const std::array<MutableBytes, 4> &parts, [[maybe_unused]] Engine engine)
{
    const std::size_t count = parts[0].size();
    Q_ASSERT(parts[1].size() == count && parts[2].size() == count && parts[3].size() == count);
    Q_ASSERT(value.size() == 4 * count);
    std::size_t i = 0;
#ifdef MF_PLANES_X86
    const std::array<std::uint8_t *, 4> out { parts[0].data(), parts[1].data(), parts[2].data(), parts[3].data() };
    if (engine == Engine::Avx512)
        i = split32Avx512(value.data(), count, out);
    else if (engine == Engine::Avx2)
        i = split32Avx2(value.data(), count, out);
#endif
    for (; i < count; ++i) {
        const std::uint32_t x = loadLe<std::uint32_t>(value.data() + 4 * i);
        const std::uint32_t rotated = (x << 1) | (x >> 31);
        for (std::size_t part = 0; part < 4; ++part)
            parts[part][i] = static_cast<std::uint8_t>(rotated >> (8 * part));
    }
}

void mergeFP32(const std::array<ByteView, 4> &parts, MutableBytes value, [[maybe_unused]] Engine engine)
{
    const std::size_t count = parts[0].size();
    Q_ASSERT(parts[1].size() == count && parts[2].size() == count && parts[3].size() == count);
    Q_ASSERT(value.size() == 4 * count);
    std::size_t i = 0;
#ifdef MF_PLANES_X86
    const std::array<const std::uint8_t *, 4> in { parts[0].data(), parts[1].data(), parts[2].data(), parts[3].data() };
    if (engine == Engine::Avx512)
        i = merge32Avx512(in, count, value.data());
    else if (engine == Engine::Avx2)
        i = merge32Avx2(in, count, value.data());
#endif
    for (; i < count; ++i) {
        std::uint32_t rotated = 0;
        for (std::size_t part = 0; part < 4; ++part)
            rotated |= std::uint32_t(parts[part][i]) << (8 * part);
        storeLe<std::uint32_t>(value.data() + 4 * i, (rotated >> 1) | (rotated << 31));
    }
}

} // namespace mf::planes
