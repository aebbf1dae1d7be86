// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/theme.h"

#include <QIcon>
#include <QPixmap>
#include <QString>

namespace mf::ui {

// A Lucide icon of resources/icons by its name ("shield-check"), drawn in a colour of the current scheme and, disabled,
// in Muted. It follows a change of the scheme. An unknown name is a defect: it warns, and a test knows all names.
QIcon icon(const QString &name, Token colour = Token::Text);
// The same as a picture of so many device-independent pixels, for delegates. Cached.
QPixmap iconPixmap(const QString &name, Token colour, int size, qreal ratio);

// The side of an icon beside a line of text: 16 at 9 pt, more with larger fonts.
int markSize();

} // namespace mf::ui
