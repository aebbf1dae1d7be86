// SPDX-License-Identifier: GPL-3.0-or-later
// One account in the cloud: blobs of 16 MiB put to and got from versitygw through TLS, as fast as it goes and through a
// token bucket of 1 Gbit/s, beside curl on one file of the same length; and how late the event loop is meanwhile.
// Median of MF_ROUNDS (1) in turns; TMPDIR is where the server keeps things.
#include "core/base/all_of.h"
#include "core/base/heap.h"
#include "core/providers/s3/s3.h"
#include "tests/bench/figures.h"
#include "tests/servers/proxy_thread.h"
#include "tests/servers/s3_servers.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTimer>

#include <algorithm>
#include <cstdio>

using namespace mf;

namespace {

constexpr qsizetype kBlob = qsizetype(16) << 20;
constexpr int kBlobs = 32;
constexpr qint64 kGigabit = 125'000'000; // bytes a second
constexpr double kMostLate = 16; // ms
constexpr double kMostMemory = 400; // MiB
constexpr double kTotal = double(kBlob) * kBlobs / 1e6; // MB

QByteArray randomBytes(quint64 seed)
{
    QByteArray bytes(kBlob, Qt::Uninitialized);
    for (char &c : bytes) {
        seed = seed * 6'364'136'223'846'793'005ULL + 1;
        c = static_cast<char>(seed >> 56);
    }
    return bytes;
}

double rateOf(const QElapsedTimer &timer) { return kTotal / (double(timer.nsecsElapsed()) / 1e9); } // MB/s

Task<Result<>> putOne(Provider &provider, BlobName name, QByteArray bytes)
{
    const auto put = co_await provider.put(name, bytes);
    if (!put)
        co_return put.error();
    co_return Result<>();
}

// What came is let go at once, as a fetch does when it has written it.
Task<Result<>> getOne(Provider &provider, BlobName name)
{
    const Range whole;
    const auto got = co_await provider.get(name, whole);
    if (!got)
        co_return got.error();
    co_return Result<>();
}

// How late the event loop is, by a timer that wants to be called every other millisecond.
class Lag
{
public:
    Lag()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
            m_late.push_back(double(m_since.nsecsElapsed()) / 1e6 - kEvery);
            m_since.start();
        });
    }
    void measure(bool on)
    {
        m_since.start();
        if (on)
            m_timer.start(kEvery);
        else
            m_timer.stop();
    }
    double p99() // ms; of all that was measured
    {
        std::sort(m_late.begin(), m_late.end());
        return m_late.empty() ? 0 : m_late[m_late.size() * 99 / 100];
    }

private:
    static constexpr int kEvery = 2; // ms
    QTimer m_timer;
    QElapsedTimer m_since;
    std::vector<double> m_late;
};

template <typename Make> double together(Provider &provider, Lag &lag, Make make)
{
    std::vector<Task<Result<>>> tasks;
    for (int i = 0; i < kBlobs; ++i)
        tasks.push_back(make(BlobName(QStringLiteral("f/00/%1").arg(i))));
    QElapsedTimer timer;
    timer.start();
    lag.measure(true);
    const auto results = runTask(allOf(std::move(tasks), std::size_t(provider.traits().connections)));
    lag.measure(false);
    const double rate = rateOf(timer);
    for (const auto &result : results)
        must(result);
    return rate;
}

double curl(const QStringList &words, const S3Server &server)
{
    QElapsedTimer timer;
    timer.start();
    const int code = QProcess::execute(QStringLiteral("curl"),
        QStringList { QStringLiteral("--silent"), QStringLiteral("--fail"), QStringLiteral("--insecure"),
            QStringLiteral("--aws-sigv4"), QStringLiteral("aws:amz:%1:s3").arg(server.region), QStringLiteral("--user"),
            server.accessKey + u':' + server.secretKey, QStringLiteral("--header"),
            QStringLiteral("x-amz-content-sha256: UNSIGNED-PAYLOAD") }
            + words);
    if (code != 0)
        qFatal("curl ended with %d", code);
    return rateOf(timer);
}

// What a way is to reach.
struct Targets {
    double ofCurl = 0;
    double put = 0; // MB/s
    double get = 0;
};

void measure(bench::Figures &figures, const Targets &targets, const S3Server &server, quint16 port, int rounds)
{
    SystemClock clock;
    Pool io { 2 };
    const AccountSettings settings { { QStringLiteral("endpoint"), QStringLiteral("https://127.0.0.1:%1").arg(port) },
        { QStringLiteral("bucket"), QStringLiteral("bench") }, { QStringLiteral("region"), server.region },
        { QStringLiteral("access-key"), server.accessKey }, { QStringLiteral("certificate"), server.certificate } };
    const auto provider = must(s3Kind().make({ clock, io }, settings, SecretText(server.secretKey.toUtf8()), true));
    must(runTask(putOne(*provider, BlobName(QStringLiteral("f/00/first")), "x")));
    const QByteArray bytes = randomBytes(port);
    const QString file = server.process->path(QStringLiteral("one file"));
    {
        QFile one(file);
        if (!one.open(QIODevice::WriteOnly))
            qFatal("cannot write %s", qPrintable(file));
        for (int i = 0; i < kBlobs; ++i)
            one.write(bytes);
    }
    const QString url = QStringLiteral("https://127.0.0.1:%1/bench/curl").arg(port);
    std::vector<double> put;
    std::vector<double> curlPut;
    std::vector<double> get;
    std::vector<double> curlGet;
    Lag putLag;
    Lag getLag;
    for (int i = 0; i < rounds; ++i) {
        put.push_back(
            together(*provider, putLag, [&](const BlobName &blob) { return putOne(*provider, blob, bytes); }));
        curlPut.push_back(curl({ QStringLiteral("--upload-file"), file, url }, server));
        get.push_back(together(*provider, getLag, [&](const BlobName &blob) { return getOne(*provider, blob); }));
        curlGet.push_back(curl({ QStringLiteral("--output"), QStringLiteral("/dev/null"), url }, server));
    }
    figures.ratio("put, MB/s", bench::median(put), bench::median(curlPut), targets.ofCurl);
    figures.atLeast("  at least", bench::median(put), targets.put);
    figures.atMost("  event loop late, p99 ms", putLag.p99(), kMostLate);
    figures.ratio("get, MB/s", bench::median(get), bench::median(curlGet), targets.ofCurl);
    figures.atLeast("  at least", bench::median(get), targets.get);
    figures.atMost("  event loop late, p99 ms", getLag.p99(), kMostLate);
}

} // namespace

int main(int argc, char **argv)
{
    keepHeapSmall();
    const QCoreApplication application(argc, argv);
    const int rounds = std::max(1, qEnvironmentVariableIntValue("MF_ROUNDS"));
    if (!ServerProcess::isInstalled(QStringLiteral("versitygw")))
        qFatal("versitygw is missing: tests/servers/install.sh");
    const S3Server server = startVersityTls();
    bench::Figures figures("ours", "curl");
    std::printf("unthrottled, on loopback\n");
    measure(figures, { 0, 180, 320 }, server, server.process->port(), rounds);
    const ProxyThread proxy(server.process->port(), kGigabit);
    std::printf("1 Gbit/s\n");
    measure(figures, { 0.95, 0, 0 }, server, proxy.port(), rounds);
    figures.peakMemory(RUSAGE_SELF, kMostMemory);
    return figures.exitCode();
}
