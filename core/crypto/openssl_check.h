// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

namespace mf {

// Ends the program when OpenSSL refuses what it can only refuse for want of memory or because its
// installation is broken: there is no way on that keeps what callers rely on.
inline void requireCrypto(bool ok, const char *what)
{
    if (!ok)
        qFatal("OpenSSL cannot compute %s: no memory, or a broken installation", what);
}

} // namespace mf
