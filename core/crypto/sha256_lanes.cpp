// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/sha256_lanes.h"

#include <algorithm>
#include <utility>

namespace mf {
namespace {
void storeBigEndian(std::uint8_t *bytes, std::uint64_t value, int size)
{
    for (int i = 0; i < size; ++i)
        bytes[i] = static_cast<std::uint8_t>(value >> (8 * (size - 1 - i)));
}
} // namespace

Sha256Job::Sha256Job(ByteView message, Sha256 &digest)
    : Sha256Job(std::to_array(kSha256Start), message.size(), message, digest)
{
}

Sha256Job::Sha256Job(const Sha256State &state, std::uint64_t length, ByteView rest, Sha256 &digest)
    : m_state(state)
    , m_data(rest.data())
    , m_blocks(rest.size() / kSha256Block)
    , m_digest(&digest)
{
    // FIPS 180-4, 5.1.1: a one bit, zeros, and the length in bits in the last 8 bytes of a block.
    constexpr std::size_t kLength = 8;
    const ByteView last = rest.subspan(m_blocks * kSha256Block);
    std::copy(last.begin(), last.end(), m_end.begin());
    m_end[last.size()] = 0x80;
    m_endBlocks = last.size() + 1 + kLength <= kSha256Block ? 1 : 2;
    storeBigEndian(m_end.data() + m_endBlocks * kSha256Block - kLength, length * 8, kLength);
    if (m_blocks == 0)
        advance(0);
}

void Sha256Job::advance(std::size_t blocks)
{
    m_data += blocks * kSha256Block;
    m_blocks -= blocks;
    if (m_blocks == 0) {
        m_data = m_end.data();
        m_blocks = std::exchange(m_endBlocks, 0);
    }
}

void Sha256Job::enter(Sha256Lanes &lanes, std::size_t lane) const
{
    for (std::size_t word = 0; word < m_state.size(); ++word)
        lanes.state[word][lane] = m_state[word];
}

void Sha256Job::leave(const Sha256Lanes &lanes, std::size_t lane)
{
    for (std::size_t word = 0; word < m_state.size(); ++word)
        m_state[word] = lanes.state[word][lane];
}

void Sha256Job::writeDigest() const
{
    for (std::size_t word = 0; word < m_state.size(); ++word)
        storeBigEndian(m_digest->bytes.data() + 4 * word, m_state[word], 4);
}

void runLanes(std::size_t count, std::vector<Sha256Job *> &jobs, std::size_t fewest, const Sha256Step &step)
{
    Sha256Lanes lanes;
    std::vector<Sha256Job *> running;
    auto next = jobs.begin();
    for (;;) {
        while (running.size() < count && next != jobs.end()) {
            (*next)->enter(lanes, running.size());
            running.push_back(*next++);
        }
        if (running.size() < std::max<std::size_t>(fewest, 1))
            break;

        std::size_t blocks = running.front()->blocks();
        for (std::size_t lane = 0; lane < count; ++lane) {
            // Lanes without a job chew the bytes of the first one's.
            const Sha256Job &job = *running[lane < running.size() ? lane : 0];
            lanes.data[lane] = job.data();
            blocks = std::min(blocks, job.blocks());
        }
        const std::size_t done = step(lanes, blocks);
        if (done == 0)
            break;

        for (std::size_t lane = 0; lane < running.size();) {
            Sha256Job *const job = running[lane];
            job->advance(done);
            if (job->blocks() > 0) {
                ++lane;
                continue;
            }
            job->leave(lanes, lane);
            job->writeDigest();
            // The last one moves into the gap, so that the busy lanes stay in front.
            if (lane + 1 < running.size()) {
                running.back()->leave(lanes, running.size() - 1);
                running.back()->enter(lanes, lane);
                running[lane] = running.back();
            }
            running.pop_back();
        }
    }
    for (std::size_t lane = 0; lane < running.size(); ++lane)
        running[lane]->leave(lanes, lane);
    running.insert(running.end(), next, jobs.end());
    jobs = std::move(running);
}

void runLanes(const Sha256Kernel &kernel, std::vector<Sha256Job *> &jobs, std::size_t fewest)
{
    runLanes(kernel.lanes, jobs, fewest, [&kernel](Sha256Lanes &lanes, std::size_t blocks) {
        kernel.compress(lanes, blocks);
        return blocks;
    });
}

Sha256Queue::Sha256Queue(std::span<const ByteView> inputs, std::span<Sha256> digests)
{
    Q_ASSERT(inputs.size() == digests.size());
    m_queue.reserve(inputs.size());
    for (std::size_t i = 0; i < inputs.size(); ++i)
        m_queue.push_back(&m_jobs.emplace_back(inputs[i], digests[i]));
    std::sort(m_queue.begin(), m_queue.end(),
        [](const Sha256Job *a, const Sha256Job *b) { return a->totalBlocks() > b->totalBlocks(); });
}

} // namespace mf
