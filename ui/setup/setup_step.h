// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QWidget>

namespace mf::ui {

// One page of the WelcomeDialog, which puts title and buttons around it.
class SetupStep : public QWidget
{
    Q_OBJECT
public:
    using QWidget::QWidget;

    struct Buttons {
        QString primary; // ""; none
        bool isReady = true; // the primary one can be used
        QString secondary;
        bool hasBack = false;
    };
    virtual QString title() const = 0;
    virtual QString explanation() const { return {}; }
    virtual Buttons buttons() const = 0;
    virtual void begin() { } // it is shown now
    virtual void next() { emit done(); } // its primary button
    virtual void skip() { emit done(); } // its secondary button

signals:
    void changed(); // of what buttons() says
    void done();
};

} // namespace mf::ui
