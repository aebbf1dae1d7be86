// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "ui/common/service.h"

#include <QAbstractItemModel>
#include <QSortFilterProxyModel>

namespace mf::ui {

// The history as days with what happened on each, newest first.
class HistoryModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    HistoryModel(Service &service, Clock &clock, QObject *parent = nullptr);

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    // "14:02 “x” was stored", for the clipboard; of a day, its name.
    QString line(const QModelIndex &index) const;
    bool isDay(const QModelIndex &index) const { return index.isValid() && index.internalId() == 0; }

private:
    struct Day {
        QDate date;
        quintptr key = 0; // of its entries' indexes; days are only added before others
        std::vector<HistoryEntry> entries;
    };
    void take();
    void dropLast();
    void prepend(const HistoryEntry &entry);
    int rowOf(quintptr key) const;

    Service &m_service;
    Clock &m_clock;
    std::vector<HistoryEntry> m_taken; // as the service told it
    std::vector<Day> m_days;
    quintptr m_nextKey = 1;
};

// Entries that hold a text, and the days that have such.
class HistoryFilter final : public QSortFilterProxyModel
{
    Q_OBJECT
public:
    explicit HistoryFilter(QObject *parent = nullptr);
    void setText(const QString &text);
    QString text() const { return m_text; }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QString m_text;
};

} // namespace mf::ui
