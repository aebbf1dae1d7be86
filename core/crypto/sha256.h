// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/ids.h"

#include <memory>
#include <span>
#include <vector>

namespace mf {

Sha256 sha256(ByteView bytes); // FIPS 180-4, OpenSSL

// Many buffers at once, of any lengths: 16 lanes with AVX-512, 8 with AVX2,
// two streams with SHA-NI, else one by one (OpenSSL). The best engine is the fastest
// that this processor has, measured once at its first use. Lanes are refilled as
// messages end, so give many at once; equal lengths are not needed.
// digests.size() == inputs.size(). Pure; runs on the pool. An engine that is not
// available is answered by Portable.
enum class Sha256Engine { Portable, ShaNi, Avx2, Avx512 };
bool isAvailable(Sha256Engine engine);
Sha256Engine bestSha256Engine();
void sha256Many(std::span<const ByteView> inputs, std::span<Sha256> digests, Sha256Engine engine = bestSha256Engine());

// One long stream.
class Sha256Stream
{
public:
    Sha256Stream();
    ~Sha256Stream();
    Sha256Stream(Sha256Stream &&) noexcept;
    Sha256Stream &operator=(Sha256Stream &&) noexcept;
    void update(ByteView bytes);
    Sha256 finish(); // once

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

Sha256 hmacSha256(ByteView key, ByteView message);

} // namespace mf
