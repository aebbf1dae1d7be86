// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/connection.h"
#include "core/registry/registry.h"

namespace mf {

// How much time has passed since this registry was made, without believing the wall clock. Two counters:
//
// calendar   for the 30 days of the trash. Between two looks at the clock it moves by what the monotonic clock of
//            the same boot says, else by what the wall clock says, at least nothing and at most one day: a clock that
//            jumps cannot end anything early, a computer that was off delays it.
// certain    for the waits of a deletion. Only what the monotonic clock proves: since the last look, or since the
//            computer was booted after it.
//
// boot: an id of this boot of the computer; elapsed: its monotonic clock.
Result<Registry::Age> noteTime(
    Connection &db, const QDateTime &now, std::chrono::milliseconds elapsed, const QByteArray &boot);
// As of the last noteTime.
Result<Registry::Age> readAge(Connection &db);

} // namespace mf
