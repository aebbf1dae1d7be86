// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/providers/provider.h"

#include <QMap>

namespace mf {

// An account in memory. Behaves as Provider promises; a test may look into it and change it.
class MemoryProvider final : public Provider
{
public:
    struct Options {
        Traits traits;
        qint64 capacity = -1; // bytes; < 0: no limit, and quota() tells nothing
        std::chrono::milliseconds listingLag { 0 }; // how long after a put or remove list() changes
        std::size_t page = 1000; // blobs per page
        bool answersLater = true; // from the event loop, as a network would; else at once
    };
    struct Counter {
        int calls = 0;
        qint64 bytes = 0; // carried by successful calls
    };
    struct Counters {
        Counter put;
        Counter get;
        Counter remove;
        Counter list;
        Counter quota;
    };

    explicit MemoryProvider(Clock &clock);
    MemoryProvider(Clock &clock, Options options);

    Traits traits() const override;
    Task<Result<BlobInfo>> put(BlobName name, QByteArray data) override;
    Task<Result<QByteArray>> get(BlobName name, Range range) override;
    Task<Result<>> remove(BlobName name) override;
    Task<Result<ListPage>> list(QString prefix, QString cursor) override;
    Task<Result<Quota>> quota() override;

    // For tests.
    const Counters &counters() const { return m_counters; }
    void resetCounters() { m_counters = Counters(); }
    bool contains(const BlobName &name) const { return m_blobs.contains(name.value); }
    QByteArray bytes(const BlobName &name) const { return m_blobs.value(name.value).bytes; }
    QStringList names() const { return m_blobs.keys(); }
    qint64 used() const;
    void replace(const BlobName &name, const QByteArray &bytes); // as if it had rotted
    void lose(const BlobName &name); // at once, also in list()
    // The whole account is gone ("MF-ACCOUNT-GONE"), or is there again.
    void setGone(bool gone) { m_gone = gone; }
    void setCapacity(qint64 bytes) { m_options.capacity = bytes; }
    void setPage(std::size_t blobs) { m_options.page = blobs; }

private:
    struct Blob {
        QByteArray bytes;
        Clock::Duration listedFrom { 0 };
    };
    struct Removed { // still listed for a while
        qint64 size = 0;
        Clock::Duration listedUntil { 0 };
    };
    Task<Result<>> answer();

    Clock &m_clock;
    Options m_options;
    QMap<QString, Blob> m_blobs;
    QMap<QString, Removed> m_removed;
    Counters m_counters;
    bool m_gone = false;
};

} // namespace mf
