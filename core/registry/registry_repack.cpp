// SPDX-License-Identifier: GPL-3.0-or-later
// The registry's methods for packing anew: one hop to the worker, one transaction there.
#include "core/registry/pack_use.h"
#include "core/registry/registry_hop.h"

namespace mf {

Task<Result<std::vector<PackUse>>> Registry::packUses(std::optional<RevisionPromise> promise)
{
    return read([promise](Store &s) { return mf::packUses(s.db(), promise); });
}

Task<Result<std::vector<std::vector<std::uint32_t>>>> Registry::recordsInUse(std::vector<PackRow> packs)
{
    return read([packs = std::move(packs)](Store &s) { return mf::recordsInUse(s.db(), packs); });
}

Task<Result<std::vector<RevisionRecord>>> Registry::revisionsOn(PackSet packs)
{
    return read([packs = std::move(packs)](Store &s) { return mf::revisionsOn(s.db(), packs); });
}

Task<Result<Relocation>> Registry::relocate(RevisionRow revision, PackSet from, HitRules rules)
{
    return read([revision, from = std::move(from), rules = std::move(rules)](
                    Store &s) { return mf::relocate(s.db(), s.chunks(), revision, from, rules); });
}

Task<Result<>> Registry::noteLeaves(RevisionRow revision, std::vector<ChunkPlace> leaves)
{
    return write([revision, leaves = std::move(leaves)](Store &s) { return mf::noteLeaves(s.db(), revision, leaves); });
}

} // namespace mf
