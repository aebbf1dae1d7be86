// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/transfer_queue_job.h"

#include <algorithm>
#include <array>

namespace mf {

using namespace std::chrono_literals;

namespace {

using Kind = TransferQueue::Kind;
using State = TransferQueue::State;

// So long it waits before it tries again, each time longer.
constexpr std::array<Clock::Duration, 4> kRetryAfter { 30s, 60s, 120s, 300s };
constexpr Clock::Duration kLongestWait = 24h; // whatever a server says

} // namespace

TransferQueue::TransferQueue(Clock &clock, Listener listener)
    : m_clock(clock)
    , m_listener(std::move(listener))
    , m_self(std::make_shared<TransferQueue *>(this))
    , m_turns(std::make_shared<Budget>(1))
{
}

TransferQueue::~TransferQueue()
{
    m_self.reset();
    m_listener = Listener();
    m_isStarting = true; // nothing begins any more
    m_sampling.reset();
    for (const auto &job : m_jobs)
        job->scope.cancelAll();
}

TransferQueue::Job *TransferQueue::job(Id id) const
{
    const auto it = std::find_if(m_jobs.begin(), m_jobs.end(), [id](const auto &j) { return j->entry.id == id; });
    return it == m_jobs.end() ? nullptr : it->get();
}

const TransferQueue::Entry *TransferQueue::find(Id id) const
{
    const Job *found = job(id);
    return found ? &found->entry : nullptr;
}

std::vector<TransferQueue::Entry> TransferQueue::entries() const
{
    std::vector<Entry> list;
    list.reserve(m_jobs.size());
    for (const auto &job : m_jobs) {
        if (!job->entry.hasEnded())
            list.push_back(job->entry);
    }
    for (auto it = m_jobs.rbegin(); it != m_jobs.rend(); ++it) {
        if ((*it)->entry.hasEnded())
            list.push_back((*it)->entry);
    }
    return list;
}

bool TransferQueue::isIdle() const
{
    return std::none_of(m_jobs.begin(), m_jobs.end(), [](const auto &j) { return j->entry.state == State::Running; });
}

int TransferQueue::countOf(Kind kind) const
{
    return static_cast<int>(std::count_if(m_jobs.begin(), m_jobs.end(),
        [kind](const auto &j) { return j->entry.state == State::Running && j->entry.kind == kind; }));
}

TransferQueue::Id TransferQueue::add(
    Kind kind, QString name, Operation operation, bool isPaused, TransferPriority priority)
{
    auto added = std::make_unique<Job>();
    Job &job = *added;
    job.entry.id = ++m_last;
    job.entry.kind = kind;
    job.entry.name = std::move(name);
    job.entry.priority = priority;
    job.entry.queued = m_clock.now();
    job.operation = std::move(operation);
    job.isHeld = isPaused;
    job.entry.state = isPaused || m_isPaused ? State::Paused : State::Queued;
    // A user waits for a fetch: not behind what may wait for hours itself.
    auto place = std::find_if(m_jobs.begin(), m_jobs.end(), [kind, rank = rankOf(job.entry)](const auto &other) {
        const bool waits = other->entry.state != State::Running && runsAlone(other->entry.kind);
        const bool givesWay = kind == Kind::Fetch && waits && rankOf(other->entry) == rank;
        return other->entry.hasEnded() || rankOf(other->entry) > rank || givesWay;
    });
    m_jobs.insert(place, std::move(added));
    const Id id = m_last;
    tellChanged();
    startWhatMay();
    return id;
}

// ---- what may run

bool TransferQueue::mayStart(const Job &job) const
{
    const Kind kind = job.entry.kind;
    if (job.entry.state != State::Queued || m_turn == Stops::Everything || (m_turn && runsAlone(kind)))
        return false;
    if (kind == Kind::Sync)
        return !m_turn && isIdle();
    if (countOf(kind) >= mostAtOnce(kind))
        return false;
    for (const auto &other : m_jobs) {
        const bool runs = other->entry.state == State::Running;
        if (runs && other->entry.kind != Kind::Sync && (runsAlone(kind) || runsAlone(other->entry.kind)))
            return false;
    }
    return true;
}

TransferQueue::Job *TransferQueue::nextToStart() const
{
    Job *housekeeping = nullptr;
    for (const auto &job : m_jobs) {
        if (job->entry.state != State::Queued)
            continue;
        if (job->entry.kind == Kind::Sync) {
            housekeeping = mayStart(*job) ? job.get() : housekeeping;
            continue;
        }
        if (mayStart(*job))
            return job.get();
        if (runsAlone(job->entry.kind) && !m_turn)
            return nullptr; // nothing passes it, or it might never have its turn
    }
    return housekeeping;
}

void TransferQueue::startWhatMay()
{
    if (std::exchange(m_isStarting, true))
        return; // the loop below goes on
    while (Job *next = nextToStart())
        start(*next);
    m_isStarting = false;
}

void TransferQueue::start(Job &job)
{
    for (const auto &other : m_jobs) {
        if (other->entry.state == State::Running && other->entry.kind == Kind::Sync)
            stop(*other, State::Queued);
    }
    job.entry.state = State::Running;
    job.entry.started = m_clock.now();
    job.entry.retryAt = QDateTime();
    job.entry.error.reset();
    job.entry.progress.phase = Progress::Phase::Preparing;
    job.entry.left = TimeLeft(TimeLeft::Form::Estimating);
    job.totalBefore = job.entry.progress.total;
    job.networkBefore = job.entry.progress.network;
    const Id id = job.entry.id;
    const ProgressSink sink = [self = std::weak_ptr(m_self), id, attempt = ++job.attempt](const Progress &progress) {
        if (const auto queue = self.lock())
            (*queue)->took(id, attempt, progress);
    };
    if (!m_sampling) {
        m_sampling = std::make_unique<TaskScope>();
        m_sampling->start(sampleEachSecond(this));
    }
    job.rate.sample(m_clock.elapsed(), job.entry.progress.bytes);
    tellChanged();
    job.scope.start(execute(this, id, job.operation(sink)));
}

Task<void> TransferQueue::execute(TransferQueue *self, Id id, Task<Result<Outcome>> operation)
{
    auto result = co_await operation;
    self->finished(id, std::move(result));
}

void TransferQueue::finished(Id id, Result<Outcome> result)
{
    Job *ran = job(id);
    if (!ran || ran->entry.state != State::Running)
        return;
    if (result) {
        ran->entry.outcome = std::move(*result);
        ran->entry.progress.phase = Progress::Phase::Done;
        ran->entry.progress.bytes = ran->entry.progress.total;
        end(*ran, State::Done);
    } else if (result.error().isTransient()) {
        retryLater(*ran, result.error());
    } else {
        ran->entry.error = result.error();
        end(*ran, State::Failed);
    }
    startWhatMay();
}

void TransferQueue::retryLater(Job &job, const Error &error)
{
    job.entry.error = error;
    if (job.entry.progress.bytes > job.bytesAtFailure)
        job.failures = 0; // it gets on
    job.bytesAtFailure = job.entry.progress.bytes;
    if (job.failures >= kMostRetries) {
        end(job, State::Failed);
        return;
    }
    const auto step = std::min(static_cast<std::size_t>(job.failures++), kRetryAfter.size() - 1);
    Clock::Duration interval = kRetryAfter[step];
    const QDateTime now = m_clock.now();
    if (error.retryAt)
        interval = std::clamp<Clock::Duration>(Clock::Duration(now.msecsTo(*error.retryAt)), 1s, kLongestWait);
    job.entry.state = State::Waiting;
    job.entry.retryAt = now.addMSecs(interval.count());
    rest(job);
    job.scope.start(wakeLater(this, job.entry.id, interval));
    tellChanged();
}

Task<void> TransferQueue::wakeLater(TransferQueue *self, Id id, Clock::Duration interval)
{
    co_await self->m_clock.sleep(interval);
    Job *waited = self->job(id);
    if (!waited || waited->entry.state != State::Waiting)
        co_return;
    waited->entry.state = State::Queued;
    self->tellChanged();
    self->startWhatMay();
}

// ---- progress

void TransferQueue::took(Id id, int attempt, const Progress &progress)
{
    Job *running = job(id);
    if (!running || running->attempt != attempt || running->entry.state != State::Running)
        return; // of an attempt that was stopped
    Progress &shown = running->entry.progress;
    shown.phase = progress.phase;
    if (progress.total > 0) {
        // An attempt that has less to do than the one before counts what is left, not what was done then.
        const qint64 done = std::max<qint64>(0, running->totalBefore - progress.total);
        shown.total = std::max(shown.total, progress.total);
        shown.bytes = std::clamp(progress.bytes + done, shown.bytes, shown.total);
    }
    if (progress.shares) {
        progress.shares->limitBy(running->limit);
        if (running->shares.follow(progress.shares))
            running->entry.shares = running->shares.shown();
        shown.network = std::max(shown.network, running->shares.bytes());
    } else {
        shown.network = std::max(shown.network, running->networkBefore + progress.network);
    }
    if (m_listener.moved)
        m_listener.moved(id);
}

Task<void> TransferQueue::sampleEachSecond(TransferQueue *self)
{
    for (;;) {
        co_await self->m_clock.sleep(1s);
        self->sample();
    }
}

void TransferQueue::sample()
{
    const auto now = m_clock.elapsed();
    std::vector<Id> moved;
    for (const auto &job : m_jobs) {
        Entry &entry = job->entry;
        if (entry.state != State::Running)
            continue;
        job->rate.sample(now, entry.progress.bytes);
        job->shares.sample(now);
        entry.shares = job->shares.shown();
        entry.bytesPerSecond = job->rate.bytesPerSecond();
        const bool isKnown = entry.progress.total > 0 && entry.progress.phase != Progress::Phase::Preparing;
        const qint64 remaining = entry.progress.total - entry.progress.bytes;
        const TimeLeft fresh = isKnown ? TimeLeft::of(job->rate.timeLeft(remaining)) : TimeLeft();
        entry.left = job->left.update(now, fresh);
        moved.push_back(entry.id);
    }
    if (moved.empty()) // ends at its next suspension; the next start makes another
        m_sampling.reset();
    for (const Id id : moved) {
        if (m_listener.moved)
            m_listener.moved(id);
    }
}

void TransferQueue::tellChanged()
{
    if (m_listener.changed)
        m_listener.changed();
}

} // namespace mf
