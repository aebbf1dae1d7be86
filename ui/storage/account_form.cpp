// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/account_form.h"

#include "core/base/size_text.h"
#include "ui/storage/account_words.h"
#include "ui/storage/field_grid.h"
#include "ui/storage/form_fields.h"
#include "ui/storage/state_label.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include <algorithm>
#include <chrono>

namespace mf::ui {
namespace {

constexpr std::chrono::milliseconds kPause { 250 }; // of typing, before a domain is asked for

} // namespace

AccountForm::AccountForm(Desk &desk, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_kinds(desk.service.kinds())
    , m_kind(new QComboBox)
    , m_kindGrid(new FieldGrid)
    , m_place(new QVBoxLayout)
    , m_grid(new FieldGrid)
    , m_name(new QLineEdit)
    , m_domain(new QLineEdit)
    , m_domainWhy(quietLabel())
    , m_capacity(new QLineEdit)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    const auto name = [](QWidget *field, const char *id, const QString &label) {
        field->setObjectName(QLatin1String(id));
        field->setAccessibleName(label);
        return label;
    };
    for (const Service::AccountKind &kind : m_kinds)
        m_kind->addItem(kind.title, kind.id);
    m_kindGrid->add(name(m_kind, "account.kind", tr("Kind")), m_kind);
    auto *kinds = new QWidget;
    kinds->setLayout(m_kindGrid);
    kinds->setVisible(m_kinds.size() > 1);
    column->addWidget(kinds);
    column->addLayout(m_place);

    m_grid->add(name(m_name, "account.name", tr("Name")), m_name);
    m_grid->add(name(m_domain, "account.domain", tr("Counts as")), m_domain);
    m_domainWhy->setObjectName(QStringLiteral("account.domainWhy"));
    m_grid->explain(m_domainWhy);
    m_capacity->setPlaceholderText(tr("All there is, or a size such as 500 GB"));
    m_grid->add(name(m_capacity, "account.capacity", tr("Use at most")), m_capacity);
    column->addLayout(m_grid);
    column->addStretch();

    m_ask.setSingleShot(true);
    m_ask.setInterval(kPause);
    connect(&m_ask, &QTimer::timeout, this, [this] {
        m_scope.cancelAll();
        m_scope.start(askingDomain(draft()));
    });
    connect(m_kind, &QComboBox::currentIndexChanged, this, &AccountForm::makeFields);
    connect(
        m_name, &QLineEdit::textEdited, this, [this](const QString &text) { m_name->setModified(!text.isEmpty()); });
    connect(m_domain, &QLineEdit::textEdited, this,
        [this](const QString &text) { m_domain->setModified(!text.trimmed().isEmpty()); });
    connect(m_domain, &QLineEdit::textChanged, this, &AccountForm::tellDomain);
    for (QLineEdit *edit : { m_name, m_domain, m_capacity })
        connect(edit, &QLineEdit::textChanged, this, &AccountForm::changed);
    makeFields();
    tellDomain();
}

const Service::AccountKind *AccountForm::kind() const
{
    const auto at = static_cast<std::size_t>(std::max(0, m_kind->currentIndex()));
    return at < m_kinds.size() ? &m_kinds[at] : nullptr;
}

void AccountForm::makeFields()
{
    delete m_fields;
    const Service::AccountKind *chosen = kind();
    const Service::AccountKind none;
    m_fields = new FormFields(m_desk, (chosen ? chosen : &none)->fields, (chosen ? chosen : &none)->presets);
    m_place->addWidget(m_fields);
    const int width
        = std::max({ m_kindGrid->captionWidth(), m_fields->grid()->captionWidth(), m_grid->captionWidth() });
    for (FieldGrid *grid : { m_kindGrid, m_fields->grid(), m_grid })
        grid->setColumnMinimumWidth(0, width);
    QWidget *before = m_kind;
    for (QWidget *stop : m_fields->stops()) {
        setTabOrder(before, stop);
        before = stop;
    }
    setTabOrder(before, m_name);
    setTabOrder(m_name, m_domain);
    setTabOrder(m_domain, m_capacity);
    emit stopsChanged(lastStop());
    connect(m_fields, &FormFields::changed, this, &AccountForm::fieldsChanged);
    fieldsChanged();
}

void AccountForm::fieldsChanged()
{
    const QString place = m_fields->place();
    if (!m_name->isModified() || m_name->text().isEmpty()) {
        const Service::AccountKind *chosen = kind();
        m_name->setText(place.isEmpty()
                ? QString()
                : suggestedName(place, chosen ? chosen->title : QString(), m_desk.service.accounts()));
    }
    if (place.isEmpty()) {
        m_ask.stop();
        m_usualDomain.clear();
        if (!m_domain->isModified())
            m_domain->clear();
        tellDomain();
    } else {
        m_ask.start();
    }
    emit changed();
}

Task<void> AccountForm::askingDomain(AccountRecord record)
{
    auto question = m_desk.service.defaultDomain(record);
    const auto domain = co_await question;
    m_usualDomain = domain ? *domain : QString();
    if (!m_domain->isModified())
        m_domain->setText(m_usualDomain);
    tellDomain();
}

void AccountForm::tellDomain()
{
    m_domainWhy->setText(domainFormSentence(m_usualDomain, m_domain->text().trimmed(), m_desk.service.accounts()));
}

AccountRecord AccountForm::draft() const
{
    AccountRecord record;
    const Service::AccountKind *chosen = kind();
    record.kind = chosen ? chosen->id : QString();
    record.name = m_name->text().trimmed();
    record.settings = m_fields->settings();
    const QString domain = m_domain->text().trimmed();
    if (domain != m_usualDomain) // else the service finds it anew
        record.domain = domain;
    record.capacity = sizeFromText(m_capacity->text().trimmed()).value_or(0);
    return record;
}

QByteArray AccountForm::secret() const { return m_fields->secret(); }

void AccountForm::set(const QString &key, const QString &value) { m_fields->fill({ { key, value } }); }

QString AccountForm::problem() const
{
    const QString missing = m_fields->missing();
    if (!missing.isEmpty())
        return tr("Fill in: %1.").arg(missing);
    const QString name = nameProblem(m_name->text(), m_desk.service.accounts());
    if (!name.isEmpty())
        return name;
    const QString capacity = m_capacity->text().trimmed();
    if (!capacity.isEmpty() && !sizeFromText(capacity))
        return tr("“%1” is not a size. Write it like 500 GB.").arg(capacity);
    return {};
}

void AccountForm::focusOn(const QString &key)
{
    for (QLineEdit *edit : { m_name, m_domain, m_capacity }) {
        if (edit->objectName() == QStringLiteral("account.") + key) {
            edit->setFocus();
            edit->selectAll();
            return;
        }
    }
    m_fields->focusOn(key);
}

QWidget *AccountForm::lastStop() const { return m_capacity; }

void AccountForm::clear()
{
    for (QLineEdit *edit : { m_name, m_domain, m_capacity }) {
        edit->clear();
        edit->setModified(false);
    }
    m_usualDomain.clear();
    makeFields();
    m_fields->focusOn({});
}

} // namespace mf::ui
