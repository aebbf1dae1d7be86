// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/menus.h"

#include "ui/common/actions.h"

#include <QCoreApplication>
#include <QMenu>
#include <QMenuBar>

namespace mf::ui {
namespace {

struct MenuEntry {
    const char *title;
    std::vector<const char *> ids; // nullptr: a line between
};

const std::vector<MenuEntry> &entries()
{
    static const std::vector<MenuEntry> all = {
        { QT_TRANSLATE_NOOP("menus", "&File"),
            { "store.open", "account.add", nullptr, "library.kit", nullptr, "window.close", "app.quit" } },
        { QT_TRANSLATE_NOOP("menus", "&Edit"),
            { "edit.undo", nullptr, "edit.paste", "edit.find", nullptr, "model.copyName", "model.copySha256" } },
        { QT_TRANSLATE_NOOP("menus", "&View"),
            { "page.models", "page.transfers", "page.storage", "page.activity", nullptr, "view.details", "view.whatIf",
                "view.trash", "view.appearance", nullptr, "view.refresh" } },
        { QT_TRANSLATE_NOOP("menus", "&Model"),
            { "model.download", nullptr, "model.check", "model.checkDeep", "model.repair", "model.protect", nullptr,
                "model.trash" } },
        { QT_TRANSLATE_NOOP("menus", "&Transfer"),
            { "transfer.pause", "transfer.resume", "transfer.retry", "transfer.startNow", "transfer.cancel", nullptr,
                "transfer.priorityHigh", "transfer.priorityNormal", "transfer.priorityLow", nullptr, "transfer.top",
                "transfer.up", "transfer.down", "transfer.bottom", nullptr, "transfer.limit", nullptr,
                "transfers.pauseAll", "transfers.clear" } },
        { QT_TRANSLATE_NOOP("menus", "&Storage"),
            { "account.test", "account.rename", "account.lost", "account.remove", nullptr, "storage.checkAll",
                "storage.freeSpace" } },
        { QT_TRANSLATE_NOOP("menus", "&Help"), { "help.setUp", nullptr, "help.shortcuts", "help.about" } },
    };
    return all;
}

} // namespace

void fillMenuBar(QMenuBar &bar, const Actions &actions)
{
    for (const MenuEntry &entry : entries()) {
        QMenu *menu = bar.addMenu(QCoreApplication::translate("menus", entry.title));
        menu->setToolTipsVisible(true); // they say why something cannot be done
        for (const char *id : entry.ids) {
            if (id)
                menu->addAction(actions[QString::fromLatin1(id)]);
            else
                menu->addSeparator();
        }
    }
}

} // namespace mf::ui
