// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/gguf.h"
#include "tests/formats/format_test.h"
#include "tests/formats/gguf_builder.h"

#include <QCryptographicHash>
#include <QRandomGenerator>

using namespace mf;

namespace {

QByteArray tinyFile()
{
    const auto vector = vectorFile("gguf_tiny.json");
    const QByteArray header = hexOf(vector["header_hex"]);
    return header + generated(0, vector["data_generator_bytes"].get<int>());
}

// A small file that is right: one F32 tensor of 8 values.
GgufBuilder small()
{
    GgufBuilder builder;
    builder.text("general.architecture", "llama").tensor("a", { 8 }, 0, 0);
    return builder;
}

Result<GgufHeader> read(const QByteArray &bytes) { return readGguf(MemorySource(viewOf(bytes))); }

} // namespace

class GgufTest : public QObject
{
    Q_OBJECT

private slots:
    void readsTheVector_data()
    {
        QTest::addColumn<int>("version");
        QTest::newRow("version 3") << 3;
        QTest::newRow("version 2, same bytes but the version") << 2;
    }
    void readsTheVector()
    {
        QFETCH(int, version);
        const auto vector = vectorFile("gguf_tiny.json");
        QByteArray bytes = tinyFile();
        QCOMPARE(bytes.size(), vector["file_size"].get<int>());
        QCOMPARE(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex(),
            QByteArray::fromStdString(vector["sha256"].get<std::string>()));
        bytes[4] = static_cast<char>(version);
        const auto header = read(bytes);
        QVERIFY2(header, header ? "" : qPrintable(header.error().message));
        QCOMPARE(header->version, static_cast<std::uint32_t>(version));
        QCOMPARE(header->alignment, 64U);
        QCOMPARE(header->dataStart, 832);
        QCOMPARE(header->dataEnd, 1728);
        QCOMPARE(header->entries.size(), vector["kv"].size());
        for (std::size_t i = 0; i < header->entries.size(); ++i)
            QCOMPARE(QString::fromUtf8(header->entries[i].key), textOf(vector["kv"][i][0]));
        QCOMPARE(header->tensors.size(), vector["tensors"].size());
        for (std::size_t i = 0; i < header->tensors.size(); ++i) {
            const auto &expected = vector["tensors"][i];
            const auto &tensor = header->tensors[i];
            QCOMPARE(tensor.name, textOf(expected["name"]));
            QCOMPARE(tensor.offset, expected["absolute"].get<qint64>());
            QCOMPARE(tensor.length, expected["nbytes"].get<qint64>());
            QVERIFY(tensor.shape == expected["ne"].get<std::vector<qint64>>());
        }
        QCOMPARE(header->tensors[0].type, QStringLiteral("Q8_0"));
        QCOMPARE(header->tensors[0].block, 34);
        QCOMPARE(header->tensors[0].element, TensorElement::Bytes);
        QCOMPARE(header->tensors[1].element, TensorElement::FP32);
        QCOMPARE(header->tensors[2].element, TensorElement::FP16);
    }

    void readsEveryTypeOfValue()
    {
        const QByteArray bytes = tinyFile();
        const auto header = read(bytes);
        QVERIFY(header);
        const auto value = [&](const char *key) { return toText(header->find(key)->value); };
        QCOMPARE(value("general.name"), QStringLiteral("Tiny Test"));
        QCOMPARE(value("llama.context_length"), QStringLiteral("128"));
        QCOMPARE(value("llama.attention.layer_norm_rms_epsilon"), QStringLiteral("0.5"));
        QCOMPARE(value("x.bool"), QStringLiteral("true"));
        QCOMPARE(value("x.u64"), QStringLiteral("1099511627781"));
        QCOMPARE(value("x.i64"), QStringLiteral("-3"));
        QCOMPARE(value("x.f64"), QStringLiteral("0.25"));
        QCOMPARE(value("x.i8"), QStringLiteral("-7"));
        const auto *tokens = header->find("tokenizer.ggml.tokens");
        QCOMPARE(tokens->count, 3U);
        QCOMPARE(tokens->items.size(), 3U);
        QCOMPARE(toText(tokens->items[1]), QStringLiteral("é"));
        QCOMPARE(toText(header->find("tokenizer.ggml.scores")->items[2]), QStringLiteral("-2.5"));
        QCOMPARE(header->integer("x.i8"), std::optional<qint64>(-7));
        QVERIFY(!header->integer("general.name"));
        QVERIFY(!header->text("x.i8"));
        QVERIFY(!header->find("nothing"));
    }

    void refusesTheVectors_data()
    {
        QTest::addColumn<QByteArray>("head");
        const auto vector = vectorFile("gguf_tiny.json");
        for (const auto &row : vector["must_reject"])
            QTest::newRow(row["name"].get<std::string>().c_str()) << hexOf(row["file_head_hex"]);
    }
    void refusesTheVectors()
    {
        QFETCH(QByteArray, head);
        QVERIFY(!read(head));
        // The same in a file that is long enough for the count not to be caught by its size alone.
        QVERIFY(!read(head + QByteArray(4096, '\0')));
    }

    void refusesWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("id");
        const auto invalid = QStringLiteral("MF-FORMAT-INVALID");
        const auto unsupported = QStringLiteral("MF-FORMAT-UNSUPPORTED");
        const auto truncated = QStringLiteral("MF-FORMAT-TRUNCATED");
        const auto limit = QStringLiteral("MF-FORMAT-LIMIT");
        const auto u8 = [](int v) { return QByteArray(1, static_cast<char>(v)); };
        using B = GgufBuilder;

        QTest::newRow("version 4") << GgufBuilder(4).bytes(64) << unsupported;
        QTest::newRow("alignment 0") << small().u32("general.alignment", 0).bytes(64) << invalid;
        QTest::newRow("alignment 3") << small().u32("general.alignment", 3).bytes(64) << invalid;
        QTest::newRow("alignment that is a text") << small().text("general.alignment", "32").bytes(64) << invalid;
        QTest::newRow("alignment 2^31 puts the data behind the end")
            << small().u32("general.alignment", 1U << 31).bytes(64) << truncated;
        QTest::newRow("key twice") << small().text("general.architecture", "x").bytes(64) << invalid;
        QTest::newRow("empty key") << small().text("", "x").bytes(64) << invalid;
        QTest::newRow("key longer than any") << small().text(QByteArray(70'000, 'k'), "x").bytes(64) << invalid;
        QTest::newRow("unknown type of value") << small().entry("x", 13, u8(0)).bytes(64) << invalid;
        QTest::newRow("yes-or-no value of 2") << small().entry("x", 7, u8(2)).bytes(64) << invalid;
        QTest::newRow("list of lists") << small().array("x", 9, 1, QByteArray(64, '\0')).bytes(64) << invalid;
        QTest::newRow("list of an unknown type") << small().array("x", 77, 1, u8(0)).bytes(64) << invalid;
        QTest::newRow("list longer than the file") << small().array("x", 0, 1U << 20, u8(0)).bytes(64) << invalid;
        QTest::newRow("list of 2^63 texts") << small().array("x", 8, 1ULL << 63, u8(0)).bytes(64) << invalid;
        QTest::newRow("bad yes-or-no value in a long list")
            << small().array("x", 7, 600, QByteArray(599, '\1') + u8(2)).bytes(64) << invalid;
        QTest::newRow("text of 2^62 bytes")
            << small().entry("x", 8, B::number<std::uint64_t>(1ULL << 62)).bytes(64) << invalid;
        QTest::newRow("text of 1 GiB in a small file")
            << small().entry("x", 8, B::number<std::uint64_t>(1ULL << 30)).bytes(64) << truncated;
        QTest::newRow("no dimensions") << GgufBuilder().tensor("a", {}, 0, 0).bytes(64) << invalid;
        QTest::newRow("five dimensions") << GgufBuilder().tensor("a", { 1, 1, 1, 1, 1 }, 0, 0).bytes(64) << invalid;
        QTest::newRow("dimension above 2^63") << GgufBuilder().tensor("a", { 1ULL << 63 }, 0, 0).bytes(64) << invalid;
        QTest::newRow("product overflows")
            << GgufBuilder().tensor("a", { 1ULL << 32, 1ULL << 32 }, 0, 0).bytes(64) << invalid;
        QTest::newRow("bytes overflow") << GgufBuilder().tensor("a", { 1ULL << 62 }, 0, 0).bytes(64) << invalid;
        QTest::newRow("running sum overflows")
            << GgufBuilder().tensor("a", { (1ULL << 61) - 8 }, 0, 0).tensor("b", { 8 }, 0, (1ULL << 63) - 32).bytes(64)
            << invalid;
        QTest::newRow("row of half a block") << GgufBuilder().tensor("a", { 48 }, 8, 0).bytes(64) << invalid;
        QTest::newRow("removed type") << GgufBuilder().tensor("a", { 32 }, 4, 0).bytes(64) << unsupported;
        QTest::newRow("type from the future") << GgufBuilder().tensor("a", { 32 }, 999, 0).bytes(64) << unsupported;
        QTest::newRow("tensor twice") << GgufBuilder().tensor("a", { 8 }, 0, 0).tensor("a", { 8 }, 0, 32).bytes(64)
                                      << invalid;
        QTest::newRow("name of 64 bytes")
            << GgufBuilder().tensor(QByteArray(64, 'n'), { 8 }, 0, 0).bytes(64) << invalid;
        QTest::newRow("gap") << GgufBuilder().tensor("a", { 8 }, 0, 0).tensor("b", { 8 }, 0, 64).bytes(128) << invalid;
        QTest::newRow("overlap") << GgufBuilder().tensor("a", { 8 }, 0, 0).tensor("b", { 8 }, 0, 0).bytes(128)
                                 << invalid;
        QTest::newRow("unpadded") << GgufBuilder().tensor("a", { 4 }, 0, 0).tensor("b", { 8 }, 0, 16).bytes(128)
                                  << invalid;
        QTest::newRow("offset 2^64-1") << GgufBuilder().tensor("a", { 8 }, 0, ~0ULL).bytes(64) << invalid;
        QTest::newRow("data one byte short") << small().bytes(31) << truncated;
        QTest::newRow("more entries than the file has room for") << small().entryCount(1'000).bytes(64) << invalid;
        QTest::newRow("2^64-1 tensors") << small().tensorCount(~0ULL).bytes(64) << invalid;
        QTest::newRow("a million tensors, with room") << small().tensorCount(1'000'000).bytes(40'000'000) << limit;
        QTest::newRow("a million entries, with room") << small().entryCount(1'000'000).bytes(40'000'000) << limit;
    }
    void refusesWhatIsWrong()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, id);
        const auto header = read(bytes);
        QVERIFY(!header);
        QCOMPARE(header.error().id, id);
        QVERIFY(!header.error().message.isEmpty());
    }

    void acceptsOddities_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("tensors");
        QTest::newRow("no tensors, no padding") << GgufBuilder().u32("x", 1).bytes(0, 0) << 0;
        QTest::newRow("nothing at all") << GgufBuilder().bytes(0, 0) << 0;
        QTest::newRow("name of 63 bytes") << GgufBuilder().tensor(QByteArray(63, 'n'), { 8 }, 0, 0).bytes(32) << 1;
        QTest::newRow("tensor without elements")
            << GgufBuilder().tensor("a", { 0 }, 0, 0).tensor("b", { 8 }, 0, 0).bytes(32) << 2;
        QTest::newRow("bytes after the last tensor") << small().bytes(4711) << 1;
        QTest::newRow("alignment given as u64")
            << small().entry("general.alignment", 10, GgufBuilder::number<std::uint64_t>(8)).bytes(40, 8) << 1;
        QTest::newRow("key that is not UTF-8") << small().text("\xff\xfe", "\xff").bytes(64) << 1;
    }
    void acceptsOddities()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(int, tensors);
        const auto header = read(bytes);
        QVERIFY2(header, header ? "" : qPrintable(header.error().message));
        QCOMPARE(static_cast<int>(header->tensors.size()), tensors);
    }

    void reportsEveryTruncation()
    {
        const QByteArray whole = tinyFile();
        for (qsizetype length = 0; length < whole.size(); ++length) {
            const auto header = read(whole.first(length));
            QVERIFY2(!header, qPrintable(QString::number(length)));
            QCOMPARE(header.error().kind, Error::Kind::Corrupt);
        }
        QVERIFY(read(whole));
    }

    void asksForMoreOfAHead()
    {
        const QByteArray whole = tinyFile();
        for (qsizetype length = 0; length < 832; ++length) {
            const auto header
                = readGguf(MemorySource(viewOf(whole).first(static_cast<std::size_t>(length)), whole.size()));
            // The padding before the data is not needed.
            if (header) {
                QVERIFY(length > 768);
                QCOMPARE(header->dataStart, 832);
                continue;
            }
            QVERIFY(needsMore(header.error()));
        }
    }

    void survivesRandomChanges()
    {
        const QByteArray whole = tinyFile();
        QRandomGenerator random(20'260'101);
        int refused = 0;
        for (int round = 0; round < 50'000; ++round) {
            QByteArray bytes = whole;
            const int changes = 1 + static_cast<int>(random.bounded(4));
            for (int i = 0; i < changes; ++i)
                bytes[random.bounded(832)] = static_cast<char>(random.bounded(256));
            const auto header = read(bytes);
            refused += header ? 0 : 1;
            if (!header)
                continue;
            for (const auto &tensor : header->tensors)
                QVERIFY(tensor.offset >= 0 && tensor.length >= 0 && tensor.offset + tensor.length <= bytes.size());
        }
        QVERIFY(refused > 1'000);
        QVERIFY(refused < 50'000);
    }

    void takesNoMemoryForHugeCounts()
    {
        const auto before = peakAddressSpace();
        for (const std::uint64_t count : { 1ULL << 20, 1ULL << 31, 1ULL << 40, ~0ULL }) {
            // The file claims to be 2^62 bytes, as a sparse file or a server can: its size bounds nothing.
            const qint64 claimed = 1LL << 62;
            const QByteArray files[] = {
                small().tensorCount(count).bytes(64),
                small().entryCount(count).bytes(64),
                small().array("x", 8, count, {}).bytes(64),
                small().array("x", 10, count, {}).bytes(64),
                small().entry("x", 8, GgufBuilder::number(count)).bytes(64),
            };
            for (const auto &bytes : files)
                QVERIFY(!readGguf(MemorySource(viewOf(bytes), claimed)));
        }
        QVERIFY(peakAddressSpace() - before < 64 << 20);
    }

    void skipsLongArraysAndShowsParts()
    {
        QByteArray tokens;
        for (int i = 0; i < 200'000; ++i)
            tokens += GgufBuilder::string("token" + QByteArray::number(i));
        const QByteArray bytes = GgufBuilder()
                                     .array("tokenizer.ggml.tokens", 8, 200'000, tokens)
                                     .array("scores", 5, 1'000, QByteArray(4'000, '\xff'))
                                     .text("template", QByteArray(3 << 20, 't'))
                                     .u32("after", 7)
                                     .tensor("a", { 8 }, 0, 0)
                                     .bytes(32);
        const MemorySource source(viewOf(bytes));
        const auto header = readGguf(source);
        QVERIFY(header);
        QCOMPARE(header->integer("after"), std::optional<qint64>(7));
        const auto *entry = header->find("tokenizer.ggml.tokens");
        QCOMPARE(entry->count, 200'000U);
        QVERIFY(entry->items.empty());
        const auto shown = readGgufArray(source, *entry, 199'998, 10);
        QVERIFY(shown);
        QCOMPARE(*shown, QStringList({ QStringLiteral("token199998"), QStringLiteral("token199999") }));
        const auto scores = readGgufArray(source, *header->find("scores"), 998, 1);
        QVERIFY(scores);
        QCOMPARE(*scores, QStringList(QStringLiteral("-1")));
        QCOMPARE(readGgufArray(source, *entry, 200'000, 1)->size(), 0);
        const auto *text = header->find("template");
        QCOMPARE(text->count, static_cast<std::uint64_t>(3 << 20));
        QCOMPARE(std::get<QByteArray>(text->value).size(), GgufHeader::kKeptString);
    }

    void boundsTheHeader()
    {
        // 101 MB of metadata: refused before it is read to its end.
        const QByteArray bytes
            = GgufBuilder().text("x", QByteArray(101'000'000, 'x')).tensor("a", { 8 }, 0, 0).bytes(32);
        const auto header = read(bytes);
        QVERIFY(!header);
        QCOMPARE(header.error().id, QStringLiteral("MF-FORMAT-LIMIT"));
    }
};

QTEST_GUILESS_MAIN(GgufTest)
#include "test_gguf.moc"
