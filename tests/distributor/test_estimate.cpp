// SPDX-License-Identifier: GPL-3.0-or-later
// What a store would do, told before it is done.
#include "core/distributor/estimate.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/make_model.h"
#include "tests/support/must.h"

using namespace mf;

class TestEstimate : public QObject
{
    Q_OBJECT

    static StoreRequest requestFor(const QByteArray &path, std::optional<Protection> protection = Protection(2, 1))
    {
        StoreRequest request;
        request.paths.push_back(path);
        request.protection = protection;
        return request;
    }
    static EstimateResult estimated(EngineFixture &fixture, const StoreRequest &request)
    {
        return must(runTask(estimateStore(fixture.engine(), request, nullptr)));
    }

private slots:
    void itIsWithinTwoPerCentOfTheTruth_data()
    {
        QTest::addColumn<int>("format");
        QTest::addColumn<QString>("dtype");
        const auto safetensors = int(ModelRecipe::Format::Safetensors);
        const auto gguf = int(ModelRecipe::Format::Gguf);
        for (const char *dtype : { "BF16", "F16", "F32", "F8_E4M3" })
            QTest::addRow("safetensors, %s", dtype) << safetensors << QString::fromLatin1(dtype);
        for (const char *dtype : { "Q4_K_M", "Q8_0", "F16" })
            QTest::addRow("gguf, %s", dtype) << gguf << QString::fromLatin1(dtype);
    }
    void itIsWithinTwoPerCentOfTheTruth()
    {
        QFETCH(const int, format);
        QFETCH(const QString, dtype);
        EngineFixture fixture(3);
        ModelRecipe recipe;
        recipe.format = static_cast<ModelRecipe::Format>(format);
        recipe.dtype = dtype;
        recipe.size = 24 << 20;
        const QString file = fixture.path(QStringLiteral("model"));
        must(makeModel(recipe, file));
        const StoreRequest request = requestFor(QFile::encodeName(file));
        const qint64 sent = fixture.putBytes();
        const EstimateResult told = estimated(fixture, request);
        QCOMPARE(fixture.putBytes(), sent); // nothing is done
        QCOMPARE(runTask(fixture.engine().registry.models(QString()))->size(), std::size_t(0));

        const auto stored = must(fixture.store(request.paths.front(), request.protection));
        QCOMPARE(told.bytes, stored.bytes);
        QCOMPARE(told.newBytes, stored.newBytes);
        const double off = double(told.storedBytes - stored.storedBytes) / double(stored.storedBytes);
        QVERIFY2(std::abs(off) < 0.02, qPrintable(QString::number(100 * off)));
        QCOMPARE(told.protection, Protection(2, 1));
        QVERIFY(told.fits);

        // And again: it is there.
        const EstimateResult again = estimated(fixture, request);
        QCOMPARE(again.bytes, stored.bytes);
        QCOMPARE(again.newBytes, qint64(0));
        QCOMPARE(again.storedBytes, qint64(0));
    }

    // Whole packs, which no chunk fills to the last byte.
    void whatGoesToEachAccountIsTold()
    {
        EngineFixture fixture(3);
        ModelRecipe recipe;
        recipe.size = 200 << 20;
        const QString file = fixture.path(QStringLiteral("model"));
        must(makeModel(recipe, file));
        const StoreRequest request = requestFor(QFile::encodeName(file));
        const EstimateResult told = estimated(fixture, request);
        qint64 sum = 0;
        for (const auto &account : told.perAccount)
            sum += account.bytes;
        const auto stored = must(fixture.store(request.paths.front(), request.protection));
        const double off = double(sum - stored.uploadedBytes) / double(stored.uploadedBytes);
        QVERIFY2(std::abs(off) < 0.02, qPrintable(QString::number(100 * off)));
    }

    void whatIsThereTwiceCountsOnce()
    {
        EngineFixture fixture(3);
        const QByteArray bytes = randomBytes(3'000'000, 1);
        fixture.write(QStringLiteral("model/a.bin"), bytes);
        fixture.write(QStringLiteral("model/b.bin"), bytes);
        const auto told = estimated(fixture, requestFor(QFile::encodeName(fixture.path(QStringLiteral("model")))));
        QCOMPARE(told.bytes, qint64(6'000'000));
        QCOMPARE(told.newBytes, qint64(3'000'000));
        QCOMPARE(told.model, QStringLiteral("model"));
    }

    void roomIsTold_data()
    {
        QTest::addColumn<qint64>("room"); // of each account, besides what the log keeps
        QTest::addColumn<bool>("fits");
        QTest::newRow("enough") << qint64(8'000'000) << true;
        QTest::newRow("too little") << qint64(3'000'000) << false;
    }
    void roomIsTold()
    {
        QFETCH(const qint64, room);
        QFETCH(const bool, fits);
        EngineFixture fixture(3);
        for (int i = 0; i < 3; ++i)
            fixture.place(i).memory->setCapacity(kLogRoom + room);
        fixture.reopen();
        const auto told
            = estimated(fixture, requestFor(fixture.write(QStringLiteral("m.bin"), randomBytes(10'000'000, 1))));
        QCOMPARE(told.fits, fits);
        QCOMPARE(told.perAccount.size(), std::size_t(3));
        for (const auto &account : told.perAccount) {
            QVERIFY(account.freeAfter.has_value());
            QVERIFY(*account.freeAfter < room);
            if (fits)
                QVERIFY(account.bytes >= 5'000'000 && account.bytes < 5'500'000);
        }
    }

    void whatCannotBeEstimated()
    {
        EngineFixture fixture(3);
        const auto missing = runTask(estimateStore(fixture.engine(), requestFor("/no/such/file"), nullptr));
        QVERIFY(!missing);
        QCOMPARE(int(missing.error().kind), int(Error::Kind::NotFound));
        const auto tooMuch = runTask(estimateStore(
            fixture.engine(), requestFor(fixture.write(QStringLiteral("m.bin"), "x"), Protection(3, 1)), nullptr));
        QVERIFY(!tooMuch); // three accounts cannot hold four pieces apart
        QVERIFY(!tooMuch.error().message.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestEstimate)
#include "test_estimate.moc"
