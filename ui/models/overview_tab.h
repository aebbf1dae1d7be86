// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/snapshots.h"
#include "ui/models/fragment_map.h"

#include <QScrollArea>

class QGridLayout;
class QLabel;

namespace mf::ui {

// How a model stands, in a sentence, a strip and a map, and what it is.
class OverviewTab final : public QScrollArea
{
    Q_OBJECT
public:
    explicit OverviewTab(QWidget *parent = nullptr);
    void setEntry(const ModelEntry &model, const QDateTime &now);
    void setDetails(const ModelDetails &details);
    FragmentMap *map() const { return m_map; }
    void setWaiting(const QString &words); // instead of the map: "" while that is not worth a word

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Fact {
        QLabel *title;
        QLabel *value;
    };
    Fact &fact(std::size_t at);
    void paintState();
    QWidget *m_body;
    QLabel *m_icon;
    QLabel *m_state;
    QLabel *m_sentence;
    StripWidget *m_strip;
    QLabel *m_waiting;
    FragmentMap *m_map; // of a few accounts: all are in the tab of the fragments
    QLabel *m_more;
    QGridLayout *m_grid;
    std::vector<Fact> m_facts;
    ModelEntry m_entry;
    QDateTime m_now;
};

} // namespace mf::ui
