// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "ui/common/desk.h"

#include <set>

namespace mf::ui {

// What can be done with models and what lies in the trash: the actions of the page, when they can be used and why not,
// and what they do. Knows no widgets but the one that dialogs stand before.
class ModelsController final : public QObject
{
    Q_OBJECT
public:
    ModelsController(Desk &desk, QWidget *asker);

    void choose(std::vector<ModelEntry> models);
    void chooseTrash(std::vector<TrashEntry> entries);
    const std::vector<ModelEntry> &chosen() const { return m_chosen; }
    void setPageShown(bool shown); // its actions belong to the page that is seen
    bool showsTrash() const { return m_showsTrash; }

signals:
    void asksToDownload(const mf::ui::ModelEntry &model);
    void asksToProtect(const mf::ui::ModelEntry &model);
    void trashToggled(bool shown);
    void failed(const QString &title, const QString &text);
    void succeeded(); // whatever had failed before is mended

private:
    void addActions();
    void addTrashActions();
    QAction *add(const QString &id, const QString &text, const QKeySequence &keys, const QString &icon,
        void (ModelsController::*act)());
    void update();
    QString whyNot() const; // no model can be worked on; "": some can
    QString whyNotOne() const;
    void download();
    void check();
    void checkDeep();
    void repair();
    void protect();
    void copyName();
    void moveToTrash();
    void undo();
    void restoreChosen();
    void deleteChosen();
    void emptyTrash();
    void copySha256();
    Task<void> copySha256Of(ModelEntry model);
    Task<void> trash(std::vector<TrashEntry> models);
    Task<void> restore(std::vector<TrashEntry> entries);
    Task<void> deleteForever(std::vector<TrashEntry> entries);
    void forgetUndo(const TrashEntry &entry);
    std::vector<ModelId> chosenIds() const;

    Desk &m_desk;
    QWidget *m_asker;
    std::vector<ModelEntry> m_chosen;
    std::vector<TrashEntry> m_chosenTrash;
    std::set<ModelId> m_onTheirWay; // to the trash
    std::vector<TrashEntry> m_undo; // what went to the trash last
    bool m_isPageShown = false;
    bool m_showsTrash = false;
    TaskScope m_scope;
};

} // namespace mf::ui
