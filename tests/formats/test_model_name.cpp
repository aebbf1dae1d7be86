// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/model_name.h"

#include <QtTest>

using namespace mf;

class ModelNameTest : public QObject
{
    Q_OBJECT

private slots:
    void takesNamesApart_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("base");
        QTest::addColumn<QString>("quantization");
        QTest::addColumn<int>("part");
        QTest::addColumn<int>("parts");
        const auto row = [](const char *name, const char *base, const char *quantization, int part = 0, int parts = 0) {
            QTest::newRow(name) << QString::fromUtf8(name) << QString::fromUtf8(base) << QString::fromUtf8(quantization)
                                << part << parts;
        };
        row("Qwen2.5-7B-Instruct-Q4_K_M.gguf", "Qwen2.5-7B-Instruct", "Q4_K_M");
        row("qwen2.5-7b-instruct-q4_k_m-00001-of-00002.gguf", "qwen2.5-7b-instruct", "Q4_K_M", 1, 2);
        row("some/folder/Mixtral-8x7B-v0.1.Q5_0.gguf", "Mixtral-8x7B-v0.1", "Q5_0");
        row("Mixtral-8x7B-v0.1-KQ2.gguf", "Mixtral-8x7B-v0.1-KQ2", "");
        row("Hermes-2-Pro-Llama-3-8B-v1.0-F16-00001-of-00005.gguf", "Hermes-2-Pro-Llama-3-8B-v1.0", "F16", 1, 5);
        row("Meta-Llama-3.1-8B-Instruct-IQ2_XXS.gguf", "Meta-Llama-3.1-8B-Instruct", "IQ2_XXS");
        row("gpt-oss-20b-mxfp4.gguf", "gpt-oss-20b", "MXFP4");
        row("Qwen3-30B-A3B-UD-Q4_K_XL.gguf", "Qwen3-30B-A3B", "UD-Q4_K_XL");
        row("phi-2.fp16.gguf", "phi-2", "F16");
        row("Qwen2.5-7B", "Qwen2.5-7B", "");
        row("gemma-2-9b-it-bf16.gguf", "gemma-2-9b-it", "BF16");
        row("Llama-3-Q4_0-imatrix.gguf", "Llama-3-Q4_0-imatrix", "Q4_0");
        row("model-00003-of-00004.safetensors", "model", "", 3, 4);
        row("model-00005-of-00004.safetensors", "model-00005-of-00004", "");
        row("model-00000-of-00004.safetensors", "model-00000-of-00004", "");
        row("Q4_0.gguf", "Q4_0", "Q4_0");
        row(".gguf", ".gguf", "");
        row("", "", "");
    }
    void takesNamesApart()
    {
        QFETCH(QString, name);
        const auto parts = splitModelFileName(name);
        QTEST(parts.base, "base");
        QTEST(parts.quantization, "quantization");
        QTEST(parts.part, "part");
        QTEST(parts.parts, "parts");
    }

    void knowsFamilies_data()
    {
        QTest::addColumn<QString>("architecture");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("family");
        const auto row = [](const char *architecture, const char *name, const char *family) {
            QTest::addRow("%s / %s", architecture, name)
                << QString::fromUtf8(architecture) << QString::fromUtf8(name) << QString::fromUtf8(family);
        };
        row("qwen2", "anything", "Qwen");
        row("qwen3moe", "", "Qwen");
        row("gemma3_text", "", "Gemma");
        row("phi3", "Phi-3.5-mini-instruct", "Phi");
        row("llama", "Meta-Llama-3.1-8B-Instruct", "Llama");
        row("llama", "Mistral-7B-Instruct-v0.3", "Mistral");
        row("llama", "TinyLlama-1.1B", "Llama");
        row("llama", "DeepSeek-R1-Distill-Llama-8B", "Llama");
        row("llama", "SmolLM2-135M", "SmolLM");
        row("llama", "Nous thing", "Llama");
        row("llama", "", "Llama");
        row("deepseek2", "DeepSeek-V3", "DeepSeek");
        row("", "Qwen2.5-7B-Instruct-Q4_K_M", "Qwen");
        row("", "gemma-2-9b-it", "Gemma");
        row("", "graphics-thing", "");
        row("", "", "");
        row("apertus2moe", "", "Apertus");
        row("gpt_oss", "", "GPT-OSS");
    }
    void knowsFamilies()
    {
        QFETCH(QString, architecture);
        QFETCH(QString, name);
        const QString family = modelFamily(architecture, { QString(), name });
        QTEST(family, "family");
    }

    void namesOtherParts()
    {
        QCOMPARE(nameOfPart(QStringLiteral("model-00001-of-00004.safetensors"), 3),
            QStringLiteral("model-00003-of-00004.safetensors"));
        QCOMPARE(nameOfPart(QStringLiteral("a/x-Q4_K_M-00002-of-00010.gguf"), 10),
            QStringLiteral("a/x-Q4_K_M-00010-of-00010.gguf"));
    }
};

QTEST_GUILESS_MAIN(ModelNameTest)
#include "test_model_name.moc"
