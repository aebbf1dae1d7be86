// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/safetensors.h"
#include "tests/formats/format_test.h"

#include <QRandomGenerator>

using namespace mf;

namespace {

QByteArray tinyFile() { return hexOf(vectorFile("safetensors_tiny.json")["file_hex"]); }

QByteArray fileOf(const QByteArray &header, qsizetype dataLength)
{
    QByteArray bytes(8, '\0');
    storeLe(reinterpret_cast<std::uint8_t *>(bytes.data()), static_cast<std::uint64_t>(header.size()));
    return bytes + header + QByteArray(dataLength, '\0');
}

Result<SafetensorsHeader> read(const QByteArray &bytes) { return readSafetensors(MemorySource(viewOf(bytes))); }

} // namespace

class SafetensorsTest : public QObject
{
    Q_OBJECT

private slots:
    void readsTheVector()
    {
        const auto vector = vectorFile("safetensors_tiny.json");
        const auto header = read(tinyFile());
        QVERIFY2(header, header ? "" : qPrintable(header.error().message));
        QCOMPARE(header->dataStart, 8 + vector["N"].get<qint64>());
        QCOMPARE(header->metadata.size(), 1);
        QCOMPARE(header->metadata[0].first, QStringLiteral("format"));
        QCOMPARE(header->metadata[0].second, QStringLiteral("pt"));
        QCOMPARE(header->tensors.size(), vector["header"].size() - 1);
        qint64 last = header->dataStart;
        for (const auto &tensor : header->tensors) {
            const auto &expected = vector["header"][tensor.name.toStdString()];
            QCOMPARE(tensor.type, textOf(expected["dtype"]));
            QVERIFY(tensor.shape == expected["shape"].get<std::vector<qint64>>());
            QCOMPARE(tensor.offset, header->dataStart + expected["data_offsets"][0].get<qint64>());
            QCOMPARE(tensor.offset + tensor.length, header->dataStart + expected["data_offsets"][1].get<qint64>());
            QVERIFY(tensor.offset >= last);
            last = tensor.offset;
        }
        QCOMPARE(header->tensors[0].element, TensorElement::FP32);
        QCOMPARE(header->tensors[0].block, 4);
    }

    void refusesTheVectors_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const auto vector = vectorFile("safetensors_tiny.json");
        for (const auto &row : vector["must_reject"])
            QTest::newRow(row["name"].get<std::string>().c_str()) << hexOf(row["hex"]);
    }
    void refusesTheVectors()
    {
        QFETCH(QByteArray, bytes);
        QVERIFY(!read(bytes));
    }

    void refusesWhatIsWrong_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("data");
        QTest::newRow("empty header") << QByteArray() << 0;
        QTest::newRow("list") << QByteArray("[]") << 0;
        QTest::newRow("only spaces") << QByteArray("        ") << 0;
        QTest::newRow("space before the brace") << QByteArray(" {}") << 0;
        QTest::newRow("not closed") << QByteArray("{") << 0;
        QTest::newRow("something behind it") << QByteArray("{} {}") << 0;
        QTest::newRow("bytes without a tensor") << QByteArray("{}") << 1;
        QTest::newRow("tensor is a number") << QByteArray(R"({"a":1})") << 0;
        QTest::newRow("tensor is null") << QByteArray(R"({"a":null})") << 0;
        QTest::newRow("tensor is a list") << QByteArray(R"({"a":[]})") << 0;
        QTest::newRow("tensor is empty") << QByteArray(R"({"a":{}})") << 0;
        QTest::newRow("no type") << QByteArray(R"({"a":{"shape":[1],"data_offsets":[0,1]}})") << 1;
        QTest::newRow("no shape") << QByteArray(R"({"a":{"dtype":"U8","data_offsets":[0,1]}})") << 1;
        QTest::newRow("no place") << QByteArray(R"({"a":{"dtype":"U8","shape":[1]}})") << 1;
        QTest::newRow("one offset") << QByteArray(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1]}})") << 1;
        QTest::newRow("three offsets") << QByteArray(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}})") << 1;
        QTest::newRow("end before begin")
            << QByteArray(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}})") << 1;
        QTest::newRow("negative extent") << QByteArray(R"({"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}})")
                                         << 1;
        QTest::newRow("fraction") << QByteArray(R"({"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}})") << 1;
        QTest::newRow("extent above 2^63")
            << QByteArray(R"({"a":{"dtype":"U8","shape":[9223372036854775808],"data_offsets":[0,1]}})") << 1;
        QTest::newRow("offset above 2^64")
            << QByteArray(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,99999999999999999999]}})") << 1;
        QTest::newRow("half a byte") << QByteArray(R"({"a":{"dtype":"F4","shape":[1],"data_offsets":[0,0]}})") << 0;
        QTest::newRow("shape nested") << QByteArray(R"({"a":{"dtype":"U8","shape":[[1]],"data_offsets":[0,1]}})") << 1;
        QTest::newRow("tensor twice") << QByteArray(
            R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}})")
                                      << 2;
        QTest::newRow("type twice") << QByteArray(
            R"({"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}})")
                                    << 1;
        QTest::newRow("shape twice") << QByteArray(
            R"({"a":{"dtype":"U8","shape":[],"shape":[1],"data_offsets":[0,1]}})")
                                     << 1;
        QTest::newRow("metadata twice") << QByteArray(R"({"__metadata__":{},"__metadata__":{}})") << 0;
        QTest::newRow("metadata is a text") << QByteArray(R"({"__metadata__":"x"})") << 0;
        QTest::newRow("metadata is a list") << QByteArray(R"({"__metadata__":["x"]})") << 0;
        QTest::newRow("metadata nested") << QByteArray(R"({"__metadata__":{"a":{"b":"c"}}})") << 0;
        QTest::newRow("metadata null value") << QByteArray(R"({"__metadata__":{"a":null}})") << 0;
        QTest::newRow("metadata key twice") << QByteArray(R"({"__metadata__":{"a":"1","a":"2"}})") << 0;
        QTest::newRow("not UTF-8") << QByteArray("{\"__metadata__\":{\"a\":\"\xff\"}}") << 0;
        QTest::newRow("half a surrogate") << QByteArray(R"({"__metadata__":{"a":"\ud800"}})") << 0;
        QTest::newRow("text of 2 MiB") << QByteArray("{\"__metadata__\":{\"a\":\"") + QByteArray(2 << 20, 'x') + "\"}}"
                                       << 0;
        QTest::newRow("number of 2 MiB") << QByteArray("{\"a\":{\"dtype\":\"U8\",\"shape\":[")
                + QByteArray(2 << 20, '1') + "],\"data_offsets\":[0,1]}}"
                                         << 1;
        QTest::newRow("a million open lists") << QByteArray("{\"a\":") + QByteArray(1'000'000, '[') << 0;
        QTest::newRow("a million open objects") << QByteArray("{\"a\":{\"b\":").repeated(100'000) << 0;
    }
    void refusesWhatIsWrong()
    {
        QFETCH(QByteArray, header);
        QFETCH(int, data);
        const auto result = read(fileOf(header, data));
        QVERIFY(!result);
        QVERIFY(result.error().id.startsWith(QLatin1String("MF-FORMAT-")));
    }

    void acceptsOddities_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("data");
        QTest::addColumn<int>("tensors");
        QTest::newRow("no tensors") << QByteArray("{}") << 0 << 0;
        QTest::newRow("metadata null") << QByteArray(R"({"__metadata__":null})") << 0 << 0;
        QTest::newRow("padded with spaces") << QByteArray("{}") + QByteArray(6'000'000, ' ') << 0 << 0;
        QTest::newRow("a field of its own")
            << QByteArray(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"note":"x"}})") << 1 << 1;
        QTest::newRow("an escaped name") << QByteArray(
            "{\"\\\"\\u00e9\\\\\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}")
                                         << 1 << 1;
        QTest::newRow("two F4 in a byte")
            << QByteArray(R"({"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}})") << 1 << 1;
        QTest::newRow("four F6 in three bytes")
            << QByteArray(R"({"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]}})") << 3 << 1;
        QTest::newRow("listed backwards, with an empty one between")
            << QByteArray(R"({"b":{"dtype":"U8","shape":[1],"data_offsets":[1,2]},"e":{"dtype":"F32","shape":[0],)"
                          R"("data_offsets":[1,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})")
            << 2 << 3;
    }
    void acceptsOddities()
    {
        QFETCH(QByteArray, header);
        QFETCH(int, data);
        QFETCH(int, tensors);
        const auto result = read(fileOf(header, data));
        QVERIFY2(result, result ? "" : qPrintable(result.error().message));
        QCOMPARE(static_cast<int>(result->tensors.size()), tensors);
    }

    void reportsEveryTruncation()
    {
        const QByteArray whole = tinyFile();
        for (qsizetype length = 0; length < whole.size(); ++length) {
            const auto header = read(whole.first(length));
            QVERIFY2(!header, qPrintable(QString::number(length)));
            QCOMPARE(header.error().id, QStringLiteral("MF-FORMAT-TRUNCATED"));
        }
    }

    void asksForMoreOfAHead()
    {
        const QByteArray whole = tinyFile();
        for (std::size_t length = 0; length < 344; ++length) {
            const auto header = readSafetensors(MemorySource(viewOf(whole).first(length), whole.size()));
            QVERIFY(!header);
            QVERIFY(needsMore(header.error()));
        }
        QVERIFY(readSafetensors(MemorySource(viewOf(whole).first(344), whole.size())));
    }

    void survivesRandomChanges()
    {
        const QByteArray whole = tinyFile();
        QRandomGenerator random(20'260'102);
        int refused = 0;
        const int rounds = 50'000;
        for (int round = 0; round < rounds; ++round) {
            QByteArray bytes = whole;
            const int changes = 1 + static_cast<int>(random.bounded(3));
            for (int i = 0; i < changes; ++i) {
                // Often a character that means something, seldom any byte.
                const char letters[] = "{}[],:\"0123456789 \\";
                const char any = static_cast<char>(random.bounded(256));
                const bool meaningful = random.bounded(4) != 0;
                bytes[random.bounded(344)] = meaningful ? letters[random.bounded(19)] : any;
            }
            const auto header = read(bytes);
            refused += header ? 0 : 1;
            if (!header)
                continue;
            qint64 end = header->dataStart;
            for (const auto &tensor : header->tensors) {
                QCOMPARE(tensor.offset, end);
                end += tensor.length;
            }
            QCOMPARE(end, bytes.size());
        }
        QVERIFY(refused > rounds / 2);
        QVERIFY(refused < rounds);
    }

    void readsManyTensorsFast()
    {
        QByteArray header("{");
        const int count = 100'000;
        for (int i = 0; i < count; ++i) {
            const auto begin = QByteArray::number(i * 2);
            const auto end = QByteArray::number(i * 2 + 2);
            header += (i ? "," : "") + QByteArray("\"model.layers.") + QByteArray::number(i)
                + ".mlp.experts.gate_proj.weight\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[" + begin + ","
                + end + "]}";
        }
        header += "}";
        const auto bytes = fileOf(header, qsizetype { count } * 2);
        QElapsedTimer timer;
        timer.start();
        const auto result = read(bytes);
        QVERIFY(result);
        QCOMPARE(static_cast<int>(result->tensors.size()), count);
        QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
    }

    void takesNoMemoryForAHugeHeader()
    {
        const auto before = peakAddressSpace();
        const QByteArray bytes = fileOf("{", 0);
        for (const std::uint64_t length : { 1ULL << 20, 100'000'000ULL, 100'000'001ULL, 1ULL << 62, ~0ULL }) {
            QByteArray changed = bytes;
            storeLe(reinterpret_cast<std::uint8_t *>(changed.data()), length);
            QVERIFY(!readSafetensors(MemorySource(viewOf(changed), 1LL << 62)));
        }
        QVERIFY(peakAddressSpace() - before < 64 << 20);
    }
};

QTEST_GUILESS_MAIN(SafetensorsTest)
#include "test_safetensors.moc"
