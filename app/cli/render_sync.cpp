// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/render_sync.h"

#include <QJsonArray>

#include <algorithm>

namespace mf::cli {
namespace {

QString models(int n) { return counted(n, "model", "models"); }

QString newsText(const SyncResult &result)
{
    QString held;
    if (result.movedOut > 0)
        held += QStringLiteral("%1 moved from this computer to the accounts.\n").arg(models(result.movedOut));
    if (result.onThisComputer > 0)
        held += QStringLiteral("%1 still on this computer only.\n").arg(models(result.onThisComputer));
    if (result.added + result.changed + result.removed + result.waiting == 0)
        return held.isEmpty() ? QStringLiteral("%1, nothing new.\n").arg(models(result.models)) : held;
    QString text = held
        + QStringLiteral("%1: %2 added, %3 changed, %4 removed.\n")
              .arg(models(result.models))
              .arg(result.added)
              .arg(result.changed)
              .arg(result.removed);
    if (result.waiting > 0)
        text += QStringLiteral("%1 cannot be read yet; sync tries again when more accounts are connected.\n")
                    .arg(models(result.waiting));
    return text;
}

} // namespace

int Upkeep::below() const
{
    return static_cast<int>(std::count_if(states.begin(), states.end(),
        [](ModelState state) { return exitCodeOf(std::vector { state }) != ExitCode::Done; }));
}

ExitCode Upkeep::exitCode() const { return isRepaired ? exitCodeOf(states) : ExitCode::Done; }

QJsonObject syncJson(const SyncResult &result, const Upkeep &upkeep)
{
    return { { QStringLiteral("models"), result.models }, { QStringLiteral("added"), result.added },
        { QStringLiteral("changed"), result.changed }, { QStringLiteral("removed"), result.removed },
        { QStringLiteral("waiting"), result.waiting }, { QStringLiteral("movedOut"), result.movedOut },
        { QStringLiteral("onThisComputer"), result.onThisComputer }, { QStringLiteral("below"), upkeep.below() },
        { QStringLiteral("rebuilt"), upkeep.rebuilt },
        { QStringLiteral("warnings"), QJsonArray::fromStringList(result.warnings) } };
}

QString syncText(const SyncResult &result, const Upkeep &upkeep)
{
    QString text = newsText(result);
    if (upkeep.rebuilt > 0)
        text += QStringLiteral("%1 rebuilt.\n").arg(counted(upkeep.rebuilt, "fragment", "fragments"));
    if (const int below = upkeep.below(); below > 0 && upkeep.isRepaired)
        text += QStringLiteral("%1 still below the protection you chose; repair says why.\n")
                    .arg(counted(below, "model is", "models are"));
    else if (below > 0)
        text += QStringLiteral("%1 below the protection you chose: repair rebuilds what is missing, and `limits "
                               "repair=always` lets sync do so.\n")
                    .arg(counted(below, "model is", "models are"));
    return text;
}

QJsonObject recoverJson(const RecoverResult &result)
{
    return { { QStringLiteral("models"), result.models }, { QStringLiteral("readable"), result.readable },
        { QStringLiteral("unreadable"), result.unreadable },
        { QStringLiteral("warnings"), QJsonArray::fromStringList(result.warnings) } };
}

QString recoverText(const RecoverResult &result)
{
    if (result.models == 0)
        return QStringLiteral("No models were found on the accounts that are connected.\n");
    QString text = QStringLiteral("Found %1; %2 can be read back.\n").arg(models(result.models)).arg(result.readable);
    if (result.unreadable > 0)
        text += QStringLiteral("%1 cannot be read with the accounts that are connected: connect the others and run "
                               "recover again.\n")
                    .arg(models(result.unreadable));
    return text;
}

} // namespace mf::cli
