// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/fetch_object.h"

#include "core/base/log.h"
#include "core/distributor/objects/segment.h"

#include <algorithm>

namespace mf {

Task<Result<QByteArray>> fetchObject(Engine &engine, BlobName name, ObjectHash hash)
{
    constexpr qint64 kUsual = 64 << 10; // bytes; only to rank the accounts
    auto accounts = engine.accounts.verified();
    std::sort(accounts.begin(), accounts.end(),
        [](Account *a, Account *b) { return a->speed().expected(kUsual) < b->speed().expected(kUsual); });
    QStringList reasons;
    for (Account *account : accounts) {
        if (account->record().retired)
            continue;
        const Range whole;
        auto bytes = co_await account->provider().get(name, whole);
        if (bytes && objectHash(viewOf(*bytes)) == hash)
            co_return bytes;
        const QString why = bytes ? QStringLiteral("it is damaged there") : bytes.error().message;
        reasons.append(account->name() + QStringLiteral(": ") + why);
        logWarning("object", name.value + QStringLiteral(" on ") + reasons.last());
    }
    co_return Error(Error::Kind::NotFound, QStringLiteral("MF-META-MISSING"),
        QStringLiteral("a part of the library’s catalogue is on none of the accounts that can be reached (%1); connect "
                       "the others")
            .arg(reasons.isEmpty() ? QStringLiteral("none can") : reasons.join(QStringLiteral("; "))))
        .offering(Error::Action::Retry);
}

} // namespace mf
