// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_tree.h"

#include "ui/common/words.h"

#include <QSet>

#include <algorithm>
#include <numeric>

namespace mf::ui {
namespace {

constexpr quintptr kTop = 0; // the id of groups, and of all rows when there are no groups; children: group + 1

// The states in the order in which their groups stand: what needs somebody first.
constexpr ModelState kStates[] = { ModelState::Unreadable, ModelState::AtRisk, ModelState::Reduced, ModelState::Unknown,
    ModelState::Storing, ModelState::SingleCopy, ModelState::Safe };

// Sorts the groups; '\uffff' puts those without a name behind.
QString keyOf(ModelState state)
{
    return QString::number(std::find(std::begin(kStates), std::end(kStates), state) - std::begin(kStates));
}

} // namespace

ModelTree::ModelTree(ModelList &list, QObject *parent)
    : QAbstractProxyModel(parent)
    , m_list(list)
{
    setSourceModel(&list);
    sortRows();
    rearrange();
    connect(&list, &QAbstractItemModel::modelAboutToBeReset, this, [this] { beginResetModel(); });
    connect(&list, &QAbstractItemModel::modelReset, this, [this] {
        sortRows();
        putInPlace(arranged());
        endResetModel();
    });
    connect(&list, &ModelList::changed, this, &ModelTree::noteChanges);
}

void ModelTree::setGrouping(Grouping grouping)
{
    if (grouping == m_grouping)
        return;
    beginResetModel();
    m_grouping = grouping;
    m_groups.clear();
    m_places.clear();
    endResetModel();
    rearrange();
}

void ModelTree::setFilter(const ModelFilter &filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    rearrange();
}

void ModelTree::setFrozen(bool frozen)
{
    m_isFrozen = frozen;
    if (frozen || !m_isStale)
        return;
    sortRows();
    rearrange();
}

void ModelTree::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= kModelColumns)
        return;
    m_column = static_cast<ModelColumn>(column);
    m_direction = order;
    sortRows();
    rearrange();
}

void ModelTree::sortRows()
{
    m_isStale = false;
    m_order.resize(m_list.entries().size());
    std::iota(m_order.begin(), m_order.end(), 0);
    const auto entry
        = [this](int row) -> const ModelEntry & { return m_list.entries()[static_cast<std::size_t>(row)]; };
    const auto byName = [&entry](int a, int b) { return isBefore(ModelColumn::Name, entry(a), entry(b)); };
    // The service gives them by name, which is mostly ours, too.
    if (!std::is_sorted(m_order.begin(), m_order.end(), byName))
        std::stable_sort(m_order.begin(), m_order.end(), byName);
    if (m_column != ModelColumn::Name)
        std::stable_sort(m_order.begin(), m_order.end(), [this, &entry](int a, int b) {
            return m_direction == Qt::AscendingOrder ? isBefore(m_column, entry(a), entry(b))
                                                     : isBefore(m_column, entry(b), entry(a));
        });
    else if (m_direction == Qt::DescendingOrder)
        std::reverse(m_order.begin(), m_order.end());
}

bool ModelTree::isWanted(int row, const QStringList &words) const
{
    const ModelEntry &entry = m_list.entries()[static_cast<std::size_t>(row)];
    if (m_filter.state && entry.state != *m_filter.state)
        return false;
    if (!m_filter.quantization.isEmpty() && entry.facts.quantization != m_filter.quantization)
        return false;
    const auto &withHash = m_filter.withHash;
    return std::all_of(words.begin(), words.end(), [&](const QString &word) {
        return m_list.haystack(row).contains(word)
            || (word == m_filter.hash && std::find(withHash.begin(), withHash.end(), entry.id) != withHash.end());
    });
}

std::vector<ModelTree::Group> ModelTree::arranged() const
{
    const QStringList words = m_filter.text.toLower().split(u' ', Qt::SkipEmptyParts);
    std::vector<Group> groups;
    QHash<QString, std::size_t> known;
    const auto put = [&groups, &known](const QString &key, int row) {
        auto found = known.constFind(key);
        if (found == known.constEnd()) {
            found = known.insert(key, groups.size());
            groups.push_back(Group { key, {} });
        }
        groups[*found].rows.push_back(row);
    };
    for (const int row : m_order) {
        if (!isWanted(row, words))
            continue;
        const ModelEntry &entry = m_list.entries()[static_cast<std::size_t>(row)];
        switch (m_grouping) {
        case Grouping::Family:
            put(entry.facts.family, row);
            break;
        case Grouping::State:
            put(keyOf(entry.state), row);
            break;
        case Grouping::Format:
            put(entry.facts.format, row);
            break;
        case Grouping::None:
            put(QString(), row);
            break;
        case Grouping::Account:
            for (const QString &account : entry.accounts)
                put(account, row);
            if (entry.accounts.isEmpty())
                put(QString(), row);
            break;
        }
    }
    std::sort(groups.begin(), groups.end(), [](const Group &a, const Group &b) {
        if (a.key.isEmpty() != b.key.isEmpty())
            return b.key.isEmpty(); // those without a name come last
        const int order = a.key.compare(b.key, Qt::CaseInsensitive);
        return order != 0 ? order < 0 : a.key < b.key;
    });
    return groups;
}

void ModelTree::rearrange()
{
    std::vector<Group> fresh = arranged();
    if (fresh == m_groups)
        return;
    beginResetModel();
    putInPlace(std::move(fresh));
    endResetModel();
}

void ModelTree::putInPlace(std::vector<Group> groups)
{
    m_groups = std::move(groups);
    m_places.clear();
    m_places.reserve(m_list.entries().size());
    for (std::size_t group = 0; group < m_groups.size(); ++group) {
        int row = 0;
        for (const int source : m_groups[group].rows)
            m_places.emplace(source, Place { static_cast<int>(group), row++ });
    }
}

void ModelTree::noteChanges(const std::vector<int> &rows)
{
    if (m_isFrozen)
        m_isStale = true;
    else if (m_column != ModelColumn::Name)
        sortRows();
    const std::vector<Group> fresh = arranged();
    if (fresh != m_groups) {
        rearrange();
        return;
    }
    QSet<int> groups;
    for (const int row : rows) {
        const auto places = m_places.equal_range(row);
        for (auto place = places.first; place != places.second; ++place) {
            emit dataChanged(indexAt(place->second, 0), indexAt(place->second, kModelColumns - 1));
            groups.insert(place->second.group);
        }
    }
    if (!isFlat()) // their counts and sizes
        for (const int group : std::as_const(groups))
            emit dataChanged(index(group, 0), index(group, 0));
}

int ModelTree::shown() const { return static_cast<int>(m_places.size()); }

const ModelEntry *ModelTree::entry(const QModelIndex &index) const
{
    const QModelIndex source = mapToSource(index);
    return source.isValid() ? &m_list.entries()[static_cast<std::size_t>(source.row())] : nullptr;
}

QModelIndexList ModelTree::indexesOf(const ModelId &id) const
{
    QModelIndexList indexes;
    const auto places = m_places.equal_range(m_list.rowOf(id));
    for (auto place = places.first; place != places.second; ++place)
        indexes.append(indexAt(place->second, 0));
    return indexes;
}

QModelIndex ModelTree::indexOf(const ModelId &id) const { return mapFromSource(m_list.index(m_list.rowOf(id), 0)); }

QModelIndex ModelTree::indexAt(const Place &place, int column) const
{
    return createIndex(place.row, column, isFlat() ? kTop : static_cast<quintptr>(place.group) + 1);
}

QModelIndex ModelTree::mapToSource(const QModelIndex &proxy) const
{
    if (!proxy.isValid() || (proxy.internalId() == kTop && !isFlat()))
        return {};
    const auto group = isFlat() ? std::size_t(0) : static_cast<std::size_t>(proxy.internalId() - 1);
    const auto row = static_cast<std::size_t>(proxy.row());
    if (group >= m_groups.size() || row >= m_groups[group].rows.size())
        return {};
    return m_list.index(m_groups[group].rows[row], proxy.column());
}

QModelIndex ModelTree::mapFromSource(const QModelIndex &source) const
{
    if (!source.isValid())
        return {};
    const auto places = m_places.equal_range(source.row());
    const auto first = std::min_element(
        places.first, places.second, [](const auto &a, const auto &b) { return a.second.group < b.second.group; });
    return first == places.second ? QModelIndex() : indexAt(first->second, source.column());
}

QModelIndex ModelTree::index(int row, int column, const QModelIndex &parent) const
{
    if (row < 0 || column < 0 || column >= kModelColumns || row >= rowCount(parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : kTop);
}

QModelIndex ModelTree::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == kTop)
        return {};
    return createIndex(static_cast<int>(child.internalId() - 1), 0, kTop);
}

int ModelTree::rowCount(const QModelIndex &parent) const
{
    if (isFlat())
        return parent.isValid() || m_groups.empty() ? 0 : static_cast<int>(m_groups.front().rows.size());
    if (!parent.isValid())
        return static_cast<int>(m_groups.size());
    if (parent.internalId() != kTop || parent.column() != 0 || parent.row() >= static_cast<int>(m_groups.size()))
        return 0;
    return static_cast<int>(m_groups[static_cast<std::size_t>(parent.row())].rows.size());
}

int ModelTree::columnCount(const QModelIndex &) const { return kModelColumns; }

bool ModelTree::hasChildren(const QModelIndex &parent) const { return rowCount(parent) > 0; }

QString ModelTree::groupTitle(const Group &group) const
{
    switch (m_grouping) {
    case Grouping::Family:
        return group.key.isEmpty() ? tr("Other families") : group.key;
    case Grouping::Account:
        return group.key.isEmpty() ? tr("On no account") : group.key;
    case Grouping::State:
        return stateName(kStates[group.key.toUInt()]);
    case Grouping::Format:
        return formatOrOther(group.key);
    case Grouping::None:
        break;
    }
    return {};
}

QString ModelTree::groupText(const Group &group) const
{
    const qint64 bytes = std::accumulate(group.rows.begin(), group.rows.end(), qint64(0),
        [this](qint64 sum, int row) { return sum + m_list.entries()[static_cast<std::size_t>(row)].bytes; });
    const auto count = static_cast<qint64>(group.rows.size());
    const QStringList parts = { groupTitle(group), countWords(count, tr("model"), tr("models")), sizeWords(bytes) };
    return parts.join(QStringLiteral("  ·  "));
}

QVariant ModelTree::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const QModelIndex source = mapToSource(index);
    if (source.isValid())
        return role == IsGroup ? QVariant(false) : m_list.data(source, role);
    const auto row = static_cast<std::size_t>(index.row());
    if (row >= m_groups.size())
        return {};
    switch (role) {
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole:
        return index.column() == 0 ? groupText(m_groups[row]) : QString();
    case IsGroup:
        return true;
    case GroupKey:
        return m_groups[row].key;
    default:
        return {};
    }
}

QVariant ModelTree::headerData(int section, Qt::Orientation orientation, int role) const
{
    return m_list.headerData(section, orientation, role);
}

Qt::ItemFlags ModelTree::flags(const QModelIndex &index) const
{
    if (!index.isValid())
        return {};
    if (mapToSource(index).isValid())
        return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    return Qt::ItemIsEnabled;
}

} // namespace mf::ui
