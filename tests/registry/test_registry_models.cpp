// SPDX-License-Identifier: GPL-3.0-or-later
// Models, their revisions, files, pieces and tensors, and what they survive.
#include "core/registry/blob.h"
#include "core/registry/model_names.h"
#include "core/registry/runs.h"
#include "tests/registry/registry_fixture.h"

using namespace mf;

class TestRegistryModels : public QObject
{
    Q_OBJECT
private slots:
    void revisionKeepsItsFields();
    void storingIsInvisible();
    void liveBecomesCurrent();
    void trashingTheCurrent();
    void dropRevision();
    void unknownRows();
    void names_data();
    void names();
    void twoOfOneName();
    void nearNames_data();
    void nearNames();
    void editDistances();
    void filesAndTensors();
    void parts();
    void runsAreShort();
    void damagedRuns_data();
    void damagedRuns();
    void tags();
    void relied();
    void spreadAndSpare();
};

namespace {
bool equal(const std::vector<Piece> &a, const std::vector<Piece> &b)
{
    return std::ranges::equal(a, b, [](const Piece &x, const Piece &y) {
        return x.kind == y.kind && x.place == y.place && x.literal == y.literal && x.zeros == y.zeros;
    });
}
}

void TestRegistryModels::revisionKeepsItsFields()
{
    RegistryFixture f;
    RevisionRecord r = f.revisionRecord(1, 1, QStringLiteral("Qwen2.5-7B \u00e4 \U0001f999"));
    r.tags = {QStringLiteral("chat"), QStringLiteral("two words")};
    r.row = must(f->beginRevision(r));
    r.bytes = qint64(1) << 41;
    r.storedBytes = 5;
    r.uploadedBytes = 6;
    r.files = 7;
    r.facts.format = QStringLiteral("gguf");
    r.facts.family = QStringLiteral("Qwen");
    r.facts.architecture = QStringLiteral("qwen2");
    r.facts.quantization = QStringLiteral("Q4_K_M");
    r.facts.parameters = 7'000'000'000;
    r.facts.contextLength = 32768;
    r.facts.license = QStringLiteral("apache-2.0");
    r.manifest = idOf<ObjectHash>(3);
    r.metadata = {{QStringLiteral("general.name"), QStringLiteral("\u00e9\n\"")}, {QStringLiteral("x"), QString()}};
    r.state = RevisionState::Unconfirmed;
    must(f->updateRevision(r));
    const auto read = must(f->revisionsIn(RevisionState::Unconfirmed));
    QCOMPARE(read.size(), 1U);
    const RevisionRecord &s = read[0];
    QCOMPARE(s.row, r.row);
    QCOMPARE(s.id, r.id);
    QCOMPARE(s.model, r.model);
    QCOMPARE(s.name, r.name);
    QCOMPARE(s.number, 1);
    QCOMPARE(s.created, r.created);
    QVERIFY(s.protection == r.protection);
    QCOMPARE(s.bytes, r.bytes);
    QCOMPARE(s.storedBytes, 5);
    QCOMPARE(s.uploadedBytes, 6);
    QCOMPARE(s.files, 7);
    QCOMPARE(s.facts.format, r.facts.format);
    QCOMPARE(s.facts.family, r.facts.family);
    QCOMPARE(s.facts.architecture, r.facts.architecture);
    QCOMPARE(s.facts.quantization, r.facts.quantization);
    QCOMPARE(s.facts.parameters, r.facts.parameters);
    QCOMPARE(s.facts.contextLength, r.facts.contextLength);
    QCOMPARE(s.facts.license, r.facts.license);
    QCOMPARE(s.manifest, r.manifest);
    QCOMPARE(s.session, r.session);
    QCOMPARE(s.tags, r.tags);
    QCOMPARE(s.metadata, r.metadata);
    QCOMPARE(failureOf(f->beginRevision(r)).id, QStringLiteral("MF-REVISION-EXISTS"));
}

void TestRegistryModels::storingIsInvisible()
{
    RegistryFixture f;
    auto r = f.revisionRecord(1, 1, QStringLiteral("m"));
    r.row = must(f->beginRevision(r));
    QVERIFY(must(f->models(QString())).empty());
    QVERIFY(must(f->models(QStringLiteral("m"))).empty());
    QVERIFY(must(f->history(r.model)).empty());
    QCOMPARE(failureOf(f->revision(QStringLiteral("m"), 0)).id, QStringLiteral("MF-MODEL-UNKNOWN"));
    QCOMPARE(must(f->revisionsIn(RevisionState::Storing)).size(), 1U);
    r.state = RevisionState::Unconfirmed;
    must(f->updateRevision(r));
    QVERIFY(must(f->models(QString())).empty());
    r.state = RevisionState::Live;
    must(f->updateRevision(r));
    QCOMPARE(must(f->models(QString())).size(), 1U);
    QVERIFY(must(f->revisionsIn(RevisionState::Storing)).empty());
}

void TestRegistryModels::liveBecomesCurrent()
{
    RegistryFixture f;
    const auto first = f.live(1, 1, QStringLiteral("m"), {QStringLiteral("old.gguf")});
    auto next = f.revisionRecord(2, 1, QStringLiteral("renamed"));
    next.row = must(f->beginRevision(next));
    QCOMPARE(must(f->revisionAt(next.row)).number, 2);
    QCOMPARE(must(f->models(QString())).front().row, first.row); // until it is live
    QCOMPARE(must(f->models(QString())).front().name, QStringLiteral("m"));
    next.state = RevisionState::Live;
    must(f->updateRevision(next));

    auto models = must(f->models(QString()));
    QCOMPARE(models.size(), 1U);
    QCOMPARE(models[0].row, next.row);
    QCOMPARE(models[0].name, QStringLiteral("renamed"));
    QVERIFY(must(f->models(QStringLiteral("old"))).empty());
    const auto history = must(f->history(first.model));
    QCOMPARE(history.size(), 2U);
    QCOMPARE(history[0].row, next.row);
    QCOMPARE(history[1].row, first.row);
    QCOMPARE(must(f->revision(QStringLiteral("renamed"), 1)).row, first.row);
    QCOMPARE(must(f->revision(QStringLiteral("renamed"), 0)).row, next.row);
    const Error error = failureOf(f->revision(QStringLiteral("renamed"), 7));
    QCOMPARE(error.id, QStringLiteral("MF-REVISION-UNKNOWN"));
    QVERIFY(error.message.contains(QStringLiteral("2, 1")));

    RevisionRecord again = first; // a later word on an old revision does not bring it back
    again.uploadedBytes = 99;
    must(f->updateRevision(again));
    QCOMPARE(must(f->revision(QStringLiteral("renamed"), 0)).row, next.row);
    QCOMPARE(must(f->revision(QStringLiteral("renamed"), 1)).uploadedBytes, 99);
}

void TestRegistryModels::trashingTheCurrent()
{
    RegistryFixture f;
    const auto first = f.live(1, 1, QStringLiteral("m"));
    const auto second = f.live(2, 1, QStringLiteral("m"));
    quint32 number = 0;
    const auto say = [&f, &number](Registry::Segment segment) {
        segment.hash = idOf<ObjectHash>(++number);
        segment.blobName = QStringLiteral("log/%1").arg(number);
        segment.author = idOf<ComputerId>(1);
        segment.lamport = number;
        must(f->addSegment(segment, QDateTime(QDate(2026, 3, 1), QTime(12, 0), Qt::UTC), true));
    };
    const auto trash = [&say](const RevisionRecord &revision) {
        Registry::Segment segment;
        segment.trashes.push_back({ revision.id, { PresenceId(revision.id.bytes) }, false });
        say(segment);
    };
    trash(second);
    QCOMPARE(must(f->revision(QStringLiteral("m"), 0)).row, first.row);
    QCOMPARE(failureOf(f->revision(QStringLiteral("m"), 2)).id, QStringLiteral("MF-REVISION-UNKNOWN"));
    trash(first);
    QVERIFY(must(f->models(QString())).empty());
    QVERIFY(must(f->models(QStringLiteral("m"))).empty());
    QCOMPARE(must(f->history(first.model)).size(), 2U);
    QCOMPARE(must(f->history(first.model)).front().state, RevisionState::Trashed);
    must(f->updateRevision(first)); // read when it was still there
    QVERIFY(must(f->models(QStringLiteral("m"))).empty());
    Registry::Segment restore;
    restore.restores.push_back({ first.id, idOf<PresenceId>(9) });
    say(restore);
    QCOMPARE(must(f->models(QStringLiteral("m"))).front().row, first.row);
}

void TestRegistryModels::dropRevision()
{
    RegistryFixture f;
    auto r = f.revisionRecord(1, 1, QStringLiteral("m"));
    r.row = must(f->beginRevision(r));
    FileRecord file;
    file.path = QStringLiteral("a");
    const FileRow row = must(f->addFile(r.row, file));
    must(f->putPart(row, 0, {Piece::ofZeros(5)}));
    must(f->putTensors(row, {TensorRecord()}));
    must(f->notePacksRelied(r.row, {1, 2}));
    must(f->dropRevision(r.row));
    QVERIFY(must(f->revisionsIn(RevisionState::Storing)).empty());
    QVERIFY(must(f->files(r.row)).empty());
    QCOMPARE(failureOf(f->partCount(row)).id, QStringLiteral("MF-FILE-REPLACED"));
    QVERIFY(must(f->tensors(row)).empty());
    QVERIFY(must(f->packsRelied(r.row)).empty());
    QCOMPARE(failureOf(f->setTags(r.model, {})).id, QStringLiteral("MF-MODEL-UNKNOWN"));

    const auto first = f.live(2, 2, QStringLiteral("n"));
    QCOMPARE(failureOf(f->dropRevision(first.row)).id, QStringLiteral("MF-REVISION-STATE"));
    auto second = f.revisionRecord(3, 2, QStringLiteral("n"));
    second.row = must(f->beginRevision(second));
    QVERIFY(second.row > r.row); // rows are not used again
    must(f->dropRevision(second.row));
    QCOMPARE(must(f->revision(QStringLiteral("n"), 0)).row, first.row);
}

void TestRegistryModels::unknownRows()
{
    RegistryFixture f;
    RevisionRecord r = f.revisionRecord(1, 1, QStringLiteral("m"));
    r.row = 4711;
    const auto unknown = QStringLiteral("MF-REVISION-UNKNOWN");
    QCOMPARE(failureOf(f->updateRevision(r)).id, unknown);
    QCOMPARE(failureOf(f->dropRevision(r.row)).id, unknown);
    QCOMPARE(failureOf(f->revisionAt(r.row)).id, unknown);
    QCOMPARE(failureOf(f->addFile(r.row, FileRecord())).id, unknown);
    QCOMPARE(failureOf(f->notePacksRelied(r.row, {1})).id, unknown);
    QCOMPARE(failureOf(f->finishFile(4711, FileRecord())).id, QStringLiteral("MF-FILE-UNKNOWN"));
    QCOMPARE(failureOf(f->putPart(4711, 0, {})).id, QStringLiteral("MF-FILE-UNKNOWN"));
    QCOMPARE(failureOf(f->putTensors(4711, {})).id, QStringLiteral("MF-FILE-UNKNOWN"));
    QCOMPARE(failureOf(f->setCid(4711, QString(), QString())).id, QStringLiteral("MF-FILE-UNKNOWN"));
    QCOMPARE(failureOf(f->part(4711, 0)).id, QStringLiteral("MF-FILE-REPLACED"));
    QCOMPARE(failureOf(f->partCount(4711)).id, QStringLiteral("MF-FILE-REPLACED"));
}

void TestRegistryModels::names_data()
{
    QTest::addColumn<QString>("asked");
    QTest::addColumn<QString>("found"); // or the error's id
    QTest::newRow("exactly") << "Qwen2.5-7B" << "Qwen2.5-7B";
    QTest::newRow("exactly, though others begin so") << "Llama" << "Llama";
    QTest::newRow("another case") << "QWEN2.5-7b" << "Qwen2.5-7B";
    QTest::newRow("a beginning") << "Phi" << "Phi-3-mini";
    QTest::newRow("a beginning in another case") << "phi-3" << "Phi-3-mini";
    QTest::newRow("another case goes before a beginning") << "llama" << "Llama";
    QTest::newRow("the exact one of two that differ in case") << "twin" << "twin";
    QTest::newRow("two that differ in case alone") << "TWIN" << "MF-MODEL-AMBIGUOUS";
    QTest::newRow("a beginning of two") << "Qwen" << "MF-MODEL-AMBIGUOUS";
    QTest::newRow("not a beginning") << "mini" << "MF-MODEL-UNKNOWN";
    QTest::newRow("nothing") << "" << "MF-MODEL-UNKNOWN";
    QTest::newRow("signs of SQL") << "%" << "MF-MODEL-UNKNOWN";
    QTest::newRow("umlauts in another case") << QStringLiteral("B\u00c4R") << QStringLiteral("b\u00e4r");
}

void TestRegistryModels::names()
{
    QFETCH(QString, asked);
    QFETCH(QString, found);
    std::vector<NamedRow> models;
    for (const auto &name : {"Qwen2.5-7B", "Qwen3-8B", "Llama", "Llama-3", "Phi-3-mini", "twin", "Twin", "b\u00e4r"})
        models.emplace_back(static_cast<qint64>(models.size()), QString::fromUtf8(name));
    const auto row = resolveName(models, asked);
    QCOMPARE(row ? models[static_cast<std::size_t>(*row)].name : row.error().id, found);
}

void TestRegistryModels::twoOfOneName()
{
    RegistryFixture f;
    f.live(1, 1, QStringLiteral("same"));
    const RevisionRecord second = f.live(3, 1, QStringLiteral("same"));
    const RevisionRecord newer = f.live(2, 2, QStringLiteral("same")); // one of them came back from the trash elsewhere
    QCOMPARE(must(f->revision(QStringLiteral("same"), 0)).row, newer.row);
    QCOMPARE(must(f->revision(QStringLiteral("same"), 1)).row, newer.row);
    QCOMPARE(must(f->revision(QStringLiteral("same"), 2)).row, second.row);
    const QString id = second.model.toHex();
    QCOMPARE(must(f->revision(id, 0)).row, second.row);
    QCOMPARE(must(f->revision(id.toUpper(), 0)).row, second.row);
    QCOMPARE(failureOf(f->revision(id.left(7), 0)).id, QStringLiteral("MF-MODEL-UNKNOWN")); // a word of seven letters
    QCOMPARE(failureOf(f->revision(QStringLiteral("ffffffff"), 0)).id, QStringLiteral("MF-MODEL-UNKNOWN"));
}

void TestRegistryModels::nearNames_data()
{
    QTest::addColumn<QString>("asked");
    QTest::addColumn<QString>("near");
    QTest::newRow("a letter too many") << "Lllama-3" << "Llama-3";
    QTest::newRow("letters swapped") << "Lalma-3" << "Llama-3";
    QTest::newRow("from within") << "mini" << "Phi-3-mini";
    QTest::newRow("longer than the name") << "Phi-3-mini.gguf" << "Phi-3-mini";
    QTest::newRow("nothing near") << "zzzzzz" << "";
    QTest::newRow("nothing asked") << "" << "";
}

void TestRegistryModels::nearNames()
{
    QFETCH(QString, asked);
    QFETCH(QString, near);
    const std::vector<NamedRow> models = {{1, QStringLiteral("Llama-3")}, {2, QStringLiteral("Phi-3-mini")}};
    const auto row = resolveName(models, asked);
    QVERIFY(!row);
    QCOMPARE(row.error().parameters.value(QStringLiteral("near")), near);
    QCOMPARE(row.error().message.contains(QStringLiteral("did you mean")), !near.isEmpty());
}

void TestRegistryModels::editDistances()
{
    const auto distance = [](const char *a, const char *b, int limit) {
        return editDistance(QString::fromLatin1(a), QString::fromLatin1(b), limit);
    };
    QCOMPARE(distance("", "", 3), 0);
    QCOMPARE(distance("", "abc", 3), 3);
    QCOMPARE(distance("kitten", "sitting", 9), 3);
    QCOMPARE(distance("ab", "ba", 9), 1);
    QCOMPARE(distance("kitten", "sitting", 2), 3);
    QCOMPARE(distance("a", "abcdefghij", 2), 3);
}

void TestRegistryModels::filesAndTensors()
{
    RegistryFixture f;
    auto r = f.revisionRecord(1, 1, QStringLiteral("m"));
    r.row = must(f->beginRevision(r));
    FileRecord file;
    file.path = QStringLiteral("dir/b \u00e9.gguf");
    file.executable = true;
    const FileRow row = must(f->addFile(r.row, file));
    QCOMPARE(failureOf(f->addFile(r.row, file)).id, QStringLiteral("MF-FILE-EXISTS"));
    FileRecord other;
    other.path = QStringLiteral("DIR/b \u00e9.gguf"); // another file, where case matters
    const FileRow second = must(f->addFile(r.row, other));
    file.size = qint64(1) << 40;
    file.sha256 = idOf<Sha256>(5);
    file.modified = QDateTime(QDate(2020, 1, 1), QTime(1, 2, 3, 4), Qt::UTC);
    must(f->finishFile(row, file));
    must(f->setCid(row, QStringLiteral("v1"), QStringLiteral("bafy")));
    TensorRecord tensor;
    tensor.name = QStringLiteral("blk.0.attn_q.weight");
    tensor.type = QStringLiteral("Q4_K");
    tensor.offset = qint64(1) << 35;
    tensor.length = 77;
    tensor.shape = {4096, 1, 3};
    must(f->putTensors(row, {tensor}));
    must(f->putTensors(row, {tensor, TensorRecord()})); // replaces them
    f.reopen();
    const auto files = must(f->files(r.row));
    QCOMPARE(files.size(), 2U);
    QCOMPARE(files[0].row, row);
    QCOMPARE(files[0].path, file.path);
    QCOMPARE(files[0].size, file.size);
    QCOMPARE(files[0].sha256, file.sha256);
    QVERIFY(files[0].executable);
    QCOMPARE(files[0].modified, file.modified);
    QCOMPARE(files[0].cid, QStringLiteral("bafy"));
    QCOMPARE(files[0].cidProfile, QStringLiteral("v1"));
    QCOMPARE(files[1].row, second);
    QVERIFY(!files[1].modified.isValid() && files[1].sha256.isNull() && !files[1].executable);
    const auto tensors = must(f->tensors(row));
    QCOMPARE(tensors.size(), 2U);
    QCOMPARE(tensors[0].name, tensor.name);
    QCOMPARE(tensors[0].type, tensor.type);
    QCOMPARE(tensors[0].offset, tensor.offset);
    QCOMPARE(tensors[0].length, tensor.length);
    QCOMPARE(tensors[0].shape, tensor.shape);
    QVERIFY(tensors[1].shape.isEmpty());
}

void TestRegistryModels::parts()
{
    RegistryFixture f;
    const auto r = f.live(1, 1, QStringLiteral("m"), {QStringLiteral("a")});
    const FileRow file = must(f->files(r.row)).front().row;
    std::vector<Piece> pieces;
    for (std::uint32_t i = 0; i < 4000; ++i) {
        pieces.push_back(Piece::chunk(ChunkPlace(1 + i / 50, i % 50)));
        if (i % 100 == 0) {
            pieces.push_back(Piece::ofLiteral(QByteArray(static_cast<int>(i % 65), 'x')));
            pieces.push_back(Piece::ofZeros(i));
        }
    }
    pieces.push_back(Piece::chunk(ChunkPlace((PackRow(1) << 47) - 1, 65535)));
    pieces.push_back(Piece::chunk(ChunkPlace(1, 65535)));
    must(f->putPart(file, 0, pieces));
    must(f->putPart(file, 1, {}));
    must(f->putPart(file, 2, pieces));
    must(f->putPart(file, 2, {Piece::ofZeros(1)}));
    f.reopen();
    QCOMPARE(must(f->partCount(file)), 3);
    QVERIFY(equal(must(f->part(file, 0)), pieces));
    QVERIFY(must(f->part(file, 1)).empty());
    QVERIFY(equal(must(f->part(file, 2)), {Piece::ofZeros(1)}));
    QCOMPARE(failureOf(f->part(file, 3)).id, QStringLiteral("MF-PART-UNKNOWN"));
    const auto invalid = QStringLiteral("MF-LIST-INVALID");
    QCOMPARE(failureOf(f->putPart(file, 0, {Piece::ofLiteral(QByteArray(65, 'x'))})).id, invalid);
    QCOMPARE(failureOf(f->putPart(file, 0, {Piece::ofZeros(-1)})).id, invalid);
    QCOMPARE(failureOf(f->putPart(file, 0, {Piece::chunk(ChunkPlace(0, 0))})).id, invalid);
    QCOMPARE(failureOf(f->putPart(file, 0, {Piece::chunk(ChunkPlace(1, 65536))})).id, invalid);
    QVERIFY(equal(must(f->part(file, 0)), pieces));
}

void TestRegistryModels::runsAreShort()
{
    std::vector<Piece> pieces;
    for (std::uint32_t i = 0; i < 4096; ++i)
        pieces.push_back(Piece::chunk(ChunkPlace(100'000 + i / 64, i % 64)));
    const auto bytes = packRuns(pieces);
    QVERIFY(bytes);
    QVERIFY(bytes->size() < 384); // 64 x 6: a run per pack, not a row per chunk
}

void TestRegistryModels::damagedRuns_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const auto varints = [](std::initializer_list<quint64> values) {
        BlobWriter writer;
        for (const quint64 value : values)
            writer.varint(value);
        return writer.take();
    };
    QTest::newRow("ends in a number") << QByteArray("\x80");
    QTest::newRow("a number too long") << QByteArray(11, '\xff');
    QTest::newRow("kind 3") << varints({3});
    QTest::newRow("a run of none") << varints({0, 2, 0});
    QTest::newRow("a run without its pack") << varints({4});
    QTest::newRow("a run beyond the last record") << varints({2 << 2, 2, 65535});
    QTest::newRow("a run of more than there can be") << varints({quint64(1) << 60, 2, 0});
    QTest::newRow("pack nought") << varints({4, 0, 0});
    QTest::newRow("a pack below nought") << varints({4, 1, 0});
    QTest::newRow("a pack too high") << varints({4, quint64(1) << 50, 0});
    QTest::newRow("a literal cut off") << varints({5 << 2 | 1, 1});
    QTest::newRow("a literal too long") << QByteArray(varints({65 << 2 | 1}) + QByteArray(65, 'x'));
    QTest::newRow("too many zeros") << varints({quint64(1) << 62 | 2});
    QByteArray bomb;
    for (int i = 0; i < 100; ++i)
        bomb += varints({quint64(65536) << 2, 2, 0});
    QTest::newRow("few bytes, millions of pieces") << bomb;
}

void TestRegistryModels::damagedRuns()
{
    QFETCH(QByteArray, bytes);
    QVERIFY(!unpackRuns(bytes));
}

void TestRegistryModels::tags()
{
    RegistryFixture f;
    const auto r = f.live(1, 1, QStringLiteral("m"));
    must(f->setTags(r.model, {QStringLiteral("coding"), QStringLiteral("a\nb")}));
    QCOMPARE(must(f->revisionAt(r.row)).tags, (QStringList {QStringLiteral("coding"), QStringLiteral("a\nb")}));
    QCOMPARE(must(f->models(QStringLiteral("codi"))).size(), 1U);
    f.live(2, 1, QStringLiteral("m")); // they are the model's
    QCOMPARE(must(f->models(QStringLiteral("codi"))).size(), 1U);
    must(f->setTags(r.model, {}));
    QVERIFY(must(f->models(QStringLiteral("codi"))).empty());
}

void TestRegistryModels::relied()
{
    RegistryFixture f;
    const auto r = f.live(1, 1, QStringLiteral("m"));
    must(f->notePacksRelied(r.row, {5, 3}));
    must(f->notePacksRelied(r.row, {3, 9}));
    QCOMPARE(must(f->packsRelied(r.row)), (std::vector<PackRow> {3, 5, 9}));
}

void TestRegistryModels::spreadAndSpare()
{
    RegistryFixture f;
    const auto accounts = f.addAccounts(5);
    const PackRow a = f.complete(f.packOf(1, {1}, 2, {accounts[0], accounts[1], accounts[2], accounts[3]})); // 2 + 2
    const PackRow b = f.complete(f.packOf(2, {2}, 1, {accounts[0], accounts[1], accounts[2]}));
    f.complete(f.packOf(3, {3}, 1, {accounts[4]})); // not this revision's
    const PackRow c = f.commit(f.packOf(4, {4}, 1, {accounts[3], accounts[2], accounts[1]}));
    const auto r = f.live(1, 1, QStringLiteral("m"));
    QVERIFY(!must(f->spare(r.row, {})));
    QVERIFY(must(f->spread(r.row)).empty());

    must(f->notePacksRelied(r.row, {a, b}));
    QCOMPARE(must(f->spare(r.row, {})), std::optional(2));
    QCOMPARE(must(f->spare(r.row, {accounts[3]})), std::optional(1));
    QCOMPARE(must(f->spare(r.row, {accounts[0], accounts[1]})), std::optional(0));
    QCOMPARE(must(f->spare(r.row, {accounts[0], accounts[1], accounts[2]})), std::optional(-1));
    QCOMPARE(must(f->spare(r.row, accounts)), std::optional(-2));
    QCOMPARE(must(f->spare(r.row, {accounts[4]})), std::optional(2));
    AccountRecord retired = f.accountRecord(0, {});
    retired.retired = true;
    must(f->putAccount(retired));
    QCOMPARE(must(f->spare(r.row, {})), std::optional(1));

    must(f->notePacksRelied(r.row, {c}));
    QCOMPARE(must(f->spare(r.row, {})), std::optional(-1)); // nothing of it is acknowledged
    must(f->acknowledge(c, 0));
    QCOMPARE(must(f->spare(r.row, {})), std::optional(0));
    const auto spread = must(f->spread(r.row));
    QCOMPARE(spread.size(), 4U);
    const qint64 size = fragmentSize(1000);
    QCOMPARE(spread[1].account, accounts[1]);
    QCOMPARE(spread[1].count, 3);
    QCOMPARE(spread[1].missing, 1);
    QCOMPARE(spread[1].bytes, 2 * size);
    QCOMPARE(spread[3].count, 2);
    QCOMPARE(spread[3].missing, 0);
    must(f->notePacksRelied(r.row, {4711})); // nobody knows it: nothing can be read of it
    QCOMPARE(must(f->spare(r.row, {})), std::optional(-1));
}

QTEST_GUILESS_MAIN(TestRegistryModels)
#include "test_registry_models.moc"
