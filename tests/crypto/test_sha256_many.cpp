// SPDX-License-Identifier: GPL-3.0-or-later
// Every engine and every kernel that this processor has, against OpenSSL one message at a time.
#include "core/crypto/secret.h"
#include "core/crypto/sha256.h"
#include "core/crypto/sha256_lanes.h"
#include "tests/crypto/message_mixes.h"

#include <QtTest>

#include <deque>

using namespace mf;

namespace {
QString nameOf(Sha256Engine engine)
{
    switch (engine) {
    case Sha256Engine::Portable:
        return u"portable"_qs;
    case Sha256Engine::ShaNi:
        return u"SHA-NI"_qs;
    case Sha256Engine::Avx2:
        return u"AVX2"_qs;
    case Sha256Engine::Avx512:
        return u"AVX-512"_qs;
    }
    return {};
}
constexpr Sha256Engine kEngines[]
    = { Sha256Engine::Portable, Sha256Engine::ShaNi, Sha256Engine::Avx2, Sha256Engine::Avx512 };

struct Kernel {
    const char *name;
    const Sha256Kernel *kernel;
    Sha256Engine needs;
};
#if defined(__x86_64__)
const Kernel kKernels[] = {
    { "SHA-NI, one stream", &kSha256ShaNi1, Sha256Engine::ShaNi },
    { "SHA-NI, two streams", &kSha256ShaNi2, Sha256Engine::ShaNi },
    { "AVX2", &kSha256Avx2, Sha256Engine::Avx2 },
    { "AVX-512", &kSha256Avx512, Sha256Engine::Avx512 },
};
#endif
} // namespace

class TestSha256Many : public QObject
{
    Q_OBJECT
    std::vector<std::uint8_t> m_bytes = std::vector<std::uint8_t>(3 << 20);
    std::vector<ByteView> m_inputs;
    std::vector<Sha256> m_expected;

    // Messages at odd places, that overlap and differ.
    void prepare(const Lengths &lengths)
    {
        m_inputs.clear();
        m_expected.clear();
        const ByteView all = m_bytes;
        for (std::size_t i = 0; i < lengths.size(); ++i) {
            m_inputs.push_back(all.subspan(i * 4099, lengths[i]));
            m_expected.push_back(sha256(m_inputs.back()));
        }
    }
    void compare(const std::vector<Sha256> &digests)
    {
        for (std::size_t i = 0; i < digests.size(); ++i)
            QVERIFY2(digests[i] == m_expected[i],
                qPrintable(u"message %1 of %2, %3 bytes"_qs.arg(i).arg(digests.size()).arg(m_inputs[i].size())));
    }
private slots:
    void initTestCase() { fillRandom(m_bytes); }

    void everyEngineAgreesWithOpenSsl_data()
    {
        QTest::addColumn<Sha256Engine>("engine");
        QTest::addColumn<Lengths>("lengths");
        for (const Sha256Engine engine : kEngines)
            for (const Mix &mix : mixes())
                QTest::newRow(qPrintable(nameOf(engine) + u": "_qs + mix.name)) << engine << mix.lengths;
    }
    void everyEngineAgreesWithOpenSsl()
    {
        QFETCH(Sha256Engine, engine);
        QFETCH(Lengths, lengths);
        if (!isAvailable(engine))
            QSKIP("this processor does not have it");
        prepare(lengths);
        std::vector<Sha256> digests(lengths.size());
        sha256Many(m_inputs, digests, engine);
        compare(digests);
    }

#if defined(__x86_64__)
    // Down to the last lane, where sha256Many would hand over to a narrower kernel.
    void everyKernelAgreesWithOpenSsl_data()
    {
        QTest::addColumn<int>("kernel");
        QTest::addColumn<Lengths>("lengths");
        for (int kernel = 0; kernel < 4; ++kernel)
            for (const Mix &mix : mixes())
                QTest::newRow(qPrintable(QString::fromLatin1(kKernels[kernel].name) + u": "_qs + mix.name))
                    << kernel << mix.lengths;
    }
    void everyKernelAgreesWithOpenSsl()
    {
        QFETCH(int, kernel);
        QFETCH(Lengths, lengths);
        if (!isAvailable(kKernels[kernel].needs))
            QSKIP("this processor does not have it");
        prepare(lengths);
        std::vector<Sha256> digests(lengths.size());
        std::deque<Sha256Job> jobs;
        std::vector<Sha256Job *> queue;
        queue.reserve(digests.size());
        for (std::size_t i = 0; i < lengths.size(); ++i)
            queue.push_back(&jobs.emplace_back(m_inputs[i], digests[i]));
        runLanes(*kKernels[kernel].kernel, queue, 1);
        QVERIFY(queue.empty());
        compare(digests);
    }

    // A message that one kernel began is finished by another.
    void jobsGoFromKernelToKernel()
    {
        if (!isAvailable(Sha256Engine::Avx2) || !isAvailable(Sha256Engine::ShaNi))
            QSKIP("this processor does not have both");
        prepare({ 1000, 2000, 3000, 64, 100000, 100100, 100200, 65, 500 });
        std::vector<Sha256> digests(m_inputs.size());
        std::deque<Sha256Job> jobs;
        std::vector<Sha256Job *> queue;
        queue.reserve(digests.size());
        for (std::size_t i = 0; i < m_inputs.size(); ++i)
            queue.push_back(&jobs.emplace_back(m_inputs[i], digests[i]));
        runLanes(kSha256Avx2, queue, 4);
        QCOMPARE(queue.size(), std::size_t(3));
        runLanes(kSha256ShaNi2, queue, 2);
        QCOMPARE(queue.size(), std::size_t(1));
        runLanes(kSha256ShaNi1, queue, 1);
        compare(digests);
    }
#endif

    void theBestEngineIsThereAndStaysTheSame()
    {
        QVERIFY(isAvailable(Sha256Engine::Portable));
        const Sha256Engine best = bestSha256Engine();
        qInfo() << "best engine here:" << nameOf(best);
        QVERIFY(isAvailable(best));
        QCOMPARE(bestSha256Engine(), best);
    }

    void withoutAnEngineNamedItIsRightToo()
    {
        prepare(Lengths(40, 12345));
        std::vector<Sha256> digests(m_inputs.size());
        sha256Many(m_inputs, digests);
        compare(digests);
    }
};

QTEST_GUILESS_MAIN(TestSha256Many)
#include "test_sha256_many.moc"
