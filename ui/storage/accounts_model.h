// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "ui/common/service.h"

#include <QAbstractTableModel>

namespace mf::ui {

// The accounts as a table. Rows are kept by the accounts' ids: what is selected stays so.
class AccountsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Health, Space, Fragments, Columns };
    enum Role {
        EntryRole = Qt::UserRole, // const AccountEntry *, good until the model changes
        SortRole,
        SecondLineRole, // below what is displayed
    };

    // Both outlive it.
    AccountsModel(const Service &service, Clock &clock, QObject *parent = nullptr);

    const AccountEntry *entry(const QModelIndex &index) const; // null: no such row
    QModelIndex indexOf(const AccountId &id) const;
    QModelIndex indexOf(const QString &name) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    // Changes nothing by itself: it asks for a new name.
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;

    void update(); // from the service

signals:
    void renameAsked(const mf::AccountId &id, const QString &name);

private:
    QVariant display(const AccountEntry &account, int column) const;
    QVariant sortKey(const AccountEntry &account, int column) const;
    QString secondLine(const AccountEntry &account, int column) const;

    const Service &m_service;
    Clock &m_clock;
    std::vector<AccountEntry> m_rows;
};

} // namespace mf::ui

Q_DECLARE_METATYPE(const mf::ui::AccountEntry *)
