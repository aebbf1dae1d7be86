// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/memory_secret_store.h"

namespace mf {

Task<Result<QByteArray>> MemorySecretStore::read(QString key)
{
    if (m_failure)
        co_return *m_failure;
    const auto good = checkKey(key);
    if (!good)
        co_return good.error();
    const auto found = m_entries.constFind(key);
    if (found == m_entries.constEnd())
        co_return missing(key);
    co_return *found;
}

Task<Result<>> MemorySecretStore::write(QString key, QByteArray value)
{
    if (m_failure)
        co_return *m_failure;
    const auto good = checkEntry(key, value);
    if (!good)
        co_return good.error();
    m_entries.insert(key, value);
    co_return Result<>();
}

Task<Result<>> MemorySecretStore::remove(QString key)
{
    if (m_failure)
        co_return *m_failure;
    const auto good = checkKey(key);
    if (!good)
        co_return good.error();
    m_entries.remove(key);
    co_return Result<>();
}

} // namespace mf
