// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"

#include "app/cli/command_table.h"
#include "app/cli/layout.h"
#include "app/cli/terminal.h"
#include "core/base/log.h"

#include <QJsonDocument>
#include <QJsonValue>

#include <unistd.h>

namespace mf::cli {

namespace {

QJsonValue textOrNull(const QString &value)
{
    return value.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(value);
}

} // namespace

QJsonObject errorJson(const Error &error)
{
    const QString retryAt = error.retryAt ? error.retryAt->toUTC().toString(Qt::ISODateWithMs) : QString();
    QJsonObject inner { { QStringLiteral("id"), error.id }, { QStringLiteral("kind"), kindName(error.kind) },
        { QStringLiteral("message"), error.message }, { QStringLiteral("account"), textOrNull(error.account) },
        { QStringLiteral("model"), textOrNull(error.model) }, { QStringLiteral("retryAt"), textOrNull(retryAt) } };
    const QString certificate = error.parameters.value(QStringLiteral("certificate"));
    if (!certificate.isEmpty()) // that a server showed, and nobody vouches for
        inner.insert(QStringLiteral("certificate"), certificate);
    return QJsonObject { { QStringLiteral("error"), inner } };
}

QString errorLine(const Error &error)
{
    QString line = text(kProgram) + QStringLiteral(": ") + error.message;
    // The message mostly names them; said twice helps nobody.
    if (!error.account.isEmpty() && !error.message.contains(error.account))
        line += QStringLiteral(" (account “%1”)").arg(error.account);
    if (!error.model.isEmpty() && !error.message.contains(error.model))
        line += QStringLiteral(" (model “%1”)").arg(error.model);
    if (error.retryAt)
        line += QStringLiteral("; again at ") + error.retryAt->toLocalTime().toString(QStringLiteral("HH:mm:ss"));
    if (!error.id.isEmpty())
        line += QStringLiteral(" [%1]").arg(error.id);
    return printable(line);
}

Output::Output(bool json, bool quiet, Write toStandardOutput, Write toStandardError)
    : m_json(json)
    , m_quiet(quiet)
    , m_out(std::move(toStandardOutput))
    , m_err(std::move(toStandardError))
{
}

Output Output::standard(bool json, bool quiet)
{
    Output output(
        json, quiet, [](const QByteArray &data) { return writeAll(STDOUT_FILENO, data); },
        [](const QByteArray &data) { return writeAll(STDERR_FILENO, data); });
    output.setWidth(terminalWidth(STDOUT_FILENO));
    return output;
}

void Output::result(const QJsonObject &json, const QString &text)
{
    if (m_json)
        m_out(QJsonDocument(json).toJson(QJsonDocument::Compact) + '\n');
    else if (!m_quiet)
        m_out(text.toUtf8());
}

void Output::note(const QString &line)
{
    if (!m_json && !m_quiet)
        m_err(printable(line).toUtf8() + '\n');
}

void Output::error(const Error &error)
{
    logError("cli", error.id);
    logDebug("cli", error.message); // may name models
    m_err(errorLine(error).toUtf8() + '\n');
    if (m_json)
        m_out(QJsonDocument(errorJson(error)).toJson(QJsonDocument::Compact) + '\n');
}

int Output::fail(const Error &problem)
{
    error(problem);
    return number(exitCodeOf(problem));
}

} // namespace mf::cli
