// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/filter_bar.h"

#include "ui/common/icons.h"
#include "ui/common/widgets.h"

#include <QActionGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>

namespace mf::ui {
namespace {

constexpr int kSearchLetters = 28; // so many should be seen of what is searched for, before the boxes stand beside it

} // namespace

FilterBar::FilterBar(QSettings &memory, QWidget *parent)
    : QWidget(parent)
    , m_memory(memory)
    , m_search(searchField(tr("Search by name, family, quantization, tag or hash"), tr("Search models"), this))
    , m_state(box(QStringLiteral("models.stateFilter"), tr("Show models in this state")))
    , m_quantization(box(QStringLiteral("models.quantizationFilter"), tr("Show models of this quantization")))
    , m_grouping(box(QStringLiteral("models.grouping"), tr("Group models by")))
    , m_fold(new QPushButton)
    , m_menu(new QMenu(this))
{
    m_search->setObjectName(QStringLiteral("models.search"));
    m_search->setMinimumWidth(m_search->fontMetrics().averageCharWidth() * 16);
    m_state->addItem(tr("All states"));
    for (const ModelState state : { ModelState::Safe, ModelState::Reduced, ModelState::AtRisk, ModelState::Unreadable,
             ModelState::Storing, ModelState::SingleCopy, ModelState::Unknown })
        m_state->addItem(stateName(state), static_cast<int>(state));
    m_quantization->addItem(tr("All quantizations"));
    m_grouping->addItem(tr("Group by: Family"));
    m_grouping->addItem(tr("Group by: Account"));
    m_grouping->addItem(tr("Group by: State"));
    m_grouping->addItem(tr("Group by: Format"));
    m_grouping->addItem(tr("Group by: None"));
    m_state->setCurrentIndex(std::max(0, m_state->findData(m_memory.value(QStringLiteral("models/state"), -1))));
    m_grouping->setCurrentIndex(std::clamp(m_memory.value(QStringLiteral("models/grouping"), 0).toInt(), 0, 4));

    m_fold->setObjectName(QStringLiteral("models.filterMenu"));
    m_fold->setText(tr("Filter"));
    m_fold->setAccessibleName(tr("Filter and group models"));
    m_fold->setIcon(icon(QStringLiteral("list-filter")));
    m_fold->setMenu(m_menu);
    m_fold->hide();
    connect(m_menu, &QMenu::aboutToShow, this, &FilterBar::fillMenu);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    row->addWidget(m_search, 1);
    for (QWidget *widget : { static_cast<QWidget *>(m_state), static_cast<QWidget *>(m_quantization),
             static_cast<QWidget *>(m_grouping), static_cast<QWidget *>(m_fold) })
        row->addWidget(widget);

    setFocusProxy(m_search);
    setTabOrder(m_search, m_state);
    setTabOrder(m_state, m_quantization);
    setTabOrder(m_quantization, m_grouping);
    setTabOrder(m_grouping, m_fold);

    connect(m_search, &QLineEdit::textChanged, this, &FilterBar::filterChanged);
    for (QComboBox *one : { m_state, m_quantization })
        connect(one, &QComboBox::currentIndexChanged, this, [this] {
            remember();
            emit filterChanged();
        });
    connect(m_grouping, &QComboBox::currentIndexChanged, this, [this] {
        remember();
        emit groupingChanged();
    });
}

QComboBox *FilterBar::box(const QString &objectName, const QString &accessibleName)
{
    auto *made = new QComboBox(this);
    made->setObjectName(objectName);
    made->setAccessibleName(accessibleName);
    made->setToolTip(accessibleName);
    made->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    return made;
}

void FilterBar::remember()
{
    m_memory.setValue(QStringLiteral("models/state"), m_state->currentData().isValid() ? m_state->currentData() : -1);
    m_memory.setValue(QStringLiteral("models/grouping"), m_grouping->currentIndex());
}

ModelFilter FilterBar::filter() const
{
    ModelFilter filter;
    filter.text = m_search->text();
    if (m_state->currentIndex() > 0)
        filter.state = static_cast<ModelState>(m_state->currentData().toInt());
    if (m_quantization->currentIndex() > 0)
        filter.quantization = m_quantization->currentText();
    return filter;
}

Grouping FilterBar::grouping() const { return static_cast<Grouping>(m_grouping->currentIndex()); }

void FilterBar::setQuantizations(const QStringList &sorted)
{
    QStringList shown;
    for (int i = 1; i < m_quantization->count(); ++i)
        shown.append(m_quantization->itemText(i));
    if (shown == sorted)
        return;
    const QString chosen = m_quantization->currentIndex() > 0 ? m_quantization->currentText() : QString();
    {
        const QSignalBlocker blocker(m_quantization);
        m_quantization->clear();
        m_quantization->addItem(tr("All quantizations"));
        m_quantization->addItems(sorted);
        if (!chosen.isEmpty())
            m_quantization->setCurrentIndex(std::max(0, m_quantization->findText(chosen)));
    }
    if (!chosen.isEmpty() && m_quantization->currentIndex() == 0)
        emit filterChanged();
}

void FilterBar::clear()
{
    m_search->clear();
    m_state->setCurrentIndex(0);
    m_quantization->setCurrentIndex(0);
}

void FilterBar::setFolded(bool folded)
{
    for (QComboBox *one : { m_state, m_quantization, m_grouping })
        one->setHidden(folded);
    m_fold->setHidden(!folded);
}

int FilterBar::unfoldedWidth() const
{
    int width = m_search->fontMetrics().averageCharWidth() * kSearchLetters;
    for (const QComboBox *one : { m_state, m_quantization, m_grouping })
        width += one->sizeHint().width();
    return width;
}

void FilterBar::fillMenu()
{
    m_menu->clear();
    addToMenu(m_state, tr("State"));
    addToMenu(m_quantization, tr("Quantization"));
    addToMenu(m_grouping, tr("Group By"));
}

void FilterBar::addToMenu(QComboBox *from, const QString &title)
{
    QMenu *menu = m_menu->addMenu(title);
    auto *group = new QActionGroup(menu);
    for (int i = 0; i < from->count(); ++i) {
        QAction *action = menu->addAction(from->itemText(i));
        action->setCheckable(true);
        action->setChecked(i == from->currentIndex());
        group->addAction(action);
        connect(action, &QAction::triggered, from, [from, i] { from->setCurrentIndex(i); });
    }
}

} // namespace mf::ui
