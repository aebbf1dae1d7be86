// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/clock.h"
#include "ui/common/service.h"

namespace mf::ui {

// Which models have a file with a hash that is searched for: the list knows the hash of models of one file alone.
class HashSearch final : public QObject
{
    Q_OBJECT
public:
    HashSearch(Service &service, Clock &clock, QObject *parent = nullptr);

    // Asks once nothing more is typed, if a word of it can be the beginning of a hash.
    void look(const QString &text);
    const QString &word() const { return m_word; } // in lower case; "": there is none
    const std::vector<ModelId> &found() const { return m_found; }

signals:
    void changed(); // another answer came

private:
    Task<void> ask(QString word);
    Service &m_service;
    Clock &m_clock;
    QString m_word;
    std::vector<ModelId> m_found;
    TaskScope m_scope;
};

} // namespace mf::ui
