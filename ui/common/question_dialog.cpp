// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/question_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace mf::ui {

QDialog *questionDialog(QWidget *parent, const QString &title, const QString &text, const QStringList &choices)
{
    auto *dialog = new QDialog(parent);
    dialog->setObjectName(QStringLiteral("prompt"));
    dialog->setWindowTitle(title);
    auto *heading = new QLabel(title, dialog);
    heading->setTextFormat(Qt::PlainText);
    heading->setWordWrap(true);
    heading->setAlignment(Qt::AlignLeading | Qt::AlignTop);
    QFont font = heading->font();
    font.setPointSizeF(font.pointSizeF() + 1);
    font.setWeight(QFont::DemiBold);
    heading->setFont(font);
    auto *body = new QLabel(text, dialog);
    body->setObjectName(QStringLiteral("prompt.text"));
    body->setTextFormat(Qt::PlainText);
    body->setWordWrap(true);
    body->setAlignment(Qt::AlignLeading | Qt::AlignTop);
    body->setTextInteractionFlags(Qt::TextSelectableByMouse);
    body->setVisible(!text.isEmpty());
    constexpr int kLine = 60; // characters
    body->setMinimumWidth(body->fontMetrics().averageCharWidth() * kLine);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addStretch();
    for (int i = 0; i < choices.size(); ++i) {
        auto *button = new QPushButton(choices[i], dialog);
        button->setObjectName(QStringLiteral("prompt.choice%1").arg(i));
        button->setAutoDefault(true);
        QObject::connect(button, &QPushButton::clicked, dialog, [dialog, i] { dialog->done(i); });
        buttons->addWidget(button);
        if (i == 0) {
            button->setDefault(true);
            button->setFocus();
        }
    }
    auto *column = new QVBoxLayout(dialog);
    column->setContentsMargins(16, 16, 16, 16);
    column->setSpacing(8);
    column->addWidget(heading);
    column->addWidget(body, 1);
    column->addSpacing(8);
    column->addLayout(buttons);
    return dialog;
}

} // namespace mf::ui
