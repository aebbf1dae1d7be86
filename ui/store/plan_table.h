// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"
#include "ui/store/store_controller.h"

#include <QAbstractTableModel>

namespace mf::ui {

// What storing takes from each account, and, if asked, which of them take part.
class PlanTable final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Account, Free, Takes, Left, Bar, Columns };
    // Of Bar: how full it is and how much of it this takes, 0 … 1 (-1: not known); its words' colour (a Token).
    enum Role { UsedRole = Qt::UserRole, TakesRole, TokenRole };

    PlanTable(Service &service, StoreController &controller, QObject *parent = nullptr);

    void setChoosing(bool yes); // with check boxes
    // Accounts without a check; which take part is said to the controller.
    bool isTaking(std::size_t row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Row {
        AccountId id;
        QString name;
        QString place;
        std::optional<qint64> room;
        std::optional<qint64> total;
        qint64 takes = 0;
        bool isPlanned = false; // takes is known
        AccountEntry::Health health = AccountEntry::Health::Connected;
    };
    struct Note {
        QString text;
        Token token = Token::MutedText;
    };
    std::vector<Row> rowsNow() const;
    void refresh();
    std::optional<qint64> leftOf(const Row &row) const;
    bool isAlmostFull(const Row &row) const;
    Note noteOf(std::size_t row) const;
    QVariant text(std::size_t row, int column) const;
    QVariant barData(std::size_t row, int role) const;

    Service &m_service;
    StoreController &m_controller;
    std::vector<Row> m_rows;
    bool m_isChoosing = false;
};

} // namespace mf::ui
