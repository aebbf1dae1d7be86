// SPDX-License-Identifier: GPL-3.0-or-later
// Each stage of a store and a fetch alone, on one core, over 64 MiB of a model in chunks of 1 MiB: bytes of the model a
// second. "ours" is what ModelFloat calls; "library" beside it is the primitive below, called with nothing around it:
// their quotient is what our code costs. At the end, what a store and a fetch would take on both cores if they were
// nothing but these primitives.
#include "core/base/heap.h"
#include "tests/bench/stages.h"

#include <QCoreApplication>

#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <string>

namespace mf::bench {
namespace {

// Prints as ever, and remembers how long each row took.
class RememberingReporter : public benchmark::ConsoleReporter
{
public:
    using ConsoleReporter::ConsoleReporter;
    void ReportRuns(const std::vector<Run> &runs) override
    {
        for (const Run &run : runs) {
            const auto rate = run.counters.find("bytes_per_second");
            if (rate != run.counters.end())
                m_rates[run.benchmark_name()] = rate->second;
        }
        ConsoleReporter::ReportRuns(runs);
    }
    // Nanoseconds for a byte of the model; NaN if the row did not run.
    double costOf(const std::string &row) const
    {
        const auto rate = m_rates.find(row);
        return rate == m_rates.end() ? std::numeric_limits<double>::quiet_NaN() : 1e9 / rate->second;
    }

private:
    std::map<std::string, double> m_rates;
};

void printFloor(const char *what, double cost)
{
    if (!std::isnan(cost))
        std::printf("%-16s %.3f ns a byte: %.0f MB/s on two cores\n", what, cost, 2e3 / cost);
}

// 2 + 1 over three folders. kept: of a byte of the model, without parity.
void printFloors(const RememberingReporter &rows)
{
    const double chunks = std::min(rows.costOf("hash/ours/AVX-512/" + std::to_string(kChunks)),
        rows.costOf("hash/ours/SHA-NI/" + std::to_string(kChunks)));
    const double hashes = chunks + rows.costOf("hash/library/one by one"); // of chunks, and of the file
    const double read = rows.costOf("read/library");
    const double write = rows.costOf("write/library");
    const double seal = rows.costOf("seal/library");
    const double parity = rows.costOf("parity/library/2+1");
    const double encode = rows.costOf("encode/library/BF16, its high plane");
    const double decode = rows.costOf("decode/library/BF16, its high plane");
    constexpr double kept = 0.665; // BF16
    std::printf("\nnothing but the libraries' primitives:\n");
    printFloor("store, raw", read + hashes + seal + parity + 1.5 * write);
    printFloor("store, BF16", read + hashes + encode + decode + kept * (seal + parity + 1.5 * write));
    printFloor("fetch, raw", read + seal + hashes + write);
    printFloor("fetch, BF16", kept * (read + seal) + decode + hashes + write);
}

} // namespace
} // namespace mf::bench

// NOLINTNEXTLINE(bugprone-exception-escape): a tool: an exception ends it, and nobody calls it
int main(int argc, char **argv)
{
    using namespace mf::bench;
    mf::keepHeapSmall();
    const QCoreApplication app(argc, argv);
    addChunkRows();
    addPackRows();
    addFileRows();
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv))
        return 2;
    RememberingReporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    printFloors(reporter);
    benchmark::Shutdown();
    return 0;
}
