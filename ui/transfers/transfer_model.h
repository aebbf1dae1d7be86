// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "ui/common/service.h"
#include "ui/transfers/transfer_rules.h"

#include <QAbstractListModel>
#include <QSet>
#include <QSortFilterProxyModel>
#include <QTimer>

#include <functional>

namespace mf::ui {

// The service's transfers as rows, in its order; a row keeps its persistent indexes when others come and go.
// What only moves (progress) is taken over at most 4 times a second, and nothing at all while asleep.
class TransferModel final : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role {
        IdRole = Qt::UserRole + 1, // TransferId
        EntryRole, // const TransferEntry *, good until control returns to the event loop
    };

    TransferModel(Service &service, Clock &clock, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    const TransferEntry *entry(TransferId id) const;
    const std::vector<TransferEntry> &entries() const { return m_entries; }
    int rowOf(TransferId id) const; // -1: gone

    // Only rows for which this says so are told to the view when they move; the others are up to date when looked at.
    std::function<bool(int row)> isSeen;
    void setAwake(bool awake);

signals:
    void counted(); // what is in which tab may have changed
    void moved(); // some progress was taken over

private:
    void take(); // all of it
    void note(qint64 id);
    void flush();

    Service &m_service;
    Clock &m_clock;
    std::vector<TransferEntry> m_entries;
    QSet<TransferId> m_dirty;
    bool m_awake = false;
    QTimer m_timer;
};

// Those of one tab whose name or state holds a text.
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
