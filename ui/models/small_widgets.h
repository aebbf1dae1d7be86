// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTreeView>

class QAction;

namespace mf::ui {

// A line that gives way where it is narrow; all of it is in the tooltip and what is read aloud.
class ElidedLabel final : public QLabel
{
    Q_OBJECT
public:
    explicit ElidedLabel(QWidget *parent = nullptr);
    void setWords(const QString &words);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
};

// Words stand where a line begins in this window, even where they are in letters that run the other way.
void alignLeading(QLabel *label, Qt::Alignment vertical = Qt::AlignVCenter);

// A button that stands for an action: its text, whether it can be used, and why not.
QPushButton *buttonFor(QAction *action, const QString &objectName, QWidget *parent = nullptr);

// A plain table: sorted by a click on its header, searched through its proxy, Ctrl+C copies the rows chosen.
class PlainTable final : public QTreeView
{
    Q_OBJECT
public:
    // stretched: the column that takes what the others leave. sortRole: of what it is sorted by.
    PlainTable(QAbstractItemModel *model, int sortRole, int stretched, const QString &objectName,
        const QString &accessibleName, QWidget *parent = nullptr);
    QSortFilterProxyModel *proxy() const { return m_proxy; }
    QString chosenText() const; // a line for each chosen row, its cells with tabs between them
    void copy();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QSortFilterProxyModel *m_proxy;
};

} // namespace mf::ui
