// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/open_files.h"

#include <algorithm>
#include <sys/resource.h>

namespace mf {

void allowManyOpenFiles()
{
    rlimit limit {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    const rlim_t wanted = std::min<rlim_t>(limit.rlim_max, 65'536);
    if (limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = wanted;
    ::setrlimit(RLIMIT_NOFILE, &limit); // refused: it works with fewer, too
}

} // namespace mf
