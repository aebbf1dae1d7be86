// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/model_plan.h"

#include <bit>

namespace mf {

namespace {

template <typename T> void put(QByteArray &out, T value)
{
    std::array<std::uint8_t, sizeof(T)> bytes {};
    storeLe(bytes.data(), value);
    out.append(toByteArray(bytes));
}

void putText(QByteArray &out, const QByteArray &text)
{
    put(out, static_cast<std::uint64_t>(text.size()));
    out.append(text);
}

// Entries of a GGUF header, counted as they are added.
class Entries
{
public:
    void text(const QByteArray &key, const QByteArray &value)
    {
        begin(key, 8);
        putText(bytes, value);
    }
    void number(const QByteArray &key, qint64 value)
    {
        begin(key, 4);
        put(bytes, static_cast<std::uint32_t>(value));
    }
    void real(const QByteArray &key, float value)
    {
        begin(key, 6);
        put(bytes, std::bit_cast<std::uint32_t>(value));
    }
    void list(const QByteArray &key, std::uint32_t element, qint64 length)
    {
        begin(key, 9);
        put(bytes, element);
        put(bytes, static_cast<std::uint64_t>(length));
    }

    QByteArray bytes;
    std::uint64_t count = 0;

private:
    void begin(const QByteArray &key, std::uint32_t type)
    {
        putText(bytes, key);
        put(bytes, type);
        ++count;
    }
};

std::uint32_t ggmlIdOf(WeightKind kind)
{
    switch (kind) {
    case WeightKind::F16:
        return 1;
    case WeightKind::Q4_0:
        return 2;
    case WeightKind::Q8_0:
        return 8;
    case WeightKind::Q4_K:
        return 12;
    case WeightKind::Q6_K:
        return 14;
    case WeightKind::BF16:
        return 30;
    default:
        return 0;
    }
}

int fileTypeOf(const QString &dtype)
{
    static const std::pair<const char *, int> types[] = { { "F32", 0 }, { "F16", 1 }, { "Q4_0", 2 }, { "Q8_0", 7 },
        { "Q4_K_M", 15 }, { "Q6_K", 18 }, { "BF16", 32 } };
    for (const auto &[name, number] : types) {
        if (dtype == QLatin1String(name))
            return number;
    }
    return 0;
}

void describe(Entries &entries, const ModelRecipe &recipe, const ModelShape &shape)
{
    entries.text("general.architecture", "llama");
    entries.text("general.type", "model");
    entries.text("general.name", recipe.name.toUtf8());
    entries.text("general.license", "apache-2.0");
    entries.number("llama.block_count", shape.layers);
    entries.number("llama.context_length", 8192);
    entries.number("llama.embedding_length", shape.hidden);
    entries.number("llama.feed_forward_length", shape.feedForward);
    entries.number("llama.attention.head_count", shape.heads);
    entries.number("llama.attention.head_count_kv", shape.keyHeads);
    entries.number("llama.rope.dimension_count", shape.hidden / shape.heads);
    entries.real("llama.rope.freq_base", 500'000.0F);
    entries.real("llama.attention.layer_norm_rms_epsilon", 1e-5F);
    entries.number("llama.vocab_size", shape.vocabulary);
    entries.number("general.file_type", fileTypeOf(recipe.dtype));
    entries.number("general.quantization_version", 2);
}

void describeTokens(Entries &entries, qint64 vocabulary)
{
    entries.text("tokenizer.ggml.model", "gpt2");
    entries.text("tokenizer.ggml.pre", "llama-bpe");
    entries.list("tokenizer.ggml.tokens", 8, vocabulary);
    for (qint64 i = 0; i < vocabulary; ++i)
        putText(entries.bytes, tokenText(i));
    entries.list("tokenizer.ggml.token_type", 5, vocabulary);
    for (qint64 i = 0; i < vocabulary; ++i)
        put(entries.bytes, std::uint32_t { i < 3 ? 3U : 1U });
    entries.number("tokenizer.ggml.bos_token_id", 1);
    entries.number("tokenizer.ggml.eos_token_id", 2);
    entries.text("tokenizer.chat_template",
        "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}assistant:");
}

} // namespace

QByteArray tokenText(qint64 index)
{
    static const char *const special[] = { "<unk>", "<s>", "</s>" };
    if (index < 3)
        return special[index];
    static const char *const syllables[] = { "ba", "re", "ti", "no", "la", "su", "ke", "mi", "do", "ver", "an", "is",
        "or", "en", "qu", "tha", "pro", "gi", "\xc3\xa9t", "zu" };
    QByteArray text(index % 2 ? "\xc4\xa0" : ""); // the byte-level tokenisers' mark for a space
    for (qint64 rest = index; rest > 0; rest /= 20)
        text.append(syllables[rest % 20]);
    return text;
}

QByteArray ggufHeaderOf(const ModelRecipe &recipe, const ModelShape &shape, const std::vector<PlannedTensor> &tensors)
{
    Entries entries;
    describe(entries, recipe, shape);
    describeTokens(entries, shape.vocabulary);
    QByteArray out("GGUF");
    put(out, std::uint32_t { 3 });
    put(out, static_cast<std::uint64_t>(tensors.size()));
    put(out, entries.count);
    out.append(entries.bytes);
    std::uint64_t offset = 0;
    for (const auto &tensor : tensors) {
        putText(out, tensor.name);
        put(out, static_cast<std::uint32_t>(tensor.shape.size()));
        for (auto extent = tensor.shape.rbegin(); extent != tensor.shape.rend(); ++extent)
            put(out, static_cast<std::uint64_t>(*extent));
        put(out, ggmlIdOf(tensor.kind));
        put(out, offset);
        offset += static_cast<std::uint64_t>(tensor.bytes + 31) / 32 * 32;
    }
    out.append((32 - out.size() % 32) % 32, '\0');
    return out;
}

QByteArray safetensorsHeaderOf(const std::vector<PlannedTensor> &tensors)
{
    QByteArray json(R"({"__metadata__":{"format":"pt"})");
    qint64 offset = 0;
    for (const auto &tensor : tensors) {
        json.append(",\"").append(tensor.name).append("\":{\"dtype\":\"").append(tensor.type).append("\",\"shape\":[");
        for (std::size_t i = 0; i < tensor.shape.size(); ++i)
            json.append(i > 0 ? "," : "").append(QByteArray::number(tensor.shape[i]));
        json.append("],\"data_offsets\":[").append(QByteArray::number(offset)).append(',');
        offset += tensor.bytes;
        json.append(QByteArray::number(offset)).append("]}");
    }
    json.append('}');
    json.append((8 - json.size() % 8) % 8, ' ');
    QByteArray out;
    put(out, static_cast<std::uint64_t>(json.size()));
    return out.append(json);
}

} // namespace mf
