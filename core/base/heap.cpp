// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/heap.h"

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace mf {

// Storing on a disk, three folders, 2 + 1: 1 GB peaked at 180 to 206 MiB, 8 GB at 199 and 203. mimalloc and jemalloc kept
// more or were slower by a fifth; a heap for each thread, as glibc has by itself, took 220 to 250.
void keepHeapSmall()
{
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 4 << 20); // fragments' buffers; chunks are smaller, and their pages are used again
    mallopt(M_TRIM_THRESHOLD, 8 << 20);
#endif
}

} // namespace mf
