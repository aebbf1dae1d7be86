// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshots.h"

#include <QWidget>

#include <algorithm>

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
// cells, the pointer shows them; both say the same words. A click on an account's name, or Enter in its row, chooses
// it.
class FragmentMap final : public QWidget
{
    Q_OBJECT
public:
    using Rows = std::vector<ModelDetails::MapRow>;
    explicit FragmentMap(QWidget *parent = nullptr);
    void setRows(Rows rows);
    void setLost(const QString &account); // is shown as if it were gone; "": none
    QRect labelOf(int row) const;
    int heightOf(int rows) const { return std::max(1, rows) * rowHeight(); }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    QString cellWords(int row, int column) const;
    QPoint cursor() const { return m_cursor; } // column, row; -1: none

signals:
    void chosen(const QString &account);

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void leaveEvent(QEvent *event) override;
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
    void paintLabel(QPainter &painter, int row) const;
    ModelDetails::MapRow::Cell cellAt(int row, int column) const; // as it is, or would be
    int labelAt(const QPoint &at) const; // a row; -1: none
    void point(int row);
    void say();
    Rows m_rows;
    QString m_lost;
    int m_pointed = -1; // the row whose label is under the pointer
    QPoint m_cursor = QPoint(-1, -1);
};

} // namespace mf::ui
