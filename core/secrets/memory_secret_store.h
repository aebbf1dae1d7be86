// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/secrets/secret_store.h"

#include <QMap>

namespace mf {

// Secrets that end with the object: for tests.
class MemorySecretStore final : public SecretStore
{
public:
    Task<Result<QByteArray>> read(QString key) override;
    Task<Result<>> write(QString key, QByteArray value) override;
    Task<Result<>> remove(QString key) override;

    const QMap<QString, QByteArray> &entries() const { return m_entries; }
    // From now on every call fails with this; nothing ends it.
    void failWith(std::optional<Error> error) { m_failure = std::move(error); }

private:
    QMap<QString, QByteArray> m_entries;
    std::optional<Error> m_failure;
};

} // namespace mf
