// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/common/scenes.h"

#include "ui/common/icons.h"
#include "ui/common/question_dialog.h"
#include "ui/common/words.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QSlider>
#include <QSpinBox>
#include <QTabWidget>
#include <QTimer>
#include <QToolButton>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace mf::ui {
namespace {

QString text(const char *utf8) { return QString::fromUtf8(utf8); }

template <typename W> W *named(W *widget, const char *id, const char *name = nullptr)
{
    widget->setObjectName(text(id));
    if (name)
        widget->setAccessibleName(text(name));
    return widget;
}

// Strips and bars as delegates paint them.
class Painted final : public QWidget
{
public:
    explicit Painted(const FakeService &service)
        : m_models(service.shownModels)
    {
        m_line = std::max(16, fontMetrics().height());
        setMinimumSize(m_line * 16, static_cast<int>(m_models.size()) * (m_line + 30) + 50);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(rect(), palette().base());
        const bool isMirrored = layoutDirection() == Qt::RightToLeft;
        int y = 6;
        for (const ModelEntry &model : m_models) {
            const StateLook look = stateLook(model, fakeNow());
            const QRect mark = QStyle::visualRect(layoutDirection(), rect(), QRect(8, y + (m_line - 16) / 2, 16, 16));
            painter.drawPixmap(mark.topLeft(), iconPixmap(look.icon, look.colour, 16, devicePixelRatioF()));
            painter.setPen(Theme::colour(look.colour));
            const QRect place = QStyle::visualRect(layoutDirection(), rect(), QRect(30, y, width() - 38, m_line));
            painter.drawText(
                place, int(isMirrored ? Qt::AlignRight : Qt::AlignLeft) | int(Qt::AlignVCenter), look.label);
            paintStrip(
                painter, QRect(8, y + m_line + 4, width() - 16, 9), model.strip, model.protection.m, model.percent);
            y += m_line + 30;
        }
        paintStrip(painter, QRect(8, y, width() - 16, 18), m_models.back().strip, 2, -1);
        paintBar(painter, QRect(8, y + 26, width() - 16, 8), 0.42, 0.2, Token::Accent, Token::Muted);
    }

private:
    std::vector<ModelEntry> m_models;
    int m_line = 0;
};

QWidget *controls()
{
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    auto *buttons = new QHBoxLayout;
    auto *menuButton = named(new QPushButton(icon(text("ellipsis")), QString()), "more", "More");
    auto *disabled = named(new QPushButton(text("Repair")), "disabled");
    disabled->setEnabled(false);
    buttons->addWidget(named(new QPushButton(text("Download…")), "download"));
    buttons->addWidget(disabled);
    buttons->addWidget(menuButton);
    auto *off = named(primaryButton(text("Store")), "off");
    off->setEnabled(false);
    buttons->addWidget(off);
    auto *tool = named(new QToolButton, "tool", "Pause");
    tool->setIcon(icon(text("pause")));
    tool->setAutoRaise(true);
    buttons->addWidget(tool);
    buttons->addStretch();
    column->addLayout(buttons);

    auto *fields = new QHBoxLayout;
    auto *line = named(new QLineEdit(text("~/models")), "line", "Folder");
    auto *spin = named(new QSpinBox, "spin", "Upload limit");
    spin->setRange(0, 100'000);
    spin->setValue(500);
    spin->setSuffix(text(" kB/s"));
    auto *combo = named(new QComboBox, "combo", "Group by");
    combo->addItems({ text("Group by: Family"), text("Group by: State") });
    fields->addWidget(line, 1);
    fields->addWidget(spin);
    fields->addWidget(combo);
    column->addLayout(fields);

    auto *choices = new QHBoxLayout;
    auto *checked = named(new QCheckBox(text("Checked")), "checked");
    checked->setChecked(true);
    auto *partly = named(new QCheckBox(text("Partly")), "partly");
    partly->setTristate(true);
    partly->setCheckState(Qt::PartiallyChecked);
    auto *none = named(new QRadioButton(text("None")), "none");
    auto *one = named(new QRadioButton(text("1 account")), "one");
    one->setChecked(true);
    choices->addWidget(checked);
    choices->addWidget(named(new QCheckBox(text("Unchecked")), "unchecked"));
    choices->addWidget(partly);
    choices->addWidget(none);
    choices->addWidget(one);
    choices->addStretch();
    column->addLayout(choices);

    auto *slider = named(new QSlider(Qt::Horizontal), "slider", "Losses");
    slider->setRange(0, 10);
    slider->setValue(4);
    auto *bar = named(new QProgressBar, "bar", "Progress");
    bar->setTextVisible(false);
    bar->setValue(62);
    column->addWidget(slider);
    column->addWidget(bar);
    auto *busy = named(new QProgressBar, "busy", "Looking");
    busy->setTextVisible(false);
    busy->setRange(0, 0);
    column->addWidget(busy);
    return box;
}

QTreeWidget *list()
{
    auto *tree = named(new QTreeWidget, "list", "Models");
    tree->setHeaderLabels({ text("Name"), text("Quantization"), text("Size") });
    auto *group = new QTreeWidgetItem(tree, { text("Qwen · 2 models") });
    for (const char *name : { "Qwen2.5-7B-Instruct", "Qwen2.5-3B-Instruct" }) {
        auto *item = new QTreeWidgetItem(group, { text(name), text("Q4_K_M"), sizeWords(4'680'000'000) });
        item->setTextAlignment(2, Qt::AlignRight | Qt::AlignVCenter);
    }
    new QTreeWidgetItem(tree, { text("Llama · closed") });
    new QTreeWidgetItem(tree->topLevelItem(1), { text("x") });
    group->setExpanded(true);
    tree->header()->setStretchLastSection(false);
    tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    tree->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    tree->setSortingEnabled(true);
    tree->sortByColumn(0, Qt::AscendingOrder);
    tree->setCurrentItem(group->child(0));
    return tree;
}

std::unique_ptr<QWidget> gallery(SceneDesk &desk)
{
    auto page = std::make_unique<QWidget>();
    auto *column = new QVBoxLayout(page.get());
    column->setContentsMargins(16, 12, 16, 16);
    column->setSpacing(12);
    auto *header = new PageHeader(text("Models"));
    header->add(
        named(searchField(text("Search by name, family or tag"), text("Search models"), page.get()), "search"), 1);
    header->add(named(primaryButton(text("Store Model…"), text("plus")), "store"));
    column->addWidget(header);
    for (const auto kind : { InlineMessage::Kind::Warning, InlineMessage::Kind::Bad, InlineMessage::Kind::Info }) {
        auto *message = new InlineMessage;
        column->addWidget(message);
        message->tell(kind, text("Backup stick is full."),
            text("2 models have fewer spares until you free or move 1.9 GB."), kind != InlineMessage::Kind::Info);
        if (kind == InlineMessage::Kind::Warning)
            message->addButton(text("Move Fragments…"));
        if (kind != InlineMessage::Kind::Bad)
            message->addButton(text("Details"));
    }
    auto *row = new QHBoxLayout;
    row->setSpacing(16);
    auto *left = new QVBoxLayout;
    left->addWidget(controls());
    QTreeWidget *tree = list();
    left->addWidget(tree, 1);
    row->addLayout(left, 1);
    auto *tabs = named(new QTabWidget, "tabs");
    tabs->setDocumentMode(true);
    tabs->addTab(new Painted(desk.service), text("Overview"));
    tabs->addTab(new QWidget, text("Fragments"));
    tabs->addTab(new QWidget, text("Files"));
    tabs->tabBar()->setObjectName(text("tabs.bar"));
    row->addWidget(tabs);
    column->addLayout(row, 1);
    QTimer::singleShot(0, tree, [tree] { tree->setFocus(); });
    desk.toaster.show(text("“TinyLlama-1.1B” moved to Trash."), text("Undo"), [] { });
    return page;
}

std::unique_ptr<QWidget> emptiness(SceneDesk &)
{
    auto empty = std::make_unique<EmptyState>();
    empty->tell(text("hard-drive"), text("Add a place to store models"),
        text("ModelFloat spreads each model over your own accounts. Add at least one; three or more let you lose one "
             "without losing a model."),
        text("Add Storage…"), text("How it works"));
    return empty;
}

std::unique_ptr<QWidget> menu(SceneDesk &desk)
{
    auto menu = std::make_unique<QMenu>();
    menu->setObjectName(text("menu"));
    menu->addAction(desk.actions.add(
        text("model.fetch"), text("Models"), text("&Download…"), QKeySequence(text("Ctrl+D")), text("download")));
    QAction *repair = desk.actions.add(text("model.repair"), text("Models"), text("&Repair"), {}, text("wrench"));
    Actions::disable(repair, text("Nothing is missing"));
    menu->addAction(repair);
    menu->addSeparator();
    QAction *strip = menu->addAction(text("Show &Strip"));
    strip->setCheckable(true);
    strip->setChecked(true);
    menu->addMenu(text("&Copy"))->addAction(text("Name"));
    menu->addAction(icon(text("trash-2")), text("Move to &Trash"));
    menu->setActiveAction(menu->actions().front());
    return menu;
}

std::unique_ptr<QWidget> question(SceneDesk &)
{
    return std::unique_ptr<QWidget>(questionDialog(nullptr, text("Delete “TinyLlama-1.1B” forever?"),
        text("Its 2,436 fragments on 5 accounts are deleted. Nobody can bring it back."),
        { text("Keep"), text("Delete Forever") }));
}

} // namespace

std::vector<Scene> commonScenes()
{
    return { { QStringLiteral("common-gallery"), gallery, QSize(860, 720) },
        { QStringLiteral("common-menu"), menu, QSize(230, 170) },
        { QStringLiteral("common-question"), question, QSize(460, 140) },
        { QStringLiteral("common-empty"), emptiness, QSize(560, 400) } };
}

} // namespace mf::ui
