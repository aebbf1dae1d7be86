// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/event.h"
#include "core/providers/provider.h"

#include <QHash>

#include <functional>
#include <memory>

namespace mf {

// Any provider with planned faults.
//
//     FaultyProvider faulty(memory, clock);
//     faulty.on(Method::Put).named(u"f/*"_qs).times(3).error(error);
//     faulty.on(Method::Get).delay(5s).truncate(10);
//     …
//     QCOMPARE(faulty.unhit(), QStringList());
//
// Each call takes the first planned fault that fits and is not used up; without one it goes
// through. A fault may combine delay or hang, callback, and one thing that goes wrong.
class FaultyProvider final : public Provider
{
public:
    enum class Method { Put, Get, Remove, List, Quota };

    class Fault
    {
    public:
        explicit Fault(Method method)
            : m_method(method)
        {
        }

        // Which calls. Default: the next one.
        Fault &named(const QString &glob); // blob name or list's prefix; * and ? match slashes, too
        Fault &after(int calls); // lets so many calls that fit pass first
        Fault &times(int calls);
        Fault &always(); // at least once

        // What happens before.
        Fault &callback(std::function<void()> function);
        Fault &delay(Clock::Duration time);
        Fault &hang(); // until released, or for ever

        // What goes wrong.
        Fault &error(Error error); // instead of the call
        Fault &errorAfter(Error error); // the call is made, its answer is lost
        Fault &truncate(qint64 n); // put stores, get delivers, the first n bytes; list shows n blobs
        Fault &corrupt(qint64 offset); // put, get: this byte is wrong; negative: from the end
        Fault &loseSilently(); // put, remove: nothing, reported done; list: nothing there
        Fault &repeat(); // list shows each blob twice, and those of the page before once more

        int hits() const { return m_hits; }

    private:
        friend class FaultyProvider;
        bool fits(Method method, const QString &name);
        bool isHit() const { return m_times < 0 ? m_hits > 0 : m_hits == m_times; }
        QByteArray spoil(QByteArray bytes);
        void doubleUp(const QString &prefix, const QString &cursor, ListPage &page);
        QString text() const;

        Method m_method;
        QString m_glob = QStringLiteral("*");
        int m_skip = 0;
        int m_times = 1; // < 0: always
        int m_hits = 0;
        std::function<void()> m_callback;
        Clock::Duration m_delay { 0 };
        bool m_hangs = false;
        bool m_loses = false;
        std::optional<Error> m_error;
        std::optional<Error> m_errorAfter;
        std::optional<qint64> m_truncated;
        std::optional<qint64> m_corrupted;
        bool m_repeats = false;
        QHash<QString, std::vector<BlobInfo>> m_pageBefore; // by prefix
    };

    FaultyProvider(Provider &inner, Clock &clock)
        : m_inner(inner)
        , m_clock(clock)
    {
    }
    FaultyProvider(std::unique_ptr<Provider> inner, Clock &clock)
        : m_owned(std::move(inner))
        , m_inner(*m_owned)
        , m_clock(clock)
    {
    }

    Fault &on(Method method);
    QStringList unhit() const; // the planned faults that were hit less often than planned
    void heal() { m_healthy = true; } // no fault from now on
    void release(); // lets the hanging calls go on
    int hanging() const { return m_hanging; }

    Traits traits() const override { return m_inner.traits(); }
    Task<Result<BlobInfo>> put(BlobName name, QByteArray data) override;
    Task<Result<QByteArray>> get(BlobName name, Range range) override;
    Task<Result<>> remove(BlobName name) override;
    Task<Result<ListPage>> list(QString prefix, QString cursor) override;
    Task<Result<Quota>> quota() override;

private:
    Fault &take(Method method, const QString &name);
    Task<Result<>> begin(Fault &fault);

    std::unique_ptr<Provider> m_owned;
    Provider &m_inner;
    Clock &m_clock;
    std::vector<std::unique_ptr<Fault>> m_faults; // none is ever deleted: calls under way refer to them
    Fault m_none { Method::Put };
    bool m_healthy = false;
    std::shared_ptr<Event> m_released = std::make_shared<Event>();
    int m_hanging = 0;
};

} // namespace mf
