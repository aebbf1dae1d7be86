// SPDX-License-Identifier: GPL-3.0-or-later
// A file and its chunks hashed together: the kernel that instruction counts cannot guard, because valgrind does not
// know its instructions. Two times of one run are compared, each the least of many.
#include "core/crypto/secret.h"
#include "core/crypto/sha256_lanes.h"
#include "core/crypto/sha256_pieces.h"

#include <QtTest>

using namespace mf;

class TestHashTogether : public QObject
{
    Q_OBJECT
private slots:
    void togetherTakesAFifthLess()
    {
#if defined(__x86_64__)
        if (!sha256BesideKernel() || !__builtin_cpu_is("intel")) // not measured elsewhere
#endif
            QSKIP("this processor has not what it takes");
        std::vector<std::uint8_t> bytes(8 << 20);
        fillRandom(bytes);
        std::vector<ByteView> pieces;
        for (std::size_t at = 0; at < bytes.size(); at += 1 << 20)
            pieces.push_back(ByteView(bytes).subspan(at, 1 << 20));
        std::vector<Sha256> digests(pieces.size());
        const auto secondsOf
            = [&](bool together) { return leastSeconds(20, [&] { Sha256Pieces(together).add(pieces, digests); }); };
        const double apart = secondsOf(false);
        const double together = secondsOf(true);
        QVERIFY2(together < 0.8 * apart, qPrintable(u"%1 ms, and apart %2"_qs.arg(together * 1e3).arg(apart * 1e3)));
    }
};

QTEST_GUILESS_MAIN(TestHashTogether)
#include "test_hash_together.moc"
