// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/crypto/sha256.h"

namespace mf {

// SHA-256 of a long message that comes in pieces, and of each piece on its own: a file and its chunks. Where the
// processor can, both are had in the time that the message alone would take (see sha256_beside_x86_64.S).
class Sha256Pieces
{
public:
    // together: not one after the other. Ignored where the processor cannot.
    explicit Sha256Pieces(bool together = isFastTogether());
    ~Sha256Pieces();
    Sha256Pieces(Sha256Pieces &&) noexcept;
    Sha256Pieces &operator=(Sha256Pieces &&) noexcept;

    // Whether this processor is faster so; measured once.
    static bool isFastTogether();

    // The next pieces, of any lengths, in order. digests[i] becomes the digest of pieces[i]; empty: not wanted.
    // Some megabytes at once, in eight pieces or more of one length, are hashed fastest.
    void add(std::span<const ByteView> pieces, std::span<Sha256> digests);
    Sha256 finish(); // of the whole; once

private:
    class Together;
    std::unique_ptr<Together> m_together; // or
    Sha256Stream m_stream;
};

} // namespace mf
