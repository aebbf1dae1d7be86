// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLocalServer>
#include <QObject>
#include <QStringList>

#include <chrono>

namespace mf {

// One program for each library and user: a second start hands its files to the first one and ends.
//
// Over a local socket that only this user can open, named by the library's home. One message: a JSON array of texts
// and a line feed, at most kLongestMessage bytes; the answer is a line feed. No nested event loop; the second start
// waits before it has a window.
class SingleInstance final : public QObject
{
    Q_OBJECT
public:
    static constexpr qint64 kLongestMessage = qint64(8) << 20; // several times what a command line may hold
    static constexpr std::chrono::milliseconds kPatience { 10'000 }; // the first one may be starting itself, or ending

    // What became of what was handed over.
    enum class Answer {
        Nobody, // none runs
        Taken,
        Busy, // one runs, and did not answer in time
        TooLong, // one runs, and takes no such list
    };

    explicit SingleInstance(const QString &home, std::chrono::milliseconds patience = kPatience);

    // Nobody: from now on others hand over to this one. Of several that start at the same time one is the first.
    Answer start(const QStringList &paths);

    Answer handOver(const QStringList &paths) const;
    // From now on others hand over to this one; not while another one runs, whose name it would take. False: it cannot
    // (the reason goes to the log); the program works.
    bool listen();

signals:
    void handed(const QStringList &paths); // empty: only raise the window

private:
    void serve();
    QString m_name;
    std::chrono::milliseconds m_patience;
    QLocalServer m_server;
};

} // namespace mf
