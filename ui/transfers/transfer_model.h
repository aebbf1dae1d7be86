// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "ui/common/service.h"
#include "ui/transfers/transfer_rules.h"

#include <QAbstractItemModel>
#include <QHash>
#include <QSet>
#include <QSortFilterProxyModel>
#include <QTimer>

#include <functional>

namespace mf::ui {

// The service's transfers as rows, in its order, and below each the accounts that move fragments for it. A row keeps
// its persistent indexes when others come and go. What only moves (progress) is taken over at most 4 times a second,
// and nothing at all while asleep.
class TransferModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Role {
        IdRole = Qt::UserRole + 1, // TransferId, also of an account's row
        EntryRole, // const TransferEntry *, good until control returns to the event loop; null for an account's row
        ShareRole, // const ShareEntry *, as long; null for a transfer's row
    };

    TransferModel(Service &service, Clock &clock, QObject *parent = nullptr);

    QModelIndex index(int row, int column = 0, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    const TransferEntry *entry(TransferId id) const;
    const std::vector<TransferEntry> &entries() const { return m_entries; }
    int rowOf(TransferId id) const; // -1: gone

    // Only of those transfers the view is told that they move; the others are up to date when looked at. Not set: all.
    std::function<QSet<TransferId>()> seen;
    void setAwake(bool awake);

signals:
    void counted(); // what is in which tab may have changed
    void moved(); // some progress was taken over

private:
    void take(); // all of it
    void note(qint64 id);
    void flush();
    // Brings rows into the order of `fresh`: those that are gone go, new ones come, others move.
    template <typename Row, typename Key>
    void arrange(std::vector<Row> &rows, const std::vector<Row> &fresh, Key key, const QModelIndex &parent);
    void takeShares(std::size_t at, const TransferEntry &fresh); // the rows below it, not what is in them
    void number(); // the rows anew
    void tellShares(int row);
    const ShareEntry *share(const QModelIndex &index) const;

    Service &m_service;
    Clock &m_clock;
    std::vector<TransferEntry> m_entries;
    QHash<TransferId, int> m_rows;
    QSet<TransferId> m_dirty;
    bool m_awake = false;
    QTimer m_timer;
};

// Those of one tab whose name, state or accounts hold a text.
class TransferFilter final : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit TransferFilter(QObject *parent = nullptr);
    void show(TransferTab tab);
    void setText(const QString &text);
    TransferTab tab() const { return m_tab; }
    QString text() const { return m_text; }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    TransferTab m_tab = TransferTab::All;
    QString m_text;
};

} // namespace mf::ui

Q_DECLARE_METATYPE(const mf::ui::TransferEntry *)
Q_DECLARE_METATYPE(const mf::ui::ShareEntry *)
