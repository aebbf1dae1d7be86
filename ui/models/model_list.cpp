// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_list.h"

#include "ui/common/words.h"

#include <algorithm>

namespace mf::ui {
namespace {

bool looksTheSame(const ModelEntry &a, const ModelEntry &b)
{
    const auto facts = [](const ModelFacts &f) {
        return std::tie(f.format, f.family, f.architecture, f.quantization, f.parameters, f.contextLength, f.license);
    };
    const auto rest = [](const ModelEntry &e) {
        return std::tie(e.percent, e.state, e.spare, e.uploadedBytes, e.bytes, e.files, e.revision, e.onThisComputer,
            e.protection.k, e.protection.m, e.name, e.strip, e.sha256, e.tags, e.accounts, e.stored, e.proven);
    };
    return rest(a) == rest(b) && facts(a.facts) == facts(b.facts);
}

} // namespace

ModelList::ModelList(Service &service, Clock &clock, QObject *parent)
    : QAbstractTableModel(parent)
    , m_service(service)
    , m_clock(clock)
    , m_entries(service.models())
{
    count();
    connect(&service, &Service::modelsChanged, this, &ModelList::refresh);
}

void ModelList::count()
{
    m_rows.clear();
    m_rows.reserve(m_entries.size());
    for (std::size_t i = 0; i < m_entries.size(); ++i)
        m_rows.emplace(m_entries[i].id, static_cast<int>(i));
    m_haystacks.assign(m_entries.size(), QString());
}

void ModelList::showAs(std::vector<ModelEntry> models)
{
    m_asIf.clear();
    for (ModelEntry &model : models)
        m_asIf.emplace(model.id, std::move(model));
    refresh();
}

const ModelEntry &ModelList::asItIs(const ModelEntry &entry) const
{
    const auto found = m_asItIs.find(entry.id);
    return found == m_asItIs.end() ? entry : found->second;
}

void ModelList::refresh()
{
    m_asItIs.clear();
    if (m_asIf.empty()) {
        show(m_service.models());
        return;
    }
    std::vector<ModelEntry> models = m_service.models();
    for (ModelEntry &model : models) {
        const auto other = m_asIf.find(model.id);
        if (other == m_asIf.end())
            continue;
        m_asItIs.emplace(model.id, model);
        model.state = other->second.state;
        model.spare = other->second.spare;
        model.strip = other->second.strip;
    }
    show(models);
}

void ModelList::show(const std::vector<ModelEntry> &fresh)
{
    const bool isSame = std::equal(fresh.begin(), fresh.end(), m_entries.begin(), m_entries.end(),
        [](const ModelEntry &a, const ModelEntry &b) { return a.id == b.id; });
    if (!isSame) {
        beginResetModel();
        m_entries = fresh;
        count();
        endResetModel();
        return;
    }
    // One signal per run of changed rows: a view measures again what is said to have changed.
    const auto rows = static_cast<int>(fresh.size());
    std::vector<int> all;
    int begin = -1;
    for (int row = 0; row <= rows; ++row) {
        const auto at = static_cast<std::size_t>(row);
        const bool differs = row < rows && !looksTheSame(fresh[at], m_entries[at]);
        if (differs) {
            m_entries[at] = fresh[at];
            m_haystacks[at].clear();
            all.push_back(row);
            if (begin < 0)
                begin = row;
        } else if (begin >= 0) {
            emit dataChanged(index(begin, 0), index(row - 1, kModelColumns - 1));
            begin = -1;
        }
    }
    if (!all.empty())
        emit changed(all);
}

const ModelEntry *ModelList::entry(const ModelId &id) const
{
    const int row = rowOf(id);
    return row < 0 ? nullptr : &m_entries[static_cast<std::size_t>(row)];
}

int ModelList::rowOf(const ModelId &id) const
{
    const auto found = m_rows.find(id);
    return found == m_rows.end() ? -1 : found->second;
}

const ModelEntry *ModelList::named(const QString &name) const
{
    const auto found = std::find_if(
        m_entries.begin(), m_entries.end(), [&name](const ModelEntry &entry) { return entry.name == name; });
    return found == m_entries.end() ? nullptr : &*found;
}

const QString &ModelList::haystack(int row) const
{
    const auto at = static_cast<std::size_t>(row);
    if (m_haystacks[at].isEmpty()) {
        const ModelEntry &entry = m_entries[at];
        const QStringList parts = { entry.name, entry.facts.family, entry.facts.quantization, entry.facts.architecture,
            entry.tags.join(u'\n'), entry.sha256 };
        m_haystacks[at] = parts.join(u'\n').toLower();
    }
    return m_haystacks[at];
}

int ModelList::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

int ModelList::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : kModelColumns; }

QVariant ModelList::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const ModelEntry &entry = m_entries[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<ModelColumn>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return columnText(column, entry, m_clock.now());
    case Qt::ToolTipRole:
        return columnToolTip(column, entry);
    case Qt::TextAlignmentRole:
        return static_cast<int>((isNumeric(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::AccessibleTextRole:
        if (column == ModelColumn::Name)
            return QString(entry.name + QStringLiteral(", ") + secondLine(entry, true, m_clock.now()));
        return QString(columnTitle(column) + QStringLiteral(": ") + columnText(column, entry, m_clock.now()));
    case Qt::AccessibleDescriptionRole:
        return column == ModelColumn::Protection ? stateSentence(entry) : QString();
    default:
        return {};
    }
}

QVariant ModelList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kModelColumns)
        return {};
    const auto column = static_cast<ModelColumn>(section);
    if (role == Qt::DisplayRole)
        return columnTitle(column);
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>((isNumeric(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    return {};
}

} // namespace mf::ui
