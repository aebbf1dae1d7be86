// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

constexpr int kCopiesKept = 7;

// Once a day a copy of the registry beside it (in the folder copiesOf() names; the last seven stay), and that one without
// what is this computer's alone, sealed, on the accounts: recover begins with it. The one before is deleted there. What
// cannot be written waits for the next day. A registry's first day needs none.
Task<Result<>> copyDaily(Engine &engine);
QString copiesOf(const Registry &registry);

// Fills an empty registry from the newest copy on the accounts that is whole. What came after it is in the log; so the
// log is read next, as by any registry that was away. False: there is none, or the registry is not empty.
Task<Result<bool>> beginWithCopy(Engine &engine);

} // namespace mf
