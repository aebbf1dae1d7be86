// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QWidget>

class QComboBox;
class QLineEdit;

namespace mf::ui {

class FieldGrid;

// The fields of one kind of account, as widgets: made from what the kind says it needs.
class FormFields final : public QWidget
{
    Q_OBJECT
public:
    FormFields(
        Desk &desk, std::vector<FormField> fields, const std::vector<FormPreset> &presets, QWidget *parent = nullptr);

    QMap<QString, QString> settings() const; // without secrets
    QByteArray secret() const;
    void fill(const QMap<QString, QString> &settings); // those that have a field; the others stay as they are
    QString place() const; // what was put into the first folder or address; "" if there is none
    // The label of the first required field that is empty; "": none is.
    QString missing() const;
    void focusOn(const QString &key); // "": the first one
    FieldGrid *grid() const { return m_grid; }
    // What Tab goes through, in order.
    std::vector<QWidget *> stops() const { return m_stops; }

signals:
    void changed();

private:
    struct Row {
        FormField field;
        QLineEdit *edit = nullptr; // or
        QComboBox *choice = nullptr;
        QString text() const;
    };
    void makePresets(const std::vector<FormPreset> &presets);
    QWidget *makeEditor(Row &row);
    QWidget *makeFolder(Row &row);
    QWidget *makeSecret(Row &row);
    Task<void> browsing(QLineEdit *edit, QString title);

    Desk &m_desk;
    FieldGrid *m_grid;
    std::vector<Row> m_rows;
    std::vector<QWidget *> m_stops;
    TaskScope m_scope;
};

} // namespace mf::ui
