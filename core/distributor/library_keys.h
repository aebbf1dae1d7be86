// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/distributor/engine.h"

namespace mf {

// The library's key epochs on the accounts (storage.md section 6, "rotation"). A new kit begins an epoch: its library
// object lies on every account before anything is sealed under it. Who reads something that no key of his opens asks
// the library objects; one that an older key of his opens tells him the new ones (two computers made a kit at once,
// and one of them has both); else he needs the new kit, and writes nothing.

// What a library object under this key says, merged over all that these accounts have; nothing if it opens none.
Task<Result<std::optional<KeyRing>>> ringUnder(Engine &engine, std::vector<Account *> accounts, SecretKey master);

// Looks at the library objects of an account once in a run: Unsupported "MF-LIBRARY-NEWER" if one that a key of ours
// opens says that the library is of a newer version.
Task<Result<>> refuseNewerKeys(Engine &engine, Account *account);

// Takes what the library objects say into the engine's ring. True if something was new: kLearnt is set in the
// registry's settings then, until the ring was kept.
Task<Result<bool>> learnKeys(Engine &engine, std::vector<Account *> accounts);
inline QString keysLearnt() { return QStringLiteral("keys.learnt"); }

// Gives each of these accounts library objects that say as much as the ring, where it has none. The first error.
Task<Result<>> shareKeys(Engine &engine, KeyRing ring, std::vector<Account *> accounts);

// Writes a segment under the newest epoch, so that whoever does not know it learns of it.
Task<Result<>> announceKeys(Engine &engine);

} // namespace mf
