// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/details_tables.h"

#include "ui/common/icons.h"
#include "ui/common/words.h"

#include <QCoreApplication>
#include <QLocale>

namespace mf::ui {
namespace {

QString words(const char *text) { return QCoreApplication::translate("DetailsTables", text); }

TextTable::Cell text(QString shown, QString toolTip = {})
{
    TextTable::Cell cell;
    cell.text = std::move(shown);
    cell.toolTip = std::move(toolTip);
    return cell;
}

TextTable::Cell number(QString shown, const QVariant &key, QString toolTip = {})
{
    TextTable::Cell cell = text(std::move(shown), std::move(toolTip));
    cell.key = key;
    cell.isNumber = true;
    return cell;
}

QString revisionWords(RevisionState state)
{
    switch (state) {
    case RevisionState::Storing:
        return words("being stored");
    case RevisionState::Unconfirmed:
        return words("being confirmed");
    case RevisionState::Live:
        return words("stored");
    case RevisionState::Trashed:
        return words("in the trash");
    case RevisionState::Held:
        break;
    }
    return words("on this computer only");
}

} // namespace

TextTable::TextTable(QStringList titles, QObject *parent)
    : QAbstractTableModel(parent)
    , m_titles(std::move(titles))
{
}

void TextTable::setRows(std::vector<Row> rows)
{
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

int TextTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int TextTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_titles.size());
}

QVariant TextTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Cell &cell = m_rows[static_cast<std::size_t>(index.row())][static_cast<std::size_t>(index.column())];
    switch (role) {
    case Qt::DisplayRole:
        return cell.text;
    case Qt::AccessibleTextRole:
        return QString(m_titles[index.column()] + QStringLiteral(": ") + cell.text);
    case Qt::ToolTipRole:
        return cell.toolTip.isEmpty() ? QVariant() : QVariant(cell.toolTip);
    case Qt::TextAlignmentRole:
        return static_cast<int>((cell.isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::DecorationRole:
        return cell.icon.isEmpty() ? QVariant() : QVariant(icon(cell.icon, Token::Bad));
    case SortKey:
        return cell.key.isValid() ? cell.key : QVariant(cell.text);
    default:
        return {};
    }
}

QVariant TextTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= m_titles.size())
        return {};
    if (role == Qt::DisplayRole)
        return m_titles[section];
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = !m_rows.empty() && m_rows.front()[static_cast<std::size_t>(section)].isNumber;
        return static_cast<int>((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    return {};
}

QString fragmentStateWords(FragmentState state)
{
    switch (state) {
    case FragmentState::Planned:
        return words("On its way");
    case FragmentState::There:
        return words("There");
    case FragmentState::Missing:
        return words("Missing");
    case FragmentState::Damaged:
        break;
    }
    return words("Damaged");
}

std::vector<TextTable::Row> fragmentRows(const ModelDetails &details, bool onlyMissing)
{
    std::vector<TextTable::Row> rows;
    for (const ModelDetails::Fragment &fragment : details.fragments) {
        const bool isBad = fragment.state == FragmentState::Missing || fragment.state == FragmentState::Damaged;
        if (onlyMissing && !isBad)
            continue;
        TextTable::Cell state = text(fragmentStateWords(fragment.state));
        state.icon = isBad ? QStringLiteral("circle-x") : QString();
        // Pack and number in one: both columns would take the room that the account's name needs.
        rows.push_back({ number(QStringLiteral("%1.%2").arg(fragment.pack).arg(fragment.index + 1),
                             fragment.pack * 256 + fragment.index,
                             words("Fragment %2 of pack %1").arg(fragment.pack).arg(fragment.index + 1)),
            text(fragment.account, fragment.account), state,
            number(sizeWords(fragment.bytes), fragment.bytes, exactSizeWords(fragment.bytes)) });
    }
    return rows;
}

std::vector<TextTable::Row> metadataRows(const ModelDetails &details)
{
    std::vector<TextTable::Row> rows;
    for (auto entry = details.metadata.begin(); entry != details.metadata.end(); ++entry)
        rows.push_back({ text(entry.key(), entry.key()), text(entry.value().simplified(), entry.value().left(2'000)) });
    return rows;
}

std::vector<TextTable::Row> fileRows(const ModelDetails &details)
{
    std::vector<TextTable::Row> rows;
    for (const ModelDetails::File &file : details.files)
        rows.push_back({ text(file.path, file.path), number(sizeWords(file.size), file.size, exactSizeWords(file.size)),
            text(file.sha256, file.sha256) });
    return rows;
}

std::vector<TextTable::Row> historyRows(
    const ModelDetails &details, const QString &name, const std::vector<HistoryEntry> &events, const QDateTime &now)
{
    std::vector<std::pair<QDateTime, TextTable::Cell>> all;
    for (const ModelDetails::Revision &revision : details.history)
        all.emplace_back(revision.stored,
            text(
                words("Revision %1: %2, %3")
                    .arg(QLocale().toString(revision.number), revisionWords(revision.state), sizeWords(revision.bytes)),
                exactSizeWords(revision.bytes)));
    const QString quoted = QStringLiteral("“%1”").arg(name);
    for (const HistoryEntry &event : events) {
        if (event.text.contains(quoted))
            all.emplace_back(event.when, text(QString(event.text).remove(u' ' + quoted), event.text));
    }
    std::stable_sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.first > b.first; });
    std::vector<TextTable::Row> rows;
    for (auto &[time, what] : all) {
        TextTable::Cell when = text(ageWords(time, now), exactTimeWords(time));
        when.key = time;
        rows.push_back({ std::move(when), std::move(what) });
    }
    return rows;
}

} // namespace mf::ui
