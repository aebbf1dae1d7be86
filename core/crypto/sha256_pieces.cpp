// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/sha256_pieces.h"

#include "core/crypto/sha256_lanes.h"

#include <algorithm>
#include <limits>

namespace mf {

// Lanes for the pieces, and beside them the whole message: each step of the lanes takes as many blocks of it as there
// are lanes, wherever the message has got to. What the lanes leave of it follows alone.
class Sha256Pieces::Together
{
public:
    explicit Together(const Sha256BesideKernel &kernel)
        : m_kernel(kernel)
    {
    }
    void add(std::span<const ByteView> pieces, std::span<Sha256> digests);
    Sha256 finish();

private:
    ByteView blocksInARow(std::size_t least);
    void compressAlone(const std::uint8_t *bytes, std::size_t blocks);

    const Sha256BesideKernel &m_kernel;
    Sha256State m_state = std::to_array(kSha256Start);
    std::uint64_t m_length = 0; // of all that was added
    std::array<std::uint8_t, kSha256Block> m_rest {}; // of a block that goes on in the next piece
    std::size_t m_restSize = 0; // less than a block
    // Pieces that the message has not taken yet, the first one in part.
    std::span<const ByteView> m_next;
    ByteView m_now;
};

void Sha256Pieces::Together::compressAlone(const std::uint8_t *bytes, std::size_t blocks)
{
    Sha256Lanes lanes;
    for (std::size_t word = 0; word < m_state.size(); ++word)
        lanes.state[word][0] = m_state[word];
    lanes.data[0] = bytes;
    m_kernel.one->compress(lanes, blocks);
    for (std::size_t word = 0; word < m_state.size(); ++word)
        m_state[word] = lanes.state[word][0];
}

// The next whole blocks of the message that lie in a row, at least so many of them: what comes before is taken alone.
// Fewer (and then none) only when all pieces have been taken.
ByteView Sha256Pieces::Together::blocksInARow(std::size_t least)
{
    for (;;) {
        if (m_restSize > 0) {
            const std::size_t more = std::min(kSha256Block - m_restSize, m_now.size());
            std::copy_n(m_now.begin(), more, m_rest.begin() + static_cast<std::ptrdiff_t>(m_restSize));
            m_now = m_now.subspan(more);
            m_restSize += more;
            if (m_restSize == kSha256Block) {
                compressAlone(m_rest.data(), 1);
                m_restSize = 0;
            }
        }
        const std::size_t blocks = m_now.size() / kSha256Block;
        if (m_restSize == 0 && blocks >= least)
            return m_now.first(blocks * kSha256Block);
        if (m_restSize == 0) {
            compressAlone(m_now.data(), blocks);
            const ByteView rest = m_now.subspan(blocks * kSha256Block);
            std::copy(rest.begin(), rest.end(), m_rest.begin());
            m_restSize = rest.size();
        }
        m_now = {};
        if (m_next.empty())
            return {};
        m_now = m_next.front();
        m_next = m_next.subspan(1);
    }
}

void Sha256Pieces::Together::add(std::span<const ByteView> pieces, std::span<Sha256> digests)
{
    m_next = pieces;
    for (const ByteView piece : pieces)
        m_length += piece.size();
    if (!digests.empty()) {
        Sha256Queue queue(pieces, digests);
        const std::size_t stride = m_kernel.lanes * kSha256Block;
        runLanes(m_kernel.lanes, queue.jobs(), 1, [this, stride](Sha256Lanes &lanes, std::size_t blocks) {
            const ByteView message = blocksInARow(m_kernel.lanes);
            const std::size_t steps = std::min(blocks, message.size() / stride);
            if (steps > 0)
                m_kernel.compress(lanes, m_state, message.data(), steps);
            m_now = m_now.subspan(steps * stride);
            return steps;
        });
        // Few are left: the message has ended before them.
        runLanes(*m_kernel.two, queue.jobs(), 2);
        runLanes(*m_kernel.one, queue.jobs(), 1);
    }
    blocksInARow(std::numeric_limits<std::size_t>::max());
}

Sha256 Sha256Pieces::Together::finish()
{
    Sha256 digest;
    Sha256Job end(m_state, m_length, ByteView(m_rest).first(m_restSize), digest);
    std::vector<Sha256Job *> jobs { &end };
    runLanes(*m_kernel.one, jobs, 1);
    return digest;
}

Sha256Pieces::Sha256Pieces(bool together)
{
    const Sha256BesideKernel *const kernel = together ? sha256BesideKernel() : nullptr;
    if (kernel)
        m_together = std::make_unique<Together>(*kernel);
}

Sha256Pieces::~Sha256Pieces() = default;
Sha256Pieces::Sha256Pieces(Sha256Pieces &&) noexcept = default;
Sha256Pieces &Sha256Pieces::operator=(Sha256Pieces &&) noexcept = default;

void Sha256Pieces::add(std::span<const ByteView> pieces, std::span<Sha256> digests)
{
    if (m_together) {
        m_together->add(pieces, digests);
        return;
    }
    if (!digests.empty())
        sha256Many(pieces, digests);
    for (const ByteView piece : pieces)
        m_stream.update(piece);
}

Sha256 Sha256Pieces::finish() { return m_together ? m_together->finish() : m_stream.finish(); }

namespace {
// Seconds for a quarter of a megabyte.
double timeOf(bool together)
{
    const std::vector<std::uint8_t> bytes(16 << 10, 1);
    const std::vector<ByteView> pieces(16, bytes);
    std::vector<Sha256> digests(pieces.size());
    return leastSeconds(3, [&] { Sha256Pieces(together).add(pieces, digests); });
}
} // namespace

bool Sha256Pieces::isFastTogether()
{
    // A millisecond, once. Worth it only well ahead: alone, the pieces can be hashed on another core at the same time.
    static const bool is = sha256BesideKernel() && timeOf(true) < 0.9 * timeOf(false);
    return is;
}

} // namespace mf
