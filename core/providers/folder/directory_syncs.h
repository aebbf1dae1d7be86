// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/event.h"
#include "core/base/lane.h"
#include "core/providers/folder/directory.h"

#include <map>
#include <memory>

namespace mf::folder {

// Group commit: puts that renamed into one directory while it is being synced share the next sync.
class DirectorySyncs
{
public:
    // folder: the account's, as messages name it. lane: must live longer.
    DirectorySyncs(Lane &lane, QString folder)
        : m_lane(lane)
        , m_folder(std::move(folder))
    {
    }

    // Returns when a sync that began after the call has ended, or was given up: Network "MF-FOLDER-HUNG".
    Task<Result<>> sync(std::shared_ptr<const Directory> directory, QString path);
    int syncs() const { return m_syncs; } // begun so far

private:
    struct Group {
        std::shared_ptr<const Directory> directory;
        QString path;
        Result<> result;
        Event done;
    };
    struct Queue {
        bool isRunning = false;
        std::shared_ptr<Group> next;
    };
    Task<void> run(Identity identity);

    Lane &m_lane;
    QString m_folder;
    std::map<Identity, Queue> m_queues; // of the directories that are being synced now
    int m_syncs = 0;
    TaskScope m_scope; // not the callers': a cancelled put must not take the others' sync along
};

} // namespace mf::folder
