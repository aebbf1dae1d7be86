// SPDX-License-Identifier: GPL-3.0-or-later
// What surrounds sha256_beside_x86_64.S: a block of each of eight messages, and eight of the long one, at each call.
#include "core/crypto/sha256.h"
#include "core/crypto/sha256_lanes.h"

#if defined(__x86_64__)

// words: those of a block of each of the eight, in the order of memory of loadHalfBlocks; changed. abefCdgh: the state
// of the long message in the order that the SHA instructions want: F E B A, H G D C. constants: kSha256Round.
extern "C" void mf_sha256_beside(std::uint32_t (*state)[mf::kSha256MaxLanes], std::uint32_t (*words)[8],
    std::uint32_t *abefCdgh, const std::uint8_t *bytes, const std::uint32_t *constants);

namespace mf {
namespace {
constexpr std::size_t kLanes = 8;

void compressBeside(Sha256Lanes &lanes, Sha256State &state, const std::uint8_t *bytes, std::size_t blocks)
{
    alignas(32) std::uint32_t words[16][kLanes];
    constexpr std::size_t kOrder[8] = { 5, 4, 1, 0, 7, 6, 3, 2 };
    alignas(16) std::uint32_t abefCdgh[8] = {};
    for (std::size_t i = 0; i < state.size(); ++i)
        abefCdgh[i] = state[kOrder[i]];
    for (std::size_t block = 0; block < blocks; ++block) {
        loadHalfBlocks(lanes.data, block * kSha256Block, words);
        loadHalfBlocks(lanes.data, block * kSha256Block + kSha256Block / 2, words + 8);
        mf_sha256_beside(lanes.state, words, abefCdgh, bytes, kSha256Round);
        bytes += kLanes * kSha256Block;
    }
    for (std::size_t i = 0; i < state.size(); ++i)
        state[kOrder[i]] = abefCdgh[i];
}

const Sha256BesideKernel kBeside { kLanes, compressBeside, &kSha256ShaNi2, &kSha256ShaNi1 };
} // namespace

const Sha256BesideKernel *sha256BesideKernel()
{
    const bool isAble = isAvailable(Sha256Engine::ShaNi) && isAvailable(Sha256Engine::Avx2)
        && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl");
    return isAble ? &kBeside : nullptr;
}

} // namespace mf
#else
const mf::Sha256BesideKernel *mf::sha256BesideKernel() { return nullptr; }
#endif
