// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/limits_form.h"

#include "core/base/size_text.h"
#include "ui/storage/account_record.h"
#include "ui/storage/account_words.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace mf::ui {
namespace {

constexpr int kFieldInLetters = 12;

} // namespace

LimitsForm::LimitsForm(Desk &desk, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_apply(new QPushButton(tr("Apply Limits")))
    , m_problem(new QLabel)
{
    auto *grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(4);
    int column = 0;
    const auto field
        = [&](Field &out, const char *name, const QString &label, const QString &none, const QString &help) {
              out.edit = new QLineEdit;
              out.edit->setObjectName(QLatin1String(name));
              out.edit->setAccessibleName(label);
              out.edit->setPlaceholderText(none);
              out.edit->setToolTip(help);
              out.edit->setMinimumWidth(fontMetrics().averageCharWidth() * kFieldInLetters);
              auto *caption = new QLabel(label);
              caption->setBuddy(out.edit);
              grid->addWidget(caption, 0, column);
              grid->addWidget(out.edit, 1, column);
              grid->setColumnStretch(column, 1);
              ++column;
              connect(out.edit, &QLineEdit::textEdited, this, &LimitsForm::look);
              connect(out.edit, &QLineEdit::returnPressed, this, &LimitsForm::apply);
          };
    field(m_up, "storage.upLimit", tr("Upload limit"), tr("No limit"), tr("For example 500 kB/s; empty: no limit."));
    field(
        m_down, "storage.downLimit", tr("Download limit"), tr("No limit"), tr("For example 2 MB/s; empty: no limit."));
    field(m_capacity, "storage.capacity", tr("Use at most"), tr("All there is"),
        tr("For example 500 GB; empty: all there is."));
    m_apply->setObjectName(QStringLiteral("storage.applyLimits"));
    grid->addWidget(m_apply, 1, column);
    m_problem->setObjectName(QStringLiteral("storage.limitsProblem"));
    m_problem->setWordWrap(true);
    m_problem->hide();
    grid->addWidget(m_problem, 2, 0, 1, column + 1);
    connect(m_apply, &QPushButton::clicked, this, &LimitsForm::apply);
    look();
}

void LimitsForm::tell(const AccountEntry &account)
{
    if (account.id != m_account.id) {
        m_scope.cancelAll();
        for (Field *field : { &m_up, &m_down, &m_capacity }) // what was typed was for another one
            field->edit->setText(field->shown);
        m_problem->hide();
    }
    m_account = account;
    fill(m_up, account.upLimit, true);
    fill(m_down, account.downLimit, true);
    fill(m_capacity, account.capacity, false);
    look();
}

void LimitsForm::fill(Field &field, qint64 value, bool isRate) const
{
    const QString text = value <= 0 ? QString() : isRate ? rateText(static_cast<double>(value)) : sizeText(value);
    const bool isUntouched = field.edit->text() == field.shown;
    field.shown = text;
    if (isUntouched && field.edit->text() != text)
        field.edit->setText(text);
}

bool LimitsForm::isChanged() const
{
    return m_up.edit->text() != m_up.shown || m_down.edit->text() != m_down.shown
        || m_capacity.edit->text() != m_capacity.shown;
}

void LimitsForm::look() { m_apply->setEnabled(isChanged()); }

void LimitsForm::apply()
{
    if (!isChanged())
        return;
    AccountRecord changed = recordOf(m_account);
    const auto read = [this](const Field &field, qint64 &value, bool isRate) {
        const QString text = field.edit->text().trimmed();
        if (field.edit->text() == field.shown)
            return true; // as it was, without the rounding of its words
        const std::optional<qint64> number = text.isEmpty() ? std::optional<qint64>(0)
            : isRate                                        ? rateFromText(text)
                                                            : sizeFromText(text);
        if (number) {
            value = *number;
            return true;
        }
        m_problem->setText(isRate ? tr("“%1” is not a speed. Write it like 500 kB/s or 2 MB/s.").arg(text)
                                  : tr("“%1” is not a size. Write it like 500 GB.").arg(text));
        m_problem->show();
        field.edit->setFocus();
        field.edit->selectAll();
        return false;
    };
    if (!read(m_up, changed.upLimit, true) || !read(m_down, changed.downLimit, true)
        || !read(m_capacity, changed.capacity, false))
        return;
    m_problem->hide();
    m_apply->setEnabled(false);
    m_scope.cancelAll();
    m_scope.start(applying(changed));
}

Task<void> LimitsForm::applying(AccountRecord changed)
{
    auto changing = m_desk.service.changeAccount(changed);
    const auto done = co_await changing;
    if (!done) {
        m_problem->setText(errorWords(done.error()));
        m_problem->show();
        look();
        co_return;
    }
    m_account.upLimit = changed.upLimit;
    m_account.downLimit = changed.downLimit;
    m_account.capacity = changed.capacity;
    for (Field *field : { &m_up, &m_down, &m_capacity })
        field->shown = field->edit->text();
    const AccountEntry account = m_account;
    tell(account);
    m_desk.toaster.show(tr("The limits of “%1” are changed.").arg(account.name));
}

} // namespace mf::ui
