// SPDX-License-Identifier: GPL-3.0-or-later
// What a user says to the queue, and what takes a turn beside it.
#include "core/distributor/transfer_queue_job.h"

#include <algorithm>

namespace mf {

using State = TransferQueue::State;

void TransferQueue::stop(Job &job, State state)
{
    job.scope.cancelAll();
    ++job.attempt;
    job.entry.state = state;
    job.entry.retryAt = QDateTime();
    job.entry.bytesPerSecond = 0;
    job.entry.left = TimeLeft(TimeLeft::Form::Waiting);
    job.rate.pause();
    tellChanged();
}

void TransferQueue::end(Job &job, State state)
{
    job.entry.state = state;
    job.entry.ended = m_clock.now();
    job.entry.retryAt = QDateTime();
    job.entry.bytesPerSecond = 0;
    job.entry.left = TimeLeft(TimeLeft::Form::Waiting);
    job.isHeld = false;
    job.rate.pause();
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

void TransferQueue::resume(Id id)
{
    Job *found = job(id);
    if (!found || (found->entry.state != State::Paused && found->entry.state != State::Waiting))
        return;
    if (std::exchange(m_isPaused, false)) {
        for (const auto &other : m_jobs)
            other->isHeld = other->isHeld || other->entry.state == State::Paused;
    }
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
    const auto from = std::find_if(m_jobs.begin(), m_jobs.end(), [found](const auto &j) { return j.get() == found; });
    const auto to = std::find_if(
        m_jobs.begin(), from, [](const auto &j) { return j->entry.hasEnded(); }); // behind all that have not
    std::rotate(to, from, from + 1);
    tellChanged();
    startWhatMay();
}

void TransferQueue::move(Id id, int position)
{
    const auto isIt = [id](const auto &j) { return j->entry.id == id; };
    const auto active = std::find_if(m_jobs.begin(), m_jobs.end(), [](const auto &j) { return j->entry.hasEnded(); });
    const auto from = std::find_if(m_jobs.begin(), active, isIt);
    if (from == active)
        return;
    const auto last = std::distance(m_jobs.begin(), active) - 1;
    const auto to = m_jobs.begin() + std::clamp<std::ptrdiff_t>(position, 0, last);
    if (from == to)
        return;
    if (from < to)
        std::rotate(from, from + 1, to + 1);
    else
        std::rotate(to, from, from + 1);
    tellChanged();
    startWhatMay();
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
