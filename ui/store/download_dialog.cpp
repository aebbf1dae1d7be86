// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/download_dialog.h"

#include "core/base/path_text.h"
#include "ui/common/words.h"
#include "ui/store/done_toast.h"
#include "ui/store/found_table.h"

#include <QCheckBox>
#include <QDir>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardPaths>

#include <algorithm>
#include <chrono>

namespace mf::ui {
namespace {

constexpr int kRelated = 8;
constexpr int kWidth = 560;
constexpr std::chrono::milliseconds kSettle { 250 }; // while somebody types
const QString kFolder = QStringLiteral("download/folder");

QString factsWords(const ModelEntry &model)
{
    QStringList words { formatWords(model.facts.format), model.facts.quantization, sizeWords(model.bytes) };
    words.removeAll(QString());
    return words.join(QStringLiteral(" · "));
}

} // namespace

DownloadDialog *DownloadDialog::open(Desk &desk, QWidget *parent, const ModelEntry &model)
{
    auto *dialog = new DownloadDialog(desk, parent, model);
    dialog->QDialog::show();
    return dialog;
}

DownloadDialog::DownloadDialog(Desk &desk, QWidget *parent, const ModelEntry &model)
    : QDialog(parent)
    , m_desk(desk)
    , m_model(model)
    , m_message(new InlineMessage(this))
    , m_title(new QLabel(model.name, this))
    , m_facts(new QLabel(factsWords(model), this))
    , m_folder(new QLineEdit(this))
    , m_browse(new QPushButton(tr("Browse…"), this))
    , m_room(new QLabel(this))
    , m_overwrite(new QCheckBox(tr("&Replace files that are there and differ"), this))
    , m_verify(new QCheckBox(tr("&Verify contents"), this))
    , m_cancel(new QPushButton(tr("Cancel"), this))
    , m_download(primaryButton(tr("Download")))
{
    setObjectName(QStringLiteral("download.dialog"));
    setWindowTitle(tr("Download Model"));
    makeFields();
    makeButtons();
    m_folder->setText(
        m_desk.memory.value(kFolder, QStandardPaths::writableLocation(QStandardPaths::DownloadLocation)).toString());
    connect(m_folder, &QLineEdit::textChanged, this, &DownloadDialog::noteFolder);
    connect(m_browse, &QPushButton::clicked, this, [this] {
        if (m_tasks.isIdle())
            m_tasks.start(browse());
    });
    connect(m_cancel, &QPushButton::clicked, this, &DownloadDialog::reject);
    connect(m_download, &QPushButton::clicked, this, &DownloadDialog::download);
    connect(&m_desk.service, &Service::modelsChanged, this, &DownloadDialog::noteModels);
    noteModels();
    m_isAsking = true;
    m_asking.start(askForRoom(pathOfText(folderText()), false));
    show();
    resize(qMax(kWidth, sizeHint().width()), sizeHint().height());
    m_folder->setFocus();
}

void DownloadDialog::makeFields()
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(2 * kRelated, 2 * kRelated, 2 * kRelated, 2 * kRelated);
    rows->setSpacing(kRelated);
    m_message->setObjectName(QStringLiteral("download.message"));
    rows->addWidget(m_message);
    QFont large = m_title->font();
    large.setPointSizeF(large.pointSizeF() + 2);
    large.setWeight(QFont::DemiBold);
    m_title->setFont(large);
    m_title->setWordWrap(true);
    m_title->setObjectName(QStringLiteral("download.title"));
    rows->addWidget(m_title);
    m_facts->setForegroundRole(QPalette::PlaceholderText);
    m_facts->setObjectName(QStringLiteral("download.facts"));
    rows->addWidget(m_facts);
    rows->addSpacing(kRelated);

    auto *label = new QLabel(tr("To &folder"), this); // not &To: Qt then measures the pair and draws it apart
    label->setBuddy(m_folder);
    m_folder->setObjectName(QStringLiteral("download.folder"));
    m_folder->setAccessibleName(tr("Folder to download to"));
    m_browse->setObjectName(QStringLiteral("download.browse"));
    m_browse->setAccessibleName(tr("Browse for the folder"));
    m_browse->setAutoDefault(false);
    auto *row = new QHBoxLayout;
    row->setSpacing(kRelated);
    row->addWidget(label);
    row->addWidget(m_folder, 1);
    row->addWidget(m_browse);
    rows->addLayout(row);
    m_room->setObjectName(QStringLiteral("download.room"));
    m_room->setWordWrap(true);
    rows->addWidget(m_room);
    rows->addSpacing(kRelated);
    m_overwrite->setObjectName(QStringLiteral("download.overwrite"));
    m_overwrite->setToolTip(tr("Otherwise nothing that differs is touched, and the download stops there."));
    rows->addWidget(m_overwrite);
    m_verify->setObjectName(QStringLiteral("download.verify"));
    m_verify->setChecked(true);
    m_verify->setEnabled(false);
    m_verify->setToolTip(tr("Always: what arrives is what was stored, byte for byte, or it is not put there."));
    rows->addWidget(m_verify);
    rows->addStretch();
}

void DownloadDialog::makeButtons()
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(0, kRelated, 0, 0);
    row->setSpacing(kRelated);
    row->addStretch();
    m_cancel->setObjectName(QStringLiteral("download.cancel"));
    m_cancel->setAutoDefault(false);
    row->addWidget(m_cancel);
    m_download->setObjectName(QStringLiteral("download.download"));
    m_download->setDefault(true);
    row->addWidget(m_download);
    static_cast<QVBoxLayout *>(layout())->addLayout(row);
}

void DownloadDialog::noteModels()
{
    const std::vector<ModelEntry> &models = m_desk.service.models();
    const auto found = std::find_if(
        models.begin(), models.end(), [this](const ModelEntry &model) { return model.id == m_model.id; });
    m_isGone = found == models.end();
    if (!m_isGone)
        m_model = *found;
    m_title->setText(m_model.name);
    m_facts->setText(factsWords(m_model));
    show();
}

QString DownloadDialog::folderText() const
{
    const QString typed = m_folder->text().trimmed();
    if (typed == QStringLiteral("~") || typed.startsWith(QStringLiteral("~/")))
        return QDir::cleanPath(QString(QDir::homePath() + typed.mid(1)));
    return typed.isEmpty() ? QString() : QDir::cleanPath(typed);
}

void DownloadDialog::noteFolder()
{
    m_asking.cancelAll();
    m_free.reset();
    m_roomError.reset();
    m_isAsking = QDir::isAbsolutePath(folderText());
    if (m_isAsking)
        m_asking.start(askForRoom(pathOfText(folderText()), true));
    show();
}

Task<void> DownloadDialog::askForRoom(QByteArray folder, bool isTyped)
{
    if (isTyped)
        co_await m_desk.clock.sleep(kSettle);
    const auto room = co_await m_desk.service.roomIn(folder);
    m_isAsking = false;
    if (room)
        m_free = *room;
    else
        m_roomError = room.error();
    show();
}

QString DownloadDialog::roomWords() const
{
    const QString needed = sizeWords(m_model.bytes);
    const QString typed = folderText();
    if (typed.isEmpty())
        return tr("Choose a folder.");
    if (!QDir::isAbsolutePath(typed))
        return tr("Give the whole path of the folder, from the root on.");
    if (m_roomError)
        return tr("Needs %1.").arg(needed);
    if (m_isAsking)
        return tr("Needs %1. Looking how much is free there…").arg(needed);
    if (!m_free)
        return tr("Needs %1. How much is free there is not known.").arg(needed);
    if (*m_free < m_model.bytes)
        return tr("Needs %1, but only %2 is free there.").arg(needed, sizeWords(*m_free));
    return tr("Needs %1, %2 is free there.").arg(needed, sizeWords(*m_free));
}

QString DownloadDialog::whyNot() const
{
    if (m_isGone)
        return tr("This model is no longer in your library.");
    if (m_model.state == ModelState::Unreadable)
        return tr("Fragments are missing, so this model can’t be downloaded now.");
    if (m_model.state == ModelState::Storing)
        return tr("This model is still being stored.");
    const QString typed = folderText();
    if (!QDir::isAbsolutePath(typed))
        return roomWords();
    if (m_roomError)
        return m_roomError->message;
    if (m_free && *m_free < m_model.bytes)
        return tr("%1 more is needed in this folder. Free some room there, or choose another folder.")
            .arg(sizeWords(m_model.bytes - *m_free));
    return {};
}

void DownloadDialog::show()
{
    const QString why = whyNot();
    m_room->setText(roomWords());
    m_download->setEnabled(why.isEmpty());
    m_download->setToolTip(why);
    tellTrouble();
}

void DownloadDialog::tellTrouble()
{
    QString text;
    const bool isUnreadable = !m_isGone && m_model.state == ModelState::Unreadable;
    if (isUnreadable)
        text = m_model.spare < 0 ? tr("%1 missing, so this model can’t be downloaded now.")
                                       .arg(countWords(-m_model.spare, tr("fragment is"), tr("fragments are")))
                                 : whyNot();
    else if (m_isGone || m_model.state == ModelState::Storing || m_roomError || m_free)
        text = whyNot();
    if (text == m_told)
        return;
    m_told = text;
    m_message->setVisible(!text.isEmpty());
    if (text.isEmpty())
        return;
    const bool isHere = m_isGone || m_model.state == ModelState::Storing;
    m_message->tell(isHere ? InlineMessage::Kind::Warning : InlineMessage::Kind::Bad, QString(), text, false);
    if (isUnreadable) {
        QPushButton *button = m_message->addButton(tr("Show What’s Missing"));
        button->setObjectName(QStringLiteral("download.showMissing"));
        connect(button, &QPushButton::clicked, this, [this] { emit asksFor(QStringLiteral("models"), m_model.name); });
    }
}

void DownloadDialog::download()
{
    if (!whyNot().isEmpty())
        return;
    const QString folder = folderText();
    m_desk.memory.setValue(kFolder, folder);
    FetchOrder order;
    order.model = m_model.id;
    order.name = m_model.name;
    order.to = pathOfText(folder);
    order.overwrite = m_overwrite->isChecked();
    m_desk.service.fetch(order);
    toastOf(m_desk, this, tr("Downloading “%1”.").arg(isolated(m_model.name)));
    accept();
}

Task<void> DownloadDialog::browse()
{
    const QString title = tr("Download To");
    const QString start = folderText();
    const QString folder = co_await m_desk.prompts.chooseFolder(this, title, start);
    if (!folder.isEmpty())
        m_folder->setText(folder);
}

void DownloadDialog::done(int result)
{
    m_desk.service.disconnect(this);
    m_asking.cancelAll();
    m_tasks.cancelAll();
    QDialog::done(result);
    if (result != Accepted)
        deleteLater();
}

} // namespace mf::ui
