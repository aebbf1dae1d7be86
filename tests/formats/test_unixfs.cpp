// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/unixfs.h"
#include "tests/formats/format_test.h"

#include <QCryptographicHash>
#include <QMap>

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <memory>

using namespace mf;

namespace {

// The fast hash that a caller would pass.
Sha256 opensslSha256(ByteView bytes)
{
    Sha256 digest;
    SHA256(bytes.data(), bytes.size(), digest.bytes.data());
    return digest;
}

// The generator's bytes, in pieces of an odd size; its period of 251 makes one stretch serve for all.
UnixFsNode rootOfGenerated(
    const UnixFsProfile &profile, qint64 size, qint64 piece, const BlockHash &hash = opensslSha256)
{
    const QByteArray stretch = generated(0, static_cast<qsizetype>(piece + 251));
    UnixFsBuilder builder(profile, hash);
    for (qint64 done = 0; done < size; done += piece) {
        const auto length = static_cast<std::size_t>(std::min(piece, size - done));
        builder.add(viewOf(stretch).subspan(static_cast<std::size_t>(done % 251), length));
    }
    return builder.finish();
}

// Key stream of ChaCha20 as the vectors want it.
UnixFsNode rootOfKeyStream(const UnixFsProfile &profile, const QByteArray &seed, qint64 size)
{
    const QByteArray key = QCryptographicHash::hash(seed, QCryptographicHash::Sha256);
    const std::array<unsigned char, 16> counter {};
    const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
        EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    EVP_EncryptInit_ex(context.get(), EVP_chacha20(), nullptr, reinterpret_cast<const unsigned char *>(key.constData()),
        counter.data());
    const QByteArray zeros(1 << 20, '\0');
    QByteArray stream(zeros.size(), '\0');
    UnixFsBuilder builder(profile, opensslSha256);
    for (qint64 done = 0; done < size; done += zeros.size()) {
        const int length = static_cast<int>(std::min<qint64>(zeros.size(), size - done));
        int written = 0;
        EVP_EncryptUpdate(context.get(), reinterpret_cast<unsigned char *>(stream.data()), &written,
            reinterpret_cast<const unsigned char *>(zeros.constData()), length);
        builder.add(viewOf(stream).first(static_cast<std::size_t>(written)));
    }
    return builder.finish();
}

} // namespace

class UnixFsTest : public QObject
{
    Q_OBJECT

private slots:
    void computesKnownRoots_data()
    {
        QTest::addColumn<QString>("profile");
        QTest::addColumn<qint64>("size");
        QTest::addColumn<QString>("root");
        QTest::addColumn<quint64>("cumulative");
        const auto vector = vectorFile("unixfs_cids.json");
        for (const auto &row : vector["vectors"]) {
            const QString profile = textOf(row["profile"]);
            QTest::addRow("%s, %lld bytes", qPrintable(profile), row["size"].get<long long>())
                << profile << row["size"].get<qint64>() << textOf(row["root_cid"])
                << row["cumulative_size"].get<quint64>();
        }
    }
    void computesKnownRoots()
    {
        QFETCH(QString, profile);
        QFETCH(qint64, size);
        QFETCH(quint64, cumulative);
        const auto *found = unixFsProfile(profile);
        QVERIFY(found);
        const auto root = rootOfGenerated(*found, size, 3'000'001);
        QTEST(root.cid.toString(), "root");
        QCOMPARE(root.fileSize, static_cast<quint64>(size));
        QCOMPARE(root.cumulative, cumulative);
    }

    void buildsDeepTrees_data()
    {
        QTest::addColumn<int>("chunk");
        QTest::addColumn<int>("links");
        QTest::addColumn<qint64>("size");
        QTest::addColumn<QString>("root");
        const auto vector = vectorFile("unixfs_cids.json");
        for (const auto &row : vector["deep_small_chunks"]["rows"]) {
            QTest::addRow("chunk %d, %d links, %lld bytes", row["chunk"].get<int>(), row["max_links"].get<int>(),
                row["size"].get<long long>())
                << row["chunk"].get<int>() << row["max_links"].get<int>() << row["size"].get<qint64>()
                << textOf(row["root_cid"]);
        }
    }
    void buildsDeepTrees()
    {
        QFETCH(int, chunk);
        QFETCH(int, links);
        QFETCH(qint64, size);
        const UnixFsProfile profile { QLatin1String("test"), chunk, links };
        QTEST(rootOfGenerated(profile, size, 1'000).cid.toString(), "root");
    }

    void agreesWithKubo_data()
    {
        QTest::addColumn<QString>("profile");
        QTest::addColumn<QString>("seed");
        QTest::addColumn<qint64>("size");
        QTest::addColumn<QString>("root");
        const auto vector = vectorFile("unixfs_cids.json");
        for (const auto &row : vector["kubo_published"]["rows"]) {
            const QString profile = textOf(row["profile"]).section(u' ', 0, 0);
            const bool isText = row.contains("content");
            const QString seed = isText ? QString() : textOf(row["seed"]);
            const qint64 size = isText ? 11 : row["size"].get<qint64>();
            QTest::addRow("%s, %s, %lld bytes", qPrintable(textOf(row["profile"])), qPrintable(seed), size)
                << profile << seed << size << textOf(row["root_cid"]);
        }
    }
    void agreesWithKubo()
    {
        QFETCH(QString, profile);
        QFETCH(QString, seed);
        QFETCH(qint64, size);
        static constexpr UnixFsProfile noRawLeaves { QLatin1String("CIDv1,"), 262'144, 174, false, 1 };
        const auto *found = profile == noRawLeaves.name ? &noRawLeaves : unixFsProfile(profile);
        QVERIFY(found);
        if (!seed.isEmpty()) {
            QTEST(rootOfKeyStream(*found, seed.toUtf8(), size).cid.toString(), "root");
            return;
        }
        UnixFsBuilder builder(*found);
        builder.add(viewOf(QByteArray("hello world")));
        QTEST(builder.finish().cid.toString(), "root");
    }

    void emitsTheBlocksOfTheVector()
    {
        const auto vector = vectorFile("ipld_small.json")["small_file_chunk8"];
        const UnixFsProfile profile { QLatin1String("test"), vector["chunk"].get<int>(),
            vector["max_links"].get<int>() };
        QMap<QString, QByteArray> blocks;
        QString last;
        UnixFsBuilder builder(profile, {}, [&](const Cid &cid, ByteView block) {
            last = cid.toString();
            blocks.insert(last, toByteArray(block));
        });
        const QByteArray content = QByteArray::fromStdString(vector["content_ascii"].get<std::string>());
        for (const char &byte : content)
            builder.add(viewOf(QByteArray(1, byte)));
        const auto root = builder.finish();
        QCOMPARE(root.cid.toString(), textOf(vector["root_cid"]));
        QCOMPARE(last, textOf(vector["root_cid"]));
        QCOMPARE(blocks.size(), static_cast<qsizetype>(vector["blocks"].size()));
        for (const auto &block : vector["blocks"]) {
            QCOMPARE(blocks.value(textOf(block["cid"])), hexOf(block["block_hex"]));
            QCOMPARE(Cid::parse(textOf(block["cid"]))->bytes(), hexOf(block["cid_bytes_hex"]));
        }
    }

    void doesNotDependOnThePieces_data()
    {
        QTest::addColumn<qint64>("piece");
        for (const int piece : { 1, 7, 4'095, 4'096, 4'097, 8'192, 1'000'000 })
            QTest::addRow("%d bytes", piece) << qint64 { piece };
    }
    void doesNotDependOnThePieces()
    {
        QFETCH(qint64, piece);
        const UnixFsProfile profile { QLatin1String("test"), 4'096, 5 };
        const auto expected = rootOfGenerated(profile, 300'001, 300'001);
        QVERIFY(rootOfGenerated(profile, 300'001, piece).cid == expected.cid);
        QVERIFY(rootOfGenerated(profile, 300'001, piece, {}).cid == expected.cid); // with Qt's hash
    }

    void buildsFolders()
    {
        const auto vector = vectorFile("ipld_small.json")["directory"];
        const auto file = [](const char *content) {
            UnixFsBuilder builder(kUnixFs256k);
            builder.add(viewOf(QByteArray(content)));
            return builder.finish();
        };
        const auto inner = unixFsDirectory({ { "c.txt", file("hi") } });
        QVERIFY(inner);
        const auto outer
            = unixFsDirectory({ { "a.txt", file("hello world") }, { "b", inner->node }, { "B.txt", file("x") } });
        QVERIFY(outer);
        QMap<QString, QByteArray> blocks;
        for (const auto &block : vector["blocks"])
            blocks.insert(textOf(block["cid"]), hexOf(block["block_hex"]));
        QCOMPARE(inner->block, blocks.value(inner->node.cid.toString()));
        QCOMPARE(outer->block, blocks.value(outer->node.cid.toString()));
        for (const auto &entry : vector["entries"]) {
            const auto path = textOf(entry["path"]);
            const auto *directory = path.isEmpty() ? &*outer : path == QLatin1String("b") ? &*inner : nullptr;
            if (!directory)
                continue;
            QCOMPARE(directory->node.cid.toString(), textOf(entry["cid"]));
            QCOMPARE(QString::number(directory->node.cumulative), textOf(entry["cumulative_size"]));
        }
    }

    void buildsTheEmptyFolder()
    {
        const auto vector = vectorFile("ipld_small.json")["empty_directory"];
        const auto directory = unixFsDirectory({});
        QVERIFY(directory);
        QCOMPARE(directory->block, hexOf(vector["block_hex"]));
        QCOMPARE(directory->node.cid.toString(), textOf(vector["cid_v1"]));
        QCOMPARE(unixFsDirectory({}, {}, 0)->node.cid.toString(), textOf(vector["cid_v0"]));
    }

    void refusesFolders()
    {
        const UnixFsNode node = UnixFsBuilder(kUnixFs256k).finish();
        QVERIFY(!unixFsDirectory({ { "", node } }));
        QVERIFY(!unixFsDirectory({ { "a/b", node } }));
        QVERIFY(!unixFsDirectory({ { "a", node }, { "b", node }, { "a", node } }));
        std::vector<DirectoryEntry> many;
        for (int i = 0; i < 8'000; ++i)
            many.push_back({ QByteArray::number(i), node });
        const auto tooMany = unixFsDirectory(many);
        QVERIFY(!tooMany);
        QCOMPARE(tooMany.error().kind, Error::Kind::Unsupported);
    }
};

QTEST_GUILESS_MAIN(UnixFsTest)
#include "test_unixfs.moc"
