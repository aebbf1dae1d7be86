// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"

#include <QString>
#include <QStringList>

#include <optional>

class QWidget;

namespace mf::ui {

// What the window must ask for in dialogs of the platform, and before what cannot be undone. Never nested event loops.
// The program's is DialogPrompts; tests answer by themselves (tests/ui/scripted_prompts.h).
class Prompts
{
public:
    virtual ~Prompts() = default;
    virtual Task<QStringList> chooseFiles(QWidget *parent, QString title) = 0; // empty: none
    virtual Task<QString> chooseFolder(QWidget *parent, QString title, QString start) = 0; // "": none
    virtual Task<QString> chooseSaveFile(QWidget *parent, QString title, QString name) = 0;
    // choices: the buttons' texts, the safe one first: it has the focus and is Esc. The index of what was chosen.
    virtual Task<int> choose(QWidget *parent, QString title, QString text, QStringList choices) = 0;
};

class DialogPrompts final : public Prompts
{
public:
    Task<QStringList> chooseFiles(QWidget *parent, QString title) override;
    Task<QString> chooseFolder(QWidget *parent, QString title, QString start) override;
    Task<QString> chooseSaveFile(QWidget *parent, QString title, QString name) override;
    Task<int> choose(QWidget *parent, QString title, QString text, QStringList choices) override;
};

} // namespace mf::ui
