// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/accounts_model.h"

#include "ui/common/words.h"
#include "ui/storage/account_space.h"
#include "ui/storage/account_words.h"

#include <QLocale>

#include <algorithm>

namespace mf::ui {

AccountsModel::AccountsModel(const Service &service, Clock &clock, QObject *parent)
    : QAbstractTableModel(parent)
    , m_service(service)
    , m_clock(clock)
    , m_rows(service.accounts())
{
    connect(&service, &Service::accountsChanged, this, &AccountsModel::update);
}

const AccountEntry *AccountsModel::entry(const QModelIndex &index) const
{
    const auto row = static_cast<std::size_t>(index.row());
    return index.isValid() && row < m_rows.size() ? &m_rows[row] : nullptr;
}

QModelIndex AccountsModel::indexOf(const AccountId &id) const
{
    const auto found
        = std::find_if(m_rows.begin(), m_rows.end(), [&id](const AccountEntry &row) { return row.id == id; });
    return found == m_rows.end() ? QModelIndex() : index(static_cast<int>(found - m_rows.begin()), Name);
}

QModelIndex AccountsModel::indexOf(const QString &name) const
{
    const auto found
        = std::find_if(m_rows.begin(), m_rows.end(), [&name](const AccountEntry &row) { return row.name == name; });
    return found == m_rows.end() ? QModelIndex() : index(static_cast<int>(found - m_rows.begin()), Name);
}

int AccountsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int AccountsModel::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : Columns; }

void AccountsModel::update()
{
    // Row by row towards what the service has: an account that is there already moves or changes, others come and go.
    const std::vector<AccountEntry> &wanted = m_service.accounts();
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const int row = static_cast<int>(i);
        const QModelIndex old = indexOf(wanted[i].id);
        if (!old.isValid()) {
            beginInsertRows({}, row, row);
            m_rows.insert(m_rows.begin() + row, wanted[i]);
            endInsertRows();
            continue;
        }
        if (old.row() != row) {
            beginMoveRows({}, old.row(), old.row(), {}, row);
            std::rotate(m_rows.begin() + row, m_rows.begin() + old.row(), m_rows.begin() + old.row() + 1);
            endMoveRows();
        }
        m_rows[i] = wanted[i];
    }
    const int kept = static_cast<int>(wanted.size());
    if (const int rows = rowCount(); rows > kept) {
        beginRemoveRows({}, kept, rows - 1);
        m_rows.resize(wanted.size());
        endRemoveRows();
    }
    if (kept > 0)
        emit dataChanged(index(0, 0), index(kept - 1, Columns - 1));
}

QVariant AccountsModel::data(const QModelIndex &index, int role) const
{
    const AccountEntry *account = entry(index);
    if (!account)
        return {};
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return display(*account, column);
    case Qt::EditRole:
        return column == Name ? QVariant(account->name) : QVariant();
    case EntryRole:
        return QVariant::fromValue(account);
    case SortRole:
        return sortKey(*account, column);
    case SecondLineRole:
        return secondLine(*account, column);
    case Qt::TextAlignmentRole:
        return QVariant(column == Fragments ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        if (column == Health && account->trouble)
            return account->trouble->message;
        if (column == Space)
            return spaceTooltip(*account);
        return column == Name ? QVariant(account->place) : QVariant();
    case Qt::AccessibleTextRole: {
        const QString second = secondLine(*account, column);
        const QString first = display(*account, column).toString();
        return second.isEmpty() ? first : tr("%1, %2").arg(first, second);
    }
    default:
        return {};
    }
}

QVariant AccountsModel::display(const AccountEntry &account, int column) const
{
    switch (column) {
    case Name:
        return account.name;
    case Health:
        return healthLook(account).label;
    case Space:
        return spaceWords(account);
    default:
        return account.isElsewhere() ? QStringLiteral("–") : QLocale().toString(account.fragments);
    }
}

QVariant AccountsModel::sortKey(const AccountEntry &account, int column) const
{
    switch (column) {
    case Name:
        return account.name.toLower();
    case Health:
        return static_cast<int>(account.health);
    case Space:
        return spaceOf(account).free;
    default:
        return account.fragments;
    }
}

QString AccountsModel::secondLine(const AccountEntry &account, int column) const
{
    if (column == Name)
        return account.place.isEmpty() ? account.kindTitle
                                       : tr("%1 · %2").arg(account.kindTitle, isolated(account.place));
    if (column != Health)
        return {};
    if (account.isElsewhere())
        return tr("not added here");
    return account.seen.isValid() ? tr("seen %1").arg(ageWords(account.seen, m_clock.now())) : tr("never seen");
}

QVariant AccountsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant(section == Fragments ? Qt::AlignRight | Qt::AlignVCenter : Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Account");
    case Health:
        return tr("Health");
    case Space:
        return tr("Space");
    default:
        return tr("Fragments");
    }
}

Qt::ItemFlags AccountsModel::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return QAbstractTableModel::flags(index);
    const Qt::ItemFlags base = QAbstractTableModel::flags(index) | Qt::ItemNeverHasChildren;
    return index.column() == Name ? base | Qt::ItemIsEditable : base;
}

bool AccountsModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const AccountEntry *account = entry(index);
    if (!account || role != Qt::EditRole || index.column() != Name)
        return false;
    const QString name = value.toString().trimmed();
    if (name != account->name)
        emit renameAsked(account->id, name);
    return false;
}

} // namespace mf::ui
