// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/render_model.h"

#include <QJsonArray>
#include <QtTest>

using namespace mf;
using namespace mf::cli;

class TestCliRenderModel : public QObject
{
    Q_OBJECT

    static RevisionRecord revision()
    {
        RevisionRecord record;
        record.name = QStringLiteral("Qwen2.5-3B-Q6_K");
        record.number = 2;
        record.state = RevisionState::Live;
        record.created = QDateTime(QDate(2026, 11, 21), QTime(10, 0), Qt::UTC);
        record.protection = Protection(0, 1);
        record.bytes = 2'540'000'000;
        record.storedBytes = 2'510'000'000;
        record.uploadedBytes = 3'765'000'000;
        record.files = 1;
        record.facts.format = QStringLiteral("gguf");
        record.facts.family = QStringLiteral("Qwen");
        record.facts.architecture = QStringLiteral("qwen2");
        record.facts.quantization = QStringLiteral("Q6_K");
        record.facts.parameters = 3'090'000'000;
        record.facts.contextLength = 32768;
        record.facts.license = QStringLiteral("apache-2.0");
        record.tags = { QStringLiteral("chat"), QStringLiteral("small") };
        record.metadata = { { QStringLiteral("general.name"), QStringLiteral("Qwen\n2.5") },
            { QStringLiteral("tokenizer.chat_template"), QString(5000, u'x') } };
        return record;
    }
    static ModelDetails details(bool withCid)
    {
        ModelDetails model;
        model.view = modelView(revision(), 2, 1);
        FileRecord file;
        file.path = QStringLiteral("a/model.gguf");
        file.size = 2'540'000'000;
        file.sha256.bytes.fill(0xab);
        file.cid = QStringLiteral("bafy");
        model.files = { file };
        ModelDetails::Spread spread;
        spread.account = QStringLiteral("mega");
        spread.count = 40;
        spread.bytes = 1'255'000'000;
        spread.missing = 1;
        model.fragments = { spread };
        model.withCid = withCid;
        return model;
    }

private slots:
    void protectionWords_data()
    {
        QTest::addColumn<int>("k");
        QTest::addColumn<int>("m");
        QTest::addColumn<QString>("word");
        QTest::newRow("erasure code") << 2 << 1 << QStringLiteral("2+1");
        QTest::newRow("two copies") << 1 << 1 << QStringLiteral("copies 2");
        QTest::newRow("three copies") << 1 << 2 << QStringLiteral("copies 3");
        QTest::newRow("one copy") << 1 << 0 << QStringLiteral("none");
        QTest::newRow("stripes without a spare") << 3 << 0 << QStringLiteral("none");
    }
    void protectionWords()
    {
        QFETCH(int, k);
        QFETCH(int, m);
        QTEST(protectionWord(Protection(k, m)), "word");
        QCOMPARE(resolved(Protection(0, m), k), Protection(k, m));
        QCOMPARE(resolved(Protection(k, m), 9), Protection(k, m));
    }

    void states_data()
    {
        QTest::addColumn<RevisionState>("revision");
        QTest::addColumn<int>("m");
        QTest::addColumn<int>("spare"); // 99: there are no packs
        QTest::addColumn<QString>("word");
        QTest::addColumn<QString>("text");
        using R = RevisionState;
        QTest::newRow("as protected as asked")
            << R::Live << 2 << 2 << QStringLiteral("safe") << QStringLiteral("Safe · 2 spare");
        QTest::newRow("better than asked")
            << R::Live << 1 << 2 << QStringLiteral("safe") << QStringLiteral("Safe · 2 spare");
        QTest::newRow("one less than asked")
            << R::Live << 2 << 1 << QStringLiteral("reduced") << QStringLiteral("Reduced · 1 spare");
        QTest::newRow("no spare left") << R::Live << 1 << 0 << QStringLiteral("at-risk")
                                       << QStringLiteral("At risk · 0 spare");
        QTest::newRow("one copy as chosen")
            << R::Live << 0 << 0 << QStringLiteral("single-copy") << QStringLiteral("Single copy");
        QTest::newRow("too many lost") << R::Live << 2 << -1 << QStringLiteral("unreadable")
                                       << QStringLiteral("Unreadable");
        QTest::newRow("the one copy lost")
            << R::Live << 0 << -1 << QStringLiteral("unreadable") << QStringLiteral("Unreadable");
        QTest::newRow("on its way") << R::Storing << 1 << 0 << QStringLiteral("storing") << QStringLiteral("Storing…");
        QTest::newRow("not confirmed") << R::Unconfirmed << 1 << 1 << QStringLiteral("storing")
                                       << QStringLiteral("Storing…");
        QTest::newRow("in the trash it is as safe")
            << R::Trashed << 1 << 1 << QStringLiteral("safe") << QStringLiteral("Safe · 1 spare");
        QTest::newRow("nothing that could be lost")
            << R::Live << 1 << 99 << QStringLiteral("safe") << QStringLiteral("Safe · 1 spare");
    }
    void states()
    {
        QFETCH(RevisionState, revision);
        QFETCH(int, m);
        QFETCH(int, spare);
        RevisionRecord record;
        record.state = revision;
        record.protection = Protection(1, m);
        const ModelView view = modelView(record, 0, spare == 99 ? std::optional<int>() : std::optional<int>(spare));
        QTEST(stateWord(view.state), "word");
        QTEST(stateText(view.state, view.spare), "text");
    }

    void listJsonHasTheFieldsOfTheContract()
    {
        const QJsonArray models = modelsJson({ modelView(revision(), 2, 1) }).value(u"models").toArray();
        QCOMPARE(models.size(), 1);
        const QJsonObject model = models.at(0).toObject();
        QCOMPARE(model.value(u"name").toString(), QStringLiteral("Qwen2.5-3B-Q6_K"));
        QCOMPARE(model.value(u"revision").toInteger(), 2);
        QCOMPARE(model.value(u"bytes").toInteger(), 2'540'000'000);
        QCOMPARE(model.value(u"storedBytes").toInteger(), 2'510'000'000);
        QCOMPARE(model.value(u"files").toInteger(), 1);
        QCOMPARE(model.value(u"format").toString(), QStringLiteral("gguf"));
        QCOMPARE(model.value(u"family").toString(), QStringLiteral("Qwen"));
        QCOMPARE(model.value(u"quantization").toString(), QStringLiteral("Q6_K"));
        QCOMPARE(model.value(u"parameters").toInteger(), 3'090'000'000);
        QCOMPARE(model.value(u"protection").toString(), QStringLiteral("2+1"));
        QCOMPARE(model.value(u"state").toString(), QStringLiteral("safe"));
        QCOMPARE(model.value(u"spare").toInteger(), 1);
        QCOMPARE(model.value(u"created").toString(), QStringLiteral("2026-11-21T10:00:00Z"));
        QCOMPARE(modelsJson({}).value(u"models").toArray().size(), 0);
    }

    void listTextIsATable()
    {
        QCOMPARE(modelsText({ modelView(revision(), 2, 1) }, 0),
            QStringLiteral("MODEL               SIZE   STORED  FORMAT  QUANT  PROTECTION  STATE\n"
                           "Qwen2.5-3B-Q6_K  2.54 GB  2.51 GB  GGUF    Q6_K   2+1         Safe · 1 spare\n"
                           "1 model, 2.54 GB; 2.51 GB stored\n"));
        QCOMPARE(modelsText({}, 0), QStringLiteral("No models.\n"));
        RevisionRecord other = revision();
        other.model.bytes.fill(0x5a);
        const QString both = modelsText({ modelView(revision(), 2, 1), modelView(other, 2, 1) }, 0);
        QVERIFY2(both.contains(QStringLiteral("Qwen2.5-3B-Q6_K (5a5a5a5a)")), qPrintable(both));
    }

    void showJsonHasTheFieldsOfTheContract()
    {
        const QJsonObject model = modelDetailsJson(details(false)).value(u"model").toObject();
        QCOMPARE(model.value(u"name").toString(), QStringLiteral("Qwen2.5-3B-Q6_K"));
        const QJsonObject file = model.value(u"files").toArray().at(0).toObject();
        QCOMPARE(file.value(u"path").toString(), QStringLiteral("a/model.gguf"));
        QCOMPARE(file.value(u"bytes").toInteger(), 2'540'000'000);
        QCOMPARE(file.value(u"sha256").toString(), QStringLiteral("ab").repeated(32));
        QVERIFY(!file.contains(u"cid"));
        const QJsonObject spread = model.value(u"fragments").toArray().at(0).toObject();
        QCOMPARE(spread.value(u"account").toString(), QStringLiteral("mega"));
        QCOMPARE(spread.value(u"count").toInteger(), 40);
        QCOMPARE(spread.value(u"bytes").toInteger(), 1'255'000'000);
        QCOMPARE(spread.value(u"missing").toInteger(), 1);
        QCOMPARE(model.value(u"metadata").toObject().value(u"tokenizer.chat_template").toString().size(), 5000);
        const QJsonObject withCid = modelDetailsJson(details(true)).value(u"model").toObject();
        QCOMPARE(withCid.value(u"files").toArray().at(0).toObject().value(u"cid").toString(), QStringLiteral("bafy"));
    }

    void showTextSaysAll()
    {
        const QString text = modelDetailsText(details(true), 0);
        for (const char *part : { "Qwen2.5-3B-Q6_K\n", "Safe · 1 spare. You can lose any 1 of its failure domains.",
                 "2+1", "2.54 GB in 1 file", "2.51 GB; 3.77 GB with redundancy", "GGUF", "3.09 B", "32768",
                 "apache-2.0", "chat, small", "general.name: Qwen\\n2.5", "a/model.gguf", "bafy", "mega" })
            QVERIFY2(text.contains(QString::fromUtf8(part)), part);
        for (const QString &line : text.split(u'\n'))
            QVERIFY2(line.size() <= 210, "a chat template does not fill the screen");
        QVERIFY(!modelDetailsText(details(false), 0).contains(QStringLiteral("CID")));
        QVERIFY(!modelDetailsText(ModelDetails(), 0).contains(QStringLiteral("FILE")));
    }

    void durations_data()
    {
        QTest::addColumn<qint64>("milliseconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("short") << qint64(1449) << QStringLiteral("1.4 s");
        QTest::newRow("nearly ten") << qint64(9960) << QStringLiteral("10 s");
        QTest::newRow("nearly a minute") << qint64(59'600) << QStringLiteral("1 min 0 s");
        QTest::newRow("minutes") << qint64(200'000) << QStringLiteral("3 min 20 s");
        QTest::newRow("hours") << qint64(3'900'000) << QStringLiteral("1 h 5 min");
    }
    void durations()
    {
        QFETCH(qint64, milliseconds);
        QTEST(durationText(std::chrono::milliseconds(milliseconds)), "text");
    }
};

QTEST_GUILESS_MAIN(TestCliRenderModel)
#include "test_cli_render_model.moc"
