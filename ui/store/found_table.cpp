// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/found_table.h"

#include "core/base/path_text.h"
#include "ui/common/words.h"

namespace mf::ui {
namespace {

constexpr int kNamedMissing = 2;

QString factsWords(const FoundModel &model)
{
    const QStringList all { formatWords(model.facts.format), model.facts.architecture, model.facts.quantization,
        parameterWords(model.facts.parameters) };
    QStringList words;
    for (const QString &word : all) {
        if (!word.isEmpty())
            words.append(word);
    }
    return words.join(QStringLiteral(" · "));
}

} // namespace

FoundTable::FoundTable(StoreController &controller, QObject *parent)
    : QAbstractTableModel(parent)
    , m_controller(controller)
{
    connect(&controller, &StoreController::foundChanged, this, &FoundTable::refresh);
    connect(&controller, &StoreController::chosenChanged, this, [this] {
        if (m_rows > 0)
            emit dataChanged(index(0, 0), index(m_rows - 1, Columns - 1), { Qt::CheckStateRole });
    });
    refresh();
}

void FoundTable::refresh()
{
    beginResetModel();
    m_rows = static_cast<int>(m_controller.found().size());
    endResetModel();
}

int FoundTable::rowCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : m_rows; }
int FoundTable::columnCount(const QModelIndex &parent) const { return parent.isValid() ? 0 : Columns; }

FoundTable::Detail FoundTable::detailOf(const FoundModel &model) const
{
    if (!model.problem.isEmpty())
        return { model.problem, Token::Bad };
    if (!model.missing.isEmpty()) {
        QStringList first = model.missing.mid(0, kNamedMissing);
        for (QString &name : first)
            name = isolated(name);
        QString names = first.join(QStringLiteral(", "));
        const qsizetype more = model.missing.size() - kNamedMissing;
        if (more > 0)
            names = tr("%1 and %2 more").arg(names).arg(more);
        const QString text = model.missing.size() == 1 ? tr("A part is missing: %1") : tr("Parts are missing: %1");
        return { text.arg(names), Token::Warn };
    }
    if (!model.isModel)
        return { tr("Not a model — skipped"), Token::MutedText };
    QString facts = factsWords(model);
    if (model.files > 1)
        facts
            += (facts.isEmpty() ? QString() : QStringLiteral(" · ")) + countWords(model.files, tr("file"), tr("files"));
    facts = isolated(facts); // or its numbers would change places where one reads from right to left
    if (model.isKnown)
        return { facts.isEmpty() ? tr("Already in your library") : tr("Already in your library · %1").arg(facts),
            Token::Info };
    if (model.facts.format == QStringLiteral("pickle"))
        return { tr("%1 · This format can run code when loaded. It will be stored unchanged.").arg(facts),
            Token::Warn };
    return { facts, Token::MutedText };
}

QVariant FoundTable::data(const QModelIndex &index, int role) const
{
    const auto row = static_cast<std::size_t>(index.row());
    if (!index.isValid() || row >= m_controller.found().size())
        return {};
    const FoundModel &model = m_controller.found()[row];
    if (role == Qt::CheckStateRole && index.column() == Name)
        return m_controller.isChosen(row) ? Qt::Checked : Qt::Unchecked;
    if (role == Qt::TextAlignmentRole && index.column() == Size)
        return QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter);
    if (index.column() == Size) {
        if (role == Qt::DisplayRole && (model.bytes > 0 || model.problem.isEmpty()))
            return sizeWords(model.bytes);
        if (role == Qt::ToolTipRole)
            return exactSizeWords(model.bytes);
        return {};
    }
    const Detail detail = detailOf(model);
    switch (role) {
    case Qt::DisplayRole:
        return model.name;
    case DetailRole:
        return detail.text;
    case DetailTokenRole:
        return static_cast<int>(detail.token);
    case Qt::AccessibleTextRole:
        return QString(model.name + QStringLiteral(", ") + detail.text);
    case Qt::ToolTipRole: {
        QStringList lines { model.name, detail.text };
        for (const QByteArray &path : model.paths) {
            if (lines.size() < 12)
                lines.append(textOfPath(path));
        }
        return lines.join(u'\n');
    }
    default:
        return {};
    }
}

bool FoundTable::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::CheckStateRole || !index.isValid() || index.column() != Name)
        return false;
    const auto row = static_cast<std::size_t>(index.row());
    if (!m_controller.canChoose(row))
        return false;
    m_controller.choose(row, value.toInt() == Qt::Checked);
    return true;
}

QVariant FoundTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Horizontal && role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section == Size ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Model") : tr("Size");
}

Qt::ItemFlags FoundTable::flags(const QModelIndex &index) const
{
    const auto row = static_cast<std::size_t>(index.row());
    if (!index.isValid() || row >= m_controller.found().size())
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    if (index.column() == Name && m_controller.canChoose(row))
        flags |= Qt::ItemIsUserCheckable;
    return flags;
}

} // namespace mf::ui
