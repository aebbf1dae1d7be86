// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "ui/common/service.h"
#include "ui/models/model_columns.h"

#include <QAbstractTableModel>

#include <unordered_map>

namespace mf::ui {

// The models of the library as a table. It keeps what it shows, for the service may change its own between two signals.
class ModelList final : public QAbstractTableModel
{
    Q_OBJECT
public:
    ModelList(Service &service, Clock &clock, QObject *parent = nullptr);

    const std::vector<ModelEntry> &entries() const { return m_entries; }
    const ModelEntry *entry(const ModelId &id) const; // null: unknown
    int rowOf(const ModelId &id) const; // -1: unknown
    const ModelEntry *named(const QString &name) const;
    // Shows these instead of the stored models with their ids: how they would stand if something were otherwise.
    void showAs(std::vector<ModelEntry> models);
    void showAsItIs() { showAs({}); }
    // The model of that entry as it stands in truth.
    const ModelEntry &asItIs(const ModelEntry &entry) const;
    QDateTime now() const { return m_clock.now(); }
    // Contains what search looks through, in lower case.
    const QString &haystack(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

signals:
    void changed(const std::vector<int> &rows); // all at once, after dataChanged

private:
    void refresh();
    void count();
    void show(const std::vector<ModelEntry> &fresh);
    Service &m_service;
    Clock &m_clock;
    std::vector<ModelEntry> m_entries;
    std::unordered_map<ModelId, ModelEntry, FixedBytesHash> m_asIf;
    std::unordered_map<ModelId, ModelEntry, FixedBytesHash> m_asItIs; // of those in m_asIf
    std::unordered_map<ModelId, int, FixedBytesHash> m_rows;
    mutable std::vector<QString> m_haystacks; // "": not yet made
};

} // namespace mf::ui
