// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/store/protection_question.h"

#include "ui/common/theme.h"
#include "ui/common/words.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QRadioButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QToolButton>

namespace mf::ui {
namespace {

constexpr int kMostAsked = 2;
constexpr int kRelated = 8;
constexpr int kMostCopies = 255;

QLabel *muted(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

} // namespace

ProtectionQuestion::ProtectionQuestion(const QString &prefix, QWidget *parent)
    : QWidget(parent)
    , m_group(new QButtonGroup(this))
    , m_aside(muted(this))
    , m_consequence(new QLabel(this))
    , m_advanced(new QToolButton(this))
    , m_panel(nullptr)
{
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(kRelated);
    auto *question = new QLabel(tr("How many accounts may you lose?"), this);
    QFont bold = question->font();
    bold.setWeight(QFont::DemiBold);
    question->setFont(bold);
    auto *top = new QHBoxLayout;
    top->addWidget(question);
    top->addStretch();
    top->addWidget(m_aside);
    rows->addLayout(top);

    auto *answers = new QHBoxLayout;
    answers->setSpacing(3 * kRelated);
    const QStringList words { tr("&None"), tr("&1"), tr("&2") };
    const QStringList names { tr("Lose no account"), tr("Lose any 1 account"), tr("Lose any 2 accounts") };
    for (int losses = 0; losses <= kMostAsked; ++losses) {
        auto *button = new QRadioButton(words[losses], this);
        button->setObjectName(prefix + QStringLiteral(".lose%1").arg(losses));
        button->setAccessibleName(names[losses]);
        button->setEnabled(losses == 0);
        m_group->addButton(button, losses);
        m_losses.push_back(button);
        answers->addWidget(button);
    }
    m_consequence->setObjectName(prefix + QStringLiteral(".consequence"));
    m_consequence->setWordWrap(true);
    answers->addWidget(m_consequence, 1);
    rows->addLayout(answers);

    m_advanced->setObjectName(prefix + QStringLiteral(".advanced"));
    m_advanced->setText(tr("Advanced"));
    m_advanced->setAccessibleName(tr("Advanced protection"));
    m_advanced->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_advanced->setArrowType(layoutDirection() == Qt::RightToLeft ? Qt::LeftArrow : Qt::RightArrow);
    m_advanced->setAutoRaise(true);
    m_advanced->setFocusPolicy(Qt::StrongFocus);
    m_advanced->setCheckable(true);
    rows->addWidget(m_advanced, 0, Qt::AlignLeft);
    m_panel = makeAdvanced(prefix);
    m_panel->hide();
    rows->addWidget(m_panel);

    for (std::size_t i = 1; i < m_losses.size(); ++i)
        setTabOrder(m_losses[i - 1], m_losses[i]);
    setTabOrder(m_losses.back(), m_advanced);
    setTabOrder(m_advanced, m_way);

    connect(m_group, &QButtonGroup::idClicked, this, [this](int losses) {
        const QSignalBlocker quiet(m_way);
        m_way->setCurrentIndex(Automatic);
        showWay(Automatic);
        emit chosen(Protection(0, losses));
    });
    connect(m_advanced, &QToolButton::toggled, this, [this](bool on) {
        m_advanced->setArrowType(on                    ? Qt::DownArrow
                : layoutDirection() == Qt::RightToLeft ? Qt::LeftArrow
                                                       : Qt::RightArrow);
        m_panel->setVisible(on);
        emit advancedChanged(on);
    });
}

QWidget *ProtectionQuestion::makeAdvanced(const QString &prefix)
{
    auto *panel = new QWidget(this);
    auto *rows = new QVBoxLayout(panel);
    rows->setContentsMargins(3 * kRelated, 0, 0, 0);
    auto *row = new QHBoxLayout;
    row->setSpacing(kRelated);
    rows->addLayout(row);
    const auto labelled = [&](const QString &text, QWidget *field, const QString &name) {
        auto *label = new QLabel(text, panel);
        label->setBuddy(field);
        field->setObjectName(prefix + name);
        row->addWidget(label);
        row->addWidget(field);
        return label;
    };
    m_way = new QComboBox(panel);
    m_way->addItems({ tr("As fits the accounts"), tr("Whole copies"), tr("Pieces with spare ones") });
    m_way->setAccessibleName(tr("How to spread"));
    labelled(tr("S&pread as"), m_way, QStringLiteral(".way"));
    const auto spin = [panel](int from, const QString &accessibleName) {
        auto *box = new QSpinBox(panel);
        box->setRange(from, kMostCopies);
        box->setAccessibleName(accessibleName);
        return box;
    };
    m_copies = spin(1, tr("Number of copies"));
    m_copiesLabel = labelled(tr("C&opies"), m_copies, QStringLiteral(".copies"));
    m_pieces = spin(2, tr("Number of pieces that are needed"));
    m_piecesLabel = labelled(tr("Piec&es"), m_pieces, QStringLiteral(".pieces"));
    m_spare = spin(0, tr("Number of spare pieces"));
    m_spareLabel = labelled(tr("Spa&re"), m_spare, QStringLiteral(".spare"));
    row->addStretch();
    m_note = muted(panel);
    m_note->setWordWrap(true);
    m_note->hide();
    rows->addWidget(m_note);
    showWay(Automatic);
    connect(m_way, &QComboBox::currentIndexChanged, this, [this](int way) {
        showWay(way);
        emitChoice();
    });
    for (QSpinBox *box : { m_copies, m_pieces, m_spare })
        connect(box, &QSpinBox::valueChanged, this, &ProtectionQuestion::emitChoice);
    return panel;
}

void ProtectionQuestion::showWay(int way)
{
    for (QWidget *part : { static_cast<QWidget *>(m_copiesLabel), static_cast<QWidget *>(m_copies) })
        part->setVisible(way == Copies);
    for (QWidget *part : { static_cast<QWidget *>(m_piecesLabel), static_cast<QWidget *>(m_pieces),
             static_cast<QWidget *>(m_spareLabel), static_cast<QWidget *>(m_spare) })
        part->setVisible(way == Pieces);
}

void ProtectionQuestion::emitChoice()
{
    switch (m_way->currentIndex()) {
    case Copies:
        check(m_copies->value() - 1);
        emit chosen(Protection(1, m_copies->value() - 1));
        return;
    case Pieces: {
        const QSignalBlocker quiet(m_spare);
        if (m_mostPieces > 0)
            m_spare->setMaximum(qMax(0, m_mostPieces - m_pieces->value()));
        check(m_spare->value());
        emit chosen(Protection(m_pieces->value(), m_spare->value()));
        return;
    }
    default:
        emit chosen(Protection(0, qMax(0, m_group->checkedId())));
    }
}

void ProtectionQuestion::check(int losses)
{
    // An exclusive group cannot have no answer.
    m_group->setExclusive(false);
    for (std::size_t i = 0; i < m_losses.size(); ++i)
        m_losses[i]->setChecked(static_cast<int>(i) == losses);
    m_group->setExclusive(true);
}

void ProtectionQuestion::show(const std::optional<Protection> &asked)
{
    check(asked ? asked->m : -1);
    if (!asked)
        return;
    const QSignalBlocker quietWay(m_way);
    const QSignalBlocker quietCopies(m_copies);
    const QSignalBlocker quietPieces(m_pieces);
    const QSignalBlocker quietSpare(m_spare);
    const int way = asked->k == 0 ? Automatic : asked->k == 1 ? Copies : Pieces;
    m_way->setCurrentIndex(way);
    showWay(way);
    m_copies->setValue(asked->m + 1);
    if (asked->k > 1) {
        m_pieces->setValue(asked->k);
        m_spare->setValue(asked->m);
    }
}

void ProtectionQuestion::allow(int mostLosses, int pieces)
{
    for (std::size_t i = 0; i < m_losses.size(); ++i) {
        const bool can = static_cast<int>(i) <= mostLosses;
        m_losses[i]->setEnabled(can);
        m_losses[i]->setToolTip(
            can ? QString() : tr("There are too few accounts that could be lost without each other."));
    }
    m_mostPieces = pieces;
    const QSignalBlocker quietCopies(m_copies);
    const QSignalBlocker quietPieces(m_pieces);
    const QSignalBlocker quietSpare(m_spare);
    m_copies->setMaximum(qMax(1, pieces));
    m_pieces->setMaximum(qMax(2, pieces));
    m_spare->setMaximum(qMax(0, pieces - m_pieces->value()));
}

void ProtectionQuestion::setConsequence(const QString &text) { m_consequence->setText(text); }

void ProtectionQuestion::setAside(const QString &text) { m_aside->setText(text); }

void ProtectionQuestion::setAdvancedNote(const QString &text)
{
    m_note->setText(text);
    m_note->setVisible(!text.isEmpty());
}

bool ProtectionQuestion::isAdvanced() const { return m_advanced->isChecked(); }
void ProtectionQuestion::setAdvanced(bool yes) { m_advanced->setChecked(yes); }
void ProtectionQuestion::focusAnswer()
{
    QAbstractButton *answer = m_group->checkedButton();
    (answer ? answer : m_losses.front())->setFocus();
}

} // namespace mf::ui
