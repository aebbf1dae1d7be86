// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/ggml_types.h"

#include <algorithm>
#include <iterator>

namespace mf {

namespace {

using enum TensorElement;

constexpr GgmlType kTypes[] = {
    { 0, QLatin1String("F32"), 1, 4, FP32 },
    { 1, QLatin1String("F16"), 1, 2, FP16 },
    { 2, QLatin1String("Q4_0"), 32, 18, Bytes },
    { 3, QLatin1String("Q4_1"), 32, 20, Bytes },
    { 6, QLatin1String("Q5_0"), 32, 22, Bytes },
    { 7, QLatin1String("Q5_1"), 32, 24, Bytes },
    { 8, QLatin1String("Q8_0"), 32, 34, Bytes },
    { 9, QLatin1String("Q8_1"), 32, 36, Bytes },
    { 10, QLatin1String("Q2_K"), 256, 84, Bytes },
    { 11, QLatin1String("Q3_K"), 256, 110, Bytes },
    { 12, QLatin1String("Q4_K"), 256, 144, Bytes },
    { 13, QLatin1String("Q5_K"), 256, 176, Bytes },
    { 14, QLatin1String("Q6_K"), 256, 210, Bytes },
    { 15, QLatin1String("Q8_K"), 256, 292, Bytes },
    { 16, QLatin1String("IQ2_XXS"), 256, 66, Bytes },
    { 17, QLatin1String("IQ2_XS"), 256, 74, Bytes },
    { 18, QLatin1String("IQ3_XXS"), 256, 98, Bytes },
    { 19, QLatin1String("IQ1_S"), 256, 50, Bytes },
    { 20, QLatin1String("IQ4_NL"), 32, 18, Bytes },
    { 21, QLatin1String("IQ3_S"), 256, 110, Bytes },
    { 22, QLatin1String("IQ2_S"), 256, 82, Bytes },
    { 23, QLatin1String("IQ4_XS"), 256, 136, Bytes },
    { 24, QLatin1String("I8"), 1, 1, Bytes },
    { 25, QLatin1String("I16"), 1, 2, Bytes },
    { 26, QLatin1String("I32"), 1, 4, Bytes },
    { 27, QLatin1String("I64"), 1, 8, Bytes },
    { 28, QLatin1String("F64"), 1, 8, Bytes },
    { 29, QLatin1String("IQ1_M"), 256, 56, Bytes },
    { 30, QLatin1String("BF16"), 1, 2, BF16 },
    { 34, QLatin1String("TQ1_0"), 256, 54, Bytes },
    { 35, QLatin1String("TQ2_0"), 256, 66, Bytes },
    { 39, QLatin1String("MXFP4"), 32, 17, Bytes },
    { 40, QLatin1String("NVFP4"), 64, 36, Bytes },
    { 41, QLatin1String("Q1_0"), 128, 18, Bytes },
    { 42, QLatin1String("Q2_0"), 64, 18, Bytes },
};

struct FileType {
    std::uint64_t id;
    QLatin1String name;
};

constexpr FileType kFileTypes[] = {
    { 0, QLatin1String("F32") },
    { 1, QLatin1String("F16") },
    { 2, QLatin1String("Q4_0") },
    { 3, QLatin1String("Q4_1") },
    { 7, QLatin1String("Q8_0") },
    { 8, QLatin1String("Q5_0") },
    { 9, QLatin1String("Q5_1") },
    { 10, QLatin1String("Q2_K") },
    { 11, QLatin1String("Q3_K_S") },
    { 12, QLatin1String("Q3_K_M") },
    { 13, QLatin1String("Q3_K_L") },
    { 14, QLatin1String("Q4_K_S") },
    { 15, QLatin1String("Q4_K_M") },
    { 16, QLatin1String("Q5_K_S") },
    { 17, QLatin1String("Q5_K_M") },
    { 18, QLatin1String("Q6_K") },
    { 19, QLatin1String("IQ2_XXS") },
    { 20, QLatin1String("IQ2_XS") },
    { 21, QLatin1String("Q2_K_S") },
    { 22, QLatin1String("IQ3_XS") },
    { 23, QLatin1String("IQ3_XXS") },
    { 24, QLatin1String("IQ1_S") },
    { 25, QLatin1String("IQ4_NL") },
    { 26, QLatin1String("IQ3_S") },
    { 27, QLatin1String("IQ3_M") },
    { 28, QLatin1String("IQ2_S") },
    { 29, QLatin1String("IQ2_M") },
    { 30, QLatin1String("IQ4_XS") },
    { 31, QLatin1String("IQ1_M") },
    { 32, QLatin1String("BF16") },
    { 36, QLatin1String("TQ1_0") },
    { 37, QLatin1String("TQ2_0") },
    { 38, QLatin1String("MXFP4") },
    { 39, QLatin1String("NVFP4") },
    { 40, QLatin1String("Q1_0") },
};

constexpr std::uint64_t kGuessedFlag = 1024;

} // namespace

const GgmlType *ggmlType(std::uint32_t id)
{
    const auto *row = std::ranges::lower_bound(kTypes, id, {}, &GgmlType::id);
    return row != std::end(kTypes) && row->id == id ? row : nullptr;
}

const GgmlType *ggmlType(QStringView name)
{
    const auto *row = std::ranges::find_if(kTypes, [&](const GgmlType &type) { return type.name == name; });
    return row != std::end(kTypes) ? row : nullptr;
}

std::optional<QString> ggufFileTypeName(std::uint64_t fileType)
{
    const auto *row = std::ranges::find(kFileTypes, fileType & ~kGuessedFlag, &FileType::id);
    if (row == std::end(kFileTypes))
        return std::nullopt;
    return QString(row->name);
}

} // namespace mf
