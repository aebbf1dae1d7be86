// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/setup/setup_step.h"

class QLabel;
class QProgressBar;

namespace mf::ui {

class KitPanel;

// Makes the library, shows its recovery kit, and has one word typed back.
class KitStep final : public SetupStep
{
    Q_OBJECT
public:
    explicit KitStep(Desk &desk, QWidget *parent = nullptr);
    QString title() const override { return tr("Save your recovery kit"); }
    QString explanation() const override;
    Buttons buttons() const override;
    void begin() override;
    void next() override;

private:
    enum class Stage { Making, Failed, Shown };
    void tell(Stage stage);
    Task<void> making();

    Desk &m_desk;
    Stage m_stage = Stage::Making;
    InlineMessage *m_error;
    QLabel *m_preparing;
    QProgressBar *m_bar;
    KitPanel *m_panel;
    TaskScope m_scope;
};

} // namespace mf::ui
