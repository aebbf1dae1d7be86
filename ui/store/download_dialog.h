// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QDialog>

class QCheckBox;
class QLabel;

namespace mf::ui {

// Asks where a model is to be put, and has it fetched.
class DownloadDialog final : public QDialog
{
    Q_OBJECT
public:
    // Deletes itself.
    static DownloadDialog *open(Desk &desk, QWidget *parent, const ModelEntry &model);

signals:
    void asksFor(const QString &page, const QString &key);

protected:
    void done(int result) override;

private:
    DownloadDialog(Desk &desk, QWidget *parent, const ModelEntry &model);
    void makeFields();
    void makeButtons();

    void noteModels(); // the model may change meanwhile, or go
    void noteFolder(); // asks for the room there
    void show();
    QString whyNot() const;
    QString roomWords() const;
    void tellTrouble();
    void download();
    QString folderText() const; // absolute, or what was typed
    Task<void> askForRoom(QByteArray folder, bool isTyped);
    Task<void> browse();

    Desk &m_desk;
    ModelEntry m_model;
    bool m_isGone = false;
    InlineMessage *m_message;
    QLabel *m_title;
    QLabel *m_facts;
    QLineEdit *m_folder;
    QPushButton *m_browse;
    QLabel *m_room;
    QCheckBox *m_overwrite;
    QCheckBox *m_verify;
    QPushButton *m_cancel;
    QPushButton *m_download;
    std::optional<qint64> m_free; // nothing: not known
    std::optional<Error> m_roomError;
    bool m_isAsking = false;
    QString m_told;
    TaskScope m_asking;
    TaskScope m_tasks;
};

} // namespace mf::ui
