// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/model_tree.h"

#include <QFont>
#include <QStyledItemDelegate>

namespace mf::ui {

// Paints the rows of the list: two lines for a name, icon, word and strip for the protection, one line for a group.
// Sizes come from the font alone, so that ten thousand rows are measured at once.
class ModelDelegate final : public QStyledItemDelegate
{
    Q_OBJECT
public:
    explicit ModelDelegate(const ModelTree &tree, QObject *parent = nullptr);

    void measure(const QFont &font);
    void setShowsAge(bool shows) { m_showsAge = shows; } // in the second line: the column is hidden
    int widthOf(ModelColumn column, const QString &text) const; // that its cell needs

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintName(QPainter *painter, const QStyleOptionViewItem &option, const ModelEntry &model) const;
    void paintProtection(QPainter *painter, const QStyleOptionViewItem &option, const ModelEntry &model) const;

    const ModelTree &m_tree;
    QFont m_font;
    QFont m_strong;
    int m_line = 0;
    int m_rowHeight = 0;
    int m_groupHeight = 0;
    bool m_showsAge = false;
};

} // namespace mf::ui
