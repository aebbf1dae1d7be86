// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"
#include "ui/transfers/transfer_control.h"
#include "ui/transfers/transfer_delegate.h"

class QStackedWidget;
class QTabBar;

namespace mf::ui {

class SpeedPanel;
class TransferBar;
class TransferFilter;
class TransferModel;
class TransferView;

// What moves, waits and ended (ux.md 2.2).
class TransfersPage final : public Page
{
    Q_OBJECT
public:
    explicit TransfersPage(Desk &desk, QWidget *parent = nullptr);

    QString title() const override { return tr("Transfers"); }
    QLineEdit *search() const override { return m_search; }
    std::vector<QWidget *> panes() override;
    void reveal(const QString &key) override; // name of a model or account: its newest transfer

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void build();
    void connectAll();
    void tellTabs();
    void tellState(); // the banner, and what stands instead of an empty list
    void tellEmpty();
    void tellCurrent();
    void press(TransferId id, RowButton button);
    void openMenu(const QPoint &at);
    void openLimit(const std::vector<TransferId> &ids);
    void clickEmpty();

    Desk &m_desk;
    TransferControl *m_control;
    TransferModel *m_model;
    TransferFilter *m_filter;
    QLineEdit *m_search;
    QTabBar *m_tabs;
    InlineMessage *m_banner;
    QStackedWidget *m_stack;
    TransferView *m_view;
    EmptyState *m_empty;
    TransferBar *m_bar;
    SpeedPanel *m_speed;
    QString m_bannerShown; // what the banner is about; "": it is hidden
};

} // namespace mf::ui
