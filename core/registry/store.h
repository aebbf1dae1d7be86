// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/chunk_index.h"
#include "core/registry/registry.h"

class QLockFile;

namespace mf {

// What lives on the registry's worker: the lock, the connection, and what is cached of it.
class Registry::Store
{
public:
    Store(QString path, Seams seams);
    ~Store();

    Result<> open();
    void close(); // on the worker, before the destructor

    Result<> copyTo(const QString &path);
    Result<> adopt(const QString &path);

    Connection &db() { return *m_connection; }
    ChunkIndex &chunks() { return *m_chunks; }

    // Runs function(*this) inside a transaction, which is undone if that fails.
    template <typename F> std::invoke_result_t<F &, Store &> transact(bool writing, F &function)
    {
        if (!m_connection)
            return closedError();
        const auto begun = m_connection->begin(writing);
        if (!begun)
            return begun.error();
        auto result = function(*this);
        if (result) {
            const auto done = m_connection->commit();
            if (done)
                return result;
            result = done.error();
        }
        m_connection->rollback();
        return result;
    }

private:
    static Error closedError();
    Result<> lock();
    Result<> prepareFile();

    QString m_path;
    Seams m_seams;
    std::unique_ptr<QLockFile> m_lock;
    std::unique_ptr<Connection> m_connection;
    std::unique_ptr<ChunkIndex> m_chunks;
};

} // namespace mf
