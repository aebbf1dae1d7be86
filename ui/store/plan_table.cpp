// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/plan_table.h"

#include "ui/common/words.h"

#include <algorithm>

namespace mf::ui {
namespace {

constexpr double kAlmostFull = 0.1; // of an account, left

bool isAway(AccountEntry::Health health)
{
    return health == AccountEntry::Health::Unreachable || health == AccountEntry::Health::SignIn
        || health == AccountEntry::Health::Newer;
}

} // namespace

PlanTable::PlanTable(Service &service, StoreController &controller, QObject *parent)
    : QAbstractTableModel(parent)
    , m_service(service)
    , m_controller(controller)
    , m_rows(rowsNow())
{
    connect(&controller, &StoreController::planChanged, this, &PlanTable::refresh);
    connect(&service, &Service::accountsChanged, this, &PlanTable::refresh);
}

std::vector<PlanTable::Row> PlanTable::rowsNow() const
{
    std::vector<Row> rows;
    for (const AccountEntry &account : m_service.accounts()) {
        Row row;
        row.id = account.id;
        row.name = account.name;
        row.place = account.place;
        row.health = account.health;
        row.total = account.total;
        if (account.total && account.used)
            row.room = std::max<qint64>(0, *account.total - *account.used);
        if (account.capacity > 0) { // what it may be filled to is all there is
            const qint64 allowed = std::max<qint64>(0, account.capacity - account.ours);
            row.total = std::min(account.total.value_or(account.capacity), account.capacity);
            row.room = std::min(row.room.value_or(allowed), allowed);
        }
        if (m_controller.plan() && !m_controller.planError()) {
            for (const StorePlan::PerAccount &part : m_controller.plan()->accounts) {
                if (part.id != account.id)
                    continue;
                row.isPlanned = true;
                row.room = part.room;
                row.takes = part.bytes;
            }
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

void PlanTable::refresh()
{
    std::vector<Row> rows = rowsNow();
    const bool isSame = std::equal(rows.begin(), rows.end(), m_rows.begin(), m_rows.end(),
        [](const Row &a, const Row &b) { return a.id == b.id; });
    if (!isSame) {
        beginResetModel();
        m_rows = std::move(rows);
        endResetModel();
        return;
    }
    m_rows = std::move(rows);
    if (!m_rows.empty())
        emit dataChanged(index(0, 0), index(static_cast<int>(m_rows.size()) - 1, Columns - 1));
}

void PlanTable::setChoosing(bool yes)
{
    if (m_isChoosing == yes)
        return;
    m_isChoosing = yes;
    refresh();
}

bool PlanTable::isTaking(std::size_t row) const
{
    const std::vector<AccountId> &chosen = m_controller.choices().accounts;
    return chosen.empty() || std::find(chosen.begin(), chosen.end(), m_rows[row].id) != chosen.end();
}

int PlanTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}
int PlanTable::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : Columns; }

std::optional<qint64> PlanTable::leftOf(const Row &row) const
{
    if (!row.room)
        return std::nullopt;
    return std::max<qint64>(0, *row.room - row.takes);
}

bool PlanTable::isAlmostFull(const Row &row) const
{
    const auto left = leftOf(row);
    return left && row.total && *row.total > 0
        && static_cast<double>(*left) < kAlmostFull * static_cast<double>(*row.total);
}

PlanTable::Note PlanTable::noteOf(std::size_t row) const
{
    const Row &account = m_rows[row];
    if (!isTaking(row))
        return { tr("Left out"), Token::MutedText };
    if (account.takes == 0 && account.health == AccountEntry::Health::Full)
        return { tr("Full"), Token::Warn };
    if (account.takes == 0 && isAway(account.health))
        return { account.health == AccountEntry::Health::SignIn ? tr("Sign-in needed") : tr("Not reachable"),
            Token::Warn };
    if (account.takes == 0 && account.isPlanned)
        return { tr("Not used"), Token::MutedText };
    if (account.takes > 0 && isAlmostFull(account))
        return { tr("Almost full"), Token::Warn };
    return {};
}

QVariant PlanTable::text(std::size_t row, int column) const
{
    const Row &account = m_rows[row];
    const QString none = QStringLiteral("—");
    const bool takesPart = account.isPlanned && isTaking(row);
    switch (column) {
    case Account:
        return account.name;
    case Free:
        return account.room ? sizeWords(*account.room) : tr("Unlimited");
    case Takes:
        return takesPart && account.takes > 0 ? sizeWords(account.takes) : none;
    case Left:
        if (!takesPart || account.takes == 0)
            return none;
        return leftOf(account) ? sizeWords(*leftOf(account)) : tr("Unlimited");
    default:
        return noteOf(row).text;
    }
}

QVariant PlanTable::barData(std::size_t row, int role) const
{
    const Row &account = m_rows[row];
    if (role == TokenRole)
        return static_cast<int>(noteOf(row).token);
    if (!account.total || *account.total <= 0 || !account.room)
        return -1.0;
    const auto total = static_cast<double>(*account.total);
    if (role == UsedRole)
        return std::clamp(1.0 - static_cast<double>(*account.room) / total, 0.0, 1.0);
    return isTaking(row) ? std::clamp(static_cast<double>(account.takes) / total, 0.0, 1.0) : 0.0;
}

QVariant PlanTable::data(const QModelIndex &index, int role) const
{
    const auto row = static_cast<std::size_t>(index.row());
    if (!index.isValid() || row >= m_rows.size())
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::CheckStateRole:
        if (index.column() != Account || !m_isChoosing)
            return {};
        return isTaking(row) ? Qt::Checked : Qt::Unchecked;
    case Qt::TextAlignmentRole:
        if (index.column() == Account || index.column() == Bar)
            return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::ToolTipRole:
        if (index.column() == Account)
            return m_rows[row].place;
        if (index.column() == Takes && m_rows[row].takes > 0)
            return exactSizeWords(m_rows[row].takes);
        return {};
    case UsedRole:
    case TakesRole:
    case TokenRole:
        return index.column() == Bar ? barData(row, role) : QVariant();
    default:
        return {};
    }
}

bool PlanTable::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid() || index.column() != Account || !m_isChoosing)
        return false;
    std::vector<AccountId> chosen;
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        const bool isIt = row == static_cast<std::size_t>(index.row());
        if (isIt ? value.toInt() == Qt::Checked : isTaking(row))
            chosen.push_back(m_rows[row].id);
    }
    if (chosen.empty()) // none at all cannot be said: an empty choice means all
        return false;
    if (chosen.size() == m_rows.size())
        chosen.clear();
    m_controller.setAccounts(std::move(chosen));
    return true;
}

QVariant PlanTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = section == Free || section == Takes || section == Left;
        return QVariant::fromValue((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Account:
        return tr("Account");
    case Free:
        return tr("Free now");
    case Takes:
        return tr("This takes");
    case Left:
        return tr("Left");
    default:
        return tr("Room");
    }
}

Qt::ItemFlags PlanTable::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    if (index.column() == Account && m_isChoosing)
        flags |= Qt::ItemIsUserCheckable;
    return flags;
}

} // namespace mf::ui
