// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// What all pages are made of (ux.md section 2). Every part has an accessible name and follows the theme.

#include "ui/common/theme.h"

#include <QFrame>
#include <QPointer>
#include <QString>
#include <QTimer>

#include <functional>
#include <vector>

class QAction;
class QBoxLayout;
class QHBoxLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QPainter;
class QVBoxLayout;

namespace mf::ui {

// The top of a page: its title in large letters, then what the page adds.
class PageHeader final : public QWidget
{
    Q_OBJECT
public:
    explicit PageHeader(const QString &title, QWidget *parent = nullptr);
    // To the right of what is there. stretch as of a QBoxLayout.
    void add(QWidget *widget, int stretch = 0);
    void addStretch();

private:
    QHBoxLayout *m_row;
};

// The one button of a page that stands out; the proxy style paints what carries this property.
QPushButton *primaryButton(const QString &text, const QString &iconName = {});
// A search field with its icon, a clear button, and Esc that clears it. A child of `parent` from the beginning: the tab
// order is the order in which widgets come into a window.
QLineEdit *searchField(const QString &placeholder, const QString &accessibleName, QWidget *parent);

// A line above a page's content that says something and offers what to do; pushes the content down.
class InlineMessage final : public QFrame
{
    Q_OBJECT
public:
    enum class Kind { Info, Warning, Bad };
    explicit InlineMessage(QWidget *parent = nullptr); // hidden
    // title in bold, then text. Empties the buttons. isClosable: with a ×.
    void tell(Kind kind, const QString &title, const QString &text, bool isClosable = true);
    QPushButton *addButton(const QString &text); // its click does not hide the message

signals:
    void closed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void orderButtons();

    Kind m_kind = Kind::Info;
    QLabel *m_icon;
    QLabel *m_text;
    QHBoxLayout *m_buttons;
    QPushButton *m_close;
};

// Stands where a list would be: icon, a line, a sentence or two, one button, one link.
class EmptyState final : public QWidget
{
    Q_OBJECT
public:
    explicit EmptyState(QWidget *parent = nullptr);
    // "" leaves a part out.
    void tell(const QString &iconName, const QString &title, const QString &text, const QString &button = {},
        const QString &link = {});

signals:
    void buttonClicked();
    void linkClicked();

private:
    QLabel *m_icon;
    QLabel *m_title;
    QLabel *m_text;
    QPushButton *m_button;
    QPushButton *m_link;
};

// "…moved to Trash. [Undo]": bottom centre of its window for 8 s, longer while hovered or focused; Esc closes it.
// One at a time; a new one takes its place.
class Toaster final : public QObject
{
    Q_OBJECT
public:
    explicit Toaster(QWidget *window);
    void show(const QString &text, const QString &action = {}, std::function<void()> act = {});
    void hide();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void place();
    QPointer<QWidget> m_window;
    QFrame *m_frame;
    QLabel *m_text;
    QPushButton *m_button;
    std::function<void()> m_act;
    QTimer m_timer;
};

// The protection strip of a model (ux.md 2.1): high and ok where all spares are there, lower and in the colours of the
// states where fewer are; hatched from `percent` on while it is being stored. strip: see ModelEntry.
void paintStrip(QPainter &painter, const QRect &rect, const std::vector<qint8> &strip, int promised, int percent);

// A bar in one colour on the track, with an optional second part behind the first; values 0 … 1.
void paintBar(QPainter &painter, const QRect &rect, double value, double second, Token colour, Token secondColour);

} // namespace mf::ui
