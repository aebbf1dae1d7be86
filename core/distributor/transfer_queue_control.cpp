// SPDX-License-Identifier: GPL-3.0-or-later
// What a user says to the queue, and what takes a turn beside it.
#include "core/distributor/transfer_queue_job.h"

#include <algorithm>

namespace mf {

using State = TransferQueue::State;

// Nothing of it moves any more.
void TransferQueue::rest(Job &job)
{
    job.entry.bytesPerSecond = 0;
    job.entry.left = TimeLeft(TimeLeft::Form::Waiting);
    job.rate.pause();
    job.shares.stop();
    job.entry.shares = job.shares.shown();
}

void TransferQueue::stop(Job &job, State state)
{
    job.scope.cancelAll();
    ++job.attempt;
    job.entry.state = state;
    job.entry.retryAt = QDateTime();
    rest(job);
    tellChanged();
}

void TransferQueue::end(Job &job, State state)
{
    job.entry.state = state;
    job.entry.ended = m_clock.now();
    job.entry.retryAt = QDateTime();
    job.isHeld = false;
    rest(job);
    const auto it = std::find_if(m_jobs.begin(), m_jobs.end(), [&job](const auto &j) { return j.get() == &job; });
    std::rotate(it, it + 1, m_jobs.end());
    const Entry entry = job.entry;
    if (entry.kind == Kind::Sync)
        m_jobs.pop_back();
    tellChanged();
    if (m_listener.ended)
        m_listener.ended(entry);
}

void TransferQueue::pause(Id id)
{
    Job *found = job(id);
    if (!found || found->entry.hasEnded() || (found->entry.state == State::Paused && found->isHeld))
        return;
    found->isHeld = true;
    stop(*found, State::Paused);
    startWhatMay();
}

// All are paused no more, but each for itself.
void TransferQueue::holdOthers()
{
    if (!std::exchange(m_isPaused, false))
        return;
    for (const auto &job : m_jobs)
        job->isHeld = job->isHeld || job->entry.state == State::Paused;
}

void TransferQueue::resume(Id id)
{
    Job *found = job(id);
    if (!found || (found->entry.state != State::Paused && found->entry.state != State::Waiting))
        return;
    holdOthers();
    found->isHeld = false;
    stop(*found, State::Queued);
    startWhatMay();
}

void TransferQueue::cancel(Id id)
{
    Job *found = job(id);
    if (!found || found->entry.hasEnded())
        return;
    found->scope.cancelAll();
    ++found->attempt;
    end(*found, State::Cancelled);
    startWhatMay();
}

void TransferQueue::retry(Id id)
{
    Job *found = job(id);
    if (!found || (found->entry.state != State::Failed && found->entry.state != State::Cancelled))
        return;
    found->failures = 0;
    found->entry.error.reset();
    found->entry.ended = QDateTime();
    found->entry.state = m_isPaused ? State::Paused : State::Queued;
    place(*found, false);
    tellChanged();
    startWhatMay();
}

void TransferQueue::place(Job &job, bool isFirst)
{
    const auto at = std::find_if(m_jobs.begin(), m_jobs.end(), [&job](const auto &j) { return j.get() == &job; });
    std::unique_ptr<Job> placed = std::move(*at);
    m_jobs.erase(at);
    const auto to = std::find_if(m_jobs.begin(), m_jobs.end(), [rank = rankOf(job.entry), isFirst](const auto &other) {
        const int its = rankOf(other->entry);
        return other->entry.hasEnded() || its > rank || (its == rank && isFirst);
    });
    m_jobs.insert(to, std::move(placed));
}

void TransferQueue::move(Id id, int position)
{
    const auto active = std::find_if(m_jobs.begin(), m_jobs.end(), [](const auto &j) { return j->entry.hasEnded(); });
    const auto from = std::find_if(m_jobs.begin(), active, [id](const auto &j) { return j->entry.id == id; });
    if (from == active)
        return;
    const auto isBefore = [](const auto &j, int rank) { return rankOf(j->entry) < rank; };
    const auto isBehind = [](int rank, const auto &j) { return rank < rankOf(j->entry); };
    const int rank = rankOf((*from)->entry);
    const auto first = std::lower_bound(m_jobs.begin(), active, rank, isBefore);
    const auto last = std::upper_bound(first, active, rank, isBehind) - 1;
    const auto wanted = std::clamp<std::ptrdiff_t>(position, 0, active - m_jobs.begin());
    const auto to = std::clamp(m_jobs.begin() + wanted, first, last);
    if (from == to)
        return;
    if (from < to)
        std::rotate(from, from + 1, to + 1);
    else
        std::rotate(to, from, from + 1);
    tellChanged();
    startWhatMay();
}

void TransferQueue::setPriority(Id id, TransferPriority priority)
{
    Job *found = job(id);
    if (!found || found->entry.priority == priority)
        return;
    found->entry.priority = priority;
    if (!found->entry.hasEnded()) // else it counts once it is tried again
        place(*found, false);
    tellChanged();
    startWhatMay();
}

void TransferQueue::setRateLimit(Id id, qint64 bytesPerSecond)
{
    Job *found = job(id);
    const qint64 limit = std::max<qint64>(bytesPerSecond, 0);
    if (!found || found->entry.rateLimit == limit)
        return;
    found->entry.rateLimit = limit;
    if (found->limit)
        found->limit->setRate(limit);
    else
        found->limit = std::make_shared<TokenBucket>(m_clock, limit); // the operation gets it with its next word
    tellChanged();
}

void TransferQueue::startNow(Id id)
{
    Job *found = job(id);
    if (!found || found->entry.hasEnded() || found->entry.state == State::Running)
        return;
    holdOthers();
    found->isHeld = false;
    place(*found, true);
    stop(*found, State::Queued);
    makeRoomFor(*found);
    if (mayStart(*found) && !std::exchange(m_isStarting, true)) {
        start(*found);
        m_isStarting = false;
    }
    startWhatMay();
}

// Stops what keeps it from running, the last in the order first.
void TransferQueue::makeRoomFor(const Job &job)
{
    const Kind kind = job.entry.kind;
    if (m_turn && (m_turn == Stops::Everything || runsAlone(kind)))
        return; // it waits for that in any case
    int like = countOf(kind);
    for (auto it = m_jobs.rbegin(); it != m_jobs.rend(); ++it) {
        Job &other = **it;
        if (other.entry.state != State::Running)
            continue;
        const bool isOneTooMany = other.entry.kind == kind && like >= mostAtOnce(kind);
        if (!isOneTooMany && !runsAlone(kind) && !runsAlone(other.entry.kind))
            continue;
        like -= other.entry.kind == kind ? 1 : 0;
        stop(other, State::Queued);
    }
}

void TransferQueue::clearEnded()
{
    const auto erased = std::erase_if(m_jobs, [](const auto &j) { return j->entry.hasEnded(); });
    if (erased > 0)
        tellChanged();
}

void TransferQueue::setPaused(bool paused)
{
    if (std::exchange(m_isPaused, paused) == paused)
        return;
    for (const auto &job : m_jobs) {
        if (job->entry.hasEnded() || job->isHeld)
            continue;
        if (paused)
            stop(*job, State::Paused);
        else if (job->entry.state == State::Paused)
            job->entry.state = State::Queued;
    }
    tellChanged();
    startWhatMay();
}

// ---- turns

Task<TransferQueue::Turn> TransferQueue::turn(Stops stops)
{
    auto lease = co_await m_turns->acquire(1);
    Turn turn;
    turn.m_turns = m_turns;
    turn.m_lease = std::move(lease);
    turn.m_queue = m_self;
    m_turn = stops;
    for (const auto &job : m_jobs) {
        const Kind kind = job->entry.kind;
        const bool mustStop = stops == Stops::Everything || runsAlone(kind) || kind == Kind::Sync;
        if (job->entry.state == State::Running && mustStop)
            stop(*job, State::Queued);
    }
    co_return turn;
}

TransferQueue::Turn::~Turn()
{
    if (const auto queue = m_queue.lock())
        (*queue)->release();
}

void TransferQueue::release()
{
    m_turn.reset();
    startWhatMay();
}

} // namespace mf
