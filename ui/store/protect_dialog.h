// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"
#include "ui/store/protection_choices.h"

#include <QDialog>

class QLabel;

namespace mf::ui {

class ProtectionQuestion;

// Asks how a stored model is to be protected from now on; says what that comes to.
class ProtectDialog final : public QDialog
{
    Q_OBJECT
public:
    // Deletes itself.
    static ProtectDialog *open(Desk &desk, QWidget *parent, const ModelEntry &model);

signals:
    void asksFor(const QString &page, const QString &key);

protected:
    void done(int result) override;

private:
    ProtectDialog(Desk &desk, QWidget *parent, const ModelEntry &model);
    void makeParts();
    void note(); // the model or the accounts changed
    void show();
    ProtectionChange change() const;
    QString whyNot() const;
    QString effectWords() const;
    void tellTrouble();
    void protect();

    Desk &m_desk;
    ModelEntry m_model;
    bool m_isGone = false;
    Protection m_asked;
    InlineMessage *m_message;
    QLabel *m_title;
    QLabel *m_before;
    QLabel *m_after;
    QLabel *m_effect;
    ProtectionQuestion *m_question;
    QPushButton *m_cancel;
    QPushButton *m_protect;
    QString m_told;
};

} // namespace mf::ui
