// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/diagnostics.h"

#include "ui/common/words.h"

#include <QCoreApplication>
#include <QSaveFile>
#include <QSysInfo>

#include <map>

namespace mf::ui {
namespace {

// The file is read by those who mend the program, so it is in English whatever the window speaks.
QString stateName(TransferEntry::State state)
{
    using State = TransferEntry::State;
    switch (state) {
    case State::Queued:
        return QStringLiteral("queued");
    case State::Running:
        return QStringLiteral("running");
    case State::Paused:
        return QStringLiteral("paused");
    case State::Waiting:
        return QStringLiteral("waiting");
    case State::Failed:
        return QStringLiteral("failed");
    case State::Done:
        return QStringLiteral("done");
    case State::Cancelled:
        return QStringLiteral("cancelled");
    }
    return {};
}

QString kindOf(TransferEntry::Kind kind)
{
    using Kind = TransferEntry::Kind;
    switch (kind) {
    case Kind::Store:
        return QStringLiteral("store");
    case Kind::Fetch:
        return QStringLiteral("fetch");
    case Kind::Check:
        return QStringLiteral("check");
    case Kind::Repair:
        return QStringLiteral("repair");
    case Kind::Protect:
        return QStringLiteral("protect");
    case Kind::Collect:
        return QStringLiteral("collect");
    case Kind::MoveAway:
        return QStringLiteral("move-away");
    }
    return {};
}

QString healthName(AccountEntry::Health health)
{
    using Health = AccountEntry::Health;
    switch (health) {
    case Health::Connected:
        return QStringLiteral("connected");
    case Health::Connecting:
        return QStringLiteral("connecting");
    case Health::Unreachable:
        return QStringLiteral("unreachable");
    case Health::SignIn:
        return QStringLiteral("sign-in");
    case Health::Full:
        return QStringLiteral("full");
    case Health::AlmostFull:
        return QStringLiteral("almost-full");
    case Health::Stale:
        return QStringLiteral("stale");
    case Health::Newer:
        return QStringLiteral("newer");
    }
    return {};
}

QString stateName(ModelState state)
{
    switch (state) {
    case ModelState::Safe:
        return QStringLiteral("safe");
    case ModelState::Reduced:
        return QStringLiteral("reduced");
    case ModelState::AtRisk:
        return QStringLiteral("at-risk");
    case ModelState::SingleCopy:
        return QStringLiteral("single-copy");
    case ModelState::Unreadable:
        return QStringLiteral("unreadable");
    case ModelState::Storing:
        return QStringLiteral("storing");
    case ModelState::Unknown:
        return QStringLiteral("unknown");
    }
    return {};
}

QString errorLine(const std::optional<Error> &error)
{
    return error ? QStringLiteral(" · %1 %2: %3").arg(error->id, kindName(error->kind), error->message) : QString();
}

QString bytesOf(const std::optional<qint64> &bytes)
{
    return bytes ? QString::number(*bytes) : QStringLiteral("unknown");
}

QStringList versionLines(const QDateTime &now)
{
    return { QStringLiteral("ModelFloat %1").arg(QCoreApplication::applicationVersion()),
        QStringLiteral("Qt %1 (built with %2)").arg(QLatin1StringView(qVersion()), QStringLiteral(QT_VERSION_STR)),
        QStringLiteral("%1, %2 %3, %4")
            .arg(QSysInfo::prettyProductName(), QSysInfo::kernelType(), QSysInfo::kernelVersion(),
                QSysInfo::currentCpuArchitecture()),
        QStringLiteral("made %1").arg(now.toUTC().toString(Qt::ISODate)) };
}

QStringList accountLines(const Service &service)
{
    QStringList lines;
    for (const AccountEntry &account : service.accounts())
        lines.append(QStringLiteral("“%1” · %2 · %3 · used %4 of %5 · %6 fragments, %7 bytes%8")
                .arg(account.name, account.kind, healthName(account.health), bytesOf(account.used),
                    bytesOf(account.total))
                .arg(account.fragments)
                .arg(account.ours)
                .arg(errorLine(account.trouble)));
    return lines;
}

QStringList modelLines(const Service &service)
{
    std::map<QString, int> counts;
    for (const ModelEntry &model : service.models())
        ++counts[stateName(model.state)];
    QStringList lines;
    for (const auto &[state, count] : counts)
        lines.append(QStringLiteral("%1: %2").arg(state).arg(count));
    return lines;
}

QStringList transferLines(const Service &service)
{
    QStringList lines;
    for (const TransferEntry &transfer : service.transfers())
        lines.append(QStringLiteral("%1 “%2” · %3 · %4 of %5 bytes, %6 on the network%7")
                .arg(kindOf(transfer.kind), transfer.name, stateName(transfer.state))
                .arg(transfer.progress.bytes)
                .arg(transfer.progress.total)
                .arg(transfer.progress.network)
                .arg(errorLine(transfer.error)));
    return lines;
}

QStringList issueLines(const Service &service)
{
    QStringList lines;
    for (const IssueEntry &issue : service.issues())
        lines.append(QStringLiteral("%1 · %2").arg(issue.title, issue.text));
    return lines;
}

} // namespace

Redaction redactionOf(const Service &service)
{
    Redaction redaction;
    for (const AccountEntry &account : service.accounts()) {
        redaction.add(account.name, QStringLiteral("account"));
        redaction.add(account.place, QStringLiteral("place"));
        redaction.add(account.domain, QStringLiteral("domain"));
    }
    for (const ModelEntry &model : service.models())
        redaction.add(model.name, QStringLiteral("model"));
    for (const TransferEntry &transfer : service.transfers()) {
        if (transfer.kind != TransferEntry::Kind::MoveAway)
            redaction.add(transfer.name, QStringLiteral("model"));
        else
            redaction.add(transfer.name, QStringLiteral("account"));
        redaction.add(transfer.folder, QStringLiteral("place"));
    }
    for (const TrashEntry &trashed : service.trash())
        redaction.add(trashed.name, QStringLiteral("model"));
    return redaction;
}

QString diagnosticsOf(const Service &service, const QStringList &log, const QDateTime &now)
{
    const Redaction redaction = redactionOf(service);
    QStringList all;
    const auto section = [&all, &redaction](const QString &title, const QStringList &lines, bool isRedacted) {
        all.append(QStringLiteral("== %1 ==").arg(title));
        if (lines.isEmpty())
            all.append(QStringLiteral("none"));
        for (const QString &line : lines)
            all.append(isRedacted ? redaction.apply(line) : line);
        all.append(QString());
    };
    section(QStringLiteral("Versions"), versionLines(now), false);
    section(QStringLiteral("Accounts"), accountLines(service), true);
    section(QStringLiteral("Models"), modelLines(service), false);
    section(QStringLiteral("Transfers"), transferLines(service), true);
    section(QStringLiteral("Issues"), issueLines(service), true);
    section(QStringLiteral("Log"), log, true);
    return all.join(u'\n');
}

Result<> writeText(const QString &path, const QString &text)
{
    QSaveFile file(path);
    const QByteArray bytes = text.toUtf8();
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return Error(Error::Kind::Invalid, QStringLiteral("MF-DIAGNOSTICS-WRITE"),
            QStringLiteral("The file could not be written: %1. Choose another place.").arg(file.errorString()));
    return {};
}

} // namespace mf::ui
