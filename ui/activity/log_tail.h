// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/log.h"
#include "core/base/result.h"

#include <QDateTime>
#include <QStringList>

namespace mf::ui {

// The end of the log file of a folder, in whole lines.
class LogTail
{
public:
    static constexpr qint64 kMost = 256 * 1024; // bytes of the file's end

    LogTail() = default;
    explicit LogTail(QString folder);

    QString folder() const { return m_folder; }
    // Looks at the file. True: the lines are others than before.
    Result<bool> refresh();
    const QStringList &lines() const { return m_lines; }
    // Those of at least this level that hold the text.
    QStringList lines(LogLevel least, const QString &text) const;

private:
    QString m_folder;
    qint64 m_size = -1;
    QDateTime m_changed;
    QStringList m_lines;
};

// The level that a line tells; Info for one that tells none.
LogLevel levelOf(QStringView line);

} // namespace mf::ui
