// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/actions.h"

#include "ui/common/icons.h"

#include <QWidget>

namespace mf::ui {
namespace {

const char *const kGroup = "mf.group";

QString tipOf(const QAction *action)
{
    QString tip = action->text();
    tip.remove(u'&');
    if (!action->shortcut().isEmpty())
        tip += QStringLiteral(" (%1)").arg(action->shortcut().toString(QKeySequence::NativeText));
    return tip;
}

} // namespace

Actions::Actions(QWidget *window)
    : QObject(window)
    , m_window(window)
{
}

QAction *Actions::add(
    const QString &id, const QString &group, const QString &text, const QKeySequence &shortcut, const QString &iconName)
{
    for (const QAction *known : m_all) {
        if (known->objectName() == id)
            qFatal("there are two actions called %s", qUtf8Printable(id));
    }
    auto *action = new QAction(text, m_window);
    action->setObjectName(id);
    action->setProperty(kGroup, group);
    action->setShortcut(shortcut);
    if (!iconName.isEmpty())
        action->setIcon(icon(iconName));
    action->setToolTip(tipOf(action));
    m_window->addAction(action);
    m_all.push_back(action);
    return action;
}

QAction *Actions::operator[](const QString &id) const
{
    for (QAction *action : m_all) {
        if (action->objectName() == id)
            return action;
    }
    qFatal("no action is called %s", qUtf8Printable(id));
}

QString Actions::groupOf(const QAction *action) { return action->property(kGroup).toString(); }

QStringList Actions::clashes() const
{
    QStringList found;
    for (std::size_t i = 0; i < m_all.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const bool areEverywhere = m_all[i]->shortcutContext() != Qt::WidgetWithChildrenShortcut
                && m_all[j]->shortcutContext() != Qt::WidgetWithChildrenShortcut;
            for (const QKeySequence &keys : m_all[i]->shortcuts()) {
                if (areEverywhere && !keys.isEmpty() && m_all[j]->shortcuts().contains(keys))
                    found.append(QStringLiteral("%1 and %2: %3")
                            .arg(m_all[j]->objectName(), m_all[i]->objectName(), keys.toString()));
            }
        }
    }
    return found;
}

void Actions::disable(QAction *action, const QString &why)
{
    action->setEnabled(why.isEmpty());
    action->setToolTip(why.isEmpty() ? tipOf(action) : why);
    action->setStatusTip(why);
}

} // namespace mf::ui
