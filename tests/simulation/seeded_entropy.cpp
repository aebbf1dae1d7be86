// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/simulation/seeded_entropy.h"

#include <QHashSeed>

#include <cstddef>
#include <mutex>
#include <random>

namespace {

std::mutex s_mutex;
std::mt19937 s_random;

} // namespace

extern "C" int getentropy(void *buffer, std::size_t length)
{
    const std::lock_guard lock(s_mutex);
    for (std::size_t i = 0; i < length; ++i)
        static_cast<unsigned char *>(buffer)[i] = static_cast<unsigned char>(s_random());
    return 0;
}

namespace mf::simulation {

void seedEntropy(quint32 seed)
{
    QHashSeed::setDeterministicGlobalSeed();
    const std::lock_guard lock(s_mutex);
    s_random.seed(seed);
}

} // namespace mf::simulation
