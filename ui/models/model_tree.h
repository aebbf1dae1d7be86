// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/model_list.h"

#include <QAbstractProxyModel>

namespace mf::ui {

enum class Grouping { Family, Account, State, Format, None };

// Which models are shown.
struct ModelFilter {
    QString text; // all its words are somewhere in name, family, quantization, architecture, tags or hash
    std::optional<ModelState> state;
    QString quantization; // "": any
    QString hash; // a word of the text that is also met by `withHash`
    std::vector<ModelId> withHash;
    bool isNone() const { return text.trimmed().isEmpty() && !state && quantization.isEmpty(); }
    friend bool operator==(const ModelFilter &, const ModelFilter &) = default;
};

// The list of models searched, filtered, sorted and put into groups. What changes the arrangement resets it (a view
// keeps its selection by id: ModelsView), what only changes rows does not. A model is in each group that it belongs to:
// by account, in several.
class ModelTree final : public QAbstractProxyModel
{
    Q_OBJECT
public:
    enum Role { IsGroup = Qt::UserRole + 1, GroupKey };

    explicit ModelTree(ModelList &list, QObject *parent = nullptr);

    void setGrouping(Grouping grouping);
    Grouping grouping() const { return m_grouping; }
    void setFilter(const ModelFilter &filter);
    const ModelFilter &filter() const { return m_filter; }
    // While frozen, rows do not change their places because what they are sorted by did.
    void setFrozen(bool frozen);

    bool isGroup(const QModelIndex &index) const { return !isFlat() && index.internalId() == 0; }
    int shown() const; // rows of models, each counted in each of its groups
    const ModelEntry *entry(const QModelIndex &index) const; // null: a group
    QModelIndex indexOf(const ModelId &id) const; // its first place
    QModelIndexList indexesOf(const ModelId &id) const;

    QModelIndex mapToSource(const QModelIndex &proxy) const override;
    QModelIndex mapFromSource(const QModelIndex &source) const override;
    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    bool hasChildren(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QModelIndex buddy(const QModelIndex &index) const override { return index; }
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

private:
    struct Group {
        QString key;
        std::vector<int> rows; // of the list
        friend bool operator==(const Group &, const Group &) = default;
    };
    struct Place {
        int group = 0;
        int row = 0;
    };
    bool isFlat() const { return m_grouping == Grouping::None; }
    void sortRows();
    std::vector<Group> arranged() const;
    void rearrange();
    void putInPlace(std::vector<Group> groups);
    void noteChanges(const std::vector<int> &rows);
    bool isWanted(int row, const QStringList &words) const;
    QString groupTitle(const Group &group) const;
    QString groupText(const Group &group) const;
    QModelIndex indexAt(const Place &place, int column) const;

    ModelList &m_list;
    Grouping m_grouping = Grouping::Family;
    ModelFilter m_filter;
    ModelColumn m_column = ModelColumn::Name;
    Qt::SortOrder m_direction = Qt::AscendingOrder;
    bool m_isFrozen = false;
    bool m_isStale = false; // changed while frozen
    std::vector<int> m_order; // all rows of the list
    std::vector<Group> m_groups;
    std::unordered_multimap<int, Place> m_places; // by row of the list
};

} // namespace mf::ui
