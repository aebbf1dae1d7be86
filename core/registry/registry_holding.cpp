// SPDX-License-Identifier: GPL-3.0-or-later
// Each method: one hop to the worker, one transaction there.
#include "core/registry/holding.h"
#include "core/registry/registry_hop.h"

namespace mf {

Task<Result<std::vector<HeldPack>>> Registry::heldPacks()
{
    return read([](Store &s) { return mf::heldPacks(s.db()); });
}

Task<Result<>> Registry::releaseHeld(std::vector<PackRow> packs)
{
    return write([packs = std::move(packs)](Store &s) { return mf::releaseHeld(s.db(), packs); });
}

Task<Result<>> Registry::setHeldFor(RevisionRow revision, std::vector<AccountId> accounts)
{
    return write(
        [revision, accounts = std::move(accounts)](Store &s) { return mf::setHeldFor(s.db(), revision, accounts); });
}

Task<Result<std::vector<AccountId>>> Registry::heldFor(RevisionRow revision)
{
    return read([revision](Store &s) { return mf::heldFor(s.db(), revision); });
}

Task<Result<std::vector<ObjectHash>>> Registry::indexesOf(RevisionRow revision)
{
    return read([revision](Store &s) { return mf::indexesOf(s.db(), revision); });
}

} // namespace mf
