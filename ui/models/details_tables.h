// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshots.h"

#include <QAbstractTableModel>

namespace mf::ui {

// A table of texts that is shown as it is given: what the tabs of the details are made of.
class TextTable final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Role { SortKey = Qt::UserRole + 1 };
    struct Cell {
        QString text;
        QVariant key; // what it is sorted by; invalid: its text
        QString icon; // "": none
        QString toolTip;
        bool isNumber = false;
    };
    using Row = std::vector<Cell>;

    explicit TextTable(QStringList titles, QObject *parent = nullptr);
    void setRows(std::vector<Row> rows);
    const std::vector<Row> &rows() const { return m_rows; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QStringList m_titles;
    std::vector<Row> m_rows;
};

std::vector<TextTable::Row> fragmentRows(const ModelDetails &details, bool onlyMissing);
std::vector<TextTable::Row> metadataRows(const ModelDetails &details);
std::vector<TextTable::Row> fileRows(const ModelDetails &details);
// Its revisions, and what was done with the model of that name, newest first.
std::vector<TextTable::Row> historyRows(
    const ModelDetails &details, const QString &name, const std::vector<HistoryEntry> &events, const QDateTime &now);
QString fragmentStateWords(FragmentState state);

} // namespace mf::ui
