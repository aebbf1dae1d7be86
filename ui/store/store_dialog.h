// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"
#include "ui/store/store_controller.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QScrollArea;
class QTreeView;

namespace mf::ui {

class DropTarget;
class FoundTable;
class PlanTable;
class ProtectionQuestion;

// Asks what of some files is to be stored, and how; then gives the orders and closes.
class StoreDialog final : public QDialog
{
    Q_OBJECT
public:
    // One for each parent: if it is open already, the paths are added to it. Deletes itself. Without paths it asks for
    // them.
    static StoreDialog *open(Desk &desk, QWidget *parent, const QStringList &paths);
    ~StoreDialog() override;
    static StoreDialog *openOne(const QWidget *parent); // the one that is open; null: none

    void addPaths(const QStringList &paths) { m_controller.addPaths(paths); }
    StoreController &controller() { return m_controller; }

signals:
    void asksFor(const QString &page, const QString &key);

protected:
    void done(int result) override;
    void changeEvent(QEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    StoreDialog(Desk &desk, QWidget *parent);
    QWidget *makeEmpty();
    QLayout *makeFiles(QWidget *part);
    QWidget *makeName();
    QWidget *makeNameNote(QWidget *part);
    QLayout *makePlan(QWidget *part);
    QWidget *makeButtons();
    void setTabs();
    void fitLists();
    void fitHeight();
    int wantedHeight() const; // in which all rows of the lists are seen
    void begin();

    void showFound();
    void showFindParts();
    void showTotal();
    void showName();
    void showPlan();
    void showButtons();
    void tellTrouble();
    void tellLacking();
    QString totalWords() const;
    void chooseAdvanced(bool on);
    void copyCommand();
    void store();
    Task<void> chooseFiles();
    Task<void> chooseFolder();
    const FoundModel *incomplete() const; // the one that is chosen in the list, or the first; null: all are whole
    Task<void> findParts();

    Desk &m_desk;
    StoreController m_controller;
    DropTarget *m_drop;
    InlineMessage *m_message;
    EmptyState *m_empty = nullptr;
    QWidget *m_looking = nullptr;
    QScrollArea *m_area = nullptr; // of the body
    QWidget *m_body = nullptr; // all but the empty state, the messages and the buttons
    QTreeView *m_found = nullptr;
    FoundTable *m_foundTable;
    QPushButton *m_findParts = nullptr;
    QPushButton *m_addFiles = nullptr;
    QPushButton *m_addFolder = nullptr;
    QWidget *m_nameRow = nullptr;
    QLineEdit *m_name = nullptr;
    QLabel *m_nameNote = nullptr;
    ProtectionQuestion *m_question;
    QTreeView *m_plan = nullptr;
    PlanTable *m_planTable;
    QLabel *m_total = nullptr;
    InlineMessage *m_lacking; // why there is no room, or what a plan warns of
    QCheckBox *m_remember = nullptr;
    QPushButton *m_copy = nullptr;
    QPushButton *m_cancel = nullptr;
    QPushButton *m_store = nullptr;
    struct Refusal {
        QString title;
        QString why; // "": there is none
    };
    Refusal m_refusal; // of what was dropped or chosen last
    QString m_told; // what the messages say now, lest they say it again
    QString m_toldLacking;
    QSize m_size; // that the user gave such a dialog, or that of the first one
    QSize m_fitted; // to what there is to see: until the user changes it
    TaskScope m_tasks;
};

} // namespace mf::ui
