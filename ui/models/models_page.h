// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "ui/common/desk.h"
#include "ui/models/models_controller.h"

class QMenu;
class QProgressBar;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace mf::ui {

class DetailsPanel;
class FilterBar;
class HashSearch;
class IssueMessage;
class ModelList;
class ModelsView;
class ModelTree;
class TrashView;
class WhatIf;
class WhatIfMessage;

// The first page: all models of the library, how they stand, and what can be done with them (ux.md 2.1). Needs the
// action "store.open", which the window makes.
class ModelsPage final : public Page
{
    Q_OBJECT
public:
    explicit ModelsPage(Desk &desk, QWidget *parent = nullptr);
    ~ModelsPage() override;

    QString title() const override;
    QLineEdit *search() const override;
    std::vector<QWidget *> panes() override;
    void reveal(const QString &key) override; // a model's name
    QMenu *modelMenu() const { return m_menu; } // of a row; the menu bar shows the same
    QSize minimumSizeHint() const override;

signals:
    void asksToDownload(const mf::ui::ModelEntry &model);
    void asksToProtect(const mf::ui::ModelEntry &model);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void addActions();
    void addWhatIf();
    void fillWhatIf();
    void showWhatIf();
    void fillMenu();
    void layOut();
    void connectParts();
    void showState();
    void showEmpty();
    void showOpening();
    Task<void> noteOpening();
    void applyFilter();
    void noteChosen();
    void fitWidth();
    void showDetails(bool wanted);
    void emptyButton();

    Desk &m_desk;
    ModelsController *m_controller;
    ModelList *m_list;
    ModelTree *m_tree;
    HashSearch *m_hashes;
    WhatIf *m_whatIf;
    QMenu *m_menu;
    PageHeader *m_header;
    FilterBar *m_filter;
    QPushButton *m_store;
    QProgressBar *m_opening;
    IssueMessage *m_issue;
    WhatIfMessage *m_asIf;
    InlineMessage *m_failure;
    QSplitter *m_splitter;
    QStackedWidget *m_pages;
    ModelsView *m_view;
    EmptyState *m_empty;
    TrashView *m_trash;
    DetailsPanel *m_details;
    QAction *m_detailsAction;
    QAction *m_whatIfAction;
    bool m_isNarrow = false;
    bool m_isOpening = false;
    enum class Offer { None, AddStorage, Store, Clear, Again } m_offer = Offer::None;
    TaskScope m_scope;
};

} // namespace mf::ui
