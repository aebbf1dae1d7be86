// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/hub_files.h"

#include <QtTest>

using namespace mf;

class HubFilesTest : public QObject
{
    Q_OBJECT

private slots:
    void readsConfigurations_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("architecture");
        QTest::addColumn<int>("context");
        QTest::addColumn<QString>("dtype");
        QTest::addColumn<QString>("quantization");
        const auto row = [](const char *name, const char *json, const char *architecture, int context,
                             const char *dtype, const char *quantization) {
            QTest::newRow(name) << QByteArray(json) << QString::fromUtf8(architecture) << context
                                << QString::fromUtf8(dtype) << QString::fromUtf8(quantization);
        };
        row("plain",
            "{'architectures':['Qwen2ForCausalLM'],'model_type':'qwen2','max_position_embeddings':32768,"
            "'torch_dtype':'bfloat16'}",
            "qwen2", 32768, "BF16", "");
        row("without a type", "{'architectures':['FooForCausalLM'],'n_positions':1024,'dtype':'float16'}",
            "FooForCausalLM", 1024, "F16", "");
        row("that sees",
            "{'model_type':'gemma3','text_config':{'max_position_embeddings':131072,'torch_dtype':'float32'}}",
            "gemma3", 131072, "F32", "");
        row("AWQ", "{'quantization_config':{'quant_method':'awq','bits':4}}", "", 0, "", "AWQ 4-bit");
        row("GPTQ", "{'quantization_config':{'quant_method':'gptq','bits':8}}", "", 0, "", "GPTQ 8-bit");
        row("bitsandbytes", "{'quantization_config':{'quant_method':'bitsandbytes','load_in_4bit':true}}", "", 0, "",
            "BNB 4-bit");
        row("FP8", "{'quantization_config':{'quant_method':'fp8'}}", "", 0, "", "FP8");
        row("MXFP4", "{'quantization_config':{'quant_method':'mxfp4'}}", "", 0, "", "MXFP4");
        row("compressed tensors",
            "{'quantization_config':{'quant_method':'compressed-tensors','config_groups':{'group_0':"
            "{'weights':{'num_bits':8,'type':'float'}}}}}",
            "", 0, "", "FP8");
        row("MLX", "{'quantization':{'group_size':64,'bits':4}}", "", 0, "", "MLX 4-bit");
        row("wrong types everywhere",
            "{'model_type':5,'architectures':{'a':1},'max_position_embeddings':'x','torch_dtype':[],"
            "'text_config':[],'quantization_config':{'quant_method':[],'bits':-4}}",
            "", 0, "", "");
        row("absurd number",
            "{'max_position_embeddings':1e300,'quantization_config':{'quant_method':'awq','bits':1e30}}", "", 0, "",
            "AWQ");
    }
    void readsConfigurations()
    {
        QFETCH(QByteArray, json);
        const auto config = readHubConfig(json.replace('\'', '"'));
        QVERIFY(config);
        QTEST(config->architecture, "architecture");
        QTEST(static_cast<int>(config->contextLength), "context");
        QTEST(config->dtype, "dtype");
        QTEST(config->quantization, "quantization");
    }

    void refusesWhatIsNoConfiguration()
    {
        for (const QByteArray &text : { QByteArray(), QByteArray("[]"), QByteArray("{"), QByteArray("\xff\xfe"),
                 QByteArray("{}").append(5 << 20, ' '), QByteArray(1 << 20, '['),
                 QByteArray("{\"a\":").repeated(100'000) })
            QVERIFY(!readHubConfig(text));
    }

    void leavesOutWhatIsNestedDeep()
    {
        const QByteArray deep = QByteArray("[").repeated(200'000) + QByteArray("]").repeated(200'000);
        const auto config = readHubConfig(QByteArray("{\"x\":" + deep + ",\"model_type\":\"llama\"}"));
        QVERIFY(config);
        QCOMPARE(config->architecture, QStringLiteral("llama"));
    }

    void readsIndexes()
    {
        const auto names = readShardNames(
            "{\"metadata\":{\"total_size\":7,\"x\":[{\"y\":1}]},\"weight_map\":{\"a\":\"m-2.safetensors\","
            "\"b\":\"m-1.safetensors\",\"c\":\"m-2.safetensors\"},\"z\":{\"weight_map\":3}}");
        QVERIFY2(names, names ? "" : qPrintable(names.error().message));
        QCOMPARE(*names, QStringList({ QStringLiteral("m-1.safetensors"), QStringLiteral("m-2.safetensors") }));
    }

    void refusesIndexes_data()
    {
        QTest::addColumn<QByteArray>("json");
        const auto map
            = [](const char *name) -> QByteArray { return QByteArray("{\"weight_map\":{\"a\":\"") + name + "\"}}"; };
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("no map") << QByteArray("{}");
        QTest::newRow("empty map") << QByteArray("{\"weight_map\":{}}");
        QTest::newRow("map is a list") << QByteArray("{\"weight_map\":[\"a\"]}");
        QTest::newRow("map of numbers") << QByteArray("{\"weight_map\":{\"a\":1}}");
        QTest::newRow("map of maps") << QByteArray("{\"weight_map\":{\"a\":{\"b\":\"c\"}}}");
        QTest::newRow("parent folder") << map("../x.safetensors");
        QTest::newRow("folder") << map("a/x.safetensors");
        QTest::newRow("backslash") << map("a\\\\x.safetensors");
        QTest::newRow("dots") << map("x..safetensors");
        QTest::newRow("hidden") << map(".x");
        QTest::newRow("drive") << map("C:x");
        QTest::newRow("zero byte") << map("x\\u0000y");
        QTest::newRow("empty name") << map("");
        QTest::newRow("long name") << map(QByteArray(300, 'x').constData());
        QTest::newRow("very long name") << map(QByteArray(3'000, 'x').constData());
        QTest::newRow("not closed") << map("x").chopped(1);
        QTest::newRow("a million open lists") << QByteArray("{\"x\":") + QByteArray(1'000'000, '[');
    }
    void refusesIndexes()
    {
        QFETCH(QByteArray, json);
        const auto names = readShardNames(json);
        QVERIFY(!names);
        QCOMPARE(names.error().id, QStringLiteral("MF-FORMAT-INDEX"));
    }

    void readsLicences_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("license");
        QTest::newRow("plain") << QByteArray("---\nlanguage:\n- en\nlicense: apache-2.0\n---\n# X")
                               << QStringLiteral("apache-2.0");
        QTest::newRow("quoted, with returns")
            << QByteArray("---\r\nlicense: \"mit\"\r\n---\r\n") << QStringLiteral("mit");
        QTest::newRow("other with a name")
            << QByteArray("---\nlicense: other\nlicense_name: tongyi\n---") << QStringLiteral("tongyi");
        QTest::newRow("after the block") << QByteArray("---\na: b\n---\nlicense: mit\n") << QStringLiteral("");
        QTest::newRow("no block") << QByteArray("# X\nlicense: mit\n") << QStringLiteral("");
        QTest::newRow("empty") << QByteArray() << QStringLiteral("");
    }
    void readsLicences()
    {
        QFETCH(QByteArray, text);
        QTEST(licenseOfReadme(text), "license");
    }

    void readsChatTemplates()
    {
        QCOMPARE(chatTemplateOf("{\"chat_template\":\"{{ x }}\"}"), QStringLiteral("{{ x }}"));
        QCOMPARE(chatTemplateOf("{\"chat_template\":[{\"name\":\"tool\",\"template\":\"t\"},{\"name\":\"default\","
                                "\"template\":\"d\"}]}"),
            QStringLiteral("d"));
        QCOMPARE(chatTemplateOf("{\"chat_template\":[]}"), QString());
        QCOMPARE(chatTemplateOf("{\"chat_template\":7}"), QString());
        QCOMPARE(chatTemplateOf("nothing"), QString());
    }
};

QTEST_GUILESS_MAIN(HubFilesTest)
#include "test_hub_files.moc"
