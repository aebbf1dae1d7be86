// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/sign_in_dialog.h"

#include "ui/common/words.h"
#include "ui/storage/account_record.h"
#include "ui/storage/account_space.h"
#include "ui/storage/account_words.h"
#include "ui/storage/form_fields.h"
#include "ui/storage/state_label.h"

#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr int kWidthInLetters = 70;
constexpr int kMargin = 16;

// What the account's kind calls its secret.
std::vector<FormField> secretFields(const Service &service, const QString &kind)
{
    std::vector<FormField> fields;
    for (const Service::AccountKind &one : service.kinds()) {
        if (one.id == kind)
            fields = one.fields;
    }
    std::erase_if(fields, [](const FormField &field) { return field.type != FormField::Type::Secret; });
    for (FormField &field : fields)
        field.required = true;
    return fields;
}

// One that nobody vouches for; "": the error is about something else.
QString certificateIn(const Error &error)
{
    const bool isOne = error.id == QStringLiteral("MF-HTTP-CERTIFICATE");
    return isOne ? error.parameters.value(QStringLiteral("certificate")) : QString();
}

} // namespace

SignInDialog *SignInDialog::open(Desk &desk, QWidget *parent, const AccountEntry &account)
{
    QWidget *window = parent ? parent->window() : nullptr;
    if (auto *there = window ? window->findChild<SignInDialog *>() : nullptr) {
        if (there->m_account == account.id && there->isVisible()) {
            there->raise();
            there->activateWindow();
            return there;
        }
        there->close();
    }
    auto *dialog = new SignInDialog(desk, window, account);
    dialog->show();
    dialog->m_fields->focusOn({});
    return dialog;
}

SignInDialog::SignInDialog(Desk &desk, QWidget *parent, const AccountEntry &account)
    : QDialog(parent)
    , m_desk(desk)
    , m_account(account.id)
    , m_name(account.name)
    , m_fields(new FormFields(desk, secretFields(desk.service, account.kind), {}))
    , m_error(new InlineMessage)
    , m_bar(new QProgressBar)
    , m_submit(primaryButton(tr("Test && Save")))
{
    setObjectName(QStringLiteral("signIn.dialog"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Sign In"));
    m_error->setObjectName(QStringLiteral("signIn.error"));
    m_bar->setObjectName(QStringLiteral("signIn.bar"));
    m_bar->setAccessibleName(tr("Trial of the new password or key"));
    m_bar->setRange(0, 0);
    m_bar->setTextVisible(false);
    m_submit->setObjectName(QStringLiteral("signIn.submit"));
    m_submit->setDefault(true);
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("signIn.cancel"));
    cancel->setAutoDefault(false);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->setSpacing(12);
    column->addWidget(pageTitle(tr("Sign in to “%1”").arg(m_name)));
    column->addWidget(quietLabel(
        tr("For %1. What you type is tried first; the old one stays until it works.").arg(isolated(account.place))));
    column->addWidget(m_error);
    column->addWidget(m_fields);
    column->addWidget(m_bar);
    column->addStretch(1);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_submit);
    column->addLayout(buttons);
    connect(m_fields, &FormFields::changed, this, &SignInDialog::look);
    connect(m_submit, &QPushButton::clicked, this, &SignInDialog::submit);
    connect(cancel, &QPushButton::clicked, this, &QDialog::close);
    const QString certificate = account.trouble ? certificateIn(*account.trouble) : QString();
    if (!certificate.isEmpty())
        offerTrust(certificate);
    look();
    resize(fontMetrics().averageCharWidth() * kWidthInLetters, sizeHint().height());
}

void SignInDialog::look()
{
    m_fields->setEnabled(!m_isTrying);
    m_bar->setVisible(m_isTrying);
    m_submit->setEnabled(!m_isTrying && m_fields->missing().isEmpty());
}

void SignInDialog::submit()
{
    m_scope.cancelAll();
    m_scope.start(trying(m_desk.service.signIn(m_account, m_fields->secret())));
}

// The server has another certificate than before; the password may be right.
void SignInDialog::offerTrust(const QString &certificate)
{
    m_error->tell(InlineMessage::Kind::Warning, tr("This computer does not know the server’s certificate."),
        trustWords(certificate), false);
    QPushButton *button = m_error->addButton(tr("Trust This Server"));
    button->setObjectName(QStringLiteral("signIn.trust"));
    connect(button, &QPushButton::clicked, this, [this, certificate] { trust(certificate); });
}

void SignInDialog::trust(const QString &certificate)
{
    const AccountEntry *account = findAccount(m_desk.service.accounts(), m_account);
    if (!account)
        return;
    AccountRecord changed = recordOf(*account);
    changed.settings.insert(QStringLiteral("certificate"), certificate);
    m_scope.cancelAll();
    m_scope.start(trying(m_desk.service.changeAccount(changed)));
}

Task<void> SignInDialog::trying(Task<Result<>> question)
{
    m_error->hide();
    m_isTrying = true;
    look();
    const auto done = co_await question;
    m_isTrying = false;
    look();
    if (done) {
        m_desk.toaster.show(tr("Signed in to “%1”.").arg(m_name));
        close(); // it deletes itself
        co_return;
    }
    const QString certificate = certificateIn(done.error());
    if (certificate.isEmpty())
        m_error->tell(
            InlineMessage::Kind::Bad, tr("This did not work; nothing was changed."), errorWords(done.error()), false);
    else
        offerTrust(certificate);
    m_fields->focusOn({});
}

} // namespace mf::ui
