// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

#include <optional>
#include <vector>

class QAction;
class QLineEdit;

namespace mf::ui {

// 24 numbered fields for the words of a kit. Several words typed or pasted into one go on into the next ones.
class KitFields final : public QWidget
{
    Q_OBJECT
public:
    explicit KitFields(QWidget *parent = nullptr);

    QStringList words() const; // as they are, also empty ones
    int filled() const;
    void mark(std::optional<int> wrong); // from 0; with the focus on it
    void clear();
    void focusFirst(); // that is empty

signals:
    void changed();

private:
    void spread(int from);

    std::vector<QLineEdit *> m_fields;
    std::vector<QAction *> m_marks;
};

} // namespace mf::ui
