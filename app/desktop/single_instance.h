// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocalServer>
#include <QObject>
#include <QStringList>

namespace mf {

// One program for each library and user: a second start hands its files to the first one and ends.
//
// Over a local socket that only this user can open, named by the library's home. One message: a JSON array of texts
// and a line feed, at most kLongestMessage bytes; the answer is a line feed. No nested event loop; the second start
// waits at most 3 s, before it has a window.
class SingleInstance final : public QObject
{
    Q_OBJECT
public:
    static constexpr qint64 kLongestMessage = 256 * 1024;

    explicit SingleInstance(const QString &home);

    // True: another one runs and has taken the paths over.
    bool handOver(const QStringList &paths) const;
    // From now on others hand over to this one. False: it cannot (the reason goes to the log); the program works.
    bool listen();

signals:
    void handed(const QStringList &paths); // empty: only raise the window

private:
    void serve();
    QString m_name;
    QLocalServer m_server;
};

} // namespace mf
