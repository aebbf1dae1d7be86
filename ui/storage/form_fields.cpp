// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/storage/form_fields.h"

#include "ui/storage/field_grid.h"
#include "ui/storage/state_label.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

#include <algorithm>

namespace mf::ui {

using Type = FormField::Type;

QString FormFields::Row::text() const { return choice ? choice->currentText() : edit->text(); }

FormFields::FormFields(
    Desk &desk, std::vector<FormField> fields, const std::vector<FormPreset> &presets, QWidget *parent)
    : QWidget(parent)
    , m_desk(desk)
    , m_grid(new FieldGrid)
{
    if (!presets.empty())
        makePresets(presets);
    for (FormField &field : fields) {
        Row row;
        row.field = std::move(field);
        QWidget *editor = makeEditor(row);
        m_grid->add(row.field.label, editor, row.choice ? static_cast<QWidget *>(row.choice) : row.edit);
        if (!row.field.help.isEmpty())
            m_grid->explain(quietLabel(row.field.help));
        m_rows.push_back(std::move(row));
    }
    setLayout(m_grid);
}

void FormFields::makePresets(const std::vector<FormPreset> &presets)
{
    auto *choice = new QComboBox;
    choice->setObjectName(QStringLiteral("account.preset"));
    choice->setAccessibleName(tr("Service"));
    choice->addItem(tr("Other"));
    for (const FormPreset &preset : presets)
        choice->addItem(preset.title);
    m_grid->add(tr("Service"), choice);
    m_grid->explain(quietLabel(tr("Fills in what is known of it; words in capitals are yours to replace.")));
    m_stops.push_back(choice);
    connect(choice, &QComboBox::activated, this, [this, presets](int index) {
        if (index > 0)
            fill(presets[static_cast<std::size_t>(index) - 1].settings);
    });
}

void FormFields::fill(const QMap<QString, QString> &settings)
{
    for (Row &row : m_rows) {
        const auto setting = settings.find(row.field.key);
        if (setting == settings.end())
            continue;
        if (row.choice)
            row.choice->setCurrentText(*setting);
        else
            row.edit->setText(*setting);
    }
}

QWidget *FormFields::makeEditor(Row &row)
{
    const QString name = QStringLiteral("account.field.") + row.field.key;
    if (row.field.type == Type::Choice) {
        row.choice = new QComboBox;
        row.choice->setObjectName(name);
        row.choice->setAccessibleName(row.field.label);
        row.choice->addItems(row.field.choices);
        row.choice->setCurrentText(row.field.initial);
        connect(row.choice, &QComboBox::currentTextChanged, this, &FormFields::changed);
        m_stops.push_back(row.choice);
        return row.choice;
    }
    row.edit = new QLineEdit(row.field.initial);
    row.edit->setObjectName(name);
    row.edit->setAccessibleName(row.field.label);
    row.edit->setAccessibleDescription(row.field.help);
    connect(row.edit, &QLineEdit::textChanged, this, &FormFields::changed);
    m_stops.push_back(row.edit);
    if (row.field.type == Type::Folder)
        return makeFolder(row);
    if (row.field.type == Type::Secret)
        return makeSecret(row);
    if (row.field.type == Type::Url)
        row.edit->setPlaceholderText(QStringLiteral("https://"));
    return row.edit;
}

QWidget *FormFields::makeFolder(Row &row)
{
    auto *both = new QWidget;
    auto *layout = new QHBoxLayout(both);
    layout->setContentsMargins(0, 0, 0, 0);
    auto *browse = new QPushButton(tr("Browse…"));
    browse->setObjectName(QStringLiteral("account.browse.") + row.field.key);
    browse->setAutoDefault(false);
    layout->addWidget(row.edit, 1);
    layout->addWidget(browse);
    m_stops.push_back(browse);
    connect(browse, &QPushButton::clicked, this,
        [this, edit = row.edit, title = row.field.label] { m_scope.start(browsing(edit, title)); });
    return both;
}

QWidget *FormFields::makeSecret(Row &row)
{
    auto *both = new QWidget;
    auto *layout = new QHBoxLayout(both);
    layout->setContentsMargins(0, 0, 0, 0);
    row.edit->setEchoMode(QLineEdit::Password);
    auto *show = new QPushButton(tr("Show"));
    show->setObjectName(QStringLiteral("account.show.") + row.field.key);
    show->setAccessibleName(tr("Show %1").arg(row.field.label));
    show->setCheckable(true);
    show->setAutoDefault(false);
    layout->addWidget(row.edit, 1);
    layout->addWidget(show);
    m_stops.push_back(show);
    connect(show, &QPushButton::toggled, row.edit,
        [edit = row.edit](bool isShown) { edit->setEchoMode(isShown ? QLineEdit::Normal : QLineEdit::Password); });
    return both;
}

Task<void> FormFields::browsing(QLineEdit *edit, QString title)
{
    const QString start = edit->text();
    auto choosing = m_desk.prompts.chooseFolder(this, title, start);
    const QString folder = co_await choosing;
    if (!folder.isEmpty())
        edit->setText(folder);
    edit->setFocus();
}

QMap<QString, QString> FormFields::settings() const
{
    QMap<QString, QString> settings;
    for (const Row &row : m_rows) {
        const QString text = row.text().trimmed();
        if (row.field.type != Type::Secret && !text.isEmpty())
            settings.insert(row.field.key, text);
    }
    return settings;
}

QByteArray FormFields::secret() const
{
    const auto found
        = std::find_if(m_rows.begin(), m_rows.end(), [](const Row &row) { return row.field.type == Type::Secret; });
    return found == m_rows.end() ? QByteArray() : found->text().toUtf8();
}

QString FormFields::place() const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
        [](const Row &row) { return row.field.type == Type::Folder || row.field.type == Type::Url; });
    return found == m_rows.end() ? QString() : found->text().trimmed();
}

QString FormFields::missing() const
{
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
        [](const Row &row) { return row.field.required && row.text().trimmed().isEmpty(); });
    return found == m_rows.end() ? QString() : found->field.label;
}

void FormFields::focusOn(const QString &key)
{
    for (const Row &row : m_rows) {
        if (!key.isEmpty() && row.field.key != key)
            continue;
        QWidget *widget = row.choice ? static_cast<QWidget *>(row.choice) : row.edit;
        widget->setFocus();
        if (row.edit)
            row.edit->selectAll();
        return;
    }
}

} // namespace mf::ui
