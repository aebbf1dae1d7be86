// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/rate_estimate.h"
#include "core/distributor/engine.h"
#include "core/distributor/shares.h"
#include "core/distributor/transfer_priority.h"

namespace mf {

// Runs operations of the distributor in order, those of a higher priority before those of a lower one, each as a task
// that can be stopped at any time: every one of them is resumable, so to pause is to cancel the task, and to go on is
// to start the operation again.
//
// What may run beside what: stores, fetches and a check beside one another, two, two and one at a time. What moves,
// replaces or deletes fragments (repair, protect, collect, removeAccount) waits until nothing else runs, runs alone,
// and nothing that comes after it in the order passes it; a fetch takes its place before those that wait. A sync is
// housekeeping: it runs only while nothing else wants to, and is stopped for whatever does; it
// is forgotten when it has ended.
//
// Belongs to the event loop's thread. The callbacks only take note: they may look, and change nothing here.
class TransferQueue
{
public:
    using Id = qint64; // 1, 2, …; of this queue
    enum class Kind { Store, Fetch, Check, Repair, Protect, Collect, RemoveAccount, Sync };
    enum class State { Queued, Running, Paused, Waiting, Failed, Done, Cancelled };

    // What one that is done came to.
    struct Outcome {
        QString text;
        bool isWarning = false; // not all that was asked
        Outcome() = default;
        explicit Outcome(QString t, bool warning = false)
            : text(std::move(t))
            , isWarning(warning)
        {
        }
    };
    // Makes the task of one attempt. No coroutine itself, but a call of one: what it captured stays with it.
    using Operation = std::function<Task<Result<Outcome>>(ProgressSink)>;

    struct Entry {
        Id id = 0;
        Kind kind = Kind::Store;
        QString name;
        State state = State::Queued;
        Progress progress; // of all attempts together; bytes never go back
        TransferPriority priority = TransferPriority::Normal;
        qint64 rateLimit = 0; // bytes/s of fragments, of both directions together; 0: none
        std::vector<AccountShare> shares; // of all attempts together; as of the last second
        double bytesPerSecond = 0;
        TimeLeft left { TimeLeft::Form::Waiting };
        std::optional<Error> error; // why it failed, or waits
        QDateTime queued;
        QDateTime started; // the last attempt; invalid: none yet
        QDateTime ended; // Failed, Done, Cancelled
        QDateTime retryAt; // Waiting
        Outcome outcome; // Done
        bool hasEnded() const { return state == State::Failed || state == State::Done || state == State::Cancelled; }
    };

    struct Listener {
        std::function<void()> changed; // one came, went or has another state or place
        std::function<void(Id)> moved; // its progress; as often as the operation tells, and once a second
        std::function<void(const Entry &)> ended; // Done, Failed or Cancelled; after changed()
    };

    static constexpr int kStoresAtOnce = 2;
    static constexpr int kFetchesAtOnce = 2;
    // A transient Error (Error::isTransient) is tried again so often without getting on in between; then it is Failed.
    static constexpr int kMostRetries = 10;

    TransferQueue(Clock &clock, Listener listener);
    ~TransferQueue(); // stops what runs; nobody is told
    TransferQueue(const TransferQueue &) = delete;
    TransferQueue &operator=(const TransferQueue &) = delete;

    // It may run at once. isPaused: it waits for resume(). Behind those of its priority.
    Id add(Kind kind, QString name, Operation operation, bool isPaused = false,
        TransferPriority priority = TransferPriority::Normal);

    std::vector<Entry> entries() const; // those that have not ended in their order, then ended ones, newest first
    const Entry *find(Id id) const; // null: there is none; good until the next call
    bool isIdle() const; // nothing runs

    // Each does nothing if it makes no sense for the state.
    void pause(Id id);
    void resume(Id id); // also one that is Waiting, at once
    void cancel(Id id);
    void retry(Id id); // Failed or Cancelled
    // To that place among those that have not ended, 0 the first; but always among those of its priority.
    void move(Id id, int position);
    void setPriority(Id id, TransferPriority priority); // behind those that have it already
    // At once, for what is not under way yet. Negative: as 0.
    void setRateLimit(Id id, qint64 bytesPerSecond);
    // One that waits for its turn, for its time, or is paused: to the front of its priority, and at once. What may not
    // run beside it goes back to its place in the queue.
    void startNow(Id id);
    void clearEnded();
    // All of them. One that is resumed meanwhile ends that, and the others stay paused one by one.
    void setPaused(bool paused);
    bool isPaused() const { return m_isPaused; }

    // For what does not stand in the queue and must not meet some of it: what it must not meet is stopped at once
    // and goes on when the Turn is over. One at a time, first come, first served.
    enum class Stops { WhatRunsAlone, Everything };
    class Turn
    {
    public:
        Turn() = default;
        Turn(Turn &&other) noexcept = default;
        Turn &operator=(Turn &&other) = delete;
        ~Turn();

    private:
        friend class TransferQueue;
        std::weak_ptr<TransferQueue *> m_queue;
        std::shared_ptr<Budget> m_turns;
        Budget::Lease m_lease; // of it
    };
    Task<Turn> turn(Stops stops); // ends before the queue does; the Turn may outlive it

private:
    struct Job;
    Job *job(Id id) const;
    int countOf(Kind kind) const; // running
    bool mayStart(const Job &job) const;
    void startWhatMay();
    Job *nextToStart() const;
    void start(Job &job);
    void makeRoomFor(const Job &job);
    void place(Job &job, bool isFirst); // among those of its priority
    static Task<void> execute(TransferQueue *self, Id id, Task<Result<Outcome>> operation);
    static Task<void> wakeLater(TransferQueue *self, Id id, Clock::Duration interval);
    static Task<void> sampleEachSecond(TransferQueue *self);
    void took(Id id, int attempt, const Progress &progress);
    void finished(Id id, Result<Outcome> result);
    void retryLater(Job &job, const Error &error);
    void stop(Job &job, State state); // its task, if it runs
    void end(Job &job, State state);
    void rest(Job &job); // no speed, no time left
    void holdOthers();
    void sample();
    void tellChanged();
    void release();

    Clock &m_clock;
    Listener m_listener;
    std::vector<std::unique_ptr<Job>> m_jobs; // in their order, by priority first; ended ones at the end, newest last
    Id m_last = 0;
    bool m_isPaused = false;
    bool m_isStarting = false;
    std::optional<Stops> m_turn; // that is taken
    std::shared_ptr<TransferQueue *> m_self; // null once this is gone
    std::shared_ptr<Budget> m_turns;
    std::unique_ptr<TaskScope> m_sampling; // while something runs
};

} // namespace mf
