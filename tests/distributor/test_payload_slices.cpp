// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/data_rows.h"
#include "core/distributor/payload_slices.h"

#include <QtTest>

using namespace mf;

namespace {

QByteArray joined(const std::vector<ByteView> &parts)
{
    QByteArray bytes;
    for (const ByteView part : parts)
        bytes += toByteArray(part);
    return bytes;
}

QByteArray text(qsizetype size)
{
    QByteArray bytes(size, '\0');
    for (qsizetype i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(i * 31 + i / 256);
    return bytes;
}

} // namespace

class TestPayloadSlices : public QObject
{
    Q_OBJECT

private slots:
    void slicesGiveEveryRange()
    {
        const QByteArray payload = text(1'000);
        PayloadSlices slices;
        std::map<qint64, const char *> where;
        for (const auto &[begin, size] :
            { std::pair(600, 400), std::pair(0, 1), std::pair(1, 99), std::pair(100, 500) }) {
            QByteArray slice = payload.mid(begin, size);
            where[begin] = slice.constData();
            slices.add(begin, std::move(slice));
        }
        for (qint64 begin = 0; begin < 1'000; begin += 7) {
            for (qint64 size = 0; begin + size <= 1'000; size += 13)
                QCOMPARE(joined(slices.parts(begin, size)), payload.mid(begin, size));
        }
        const auto parts = slices.parts(99, 502);
        QCOMPARE(parts.size(), std::size_t(3));
        QCOMPARE(parts[1].data(), reinterpret_cast<const std::uint8_t *>(where[100])); // nothing is copied
        QCOMPARE(parts[1].size(), std::size_t(500));
    }

    // Columns that were not wanted leave gaps.
    void gapsDoNotMatter()
    {
        const QByteArray payload = text(300);
        PayloadSlices slices;
        slices.add(200, payload.mid(200, 50));
        slices.add(50, payload.mid(50, 50));
        QCOMPARE(joined(slices.parts(60, 40)), payload.mid(60, 40));
        QCOMPARE(joined(slices.parts(200, 50)), payload.mid(200, 50));
    }

    void rowsAreOnePayload()
    {
        const PackShape shape(3, 4, 100);
        const QByteArray payload = text(300);
        DataRows rows(shape);
        std::vector<QByteArray> blobs;
        for (int i = 0; i < 3; ++i) {
            blobs.push_back(QByteArray(kFragmentHeaderSize, 'h') + payload.mid(qsizetype(100) * i, 100) + QByteArray("crc4"));
            rows.set(std::size_t(i), blobs.back());
        }
        for (std::size_t begin = 0; begin < 300; begin += 7) {
            for (std::size_t size = 0; begin + size <= 300; size += 13) {
                QCOMPARE(joined(rows.parts(begin, size)), payload.mid(qsizetype(begin), qsizetype(size)));
                QCOMPARE(rows.copy(begin, size), payload.mid(qsizetype(begin), qsizetype(size)));
            }
        }
        // What is written over the end of a row is in both, and in no blob that was given.
        const QByteArray other(120, 'x');
        rows.write(150, viewOf(other));
        QCOMPARE(rows.copy(0, 300), payload.left(150) + other + payload.mid(270));
        QCOMPARE(rows.row(0).data(), viewOf(blobs[0]).data() + kFragmentHeaderSize);
        QCOMPARE(blobs[1].mid(kFragmentHeaderSize, 100), payload.mid(100, 100));
        QCOMPARE(blobs[2].mid(kFragmentHeaderSize, 100), payload.mid(200, 100));
    }
};

QTEST_GUILESS_MAIN(TestPayloadSlices)
#include "test_payload_slices.moc"
