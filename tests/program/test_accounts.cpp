// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of accounts, by the real program against real servers.
#include "tests/program/program.h"
#include "tests/servers/dav_servers.h"
#include "tests/servers/proxy_thread.h"
#include "tests/servers/s3_servers.h"
#include "tests/support/files_in.h"

#include <QRandomGenerator>
#include <QtTest>

#include <csignal>
#include <pty.h>
#include <unistd.h>

using namespace mf;

namespace {

QStringList words(const char *line) { return QString::fromLatin1(line).split(u' '); }

QStringList set(const char *key, const QString &value)
{
    return { QStringLiteral("--set"), QLatin1String(key) + u'=' + value };
}

Program::Run addDav(
    const Program &program, const DavServer &server, const QString &password, const QStringList &more = {})
{
    return program.runWith(password.toUtf8(),
        words("account add webdav cloud --secret-stdin --set domain=cloud")
            + set("url", server.url.toString() + QStringLiteral("modelfloat")) + set("user", server.user) + more);
}

Program::Run addS3(const Program &program, const S3Server &server, const QString &key)
{
    return program.runWith(key.toUtf8(),
        words("account add s3 bucket --secret-stdin --set domain=bucket --set bucket=models")
            + set("endpoint", server.endpoint.toString()) + set("region", server.region)
            + set("access-key", server.accessKey));
}

QJsonObject accountOf(const Program &program, const QString &name)
{
    const auto listed = program.run(words("account list"));
    for (const auto &account : listed.json().value(QStringLiteral("accounts")).toArray()) {
        if (account.toObject().value(QStringLiteral("name")) == name)
            return account.toObject();
    }
    return {};
}

QString stateOf(const Program &program, const char *name)
{
    return accountOf(program, QString::fromLatin1(name)).value(QStringLiteral("state")).toString();
}

QJsonObject errorOf(const Program::Run &run) { return run.json().value(QStringLiteral("error")).toObject(); }
QString idOf(const Program::Run &run) { return errorOf(run).value(QStringLiteral("id")).toString(); }
QString messageOf(const Program::Run &run) { return errorOf(run).value(QStringLiteral("message")).toString(); }

QString makeFile(const Program &program, const char *name)
{
    QByteArray bytes(3'000'000, Qt::Uninitialized);
    QRandomGenerator random(1);
    random.fillRange(reinterpret_cast<quint32 *>(bytes.data()), bytes.size() / 4);
    QFile file(program.path(QString::fromLatin1(name)));
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write a file");
    return file.fileName();
}

void works(const Program::Run &run) { QVERIFY2(run.exitCode == 0, run.said().constData()); }

constexpr int kLong = 60'000; // ms

void start(QProcess &process, const Program &program, const QStringList &line)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("MODELFLOAT_PASSPHRASE"), QStringLiteral("test"));
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(MF_CLI),
        QStringList { QStringLiteral("--home"), program.path(QStringLiteral("home")), QStringLiteral("--secret-store"),
            QStringLiteral("file") }
            + line);
}

bool isThere(const char *server) { return ServerProcess::isInstalled(QString::fromLatin1(server)); }

} // namespace

class TestAccounts : public QObject
{
    Q_OBJECT

private slots:
    void fromTheFirstToTheLast_data()
    {
        QTest::addColumn<bool>("isDav");
        QTest::newRow("webdav") << true;
        QTest::newRow("s3") << false;
    }
    void fromTheFirstToTheLast()
    {
        QFETCH(const bool, isDav);
        if (!isThere(isDav ? "rclone" : "versitygw"))
            QSKIP("the server is not installed");
        DavServer dav;
        S3Server s3;
        if (isDav)
            dav = startRclone();
        else
            s3 = startVersity();
        const QString name = isDav ? QStringLiteral("cloud") : QStringLiteral("bucket");
        const QString files = (isDav ? dav.process : s3.process)->path(QStringLiteral("files"));
        const Program program;
        const auto add
            = [&](const QString &secret) { return isDav ? addDav(program, dav, secret) : addS3(program, s3, secret); };

        const auto refused = add(QStringLiteral("quite-another"));
        QCOMPARE(refused.exitCode, 6);
        QCOMPARE(accountOf(program, name), QJsonObject());
        QCOMPARE(filesIn(files), QStringList());

        const auto added = add(isDav ? dav.password : s3.secretKey);
        works(added);
        const QJsonObject account = added.json().value(QStringLiteral("account")).toObject();
        QCOMPARE(account.value(QStringLiteral("name")).toString(), name);
        QCOMPARE(
            account.value(QStringLiteral("kind")).toString(), isDav ? QStringLiteral("webdav") : QStringLiteral("s3"));
        QCOMPARE(account.value(QStringLiteral("domain")).toString(), name);
        QCOMPARE(account.value(QStringLiteral("state")).toString(), QStringLiteral("connected"));
        QVERIFY(filesIn(files).filter(QStringLiteral("probe-")).isEmpty());
        QCOMPARE(add(isDav ? dav.password : s3.secretKey).exitCode, 1); // the name is taken
        QCOMPARE(stateOf(program, name.toLatin1().constData()), QStringLiteral("connected"));

        const auto tested = program.run(words("account test") << name);
        works(tested);
        const QJsonArray accounts = tested.json().value(QStringLiteral("accounts")).toArray();
        QCOMPARE(accounts.size(), 1);
        QCOMPARE(accounts.at(0).toObject().value(QStringLiteral("name")).toString(), name);
        QVERIFY(filesIn(files).filter(QStringLiteral("probe-")).isEmpty());
        works(program.run(words("account set") << name << QStringLiteral("capacity=5GB") << QStringLiteral("up=none")));
        const auto wrong
            = isDav ? QStringLiteral("url=http://127.0.0.1:1/no") : QStringLiteral("bucket=no-such-bucket-here");
        const auto unset = program.run(words("account set") << name << wrong);
        QVERIFY(unset.exitCode != 0);
        QCOMPARE(stateOf(program, name.toLatin1().constData()), QStringLiteral("connected")); // as before

        works(program.run(words("store --lose 1 --name model --accounts")
            << QStringLiteral("a,b,") + name << makeFile(program, "m.bin")));
        QVERIFY(accountOf(program, name).value(QStringLiteral("fragments")).toInt() > 0);
        const auto lost = program.run(words("account lost --what-if") << name);
        works(lost);
        const QJsonObject model = lost.json().value(QStringLiteral("models")).toArray().at(0).toObject();
        QCOMPARE(model.value(QStringLiteral("name")).toString(), QStringLiteral("model"));
        QCOMPARE(model.value(QStringLiteral("spare")).toInt(), 0);
        QCOMPARE(model.value(QStringLiteral("state")).toString(), QStringLiteral("at-risk"));

        works(program.run(words("account remove") << name)); // its fragments move to c
        QCOMPARE(stateOf(program, name.toLatin1().constData()), QStringLiteral("retired"));
        QCOMPARE(idOf(program.run(words("account test") << name)), QStringLiteral("MF-ACCOUNT-UNKNOWN"));
        (isDav ? dav.process : s3.process)->stop();
        works(program.run(words("check --deep")));
        works(program.run(words("fetch model --to") << program.path(QStringLiteral("back"))));
    }

    void aNewPassword()
    {
        if (!isThere("apache2"))
            QSKIP("the server is not installed");
        DavServer server = startApache(DavAuth::Basic);
        const Program program;
        works(addDav(program, server, server.password));
        const QStringList signIn = words("account signin cloud");
        setPassword(server, QStringLiteral("the new one"));
        QCOMPARE(stateOf(program, "cloud"), QStringLiteral("sign-in"));
        QCOMPARE(program.run(words("account test cloud")).exitCode, 6);

        const auto wrong = program.runWith("a third one", signIn);
        QCOMPARE(wrong.exitCode, 6);
        QVERIFY(!wrong.said().contains("a third one"));
        QCOMPARE(idOf(program.run(signIn)), QStringLiteral("MF-ACCOUNT-SECRET")); // nothing on standard input
        QCOMPARE(stateOf(program, "cloud"), QStringLiteral("sign-in"));
        setPassword(server, QStringLiteral("s€cret: word")); // what was kept is still the first one
        QCOMPARE(stateOf(program, "cloud"), QStringLiteral("connected"));

        setPassword(server, QStringLiteral("the new one"));
        const auto right = program.runWith("the new one", signIn + words("--secret-stdin"));
        works(right);
        QCOMPARE(right.json().value(QStringLiteral("account")).toObject().value(QStringLiteral("state")).toString(),
            QStringLiteral("connected"));
        works(program.run(words("account test cloud")));
        QVERIFY(filesIn(server.process->path(QStringLiteral("files"))).filter(QStringLiteral("probe-")).isEmpty());
        works(program.run(words("store --lose 1 --accounts a,b,cloud") << makeFile(program, "m.bin")));

        const auto none = program.runWith("a secret", words("account signin a"));
        QCOMPARE(none.exitCode, 1);
        QCOMPARE(idOf(none), QStringLiteral("MF-ACCOUNT-NO-SECRET"));
        QCOMPARE(program.runWith("a secret", words("account signin nobody")).exitCode, 3);
    }

    void aNewKey()
    {
        if (!isThere("versitygw"))
            QSKIP("the server is not installed");
        const S3Server server = startVersity();
        const Program program;
        works(addS3(program, server, server.secretKey));
        const auto wrong = program.runWith("quite-another", words("account signin bucket"));
        QCOMPARE(wrong.exitCode, 6);
        QCOMPARE(stateOf(program, "bucket"), QStringLiteral("connected")); // with the key that it had
        works(program.runWith(server.secretKey.toUtf8(), words("account signin bucket")));
        QCOMPARE(stateOf(program, "bucket"), QStringLiteral("connected"));
    }

    // What the program says is all that somebody needs who must type it.
    void aServerThatMadeItsOwnCertificate()
    {
        if (!isThere("apache2"))
            QSKIP("the server is not installed");
        const DavServer server = startApacheTls();
        const Program program;
        const auto refused = addDav(program, server, server.password);
        QCOMPARE(refused.exitCode, 6);
        QCOMPARE(idOf(refused), QStringLiteral("MF-HTTP-CERTIFICATE"));
        QString shown = errorOf(refused).value(QStringLiteral("certificate")).toString();
        const QStringList trust = { QStringLiteral("--set"), QStringLiteral("certificate=") + shown };
        QVERIFY2(messageOf(refused).endsWith(trust.join(u' ')), qPrintable(messageOf(refused)));
        QVERIFY2(refused.err.contains(trust.join(u' ').toUtf8()), refused.err.constData());
        works(addDav(program, server, server.password, trust));
        QCOMPARE(shown.remove(u':'), server.certificate);

        const auto changed
            = program.run(words("account set cloud") << QStringLiteral("certificate=") + QString(64, u'a'));
        QCOMPARE(idOf(changed), QStringLiteral("MF-HTTP-CERTIFICATE"));
        const QString again = QStringLiteral("account set cloud certificate=")
            + errorOf(changed).value(QStringLiteral("certificate")).toString();
        QVERIFY2(messageOf(changed).endsWith(again), qPrintable(messageOf(changed)));
        works(program.run(again.split(u' ')));
        works(program.run(words("account test cloud")));
    }

    // On a terminal account add asks by itself; nothing of what is typed is shown.
    void asksOnATerminal()
    {
        if (!isThere("rclone"))
            QSKIP("the server is not installed");
        const DavServer server = startRclone();
        const Program program;
        int terminal = -1;
        int input = -1;
        QCOMPARE(::openpty(&terminal, &input, nullptr, nullptr, nullptr), 0);
        QProcess process;
        process.setChildProcessModifier([input] { ::dup2(input, STDIN_FILENO); });
        start(process, program,
            words("account add webdav cloud --set")
                << QStringLiteral("url=") + server.url.toString() << QStringLiteral("--set")
                << QStringLiteral("user=") + server.user);
        QByteArray said;
        const auto isAsked = [&] {
            said += process.readAllStandardError();
            return said.contains("Password or key: ");
        };
        QTRY_VERIFY_WITH_TIMEOUT(isAsked(), kLong);
        const QByteArray line = server.password.toUtf8() + '\n';
        QCOMPARE(::write(terminal, line.constData(), static_cast<std::size_t>(line.size())), line.size());
        QVERIFY(process.waitForFinished(kLong));
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        ::close(input);
        QByteArray echo(1'000, '\0');
        const auto length = ::read(terminal, echo.data(), static_cast<std::size_t>(echo.size()));
        QVERIFY(!echo.left(std::max<qsizetype>(length, 0)).contains("s€cret"));
        ::close(terminal);
        QCOMPARE(stateOf(program, "cloud"), QStringLiteral("connected"));
    }

    void interruptedItLeavesNothing()
    {
        if (!isThere("rclone"))
            QSKIP("the server is not installed");
        const DavServer server = startRclone();
        const QString files = server.process->path(QStringLiteral("files"));
        const ProxyThread slow(server.process->port(), 4'000); // the 4 KB that are tried take a second each way
        QUrl url = server.url;
        url.setPort(slow.port());
        const Program program;
        QProcess process;
        start(process, program,
            words("account add webdav cloud --secret-stdin --set") << QStringLiteral("url=")
                    + url.toString() << QStringLiteral("--set") << QStringLiteral("user=") + server.user);
        process.write(server.password.toUtf8());
        process.closeWriteChannel();
        const auto isProbeThere = [&files] { return !filesIn(files).filter(QStringLiteral("/probe-")).isEmpty(); };
        QTRY_VERIFY_WITH_TIMEOUT(isProbeThere(), kLong);
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), SIGINT), 0);
        QVERIFY(process.waitForFinished(kLong));
        QCOMPARE(process.exitCode(), 130);
        QVERIFY(process.readAllStandardError().contains("MF-ACCOUNT-STOPPED"));
        QCOMPARE(filesIn(files), QStringList());
        QCOMPARE(accountOf(program, QStringLiteral("cloud")), QJsonObject());
    }

    void aKindThatIsSwitchedOff()
    {
        if (!isThere("rclone"))
            QSKIP("the server is not installed");
        const DavServer server = startRclone();
        const Program program;
        works(addDav(program, server, server.password));
        const QString file = makeFile(program, "m.bin");
        works(program.run(words("store --lose 1 --name both --accounts a,b,cloud") << file));

        Program off(program, QStringLiteral("home"));
        off.switchOff(QStringLiteral("webdav"));
        const auto added = addDav(off, server, server.password);
        QCOMPARE(added.exitCode, 2);
        QCOMPARE(idOf(added), QStringLiteral("MF-ACCOUNT-KIND"));
        QVERIFY2(messageOf(added).contains(QStringLiteral("switched off")), qPrintable(messageOf(added)));
        QCOMPARE(stateOf(off, "cloud"), QStringLiteral("off"));
        QCOMPARE(stateOf(off, "a"), QStringLiteral("connected"));
        for (const char *line : { "account test cloud", "account signin cloud" }) {
            const auto refused = off.run(words(line));
            QCOMPARE(refused.exitCode, 2);
            QVERIFY2(messageOf(refused).contains(QStringLiteral("MODELFLOAT_DISABLE")), qPrintable(messageOf(refused)));
            QVERIFY2(refused.err.contains("cloud"), refused.err.constData());
        }
        const auto unknown = off.run(words("account add pigeons x"));
        QCOMPARE(unknown.exitCode, 2);
        QVERIFY(messageOf(unknown).startsWith(QStringLiteral("there is no kind of account")));

        works(off.run(words("account test a")));
        works(off.run(
            words("store --lose 1 --name here") << file << QStringLiteral("--accounts") << QStringLiteral("a,b,c")));
        works(off.run(words("fetch both --to") << off.path(QStringLiteral("back")))); // a and b are enough
        QVERIFY(Program::isSameFile(file, off.path(QStringLiteral("back/m.bin"))));
        QCOMPARE(stateOf(program, "cloud"), QStringLiteral("stale")); // switched on again: it lacks what was logged
        works(program.run(words("sync")));
        QCOMPARE(stateOf(program, "cloud"), QStringLiteral("connected"));
    }
};

QTEST_GUILESS_MAIN(TestAccounts)
#include "test_accounts.moc"
