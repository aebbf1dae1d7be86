// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// A TransferQueue whose operations do what the test says.

#include "core/distributor/transfer_queue.h"
#include "tests/support/fake_clock.h"
#include "tests/support/run_task.h"

#include <QtTest>

namespace mf {

// An operation.
struct Fake {
    using Outcome = TransferQueue::Outcome;
    int starts = 0;
    int running = 0; // tasks that exist
    ProgressSink sink; // of the last attempt
    std::unique_ptr<Event> ends;
    Result<Outcome> result = Outcome(QStringLiteral("well"));

    void tell(qint64 bytes, qint64 total, qint64 network = 0) const
    {
        Progress progress;
        progress.phase = Progress::Phase::Storing;
        progress.bytes = bytes;
        progress.total = total;
        progress.network = network;
        sink(progress);
    }
    void end() { ends->set(); }
    void fail(Error::Kind kind, std::optional<QDateTime> retryAt = {})
    {
        Error error(kind, QStringLiteral("MF-TEST"), QStringLiteral("it failed"));
        error.retryAt = retryAt;
        result = error;
        end();
    }
};

inline Task<Result<TransferQueue::Outcome>> runFake(Fake &fake, ProgressSink sink)
{
    struct Count {
        int &count;
        explicit Count(int &c)
            : count(c)
        {
            ++count;
        }
        ~Count() { --count; }
    };
    ++fake.starts;
    const Count alive(fake.running);
    fake.sink = sink;
    fake.ends = std::make_unique<Event>();
    co_await *fake.ends;
    co_return fake.result;
}

struct Queue {
    using Kind = TransferQueue::Kind;
    using State = TransferQueue::State;

    FakeClock clock;
    std::map<QString, Fake> fakes;
    std::map<QString, TransferQueue::Id> ids;
    QStringList ended;
    int changes = 0;
    std::unique_ptr<TransferQueue> queue;

    Queue()
    {
        TransferQueue::Listener listener;
        listener.changed = [this] { ++changes; };
        listener.ended = [this](const TransferQueue::Entry &entry) { ended.append(entry.name); };
        queue = std::make_unique<TransferQueue>(clock, listener);
    }
    Fake &add(
        Kind kind, const QString &name, bool isPaused = false, TransferPriority priority = TransferPriority::Normal)
    {
        Fake &fake = fakes[name];
        const auto run = [&fake](ProgressSink sink) { return runFake(fake, std::move(sink)); };
        ids[name] = queue->add(kind, name, run, isPaused, priority);
        return fake;
    }
    TransferQueue::Entry at(const QString &name) const
    {
        const auto *entry = queue->find(ids.at(name));
        return entry ? *entry : TransferQueue::Entry();
    }
    State state(const QString &name) const { return at(name).state; }
    QString running() const
    {
        QStringList names;
        for (const auto &entry : queue->entries()) {
            if (entry.state == State::Running)
                names.append(entry.name);
        }
        return names.join(u' ');
    }
    QString order() const
    {
        QStringList names;
        for (const auto &entry : queue->entries())
            names.append(entry.name);
        return names.join(u' ');
    }
    void finish(const QString &name)
    {
        fakes[name].end();
        QTRY_VERIFY(at(name).hasEnded() || at(name).id == 0);
    }
};

} // namespace mf
