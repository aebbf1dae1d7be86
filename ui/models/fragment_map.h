// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshots.h"

#include <QWidget>

namespace mf::ui {

// The protection strip of one model, 18 pixels high, and the same in words.
class StripWidget final : public QWidget
{
    Q_OBJECT
public:
    explicit StripWidget(QWidget *parent = nullptr);
    void setEntry(const ModelEntry &model);
    QSize sizeHint() const override { return QSize(200, 18); }
    QSize minimumSizeHint() const override { return QSize(60, 18); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    ModelEntry m_model;
};

// Which account holds what: a row for each account, a column for each part of the model. Arrow keys go through the
// cells, the pointer shows them; both say the same words.
class FragmentMap final : public QWidget
{
    Q_OBJECT
public:
    using Rows = std::vector<ModelDetails::MapRow>;
    explicit FragmentMap(QWidget *parent = nullptr);
    void setRows(Rows rows);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    QString cellWords(int row, int column) const;
    QPoint cursor() const { return m_cursor; } // column, row; -1: none

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    bool event(QEvent *event) override;

private:
    int columns() const;
    int labelWidth() const;
    int rowHeight() const;
    QRect barOf(int row) const; // the cells of a row
    QRect cellOf(int row, int column) const;
    void paintRow(QPainter &painter, int row) const;
    void say();
    Rows m_rows;
    QPoint m_cursor = QPoint(-1, -1);
};

} // namespace mf::ui
