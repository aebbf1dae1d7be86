// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/model_plan.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace mf {

namespace {

using Format = ModelRecipe::Format;

struct TypeName {
    const char *name;
    WeightKind kind;
};
constexpr TypeName kGgufTypes[] = {
    { "F32", WeightKind::F32 },
    { "F16", WeightKind::F16 },
    { "BF16", WeightKind::BF16 },
    { "Q4_0", WeightKind::Q4_0 },
    { "Q8_0", WeightKind::Q8_0 },
    { "Q6_K", WeightKind::Q6_K },
    { "Q4_K", WeightKind::Q4_K },
};
constexpr TypeName kSafetensorsTypes[] = {
    { "F32", WeightKind::F32 },
    { "F16", WeightKind::F16 },
    { "BF16", WeightKind::BF16 },
    { "F8_E4M3", WeightKind::F8E4M3 },
};

qint64 bytesOf(const PlannedTensor &tensor)
{
    const qint64 elements
        = std::accumulate(tensor.shape.begin(), tensor.shape.end(), qint64 { 1 }, std::multiplies<>());
    return elements / weightsInBlock(tensor.kind) * bytesInBlock(tensor.kind);
}

// Lists the tensors of a shape under the names and in the types of one format.
class Lister
{
public:
    Lister(const ModelRecipe &recipe, const ModelShape &shape)
        : m_recipe(recipe)
        , m_shape(shape)
        , m_gguf(recipe.format == Format::Gguf)
        , m_random(recipe.seed)
    {
    }

    std::vector<PlannedTensor> list()
    {
        const auto &s = m_shape;
        const qint64 keys = s.hidden / s.heads * s.keyHeads;
        weight("token_embd", "model.embed_tokens", { s.vocabulary, s.hidden });
        for (qint64 i = 0; i < s.layers; ++i) {
            m_layer = i;
            norm("attn_norm", "input_layernorm");
            weight("ffn_down", "mlp.down_proj", { s.hidden, s.feedForward }, usesMoreBits());
            weight("ffn_gate", "mlp.gate_proj", { s.feedForward, s.hidden });
            weight("ffn_up", "mlp.up_proj", { s.feedForward, s.hidden });
            norm("ffn_norm", "post_attention_layernorm");
            weight("attn_k", "self_attn.k_proj", { keys, s.hidden });
            weight("attn_output", "self_attn.o_proj", { s.hidden, s.hidden });
            weight("attn_q", "self_attn.q_proj", { s.hidden, s.hidden });
            weight("attn_v", "self_attn.v_proj", { keys, s.hidden }, usesMoreBits());
        }
        m_layer = -1;
        norm("output_norm", "model.norm");
        weight("output", "lm_head", { s.vocabulary, s.hidden }, true);
        return std::move(m_tensors);
    }

private:
    // The layers to which llama.cpp gives more bits in a _M mix.
    bool usesMoreBits() const
    {
        return m_layer < m_shape.layers / 8 || m_layer >= 7 * m_shape.layers / 8 || m_layer % 3 == 2;
    }

    void add(const char *ggufName, const char *torchName, std::vector<qint64> shape, const TypeName &type)
    {
        PlannedTensor tensor;
        const QByteArray number = QByteArray::number(m_layer);
        const QByteArray prefix = m_layer < 0 ? QByteArray()
            : m_gguf                          ? QByteArray("blk.").append(number).append('.')
                                              : QByteArray("model.layers.").append(number).append('.');
        tensor.name = QByteArray(prefix).append(m_gguf ? ggufName : torchName).append(".weight");
        tensor.type = type.name;
        tensor.kind = type.kind;
        tensor.shape = std::move(shape);
        tensor.sigma = 0.008 + 0.032 * static_cast<double>(m_random.below(1'000)) / 1'000;
        tensor.bytes = bytesOf(tensor);
        m_tensors.push_back(std::move(tensor));
    }

    void norm(const char *ggufName, const char *torchName)
    {
        static constexpr TypeName wide { "F32", WeightKind::Norm32 };
        static constexpr TypeName narrow { "BF16", WeightKind::Norm16 };
        add(ggufName, torchName, { m_shape.hidden }, m_gguf || m_recipe.dtype == QLatin1String("F32") ? wide : narrow);
    }

    void weight(const char *ggufName, const char *torchName, const std::vector<qint64> &shape, bool moreBits = false)
    {
        static constexpr TypeName scale { "F32", WeightKind::Norm32 };
        const bool mix = m_recipe.dtype == QLatin1String("Q4_K_M");
        const QByteArray wanted = !mix ? m_recipe.dtype.toLatin1() : moreBits ? QByteArray("Q6_K") : QByteArray("Q4_K");
        const auto pick = [&](const auto &types) {
            return *std::ranges::find_if(types, [&](const TypeName &type) { return wanted == type.name; });
        };
        const TypeName type = m_gguf ? pick(kGgufTypes) : pick(kSafetensorsTypes);
        add(ggufName, torchName, shape, type);
        if (type.kind != WeightKind::F8E4M3)
            return;
        add(ggufName, torchName, {}, scale);
        m_tensors.back().name.append("_scale"); // "….weight_scale"
    }

    const ModelRecipe &m_recipe;
    const ModelShape &m_shape;
    bool m_gguf;
    FastRandom m_random;
    qint64 m_layer = -1;
    std::vector<PlannedTensor> m_tensors;
};

ModelPlan planOf(const ModelRecipe &recipe, const ModelShape &shape)
{
    ModelPlan plan;
    plan.shape = shape;
    auto tensors = Lister(recipe, shape).list();
    if (recipe.format == Format::Gguf) {
        PlannedFile file;
        file.header = ggufHeaderOf(recipe, shape, tensors);
        file.alignment = 32;
        file.tensors = std::move(tensors);
        plan.files.push_back(std::move(file));
        return plan;
    }
    const int wanted = recipe.format == Format::Safetensors ? 1 : std::max(1, recipe.shards);
    const auto count = static_cast<qint64>(std::min(static_cast<std::size_t>(wanted), tensors.size()));
    qint64 total = 0;
    for (const auto &tensor : tensors)
        total += tensor.bytes;
    // A shard ends with the tensor that reaches its share, but leaves one for each that follows.
    qint64 done = 0;
    std::size_t next = 0;
    for (qint64 i = 0; i < count; ++i) {
        PlannedFile file;
        const auto mustLeave = static_cast<std::size_t>(count - 1 - i);
        while (next < tensors.size() - mustLeave
            && (file.tensors.empty() || mustLeave == 0 || done < total / count * (i + 1))) {
            done += tensors[next].bytes;
            file.tensors.push_back(std::move(tensors[next++]));
        }
        file.header = safetensorsHeaderOf(file.tensors);
        if (recipe.format == Format::SafetensorsSharded) {
            const auto number = [](qint64 n) { return QString::number(n).rightJustified(5, u'0'); };
            file.name = QStringLiteral("model-%1-of-%2.safetensors").arg(number(i + 1), number(count));
        }
        plan.files.push_back(std::move(file));
    }
    return plan;
}

bool isKnown(const ModelRecipe &recipe)
{
    const QByteArray dtype = recipe.dtype.toLatin1();
    const auto has = [&](const auto &types) {
        return std::ranges::any_of(types, [&](const TypeName &type) { return dtype == type.name; });
    };
    return recipe.format == Format::Gguf ? dtype == "Q4_K_M" || (has(kGgufTypes) && dtype != "Q4_K")
                                         : has(kSafetensorsTypes);
}

ModelShape shapeOf(qint64 hidden)
{
    ModelShape shape;
    shape.hidden = hidden;
    shape.feedForward = (hidden * 43 / 16 + 255) / 256 * 256;
    shape.heads = std::max<qint64>(4, hidden / 128);
    shape.keyHeads = shape.heads / 4;
    shape.vocabulary = std::clamp<qint64>(hidden * 8, 64, 32'000);
    return shape;
}

} // namespace

qint64 PlannedFile::size() const
{
    qint64 size = header.size();
    for (const auto &tensor : tensors)
        size += (tensor.bytes + alignment - 1) / alignment * alignment;
    return size;
}

qint64 ModelPlan::size() const
{
    return std::accumulate(files.begin(), files.end(), qint64 { 0 },
        [](qint64 sum, const PlannedFile &file) { return sum + file.size(); });
}

Result<ModelPlan> planModel(const ModelRecipe &recipe)
{
    if (!isKnown(recipe))
        return Error(Error::Kind::Invalid, QStringLiteral("MF-MAKE-DTYPE"),
            QStringLiteral("No such type for this format: %1").arg(recipe.dtype));
    const bool wideRows = recipe.dtype.endsWith(QLatin1String("_K")) || recipe.dtype.contains(QLatin1String("_K_"));
    // The widest model that still has eight layers; a narrow one with fewer where nothing else fits.
    std::vector<qint64> widths { 8192, 5120, 4096, 3072, 2048, 1024, 512, 256 };
    if (!wideRows)
        widths.insert(widths.end(), { 128, 64 });
    ModelShape shape;
    for (const qint64 width : widths) {
        shape = shapeOf(width);
        const qint64 bare = planOf(recipe, shape).size();
        shape.layers = 1;
        const qint64 layer = planOf(recipe, shape).size() - bare;
        shape.layers = std::max<qint64>(0, (recipe.size - bare) / std::max<qint64>(1, layer));
        if (shape.layers >= 8)
            break;
    }
    // The vocabulary takes what is left.
    qint64 low = 8;
    qint64 high = low;
    const auto fits = [&](qint64 vocabulary) {
        shape.vocabulary = vocabulary;
        return planOf(recipe, shape).size() <= recipe.size;
    };
    while (fits(high * 2))
        high *= 2;
    high *= 2;
    while (high - low > 1) {
        const qint64 middle = low + (high - low) / 2;
        (fits(middle) ? low : high) = middle;
    }
    shape.vocabulary = low;
    return planOf(recipe, shape);
}

} // namespace mf
