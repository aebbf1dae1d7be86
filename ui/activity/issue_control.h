// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/common/service.h"
#include "ui/common/theme.h"

#include <QMap>
#include <QObject>

namespace mf::ui {

QString remedyText(IssueEntry::Remedy remedy);
struct SeverityLook {
    QString icon;
    Token colour;
    QString word; // for screen readers
};
SeverityLook severityLook(IssueEntry::Severity severity);

// Does what mends an issue, and knows which transfer is doing so.
class IssueControl final : public QObject
{
    Q_OBJECT
public:
    explicit IssueControl(Service &service, QObject *parent = nullptr);

    void mend(const IssueEntry &issue, IssueEntry::Remedy remedy);
    // How the mending goes: "Repairing… 30 %", "The repair failed: …"; "": none was begun.
    QString mendingWords(const QString &issue) const;
    bool isMending(const QString &issue) const; // it runs

signals:
    void asksFor(const QString &page, const QString &key); // as of a Page
    void mendingChanged(const QString &issue);

private:
    std::optional<ModelId> modelOf(const QString &name) const;
    const TransferEntry *transferOf(const QString &issue) const;
    void note(const QString &issue, TransferId transfer);

    Service &m_service;
    QMap<QString, TransferId> m_mending; // by issue
};

} // namespace mf::ui
