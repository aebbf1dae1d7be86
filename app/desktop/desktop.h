// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/desktop_scheme.h"
#include "app/desktop/engine_service.h"
#include "ui/common/prompts.h"
#include "ui/common/theme.h"
#include "ui/window/main_window.h"

#include <QSettings>

namespace mf {

// What the desktop program is made of, joined: its library, its window, and what they work with. The program makes one
// (main.cpp), and so do the tests that work it as a person does. There is a QApplication before it and after it.
class Desktop final : public QObject
{
    Q_OBJECT
public:
    explicit Desktop(LibraryOptions options); // makes the home's folder
    ~Desktop() override; // stops what runs; stores and downloads go on next time

    // Shows the window and opens the library, once; the paths are offered for storing as soon as it is open. In the
    // background the window is minimised, unless there is something to offer.
    void open(const QStringList &paths, bool isInBackground = false);
    // From a second start of the program.
    void takeOver(const QStringList &paths);

    EngineService &service() { return m_service; }
    ui::MainWindow &window() { return m_window; }

signals:
    void quitAsked(); // everything may end now

private:
    void offerWhenOpen();

    ui::Theme m_theme;
    DesktopScheme m_scheme;
    QSettings m_memory;
    SystemClock m_clock;
    ui::DialogPrompts m_prompts;
    EngineService m_service;
    ui::MainWindow m_window;
    QStringList m_paths; // to be offered
};

} // namespace mf
