// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/provider_errors.h"

namespace mf {

Error badBlobName(const QString &name)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-BLOB-NAME"),
        QStringLiteral("“%1” cannot be the name of a blob").arg(name));
}

Error blobMissing(const BlobName &name)
{
    return Error(Error::Kind::NotFound, QStringLiteral("MF-BLOB-MISSING"),
        QStringLiteral("the account does not hold %1").arg(name.value))
        .with(QStringLiteral("blob"), name.value);
}

Error badBlobRange()
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-BLOB-RANGE"),
        QStringLiteral("the blob is shorter than the range that was asked for"));
}

Error badSetting(const QString &key, const QString &message)
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-ACCOUNT-SETTING"), message)
        .with(QStringLiteral("setting"), key);
}

} // namespace mf
