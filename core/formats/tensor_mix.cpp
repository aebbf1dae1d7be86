// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/tensor_mix.h"

#include "core/formats/ggml_types.h"

#include <algorithm>
#include <limits>

namespace mf {

namespace {

bool isQuantised(const QString &name)
{
    return !(name == QLatin1String("F32") || name == QLatin1String("F16") || name == QLatin1String("BF16"));
}

// Whether the tensors can be what the word says.
bool fits(const QString &word, const std::map<QString, qint64> &bytesByType)
{
    if (bytesByType.empty()) // a part without tensors: nothing contradicts
        return true;
    if (!isQuantised(word))
        return dominantType(bytesByType) == word;
    return std::ranges::any_of(bytesByType, [](const auto &row) {
        const auto *type = ggmlType(row.first);
        return type && type->isQuantised();
    });
}

} // namespace

void addTensors(ModelTraits &traits, const std::vector<Tensor> &tensors)
{
    for (const auto &tensor : tensors) {
        // A sparse file can claim any size.
        if (__builtin_add_overflow(traits.parameters, tensor.elements, &traits.parameters))
            traits.parameters = std::numeric_limits<qint64>::max();
        if (tensor.length > 0)
            traits.bytesByType[tensor.type] += tensor.length;
    }
}

QString dominantType(const std::map<QString, qint64> &bytesByType)
{
    const auto most = std::ranges::max_element(bytesByType, {}, [](const auto &row) { return row.second; });
    return most == bytesByType.end() ? QString() : most->first;
}

QString ggufQuantization(const QString &declared, const std::map<QString, qint64> &bytesByType, const QString &nameSays)
{
    if (!declared.isEmpty() && fits(declared, bytesByType))
        return declared;
    if (!nameSays.isEmpty() && fits(nameSays, bytesByType))
        return nameSays;
    return dominantType(bytesByType);
}

QString safetensorsQuantization(const std::map<QString, qint64> &bytesByType)
{
    const QString type = dominantType(bytesByType);
    return type.startsWith(QLatin1String("F8_")) ? QStringLiteral("FP8") : type;
}

} // namespace mf
