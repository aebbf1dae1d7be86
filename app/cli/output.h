// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/exit_code.h"
#include "core/base/error.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <functional>

namespace mf::cli {

// The object that an error is on standard output with --json: {"error":{…}}.
QJsonObject errorJson(const Error &error);
// The one line that it is on standard error, without its line break:
// "modelfloat-cli: what failed, where, what to do [MF-…]". Nothing in it controls a terminal.
QString errorLine(const Error &error);

// Where a command writes: a result as JSON or as text, and errors. Every write goes out at once.
class Output
{
public:
    using Write = std::function<bool(const QByteArray &)>; // false: nobody reads any more

    Output(bool json, bool quiet, Write toStandardOutput, Write toStandardError);
    // To this process's own standard output and standard error.
    static Output standard(bool json, bool quiet);

    bool isJson() const { return m_json; }
    bool isQuiet() const { return m_quiet; }
    // Cells of the terminal at standard output; 0: it is none, lines may be of any length.
    int width() const { return m_width; }
    void setWidth(int cells) { m_width = cells; }

    // The result: the object with --json, else the text unless --quiet.
    void result(const QJsonObject &json, const QString &text);
    // A remark for people on standard error; nothing with --json or --quiet.
    void note(const QString &line);
    void error(const Error &error);
    // A failed command ends with this: prints the error and gives the exit status.
    int fail(const Error &error);
    // Bytes of a file, as they are (cat). False: nobody reads any more.
    bool bytes(const QByteArray &data) { return m_out(data); }
    void toStandardError(const QByteArray &data) { m_err(data); }

private:
    bool m_json;
    bool m_quiet;
    int m_width = 0;
    Write m_out;
    Write m_err;
};

} // namespace mf::cli
