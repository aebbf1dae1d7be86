// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/providers/provider.h"

#include <memory>

namespace mf {

// Believes no adapter: what is reported stored has the size that was sent and, where the
// provider compares no checksum, was read back; what is delivered has exactly the length that
// was asked for; what is listed are blobs. Refuses names and sizes that no blob can have.
class Verified final : public Provider
{
public:
    explicit Verified(std::unique_ptr<Provider> inner);

    Traits traits() const override;
    // Corrupt "MF-BLOB-READBACK" if the account now holds something else, or nothing;
    // Invalid "MF-BLOB-SIZE" for more than traits().largestBlob.
    Task<Result<BlobInfo>> put(BlobName name, QByteArray data) override;
    Task<Result<QByteArray>> get(BlobName name, Range range) override;
    Task<Result<>> remove(BlobName name) override;
    Task<Result<ListPage>> list(QString prefix, QString cursor) override;
    Task<Result<Quota>> quota() override;

private:
    std::unique_ptr<Provider> m_inner;
};

} // namespace mf
