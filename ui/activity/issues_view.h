// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/activity/issue_card.h"
#include "ui/common/desk.h"

class QScrollArea;
class QStackedWidget;
class QVBoxLayout;

namespace mf::ui {

// The issues as cards, worst first. What is solved while somebody looks stays until they look away.
class IssuesView final : public QWidget
{
    Q_OBJECT
public:
    static constexpr int kMost = 100; // cards; the rest is counted

    explicit IssuesView(Desk &desk, QWidget *parent = nullptr);

    void setFilter(const QString &text);

signals:
    void asksFor(const QString &page, const QString &key);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void take();
    void tellEmpty();
    void arrange();
    IssueCard *cardOf(const QString &issue) const;
    IssueCard *makeCard();
    bool isShown(const IssueEntry &issue) const;

    Desk &m_desk;
    IssueControl *m_control;
    QString m_filter;
    QStackedWidget *m_stack;
    QScrollArea *m_area;
    QVBoxLayout *m_column;
    QLabel *m_more;
    EmptyState *m_empty;
    std::vector<IssueCard *> m_cards; // in their order
};

} // namespace mf::ui
