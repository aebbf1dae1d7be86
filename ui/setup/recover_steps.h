// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/setup/setup_step.h"

class QLabel;
class QProgressBar;
class QStackedWidget;

namespace mf::ui {

class AccountsList;
class KitFields;
class StateLabel;

// Takes the 24 words of a kit and opens its library.
class WordsStep final : public SetupStep
{
    Q_OBJECT
public:
    explicit WordsStep(Desk &desk, QWidget *parent = nullptr);
    QString title() const override { return tr("Open an existing library"); }
    QString explanation() const override;
    Buttons buttons() const override;
    void begin() override;
    void next() override;

private:
    Task<void> opening(QStringList words);

    Desk &m_desk;
    InlineMessage *m_error;
    KitFields *m_fields;
    QLabel *m_count;
    TaskScope m_scope;
};

// Adds accounts that hold the library, and finds it there.
class LibraryStep final : public SetupStep
{
    Q_OBJECT
public:
    explicit LibraryStep(Desk &desk, QWidget *parent = nullptr);
    QString title() const override { return tr("Find your library"); }
    QString explanation() const override;
    Buttons buttons() const override;
    void begin() override;
    void next() override;
    void skip() override; // stops looking

private:
    enum class Stage { Adding, Looking, Found };
    void tell(Stage stage);
    Task<void> looking();

    Desk &m_desk;
    Stage m_stage = Stage::Adding;
    InlineMessage *m_error;
    AccountsList *m_accounts;
    QLabel *m_where;
    QProgressBar *m_bar;
    StateLabel *m_found;
    QLabel *m_readable;
    TaskScope m_scope;
};

} // namespace mf::ui
