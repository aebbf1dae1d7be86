// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/setup/setup_step.h"

class QLabel;

namespace mf::ui {

// What the program does, and the two ways to begin.
class WelcomeStep final : public SetupStep
{
    Q_OBJECT
public:
    explicit WelcomeStep(QWidget *parent = nullptr);
    QString title() const override { return tr("Welcome to ModelFloat"); }
    QString explanation() const override { return tr("Keep your AI models safe, without a server of your own."); }
    Buttons buttons() const override { return {}; }
    void begin() override;

signals:
    void setUpAsked();
    void recoverAsked();

private:
    QPushButton *m_setUp;
};

// That all is done.
class DoneStep final : public SetupStep
{
    Q_OBJECT
public:
    explicit DoneStep(const Service &service, QWidget *parent = nullptr);
    QString title() const override { return tr("You’re ready"); }
    Buttons buttons() const override;
    void begin() override;

private:
    const Service &m_service;
    QLabel *m_text;
};

} // namespace mf::ui
