// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts behind a proxy: one that the person names, and the one that the system has.
#include "core/providers/s3/s3.h"
#include "core/providers/webdav/webdav.h"
#include "tests/servers/dav_servers.h"
#include "tests/servers/forward_proxy.h"
#include "tests/servers/s3_servers.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

using namespace mf;

namespace {

struct Subject {
    const char *name;
    const char *program;
    DavServer (*dav)(); // one of the two
    S3Server (*s3)();
};
const Subject kSubjects[] = {
    { "WebDAV", "rclone", [] { return startRclone(); }, nullptr },
    { "WebDAV, TLS", "apache2", [] { return startApacheTls(); }, nullptr },
    { "S3", "versitygw", nullptr, [] { return startVersity(); } },
    { "S3, TLS", "versitygw", nullptr, [] { return startVersityTls(); } },
};

// What the system says of proxies, while it lives.
class SystemProxy
{
public:
    explicit SystemProxy(const QString &address)
    {
        for (const char *name : kNames) {
            m_before.append(qgetenv(name));
            qputenv(name, address.toLatin1());
        }
    }
    ~SystemProxy()
    {
        for (std::size_t i = 0; i < std::size(kNames); ++i) {
            const QByteArray &before = m_before[qsizetype(i)];
            if (before.isNull())
                qunsetenv(kNames[i]);
            else
                qputenv(kNames[i], before);
        }
    }
    SystemProxy(const SystemProxy &) = delete;
    SystemProxy &operator=(const SystemProxy &) = delete;

private:
    static constexpr const char *kNames[] = { "http_proxy", "https_proxy" };
    QList<QByteArray> m_before;
};

QString closedAddress(const QString &scheme)
{
    QTcpServer closed;
    if (!closed.listen(QHostAddress::LocalHost))
        qFatal("no free port");
    return QStringLiteral("%1://127.0.0.1:%2").arg(scheme).arg(closed.serverPort());
}

} // namespace

class TestForwardProxy : public QObject
{
    Q_OBJECT

    struct Cloud {
        DavServer dav;
        S3Server s3;
        ServerProcess &process() const { return dav.process ? *dav.process : *s3.process; }
    };
    SystemClock m_clock;
    Pool m_io { 1 };
    std::map<int, Cloud> m_clouds; // each is started once
    int m_accounts = 0;

    const Cloud &cloud(int subject)
    {
        Cloud &cloud = m_clouds[subject];
        if (kSubjects[subject].dav && !cloud.dav.process)
            cloud.dav = kSubjects[subject].dav();
        if (kSubjects[subject].s3 && !cloud.s3.process)
            cloud.s3 = kSubjects[subject].s3();
        return cloud;
    }
    // proxy: as a person says it. Each at a place of its own.
    std::unique_ptr<Provider> account(int subject, const QString &proxy)
    {
        const Cloud &with = cloud(subject);
        const QString place = QStringLiteral("account-%1").arg(++m_accounts);
        AccountSettings settings { { QStringLiteral("proxy"), proxy } };
        if (with.dav.process) {
            settings.insert({ { QStringLiteral("url"), with.dav.url.toString() + place },
                { QStringLiteral("user"), with.dav.user }, { QStringLiteral("certificate"), with.dav.certificate } });
            return must(webDavKind().make({ m_clock, m_io }, settings, SecretText(with.dav.password.toUtf8()), true));
        }
        settings.insert(
            { { QStringLiteral("endpoint"), with.s3.endpoint.toString() }, { QStringLiteral("bucket"), place },
                { QStringLiteral("region"), with.s3.region }, { QStringLiteral("access-key"), with.s3.accessKey },
                { QStringLiteral("certificate"), with.s3.certificate } });
        return must(s3Kind().make({ m_clock, m_io }, settings, SecretText(with.s3.secretKey.toUtf8()), true));
    }
    static void works(Provider &provider)
    {
        const BlobName name(QStringLiteral("f/00/x"));
        const QByteArray bytes(4'000'000, 'x');
        const auto put = runTask(provider.put(name, bytes));
        QVERIFY2(put, put ? "" : qPrintable(put.error().message));
        QVERIFY(must(runTask(provider.get(name, Range()))) == bytes);
        QCOMPARE(must(runTask(listAll(provider, QString()))).size(), std::size_t(1));
        must(runTask(provider.remove(name)));
        const auto got = runTask(provider.get(name, Range()));
        QVERIFY(!got);
        QCOMPARE(got.error().id, QStringLiteral("MF-BLOB-MISSING"));
    }
    void rows()
    {
        QTest::addColumn<int>("subject");
        for (int i = 0; i < int(std::size(kSubjects)); ++i)
            QTest::newRow(kSubjects[i].name) << i;
    }
    void rowsWithScheme()
    {
        QTest::addColumn<int>("subject");
        QTest::addColumn<QString>("scheme");
        for (int i = 0; i < int(std::size(kSubjects)); ++i) {
            for (const char *scheme : { "http", "socks5" })
                QTest::addRow("%s, %s", kSubjects[i].name, scheme) << i << QString::fromLatin1(scheme);
        }
    }

private slots:
    void init()
    {
        QFETCH(const int, subject);
        if (!ServerProcess::isInstalled(QString::fromLatin1(kSubjects[subject].program)))
            QSKIP("the server is not installed");
    }

    void theOneThatIsNamed_data() { rowsWithScheme(); }
    void theOneThatIsNamed()
    {
        QFETCH(const int, subject);
        QFETCH(const QString, scheme);
        const ForwardProxy proxy;
        const ForwardProxy another;
        const SystemProxy system(another.address(QStringLiteral("http")));
        works(*account(subject, proxy.address(scheme)));
        QVERIFY(another.asked().isEmpty());
        const Cloud &with = cloud(subject);
        const bool isTls = !with.dav.certificate.isEmpty() || !with.s3.certificate.isEmpty();
        const QByteArray server = "127.0.0.1:" + QByteArray::number(with.process().port());
        const QByteArray whole = " http://" + server + '/';
        QVERIFY(!proxy.asked().isEmpty());
        for (const QByteArray &asked : proxy.asked()) {
            if (scheme == QLatin1String("socks5"))
                QCOMPARE(asked, "SOCKS " + server);
            else if (isTls)
                QCOMPARE(asked, "CONNECT " + server);
            else
                QVERIFY2(asked.contains(whole), asked.constData());
        }
        if (!isTls)
            return;
        const QByteArray basic = (with.dav.user + u':' + with.dav.password).toUtf8().toBase64();
        for (const QByteArray &secret : { QByteArray("uthorization"), with.dav.password.toUtf8(), basic,
                 with.s3.secretKey.toUtf8(), with.s3.accessKey.toUtf8() })
            QVERIFY2(!proxy.seen().contains(secret), secret.constData());
    }

    void theSystems_data() { rows(); }
    void theSystems()
    {
        QFETCH(const int, subject);
        const ForwardProxy proxy;
        const SystemProxy system(proxy.address(QStringLiteral("http")));
        works(*account(subject, QString()));
        QVERIFY(!proxy.asked().isEmpty());
    }

    void noneGoesAroundIt_data() { rows(); }
    void noneGoesAroundIt()
    {
        QFETCH(const int, subject);
        const SystemProxy system(closedAddress(QStringLiteral("http")));
        works(*account(subject, QStringLiteral("none")));
    }

    void oneThatIsNotThere_data() { rowsWithScheme(); }
    void oneThatIsNotThere()
    {
        QFETCH(const int, subject);
        QFETCH(const QString, scheme);
        const auto provider = account(subject, closedAddress(scheme));
        const auto listed = runTask(provider->list(QString(), QString()));
        QVERIFY(!listed);
        QCOMPARE(listed.error().id, QStringLiteral("MF-HTTP-UNREACHABLE"));
        QVERIFY(listed.error().isTransient());
        QVERIFY2(listed.error().message.startsWith(QStringLiteral("127.0.0.1 cannot be reached through its proxy: ")),
            qPrintable(listed.error().message));
        qInfo("%s", qPrintable(listed.error().message));
    }
};

QTEST_GUILESS_MAIN(TestForwardProxy)
#include "test_forward_proxy.moc"
