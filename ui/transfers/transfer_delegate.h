// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "ui/transfers/transfer_buttons.h"
#include "ui/transfers/transfer_rules.h"

#include <QStyledItemDelegate>

#include <vector>

namespace mf::ui {

// A transfer in two lines: icon, title and state at the left; bar and percent; speed and time left; buttons. Its
// accounts, one line each, are share_row.h's.
class TransferDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit TransferDelegate(Clock &clock, QObject *parent = nullptr);

    struct Button {
        RowButton what;
        QRect rect;
        bool isIcon;
    };
    // All of it in the option's coordinates and direction.
    struct Layout {
        QRect icon;
        QRect priority; // its icon; empty: it is the usual one
        QRect title;
        QRect bar; // empty: none
        QRect percent;
        QRect line; // what is said of the state
        QRect speed;
        QRect left;
        std::vector<Button> buttons;
    };
    Layout layoutOf(const QStyleOptionViewItem &option, const TransferEntry &transfer) const;
    // Which button is at this place of the row.
    RowButton buttonAt(const QStyleOptionViewItem &option, const QModelIndex &index, const QPoint &at) const;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
        const QModelIndex &index) override;

private:
    void paintTransfer(QPainter *painter, const QStyleOptionViewItem &option, const TransferEntry &transfer) const;
    void paintButton(QPainter *painter, const QStyleOptionViewItem &option, const Button &button,
        const TransferEntry &transfer) const;
    Clock &m_clock;
};

} // namespace mf::ui
