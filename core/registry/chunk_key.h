// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"

#include <bit>

namespace mf {

// Turns a chunk's hash into the 8 bytes that the index keeps. Keyed with a secret of this registry
// (SipHash-2-4), so that nobody can make a model whose chunks all collide there.
class ChunkKey
{
public:
    static constexpr qsizetype kSize = 16;

    ChunkKey() = default;
    // Precondition: secret.size() == kSize. mask: for tests that need collisions.
    explicit ChunkKey(ByteView secret, quint64 mask = ~quint64(0))
        : m_k0(loadLe<quint64>(secret.data()))
        , m_k1(loadLe<quint64>(secret.data() + 8))
        , m_mask(mask)
    {
    }

    qint64 of(const ChunkHash &hash) const
    {
        State s { m_k0 ^ 0x736f6d6570736575U, m_k1 ^ 0x646f72616e646f6dU, m_k0 ^ 0x6c7967656e657261U,
            m_k1 ^ 0x7465646279746573U };
        for (std::size_t at = 0; at < ChunkHash::size(); at += 8)
            s.absorb(loadLe<quint64>(hash.bytes.data() + at));
        s.absorb(quint64(ChunkHash::size()) << 56);
        s.v2 ^= 0xff;
        for (int i = 0; i < 4; ++i)
            s.round();
        return static_cast<qint64>((s.v0 ^ s.v1 ^ s.v2 ^ s.v3) & m_mask);
    }

private:
    struct State {
        quint64 v0, v1, v2, v3;
        void round()
        {
            v0 += v1;
            v1 = std::rotl(v1, 13) ^ v0;
            v0 = std::rotl(v0, 32);
            v2 += v3;
            v3 = std::rotl(v3, 16) ^ v2;
            v0 += v3;
            v3 = std::rotl(v3, 21) ^ v0;
            v2 += v1;
            v1 = std::rotl(v1, 17) ^ v2;
            v2 = std::rotl(v2, 32);
        }
        void absorb(quint64 word)
        {
            v3 ^= word;
            round();
            round();
            v0 ^= word;
        }
    };
    quint64 m_k0 = 0;
    quint64 m_k1 = 0;
    quint64 m_mask = ~quint64(0);
};

} // namespace mf
