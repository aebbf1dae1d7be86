// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/loss_view.h"

#include "ui/storage/account_words.h"
#include "ui/storage/state_label.h"

#include <QLabel>
#include <QLocale>
#include <QVBoxLayout>

namespace mf::ui {
namespace {

constexpr int kMostNames = 8;
constexpr int kNamesIndent = 22;

} // namespace

LossView::LossView(Desk &desk, QWidget *parent)
    : QWidget(parent)
    , m_question(desk.service)
    , m_first(new StateLabel(nullptr, true))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    m_first->setObjectName(QStringLiteral("storage.loss"));
    column->addWidget(m_first);
    for (Harm &harm : m_harms) {
        harm.label = new StateLabel(nullptr, true);
        harm.names = quietLabel();
        harm.names->setTextFormat(Qt::PlainText);
        harm.names->setContentsMargins(kNamesIndent, 0, 0, 4);
        harm.names->setTextInteractionFlags(Qt::TextSelectableByMouse);
        column->addWidget(harm.label);
        column->addWidget(harm.names);
        harm.label->hide();
        harm.names->hide();
    }
    m_harms[0].names->setObjectName(QStringLiteral("storage.lossUnreadable"));
    m_harms[1].names->setObjectName(QStringLiteral("storage.lossAtRisk"));
    m_harms[2].names->setObjectName(QStringLiteral("storage.lossReduced"));
    column->addStretch();

    m_question.setWatched(false); // until it is shown
    connect(&m_question, &LossQuestion::slow, this,
        [this] { tellState(QStringLiteral("shield"), Token::Muted, tr("Looking at what would be affected…")); });
    connect(&m_question, &LossQuestion::answered, this, &LossView::tell);
    connect(&m_question, &LossQuestion::failed, this,
        [this](const Error &error) { tellState(QStringLiteral("triangle-alert"), Token::Warn, errorWords(error)); });
}

void LossView::tellNotKnown()
{
    m_question.ask(std::nullopt);
    tellState(QStringLiteral("shield"), Token::Muted, tr("What lies there is not known to this computer."));
}

void LossView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_question.setWatched(true);
}

void LossView::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_question.setWatched(false);
}

void LossView::tellState(const QString &iconName, Token colour, const QString &text)
{
    m_first->tell(iconName, colour, text);
    m_first->show();
    for (const Harm &harm : m_harms) {
        harm.label->hide();
        harm.names->hide();
    }
}

void LossView::tell(const AccountLoss &loss)
{
    const QLocale locale;
    const auto say
        = [](const Harm &harm, const QStringList &names, const QString &iconName, Token colour, const QString &text) {
              harm.label->setVisible(!names.isEmpty());
              harm.names->setVisible(!names.isEmpty());
              harm.label->tell(iconName, colour, text);
              harm.names->setText(namesWords(names, kMostNames));
              harm.names->setToolTip(names.join(u'\n'));
          };
    const auto count = [&locale](const QStringList &names) { return locale.toString(names.size()); };
    say(m_harms[0], loss.unreadable, QStringLiteral("shield-x"), Token::Bad,
        loss.unreadable.size() == 1 ? tr("1 model would become unreadable")
                                    : tr("%1 models would become unreadable").arg(count(loss.unreadable)));
    say(m_harms[1], loss.atRisk, QStringLiteral("shield-alert"), Token::Risk,
        loss.atRisk.size() == 1 ? tr("1 model would be at risk")
                                : tr("%1 models would be at risk").arg(count(loss.atRisk)));
    say(m_harms[2], loss.reduced, QStringLiteral("shield"), Token::Warn,
        loss.reduced.size() == 1 ? tr("1 model would have fewer spares")
                                 : tr("%1 models would have fewer spares").arg(count(loss.reduced)));
    const bool isHarmless = loss.unreadable.isEmpty() && loss.atRisk.isEmpty() && loss.reduced.isEmpty();
    const QString fine = loss.unharmed == 0 ? tr("No model would be affected.")
        : loss.unharmed == 1                ? tr("Your model would stay as safe as it is.")
                             : tr("All %1 models would stay as safe as they are.").arg(locale.toString(loss.unharmed));
    m_first->tell(
        QStringLiteral("shield-check"), Token::Ok, isHarmless ? fine : tr("No model would become unreadable."));
    m_first->setVisible(isHarmless || loss.unreadable.isEmpty());
}

} // namespace mf::ui
