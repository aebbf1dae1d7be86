// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/appearance.h"

#include "ui/common/actions.h"
#include "ui/common/theme.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>

namespace mf::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(mf::ui::Appearance)
};

struct Entry {
    Theme::Choice choice;
    const char *id;
    const char *text;
};
constexpr Entry kEntries[] = {
    { Theme::Choice::System, "system", QT_TRANSLATE_NOOP("mf::ui::Appearance", "As the &System") },
    { Theme::Choice::Light, "light", QT_TRANSLATE_NOOP("mf::ui::Appearance", "&Light") },
    { Theme::Choice::Dark, "dark", QT_TRANSLATE_NOOP("mf::ui::Appearance", "&Dark") },
    { Theme::Choice::HighContrast, "contrast", QT_TRANSLATE_NOOP("mf::ui::Appearance", "High &Contrast") },
};

QString key() { return QStringLiteral("window/appearance"); }

} // namespace

QAction *addAppearance(Actions &actions, QSettings &memory, QWidget *window)
{
    QAction *all = actions.add(
        QStringLiteral("view.appearance"), Words::tr("Window"), Words::tr("A&ppearance"), {}, QStringLiteral("sun"));
    auto *menu = new QMenu(window);
    all->setMenu(menu);
    auto *group = new QActionGroup(window);
    const QString remembered = memory.value(key()).toString();
    for (const Entry &entry : kEntries) {
        const QString id = QString::fromLatin1(entry.id);
        QAction *action
            = actions.add(QStringLiteral("view.appearance.") + id, Words::tr("Window"), Words::tr(entry.text));
        action->setCheckable(true);
        group->addAction(action);
        menu->addAction(action);
        const auto choose = [choice = entry.choice] {
            if (Theme *theme = Theme::instance())
                theme->choose(choice);
        };
        QObject::connect(action, &QAction::triggered, window, [choose, id, &memory] {
            memory.setValue(key(), id);
            choose();
        });
        action->setChecked(entry.choice == Theme::Choice::System); // unless something else is remembered
        if (remembered != id)
            continue;
        action->setChecked(true);
        choose();
    }
    return all;
}

} // namespace mf::ui
