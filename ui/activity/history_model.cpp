// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/history_model.h"

#include "ui/common/icons.h"

#include <QFont>
#include <QLocale>

#include <algorithm>

namespace mf::ui {
namespace {

bool isSame(const HistoryEntry &a, const HistoryEntry &b)
{
    return a.when == b.when && a.kind == b.kind && a.text == b.text;
}

QString iconOf(const QString &kind)
{
    static const std::pair<const char *, const char *> known[] = { { "store", "upload" }, { "fetch", "download" },
        { "check", "stethoscope" }, { "repair", "wrench" }, { "protect", "shield" }, { "collect", "trash-2" },
        { "trash", "trash-2" }, { "delete", "trash-2" }, { "restore", "undo-2" }, { "account", "hard-drive" } };
    for (const auto &[word, name] : known) {
        if (kind == QLatin1StringView(word))
            return QLatin1StringView(name);
    }
    return QStringLiteral("activity");
}

} // namespace

HistoryModel::HistoryModel(Service &service, Clock &clock, QObject *parent)
    : QAbstractItemModel(parent)
    , m_service(service)
    , m_clock(clock)
{
    connect(&m_service, &Service::historyChanged, this, &HistoryModel::take);
    take();
}

// Usually some were added at the front, and as many fell off the end if the service keeps only so many; whatever else
// happened begins anew.
void HistoryModel::take()
{
    const std::vector<HistoryEntry> &fresh = m_service.history();
    const auto first
        = m_taken.empty() ? fresh.end() : std::find_if(fresh.begin(), fresh.end(), [this](const HistoryEntry &entry) {
              return isSame(entry, m_taken.front());
          });
    const auto kept = static_cast<std::size_t>(fresh.end() - first);
    if (kept > 0 && kept <= m_taken.size() && std::equal(first, fresh.end(), m_taken.begin(), isSame)) {
        for (std::size_t i = kept; i < m_taken.size(); ++i)
            dropLast();
        for (auto entry = first; entry != fresh.begin();)
            prepend(*--entry);
    } else {
        beginResetModel();
        m_days.clear();
        for (const HistoryEntry &entry : fresh) {
            const QDate date = entry.when.toLocalTime().date();
            if (m_days.empty() || m_days.back().date != date)
                m_days.push_back({ date, m_nextKey++, {} });
            m_days.back().entries.push_back(entry);
        }
        endResetModel();
    }
    m_taken = fresh;
}

void HistoryModel::dropLast()
{
    const int last = static_cast<int>(m_days.size()) - 1;
    if (m_days.back().entries.size() == 1) {
        beginRemoveRows({}, last, last);
        m_days.pop_back();
        endRemoveRows();
        return;
    }
    const int row = static_cast<int>(m_days.back().entries.size()) - 1;
    beginRemoveRows(index(last, 0), row, row);
    m_days.back().entries.pop_back();
    endRemoveRows();
}

void HistoryModel::prepend(const HistoryEntry &entry)
{
    const QDate date = entry.when.toLocalTime().date();
    if (m_days.empty() || m_days.front().date != date) {
        beginInsertRows({}, 0, 0);
        m_days.insert(m_days.begin(), { date, m_nextKey++, { entry } });
        endInsertRows();
        return;
    }
    beginInsertRows(index(0, 0), 0, 0);
    m_days.front().entries.insert(m_days.front().entries.begin(), entry);
    endInsertRows();
}

int HistoryModel::rowOf(quintptr key) const
{
    const auto day
        = std::find_if(m_days.begin(), m_days.end(), [key](const Day &candidate) { return candidate.key == key; });
    return static_cast<int>(day - m_days.begin());
}

QModelIndex HistoryModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? m_days[static_cast<std::size_t>(parent.row())].key : 0);
}

QModelIndex HistoryModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || isDay(child))
        return {};
    return createIndex(rowOf(child.internalId()), 0, quintptr(0));
}

int HistoryModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_days.size());
    return isDay(parent) ? static_cast<int>(m_days[static_cast<std::size_t>(parent.row())].entries.size()) : 0;
}

int HistoryModel::columnCount(const QModelIndex &) const { return 1; }

QVariant HistoryModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (isDay(index)) {
        if (role == Qt::FontRole) {
            QFont bold;
            bold.setWeight(QFont::DemiBold);
            return bold;
        }
        return role == Qt::DisplayRole ? QVariant(line(index)) : QVariant();
    }
    const Day &day = m_days[static_cast<std::size_t>(rowOf(index.internalId()))];
    const HistoryEntry &entry = day.entries[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return line(index);
    case Qt::DecorationRole:
        return icon(iconOf(entry.kind), Token::MutedText);
    case Qt::ToolTipRole:
        return QString(entry.text + u'\n' + QLocale().toString(entry.when.toLocalTime(), QLocale::LongFormat));
    default:
        return {};
    }
}

QString HistoryModel::line(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    if (isDay(index)) {
        const QDate date = m_days[static_cast<std::size_t>(index.row())].date;
        const QDate today = m_clock.now().toLocalTime().date();
        if (date == today)
            return tr("Today");
        if (date == today.addDays(-1))
            return tr("Yesterday");
        return QLocale().toString(date, QLocale::LongFormat);
    }
    const Day &day = m_days[static_cast<std::size_t>(rowOf(index.internalId()))];
    const HistoryEntry &entry = day.entries[static_cast<std::size_t>(index.row())];
    return QString(
        QLocale().toString(entry.when.toLocalTime().time(), QLocale::ShortFormat) + QStringLiteral("   ") + entry.text);
}

HistoryFilter::HistoryFilter(QObject *parent)
    : QSortFilterProxyModel(parent)
{
    setRecursiveFilteringEnabled(true);
}

void HistoryFilter::setText(const QString &text)
{
    m_text = text.trimmed();
    invalidateFilter();
}

bool HistoryFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    if (m_text.isEmpty())
        return true;
    // Days are there for their entries.
    return parent.isValid()
        && sourceModel()->index(row, 0, parent).data().toString().contains(m_text, Qt::CaseInsensitive);
}

} // namespace mf::ui
