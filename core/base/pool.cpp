// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/pool.h"

#include "core/base/worker_priority.h"

#include <algorithm>

namespace mf {

Pool::Pool(int threads)
{
    for (int i = 0; i < threads; ++i)
        m_threads.emplace_back([this] { loop(); });
}

Pool::~Pool()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_some.notify_all();
    for (auto &thread : m_threads)
        thread.join();
}

void Pool::submit(std::unique_ptr<Work> work)
{
    if (m_threads.empty()) {
        work->run();
        return;
    }
    ++s_underWay;
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back(std::move(work));
    }
    m_some.notify_one();
}

int Pool::cores() { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }

void Pool::loop()
{
    giveWayAsWorker();
    for (;;) {
        std::unique_ptr<Work> work;
        {
            std::unique_lock lock(m_mutex);
            m_some.wait(lock, [this] { return m_stop || !m_queue.empty(); });
            if (m_queue.empty())
                return; // stopped, and all is done
            work = std::move(m_queue.front());
            m_queue.pop_front();
        }
        work->run();
        --s_underWay; // after it woke whom it had to
    }
}

} // namespace mf
