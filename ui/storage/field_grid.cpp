// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/field_grid.h"

#include <QLabel>

#include <algorithm>

namespace mf::ui {

FieldGrid::FieldGrid()
{
    setContentsMargins(0, 0, 0, 0);
    setHorizontalSpacing(12);
    setVerticalSpacing(8);
    setColumnStretch(1, 1);
}

void FieldGrid::add(const QString &caption, QWidget *field, QWidget *buddy)
{
    auto *label = new QLabel(caption);
    label->setBuddy(buddy ? buddy : field);
    addWidget(label, m_rows, 0);
    addWidget(field, m_rows, 1);
    ++m_rows;
}

void FieldGrid::explain(QWidget *words) { addWidget(words, m_rows++, 1); }

int FieldGrid::captionWidth() const
{
    int width = 0;
    for (int row = 0; row < m_rows; ++row) {
        if (const QLayoutItem *item = itemAtPosition(row, 0))
            width = std::max(width, item->sizeHint().width());
    }
    return width;
}

} // namespace mf::ui
