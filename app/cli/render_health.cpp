// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/render_health.h"

#include "app/cli/layout.h"
#include "core/base/size_text.h"

#include <QJsonArray>

#include <algorithm>

namespace mf::cli {

namespace {

QString table(const std::vector<ModelHealth> &models, int width)
{
    using Align = TextTable::Align;
    TextTable table({ TextTable::Column(QStringLiteral("MODEL"), Align::Left, true),
        TextTable::Column(QStringLiteral("STATE")), TextTable::Column(QStringLiteral("MISSING"), Align::Right),
        TextTable::Column(QStringLiteral("DAMAGED"), Align::Right) });
    for (const ModelHealth &model : models) {
        table.addRow({ model.name, stateText(model.state, model.spare, model.onThisComputer),
            QString::number(model.missing), QString::number(model.damaged) });
    }
    return table.isEmpty() ? QStringLiteral("No models.\n") : table.toText(width);
}

void add(QStringList &lines, const QStringList &more)
{
    for (const QString &line : more)
        lines << printable(line);
}

} // namespace

QJsonObject checkJson(const CheckResult &result)
{
    QJsonArray models;
    for (const ModelHealth &model : result.models) {
        models.append(QJsonObject { { QStringLiteral("name"), model.name },
            { QStringLiteral("state"), stateWord(model.state) }, { QStringLiteral("spare"), model.spare },
            { QStringLiteral("missing"), model.missing }, { QStringLiteral("damaged"), model.damaged },
            { QStringLiteral("onThisComputer"), model.onThisComputer } });
    }
    return { { QStringLiteral("models"), models }, { QStringLiteral("fragments"), result.fragments },
        { QStringLiteral("packsRead"), result.packsRead },
        { QStringLiteral("findings"), QJsonArray::fromStringList(result.findings) },
        { QStringLiteral("warnings"), QJsonArray::fromStringList(result.warnings) } };
}

QString checkText(const CheckResult &result, int width, std::chrono::milliseconds elapsed)
{
    QStringList lines;
    add(lines, result.findings);
    add(lines, result.warnings);
    QString text = lines.isEmpty() ? QString() : QString(lines.join(u'\n') + QStringLiteral("\n\n"));
    text += table(result.models, width);
    text += QStringLiteral("%1 looked at").arg(counted(result.fragments, "fragment", "fragments"));
    if (result.packsRead > 0)
        text += QStringLiteral(", %1 read and verified").arg(counted(result.packsRead, "pack", "packs"));
    text += QStringLiteral(" in %1.\n").arg(durationText(elapsed));
    if (exitCodeOf(result.models) != ExitCode::Done)
        text += QStringLiteral("`repair` rebuilds what is missing or damaged.\n");
    return text;
}

QJsonObject repairJson(const RepairResult &result)
{
    QJsonArray models;
    for (const ModelRepair &model : result.models) {
        models.append(QJsonObject { { QStringLiteral("name"), model.name },
            { QStringLiteral("rebuilt"), model.rebuilt }, { QStringLiteral("state"), stateWord(model.state) },
            { QStringLiteral("spare"), model.spare }, { QStringLiteral("onThisComputer"), model.onThisComputer } });
    }
    return { { QStringLiteral("models"), models }, { QStringLiteral("uploadedBytes"), result.uploadedBytes },
        { QStringLiteral("domainsMissing"), result.domainsMissing },
        { QStringLiteral("unreadablePacks"), result.unreadablePacks },
        { QStringLiteral("warnings"), QJsonArray::fromStringList(result.warnings) } };
}

QString repairText(const RepairResult &result, int width, std::chrono::milliseconds elapsed)
{
    using Align = TextTable::Align;
    TextTable models({ TextTable::Column(QStringLiteral("MODEL"), Align::Left, true),
        TextTable::Column(QStringLiteral("STATE")), TextTable::Column(QStringLiteral("REBUILT"), Align::Right) });
    for (const ModelRepair &model : result.models)
        models.addRow(
            { model.name, stateText(model.state, model.spare, model.onThisComputer), QString::number(model.rebuilt) });
    QStringList lines;
    add(lines, result.warnings);
    QString text = lines.isEmpty() ? QString() : QString(lines.join(u'\n') + QStringLiteral("\n\n"));
    text += models.isEmpty() ? QStringLiteral("No models.\n") : models.toText(width);
    text += QStringLiteral("%1 rebuilt, %2 sent, in %3.\n")
                .arg(counted(result.rebuilt, "fragment", "fragments"), sizeText(result.uploadedBytes),
                    durationText(elapsed));
    if (result.unreadablePacks > 0)
        text += QStringLiteral(
            "Of %1 too little is there; connect the accounts that are away, or store the model again.\n")
                    .arg(counted(result.unreadablePacks, "pack", "packs"));
    if (result.domainsMissing > 0)
        text += QStringLiteral("It takes accounts with room in %1 more to do it all: add storage, then repair again.\n")
                    .arg(counted(result.domainsMissing, "failure domain", "failure domains"));
    return text;
}

QJsonObject protectJson(const ProtectResult &result)
{
    return { { QStringLiteral("model"), result.model },
        { QStringLiteral("protection"), protectionWord(result.protection) },
        { QStringLiteral("uploadedBytes"), result.uploadedBytes }, { QStringLiteral("fragments"), result.fragments },
        { QStringLiteral("unchanged"), result.unchanged },
        { QStringLiteral("warnings"), QJsonArray::fromStringList(result.warnings) } };
}

QString protectText(const ProtectResult &result, std::chrono::milliseconds elapsed)
{
    QStringList lines;
    add(lines, result.warnings);
    const QString what = result.unchanged ? QStringLiteral("%1 is protected as %2 already")
                                          : QStringLiteral("%1 is protected as %2 now");
    lines << what.arg(printable(result.model), protectionWord(result.protection))
            + QStringLiteral(": %1 added, %2 sent, in %3.")
                  .arg(counted(result.fragments, "fragment", "fragments"), sizeText(result.uploadedBytes),
                      durationText(elapsed));
    if (result.repacked > 0)
        lines << QStringLiteral("%1 cut anew; collect frees the old.")
                     .arg(counted(result.repacked, "pack was", "packs were"));
    return lines.join(u'\n') + u'\n';
}

namespace {

template <typename T> ExitCode exitCodeOfModels(const std::vector<T> &models)
{
    std::vector<ModelState> states;
    bool isHeld = false;
    for (const T &model : models) {
        states.push_back(model.state);
        isHeld = isHeld || model.onThisComputer;
    }
    const ExitCode code = exitCodeOf(states);
    return code == ExitCode::Done && isHeld ? ExitCode::Reduced : code;
}

} // namespace

ExitCode exitCodeOf(const std::vector<ModelHealth> &models) { return exitCodeOfModels(models); }
ExitCode exitCodeOf(const std::vector<ModelRepair> &models) { return exitCodeOfModels(models); }

ExitCode exitCodeOf(const std::vector<ModelState> &states)
{
    const auto any
        = [&states](ModelState state) { return std::find(states.begin(), states.end(), state) != states.end(); };
    if (any(ModelState::Unreadable))
        return ExitCode::Unreadable;
    return any(ModelState::Reduced) || any(ModelState::AtRisk) ? ExitCode::Reduced : ExitCode::Done;
}

} // namespace mf::cli
