// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/setup/kit_panel.h"

#include "core/base/path_text.h"
#include "ui/common/words.h"
#include "ui/setup/kit_words_view.h"
#include "ui/setup/setup_words.h"
#include "ui/storage/account_words.h"
#include "ui/storage/state_label.h"

#include <QClipboard>
#include <QCryptographicHash>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QRandomGenerator>
#include <QTimer>
#include <QVBoxLayout>

#include <chrono>

namespace mf::ui {
namespace {

constexpr std::chrono::seconds kOnClipboard { 60 };
constexpr int kWordInLetters = 18;

QByteArray printOf(const QString &text) { return QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256); }

} // namespace

KitPanel::KitPanel(Desk &desk, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_message(new InlineMessage)
    , m_view(new KitWordsView)
    , m_status(new StateLabel(nullptr, true))
    , m_question(new QLabel)
    , m_typed(new QLineEdit)
    , m_verdict(new StateLabel)
{
    setObjectName(QStringLiteral("kit.panel"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_message->setObjectName(QStringLiteral("kit.message"));
    column->addWidget(m_message);
    column->addWidget(m_view);

    auto *copyButton = new QPushButton(tr("Copy the Words"));
    copyButton->setObjectName(QStringLiteral("kit.copy"));
    auto *saveButton = new QPushButton(tr("Save…"));
    saveButton->setObjectName(QStringLiteral("kit.save"));
    for (QPushButton *button : { copyButton, saveButton })
        button->setAutoDefault(false);
    m_status->setObjectName(QStringLiteral("kit.status"));
    auto *ways = new QHBoxLayout;
    ways->addWidget(saveButton);
    ways->addWidget(copyButton);
    ways->addStretch();
    column->addLayout(ways);
    column->addWidget(m_status);

    m_typed->setObjectName(QStringLiteral("kit.typed"));
    m_typed->setMaximumWidth(fontMetrics().averageCharWidth() * kWordInLetters);
    m_question->setObjectName(QStringLiteral("kit.question"));
    m_question->setBuddy(m_typed);
    m_verdict->setObjectName(QStringLiteral("kit.verdict"));
    auto *proof = new QHBoxLayout;
    proof->addWidget(m_question);
    proof->addWidget(m_typed);
    proof->addWidget(m_verdict);
    proof->addStretch();
    column->addLayout(proof);
    column->addStretch();

    connect(copyButton, &QPushButton::clicked, this, &KitPanel::copy);
    connect(saveButton, &QPushButton::clicked, this, [this] { m_scope.start(saving()); });
    connect(m_typed, &QLineEdit::textChanged, this, &KitPanel::checkTyped);
    setTabOrder(saveButton, copyButton);
    setTabOrder(copyButton, m_typed);
    tell({});
}

void KitPanel::tell(const QStringList &words)
{
    m_words = words;
    m_view->tell(words);
    m_asked = QRandomGenerator::global()->bounded(kKitWords);
    const QString question = tr("To go on, type word %1:").arg(QLocale().toString(m_asked + 1));
    m_question->setText(question);
    m_typed->setAccessibleName(tr("Word %1 of the kit").arg(QLocale().toString(m_asked + 1)));
    m_typed->clear();
    checkTyped();
}

bool KitPanel::isProven() const { return !m_words.isEmpty() && isSameWord(m_typed->text(), m_words.value(m_asked)); }

void KitPanel::checkTyped()
{
    // No verdict while the word is still being typed.
    const QString typed = m_typed->text().trimmed().toLower();
    const bool isUnderWay = m_words.value(m_asked).startsWith(typed);
    if (isProven())
        m_verdict->tell(QStringLiteral("circle-check"), Token::Ok, tr("That is it."));
    else if (!isUnderWay)
        m_verdict->tell(
            QStringLiteral("circle-x"), Token::Bad, tr("That isn’t word %1.").arg(QLocale().toString(m_asked + 1)));
    m_verdict->setVisible(isProven() || !isUnderWay);
    emit provenChanged();
}

void KitPanel::copy()
{
    QClipboard *clipboard = QGuiApplication::clipboard();
    const QString text = m_words.join(u' ');
    clipboard->setText(text);
    m_status->tell(QStringLiteral("clipboard-check"), Token::Ok,
        tr("Copied. The clipboard is emptied in 60 seconds: paste the words before."));
    // Not ours: it happens also if this window is gone by then. Only what the clipboard was given is taken away.
    QTimer::singleShot(kOnClipboard, clipboard, [clipboard, print = printOf(text)] {
        if (printOf(clipboard->text()) == print)
            clipboard->clear();
    });
}

Task<void> KitPanel::saving()
{
    const QString title = tr("Save the Recovery Kit");
    const QString name = tr("ModelFloat recovery kit.txt");
    auto choosing = m_desk.prompts.chooseSaveFile(this, title, name);
    const QString path = co_await choosing;
    if (path.isEmpty())
        co_return;
    auto writing = m_desk.service.saveKit(pathOfText(path));
    const auto saved = co_await writing;
    if (!saved) {
        m_message->tell(InlineMessage::Kind::Bad, tr("The kit was not saved."), errorWords(saved.error()));
        co_return;
    }
    m_status->tell(QStringLiteral("circle-check"), Token::Ok, tr("Saved as %1").arg(isolated(path)));
    const QString warning = kitPlaceWarning(path, m_desk.service.accounts());
    if (warning.isEmpty())
        m_message->hide();
    else
        m_message->tell(InlineMessage::Kind::Warning, {}, warning);
}

} // namespace mf::ui
