// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/about_dialog.h"

#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QFile>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QSysInfo>
#include <QVBoxLayout>

namespace mf::ui {
namespace {

constexpr int kLicenceLines = 8; // that are seen at once

QString iconsLicence()
{
    QFile file(QStringLiteral(":/modelfloat/icons/LICENSE"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    // A line for each paragraph: it is wrapped as the window is wide.
    static const QRegularExpression kWithinParagraph(QStringLiteral("(?<!\\n)\\n(?!\\n)"));
    return QString::fromUtf8(file.readAll()).replace(kWithinParagraph, QStringLiteral(" "));
}

} // namespace

AboutDialog::AboutDialog(QWidget *parent)
    : QDialog(parent)
{
    setObjectName(QStringLiteral("about"));
    setWindowTitle(tr("About ModelFloat"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 16);
    column->setSpacing(10);
    auto *title = new QLabel(QStringLiteral("ModelFloat"), this);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.6);
    large.setBold(true);
    title->setFont(large);
    auto *what = new QLabel(tr("Keeps your AI models safe on the storage you already have."), this);
    auto *facts = new QLabel(details(), this);
    facts->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *licence = new QLabel(
        tr("Free software under the GNU General Public License, version 3 or later. The icons are those of Lucide, "
           "under the ISC licence. Built with Qt, OpenSSL, SQLite, zstd, ISA-L, QtKeychain and "
           "nlohmann/json."),
        this);
    licence->setWordWrap(true);
    licence->setMinimumWidth(380);
    auto *texts = new QPlainTextEdit(iconsLicence(), this);
    texts->setObjectName(QStringLiteral("about.licences"));
    texts->setAccessibleName(tr("Licence of the icons"));
    texts->setReadOnly(true);
    texts->setTabChangesFocus(true);
    texts->setMinimumHeight(kLicenceLines * texts->fontMetrics().lineSpacing());
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton *copy = buttons->addButton(tr("Copy Details"), QDialogButtonBox::ActionRole);
    copy->setObjectName(QStringLiteral("about.copy"));
    copy->setAutoDefault(false);
    QPushButton *close = buttons->button(QDialogButtonBox::Close);
    close->setObjectName(QStringLiteral("about.close"));
    close->setDefault(true);
    connect(copy, &QPushButton::clicked, this, [] { QApplication::clipboard()->setText(details()); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    for (QWidget *part : { static_cast<QWidget *>(title), static_cast<QWidget *>(what), static_cast<QWidget *>(facts),
             static_cast<QWidget *>(licence), static_cast<QWidget *>(texts), static_cast<QWidget *>(buttons) })
        column->addWidget(part);
}

AboutDialog *AboutDialog::open(QWidget *parent)
{
    auto *dialog = new AboutDialog(parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->show();
    return dialog;
}

QString AboutDialog::details()
{
    return QStringLiteral("ModelFloat %1\nQt %2\n%3, %4")
        .arg(QCoreApplication::applicationVersion(), QString::fromLatin1(qVersion()), QSysInfo::prettyProductName(),
            QSysInfo::currentCpuArchitecture());
}

} // namespace mf::ui
