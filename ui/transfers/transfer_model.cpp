// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/transfer_model.h"

#include "ui/common/words.h"
#include "ui/transfers/share_rules.h"

#include <algorithm>

namespace mf::ui {
namespace {

constexpr int kFlushMs = 250;

// An account's row carries the id of its transfer; that of a transfer, 0.
constexpr quintptr kTransfer = 0;

} // namespace

TransferModel::TransferModel(Service &service, Clock &clock, QObject *parent)
    : QAbstractItemModel(parent)
    , m_service(service)
    , m_clock(clock)
    , m_entries(service.transfers())
{
    number();
    m_timer.setSingleShot(true);
    m_timer.setInterval(kFlushMs);
    connect(&m_timer, &QTimer::timeout, this, &TransferModel::flush);
    connect(&m_service, &Service::transfersChanged, this, &TransferModel::take);
    connect(&m_service, &Service::transferMoved, this, &TransferModel::note);
}

// ---- rows

QModelIndex TransferModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    if (!parent.isValid())
        return createIndex(row, column, kTransfer);
    return createIndex(row, column, static_cast<quintptr>(m_entries[static_cast<std::size_t>(parent.row())].id));
}

QModelIndex TransferModel::parent(const QModelIndex &index) const
{
    if (!index.isValid() || index.internalId() == kTransfer)
        return {};
    const int row = rowOf(static_cast<TransferId>(index.internalId()));
    return row < 0 ? QModelIndex() : createIndex(row, 0, kTransfer);
}

int TransferModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_entries.size());
    if (parent.internalId() != kTransfer || parent.column() != 0)
        return 0;
    const auto row = static_cast<std::size_t>(parent.row());
    return row < m_entries.size() ? static_cast<int>(m_entries[row].shares.size()) : 0;
}

int TransferModel::columnCount(const QModelIndex &) const { return 1; }

const ShareEntry *TransferModel::share(const QModelIndex &index) const
{
    const TransferEntry *transfer = entry(static_cast<TransferId>(index.internalId()));
    const auto row = static_cast<std::size_t>(index.row());
    return transfer && row < transfer->shares.size() ? &transfer->shares[row] : nullptr;
}

QVariant TransferModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const bool isShare = index.internalId() != kTransfer;
    const TransferEntry *found = isShare ? entry(static_cast<TransferId>(index.internalId()))
                                         : &m_entries[static_cast<std::size_t>(index.row())];
    const ShareEntry *part = isShare ? share(index) : nullptr;
    if (!found || (isShare && !part))
        return {};
    const TransferEntry &transfer = *found;
    switch (role) {
    case Qt::DisplayRole:
        return isShare ? part->name : transferTitle(transfer);
    case Qt::ToolTipRole:
        return isShare ? QString(part->name + u'\n' + shareSpoken(transfer, *part))
                       : QString(transferTitle(transfer) + u'\n' + transferSpoken(transfer, m_clock.now()));
    case Qt::AccessibleTextRole:
        return isShare
            ? QString(shareTitle(transfer, *part) + QStringLiteral(", ") + shareSpoken(transfer, *part))
            : QString(transferTitle(transfer) + QStringLiteral(", ") + transferSpoken(transfer, m_clock.now()));
    case IdRole:
        return QVariant::fromValue(transfer.id);
    case EntryRole:
        return QVariant::fromValue(isShare ? nullptr : found);
    case ShareRole:
        return QVariant::fromValue(part);
    default:
        return {};
    }
}

const TransferEntry *TransferModel::entry(TransferId id) const
{
    const int row = rowOf(id);
    return row < 0 ? nullptr : &m_entries[static_cast<std::size_t>(row)];
}

int TransferModel::rowOf(TransferId id) const { return m_rows.value(id, -1); }

void TransferModel::number()
{
    m_rows.clear();
    for (std::size_t i = 0; i < m_entries.size(); ++i)
        m_rows.insert(m_entries[i].id, static_cast<int>(i));
}

// ---- what the service tells

void TransferModel::setAwake(bool awake)
{
    m_awake = awake;
    if (awake)
        take();
    else
        m_timer.stop();
}

template <typename Row, typename Key>
void TransferModel::arrange(std::vector<Row> &rows, const std::vector<Row> &fresh, Key key, const QModelIndex &parent)
{
    const auto holds = [&key](const std::vector<Row> &all, const Row &one) {
        return std::any_of(all.begin(), all.end(), [&](const Row &other) { return key(other) == key(one); });
    };
    for (std::size_t i = rows.size(); i-- > 0;) {
        if (holds(fresh, rows[i]))
            continue;
        const int row = static_cast<int>(i);
        beginRemoveRows(parent, row, row);
        rows.erase(rows.begin() + row);
        number();
        endRemoveRows();
    }
    for (std::size_t i = 0; i < fresh.size(); ++i) {
        const int row = static_cast<int>(i);
        std::size_t at = i;
        while (at < rows.size() && key(rows[at]) != key(fresh[i]))
            ++at;
        if (at == rows.size()) {
            beginInsertRows(parent, row, row);
            rows.insert(rows.begin() + row, fresh[i]);
            number();
            endInsertRows();
        } else if (at != i) {
            const int from = static_cast<int>(at);
            beginMoveRows(parent, from, from, parent, row);
            std::rotate(rows.begin() + row, rows.begin() + from, rows.begin() + from + 1);
            number();
            endMoveRows();
        }
    }
}

void TransferModel::takeShares(std::size_t at, const TransferEntry &fresh)
{
    const auto account = [](const ShareEntry &share) { return share.account; };
    if (!std::ranges::equal(m_entries[at].shares, fresh.shares, {}, account, account))
        arrange(m_entries[at].shares, fresh.shares, account, index(static_cast<int>(at)));
}

void TransferModel::tellShares(int row)
{
    const QModelIndex transfer = index(row);
    const int count = rowCount(transfer);
    if (count > 0)
        emit dataChanged(index(0, 0, transfer), index(count - 1, 0, transfer));
}

void TransferModel::take()
{
    const std::vector<TransferEntry> &fresh = m_service.transfers();
    const auto id = [](const TransferEntry &entry) { return entry.id; };
    if (!std::ranges::equal(m_entries, fresh, {}, id, id))
        arrange(m_entries, fresh, id, QModelIndex());
    for (std::size_t i = 0; i < fresh.size(); ++i)
        takeShares(i, fresh[i]);
    m_entries = fresh;
    m_dirty.clear();
    if (!m_entries.empty())
        emit dataChanged(index(0), index(rowCount() - 1));
    for (int row = 0; row < rowCount(); ++row)
        tellShares(row);
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
    const QSet<TransferId> shown = seen ? seen() : m_dirty;
    for (std::size_t i = 0; i < m_entries.size() && i < fresh.size(); ++i) {
        if (!m_dirty.contains(fresh[i].id) || fresh[i].id != m_entries[i].id)
            continue;
        takeShares(i, fresh[i]);
        m_entries[i] = fresh[i];
        if (!shown.contains(fresh[i].id))
            continue;
        const int row = static_cast<int>(i);
        emit dataChanged(index(row), index(row));
        tellShares(row);
    }
    m_dirty.clear();
    emit moved();
}

// ---- filter

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
    if (parent.isValid())
        return true; // as its transfer is
    const QModelIndex index = sourceModel()->index(row, 0, parent);
    const auto *entry = index.data(TransferModel::EntryRole).value<const TransferEntry *>();
    if (!belongsTo(*entry, m_tab))
        return false;
    const auto holds = [this](const QString &words) { return words.contains(m_text, Qt::CaseInsensitive); };
    return m_text.isEmpty() || holds(index.data().toString()) || holds(transferWords(*entry))
        || std::ranges::any_of(entry->shares, holds, &ShareEntry::name);
}

} // namespace mf::ui
