// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/closed.h"

namespace mf {

Closed::Closed(const QString &account, const Error &why)
    : m_why(why.kind == Error::Kind::Unauthorised ? why.kind : Error::Kind::Network,
          QStringLiteral("MF-ACCOUNT-CLOSED"),
          QStringLiteral("%1 is not open on this computer: %2").arg(account, why.message))
{
}

Traits Closed::traits() const
{
    Traits traits;
    traits.listsImmediately = false;
    traits.listingLag = std::chrono::hours(12);
    return traits;
}

Task<Result<BlobInfo>> Closed::put(BlobName, QByteArray) { co_return m_why; }

Task<Result<QByteArray>> Closed::get(BlobName, Range) { co_return m_why; }

Task<Result<>> Closed::remove(BlobName) { co_return m_why; }

Task<Result<ListPage>> Closed::list(QString, QString) { co_return m_why; }

Task<Result<Quota>> Closed::quota() { co_return m_why; }

} // namespace mf
