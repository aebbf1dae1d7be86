// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/issue_message.h"

#include "ui/common/words.h"

#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace mf::ui {
namespace {

constexpr std::size_t kMostButtons = 2;

QString remedyText(IssueEntry::Remedy remedy)
{
    using Remedy = IssueEntry::Remedy;
    switch (remedy) {
    case Remedy::Repair:
        return IssueMessage::tr("Repair");
    case Remedy::Check:
        return IssueMessage::tr("Check Now");
    case Remedy::AddStorage:
        return IssueMessage::tr("Add Storage…");
    case Remedy::MoveAway:
        return IssueMessage::tr("Move Fragments…");
    case Remedy::ShowAccount:
        return IssueMessage::tr("Show Account");
    case Remedy::ShowModel:
        return IssueMessage::tr("Show Model");
    case Remedy::Retry:
        return IssueMessage::tr("Try Again");
    case Remedy::SaveKit:
        return IssueMessage::tr("Save Recovery Kit…");
    case Remedy::SignIn:
        return IssueMessage::tr("Sign In…");
    case Remedy::None:
        break;
    }
    return {};
}

} // namespace

IssueMessage::IssueMessage(Desk &desk, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_message(new InlineMessage)
{
    m_message->setObjectName(QStringLiteral("models.issue"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_message);
    connect(m_message, &InlineMessage::closed, this, [this] {
        m_closed.insert(m_shown);
        showWorst();
    });
    connect(&desk.service, &Service::issuesChanged, this, &IssueMessage::showWorst);
    showWorst();
}

void IssueMessage::showWorst()
{
    const std::vector<IssueEntry> &issues = m_desk.service.issues();
    const auto worst = std::find_if(issues.begin(), issues.end(), [this](const IssueEntry &issue) {
        return issue.severity != IssueEntry::Severity::Note && !m_closed.contains(issue.id);
    });
    if (m_isQuiet || worst == issues.end()) {
        m_shown.clear();
        m_signature.clear();
        m_message->hide();
        hide();
        return;
    }
    const QStringList said = { worst->id, worst->title, worst->text, QString::number(issues.size()) };
    const QString signature = said.join(u'\n');
    if (signature == m_signature)
        return;
    m_signature = signature;
    m_shown = worst->id;
    const bool isBad = worst->severity >= IssueEntry::Severity::Risk;
    const auto &remedies = worst->remedies;
    // Without its kit a library is lost with its computer: that reminder stays.
    const bool isClosable = std::find(remedies.begin(), remedies.end(), IssueEntry::Remedy::SaveKit) == remedies.end();
    m_message->tell(
        isBad ? InlineMessage::Kind::Bad : InlineMessage::Kind::Warning, worst->title, worst->text, isClosable);
    const IssueEntry issue = *worst;
    const std::size_t most = issues.size() > 1 ? 1 : kMostButtons; // the words need room, too
    for (std::size_t i = 0; i < std::min(remedies.size(), most); ++i)
        if (issue.remedies[i] != IssueEntry::Remedy::None)
            addButton(issue, issue.remedies[i]);
    if (issues.size() > 1) {
        QPushButton *all = m_message->addButton(
            tr("Show All %1").arg(countWords(static_cast<qint64>(issues.size()), tr("Issue"), tr("Issues"))));
        all->setObjectName(QStringLiteral("models.issue.all"));
        connect(all, &QPushButton::clicked, this, [this] { emit asksFor(QStringLiteral("activity"), QString()); });
    }
    m_message->show();
    show();
}

void IssueMessage::addButton(const IssueEntry &issue, IssueEntry::Remedy remedy)
{
    QPushButton *button = m_message->addButton(remedyText(remedy));
    button->setObjectName(QStringLiteral("models.issue.%1").arg(static_cast<int>(remedy)));
    connect(button, &QPushButton::clicked, this, [this, issue, remedy] { mend(issue, remedy); });
}

void IssueMessage::setQuiet(bool quiet)
{
    m_isQuiet = quiet;
    showWorst();
}

std::vector<ModelId> IssueMessage::modelOf(const IssueEntry &issue) const
{
    for (const ModelEntry &model : m_desk.service.models())
        if (model.name == issue.model)
            return { model.id };
    return {};
}

void IssueMessage::mend(const IssueEntry &issue, IssueEntry::Remedy remedy)
{
    using Remedy = IssueEntry::Remedy;
    switch (remedy) {
    case Remedy::Repair:
        m_desk.service.repair(modelOf(issue));
        return;
    case Remedy::Check:
        m_desk.service.check(modelOf(issue), false);
        return;
    case Remedy::Retry:
        m_desk.service.retry(issue.transfer);
        return;
    case Remedy::AddStorage:
    case Remedy::MoveAway:
    case Remedy::ShowAccount:
        emit asksFor(QStringLiteral("storage"), issue.account);
        return;
    case Remedy::SignIn:
        emit asksFor(QStringLiteral("storage"), signInKey(issue.account));
        return;
    case Remedy::ShowModel:
        emit asksForModel(issue.model);
        return;
    case Remedy::SaveKit:
        emit asksFor(QStringLiteral("kit"), QString());
        return;
    case Remedy::None:
        return;
    }
}

} // namespace mf::ui
