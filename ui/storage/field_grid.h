// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QGridLayout>
#include <QWidget>

namespace mf::ui {

// Captions at the left, fields at the right, and below a field what explains it. Unlike a QFormLayout it gives wrapped
// words the whole width, and two of them can be put in line.
class FieldGrid final : public QGridLayout
{
    Q_OBJECT
public:
    FieldGrid();
    // The field, or the part of it that takes the words, is the caption's buddy.
    void add(const QString &caption, QWidget *field, QWidget *buddy = nullptr);
    void explain(QWidget *words); // of the field before
    int captionWidth() const;

private:
    int m_rows = 0;
};

} // namespace mf::ui
