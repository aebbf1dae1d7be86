// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/heap.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace mf {

void boundHeap()
{
#if defined(__GLIBC__)
    constexpr int kMapFrom = 4 << 20; // bytes; a fragment is 1 to 16 MiB, most chunks are 1 MiB
    constexpr int kKeepFree = 32 << 20; // at the end of an arena
    constexpr int kArenas = 2; // of all threads together; each keeps what lies below its last used byte
    mallopt(M_ARENA_MAX, kArenas);
    mallopt(M_MMAP_THRESHOLD, kMapFrom);
    mallopt(M_TRIM_THRESHOLD, kKeepFree);
#endif
}

} // namespace mf
