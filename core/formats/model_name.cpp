// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/model_name.h"

#include <QRegularExpression>

#include <algorithm>
#include <iterator>

namespace mf {

namespace {

struct FamilyRow {
    QLatin1String word;
    QLatin1String family;
};

// Beginnings of architecture names, and words within model names, in lower case. The first row that fits wins, so
// longer words stand before their beginnings.
constexpr FamilyRow kFamilies[] = {
    { QLatin1String("qwen"), QLatin1String("Qwen") },
    { QLatin1String("qwq"), QLatin1String("Qwen") },
    { QLatin1String("gemma"), QLatin1String("Gemma") },
    { QLatin1String("medgemma"), QLatin1String("Gemma") },
    { QLatin1String("mistral"), QLatin1String("Mistral") },
    { QLatin1String("mixtral"), QLatin1String("Mistral") },
    { QLatin1String("ministral"), QLatin1String("Mistral") },
    { QLatin1String("codestral"), QLatin1String("Mistral") },
    { QLatin1String("devstral"), QLatin1String("Mistral") },
    { QLatin1String("magistral"), QLatin1String("Mistral") },
    { QLatin1String("pixtral"), QLatin1String("Mistral") },
    { QLatin1String("deepseek"), QLatin1String("DeepSeek") },
    { QLatin1String("phimoe"), QLatin1String("Phi") },
    { QLatin1String("phi"), QLatin1String("Phi") },
    { QLatin1String("smollm"), QLatin1String("SmolLM") },
    { QLatin1String("smolvlm"), QLatin1String("SmolVLM") },
    { QLatin1String("stablelm"), QLatin1String("StableLM") },
    { QLatin1String("starcoder"), QLatin1String("StarCoder") },
    { QLatin1String("internlm"), QLatin1String("InternLM") },
    { QLatin1String("internvl"), QLatin1String("InternVL") },
    { QLatin1String("chatglm"), QLatin1String("GLM") },
    { QLatin1String("glm"), QLatin1String("GLM") },
    { QLatin1String("gpt-oss"), QLatin1String("GPT-OSS") },
    { QLatin1String("gpt_oss"), QLatin1String("GPT-OSS") },
    { QLatin1String("gptneox"), QLatin1String("GPT-NeoX") },
    { QLatin1String("gpt_neox"), QLatin1String("GPT-NeoX") },
    { QLatin1String("pythia"), QLatin1String("GPT-NeoX") },
    { QLatin1String("gpt2"), QLatin1String("GPT-2") },
    { QLatin1String("command-r"), QLatin1String("Cohere") },
    { QLatin1String("c4ai-command"), QLatin1String("Cohere") },
    { QLatin1String("cohere"), QLatin1String("Cohere") },
    { QLatin1String("aya-"), QLatin1String("Cohere") },
    { QLatin1String("falcon"), QLatin1String("Falcon") },
    { QLatin1String("granite"), QLatin1String("Granite") },
    { QLatin1String("olmo"), QLatin1String("OLMo") },
    { QLatin1String("nemotron"), QLatin1String("Nemotron") },
    { QLatin1String("exaone"), QLatin1String("EXAONE") },
    { QLatin1String("ernie"), QLatin1String("ERNIE") },
    { QLatin1String("hunyuan"), QLatin1String("Hunyuan") },
    { QLatin1String("minicpm"), QLatin1String("MiniCPM") },
    { QLatin1String("minimax"), QLatin1String("MiniMax") },
    { QLatin1String("kimi"), QLatin1String("Kimi") },
    { QLatin1String("baichuan"), QLatin1String("Baichuan") },
    { QLatin1String("rwkv"), QLatin1String("RWKV") },
    { QLatin1String("mamba"), QLatin1String("Mamba") },
    { QLatin1String("jamba"), QLatin1String("Jamba") },
    { QLatin1String("lfm2"), QLatin1String("LFM") },
    { QLatin1String("nomic-"), QLatin1String("Nomic") },
    { QLatin1String("modern-bert"), QLatin1String("BERT") },
    { QLatin1String("jina"), QLatin1String("Jina") },
    { QLatin1String("bert"), QLatin1String("BERT") },
    { QLatin1String("bge-"), QLatin1String("BGE") },
    { QLatin1String("bloom"), QLatin1String("BLOOM") },
    { QLatin1String("mpt"), QLatin1String("MPT") },
    { QLatin1String("grok"), QLatin1String("Grok") },
    { QLatin1String("dbrx"), QLatin1String("DBRX") },
    { QLatin1String("solar"), QLatin1String("Solar") },
    { QLatin1String("yi-"), QLatin1String("Yi") },
    { QLatin1String("whisper"), QLatin1String("Whisper") },
    { QLatin1String("flux"), QLatin1String("FLUX") },
    { QLatin1String("t5"), QLatin1String("T5") },
    { QLatin1String("llama"), QLatin1String("Llama") },
    { QLatin1String("vicuna"), QLatin1String("Llama") },
};

// Architectures that say little about whose model it is.
bool isShared(const QString &architecture)
{
    return architecture.isEmpty() || architecture == QLatin1String("llama") || architecture == QLatin1String("clip")
        || architecture == QLatin1String("llava");
}

// True if `word` begins somewhere in `text` where a word can begin: "TinyLlama" is a Llama, "graphics" is not a Phi.
bool hasWord(const QString &text, QLatin1String word)
{
    for (qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive); at >= 0;
        at = text.indexOf(word, at + 1, Qt::CaseInsensitive)) {
        if (at == 0 || !text.at(at - 1).isLetterOrNumber())
            return true;
        if (text.at(at).isUpper() && text.at(at - 1).isLower())
            return true;
    }
    return false;
}

QString familyOfNames(const QStringList &names)
{
    for (const auto &name : names) {
        // "DeepSeek-R1-Distill-Llama-8B": what it was made from, not whose answers it learned.
        const qsizetype distilled = name.indexOf(QLatin1String("distill-"), 0, Qt::CaseInsensitive);
        const QString text = distilled < 0 ? name : name.mid(distilled + 8);
        for (const auto &row : kFamilies) {
            if (hasWord(text, row.word))
                return row.family;
        }
    }
    return {};
}

} // namespace

ModelFileName splitModelFileName(const QString &fileName)
{
    static const QRegularExpression partPattern(QStringLiteral("^(.+)-(\\d{5})-of-(\\d{5})$"));
    static const QRegularExpression quantPattern(
        QStringLiteral(
            "(?:^|[-._ ])((?:UD-)?(?:(?:IQ|TQ|Q)\\d+(?:_[0-9A-Z]+)*|BF16|F16|FP16|F32|FP32|FP8|MXFP4(?:_MOE)?"
            "|NVFP4|AWQ|GPTQ|EXL2|EXL3))(?=$|[-._ ])"),
        QRegularExpression::CaseInsensitiveOption);
    ModelFileName result;
    QString name = fileName.mid(fileName.lastIndexOf(u'/') + 1);
    const qsizetype dot = name.lastIndexOf(u'.');
    // "Qwen2.5-7B" has no extension.
    const QString extension = dot > 0 ? name.mid(dot + 1).toLower() : QString();
    const bool isExtension = !extension.isEmpty() && extension.size() <= 11
        && std::ranges::all_of(extension, [](QChar c) { return c.isLetterOrNumber(); }) && !extension.at(0).isDigit();
    if (isExtension) {
        result.extension = extension;
        name.truncate(dot);
    }
    if (const auto match = partPattern.match(name); match.hasMatch()) {
        const int part = match.captured(2).toInt();
        const int parts = match.captured(3).toInt();
        if (part >= 1 && part <= parts && parts <= kMostParts) {
            result.part = part;
            result.parts = parts;
            name = match.captured(1);
        }
    }
    result.stem = name;
    result.base = name;
    auto matches = quantPattern.globalMatch(name);
    while (matches.hasNext()) { // the last one: "Q" may also be a word of the model's name
        const auto match = matches.next();
        QString quantization = match.captured(1).toUpper();
        if (quantization == QLatin1String("FP16") || quantization == QLatin1String("FP32"))
            quantization.remove(1, 1);
        result.quantization = quantization;
        const bool atEnd = match.capturedEnd(1) == name.size();
        result.base = atEnd && match.capturedStart() > 0 ? name.left(match.capturedStart()) : name;
    }
    return result;
}

QString nameOfPart(const QString &name, int part)
{
    const qsizetype of = name.lastIndexOf(QLatin1String("-of-"));
    if (of < 6 || name.at(of - 6) != u'-')
        return name;
    QString result = name;
    return result.replace(of - 5, 5, QString::number(part).rightJustified(5, u'0'));
}

QString modelFamily(const QString &architecture, const QStringList &names)
{
    const QString lower = architecture.toLower();
    if (!isShared(lower)) {
        const auto *row = std::ranges::find_if(kFamilies, [&](const FamilyRow &r) { return lower.startsWith(r.word); });
        if (row != std::end(kFamilies))
            return row->family;
    }
    if (const QString family = familyOfNames(names); !family.isEmpty() || lower.isEmpty())
        return family;
    if (lower == QLatin1String("llama") || lower == QLatin1String("llava"))
        return QStringLiteral("Llama");
    // An architecture newer than the table: "apertus2moe" -> "Apertus".
    static const QRegularExpression tail(QStringLiteral("[-_]?\\d.*$|[-_]?moe$"));
    QString family = lower;
    family.remove(tail);
    if (!family.isEmpty())
        family[0] = family.at(0).toUpper();
    return family;
}

} // namespace mf
