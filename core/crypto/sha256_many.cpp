// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/sha256.h"

#include "core/crypto/sha256_lanes.h"

#include <algorithm>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace mf {
namespace {
void oneByOne(std::span<const ByteView> inputs, std::span<Sha256> digests)
{
    for (std::size_t i = 0; i < inputs.size(); ++i)
        digests[i] = sha256(inputs[i]);
}

#if defined(__x86_64__)
// Clang 14's __builtin_cpu_supports() has no word for it: leaf 7, EBX bit 29 (Intel SDM volume 2A, CPUID).
// Asked once, as a virtual machine answers slowly.
bool hasShaInstructions()
{
    static const bool has = [] {
        unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
        return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx & (1U << 29)) != 0;
    }();
    return has;
}

// A wide kernel takes the same time for one busy lane as for all; with fewer messages than this left
// the two streams of SHA-NI are ahead, or OpenSSL where that is missing.
struct WideEngine {
    const Sha256Kernel &kernel;
    std::size_t worthWhile; // with SHA-NI to fall back to
};
constexpr std::size_t kWorthWhileAlone = 3; // without
const WideEngine kAvx2 { kSha256Avx2, 8 };
const WideEngine kAvx512 { kSha256Avx512, 11 };

// Without a wide engine: in the streams of SHA-NI alone.
void inLanes(const WideEngine *wide, std::span<const ByteView> inputs, std::span<Sha256> digests)
{
    const bool shaNi = isAvailable(Sha256Engine::ShaNi);
    if (!shaNi && inputs.size() < kWorthWhileAlone) {
        oneByOne(inputs, digests);
        return;
    }
    Sha256Queue queue(inputs, digests);
    if (wide)
        runLanes(wide->kernel, queue.jobs(), shaNi ? wide->worthWhile : 1);
    if (shaNi) {
        runLanes(kSha256ShaNi2, queue.jobs(), 2);
        runLanes(kSha256ShaNi1, queue.jobs(), 1);
    }
}
#endif

// Seconds for a few chunks' worth of short messages.
double timeOf(Sha256Engine engine)
{
    constexpr std::size_t kMessages = 32;
    constexpr std::size_t kLength = 2048;
    const std::vector<std::uint8_t> bytes(kMessages * kLength, 1);
    const ByteView whole = bytes;
    std::vector<ByteView> inputs;
    inputs.reserve(kMessages);
    for (std::size_t i = 0; i < kMessages; ++i)
        inputs.push_back(whole.subspan(i * kLength, kLength));
    std::vector<Sha256> digests(kMessages);
    return leastSeconds(5, [&] { sha256Many(inputs, digests, engine); });
}

// Measured, half a millisecond once: two streams of SHA-NI and sixteen lanes of AVX-512 are within some
// percent of each other on one processor and a factor apart on the next. An engine that needs more
// messages at once to be fast must be ahead by a tenth.
Sha256Engine fastest()
{
    Sha256Engine best = Sha256Engine::Portable;
    double least = timeOf(best);
    for (const Sha256Engine engine : { Sha256Engine::ShaNi, Sha256Engine::Avx2, Sha256Engine::Avx512 }) {
        if (!isAvailable(engine))
            continue;
        const double time = timeOf(engine);
        if (time < 0.9 * least) {
            best = engine;
            least = time;
        }
    }
    return best;
}
} // namespace

bool isAvailable(Sha256Engine engine)
{
    switch (engine) {
    case Sha256Engine::Portable:
        return true;
#if defined(__x86_64__)
    case Sha256Engine::ShaNi:
        return hasShaInstructions() && __builtin_cpu_supports("sse4.1");
    case Sha256Engine::Avx2:
        return __builtin_cpu_supports("avx2");
    case Sha256Engine::Avx512:
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
#else
    case Sha256Engine::ShaNi:
    case Sha256Engine::Avx2:
    case Sha256Engine::Avx512:
        return false;
#endif
    }
    return false;
}

Sha256Engine bestSha256Engine()
{
    static const Sha256Engine best = fastest();
    return best;
}

void sha256Many(std::span<const ByteView> inputs, std::span<Sha256> digests, Sha256Engine engine)
{
    Q_ASSERT(inputs.size() == digests.size());
#if defined(__x86_64__)
    if (isAvailable(engine)) {
        switch (engine) {
        case Sha256Engine::Portable:
            break;
        case Sha256Engine::ShaNi:
            return inLanes(nullptr, inputs, digests);
        case Sha256Engine::Avx2:
            return inLanes(&kAvx2, inputs, digests);
        case Sha256Engine::Avx512:
            return inLanes(&kAvx512, inputs, digests);
        }
    }
#else
    Q_UNUSED(engine);
#endif
    oneByOne(inputs, digests);
}

} // namespace mf
