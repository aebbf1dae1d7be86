// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/secrets/file_secret_store.h"
#include "tests/support/run_task.h"

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <sys/stat.h>

#include <map>
#include <memory>

namespace mf {

// A home with folder accounts, worked on by the real modelfloat-cli.
class Program
{
public:
    struct Run {
        int exitCode = -1;
        bool killed = false;
        QByteArray out;
        QByteArray err;
        QByteArray said() const { return QByteArray(out + err); }
        QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
    };

    explicit Program(const QStringList &folders = { QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c") })
    {
        cheapenSecrets();
        const Run made = run({ QStringLiteral("init"), QStringLiteral("--kit"), path(QStringLiteral("kit")) });
        if (made.exitCode != 0)
            qFatal("init: %s", made.err.constData());
        for (const QString &name : folders) {
            const Run added = addAccount(name);
            if (added.exitCode != 0)
                qFatal("account add: %s", added.err.constData());
        }
    }

    Run addAccount(const QString &name) const
    {
        return run({ QStringLiteral("account"), QStringLiteral("add"), QStringLiteral("folder"), name,
            QStringLiteral("--set"), QStringLiteral("path=") + accountPath(name), QStringLiteral("--set"),
            QStringLiteral("domain=") + name });
    }

    // Another computer beside the first one, which must outlive it: the same folder, and a home of its own, unless it
    // is the first one's.
    Program(const Program &first, const QString &home)
        : m_folder(first.m_folder)
        , m_home(home)
    {
        if (!QDir(path(m_home)).exists())
            cheapenSecrets();
    }

    // From now on these kinds of accounts do not exist for it: "webdav,s3".
    void switchOff(const QString &kinds) { m_switchedOff = kinds; }

    // Another computer: a home of its own, the same accounts.
    void useHome(const QString &name)
    {
        m_home = name;
        cheapenSecrets();
    }

    QString path(const QString &name) const { return m_folder->filePath(name); }
    QString accountPath(const QString &name) const { return path(QStringLiteral("accounts/") + name); }

    // Paths in `words` are relative to the folder that path() names. killAfter >= 0: SIGKILL after so many ms, if it
    // still runs. crashAt: a CrashPoint's name.
    Run run(const QStringList &words, const QString &crashAt = {}, int killAfter = -1) const
    {
        QProcessEnvironment more;
        if (!crashAt.isEmpty())
            more.insert(QStringLiteral("MODELFLOAT_CRASH_AT"), crashAt);
        return runIn(more, words, killAfter);
    }

    // With a secret on standard input; in no argument and in no variable of the environment, which the test looks at
    // for as long as it runs.
    Run runWith(const QByteArray &secret, const QStringList &words) const { return runIn({}, words, -1, secret); }

    // How often it passes each crash point when nothing stops it.
    std::map<QString, int> pointsPassed(const QStringList &words, Run &run) const
    {
        const QString notes = path(QStringLiteral("points passed"));
        QProcessEnvironment more;
        more.insert(QStringLiteral("MODELFLOAT_CRASH_POINTS"), notes);
        run = runIn(more, words, -1);
        std::map<QString, int> passes;
        QFile file(notes);
        if (file.open(QIODevice::ReadOnly)) {
            for (const QByteArray &line : file.readAll().split('\n')) {
                if (!line.isEmpty())
                    ++passes[QString::fromUtf8(line)];
            }
        }
        file.remove();
        return passes;
    }

    // Notes how home, accounts and files are now; goBack makes them so again. No program may be running.
    void keep()
    {
        m_kept = std::make_unique<QTemporaryDir>();
        copy(m_folder->path(), m_kept->path());
    }
    void goBack() const
    {
        for (const QFileInfo &entry : QDir(m_folder->path())
                 .entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot)) {
            if (!(entry.isDir() ? QDir(entry.filePath()).removeRecursively() : QFile::remove(entry.filePath())))
                qFatal("cannot remove %s", qPrintable(entry.filePath()));
        }
        copy(m_kept->path(), m_folder->path());
    }

    // Makes the home's file of secrets such that it opens quickly: a test starts the program many times, and each start
    // takes half a second of a core with what users get.
    void cheapenSecrets() const
    {
        constexpr int kLog2N = 10;
        Pool pool(1);
        if (!QDir().mkpath(path(m_home)))
            qFatal("no home");
        auto store = runTask(FileSecretStore::open(path(m_home), QStringLiteral("test"), pool, kLog2N));
        if (!store || !runTask((*store)->write(QStringLiteral("of-the-test"), QByteArray("x"))))
            qFatal("no file of secrets");
    }

    // No account is there, as when all disks are taken away; or they are back.
    bool setAway(bool away) const
    {
        const QString here = path(QStringLiteral("accounts"));
        const QString there = path(QStringLiteral("accounts taken away"));
        return away ? QDir().rename(here, there) : QDir().rename(there, here);
    }
    // Files of fragments and manifests that wait on this computer.
    int heldFiles() const
    {
        std::map<QString, std::pair<quint64, qint64>> found;
        for (const QString &part : { QStringLiteral("f"), QStringLiteral("meta") })
            collect(QDir(path(m_home) + QStringLiteral("/holding/") + part), found);
        return static_cast<int>(found.size());
    }

    // Every fragment on the accounts, by path: which file it is, and since when.
    std::map<QString, std::pair<quint64, qint64>> fragments() const
    {
        std::map<QString, std::pair<quint64, qint64>> found;
        const QStringList names = QDir(path(QStringLiteral("accounts"))).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        for (const QString &name : names)
            collect(QDir(accountPath(name) + QStringLiteral("/f")), found);
        return found;
    }

    // Makes one byte another one, whatever it was. False: the file cannot be written, or ends before.
    static bool flipByte(const QString &path, qint64 at)
    {
        QFile file(path);
        char byte = 0;
        return file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) && file.open(QIODevice::ReadWrite)
            && file.seek(at) && file.getChar(&byte) && file.seek(at) && file.putChar(static_cast<char>(byte ^ 1));
    }

    static bool isSameFile(const QString &a, const QString &b)
    {
        QFile one(a);
        QFile two(b);
        if (!one.open(QIODevice::ReadOnly) || !two.open(QIODevice::ReadOnly) || one.size() != two.size())
            return false;
        constexpr qint64 kPiece = qint64(8) << 20;
        while (!one.atEnd()) {
            if (one.read(kPiece) != two.read(kPiece))
                return false;
        }
        return two.atEnd();
    }

private:
    static constexpr int kLook = 5; // ms between two looks at a process that knows a secret

    Run runIn(
        const QProcessEnvironment &more, const QStringList &words, int killAfter, const QByteArray &input = {}) const
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("MODELFLOAT_PASSPHRASE"), QStringLiteral("test"));
        if (!m_switchedOff.isEmpty())
            environment.insert(QStringLiteral("MODELFLOAT_DISABLE"), m_switchedOff);
        environment.insert(more);
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(m_folder->path());
        process.start(QStringLiteral(MF_CLI),
            QStringList { QStringLiteral("--home"), path(m_home), QStringLiteral("--json"),
                QStringLiteral("--secret-store"), QStringLiteral("file") }
                + words);
        process.write(input);
        process.closeWriteChannel();
        while (!input.isEmpty() && process.state() != QProcess::NotRunning && !process.waitForFinished(kLook)) {
            for (const char *what : { "cmdline", "environ" }) {
                QFile shown(QStringLiteral("/proc/%1/%2").arg(process.processId()).arg(QLatin1StringView(what)));
                if (shown.open(QIODevice::ReadOnly) && shown.readAll().contains(input))
                    qFatal("everybody can read the secret in the process's %s", what);
            }
        }
        if (killAfter >= 0 && !process.waitForFinished(killAfter))
            process.kill();
        if (process.state() != QProcess::NotRunning && !process.waitForFinished(600'000))
            qFatal("the program does not end");
        Run run;
        run.killed = process.exitStatus() == QProcess::CrashExit;
        run.exitCode = run.killed ? -1 : process.exitCode();
        run.out = process.readAllStandardOutput();
        run.err = process.readAllStandardError();
        return run;
    }

    static void copy(const QString &from, const QString &to)
    {
        if (QProcess::execute(QStringLiteral("cp"), { QStringLiteral("-a"), from + QStringLiteral("/."), to }) != 0)
            qFatal("cannot copy %s", qPrintable(from));
    }

    static void collect(const QDir &dir, std::map<QString, std::pair<quint64, qint64>> &found)
    {
        for (const QFileInfo &info : dir.entryInfoList(QDir::AllEntries | QDir::NoDotAndDotDot)) {
            if (info.isDir()) {
                collect(QDir(info.filePath()), found);
                continue;
            }
            struct stat status {};
            ::stat(QFile::encodeName(info.filePath()).constData(), &status);
            found[info.filePath()]
                = { status.st_ino, qint64(status.st_mtim.tv_sec) * 1'000'000'000 + status.st_mtim.tv_nsec };
        }
    }

    std::shared_ptr<QTemporaryDir> m_folder = std::make_shared<QTemporaryDir>();
    std::unique_ptr<QTemporaryDir> m_kept;
    QString m_home = QStringLiteral("home");
    QString m_switchedOff;
};

} // namespace mf
