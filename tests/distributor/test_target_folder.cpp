// SPDX-License-Identifier: GPL-3.0-or-later
// No stored name leads outside the folder a model is fetched into; every legal name comes back.
#include "core/base/path_text.h"
#include "core/crypto/sha256.h"
#include "core/distributor/source_file.h"
#include "core/distributor/target_folder.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace mf;

class TestTargetFolder : public QObject
{
    Q_OBJECT
    QTemporaryDir m_dir;
    QByteArray path(const char *name) const { return QFile::encodeName(m_dir.path()) + '/' + name; }

    static Result<> writeFile(
        TargetFolder &folder, const QString &name, const QByteArray &bytes, bool overwrite = false)
    {
        const auto part = folder.openPart(name, Sha256());
        if (!part)
            return part.error();
        const auto written = (*part)->write(0, viewOf(bytes));
        if (!written)
            return written;
        return (*part)->finish(bytes.size(), false, QDateTime(), overwrite);
    }
    void put(const char *name, const QByteArray &bytes) const
    {
        QFile file(m_dir.filePath(QString::fromLatin1(name)));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
    QByteArray contentOf(const char *name) const
    {
        QFile file(m_dir.filePath(QString::fromLatin1(name)));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(none)");
    }

private slots:
    void initTestCase() { ::umask(027); } // no usual one

    void permissionsAreOfTheUmaskWhichStays()
    {
        const auto folder = TargetFolder::open(path("modes"));
        QVERIFY(folder);
        std::vector<std::thread> threads;
        std::atomic<int> failed = 0;
        for (int t = 0; t < 8; ++t) {
            threads.emplace_back([&folder = **folder, &failed, t] {
                for (int i = 0; i < 20; ++i) {
                    const auto part = folder.openPart(QStringLiteral("%1-%2").arg(t).arg(i), Sha256());
                    if (!part || !(*part)->finish(0, i % 2 == 1, QDateTime(), false))
                        ++failed;
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(failed.load(), 0);
        const mode_t after = ::umask(027);
        QCOMPARE(after, mode_t(027));
        for (int t = 0; t < 8; ++t) {
            for (int i = 0; i < 20; ++i) {
                struct stat info {};
                const QByteArray name = path("modes/") + QByteArray::number(t) + '-' + QByteArray::number(i);
                QCOMPARE(::stat(name.constData(), &info), 0);
                QCOMPARE(info.st_mode & 0777, mode_t(i % 2 == 1 ? 0750 : 0640));
            }
        }
    }

    void hostileNamesAreRefused_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("up") << QStringLiteral("../a");
        QTest::newRow("up in the middle") << QStringLiteral("a/../../b");
        QTest::newRow("absolute") << QStringLiteral("/etc/a");
        QTest::newRow("empty") << QString();
        QTest::newRow("empty part") << QStringLiteral("a//b");
        QTest::newRow("dot") << QStringLiteral("./a");
        QTest::newRow("NUL") << QString(QStringLiteral("a") + QChar(u'\0') + QStringLiteral("b"));
        QTest::newRow("256 bytes") << QString(256, u'x');
        QTest::newRow("256 bytes in 128 characters") << QString(128, u'é');
        QTest::newRow("an escaped slash cannot be made")
            << QString(QStringLiteral("..") + QChar(0xF72F) + QStringLiteral("..//a"));
    }
    void hostileNamesAreRefused()
    {
        QFETCH(const QString, name);
        const auto folder = TargetFolder::open(path("target"));
        QVERIFY(folder);
        const auto written = writeFile(**folder, name, "x");
        QVERIFY(!written);
        QCOMPARE(written.error().id, QStringLiteral("MF-PATH-UNSAFE"));
    }

    void linksInsideAreNotFollowed()
    {
        QVERIFY(QDir().mkpath(m_dir.filePath(QStringLiteral("outside"))));
        const auto folder = TargetFolder::open(path("linked"));
        QVERIFY(folder);
        QCOMPARE(::symlink(path("outside").constData(), path("linked/sub").constData()), 0);
        const auto written = writeFile(**folder, QStringLiteral("sub/a"), "x");
        QVERIFY(!written);
        QCOMPARE(written.error().id, QStringLiteral("MF-PATH-UNSAFE"));
        QVERIFY(!QFile::exists(m_dir.filePath(QStringLiteral("outside/a"))));
    }

    void aLinkUnderTheFilesNameIsReplacedNotFollowed()
    {
        QFile outside(m_dir.filePath(QStringLiteral("precious")));
        QVERIFY(outside.open(QIODevice::WriteOnly) && outside.write("mine") == 4);
        outside.close();
        const auto folder = TargetFolder::open(path("replaced"));
        QVERIFY(folder);
        QCOMPARE(::symlink(path("precious").constData(), path("replaced/a").constData()), 0);
        const auto refused = writeFile(**folder, QStringLiteral("a"), "theirs");
        QVERIFY(!refused);
        QCOMPARE(refused.error().id, QStringLiteral("MF-FETCH-EXISTS"));
        QVERIFY(writeFile(**folder, QStringLiteral("a"), "theirs", true));
        QVERIFY(outside.open(QIODevice::ReadOnly));
        QCOMPARE(outside.readAll(), QByteArray("mine"));
    }

    void everyLegalNameComesBack_data()
    {
        QTest::addColumn<QByteArray>("name");
        QByteArray low;
        QByteArray high;
        for (int c = 1; c < 128; ++c)
            if (c != '/')
                low.append(static_cast<char>(c));
        for (int c = 128; c < 256; ++c)
            high.append(static_cast<char>(c));
        QTest::newRow("all of ASCII") << low;
        QTest::newRow("bytes that are no UTF-8") << high;
        QTest::newRow("255 bytes") << QByteArray(255, 'n');
        QTest::newRow("accents") << QByteArray("modèle – 模型 🦙.gguf");
        QTest::newRow("the escape characters themselves") << QByteArray("\xef\x9e\x80 \xef\x9f\xbf");
        QTest::newRow("leading dash and spaces") << QByteArray("- a ");
        QTest::newRow("hidden") << QByteArray(".hidden");
        QTest::newRow("a line break") << QByteArray("a\nb");
    }
    void everyLegalNameComesBack()
    {
        QFETCH(const QByteArray, name);
        QTemporaryDir source;
        const QByteArray full = QFile::encodeName(source.path()) + '/' + name;
        const int made = ::open(full.constData(), O_CREAT | O_WRONLY, 0600); // QFile takes no name of any bytes
        QVERIFY(made >= 0);
        ::close(made);
        const std::vector<QByteArray> paths(1, QFile::encodeName(source.path()));
        const auto entries = scanSources(paths);
        QVERIFY(entries);
        QCOMPARE(entries->size(), std::size_t(1));
        QCOMPARE(pathOfText(entries->front().stored), name);
        const auto folder = TargetFolder::open(path("names"));
        QVERIFY(folder);
        const auto written = writeFile(**folder, entries->front().stored, "x");
        QVERIFY2(written, qPrintable(written ? QString() : written.error().message));
        QCOMPARE(::access(QByteArray(path("names/") + name).constData(), F_OK), 0);
    }

    void whatIsThereAlready()
    {
        const auto folder = TargetFolder::open(path("there"));
        QVERIFY(folder);
        QVERIFY(!(**folder).hashOf(QStringLiteral("sub/a"), 3, Sha256())->has_value());
        QVERIFY(writeFile(**folder, QStringLiteral("sub/a"), "abc"));
        QCOMPARE(**(**folder).hashOf(QStringLiteral("sub/a"), 3, Sha256()), sha256(viewOf(QByteArray("abc"))));
        QCOMPARE(**(**folder).hashOf(QStringLiteral("sub/a"), 4, Sha256()), Sha256()); // another file, for certain
        const auto notAFile = (**folder).hashOf(QStringLiteral("sub"), 3, Sha256());
        QVERIFY(!notAFile);
        QCOMPARE(notAFile.error().id, QStringLiteral("MF-FETCH-EXISTS"));
        QCOMPARE((**folder).hashOf(QStringLiteral("../a"), 3, Sha256()).error().id, QStringLiteral("MF-PATH-UNSAFE"));
        // A file where a folder must be, a folder where a file must be.
        QVERIFY(!writeFile(**folder, QStringLiteral("sub/a/b"), "x"));
        QVERIFY(!writeFile(**folder, QStringLiteral("sub"), "x"));
        QVERIFY(!TargetFolder::open(path("there/sub/a")));
        QCOMPARE(**(**folder).hashOf(QStringLiteral("sub/a"), 3, Sha256()), sha256(viewOf(QByteArray("abc"))));
    }

    void whatComesUnderTheNameMeanwhileStays()
    {
        const auto folder = TargetFolder::open(path("meanwhile"));
        QVERIFY(folder);
        auto part = (**folder).openPart(QStringLiteral("a"), Sha256());
        QVERIFY(part);
        QVERIFY((*part)->write(0, viewOf(QByteArray("theirs"))));
        put("meanwhile/a", "mine");
        const auto refused = (*part)->finish(6, false, QDateTime(), false);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, Error::Kind::AlreadyExists);
        QCOMPARE(refused.error().id, QStringLiteral("MF-FETCH-EXISTS"));
        QCOMPARE(contentOf("meanwhile/a"), QByteArray("mine"));
        part->reset();
        const auto again = (**folder).openPart(QStringLiteral("a"), Sha256());
        QVERIFY(again);
        QVERIFY((*again)->wasThere()); // to go on with
        QVERIFY((*again)->finish(6, false, QDateTime(), true));
        QCOMPARE(contentOf("meanwhile/a"), QByteArray("theirs"));
    }

    void zerosOfAPartialFileTakeNoRoom()
    {
        constexpr qint64 kMiB = 1 << 20;
        const auto folder = TargetFolder::open(path("zeros"));
        QVERIFY(folder);
        const QString name = QStringLiteral("a");
        {
            const auto part = (**folder).openPart(name, Sha256());
            QVERIFY(part);
            QVERIFY((*part)->write(0, viewOf(QByteArray(4 * kMiB, 'x'))));
            QVERIFY((*part)->write(60 * kMiB, viewOf(QByteArray("end")))); // a hole before it
        }
        const auto part = (**folder).openPart(name, Sha256());
        QVERIFY(part);
        QVERIFY((*part)->wasThere());
        const auto cleared = (*part)->clear(1000, 60 * kMiB - 1000);
        QVERIFY2(cleared, qPrintable(cleared ? QString() : cleared.error().message));
        QVERIFY((*part)->clear(60 * kMiB + 3, 20 * kMiB)); // beyond the end
        QVERIFY((*part)->finish(80 * kMiB, false, QDateTime(), false));
        QByteArray expected(80 * kMiB, '\0');
        expected.replace(0, 1000, QByteArray(1000, 'x'));
        expected.replace(60 * kMiB, 3, "end");
        QVERIFY(contentOf("zeros/a") == expected);
        const int file = ::open(path("zeros/a").constData(), O_RDWR | O_CLOEXEC);
        struct stat info {};
        QCOMPARE(::fstat(file, &info), 0);
        const bool hasHoles = ::fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, kMiB) == 0;
        ::close(file);
        if (!hasHoles)
            QSKIP("this file system has no holes");
        QVERIFY2(info.st_blocks * 512 < kMiB, qPrintable(QString::number(info.st_blocks)));
    }

    void oneAtATimeWritesAFile()
    {
        const auto folder = TargetFolder::open(path("busy"));
        const auto other = TargetFolder::open(path("busy"));
        QVERIFY(folder && other);
        const QString name = QStringLiteral("a");
        {
            const auto first = (**folder).openPart(name, Sha256());
            QVERIFY(first);
            QVERIFY((*first)->write(0, viewOf(QByteArray("abc"))));
            const auto second = (**other).openPart(name, Sha256());
            QVERIFY(!second);
            QCOMPARE(second.error().kind, Error::Kind::Network);
            QCOMPARE(second.error().id, QStringLiteral("MF-FETCH-BUSY"));
            QVERIFY(second.error().actions == std::vector { Error::Action::Retry });
            QVERIFY((**other).openPart(QStringLiteral("b"), Sha256()));
        }
        const auto third = (**other).openPart(name, Sha256());
        QVERIFY(third);
        QVERIFY((*third)->wasThere());
        QVERIFY((*third)->finish(3, false, QDateTime(), false));
        // Still held, but it has its name: the next one begins anew.
        const auto fourth = (**folder).openPart(name, Sha256());
        QVERIFY(fourth);
        QVERIFY(!(*fourth)->wasThere());
        QVERIFY((*fourth)->write(0, viewOf(QByteArray("xyz"))));
        QCOMPARE(contentOf("busy/a"), QByteArray("abc"));
    }

    // Both look, open and finish at the same moments.
    void manyThatWriteTheSameFile()
    {
        std::vector<std::thread> threads;
        std::atomic<int> wrong = 0;
        for (int t = 0; t < 4; ++t) {
            threads.emplace_back([this, &wrong] {
                const auto folder = TargetFolder::open(path("race"));
                for (int i = 0; i < 25; ++i) {
                    const auto written = writeFile(**folder, QString::number(i), "abc");
                    if (!written && written.error().id != QStringLiteral("MF-FETCH-BUSY")
                        && written.error().id != QStringLiteral("MF-FETCH-EXISTS"))
                        ++wrong;
                }
            });
        }
        for (std::thread &thread : threads)
            thread.join();
        QCOMPARE(wrong.load(), 0);
        for (int i = 0; i < 25; ++i)
            QCOMPARE(contentOf(QByteArray("race/" + QByteArray::number(i)).constData()), QByteArray("abc"));
    }

    // As names that differ in case are where a folder does not tell them apart.
    void noFileOfAFetchReplacesAnother()
    {
        const QString name = QStringLiteral("a");
        const auto first = TargetFolder::open(path("one-name"));
        QVERIFY(first);
        QVERIFY(writeFile(**first, name, "first", true));
        const auto refused = writeFile(**first, name, "second", true);
        QVERIFY(!refused);
        QCOMPARE(refused.error().id, QStringLiteral("MF-FETCH-EXISTS"));
        QCOMPARE(contentOf("one-name/a"), QByteArray("first"));
        const auto second = TargetFolder::open(path("one-name"));
        QVERIFY(second);
        QVERIFY((**second).hashOf(name, 5, sha256(viewOf(QByteArray("first"))))); // found, not fetched
        QVERIFY(!writeFile(**second, name, "second", true));
        QCOMPARE(::link(path("one-name/a").constData(), path("one-name/b").constData()), 0);
        QVERIFY(writeFile(**second, name, "second", true)); // the other name keeps it
        QCOMPARE(contentOf("one-name/b"), QByteArray("first"));
        QVERIFY(writeFile(**TargetFolder::open(path("one-name")), QStringLiteral("b"), "second", true));
    }

    void namesThatDifferInCaseAreTwoFiles()
    {
        const auto folder = TargetFolder::open(path("case"));
        QVERIFY(folder);
        QVERIFY(writeFile(**folder, QStringLiteral("Model"), "upper"));
        QVERIFY(writeFile(**folder, QStringLiteral("model"), "lower"));
        QFile upper(m_dir.filePath(QStringLiteral("case/Model")));
        QVERIFY(upper.open(QIODevice::ReadOnly));
        QCOMPARE(upper.readAll(), QByteArray("upper"));
    }
};

QTEST_GUILESS_MAIN(TestTargetFolder)
#include "test_target_folder.moc"
