// SPDX-License-Identifier: GPL-3.0-or-later
// Several accounts of different speed: a model that does not compress goes to four S3 services behind token buckets,
// and comes back. 2 + 1 fragments to a pack, one on an account; so the most that can be sent at once is 3 r, where 3 r
// is no more than the sum of min(rate, r). Median of MF_ROUNDS (1); TMPDIR is where the servers keep things.
#include "tests/bench/figures.h"
#include "tests/program/program.h"
#include "tests/servers/proxy_thread.h"
#include "tests/servers/s3_servers.h"
#include "tests/support/make_model.h"
#include "tests/support/must.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <algorithm>
#include <cstdio>

using namespace mf;

namespace {

constexpr int kData = 2;
constexpr int kParity = 1;
constexpr qint64 kSize = qint64(2) << 30; // of the model
constexpr double kRates[] = { 40, 30, 20, 10 }; // MB/s

// The largest r (k + m) with r (k + m) <= sum of min(rate, r), by bisection. MB/s.
double mostSent()
{
    double low = 0;
    double high = 1000;
    for (int i = 0; i < 60; ++i) {
        const double r = (low + high) / 2;
        double sum = 0;
        for (const double rate : kRates)
            sum += std::min(rate, r);
        (r * (kData + kParity) <= sum ? low : high) = r;
    }
    return low * (kData + kParity);
}

// A fetch reads k fragments of each pack: those of the fastest accounts that hold it, at best all accounts at once.
double mostRead()
{
    double sum = 0;
    for (const double rate : kRates)
        sum += rate;
    return sum;
}

struct Cloud {
    S3Server server = startVersity();
    std::unique_ptr<ProxyThread> proxy;
};

void done(const Program::Run &run)
{
    if (run.exitCode != 0)
        qFatal("%s", run.said().constData());
}

double seconds(const Program &program, const QStringList &words)
{
    QElapsedTimer timer;
    timer.start();
    done(program.run(words));
    return double(timer.nsecsElapsed()) / 1e9;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const int rounds = std::max(1, qEnvironmentVariableIntValue("MF_ROUNDS"));
    if (!ServerProcess::isInstalled(QStringLiteral("versitygw")))
        qFatal("versitygw is missing: tests/servers/install.sh");
    std::vector<double> sent;
    std::vector<double> read;
    for (int round = 0; round < rounds; ++round) {
        const Program program { QStringList() };
        std::vector<Cloud> clouds(std::size(kRates));
        for (std::size_t i = 0; i < clouds.size(); ++i) {
            const S3Server &server = clouds[i].server;
            clouds[i].proxy = std::make_unique<ProxyThread>(server.process->port(), qint64(kRates[i] * 1e6));
            const QString name = QStringLiteral("cloud%1").arg(i);
            QStringList words { QStringLiteral("account"), QStringLiteral("add"), QStringLiteral("s3"), name,
                QStringLiteral("--secret-stdin") };
            for (const QString &setting : { QStringLiteral("endpoint=http://127.0.0.1:%1").arg(clouds[i].proxy->port()),
                     QStringLiteral("bucket=models"), QString(QStringLiteral("region=") + server.region),
                     QString(QStringLiteral("access-key=") + server.accessKey),
                     QString(QStringLiteral("domain=") + name) })
                words << QStringLiteral("--set") << setting;
            done(program.runWith(server.secretKey.toUtf8(), words));
        }
        ModelRecipe recipe;
        recipe.dtype = QStringLiteral("Q4_K_M");
        recipe.size = kSize;
        recipe.seed = std::uint64_t(round) + 1;
        const QString model = program.path(QStringLiteral("model.gguf"));
        must(makeModel(recipe, model));
        const double mb = double(QFileInfo(model).size()) / 1e6;
        const double stored = seconds(program,
            { QStringLiteral("store"), model, QStringLiteral("--erasure"),
                QStringLiteral("%1+%2").arg(kData).arg(kParity) });
        sent.push_back(mb * (kData + kParity) / kData / stored);
        const QString back = program.path(QStringLiteral("back"));
        const double fetched
            = seconds(program, { QStringLiteral("fetch"), QStringLiteral("model"), QStringLiteral("--to"), back });
        read.push_back(mb / fetched);
        if (!Program::isSameFile(model, back + QStringLiteral("/model.gguf")))
            qFatal("not the same bytes");
    }
    bench::Figures figures("ours", "most");
    figures.ratio("store, MB/s sent", bench::median(sent), mostSent(), 0.9);
    figures.ratio("fetch, MB/s", bench::median(read), mostRead(), 0);
    figures.peakMemory(RUSAGE_CHILDREN, 400); // the servers, too
    return figures.exitCode();
}
