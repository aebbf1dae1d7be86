// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/transfers/transfer_buttons.h"

#include "ui/transfers/transfer_rules.h"

#include <QCoreApplication>

namespace mf::ui {
namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(mf::ui::TransferButtons)
};

} // namespace

QString buttonIcon(RowButton button)
{
    switch (button) {
    case RowButton::Pause:
        return QStringLiteral("pause");
    case RowButton::Resume:
        return QStringLiteral("play");
    case RowButton::Cancel:
        return QStringLiteral("x");
    case RowButton::None:
    case RowButton::Retry:
    case RowButton::OpenFolder:
    case RowButton::Remedy:
        break;
    }
    return QString();
}

QString buttonText(RowButton button, const TransferEntry &transfer)
{
    switch (button) {
    case RowButton::Pause:
        return Words::tr("Pause");
    case RowButton::Resume:
        return Words::tr("Resume");
    case RowButton::Cancel:
        return asksBeforeCancel(transfer) ? Words::tr("Cancel…") : Words::tr("Cancel");
    case RowButton::Retry:
        return Words::tr("Retry");
    case RowButton::OpenFolder:
        return Words::tr("Open Folder");
    case RowButton::Remedy:
        if (const std::optional<WaitRemedy> remedy = remedyOf(transfer))
            return remedy->text;
        break;
    case RowButton::None:
        break;
    }
    return QString();
}

QString buttonAction(RowButton button)
{
    switch (button) {
    case RowButton::Pause:
        return QStringLiteral("transfer.pause");
    case RowButton::Resume:
        return QStringLiteral("transfer.resume");
    case RowButton::Cancel:
        return QStringLiteral("transfer.cancel");
    case RowButton::Retry:
        return QStringLiteral("transfer.retry");
    case RowButton::OpenFolder:
        return QStringLiteral("transfer.openFolder");
    case RowButton::None:
    case RowButton::Remedy:
        break;
    }
    return QString();
}

QString buttonSpoken(RowButton button, const TransferEntry &transfer)
{
    QString text = buttonText(button, transfer);
    text.remove(u'…');
    const QString name = transferSubject(transfer);
    return Words::tr("%1 %2", "Pause, name of a model").arg(text, name);
}

} // namespace mf::ui
