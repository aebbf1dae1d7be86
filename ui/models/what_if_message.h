// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/widgets.h"
#include "ui/models/what_if.h"

namespace mf::ui {

// Says above the list that it does not show what is, but what would be, and leads back.
class WhatIfMessage final : public QWidget
{
    Q_OBJECT
public:
    explicit WhatIfMessage(WhatIf &whatIf, QWidget *parent = nullptr); // hidden

private:
    void tell();
    WhatIf &m_whatIf;
    InlineMessage *m_message;
    QString m_told; // lest the buttons are made anew under somebody's finger
};

} // namespace mf::ui
