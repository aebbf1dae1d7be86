// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QTimer>
#include <QWidget>

class QComboBox;
class QLabel;
class QVBoxLayout;

namespace mf::ui {

class FieldGrid;
class FormFields;

// What a new account is: its kind and fields, its name, what it counts as, how much of it is used. Suggests a name and
// asks for the failure domain as long as the user has not typed own ones.
class AccountForm final : public QWidget
{
    Q_OBJECT
public:
    explicit AccountForm(Desk &desk, QWidget *parent = nullptr);

    AccountRecord draft() const;
    QByteArray secret() const;
    void set(const QString &key, const QString &value); // a setting of the kind
    QString problem() const; // why it cannot be added; "": it can
    // The one that an Error names ("path", "name"), else the first one.
    void focusOn(const QString &key);
    QWidget *lastStop() const;
    void clear(); // ready for another one

signals:
    void changed();
    void stopsChanged(QWidget *last); // Tab goes through the fields in another order: what follows comes after the last

private:
    void makeFields();
    void fieldsChanged();
    void tellDomain();
    Task<void> askingDomain(AccountRecord record);
    const Service::AccountKind *kind() const;

    Desk &m_desk;
    std::vector<Service::AccountKind> m_kinds;
    QComboBox *m_kind;
    FieldGrid *m_kindGrid;
    QVBoxLayout *m_place; // of m_fields
    FormFields *m_fields = nullptr;
    FieldGrid *m_grid; // of what follows
    QLineEdit *m_name;
    QLineEdit *m_domain;
    QLabel *m_domainWhy;
    QLineEdit *m_capacity;
    QString m_usualDomain;
    QTimer m_ask;
    TaskScope m_scope;
};

} // namespace mf::ui
