// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/recover_steps.h"

#include "ui/setup/accounts_step.h"
#include "ui/setup/kit_fields.h"
#include "ui/setup/setup_words.h"
#include "ui/storage/account_words.h"
#include "ui/storage/state_label.h"

#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QVBoxLayout>

namespace mf::ui {

WordsStep::WordsStep(Desk &desk, QWidget *parent)
    : SetupStep(parent)
    , m_desk(desk)
    , m_error(new InlineMessage)
    , m_fields(new KitFields)
    , m_count(quietLabel())
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    m_error->setObjectName(QStringLiteral("setup.wordsError"));
    m_count->setObjectName(QStringLiteral("setup.wordsCount"));
    column->addWidget(m_error);
    column->addWidget(m_fields);
    column->addWidget(m_count);
    column->addStretch();
    const auto look = [this] {
        m_count->setText(
            tr("%1 of %2 words").arg(QLocale().toString(m_fields->filled()), QLocale().toString(kKitWords)));
        emit changed();
    };
    connect(m_fields, &KitFields::changed, this, look);
    look();
}

QString WordsStep::explanation() const
{
    return tr("Type the 24 words of your recovery kit, or paste them all into the first field.");
}

SetupStep::Buttons WordsStep::buttons() const
{
    Buttons buttons;
    buttons.primary = tr("Open Library");
    buttons.isReady = m_fields->filled() == kKitWords && m_scope.isIdle();
    buttons.hasBack = true;
    return buttons;
}

void WordsStep::begin() { m_fields->focusFirst(); }

void WordsStep::next()
{
    m_error->hide();
    m_fields->mark(std::nullopt);
    m_scope.start(opening(m_fields->words()));
    emit changed();
}

Task<void> WordsStep::opening(QStringList words)
{
    auto open = m_desk.service.openWithKit(words);
    const auto opened = co_await open;
    if (!opened) {
        m_error->tell(InlineMessage::Kind::Bad, tr("The kit does not open a library."), kitErrorWords(opened.error()));
        m_fields->mark(wrongWordOf(opened.error()));
        QMetaObject::invokeMethod(this, &SetupStep::changed, Qt::QueuedConnection); // once the task is over
        co_return;
    }
    m_fields->clear(); // they are a secret
    emit done();
}

LibraryStep::LibraryStep(Desk &desk, QWidget *parent)
    : SetupStep(parent)
    , m_desk(desk)
    , m_error(new InlineMessage)
    , m_accounts(new AccountsList(desk, QStringLiteral("recover")))
    , m_where(new QLabel)
    , m_bar(new QProgressBar)
    , m_found(new StateLabel(nullptr, true))
    , m_readable(new QLabel)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_error->setObjectName(QStringLiteral("setup.libraryError"));
    m_where->setObjectName(QStringLiteral("setup.looking"));
    m_where->setWordWrap(true);
    m_bar->setObjectName(QStringLiteral("setup.lookingBar"));
    m_bar->setAccessibleName(tr("Looking for your library"));
    m_bar->setRange(0, 0);
    m_bar->setTextVisible(false);
    m_found->setObjectName(QStringLiteral("setup.found"));
    m_readable->setObjectName(QStringLiteral("setup.readable"));
    m_readable->setWordWrap(true);
    for (QWidget *widget : std::initializer_list<QWidget *> { m_error, m_where, m_bar, m_found, m_readable })
        column->addWidget(widget);
    column->addWidget(m_accounts, 1);
    connect(m_accounts, &AccountsList::changed, this, &SetupStep::changed);
    tell(Stage::Adding);
}

QString LibraryStep::explanation() const
{
    return tr("Add an account that holds your library. One is enough to find it; the others can follow at any time.");
}

SetupStep::Buttons LibraryStep::buttons() const
{
    if (m_accounts->isAdding())
        return {};
    Buttons buttons;
    buttons.primary = m_stage == Stage::Found ? tr("Continue") : tr("Look for My Library");
    buttons.isReady = m_stage == Stage::Found || (m_stage == Stage::Adding && !m_desk.service.accounts().empty());
    if (m_stage == Stage::Looking)
        buttons.secondary = tr("Cancel");
    return buttons;
}

void LibraryStep::tell(Stage stage)
{
    m_stage = stage;
    m_where->setVisible(stage == Stage::Looking);
    m_bar->setVisible(stage == Stage::Looking);
    m_found->setVisible(stage == Stage::Found);
    m_readable->setVisible(stage == Stage::Found && !m_readable->text().isEmpty());
    emit changed();
}

void LibraryStep::begin()
{
    if (m_stage != Stage::Looking)
        tell(Stage::Adding);
}

void LibraryStep::next()
{
    if (m_stage == Stage::Found) {
        emit done();
        return;
    }
    m_error->hide();
    QStringList names;
    for (const AccountEntry &account : m_desk.service.accounts())
        names.append(tr("“%1”").arg(account.name));
    m_where->setText(tr("Looking for your library on %1…").arg(QLocale().createSeparatedList(names)));
    tell(Stage::Looking);
    m_scope.start(looking());
}

void LibraryStep::skip()
{
    m_scope.cancelAll();
    tell(Stage::Adding);
}

Task<void> LibraryStep::looking()
{
    auto recovery = m_desk.service.recover();
    const auto recovered = co_await recovery;
    if (!recovered) {
        m_error->tell(InlineMessage::Kind::Bad, tr("Your library was not found."),
            tr("%1 It may be on another account: add that one, too.").arg(errorWords(recovered.error())));
        tell(Stage::Adding);
        co_return;
    }
    const std::vector<ModelEntry> &models = m_desk.service.models();
    m_found->tell(QStringLiteral("circle-check"), Token::Ok, foundWords(models, m_desk.clock.now()));
    m_readable->setText(readableWords(models));
    tell(Stage::Found);
}

} // namespace mf::ui
