// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QFrame>
#include <QString>

#include <vector>

class QToolButton;
class QVBoxLayout;

namespace mf::ui {

// The pages of the window, one button each; arrows move between them. Narrow: icons alone, the names in tooltips.
class Sidebar final : public QFrame
{
    Q_OBJECT
public:
    explicit Sidebar(QWidget *parent = nullptr);

    // action: checkable; triggering it is the window's business.
    void add(QAction *action);
    // How many of something wait on that page: "3"; "" for none. what: for screen readers, "3 issues".
    void setCount(const QAction *action, const QString &count, const QString &what);
    void setNarrow(bool narrow);
    bool isNarrow() const { return m_isNarrow; }

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    struct Entry {
        QAction *action;
        QToolButton *button;
        QString count;
        QString what;
    };
    void label(const Entry &entry);

    QVBoxLayout *m_column;
    std::vector<Entry> m_entries;
    bool m_isNarrow = false;
};

} // namespace mf::ui
