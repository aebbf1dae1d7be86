// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "ui/common/actions.h"
#include "ui/common/prompts.h"
#include "ui/common/service.h"
#include "ui/common/widgets.h"

#include <QSettings>

#include <optional>

namespace mf::ui {

// What every page and dialog works with; made by whoever makes the window, outlives them all.
struct Desk {
    Service &service;
    Actions &actions;
    Prompts &prompts;
    Toaster &toaster;
    QSettings &memory; // geometry, columns, last folders: per page, nothing sensitive
    Clock &clock;
};

// As the key of "storage": the form for this account's new password or key. No account's name holds a comma.
inline QString signInKey(const QString &account) { return QStringLiteral("sign-in,") + account; }
inline std::optional<QString> signInAccount(const QString &key)
{
    const QString begin = signInKey({});
    return key.startsWith(begin) ? std::optional(key.mid(begin.size())) : std::nullopt;
}

// A page of the window, as the sidebar switches between them.
class Page : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;
    virtual QString title() const = 0; // for the window title
    virtual QLineEdit *search() const { return nullptr; } // what Ctrl+F goes to
    virtual std::vector<QWidget *> panes() = 0; // what F6 goes through, in reading order
    virtual void reveal(const QString &key) { Q_UNUSED(key) } // selects what has that name
    // What happens on a page but belongs to another: "models", "storage"; key: name of a model or account, or "".
signals:
    void asksFor(const QString &page, const QString &key);
};

} // namespace mf::ui
