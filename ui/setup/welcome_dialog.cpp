// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/welcome_dialog.h"

#include "ui/setup/accounts_step.h"
#include "ui/setup/kit_step.h"
#include "ui/setup/recover_steps.h"
#include "ui/setup/welcome_step.h"
#include "ui/storage/state_label.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr int kWidthInLetters = 92;
constexpr int kHeightInLines = 32;
constexpr int kMargin = 16;

QString recoveringKey() { return QStringLiteral("setup/recovering"); }

} // namespace

bool WelcomeDialog::isNeeded(const Desk &desk)
{
    const Service::State state = desk.service.state();
    const bool isRecovering = state == Service::State::Ready && desk.memory.value(recoveringKey()).toBool();
    return state == Service::State::None || isRecovering;
}

WelcomeDialog *WelcomeDialog::open(Desk &desk, QWidget *parent)
{
    QWidget *window = parent ? parent->window() : nullptr;
    if (auto *there = window ? window->findChild<WelcomeDialog *>() : nullptr) { // one is enough
        there->raise();
        there->activateWindow();
        return there;
    }
    auto *dialog = new WelcomeDialog(desk, window);
    dialog->show();
    return dialog;
}

WelcomeDialog::WelcomeDialog(Desk &desk, QWidget *parent)
    : QDialog(parent)
    , m_desk(desk)
    , m_position(quietLabel())
    , m_title(pageTitle())
    , m_explanation(quietLabel())
    , m_stack(new QStackedWidget)
    , m_footer(new QWidget)
    , m_back(new QPushButton(tr("Back")))
    , m_secondary(new QPushButton)
    , m_primary(primaryButton(QString()))
{
    setObjectName(QStringLiteral("setup.dialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Set Up ModelFloat"));
    m_title->setObjectName(QStringLiteral("setup.title"));
    m_position->setObjectName(QStringLiteral("setup.position"));

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->setSpacing(8);
    column->addWidget(m_position);
    column->addWidget(m_title);
    column->addWidget(m_explanation);
    column->addSpacing(8);
    column->addWidget(m_stack, 1);
    column->addSpacing(8);
    m_footer->setLayout(makeFooter());
    column->addWidget(m_footer);

    auto *welcome = new WelcomeStep;
    connect(welcome, &WelcomeStep::setUpAsked, this, [this] { go(SetupPlace::Kit); });
    connect(welcome, &WelcomeStep::recoverAsked, this, [this] { go(SetupPlace::Words); });
    add(SetupPlace::Welcome, welcome);
    add(SetupPlace::Kit, new KitStep(desk));
    add(SetupPlace::Storage, new AccountsStep(desk));
    add(SetupPlace::Words, new WordsStep(desk));
    add(SetupPlace::Library, new LibraryStep(desk));
    add(SetupPlace::Done, new DoneStep(desk.service));
    const QSize asLargeAsText(
        fontMetrics().averageCharWidth() * kWidthInLetters, fontMetrics().height() * kHeightInLines);
    resize(asLargeAsText.expandedTo(minimumSizeHint()));
    go(setupPlace(desk.service, isRecovering()));
}

QLayout *WelcomeDialog::makeFooter()
{
    m_back->setObjectName(QStringLiteral("setup.back"));
    m_secondary->setObjectName(QStringLiteral("setup.secondary"));
    m_primary->setObjectName(QStringLiteral("setup.primary"));
    m_back->setAutoDefault(false);
    m_secondary->setAutoDefault(false);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_back);
    row->addStretch();
    row->addWidget(m_secondary);
    row->addWidget(m_primary);
    connect(m_back, &QPushButton::clicked, this, [this] { go(SetupPlace::Welcome); });
    connect(m_secondary, &QPushButton::clicked, this, [this] { step()->skip(); });
    connect(m_primary, &QPushButton::clicked, this, [this] { step()->next(); });
    return row;
}

void WelcomeDialog::add(SetupPlace place, SetupStep *step)
{
    m_stack->addWidget(step);
    m_places.push_back(place);
    connect(step, &SetupStep::changed, this, [this, place] {
        if (m_place == place)
            look();
    });
    connect(step, &SetupStep::done, this, &WelcomeDialog::stepDone);
}

SetupStep *WelcomeDialog::step() const { return static_cast<SetupStep *>(m_stack->currentWidget()); }

bool WelcomeDialog::isRecovering() const { return m_desk.memory.value(recoveringKey()).toBool(); }

void WelcomeDialog::setRecovering(bool isSo)
{
    if (isSo)
        m_desk.memory.setValue(recoveringKey(), true);
    else
        m_desk.memory.remove(recoveringKey());
}

void WelcomeDialog::go(SetupPlace place)
{
    m_place = place;
    const auto at = std::find(m_places.begin(), m_places.end(), place);
    m_stack->setCurrentIndex(static_cast<int>(at - m_places.begin()));
    look();
    step()->begin();
}

void WelcomeDialog::stepDone()
{
    switch (m_place) {
    case SetupPlace::Welcome:
    case SetupPlace::Kit:
        go(SetupPlace::Storage);
        return;
    case SetupPlace::Words:
        setRecovering(true);
        go(SetupPlace::Library);
        return;
    case SetupPlace::Library:
        setRecovering(false);
        go(SetupPlace::Done);
        return;
    case SetupPlace::Storage:
        go(SetupPlace::Done);
        return;
    case SetupPlace::Done:
        close();
        return;
    }
}

void WelcomeDialog::look()
{
    constexpr int kSteps = 4;
    const SetupStep::Buttons buttons = step()->buttons();
    int number = 1;
    if (m_place == SetupPlace::Kit || m_place == SetupPlace::Words)
        number = 2;
    else if (m_place == SetupPlace::Storage || m_place == SetupPlace::Library)
        number = 3;
    else if (m_place == SetupPlace::Done)
        number = kSteps;
    m_position->setText(tr("Step %1 of %2").arg(QLocale().toString(number), QLocale().toString(kSteps)));
    m_title->setText(step()->title());
    m_explanation->setText(step()->explanation());
    m_explanation->setVisible(!step()->explanation().isEmpty());
    const auto tell = [](QPushButton *button, const QString &text) {
        button->setText(text);
        button->setVisible(!text.isEmpty());
    };
    tell(m_primary, buttons.primary);
    tell(m_secondary, buttons.secondary);
    m_primary->setEnabled(buttons.isReady);
    m_back->setVisible(buttons.hasBack);
    m_footer->setVisible(!buttons.primary.isEmpty());
}

} // namespace mf::ui
