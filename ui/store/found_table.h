// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"
#include "ui/store/store_controller.h"

#include <QAbstractTableModel>

namespace mf::ui {

// What was found among the files: a checkable row for each, by StoreController.
class FoundTable final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Size, Columns };
    enum Role { DetailRole = Qt::UserRole, DetailTokenRole }; // the second line and its colour (a Token)

    explicit FoundTable(StoreController &controller, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Detail {
        QString text;
        Token token = Token::MutedText;
    };
    Detail detailOf(const FoundModel &model) const;
    void refresh();

    StoreController &m_controller;
    int m_rows = 0; // as the views know it
};

} // namespace mf::ui
