// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

namespace mf::ui {

// Name, version, licences; what to copy into a report.
class AboutDialog final : public QDialog
{
    Q_OBJECT
public:
    explicit AboutDialog(QWidget *parent);
    static AboutDialog *open(QWidget *parent); // ends with its closing

    static QString details(); // version of the program, of Qt, and the platform
};

} // namespace mf::ui
