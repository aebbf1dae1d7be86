// SPDX-License-Identifier: GPL-3.0-or-later
// A registry of 1,000 models and 10 million chunks (or MF_MODELS of 10,000 chunks each), on TMPDIR: what it takes to
// fill it, how large it gets, and how long what a person waits for takes.

#include "core/base/heap.h"
#include "tests/registry/registry_fixture.h"

#include <QElapsedTimer>
#include <QFileInfo>

#include <algorithm>
#include <cstdio>

using namespace mf;

namespace {

constexpr quint32 kChunksOfPack = 40; // of about 1 MiB, as raw chunks fill a pack of 2 + 1
constexpr quint32 kPacksOfModel = 250;

// SplitMix64; RegistryFixture's own ids take too long for ten millions.
template <typename Id> Id quickId(quint64 number)
{
    Id id;
    for (auto &byte : id.bytes) {
        quint64 z = (number += 0x9e3779b97f4a7c15ULL);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        byte = static_cast<std::uint8_t>(z >> 56);
    }
    return id;
}

ChunkHash hashOf(quint64 chunk) { return quickId<ChunkHash>(chunk << 8); }

PendingPack packOf(quint32 number, const std::vector<AccountId> &accounts)
{
    PendingPack pack = RegistryFixture::packOf(number, {}, 2, accounts);
    for (quint32 i = 0; i < kChunksOfPack; ++i) {
        Record record = recordOf(i);
        record.hash = hashOf(quint64(number) * kChunksOfPack + i);
        record.plainLength = 1 << 20;
        record.encodedLength = 700'000 + i;
        pack.records.push_back(record);
        pack.sources.emplace_back(0, qint64(i) << 20);
    }
    return pack;
}

QString nameOf(quint32 model) { return QStringLiteral("Model-%1B-Instruct-%2").arg(model % 70).arg(model); }

void addModel(RegistryFixture &registry, quint32 model, const std::vector<AccountId> &accounts)
{
    RevisionRecord revision = RegistryFixture::revisionRecord(model, model, nameOf(model));
    revision.row = must(registry->beginRevision(revision));
    FileRecord file;
    file.path = nameOf(model) + QStringLiteral(".gguf");
    file.sha256 = sha256Of(file.path);
    const FileRow row = must(registry->addFile(revision.row, file));
    std::vector<Piece> pieces;
    std::vector<PackRow> packs;
    for (quint32 i = 0; i < kPacksOfModel; ++i) {
        packs.push_back(registry.complete(packOf(model * kPacksOfModel + i, accounts)));
        for (quint32 record = 0; record < kChunksOfPack; ++record)
            pieces.push_back(Piece::chunk(ChunkPlace(packs.back(), record)));
    }
    must(registry->putPart(row, 0, pieces));
    must(registry->notePacksRelied(revision.row, packs));
    revision.state = RevisionState::Live;
    must(registry->updateRevision(revision));
}

// The median and the worst of nine, in milliseconds.
template <typename F> void row(const char *name, F work)
{
    std::vector<double> times;
    for (int i = 0; i < 9; ++i) {
        QElapsedTimer timer;
        timer.start();
        work();
        times.push_back(static_cast<double>(timer.nsecsElapsed()) / 1e6);
    }
    std::sort(times.begin(), times.end());
    std::printf("| %-42s | %8.2f ms | %8.2f ms |\n", name, times[4], times[8]);
    std::fflush(stdout);
}

qint64 sizeOnDisk(const QString &path)
{
    return QFileInfo(path).size() + QFileInfo(path + QStringLiteral("-wal")).size();
}

} // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): a tool: an exception ends it, and nobody calls it
int main(int argc, char **argv)
{
    keepHeapSmall();
    const QCoreApplication app(argc, argv);
    bool ok = false;
    const quint32 asked = qEnvironmentVariable("MF_MODELS").toUInt(&ok);
    const quint32 models = ok && asked > 0 ? asked : 1'000;
    const quint64 chunks = quint64(models) * kPacksOfModel * kChunksOfPack;

    RegistryFixture registry;
    const std::vector<AccountId> accounts = registry.addAccounts(3);
    QElapsedTimer timer;
    timer.start();
    for (quint32 model = 0; model < models; ++model)
        addModel(registry, model, accounts);
    const double seconds = static_cast<double>(timer.elapsed()) / 1000;
    std::printf("%u models, %llu chunks: filled in %.1f s (%.2f ms a pack)\n", models,
        static_cast<unsigned long long>(chunks), seconds, 1000 * seconds / (models * kPacksOfModel));
    registry.registry.reset(); // the log goes into the file
    std::printf("%.1f bytes a chunk on disk\n\n", double(sizeOnDisk(registry.path())) / double(chunks));

    std::printf("| %-42s | median      | worst of 9  |\n|---|---:|---:|\n", "");
    row("open", [&] { registry.reopen(); });
    row("list all models", [&] { must(registry->models({})); });
    row("search, one word", [&] { must(registry->models(QStringLiteral("17B"))); });
    row("search, two words", [&] { must(registry->models(QStringLiteral("instr 99"))); });
    row("one model by name", [&] { must(registry->revision(nameOf(models / 2), 0)); });
    quint64 next = 0;
    const auto find = [&](quint64 offset) {
        std::vector<ChunkHash> hashes;
        for (int i = 0; i < 256; ++i)
            hashes.push_back(hashOf((next += 7919) % chunks + offset));
        must(registry->findChunks(hashes, {}));
    };
    row("look up 256 chunks that are there", [&] { find(0); });
    row("look up 256 chunks that are not", [&] { find(chunks); });
    const RevisionRow revision = must(registry->revision(nameOf(models / 2), 0)).row;
    row("health of one model", [&] { must(registry->health(revision, {})); });
    row("pieces of one model", [&] { must(registry->part(must(registry->files(revision)).front().row, 0)); });
    return 0;
}
