// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/fragments_tab.h"

#include "ui/common/words.h"
#include "ui/models/details_tables.h"
#include "ui/models/small_widgets.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr int kAccount = 1; // column
constexpr int kMostRows = 8; // of the map that are seen at once

} // namespace

FragmentsTab::FragmentsTab(Desk &desk, QWidget *parent)
    : QWidget(parent)
    , m_map(new FragmentMap)
    , m_area(new QScrollArea)
    , m_fragments(new TextTable({ tr("Fragment"), tr("Account"), tr("State"), tr("Size") }, this))
    , m_table(new PlainTable(
          m_fragments, TextTable::SortKey, kAccount, QStringLiteral("models.fragments"), tr("Fragments of the model")))
    , m_onlyMissing(new QCheckBox(tr("Only missing or damaged")))
    , m_count(new QLabel)
    , m_account(new QPushButton(tr("Show Account")))
{
    m_map->setObjectName(QStringLiteral("models.fragmentMap"));
    m_area->setObjectName(QStringLiteral("models.fragmentMapArea"));
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setWidgetResizable(true);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->setFocusPolicy(Qt::NoFocus);
    m_area->setWidget(m_map);
    m_area->viewport()->setAutoFillBackground(false);
    m_map->setAutoFillBackground(false);
    m_onlyMissing->setObjectName(QStringLiteral("models.onlyMissing"));
    m_count->setObjectName(QStringLiteral("models.fragmentCount"));
    m_count->setForegroundRole(QPalette::PlaceholderText);
    m_count->setWordWrap(true);
    alignLeading(m_count);
    m_account->setObjectName(QStringLiteral("models.fragments.account"));
    m_account->setToolTip(tr("Where its fragments can be moved away"));

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(
        buttonFor(desk.actions[QStringLiteral("model.check")], QStringLiteral("models.fragments.check")));
    buttons->addWidget(
        buttonFor(desk.actions[QStringLiteral("model.repair")], QStringLiteral("models.fragments.repair")));
    buttons->addWidget(m_account);
    buttons->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_area);
    column->addWidget(m_onlyMissing);
    column->addWidget(m_table, 1);
    column->addWidget(m_count);
    column->addLayout(buttons);

    connect(m_onlyMissing, &QCheckBox::toggled, this, &FragmentsTab::showFragments);
    connect(m_account, &QPushButton::clicked, this, [this] { emit asksForAccount(chosenAccount()); });
    const auto noteChosen = [this] { m_account->setEnabled(!chosenAccount().isEmpty()); };
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, noteChosen);
    connect(m_table->model(), &QAbstractItemModel::modelReset, this, noteChosen);
    noteChosen();
    fitMap();
}

void FragmentsTab::fitMap()
{
    const auto rows = static_cast<int>(m_details.map.size());
    m_area->setHidden(rows == 0);
    m_area->setFixedHeight(m_map->heightOf(std::min(rows, kMostRows)));
}

void FragmentsTab::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitMap();
}

void FragmentsTab::setDetails(const ModelDetails &details)
{
    m_details = details;
    m_map->setRows(details.map);
    fitMap();
    showFragments();
}

void FragmentsTab::clear()
{
    m_details = {};
    m_map->setRows({});
    fitMap();
    m_fragments->setRows({});
    m_count->clear();
}

QString FragmentsTab::chosenAccount() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows(kAccount);
    return rows.isEmpty() ? QString() : rows.front().data().toString();
}

void FragmentsTab::showFragments()
{
    std::vector<TextTable::Row> rows = fragmentRows(m_details, m_onlyMissing->isChecked());
    const auto shown = static_cast<qint64>(m_details.fragments.size());
    const QString all = countWords(m_details.fragmentCount, tr("fragment"), tr("fragments"));
    if (m_onlyMissing->isChecked() && rows.empty())
        m_count->setText(tr("Nothing is missing: %1.").arg(all));
    else if (shown < m_details.fragmentCount)
        m_count->setText(tr("The first %1 of %2, those that are not there first.").arg(QLocale().toString(shown), all));
    else
        m_count->setText(all);
    m_fragments->setRows(std::move(rows));
}

} // namespace mf::ui
