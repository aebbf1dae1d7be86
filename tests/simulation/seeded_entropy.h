// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace mf::simulation {

// From now on what this program takes for the operating system's random bytes follows from the seed, and so do the
// orders of hash tables: a story that goes wrong goes wrong each time. Links its own getentropy() into the program.
void seedEntropy(quint32 seed);

} // namespace mf::simulation
