// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// GGUF, versions 2 and 3: what stands before the tensors' bytes.

#include "core/formats/byte_source.h"
#include "core/formats/tensor.h"

#include <variant>
#include <vector>

namespace mf {

// The numbers are the format's.
enum class GgufType : std::uint32_t {
    U8 = 0,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    Bool,
    String,
    Array,
    U64,
    I64,
    F64,
};
QString ggufTypeName(GgufType type); // "u32", "string"

using GgufScalar = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, QByteArray>;

// One metadata entry. Integers of any width arrive as int64 or uint64 by their sign.
struct GgufEntry {
    QByteArray key;
    GgufType type = GgufType::U8;
    // Not for arrays. A string of more than kKeptString bytes is cut there; `count` tells how long it is.
    GgufScalar value;
    GgufType element = GgufType::U8; // of an array
    std::uint64_t count = 0; // elements of an array, bytes of a string
    qint64 offset = 0; // in the file: where the elements of an array, or the bytes of a string, begin
    std::vector<GgufScalar> items; // the whole array if it has at most kKeptItems elements, else empty
};

struct GgufHeader {
    static constexpr int kKeptString = 1 << 20;
    static constexpr std::uint64_t kKeptItems = 512;

    std::uint32_t version = 3;
    std::uint32_t alignment = 32;
    qint64 dataStart = 0; // beyond the file's end only if there are no tensors
    qint64 dataEnd = 0; // end of the last tensor, without padding
    std::vector<GgufEntry> entries;
    std::vector<Tensor> tensors; // in the order of the file, which is that of their offsets

    // The entry of that key, or null.
    const GgufEntry *find(QByteArrayView key) const;
    // Leniently: nothing unless the entry is there and is of such a kind; integers of any width that fit.
    std::optional<QString> text(QByteArrayView key) const;
    std::optional<qint64> integer(QByteArrayView key) const;
};

inline constexpr qint64 kGgufHeaderLimit = 100'000'000;

// True if these first bytes of a file (4 suffice) are a GGUF file's.
bool looksLikeGguf(ByteView head);

// Reads and checks the header and the tensor table, and that the file holds all tensors. Refuses what ggml's own reader
// refuses; every count is bounded before memory is taken for it, and no header may be longer than kGgufHeaderLimit.
// Errors: MF-FORMAT-… of byte_source.h.
Result<GgufHeader> readGguf(const ByteSource &source);

// Elements [first, first + count) of an array entry, for display, as text; fewer at its end. count <= 10,000.
Result<QStringList> readGgufArray(const ByteSource &source, const GgufEntry &entry, std::uint64_t first, int count);

// A scalar as text for people: "128", "0.5", "true", the string itself.
QString toText(const GgufScalar &value);

} // namespace mf
