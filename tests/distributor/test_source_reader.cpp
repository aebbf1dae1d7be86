// SPDX-License-Identifier: GPL-3.0-or-later
// Files are read once, from front to back, and cut where their format says: whatever the window moves over, the chunks
// are the file.
#include "core/distributor/source_format.h"
#include "core/distributor/source_reader.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/make_model.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <set>

using namespace mf;

namespace {

constexpr std::array<std::uint8_t, SecretKey::kSize> kGearBytes { 7 };
const SecretKey kGear(kGearBytes);

struct Place {
    qint64 offset;
    qint64 length;
    bool operator==(const Place &) const = default;
};

// The chunker, given the whole file at once.
std::vector<Place> cutsOf(const QString &path, const QString &name)
{
    const auto file = SourceFile::open(QFile::encodeName(path));
    if (!file)
        return {};
    Chunker chunker((*file)->size(), inspectSource(**file, name).regions, kGear);
    const QByteArray bytes = readFile(path);
    std::vector<Place> cuts;
    while (!chunker.isDone()) {
        const Cut cut = chunker.next(viewOf(bytes).subspan(static_cast<std::size_t>(chunker.position())));
        cuts.push_back(Place { cut.offset, cut.length });
    }
    return cuts;
}

} // namespace

class TestSourceReader : public QObject
{
    Q_OBJECT
    QTemporaryDir m_dir;
    QByteArray path(const QString &name) const { return QFile::encodeName(m_dir.filePath(name)); }
    bool write(const QString &name, qint64 size) const
    {
        QFile file(m_dir.filePath(name));
        return file.open(QIODevice::WriteOnly) && file.write(randomBytes(size, 1)) == size;
    }

private slots:
    void theChunksAreTheFiles();
    void whatLiesInATarIsCutAsFiles();
    void filesAndTheirChunksAreHashed_data();
    void filesAndTheirChunksAreHashed();
    void aFileThatGotShorterIsSaid();
};

// Content-defined cuts over many windows, cuts of fixed length between such ones, files after each other.
void TestSourceReader::theChunksAreTheFiles()
{
    QVERIFY(write(QStringLiteral("a.bin"), 25'000'004));
    ModelRecipe recipe;
    recipe.size = 12 << 20;
    QVERIFY(makeModel(recipe, m_dir.filePath(QStringLiteral("b.gguf"))));
    QVERIFY(write(QStringLiteral("c.bin"), 0));
    QVERIFY(write(QStringLiteral("d.bin"), 9'000'000));
    const QStringList names { QStringLiteral("a.bin"), QStringLiteral("b.gguf"), QStringLiteral("c.bin"),
        QStringLiteral("d.bin") };
    std::vector<QByteArray> paths;
    for (const QString &name : names)
        paths.push_back(path(name));
    auto entries = scanSources(paths);
    QVERIFY(entries);

    SourceReader reader(std::move(*entries), kGear);
    std::vector<std::vector<Place>> cuts(paths.size());
    std::vector<QByteArray> contents(paths.size());
    for (bool isLast = false; !isLast;) {
        const auto batch = reader.next();
        QVERIFY(batch);
        for (const SourceChunk &chunk : batch->chunks) {
            const auto file = static_cast<std::size_t>(chunk.file);
            cuts[file].push_back(Place { chunk.offset, chunk.length });
            contents[file] += chunk.bytes;
        }
        isLast = batch->isLast;
    }
    for (std::size_t i = 0; i < paths.size(); ++i) {
        const QString name = names[static_cast<int>(i)];
        QVERIFY2(contents[i] == readFile(m_dir.filePath(name)), paths[i].constData());
        QVERIFY2(cuts[i] == cutsOf(m_dir.filePath(name), name), paths[i].constData());
    }
}

// So a tar of a model that is stored already has next to nothing new.
void TestSourceReader::whatLiesInATarIsCutAsFiles()
{
    ModelRecipe recipe;
    recipe.format = ModelRecipe::Format::SafetensorsSharded;
    recipe.dtype = QStringLiteral("BF16");
    recipe.size = 20 << 20;
    QVERIFY(makeModel(recipe, m_dir.filePath(QStringLiteral("model"))));
    QVERIFY(write(QStringLiteral("model/else.bin"), 6'000'000));
    QProcess tar;
    tar.start(QStringLiteral("tar"),
        { QStringLiteral("-C"), m_dir.path(), QStringLiteral("-cf"), m_dir.filePath(QStringLiteral("model.tar")),
            QStringLiteral("model") });
    QVERIFY(tar.waitForFinished() && tar.exitCode() == 0);

    qint64 fresh = 0; // bytes of the tar that the model does not have
    std::set<ChunkHash> known;
    for (const char *name : { "model", "model.tar" }) {
        auto entries = scanSources({ path(QString::fromUtf8(name)) });
        QVERIFY(entries);
        SourceReader reader(std::move(*entries), kGear);
        fresh = 0;
        for (bool isLast = false; !isLast;) {
            auto batch = reader.next();
            QVERIFY(batch);
            hashChunks(*batch);
            for (const SourceChunk &chunk : batch->chunks) {
                if (chunk.kind == SourceChunk::Kind::Chunk && known.insert(chunk.hash).second)
                    fresh += chunk.length;
            }
            isLast = batch->isLast;
        }
    }
    QVERIFY(known.size() > 20);
    QVERIFY2(fresh < 20'000, QByteArray::number(fresh).constData()); // the headers
}

void TestSourceReader::filesAndTheirChunksAreHashed_data()
{
    QTest::addColumn<bool>("together");
    QTest::newRow("together") << true; // where this processor cannot, the same as
    QTest::newRow("apart") << false;
}

// Files of many chunks, of one, of a literal, of zeros, of nothing; several in a batch, and one over many batches.
void TestSourceReader::filesAndTheirChunksAreHashed()
{
    QFETCH(bool, together);
    QVERIFY(m_dir.isValid() && QDir(m_dir.path()).mkpath(QStringLiteral("files")));
    const std::vector<qint64> sizes { 25'000'004, 0, 30, 64, 65, 500'000, 9'000'000, 1'000, 2'500'000 };
    for (std::size_t i = 0; i < sizes.size(); ++i)
        QVERIFY(write(QStringLiteral("files/%1.bin").arg(i), sizes[i]));
    QFile zeros(m_dir.filePath(QStringLiteral("files/zeros.bin")));
    QVERIFY(zeros.open(QIODevice::WriteOnly) && zeros.resize(5 << 20));
    ModelRecipe recipe;
    recipe.size = 12 << 20;
    QVERIFY(makeModel(recipe, m_dir.filePath(QStringLiteral("files/model.gguf"))));
    auto entries = scanSources({ path(QStringLiteral("files")) });
    QVERIFY(entries);
    const std::vector<SourceEntry> files = *entries;

    SourceReader reader(std::move(*entries), kGear);
    FileHasher hasher(together);
    std::size_t ended = 0;
    for (bool isLast = false; !isLast;) {
        auto batch = reader.next();
        QVERIFY(batch);
        hasher.prepare(*batch);
        hasher.add(*batch);
        for (const SourceChunk &chunk : batch->chunks) {
            if (chunk.kind == SourceChunk::Kind::Chunk)
                QCOMPARE(chunk.hash, ChunkHash(sha256(viewOf(chunk.bytes)).bytes));
        }
        for (const SourceBatch::End &end : batch->ends) {
            const SourceEntry &entry = files[static_cast<std::size_t>(end.facts.file)];
            const QByteArray bytes = readFile(QFile::decodeName(entry.path));
            QVERIFY2(end.facts.record.sha256 == sha256(viewOf(bytes)), entry.path.constData());
            ++ended;
        }
        isLast = batch->isLast;
    }
    QCOMPARE(ended, sizes.size() + 2);
}

void TestSourceReader::aFileThatGotShorterIsSaid()
{
    QVERIFY(write(QStringLiteral("short.bin"), 20'000'000));
    auto entries = scanSources({ path(QStringLiteral("short.bin")) });
    QVERIFY(entries);
    SourceReader reader(std::move(*entries), kGear);
    QVERIFY(reader.next());
    QVERIFY(QFile::resize(m_dir.filePath(QStringLiteral("short.bin")), 10'000'000));
    for (int i = 0; i < 10; ++i) {
        const auto batch = reader.next();
        if (batch) {
            QVERIFY(!batch->isLast);
            continue;
        }
        QCOMPARE(batch.error().id, QStringLiteral("MF-SOURCE-CHANGED"));
        return;
    }
    QFAIL("read on to the end");
}

QTEST_GUILESS_MAIN(TestSourceReader)
#include "test_source_reader.moc"
