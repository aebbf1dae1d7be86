// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/log_tail.h"

#include <QFile>
#include <QFileInfo>

namespace mf::ui {

LogTail::LogTail(QString folder)
    : m_folder(std::move(folder))
{
}

Result<bool> LogTail::refresh()
{
    const QString path = m_folder + QStringLiteral("/modelfloat.log");
    const QFileInfo info(path);
    if (m_size >= 0 && info.exists() && info.size() == m_size && info.lastModified() == m_changed)
        return false;
    QFile file(path);
    // A pipe or a device of that name would never end.
    if (!info.isFile() || !file.open(QIODevice::ReadOnly)) {
        m_size = -1;
        m_lines.clear();
        const QString why
            = info.exists() ? file.errorString() : QStringLiteral("there is no modelfloat.log in its folder");
        return Error(Error::Kind::NotFound, QStringLiteral("MF-LOG-READ"), why);
    }
    m_size = info.size();
    m_changed = info.lastModified();
    const qint64 skipped = std::max<qint64>(0, file.size() - kMost);
    file.seek(skipped);
    QByteArray bytes = file.read(kMost);
    if (skipped > 0)
        bytes.remove(0, bytes.indexOf('\n') + 1); // half a line, or half a character
    m_lines = QString::fromUtf8(bytes).split(u'\n', Qt::SkipEmptyParts);
    return true;
}

QStringList LogTail::lines(LogLevel least, const QString &text) const
{
    QStringList found;
    for (const QString &line : m_lines) {
        if (levelOf(line) >= least && (text.isEmpty() || line.contains(text, Qt::CaseInsensitive)))
            found.append(line);
    }
    return found;
}

LogLevel levelOf(QStringView line)
{
    const qsizetype from = line.indexOf(u' ') + 1;
    const qsizetype to = line.indexOf(u' ', from);
    if (from <= 0 || to < 0)
        return LogLevel::Info;
    return logLevelFrom(line.mid(from, to - from)).value_or(LogLevel::Info);
}

} // namespace mf::ui
