// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/protect_dialog.h"

#include "ui/common/account_domains.h"
#include "ui/common/words.h"
#include "ui/store/done_toast.h"
#include "ui/store/protection_question.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr int kRelated = 8;
constexpr int kWidth = 620;

} // namespace

ProtectDialog *ProtectDialog::open(Desk &desk, QWidget *parent, const ModelEntry &model)
{
    auto *dialog = new ProtectDialog(desk, parent, model);
    dialog->QDialog::show();
    return dialog;
}

ProtectDialog::ProtectDialog(Desk &desk, QWidget *parent, const ModelEntry &model)
    : QDialog(parent)
    , m_desk(desk)
    , m_model(model)
    , m_asked(0, model.protection.m)
    , m_message(new InlineMessage(this))
    , m_title(new QLabel(model.name, this))
    , m_before(new QLabel(this))
    , m_after(new QLabel(this))
    , m_effect(new QLabel(this))
    , m_question(new ProtectionQuestion(QStringLiteral("protect"), this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
    , m_protect(primaryButton(tr("Change Protection")))
{
    setObjectName(QStringLiteral("protect.dialog"));
    setWindowTitle(tr("Change Protection"));
    makeParts();
    connect(m_question, &ProtectionQuestion::chosen, this, [this](const Protection &protection) {
        m_asked = protection;
        show();
    });
    connect(m_cancel, &QPushButton::clicked, this, &ProtectDialog::reject);
    connect(m_protect, &QPushButton::clicked, this, &ProtectDialog::protect);
    connect(&m_desk.service, &Service::modelsChanged, this, &ProtectDialog::note);
    connect(&m_desk.service, &Service::accountsChanged, this, &ProtectDialog::note);
    m_question->show(m_asked);
    note();
    resize(qMax(kWidth, sizeHint().width()), sizeHint().height());
    m_question->focusAnswer();
}

void ProtectDialog::makeParts()
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(2 * kRelated, 2 * kRelated, 2 * kRelated, 2 * kRelated);
    rows->setSpacing(kRelated + kRelated / 2);
    QFont large = m_title->font();
    large.setPointSizeF(large.pointSizeF() + 2);
    large.setWeight(QFont::DemiBold);
    m_title->setFont(large);
    m_title->setWordWrap(true);
    m_title->setObjectName(QStringLiteral("protect.title"));
    rows->addWidget(m_title);
    rows->addWidget(m_question);

    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(2 * kRelated);
    grid->setVerticalSpacing(kRelated / 2);
    grid->setColumnStretch(1, 1);
    const auto line = [&](int row, const QString &caption, QLabel *value, const QString &name) {
        auto *label = new QLabel(caption, this);
        label->setForegroundRole(QPalette::PlaceholderText);
        value->setObjectName(name);
        grid->addWidget(label, row, 0);
        grid->addWidget(value, row, 1);
    };
    line(0, tr("Now"), m_before, QStringLiteral("protect.before"));
    line(1, tr("After"), m_after, QStringLiteral("protect.after"));
    rows->addLayout(grid);
    m_effect->setObjectName(QStringLiteral("protect.effect"));
    m_effect->setWordWrap(true);
    rows->addWidget(m_effect);
    m_message->setObjectName(QStringLiteral("protect.message"));
    rows->addWidget(m_message);
    rows->addStretch();

    auto *row = new QHBoxLayout;
    row->setSpacing(kRelated);
    row->addStretch();
    m_cancel->setObjectName(QStringLiteral("protect.cancel"));
    m_cancel->setAutoDefault(false);
    row->addWidget(m_cancel);
    m_protect->setObjectName(QStringLiteral("protect.protect"));
    m_protect->setDefault(true);
    row->addWidget(m_protect);
    rows->addLayout(row);
}

void ProtectDialog::note()
{
    const std::vector<ModelEntry> &models = m_desk.service.models();
    const auto found = std::find_if(
        models.begin(), models.end(), [this](const ModelEntry &model) { return model.id == m_model.id; });
    m_isGone = found == models.end();
    if (!m_isGone)
        m_model = *found;
    m_title->setText(m_model.name);
    m_question->setAside(accountsWords(m_desk.service.accounts()));
    show();
}

ProtectionChange ProtectDialog::change() const
{
    return changeOf(m_model, m_asked, domainsOf(m_desk.service.accounts()));
}

QString ProtectDialog::whyNot() const
{
    if (m_isGone)
        return tr("This model is no longer in your library.");
    if (m_model.state == ModelState::Storing)
        return tr("This model is still being stored.");
    const ProtectionChange now = change();
    if (now.isSame)
        return tr("This is how it is protected now.");
    if (now.after.m > now.room)
        return tr("There are too few accounts that could be lost without each other. Add storage, or choose less.");
    return {};
}

QString ProtectDialog::effectWords() const
{
    const ProtectionChange now = change();
    if (now.isSame)
        return tr("Nothing changes.");
    const QString uploaded = sizeWords(now.uploaded);
    const QString freed = sizeWords(now.freed);
    if (now.uploaded > 0 && now.freed > 0)
        return tr("Uploads about %1 first, and frees %2 in the end.").arg(uploaded, freed);
    if (now.uploaded > 0)
        return tr("Uploads about %1.").arg(uploaded);
    return tr("Uploads nothing, and frees %1 in the end.").arg(freed);
}

void ProtectDialog::show()
{
    const ProtectionChange now = change();
    const int domains = domainsOf(m_desk.service.accounts());
    m_question->allow(std::max(m_asked.k == 0 ? now.room : domains - std::max(1, m_model.protection.k), 0), domains);
    m_question->setConsequence(consequenceWords(now.after, 0));
    const QString shape = QStringLiteral("%1 · %2");
    m_before->setText(shape.arg(protectionWords(m_model.protection), sizeWords(now.bytesBefore)));
    m_after->setText(shape.arg(protectionWords(now.after), sizeWords(now.bytesAfter)));
    m_effect->setText(effectWords());
    const QString why = whyNot();
    m_protect->setEnabled(why.isEmpty());
    m_protect->setToolTip(why);
    tellTrouble();
}

void ProtectDialog::tellTrouble()
{
    const ProtectionChange now = change();
    QString text;
    if (m_isGone || m_model.state == ModelState::Storing || now.after.m > now.room)
        text = whyNot();
    else if (now.isLower && now.after.m == 0)
        text = tr("Afterwards losing one account may make it unreadable.");
    else if (now.isLower)
        text = tr("Afterwards losing %1 makes it unreadable.")
                   .arg(countWords(now.after.m + 1, tr("account"), tr("accounts")));
    if (text == m_told)
        return;
    m_told = text;
    m_message->setVisible(!text.isEmpty());
    if (!text.isEmpty())
        m_message->tell(InlineMessage::Kind::Warning, QString(), text, false);
}

void ProtectDialog::protect()
{
    if (!whyNot().isEmpty())
        return;
    m_desk.service.protect(m_model.id, m_asked);
    toastOf(m_desk, this, tr("Changing the protection of “%1”.").arg(isolated(m_model.name)));
    accept();
}

void ProtectDialog::done(int result)
{
    m_desk.service.disconnect(this);
    QDialog::done(result);
    if (result != Accepted)
        deleteLater();
}

} // namespace mf::ui
