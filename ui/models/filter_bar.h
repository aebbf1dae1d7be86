// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/model_tree.h"

#include <QSettings>
#include <QWidget>

class QComboBox;
class QLineEdit;
class QMenu;
class QPushButton;

namespace mf::ui {

// Search field and filter boxes of the Models page; where it is narrow, the boxes fold into one button.
class FilterBar final : public QWidget
{
    Q_OBJECT
public:
    explicit FilterBar(QSettings &memory, QWidget *parent = nullptr);

    QLineEdit *search() const { return m_search; }
    ModelFilter filter() const;
    Grouping grouping() const;
    void setQuantizations(const QStringList &sorted); // that there are
    void clear(); // search and filters, not the grouping
    void setFolded(bool folded);
    int unfoldedWidth() const; // that it needs with its boxes

signals:
    void filterChanged();
    void groupingChanged();

private:
    QComboBox *box(const QString &objectName, const QString &accessibleName);
    void fillMenu();
    void addToMenu(QComboBox *from, const QString &title);
    void remember();
    QSettings &m_memory;
    QLineEdit *m_search;
    QComboBox *m_state;
    QComboBox *m_quantization;
    QComboBox *m_grouping;
    QPushButton *m_fold;
    QMenu *m_menu;
};

} // namespace mf::ui
