// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// Rows of figures beside what they are to reach.

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <vector>

namespace mf::bench {

inline double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// A table that is printed row by row and knows in the end whether all was reached.
class Figures
{
public:
    Figures(const char *ours, const char *other) { std::printf("%-28s %8s %8s %8s\n", "", ours, other, "ratio"); }

    // least: what ours / other has to be; 0: it is only printed.
    void ratio(const char *name, double ours, double other, double least)
    {
        std::printf("%-28s %8.0f %8.0f %8.2f%s\n", name, ours, other, ours / other, said(ours / other >= least));
        std::fflush(stdout);
    }
    void ratioAtMost(const char *name, double ours, double other, double most)
    {
        std::printf("%-28s %8.0f %8.0f %8.3f%s\n", name, ours, other, ours / other, said(ours / other <= most));
        std::fflush(stdout);
    }
    void atLeast(const char *name, double value, double least)
    {
        std::printf("%-28s %8.0f %8.0f%s\n", name, value, least, said(value >= least));
        std::fflush(stdout);
    }
    void atMost(const char *name, double value, double most)
    {
        std::printf("%-28s %8.1f %8.0f%s\n", name, value, most, said(value <= most));
        std::fflush(stdout);
    }
    // who: RUSAGE_SELF or RUSAGE_CHILDREN. MiB.
    void peakMemory(int who, double most)
    {
        struct rusage usage {};
        ::getrusage(who, &usage);
        atMost("peak memory, MiB", double(usage.ru_maxrss) / 1024, most);
    }

    int exitCode() const { return m_isReached ? 0 : 1; }

private:
    const char *said(bool isReached)
    {
        m_isReached = m_isReached && isReached;
        return isReached ? "" : "  MISSED";
    }

    bool m_isReached = true;
};

} // namespace mf::bench
