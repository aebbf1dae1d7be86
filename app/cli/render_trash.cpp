// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/render_trash.h"

#include "app/cli/layout.h"
#include "core/base/size_text.h"

#include <QJsonArray>

namespace mf::cli {
namespace {

QString revisionsText(const TrashEntry &entry)
{
    QStringList numbers;
    for (const int number : entry.revisions)
        numbers << QString::number(number);
    return numbers.join(QStringLiteral(", "));
}

} // namespace

QJsonObject trashJson(const std::vector<TrashEntry> &entries)
{
    QJsonArray models;
    for (const TrashEntry &entry : entries) {
        QJsonArray revisions;
        for (const int number : entry.revisions)
            revisions.append(number);
        models.append(QJsonObject { { QStringLiteral("name"), entry.name },
            { QStringLiteral("removed"), timeJson(entry.removed) }, { QStringLiteral("until"), timeJson(entry.until) },
            { QStringLiteral("revisions"), revisions } });
    }
    return { { QStringLiteral("models"), models } };
}

QString trashText(const std::vector<TrashEntry> &entries, int width)
{
    if (entries.empty())
        return QStringLiteral("The trash is empty.\n");
    TextTable table({ TextTable::Column(QStringLiteral("MODEL"), TextTable::Align::Left, true),
        TextTable::Column(QStringLiteral("REVISIONS")), TextTable::Column(QStringLiteral("REMOVED")),
        TextTable::Column(QStringLiteral("KEPT UNTIL")) });
    for (const TrashEntry &entry : entries) {
        const QString until = entry.isForever ? QStringLiteral("the next collect") : timeText(entry.until);
        table.addRow({ entry.name, revisionsText(entry), timeText(entry.removed), until });
    }
    return table.toText(width);
}

QString removedText(const TrashEntry &entry)
{
    const QString name = printable(entry.name);
    if (entry.isForever)
        return QStringLiteral("%1 is removed for good. collect frees what no other model uses.\n").arg(name);
    return QStringLiteral("%1 is in the trash until %2. To have it back: restore %1\n")
        .arg(name, timeText(entry.until));
}

QString restoredText(const TrashEntry &entry)
{
    return QStringLiteral("%1 is there again.\n").arg(printable(entry.name));
}

QJsonObject collectJson(const CollectResult &result)
{
    const QJsonObject strays { { QStringLiteral("count"), result.strays },
        { QStringLiteral("bytes"), result.strayBytes } };
    return { { QStringLiteral("freedBytes"), result.freedBytes }, { QStringLiteral("fragments"), result.fragments },
        { QStringLiteral("waiting"), QJsonArray::fromStringList(result.waiting) },
        { QStringLiteral("strays"), strays } };
}

QString collectText(const CollectResult &result)
{
    QString text = result.fragments == 0
        ? QStringLiteral("Nothing to free.\n")
        : QStringLiteral("Freed %1 in %2.\n")
              .arg(sizeText(result.freedBytes), counted(result.fragments, "fragment", "fragments"));
    if (result.repacked > 0)
        text += QStringLiteral("%1 made anew, without what nothing needs.\n")
                    .arg(counted(result.repacked, "pack was", "packs were"));
    for (const QString &sentence : result.waiting)
        text += QStringLiteral("Waiting: %1\n").arg(printable(sentence));
    if (result.strays > 0)
        text += QStringLiteral("%1 (%2) belong to no model known here. Another computer may be storing them; they are "
                               "looked at again after 30 days.\n")
                    .arg(counted(result.strays, "fragment", "fragments"), sizeText(result.strayBytes));
    return text;
}

} // namespace mf::cli
