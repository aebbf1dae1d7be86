// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// The inside of sha256Many: messages as jobs, processors' ways of compressing as kernels.

#include "core/base/ids.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <vector>

namespace mf {

constexpr std::size_t kSha256Block = 64;
constexpr std::size_t kSha256MaxLanes = 16;

// FIPS 180-4, sections 5.3.3 and 4.2.2.
alignas(32) inline constexpr std::uint32_t kSha256Start[8]
    = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
alignas(64) inline constexpr std::uint32_t kSha256Round[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
    0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74,
    0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351,
    0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f,
    0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2 };

using Sha256State = std::array<std::uint32_t, 8>; // the words A to H

// What a kernel works on: word w of lane l is state[w][l]; data[l] is where its next block lies.
struct Sha256Lanes {
    alignas(64) std::uint32_t state[8][kSha256MaxLanes] = {};
    const std::uint8_t *data[kSha256MaxLanes] = {};
};

struct Sha256Kernel {
    std::size_t lanes = 0; // at most kSha256MaxLanes, all of them are worked on
    // Takes `blocks` blocks from data[l] into the state of each lane l; data stays.
    void (*compress)(Sha256Lanes &lanes, std::size_t blocks) = nullptr;
};

// Each only runs where the processor has what its name says (see isAvailable).
#if defined(__x86_64__)
extern const Sha256Kernel kSha256ShaNi1;
extern const Sha256Kernel kSha256ShaNi2;
extern const Sha256Kernel kSha256Avx2;
extern const Sha256Kernel kSha256Avx512;

// Half a block of each of eight messages, from data[l] + offset on: words[w] holds word w of every message. AVX2.
void loadHalfBlocks(const std::uint8_t *const *data, std::size_t offset, std::uint32_t (*words)[8]);
#endif

// Lanes, and one long message beside them.
struct Sha256BesideKernel {
    std::size_t lanes = 0;
    // Takes `blocks` blocks from data[l] into the state of each lane l, and lanes * blocks in a row from `bytes` into
    // `state`; data stays.
    void (*compress)(Sha256Lanes &lanes, Sha256State &state, const std::uint8_t *bytes, std::size_t blocks) = nullptr;
    // What works on the rest of both.
    const Sha256Kernel *two = nullptr;
    const Sha256Kernel *one = nullptr;
};
const Sha256BesideKernel *sha256BesideKernel(); // nullptr: this processor has not what it takes

// One message on its way: first its whole blocks where they lie, then its padded end.
class Sha256Job
{
public:
    // `message` and `digest` outlive the job.
    Sha256Job(ByteView message, Sha256 &digest);
    // The rest of a message of `length` bytes, of which the state has taken what comes before: whole blocks.
    Sha256Job(const Sha256State &state, std::uint64_t length, ByteView rest, Sha256 &digest);
    Sha256Job(const Sha256Job &) = delete; // it may point into itself
    Sha256Job &operator=(const Sha256Job &) = delete;
    Sha256Job(Sha256Job &&) = delete;

    std::size_t totalBlocks() const { return m_blocks + m_endBlocks; }
    // The blocks that lie in a row from data() on; 0 when the message is done.
    std::size_t blocks() const { return m_blocks; }
    const std::uint8_t *data() const { return m_data; }
    void advance(std::size_t blocks);

    void enter(Sha256Lanes &lanes, std::size_t lane) const; // puts the state into a lane
    void leave(const Sha256Lanes &lanes, std::size_t lane); // takes it back
    void writeDigest() const;

private:
    Sha256State m_state;
    const std::uint8_t *m_data;
    std::size_t m_blocks;
    std::size_t m_endBlocks;
    std::array<std::uint8_t, 2 * kSha256Block> m_end {};
    Sha256 *m_digest;
};

// Works on the jobs from the front, as many at once as there are lanes (at most kSha256MaxLanes), refilling lanes as
// they fall free, until fewer than `fewest` (at least 1) are left; those stay in `jobs`, some half done. Longest first
// keeps the lanes full to the end. The step takes at most so many blocks into every lane, as a kernel does, and says
// how many; 0 ends the work.
using Sha256Step = std::function<std::size_t(Sha256Lanes &lanes, std::size_t blocks)>;
void runLanes(std::size_t lanes, std::vector<Sha256Job *> &jobs, std::size_t fewest, const Sha256Step &step);
void runLanes(const Sha256Kernel &kernel, std::vector<Sha256Job *> &jobs, std::size_t fewest);

// Seconds that the work takes at best, of so many times: which way is the fastest differs between processors, so it is
// measured.
template <typename Work> double leastSeconds(int times, Work work)
{
    using Clock = std::chrono::steady_clock;
    auto least = Clock::duration::max();
    for (int time = 0; time < times; ++time) {
        const Clock::time_point start = Clock::now();
        work();
        least = std::min(least, Clock::now() - start);
    }
    return std::chrono::duration<double>(least).count();
}

// Messages as jobs, the longest first.
class Sha256Queue
{
public:
    // inputs.size() == digests.size(); both outlive the queue.
    Sha256Queue(std::span<const ByteView> inputs, std::span<Sha256> digests);
    std::vector<Sha256Job *> &jobs() { return m_queue; } // what is left to do

private:
    std::deque<Sha256Job> m_jobs; // whose elements stay where they are
    std::vector<Sha256Job *> m_queue;
};

} // namespace mf
