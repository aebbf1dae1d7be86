// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/transfer_model.h"

#include "ui/common/words.h"

#include <algorithm>

namespace mf::ui {
namespace {

constexpr int kFlushMs = 250;

// From `from` on.
std::size_t positionOf(const std::vector<TransferEntry> &entries, TransferId id, std::size_t from = 0)
{
    std::size_t at = from;
    while (at < entries.size() && entries[at].id != id)
        ++at;
    return at;
}

} // namespace

TransferModel::TransferModel(Service &service, Clock &clock, QObject *parent)
    : QAbstractListModel(parent)
    , m_service(service)
    , m_clock(clock)
    , m_entries(service.transfers())
{
    m_timer.setSingleShot(true);
    m_timer.setInterval(kFlushMs);
    connect(&m_timer, &QTimer::timeout, this, &TransferModel::flush);
    connect(&m_service, &Service::transfersChanged, this, &TransferModel::take);
    connect(&m_service, &Service::transferMoved, this, &TransferModel::note);
}

int TransferModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant TransferModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const TransferEntry &entry = m_entries[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return transferTitle(entry);
    case Qt::ToolTipRole:
        return QString(transferTitle(entry) + u'\n' + transferSpoken(entry, m_clock.now()));
    case Qt::AccessibleTextRole:
        return QString(transferTitle(entry) + QStringLiteral(", ") + transferSpoken(entry, m_clock.now()));
    case IdRole:
        return QVariant::fromValue(entry.id);
    case EntryRole:
        return QVariant::fromValue(&entry);
    default:
        return {};
    }
}

const TransferEntry *TransferModel::entry(TransferId id) const
{
    const std::size_t at = positionOf(m_entries, id);
    return at < m_entries.size() ? &m_entries[at] : nullptr;
}

int TransferModel::rowOf(TransferId id) const
{
    const std::size_t at = positionOf(m_entries, id);
    return at < m_entries.size() ? static_cast<int>(at) : -1;
}

void TransferModel::setAwake(bool awake)
{
    m_awake = awake;
    if (awake)
        take();
    else
        m_timer.stop();
}

void TransferModel::take()
{
    const std::vector<TransferEntry> &fresh = m_service.transfers();
    QSet<TransferId> kept;
    for (const TransferEntry &entry : fresh)
        kept.insert(entry.id);
    for (std::size_t i = m_entries.size(); i-- > 0;) {
        if (kept.contains(m_entries[i].id))
            continue;
        const int row = static_cast<int>(i);
        beginRemoveRows({}, row, row);
        m_entries.erase(m_entries.begin() + row);
        endRemoveRows();
    }
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        const int row = static_cast<int>(i);
        const std::size_t at = positionOf(m_entries, fresh[i].id, i);
        if (at == m_entries.size()) {
            beginInsertRows({}, row, row);
            m_entries.insert(m_entries.begin() + row, fresh[i]);
            endInsertRows();
        } else if (at != i) {
            const int from = static_cast<int>(at);
            beginMoveRows({}, from, from, {}, row);
            std::rotate(m_entries.begin() + row, m_entries.begin() + from, m_entries.begin() + from + 1);
            endMoveRows();
        }
    }
    m_entries = fresh;
    m_dirty.clear();
    if (!m_entries.empty())
        emit dataChanged(index(0), index(rowCount() - 1));
    emit counted();
}

void TransferModel::note(qint64 id)
{
    m_dirty.insert(id);
    if (m_awake && !m_timer.isActive())
        m_timer.start();
}

void TransferModel::flush()
{
    // The order is the service's unless it said transfersChanged, so one pass finds them all.
    const std::vector<TransferEntry> &fresh = m_service.transfers();
    for (std::size_t i = 0; i < m_entries.size() && i < fresh.size(); ++i) {
        if (!m_dirty.contains(fresh[i].id) || fresh[i].id != m_entries[i].id)
            continue;
        m_entries[i] = fresh[i];
        const int row = static_cast<int>(i);
        if (!isSeen || isSeen(row))
            emit dataChanged(index(row), index(row));
    }
    m_dirty.clear();
    emit moved();
}

TransferFilter::TransferFilter(QObject *parent)
    : QSortFilterProxyModel(parent)
{
}

void TransferFilter::show(TransferTab tab)
{
    m_tab = tab;
    invalidateFilter();
}

void TransferFilter::setText(const QString &text)
{
    m_text = text.trimmed();
    invalidateFilter();
}

bool TransferFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    const auto *entry = index.data(TransferModel::EntryRole).value<const TransferEntry *>();
    if (!belongsTo(*entry, m_tab))
        return false;
    return m_text.isEmpty() || index.data().toString().contains(m_text, Qt::CaseInsensitive)
        || transferWords(*entry).contains(m_text, Qt::CaseInsensitive);
}

} // namespace mf::ui
