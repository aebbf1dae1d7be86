// SPDX-License-Identifier: GPL-3.0-or-later
// A second start of the program: what it was given, and how it hands that over to the first one.
#include "app/desktop/given_paths.h"
#include "app/desktop/single_instance.h"

#include "core/base/path_text.h"

#include <QDir>
#include <QLocalServer>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

#include <sys/socket.h>
#include <sys/un.h>
#include <thread>
#include <unistd.h>

using namespace mf;

namespace {

using Answer = SingleInstance::Answer;

constexpr int kLong = 60'000; // ms: never reached unless something is broken

// The first start in `home`, and what it was handed.
struct First {
    explicit First(const QString &home)
        : instance(home)
        , handed(&instance, &SingleInstance::handed)
    {
    }
    SingleInstance instance;
    QSignalSpy handed;
};

// A second start in a thread of its own, as it waits for the first one, which answers in its event loop.
Answer answerTo(const QString &home, const QStringList &paths)
{
    std::atomic<bool> hasEnded = false;
    Answer answer = Answer::Nobody;
    std::thread second([&] {
        answer = SingleInstance(home).handOver(paths);
        hasEnded = true;
    });
    [&] { QTRY_VERIFY_WITH_TIMEOUT(hasEnded, kLong); }();
    second.join();
    return answer;
}

bool handedOver(const QString &home, const QStringList &paths) { return answerTo(home, paths) == Answer::Taken; }

// The socket files of libraries that this test made.
QStringList sockets()
{
    QDir folder(QDir::tempPath());
    return folder.entryList({ QStringLiteral("modelfloat-*") }, QDir::System | QDir::Files);
}

} // namespace

class TestSingleInstance : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        home.reset(new QTemporaryDir);
        QVERIFY(home->isValid());
    }

    void nobodyRuns() { QCOMPARE(SingleInstance(home->path()).handOver({}), Answer::Nobody); }

    void handsOver_data()
    {
        QTest::addColumn<QStringList>("paths");
        QTest::newRow("nothing: only to raise the window") << QStringList();
        QTest::newRow("a file") << QStringList(QStringLiteral("/m/x.gguf"));
        QTest::newRow("spaces, quotes and a line feed")
            << QStringList { QStringLiteral("/m/my model.gguf"), QStringLiteral("/m/\"a\" \n b.gguf") };
        QTest::newRow("a name that is no text") << QStringList(textOfPath("/m/\xff\xfe x.gguf"));
        QTest::newRow("a link") << QStringList(QStringLiteral("https://huggingface.co/Qwen/Qwen2.5-7B"));
        QTest::newRow("as many as a command line holds") << QStringList(
            QStringList(25'000, QStringLiteral("/models/a folder with a long name/of many/one model.gguf")));
        QTest::newRow("many") << QStringList(QStringList(1'000, QStringLiteral("/models/some model of many.gguf")));
    }
    void handsOver()
    {
        QFETCH(const QStringList, paths);
        First first(home->path());
        QVERIFY(first.instance.listen());
        QVERIFY(handedOver(home->path(), paths));
        QTRY_COMPARE_WITH_TIMEOUT(first.handed.size(), 1, kLong);
        QCOMPARE(first.handed[0][0].toStringList(), paths);
        QVERIFY(handedOver(home->path(), {}));
        QTRY_COMPARE_WITH_TIMEOUT(first.handed.size(), 2, kLong);
    }

    void aListThatIsTooLong()
    {
        First first(home->path());
        QVERIFY(first.instance.listen());
        const QStringList tooLong(
            static_cast<qsizetype>(SingleInstance::kLongestMessage) / 1'000, QString(1'000, u'x'));
        QCOMPARE(answerTo(home->path(), tooLong), Answer::TooLong);
        QVERIFY(handedOver(home->path(), {}));
        QCOMPARE(first.handed.size(), 1);
    }

    // Its event loop stands still, as here while nobody runs it.
    void oneThatDoesNotAnswerKeepsItsPlace()
    {
        First first(home->path());
        QVERIFY(first.instance.listen());
        {
            SingleInstance second(home->path(), std::chrono::milliseconds(200));
            QCOMPARE(second.start({ QStringLiteral("/m/x.gguf") }), Answer::Busy);
        }
        QVERIFY(handedOver(home->path(), { QStringLiteral("/m/y.gguf") }));
    }

    // Its name goes before its connections do.
    void oneThatEndsMeanwhile()
    {
        auto first = std::make_unique<First>(home->path());
        QVERIFY(first->instance.listen());
        Answer answer = Answer::Busy;
        std::thread second([&] { answer = SingleInstance(home->path()).handOver({}); });
        QTest::qSleep(200); // it waits for an answer by now; sooner or later the answer is the same
        first.reset();
        second.join();
        QCOMPARE(answer, Answer::Nobody);
    }

    void oneOfThoseThatStartAtTheSameTime()
    {
        constexpr int kStarts = 4;
        std::atomic<int> first = 0;
        std::atomic<int> others = 0;
        std::atomic<bool> isOver = false;
        std::vector<std::unique_ptr<QThread>> threads; // each with an event loop, as programs have
        for (int i = 0; i < kStarts; ++i) {
            threads.emplace_back(QThread::create([&] {
                SingleInstance one(home->path(), std::chrono::milliseconds(kLong));
                if (one.start({}) == Answer::Taken) {
                    ++others;
                    return;
                }
                ++first;
                while (!isOver)
                    QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 10);
            }));
            threads.back()->start();
        }
        [&] { QTRY_COMPARE_WITH_TIMEOUT(others, kStarts - 1, kLong); }();
        isOver = true;
        for (const auto &thread : threads)
            thread->wait();
        QCOMPARE(first, 1);
    }

    void anotherLibraryIsNotMeant()
    {
        const QTemporaryDir other;
        First first(home->path());
        QVERIFY(first.instance.listen());
        QCOMPARE(answerTo(other.path(), {}), Answer::Nobody);
    }

    void theSameLibraryByAnotherWay()
    {
        const QString link = home->filePath(QStringLiteral("link"));
        QDir().mkdir(home->filePath(QStringLiteral("library")));
        QVERIFY(QFile::link(home->filePath(QStringLiteral("library")), link));
        First first(home->filePath(QStringLiteral("library")));
        QVERIFY(first.instance.listen());
        QVERIFY(handedOver(link, {}));
    }

    // What a kill leaves: a socket file that nobody listens at.
    void staleSocket()
    {
        const QStringList before = sockets();
        QString name;
        {
            First first(home->path());
            QVERIFY(first.instance.listen());
            for (const QString &socket : sockets())
                name = before.contains(socket) ? name : socket;
            QVERIFY(!name.isEmpty());
        }
        const QByteArray path = QFile::encodeName(QDir(QDir::tempPath()).filePath(name));
        sockaddr_un address {};
        address.sun_family = AF_UNIX;
        QVERIFY(path.size() < qsizetype(sizeof address.sun_path));
        std::copy(path.begin(), path.end(), address.sun_path);
        const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
        QCOMPARE(::bind(dead, reinterpret_cast<const sockaddr *>(&address), sizeof address), 0);
        ::close(dead);
        QVERIFY(sockets().contains(name));

        QCOMPARE(SingleInstance(home->path()).handOver({}), Answer::Nobody);
        First next(home->path());
        QVERIFY(next.instance.listen());
        QVERIFY(handedOver(home->path(), {}));
    }

    // Whoever else of this user writes to the socket.
    void hostileMessages_data()
    {
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("no JSON") << QByteArray("open the door\n");
        QTest::newRow("an object") << QByteArray("{\"paths\":[]}\n");
        QTest::newRow("numbers") << QByteArray("[1,2]\n");
        QTest::newRow("without an end") << QByteArray(
            static_cast<qsizetype>(SingleInstance::kLongestMessage) + 4'096, 'x');
    }
    void hostileMessages()
    {
        QFETCH(const QByteArray, message);
        const QStringList before = sockets();
        First first(home->path());
        QVERIFY(first.instance.listen());
        QString name;
        for (const QString &socket : sockets())
            name = before.contains(socket) ? name : socket;
        QLocalSocket stranger;
        stranger.connectToServer(name);
        QTRY_COMPARE_WITH_TIMEOUT(stranger.state(), QLocalSocket::ConnectedState, kLong);
        stranger.write(message);
        QTRY_COMPARE_WITH_TIMEOUT(stranger.state(), QLocalSocket::UnconnectedState, kLong);
        QCOMPARE(first.handed.size(), 0);
        QVERIFY(handedOver(home->path(), {})); // it still works
    }

    void whatACommandLineNames_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArrayList>("raw");
        QTest::addColumn<QStringList>("paths");
        const QString broken = QString::fromLocal8Bit("a\xff.gguf");
        QTest::newRow("absolute") << QStringList(QStringLiteral("/m/x.gguf")) << QByteArrayList { "mf", "/m/x.gguf" }
                                  << QStringList(QStringLiteral("/m/x.gguf"));
        QTest::newRow("relative, with a space")
            << QStringList { QStringLiteral("my model.gguf"), QStringLiteral("../other/") }
            << QByteArrayList { "mf", "my model.gguf", "../other/" }
            << QStringList { QStringLiteral("/home/anna/my model.gguf"), QStringLiteral("/home/other") };
        QTest::newRow("a link stays one") << QStringList(QStringLiteral("https://hf.co/Qwen/Qwen2.5-7B"))
                                          << QByteArrayList { "mf", "https://hf.co/Qwen/Qwen2.5-7B" }
                                          << QStringList(QStringLiteral("https://hf.co/Qwen/Qwen2.5-7B"));
        QTest::newRow("names that are no text, and look the same")
            << QStringList { broken, QString::fromLocal8Bit("a\xfe.gguf") }
            << QByteArrayList { "mf", "a\xff.gguf", "a\xfe.gguf" }
            << QStringList { textOfPath("/home/anna/a\xff.gguf"), textOfPath("/home/anna/a\xfe.gguf") };
    }
    void whatACommandLineNames()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const QByteArrayList, raw);
        QFETCH(const QStringList, paths);
        QCOMPARE(givenPaths(arguments, raw, "/home/anna"), paths);
    }

private:
    std::unique_ptr<QTemporaryDir> home;
};

QTEST_GUILESS_MAIN(TestSingleInstance)
#include "test_single_instance.moc"
