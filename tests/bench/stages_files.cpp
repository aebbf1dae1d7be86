// SPDX-License-Identifier: GPL-3.0-or-later
// Reading and writing: bare calls, and an account that is a folder; on TMPDIR.
#include "core/providers/folder/folder.h"
#include "tests/bench/stages.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

#include <QTemporaryDir>

#include <fcntl.h>
#include <unistd.h>

namespace mf::bench {
namespace {

class BenchFile
{
public:
    BenchFile()
        : m_folder(QDir::tempPath() + QStringLiteral("/bench-XXXXXX"))
        , m_descriptor(::open(qPrintable(m_folder.filePath(QStringLiteral("file"))), O_RDWR | O_CREAT, 0600))
    {
        writeAll(); // so that its pages are there
    }
    ~BenchFile() { ::close(m_descriptor); }
    BenchFile(const BenchFile &) = delete;
    BenchFile &operator=(const BenchFile &) = delete;

    void writeAll()
    {
        for (std::size_t i = 0; i < kChunks; ++i)
            if (::pwrite(m_descriptor, m_chunk.constData(), kChunk, static_cast<off_t>(i * kChunk)) != ssize_t(kChunk))
                qFatal("cannot write below %s", qPrintable(QDir::tempPath()));
    }
    void readAll()
    {
        for (std::size_t i = 0; i < kChunks; ++i)
            if (::pread(m_descriptor, m_chunk.data(), kChunk, static_cast<off_t>(i * kChunk)) != ssize_t(kChunk))
                qFatal("cannot read below %s", qPrintable(QDir::tempPath()));
    }

private:
    QTemporaryDir m_folder;
    int m_descriptor;
    QByteArray m_chunk = QByteArray(static_cast<qsizetype>(kChunk), 'x');
};

void readLibrary(benchmark::State &state)
{
    BenchFile file;
    for (auto _ : state)
        file.readAll();
    countModel(state);
}

void writeLibrary(benchmark::State &state)
{
    BenchFile file;
    for (auto _ : state)
        file.writeAll();
    countModel(state);
}

// The model as fragments of 16 MiB in an account that is a folder: each is a file of new pages, synced, and given its
// name.
class BenchFolder
{
public:
    BenchFolder()
        : m_folder(QDir::tempPath() + QStringLiteral("/bench-XXXXXX"))
    {
        AccountSettings settings;
        settings.insert(QStringLiteral("path"), m_folder.filePath(QStringLiteral("account")));
        m_provider = must(folderKind().make(ProviderContext { m_clock, m_io }, settings, SecretText(), true));
        putAll(); // so that its pages are there
    }
    void putAll()
    {
        for (int i = 0; i < kFragments; ++i)
            must(runTask(m_provider->put(nameOf(i), m_fragment)));
    }
    void getAll()
    {
        for (int i = 0; i < kFragments; ++i)
            must(runTask(m_provider->get(nameOf(i), Range())));
    }
    void removeAll()
    {
        for (int i = 0; i < kFragments; ++i)
            must(runTask(m_provider->remove(nameOf(i))));
    }

private:
    static constexpr std::size_t kFragment = std::size_t(16) << 20;
    static constexpr int kFragments = int(kModel / kFragment);
    static BlobName nameOf(int i) { return BlobName(QStringLiteral("f/00/") + QString(52, QChar(u'a' + i))); }

    QTemporaryDir m_folder;
    SystemClock m_clock;
    Pool m_io { 1 };
    std::unique_ptr<Provider> m_provider;
    QByteArray m_fragment = QByteArray(static_cast<qsizetype>(kFragment), 'x');
};

void folderWriteOurs(benchmark::State &state)
{
    BenchFolder folder;
    for (auto _ : state) {
        state.PauseTiming();
        folder.removeAll();
        state.ResumeTiming();
        folder.putAll();
    }
    countModel(state);
}

void folderReadOurs(benchmark::State &state)
{
    BenchFolder folder;
    for (auto _ : state)
        folder.getAll();
    countModel(state);
}

} // namespace

void addFileRows()
{
    using benchmark::RegisterBenchmark;
    RegisterBenchmark("folder read/ours", folderReadOurs)->UseRealTime();
    RegisterBenchmark("read/library", readLibrary);
    RegisterBenchmark("folder write/ours", folderWriteOurs)->UseRealTime();
    RegisterBenchmark("write/library", writeLibrary);
}

} // namespace mf::bench
