// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/add_account_panel.h"

#include "ui/common/account_domains.h"
#include "ui/storage/account_form.h"
#include "ui/storage/account_space.h"
#include "ui/storage/account_words.h"
#include "ui/storage/state_label.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>

namespace mf::ui {
namespace {

// What the test does, in order; ids as Service::addAccount tells them.
struct Step {
    const char *id;
    QString todo;
    QString done;
};

std::vector<Step> steps()
{
    return { { "reach", AddAccountPanel::tr("Reach it"), AddAccountPanel::tr("Reached it") },
        { "write", AddAccountPanel::tr("Write a test file"), AddAccountPanel::tr("Wrote a test file") },
        { "read", AddAccountPanel::tr("Read it back"), AddAccountPanel::tr("Read it back") },
        { "compare", AddAccountPanel::tr("Compare the contents"), AddAccountPanel::tr("Same contents") },
        { "list", AddAccountPanel::tr("Find it in the list"), AddAccountPanel::tr("Found it in the list") },
        { "remove", AddAccountPanel::tr("Delete it"), AddAccountPanel::tr("Deleted it") } };
}

QPushButton *plainButton(const QString &text, const char *name)
{
    auto *button = new QPushButton(text);
    button->setObjectName(QLatin1String(name));
    button->setAutoDefault(false);
    return button;
}

} // namespace

AddAccountPanel::AddAccountPanel(Desk &desk, QWidget *parent)
    : QStackedWidget(parent)
    , m_desk(desk)
    , m_form(new AccountForm(desk))
    , m_missing(quietLabel())
    , m_submit(primaryButton(tr("Add Storage")))
    , m_cancel(plainButton(tr("Cancel"), "account.cancel"))
    , m_testTitle(sectionLabel())
    , m_error(new InlineMessage)
    , m_bar(new QProgressBar)
    , m_ready(new QLabel)
    , m_stop(plainButton(tr("Cancel"), "account.stop"))
    , m_back(plainButton(tr("Back"), "account.back"))
    , m_again(primaryButton(tr("Try Again")))
    , m_another(plainButton(tr("Add Another"), "account.another"))
    , m_done(primaryButton(tr("Done")))
{
    setObjectName(QStringLiteral("account.panel"));
    addWidget(makeFormPage());
    addWidget(makeTestPage());
    const auto follow = [this](QWidget *last) {
        setTabOrder(last, m_cancel);
        setTabOrder(m_cancel, m_submit);
    };
    connect(m_form, &AccountForm::stopsChanged, this, follow);
    follow(m_form->lastStop());
    connect(m_form, &AccountForm::changed, this, &AddAccountPanel::look);
    connect(m_submit, &QPushButton::clicked, this, &AddAccountPanel::submit);
    connect(m_again, &QPushButton::clicked, this, &AddAccountPanel::submit);
    connect(m_cancel, &QPushButton::clicked, this, &AddAccountPanel::finished);
    connect(m_done, &QPushButton::clicked, this, &AddAccountPanel::finished);
    connect(m_another, &QPushButton::clicked, this, &AddAccountPanel::reset);
    connect(m_back, &QPushButton::clicked, this, &AddAccountPanel::backToForm);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        m_scope.cancelAll();
        backToForm();
    });
    look();
}

QWidget *AddAccountPanel::makeFormPage()
{
    m_submit->setObjectName(QStringLiteral("account.submit"));
    m_missing->setObjectName(QStringLiteral("account.missing"));
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    // A kind may have more fields than a small screen has room for.
    auto *area = new QScrollArea;
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(m_form);
    column->addWidget(area, 1);
    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_missing, 1);
    buttons->addWidget(m_cancel);
    buttons->addWidget(m_submit);
    column->addLayout(buttons);
    return page;
}

QWidget *AddAccountPanel::makeTestPage()
{
    m_again->setObjectName(QStringLiteral("account.again"));
    m_done->setObjectName(QStringLiteral("account.done"));
    m_error->setObjectName(QStringLiteral("account.error"));
    m_bar->setObjectName(QStringLiteral("account.testBar"));
    m_bar->setAccessibleName(tr("Test of the account"));
    m_bar->setRange(0, 0);
    m_bar->setTextVisible(false);
    m_ready->setWordWrap(true);
    m_ready->setObjectName(QStringLiteral("account.ready"));
    m_testTitle->setWordWrap(true);
    m_testPage = new QWidget;
    auto *column = new QVBoxLayout(m_testPage);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_testTitle);
    column->addWidget(m_error);
    column->addWidget(m_bar);
    for (const Step &step : steps()) {
        m_steps.push_back(new StateLabel);
        m_steps.back()->setObjectName(QStringLiteral("account.step.") + QLatin1String(step.id));
        column->addWidget(m_steps.back());
    }
    column->addSpacing(4);
    column->addWidget(m_ready);
    column->addStretch(1);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    for (QPushButton *button : { m_stop, m_back, m_again, m_another, m_done })
        buttons->addWidget(button);
    column->addLayout(buttons);
    return m_testPage;
}

bool AddAccountPanel::isTesting() const { return !m_scope.isIdle(); }

void AddAccountPanel::look()
{
    const QString problem = m_form->problem();
    m_submit->setEnabled(problem.isEmpty());
    m_missing->setText(problem);
}

void AddAccountPanel::submit()
{
    if (!m_form->problem().isEmpty()) {
        backToForm();
        return;
    }
    const AccountRecord draft = m_form->draft();
    m_testTitle->setText(tr("Testing “%1”…").arg(draft.name));
    tell(Stage::Testing);
    m_scope.cancelAll();
    m_scope.start(adding(draft, m_form->secret()));
}

Task<void> AddAccountPanel::adding(AccountRecord draft, QByteArray secret)
{
    const QString name = draft.name;
    auto addition = m_desk.service.addAccount(draft, secret);
    const auto done = co_await addition;
    if (done)
        succeed(name);
    else
        fail(done.error());
}

// failedStep: the id of one; "": not known.
void AddAccountPanel::tell(Stage stage, const QString &failedStep)
{
    const bool isDone = stage == Stage::Done;
    const std::vector<Step> all = steps();
    const auto isFailed = [&failedStep](const Step &step) { return failedStep == QLatin1String(step.id); };
    const auto failed = std::find_if(all.begin(), all.end(), isFailed);
    const bool isKnown = stage != Stage::Failed || failed != all.end();
    for (auto step = all.begin(); step != all.end(); ++step) {
        StateLabel *line = m_steps[static_cast<std::size_t>(step - all.begin())];
        if (isDone || (stage == Stage::Failed && step < failed))
            line->tell(QStringLiteral("circle-check"), Token::Ok, step->done);
        else if (step == failed)
            line->tell(QStringLiteral("circle-x"), Token::Bad, tr("%1: this failed").arg(step->todo));
        else
            line->tell(QStringLiteral("circle"), Token::Muted, step->todo);
        line->setVisible(isKnown);
    }
    m_error->setVisible(stage == Stage::Failed);
    m_bar->setVisible(stage == Stage::Testing);
    m_ready->setVisible(isDone);
    m_stop->setVisible(stage == Stage::Testing);
    m_back->setVisible(stage == Stage::Failed);
    m_again->setVisible(stage == Stage::Failed);
    m_another->setVisible(isDone);
    m_done->setVisible(isDone);
    setCurrentWidget(m_testPage);
}

void AddAccountPanel::fail(const Error &error)
{
    const QString field = error.parameters.value(QStringLiteral("setting"));
    m_testTitle->setText(tr("This did not work"));
    m_error->tell(InlineMessage::Kind::Bad, tr("The account was not added."), errorWords(error), false);
    if (error.id == QStringLiteral("MF-HTTP-CERTIFICATE"))
        offerTrust(error);
    tell(Stage::Failed, error.parameters.value(QStringLiteral("step")));
    m_back->setFocus();
    if (field.isEmpty())
        return;
    // A field is to blame: straight back to it.
    backToForm();
    m_missing->setText(errorWords(error));
    m_form->focusOn(field);
}

// The user's explicit choice for one certificate, after a look at it.
void AddAccountPanel::offerTrust(const Error &error)
{
    const QString certificate = error.parameters.value(QStringLiteral("certificate"));
    if (certificate.isEmpty())
        return;
    m_error->tell(InlineMessage::Kind::Warning, tr("This computer does not know the server’s certificate."),
        trustWords(certificate), false);
    QPushButton *trust = m_error->addButton(tr("Trust This Server"));
    trust->setObjectName(QStringLiteral("account.trust"));
    connect(trust, &QPushButton::clicked, this, [this, certificate] {
        m_form->set(QStringLiteral("certificate"), certificate);
        submit();
    });
}

void AddAccountPanel::succeed(const QString &name)
{
    m_testTitle->setText(tr("“%1” is ready").arg(name));
    m_ready->setText(lossesSentence(domainsOf(m_desk.service.accounts())));
    tell(Stage::Done);
    m_done->setFocus();
    emit added(name);
}

void AddAccountPanel::backToForm()
{
    setCurrentIndex(0);
    look();
    m_form->focusOn({});
}

void AddAccountPanel::reset()
{
    m_scope.cancelAll();
    m_form->clear();
    backToForm();
}

void AddAccountPanel::focusFirst() { m_form->focusOn({}); }

} // namespace mf::ui
