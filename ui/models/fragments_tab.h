// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"
#include "ui/models/fragment_map.h"

class QCheckBox;
class QLabel;
class QPushButton;
class QScrollArea;

namespace mf::ui {

class PlainTable;
class TextTable;

// Where every fragment of a model is: the map, and below it the fragments one by one.
class FragmentsTab final : public QWidget
{
    Q_OBJECT
public:
    explicit FragmentsTab(Desk &desk, QWidget *parent = nullptr);
    void setDetails(const ModelDetails &details);
    void clear();
    FragmentMap *map() const { return m_map; }

signals:
    void asksForAccount(const QString &account); // to be shown with what can be done with it

protected:
    void changeEvent(QEvent *event) override;

private:
    void showFragments();
    void fitMap();
    QString chosenAccount() const; // "": no fragment is chosen
    ModelDetails m_details;
    FragmentMap *m_map;
    QScrollArea *m_area; // of the map: of many accounts, some are seen at once
    TextTable *m_fragments;
    PlainTable *m_table;
    QCheckBox *m_onlyMissing;
    QLabel *m_count;
    QPushButton *m_account;
};

} // namespace mf::ui
