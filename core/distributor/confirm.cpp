// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/confirm.h"

#include "core/distributor/library_log.h"

#include <algorithm>

namespace mf {

Task<Result<bool>> confirmRevision(Engine &engine, RevisionRow revision)
{
    const auto rows = co_await engine.registry.packsRelied(revision);
    if (!rows)
        co_return rows.error();
    LibraryLog log(engine);
    const auto asked = co_await log.sync(engine.accounts.verified());
    if (!asked)
        co_return asked.error();
    std::vector<PackId> ids;
    for (const PackRow row : *rows) {
        const auto pack = co_await engine.registry.pack(row);
        if (!pack)
            co_return pack.error();
        const bool reached = std::any_of(pack->fragments.begin(), pack->fragments.end(), [&asked](const auto &f) {
            return f.acknowledged && std::find(asked->begin(), asked->end(), f.account) != asked->end();
        });
        if (!reached)
            co_return Error(Error::Kind::Network, QStringLiteral("MF-CONFIRM-ACCOUNTS"),
                QStringLiteral("the model is stored but not confirmed: an account that holds part of it cannot "
                               "be reached; the same command goes on where it was"))
                .offering(Error::Action::Retry);
        ids.push_back(pack->id);
    }
    const auto doomed = co_await engine.registry.doomedOf(std::move(ids));
    if (!doomed)
        co_return doomed.error();
    co_return doomed->empty();
}

} // namespace mf
