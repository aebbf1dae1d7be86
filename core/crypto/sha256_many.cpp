// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/sha256.h"

namespace mf {

bool isAvailable(Sha256Engine engine) { return engine == Sha256Engine::Portable; }

Sha256Engine bestSha256Engine() { return Sha256Engine::Portable; }

void sha256Many(std::span<const ByteView> inputs, std::span<Sha256> digests, Sha256Engine)
{
    Q_ASSERT(inputs.size() == digests.size());
    for (std::size_t i = 0; i < inputs.size(); ++i)
        digests[i] = sha256(inputs[i]);
}

} // namespace mf
