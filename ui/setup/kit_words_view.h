// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QStringList>

class QGridLayout;
class QLabel;

namespace mf::ui {

// The words of a recovery kit on a card, each with its number.
class KitWordsView final : public QFrame
{
    Q_OBJECT
public:
    explicit KitWordsView(QWidget *parent = nullptr);
    void tell(const QStringList &words);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QGridLayout *m_grid;
    std::vector<QLabel *> m_words;
};

} // namespace mf::ui
