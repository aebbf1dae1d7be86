// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/shortcut_sheet.h"

#include "ui/common/actions.h"
#include "ui/common/widgets.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QMap>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace mf::ui {

ShortcutSheet::ShortcutSheet(const Actions &actions, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("shortcuts"));
    setWindowTitle(tr("Keyboard Shortcuts"));
    resize(460, 560);
    auto *column = new QVBoxLayout(this);
    QLineEdit *search = searchField(tr("Search shortcuts"), tr("Search shortcuts"), this);
    search->setObjectName(QStringLiteral("shortcuts.search"));
    auto *list = new QTreeWidget(this);
    list->setObjectName(QStringLiteral("shortcuts.list"));
    list->setAccessibleName(tr("Shortcuts"));
    list->setHeaderLabels({ tr("Action"), tr("Keys") });
    list->setRootIsDecorated(false);
    list->setSelectionMode(QAbstractItemView::NoSelection);
    list->header()->setStretchLastSection(false);
    list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    column->addWidget(search);
    column->addWidget(list);
    QMap<QString, QTreeWidgetItem *> groups;
    for (const QAction *action : actions.all()) {
        if (action->shortcut().isEmpty())
            continue;
        QTreeWidgetItem *&group = groups[Actions::groupOf(action)];
        if (!group) {
            group = new QTreeWidgetItem(list, { Actions::groupOf(action) });
            QFont bold = font();
            bold.setBold(true);
            group->setFont(0, bold);
            group->setExpanded(true);
        }
        QString text = action->text();
        text.remove(u'&');
        new QTreeWidgetItem(group, { text, action->shortcut().toString(QKeySequence::NativeText) });
    }
    list->expandAll();
    connect(search, &QLineEdit::textChanged, list, [list](const QString &wanted) {
        for (int g = 0; g < list->topLevelItemCount(); ++g) {
            QTreeWidgetItem *group = list->topLevelItem(g);
            bool any = false;
            for (int i = 0; i < group->childCount(); ++i) {
                const QTreeWidgetItem *item = group->child(i);
                const bool isIt = item->text(0).contains(wanted, Qt::CaseInsensitive)
                    || item->text(1).contains(wanted, Qt::CaseInsensitive);
                group->child(i)->setHidden(!isIt);
                any = any || isIt;
            }
            group->setHidden(!any);
        }
    });
}

ShortcutSheet *ShortcutSheet::open(const Actions &actions, QWidget *parent)
{
    auto *sheet = new ShortcutSheet(actions, parent);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->QDialog::show();
    return sheet;
}

} // namespace mf::ui
