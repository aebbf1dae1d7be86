// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/heap.h"

#include <cstdlib> // defines __GLIBC__

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace mf {

// A heap for each thread, as glibc has by itself, keeps half as much again, because chunks of megabytes wander from the
// thread that reads them to the one that seals them. Blocks below the threshold (the largest that glibc takes) come
// out of the heap, above it fresh from the kernel, which has to clear their pages each time: with a threshold of 4 MiB
// that was a fifth of a fetch (2 GB on a tmpfs: 2.3 s against 1.95, of a store 3.8 against 3.45, with the same peak).
// mimalloc and jemalloc kept more, or were slower by a fifth.
void keepHeapSmall()
{
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 256 << 20); // more than the buffers of fragments ever are
#endif
}

void giveHeapBack()
{
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

} // namespace mf
