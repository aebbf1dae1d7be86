// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/providers/provider.h"

namespace mf {

// In the place of the provider of an account that cannot be opened on this computer (its password is gone, its kind is
// switched off or unknown): whatever is asked, "MF-ACCOUNT-CLOSED" says why, Unauthorised or Network. So the account is
// one that cannot be reached, for everybody who looks at the accounts of the library: what lies there may well be
// there.
class Closed final : public Provider
{
public:
    Closed(const QString &account, const Error &why);

    Traits traits() const override; // of the slowest to list: nobody knows better
    Task<Result<BlobInfo>> put(BlobName name, QByteArray data) override;
    Task<Result<QByteArray>> get(BlobName name, Range range) override;
    Task<Result<>> remove(BlobName name) override;
    Task<Result<ListPage>> list(QString prefix, QString cursor) override;
    Task<Result<Quota>> quota() override;

private:
    Error m_why;
};

} // namespace mf
