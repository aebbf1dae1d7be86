// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/folder/directory_syncs.h"

namespace mf::folder {

Task<Result<>> DirectorySyncs::sync(std::shared_ptr<const Directory> directory, QString path)
{
    const Identity identity = directory->identity;
    Queue &queue = m_queues[identity];
    if (!queue.next) {
        queue.next = std::make_shared<Group>();
        queue.next->directory = std::move(directory);
        queue.next->path = std::move(path);
    }
    const std::shared_ptr<Group> group = queue.next;
    if (!queue.isRunning)
        m_scope.start(run(identity));
    co_await group->done;
    co_return group->result;
}

Task<void> DirectorySyncs::run(Identity identity)
{
    Queue &queue = m_queues[identity];
    queue.isRunning = true;
    while (queue.next) {
        const std::shared_ptr<Group> group = std::exchange(queue.next, nullptr);
        ++m_syncs;
        auto job = [directory = group->directory, path = group->path] {
            return syncDirectory(directory->descriptor.fd(), path);
        };
        auto syncing = m_lane.run(std::move(job));
        auto result = co_await syncing;
        group->result = result ? std::move(*result) : Result<>(hung(m_folder));
        group->done.set();
    }
    m_queues.erase(identity);
}

} // namespace mf::folder
