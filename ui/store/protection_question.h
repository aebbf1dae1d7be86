// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshots.h"

#include <QWidget>

class QButtonGroup;
class QComboBox;
class QLabel;
class QRadioButton;
class QSpinBox;
class QToolButton;

namespace mf::ui {

// "How many accounts may you lose?", what that comes to, and under Advanced the same in copies or pieces.
class ProtectionQuestion final : public QWidget
{
    Q_OBJECT
public:
    // Object names begin with prefix: "store.lose0", "store.advanced", …
    explicit ProtectionQuestion(const QString &prefix, QWidget *parent = nullptr);

    // asked: what is chosen, k = 0: by the number of accounts alone; nothing: not known yet.
    void show(const std::optional<Protection> &asked);
    // At most so many can be lost; more cannot be chosen, for want of accounts. pieces: k + m at most.
    void allow(int mostLosses, int pieces);
    void setConsequence(const QString &text);
    void setAside(const QString &text); // "You have 5 accounts"
    void setAdvancedNote(const QString &text);

    bool isAdvanced() const;
    void setAdvanced(bool yes);
    void focusAnswer();

signals:
    void chosen(mf::Protection protection); // by the user
    void advancedChanged(bool isAdvanced);

private:
    enum Way { Automatic, Copies, Pieces };
    QWidget *makeAdvanced(const QString &prefix);
    void emitChoice();
    void showWay(int way);
    void check(int losses); // < 0 or more than can be asked so: none

    QButtonGroup *m_group;
    std::vector<QRadioButton *> m_losses;
    QLabel *m_aside;
    QLabel *m_consequence;
    QToolButton *m_advanced;
    QWidget *m_panel;
    QComboBox *m_way;
    QLabel *m_copiesLabel;
    QSpinBox *m_copies;
    QLabel *m_piecesLabel;
    QSpinBox *m_pieces;
    QLabel *m_spareLabel;
    QSpinBox *m_spare;
    QLabel *m_note;
    int m_mostPieces = 0;
};

} // namespace mf::ui
