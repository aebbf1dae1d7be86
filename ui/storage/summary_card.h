// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshots.h"
#include "ui/storage/account_space.h"

#include <QFrame>

class QLabel;

namespace mf::ui {

class SpaceBar;

// What all accounts together hold and have room for.
class SummaryCard final : public QFrame
{
    Q_OBJECT
public:
    explicit SummaryCard(QWidget *parent = nullptr);
    // room: what is left; nothing: not known yet.
    void tell(const std::vector<AccountEntry> &accounts, const std::optional<RoomLeft> &room);
    void setCompact(bool isCompact); // without the legend, which is in the bar's tooltip, too

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QLabel *m_text;
    QLabel *m_note;
    SpaceBar *m_bar;
    QWidget *m_legend;
    bool m_isCompact = false;
    bool m_isKnown = false;
    QLabel *m_ours;
    QLabel *m_others;
    QLabel *m_free;
};

// Ours, other files and what is free, side by side.
class SpaceBar final : public QWidget
{
    Q_OBJECT
public:
    explicit SpaceBar(QWidget *parent = nullptr);
    void tell(const AccountSpace &space);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    AccountSpace m_space;
};

} // namespace mf::ui
