// SPDX-License-Identifier: GPL-3.0-or-later
// How much memory storing takes at most, whatever is stored: into accounts that confirm each fragment and keep none.
//
//   bench_memory sparse [GB]      one file of 30 GB, an eighth of it content in extents at random places
//   bench_memory many [MB]        ten models of 400 MB, given to the queue of transfers at once
//   bench_memory stuck [MB]       the same into accounts that never answer: all that may wait for them is in memory
#include "core/base/heap.h"
#include "core/distributor/transfer_queue.h"
#include "tests/bench/figures.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/weights.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QFile>
#include <QTimer>

using namespace mf;

namespace {

constexpr double kMostMemory = 400; // MiB; design.md section 5

void fill(QFile &file, qint64 offset, qint64 length, WeightSource &content)
{
    QByteArray block(1 << 20, Qt::Uninitialized);
    bool isWritten = file.seek(offset);
    for (qint64 done = 0; isWritten && done < length; done += block.size()) {
        block.resize(static_cast<qsizetype>(std::min<qint64>(length - done, block.size())));
        content.fill(mutableViewOf(block));
        isWritten = file.write(block) == block.size();
    }
    if (!isWritten)
        qFatal("cannot write %s", qPrintable(file.fileName()));
}

std::vector<QByteArray> makeFiles(const EngineFixture &fixture, bool isSparse, qint64 unit)
{
    FastRandom random(1);
    std::vector<QByteArray> paths;
    for (int i = 0; i < (isSparse ? 1 : 10); ++i) {
        QFile file(fixture.path(QString::number(i)));
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write %s", qPrintable(file.fileName()));
        WeightSource content(WeightKind::BF16, 0.02, random.next());
        if (isSparse) {
            const qint64 size = unit * 1'000'000'000;
            constexpr qint64 kExtent = 5'000'000;
            for (qint64 left = size / 8; left > 0; left -= kExtent)
                fill(file, qint64(random.below(std::uint64_t(size - kExtent))) & ~1LL, kExtent, content);
            file.resize(size);
        } else {
            fill(file, 0, unit * 1'000'000, content);
        }
        paths.push_back(QFile::encodeName(file.fileName()));
    }
    return paths;
}

Task<Result<TransferQueue::Outcome>> storeOne(EngineFixture &fixture, QByteArray path)
{
    StoreRequest request;
    request.paths.push_back(path);
    request.protection = Protection(2, 1);
    Store store(fixture.engine(), std::move(request), nullptr);
    auto running = store.run();
    const auto stored = co_await running;
    if (!stored)
        co_return stored.error();
    co_return TransferQueue::Outcome(QString());
}

} // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): a tool: an exception ends it, and nobody calls it
int main(int argc, char **argv)
{
    keepHeapSmall();
    const QCoreApplication app(argc, argv);
    const QByteArray mode = argc > 1 ? argv[1] : "";
    const bool isSparse = mode == "sparse";
    const bool isStuck = mode == "stuck";
    if (!isSparse && !isStuck && mode != "many")
        qFatal("bench_memory sparse [GB], or bench_memory many|stuck [MB]");
    const int given = argc > 2 ? QByteArray(argv[2]).toInt() : 0;

    EngineFixture fixture(3);
    for (int i = 0; i < fixture.accounts(); ++i) {
        auto &fault = fixture.place(i).faulty->on(FaultyProvider::Method::Put).named(QStringLiteral("f/*")).always();
        if (isStuck)
            fault.hang();
        else
            fault.loseSilently();
    }
    const auto paths = makeFiles(fixture, isSparse, given > 0 ? given : isSparse ? 30 : 400);
    SystemClock clock;
    QEventLoop loop;
    std::size_t done = 0;
    TransferQueue::Listener listener;
    listener.ended = [&](const TransferQueue::Entry &entry) {
        if (entry.error)
            qFatal("%s", qPrintable(entry.error->message));
        if (++done == paths.size())
            loop.quit();
    };
    TransferQueue queue(clock, std::move(listener));
    for (const QByteArray &path : paths)
        queue.add(TransferQueue::Kind::Store, QString::fromUtf8(path),
            [&fixture, path](const ProgressSink &) { return storeOne(fixture, path); });
    if (isStuck) // long after nothing moves any more
        QTimer::singleShot(15'000, &loop, &QEventLoop::quit);
    loop.exec();
    bench::Figures figures("value", "target");
    figures.peakMemory(RUSAGE_SELF, kMostMemory);
    return figures.exitCode();
}
