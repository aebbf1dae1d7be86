// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/transfer_bar.h"

#include "ui/common/words.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace mf::ui {

TransferBar::TransferBar(Clock &clock, QWidget *parent)
    : QFrame(parent)
    , m_clock(clock)
    , m_text(new QLabel(this))
{
    setObjectName(QStringLiteral("transfers.bar"));
    setAccessibleName(tr("Selected transfer"));
    m_text->setObjectName(QStringLiteral("transfers.barText"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setMinimumWidth(120);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(8, 4, 8, 4);
    row->setSpacing(8);
    row->addWidget(m_text, 1);
    const std::pair<RowButton, const char *> all[]
        = { { RowButton::Remedy, "transfers.barRemedy" }, { RowButton::OpenFolder, "transfers.barOpenFolder" },
              { RowButton::Retry, "transfers.barRetry" }, { RowButton::Pause, "transfers.barPause" },
              { RowButton::Resume, "transfers.barResume" }, { RowButton::Cancel, "transfers.barCancel" } };
    for (const auto &[what, name] : all) {
        auto *button = new QPushButton(this);
        button->setObjectName(QLatin1StringView(name));
        connect(button, &QPushButton::clicked, this, [this, pressing = what] { emit pressed(m_shown, pressing); });
        row->addWidget(button);
        m_buttons.emplace_back(what, button);
    }
    hide();
}

void TransferBar::show(const TransferEntry *transfer)
{
    m_shown = transfer ? transfer->id : 0;
    setVisible(transfer != nullptr);
    if (!transfer)
        return;
    QString text = transferLine(*transfer, m_clock.now());
    if (transfer->error && transfer->error->retryAt)
        text += QStringLiteral(" · ")
            + tr("tries again at %1")
                  .arg(QLocale().toString(transfer->error->retryAt->toLocalTime().time(), QLocale::ShortFormat));
    m_text->setText(text);
    for (const auto &[what, button] : m_buttons) {
        bool can = false;
        switch (what) {
        case RowButton::Pause:
            can = canPause(*transfer);
            break;
        case RowButton::Resume:
            can = canResume(*transfer);
            break;
        case RowButton::Cancel:
            can = canCancel(*transfer);
            break;
        case RowButton::Retry:
            can = canRetry(*transfer);
            break;
        case RowButton::OpenFolder:
            can = canOpenFolder(*transfer);
            break;
        case RowButton::Remedy:
            can = remedyOf(*transfer).has_value();
            break;
        case RowButton::None:
            break;
        }
        button->setVisible(can);
        button->setText(buttonText(what, *transfer));
        button->setAccessibleName(buttonSpoken(what, *transfer));
    }
}

} // namespace mf::ui
