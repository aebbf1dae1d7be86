// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fake_clock.h"
#include "tests/ui/fake_service.h"
#include "tests/ui/scripted_prompts.h"
#include "ui/common/desk.h"

#include <QTemporaryDir>
#include <QWidget>

#include <functional>
#include <memory>
#include <vector>

namespace mf::ui {

// What a page or dialog needs to be made without a program around it: a filled library at fakeNow(), a window for the
// actions and the toaster, and settings that nobody keeps.
class SceneDesk
{
public:
    SceneDesk()
        : actions(&window)
        , toaster(&window)
        , memory(m_folder.filePath(QStringLiteral("memory.ini")), QSettings::IniFormat)
    {
        service.fill();
        clock.jump(std::chrono::milliseconds(clock.now().msecsTo(fakeNow())));
    }

    QWidget window; // the audit puts the scene into it, unless that is a dialog, a menu or a main window
    FakeService service;
    ScriptedPrompts prompts;
    Actions actions;
    Toaster toaster;

private:
    QTemporaryDir m_folder;

public:
    QSettings memory;
    FakeClock clock;
    Desk desk { service, actions, prompts, toaster, memory, clock };
};

// One state of a page or a dialog, for the pictures and the audits of tests/ui/audit.
struct Scene {
    QString name; // "models-empty"; that of the picture
    std::function<std::unique_ptr<QWidget>(SceneDesk &)> make;
    QSize size; // at 9 pt; not below the widget's minimum
};

} // namespace mf::ui
