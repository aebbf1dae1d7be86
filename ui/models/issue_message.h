// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/desk.h"

#include <QSet>

namespace mf::ui {

// The worst issue of the library above the list, with what would mend it. One that was closed stays so until it is
// another one.
class IssueMessage final : public QWidget
{
    Q_OBJECT
public:
    explicit IssueMessage(Desk &desk, QWidget *parent = nullptr);
    void setQuiet(bool quiet); // something else is said in its place

signals:
    void asksFor(const QString &page, const QString &key);
    void asksForModel(const QString &name);

private:
    void showWorst();
    void addButton(const IssueEntry &issue, IssueEntry::Remedy remedy);
    void mend(const IssueEntry &issue, IssueEntry::Remedy remedy);
    std::vector<ModelId> modelOf(const IssueEntry &issue) const;
    Desk &m_desk;
    InlineMessage *m_message;
    QString m_shown; // id
    QString m_signature; // what it says: told again only when that changes, for its buttons may have the focus
    QSet<QString> m_closed;
    bool m_isQuiet = false;
};

} // namespace mf::ui
