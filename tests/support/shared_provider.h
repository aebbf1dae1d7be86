// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/providers/provider.h"

#include <memory>

namespace mf {

// A provider that several accounts' lives share: the "cloud" outlives the process.
class SharedProvider : public Provider
{
public:
    explicit SharedProvider(std::shared_ptr<Provider> inner)
        : m_inner(std::move(inner))
    {
    }
    Traits traits() const override { return m_inner->traits(); }
    Task<Result<BlobInfo>> put(BlobName name, QByteArray data) override { return m_inner->put(name, data); }
    Task<Result<QByteArray>> get(BlobName name, Range range) override { return m_inner->get(name, range); }
    Task<Result<>> remove(BlobName name) override { return m_inner->remove(name); }
    Task<Result<ListPage>> list(QString prefix, QString cursor) override { return m_inner->list(prefix, cursor); }
    Task<Result<Quota>> quota() override { return m_inner->quota(); }

private:
    std::shared_ptr<Provider> m_inner;
};

} // namespace mf
