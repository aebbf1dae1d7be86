// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/prompts.h"

namespace mf::ui {

// Answers at once what a test has put there, and notes what was asked.
class ScriptedPrompts final : public Prompts
{
public:
    QStringList files;
    QString folder;
    QString saveFile;
    int choice = 0;
    QStringList asked; // titles
    QStringList lastChoices;
    QString lastText;

    Task<QStringList> chooseFiles(QWidget *, QString title) override
    {
        asked.append(title);
        co_return files;
    }
    Task<QString> chooseFolder(QWidget *, QString title, QString) override
    {
        asked.append(title);
        co_return folder;
    }
    Task<QString> chooseSaveFile(QWidget *, QString title, QString) override
    {
        asked.append(title);
        co_return saveFile;
    }
    Task<int> choose(QWidget *, QString title, QString text, QStringList choices) override
    {
        asked.append(title);
        lastText = text;
        lastChoices = choices;
        co_return choice;
    }
};

} // namespace mf::ui
