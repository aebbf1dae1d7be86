// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What every race needs: a small model that some computers store, the calls of all in any order, and a look at the end
// whether each model is whole for every computer.

#include "tests/simulation/turnstile.h"
#include "tests/simulation/world.h"

#include "core/distributor/store.h"

#include <QSet>
#include <QStringList>

#include <functional>
#include <vector>

namespace mf::simulation {

struct Outcome {
    QStringList order; // the calls
    QStringList said; // "computer0 doom": its events as it puts them into each account's log; "computer0 loses power"
    QString problem; // what was lost; "": nothing
    int crashes = 0;
    std::vector<int> copies; // movers: on how many accounts each fragment of the old model lies in the end
};

class Stage
{
public:
    Stage(const std::vector<std::chrono::hours> &lags, int computers, World::Order order = World::Order::Same);

    Computer &computer(int i) { return *world.computers[static_cast<std::size_t>(i)]; }

    // All that is stored has the same bytes.
    Task<Result<StoreResult>> store(Computer &computer, QString name, Protection protection);
    void syncAll();
    // Is the model whole for this computer? "" or what is wrong.
    QString problemWith(Computer &computer, const QString &name);
    // Collects as the next days would, one computer after the other, with nothing under way.
    void comeToRest();

    using Activity = std::function<Task<void>()>;
    // An activity of a computer, one call at a time; when the power goes it begins again.
    void add(Computer &computer, Activity activity);
    // All of them to their ends.
    void run(const Chooser &choose);

    World world;
    Outcome outcome;
    QSet<QString> revisions; // names of the log's segments that tell of what was stored while all of them ran

private:
    Task<void> throughCrashes(Computer &computer, Activity activity);
    void hear(const QString &computer, const BlobName &name, const QByteArray &bytes);

    KeyRing m_ring;
    Turnstile m_turnstile;
    std::vector<Task<void>> m_activities;
};

// Changes what one computer makes of the log, below its code: SQL for its registry.
void plant(const Computer &computer, const char *trigger);

} // namespace mf::simulation
