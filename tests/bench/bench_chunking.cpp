// SPDX-License-Identifier: GPL-3.0-or-later
// What is new of a model after another one that resembles it, with our cuts and with those of a 64 KiB gear chunker as
// Xet's (mean 64 KiB, least 8 KiB, most 128 KiB). Bytes, not time: the same on every machine.
//
//   bench_chunking [MIB]     of each model, 512 by default
#include "core/distributor/source_reader.h"
#include "tests/bench/figures.h"
#include "tests/support/make_model.h"
#include "tests/support/model_plan.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <nlohmann/json.hpp>

#include <functional>
#include <set>

using namespace mf;

namespace {

// ---- the two ways to cut

using Known = std::set<Sha256>;

// Bytes of the file that were not known before.
qint64 freshByOurs(const QString &path, Known &known)
{
    static constexpr std::array<std::uint8_t, SecretKey::kSize> kGear { 7 };
    auto entries = scanSources({ QFile::encodeName(path) });
    if (!entries)
        qFatal("%s", qPrintable(entries.error().message));
    SourceReader reader(std::move(*entries), SecretKey(kGear));
    qint64 fresh = 0;
    for (bool isLast = false; !isLast;) {
        auto batch = reader.next();
        if (!batch)
            qFatal("%s", qPrintable(batch.error().message));
        hashChunks(*batch);
        for (const SourceChunk &chunk : batch->chunks) {
            if (chunk.kind == SourceChunk::Kind::Chunk && known.insert(Sha256(chunk.hash.bytes)).second)
                fresh += chunk.length;
        }
        isLast = batch->isLast;
    }
    return fresh;
}

// A gear hash of the last 64 bytes whose upper 16 bits are zero is a cut.
std::size_t gearCut(ByteView bytes)
{
    static const auto table = [] {
        std::array<std::uint64_t, 256> all {};
        FastRandom random(1);
        for (auto &one : all)
            one = random.next();
        return all;
    }();
    constexpr std::size_t kLeast = 8 << 10, kMost = 128 << 10;
    const std::size_t end = std::min(bytes.size(), kMost);
    std::uint64_t hash = 0;
    for (std::size_t at = std::min(end, kLeast - 64); at < end; ++at) {
        hash = (hash << 1) + table[bytes[at]];
        if (at >= kLeast && hash >> 48 == 0)
            return at + 1;
    }
    return end;
}

qint64 freshByGear(const QString &path, Known &known)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    const auto size = static_cast<std::size_t>(file.size());
    const uchar *begin = file.map(0, file.size());
    ByteView rest(begin, size);
    qint64 fresh = 0;
    while (!rest.empty()) {
        const ByteView chunk = rest.first(gearCut(rest));
        if (known.insert(sha256(chunk)).second)
            fresh += static_cast<qint64>(chunk.size());
        rest = rest.subspan(chunk.size());
    }
    return fresh;
}

// ---- the pairs

void makeIt(const ModelRecipe &recipe, const QString &path)
{
    if (const auto made = makeModel(recipe, path); !made)
        qFatal("%s", qPrintable(made.error().message));
}

// A safetensors file with its header changed, and its tensors in the order of that header.
class Safetensors
{
public:
    explicit Safetensors(const QString &path)
        : m_in(path)
    {
        if (!m_in.open(QIODevice::ReadOnly))
            qFatal("cannot read %s", qPrintable(path));
        const QByteArray length = m_in.read(8);
        m_start = 8 + static_cast<qint64>(loadLe<std::uint64_t>(viewOf(length).data()));
        header = nlohmann::ordered_json::parse(m_in.read(m_start - 8).toStdString());
    }

    nlohmann::ordered_json header;

    void reverse()
    {
        nlohmann::ordered_json other;
        for (auto tensor = header.rbegin(); tensor != header.rend(); ++tensor)
            other[tensor.key()] = tensor.value();
        header = other;
    }

    void write(const QString &path)
    {
        QFile out(path);
        std::vector<std::pair<qint64, qint64>> pieces; // of the old file
        qint64 at = 0;
        for (auto &[name, tensor] : header.items()) {
            if (name == "__metadata__")
                continue;
            const qint64 begin = tensor["data_offsets"][0], end = tensor["data_offsets"][1];
            pieces.emplace_back(m_start + begin, end - begin);
            tensor["data_offsets"] = { at, at + end - begin };
            at += end - begin;
        }
        QByteArray text = QByteArray::fromStdString(header.dump());
        text.append((8 - text.size() % 8) % 8, ' ');
        QByteArray length(8, '\0');
        storeLe<std::uint64_t>(mutableViewOf(length).data(), static_cast<std::uint64_t>(text.size()));
        bool isWritten = out.open(QIODevice::WriteOnly) && out.write(length) == 8 && out.write(text) == text.size();
        for (const auto &[offset, size] : pieces) {
            for (qint64 done = 0; isWritten && done < size;) {
                const QByteArray bytes = (m_in.seek(offset + done), m_in.read(std::min<qint64>(size - done, 1 << 20)));
                isWritten = !bytes.isEmpty() && out.write(bytes) == bytes.size();
                done += bytes.size();
            }
        }
        if (!isWritten || !out.flush())
            qFatal("cannot write %s", qPrintable(path));
    }

private:
    QFile m_in;
    qint64 m_start = 0;
};

// One tensor of the GGUF file in another quantisation: as large as it is then, and other bytes.
void requantise(const ModelRecipe &recipe, const QString &from, const QString &to)
{
    auto plan = planModel(recipe);
    if (!plan)
        qFatal("%s", qPrintable(plan.error().message));
    const auto &before = plan->files.front();
    std::vector<PlannedTensor> tensors = before.tensors;
    const auto changed = std::find_if(tensors.begin(), tensors.end(),
        [](const PlannedTensor &tensor) { return tensor.type == "Q4_K" && tensor.name.startsWith("blk.1."); });
    if (changed == tensors.end())
        qFatal("the model has no such tensor");
    changed->type = "Q6_K";
    changed->kind = WeightKind::Q6_K;
    changed->bytes = changed->bytes / bytesInBlock(WeightKind::Q4_K) * bytesInBlock(WeightKind::Q6_K);
    QFile in(from), out(to);
    if (!in.open(QIODevice::ReadOnly) || !out.open(QIODevice::WriteOnly))
        qFatal("cannot write %s", qPrintable(to));
    out.write(ggufHeaderOf(recipe, plan->shape, tensors));
    in.seek(before.header.size());
    const auto padding
        = [&before](qint64 bytes) { return (before.alignment - bytes % before.alignment) % before.alignment; };
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const qint64 old = before.tensors[i].bytes + padding(before.tensors[i].bytes);
        QByteArray bytes = in.read(old);
        if (before.tensors[i].type != tensors[i].type) {
            bytes = QByteArray(tensors[i].bytes + padding(tensors[i].bytes), '\0');
            WeightSource(tensors[i].kind, tensors[i].sigma, 99)
                .fill(mutableViewOf(bytes).first(static_cast<std::size_t>(tensors[i].bytes)));
        }
        if (out.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(to));
    }
}

} // namespace

// NOLINTNEXTLINE(bugprone-exception-escape): a tool: an exception ends it, and nobody calls it
int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    const QTemporaryDir dir;
    const auto path = [&dir](const char *name) { return dir.filePath(QString::fromUtf8(name)); };
    ModelRecipe bf16;
    bf16.format = ModelRecipe::Format::Safetensors;
    bf16.dtype = QStringLiteral("BF16");
    bf16.size = qint64(argc > 1 ? QByteArray(argv[1]).toInt() : 512) << 20;
    ModelRecipe q4 = bf16;
    q4.format = ModelRecipe::Format::Gguf;
    q4.dtype = QStringLiteral("Q4_K_M");
    makeIt(bf16, path("bf16.safetensors"));
    makeIt(q4, path("q4.gguf"));

    struct Pair {
        const char *what;
        const char *before;
        const char *after;
        std::function<void(const QString &)> make;
    };
    const std::vector<Pair> pairs {
        { "metadata changed", "bf16.safetensors", "after.safetensors",
            [&](const QString &to) {
                Safetensors file(path("bf16.safetensors"));
                file.header["__metadata__"] = { { "format", "pt" }, { "title", "a fine-tuned model" } };
                file.write(to);
            } },
        { "metadata changed, GGUF", "q4.gguf", "after.gguf",
            [&](const QString &to) {
                ModelRecipe other = q4;
                other.name = QStringLiteral("Test-Llama-Instruct-v2");
                makeIt(other, to);
            } },
        { "one layer fine-tuned", "bf16.safetensors", "after.safetensors",
            [&](const QString &to) {
                ModelRecipe other = bf16;
                other.changedLayer = 1;
                makeIt(other, to);
            } },
        { "tensors in another order", "bf16.safetensors", "after.safetensors",
            [&](const QString &to) {
                Safetensors file(path("bf16.safetensors"));
                file.reverse();
                file.write(to);
            } },
        { "one tensor requantised", "q4.gguf", "after.gguf",
            [&](const QString &to) { requantise(q4, path("q4.gguf"), to); } },
        { "a tar of the model", "bf16.safetensors", "after.tar",
            [&](const QString &to) {
                if (QProcess::execute(QStringLiteral("tar"),
                        { QStringLiteral("-C"), dir.path(), QStringLiteral("-cf"), to,
                            QStringLiteral("bf16.safetensors") })
                    != 0)
                    qFatal("tar failed");
            } },
    };

    std::printf("kept of both models, in KiB: ours, a 64 KiB gear chunker\n");
    bench::Figures figures("ours", "gear");
    for (const Pair &pair : pairs) {
        const QString after = path(pair.after);
        pair.make(after);
        std::array<qint64, 2> kept {};
        std::array<qint64, 2> fresh {};
        std::size_t way = 0;
        for (const auto cut : { freshByOurs, freshByGear }) {
            Known known;
            kept[way] = cut(path(pair.before), known);
            fresh[way] = cut(after, known);
            kept[way] += fresh[way];
            ++way;
        }
        figures.ratioAtMost(pair.what, double(kept[0]) / 1024, double(kept[1]) / 1024, 1.02);
        std::printf("%-28s %8.0f %8.0f\n", "  of it new", double(fresh[0]) / 1024, double(fresh[1]) / 1024);
        QFile::remove(after);
    }
    return figures.exitCode();
}
