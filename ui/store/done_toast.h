// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <memory>

namespace mf::ui {

// "Storing 2 models. [Show]": told by a dialog that is done. It stays, hidden, for as long as the button may be
// pressed, which makes it ask for the page of the transfers; then it deletes itself.
template <typename Dialog> void toastOf(Desk &desk, Dialog *dialog, const QString &text)
{
    struct Keeper {
        QPointer<Dialog> dialog;
        explicit Keeper(Dialog *d)
            : dialog(d)
        {
        }
        Keeper(const Keeper &) = delete;
        Keeper &operator=(const Keeper &) = delete;
        ~Keeper()
        {
            if (dialog)
                dialog->deleteLater();
        }
    };
    const auto keeper = std::make_shared<Keeper>(dialog);
    desk.toaster.show(text, Dialog::tr("Show"), [keeper] {
        if (keeper->dialog)
            emit keeper->dialog->asksFor(QStringLiteral("transfers"), {});
    });
}

} // namespace mf::ui
