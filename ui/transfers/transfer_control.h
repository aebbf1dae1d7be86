// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "ui/common/desk.h"
#include "ui/transfers/transfer_rules.h"

class QMenu;

namespace mf::ui {

// What is done to transfers: the actions of the group "Transfers", what they may do now, and what must be asked first.
class TransferControl final : public QObject
{
    Q_OBJECT
public:
    // window: what questions belong to.
    TransferControl(Desk &desk, QWidget *window, QObject *parent = nullptr);

    // What the actions are done to, from top to bottom.
    void choose(std::vector<TransferId> ids);
    const std::vector<TransferId> &chosen() const { return m_chosen; }
    // Makes the actions fit what the transfers are now.
    void refresh();
    // To the place of another one (0: behind all).
    void moveBefore(TransferId id, TransferId before);

    // Those that only make sense while the list has the focus: they are its, too.
    std::vector<QAction *> rowActions() const;
    void fillMenu(QMenu &menu) const; // the context menu

signals:
    void showsModel(const QString &name);
    void asksForLimit(const std::vector<mf::ui::TransferId> &ids); // of these together

private:
    enum class Way { Up, Down, Top, Bottom };
    void makeActions();
    void toggle();
    void forEach(bool (*can)(const TransferEntry &), void (Service::*act)(TransferId));
    Task<void> cancel(std::vector<TransferEntry> transfers);
    void move(Way way);
    void setPriority(TransferPriority priority);
    void copyError();
    void openFolder();
    std::vector<TransferEntry> entries() const; // those chosen that are still there

    Desk &m_desk;
    QWidget *m_window;
    std::vector<TransferId> m_chosen;
    TaskScope m_scope;
};

} // namespace mf::ui
