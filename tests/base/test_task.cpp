// SPDX-License-Identifier: GPL-3.0-or-later
// The ten tests of the async core; tests/base/run_matrix.sh runs them under every compiler and sanitizer.
#include "core/base/all_of.h"
#include "core/base/awaitables.h"
#include "core/base/pool.h"
#include "core/base/result.h"

#include <QCoreApplication>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTcpServer>
#include <QTcpSocket>
#include <QtTest>
using namespace mf;
using namespace std::chrono_literals;

// A reply that is aborted and freed when its owner goes away.
struct AbortReply {
    void operator()(QNetworkReply *reply) const
    {
        reply->abort();
        reply->deleteLater();
    }
};
using ReplyPtr = std::unique_ptr<QNetworkReply, AbortReply>;

struct Canary {
    QStringList &log;
    QString name;
    ~Canary() { log << u'~' + name; }
};

class TestTask : public QObject
{
    Q_OBJECT
    QTcpServer server;
    bool answer = true;
    int aborted = 0;
    QNetworkAccessManager nam;
    QStringList log;
    Pool threads { 2 };
    QNetworkRequest request() const
    {
        return QNetworkRequest(QUrl(u"http://127.0.0.1:%1/"_qs.arg(server.serverPort())));
    }
    Task<Result<QByteArray>> fetch()
    {
        ReplyPtr reply(nam.get(request()));
        co_await finished(*reply);
        if (reply->error()) {
            co_return Error(Error::Kind::Network, QStringLiteral("MF-TEST"), reply->errorString());
        }
        co_return reply->readAll();
    }
    Task<Result<QByteArray>> fetchTwice()
    {
        auto a = co_await fetch();
        if (!a)
            co_return a.error();
        auto b = co_await fetch();
        if (!b)
            co_return b.error();
        co_return QByteArray(*a + *b);
    }
    Task<void> record()
    {
        Canary c { log, u"frame"_qs };
        const auto r = co_await fetchTwice();
        log << (r ? QString::fromUtf8(*r) : r.error().message);
    }
    Task<int> immediate(int i) { co_return i; }
    Task<void> loop(int n, int &sum)
    {
        for (int i = 0; i < n; ++i)
            sum += co_await immediate(1);
    }
    Task<int> later(int i, int &now, int &peak)
    {
        peak = std::max(peak, ++now);
        co_await delay(5ms);
        --now;
        co_return i;
    }
    Task<void> batch(int &now, int &peak, std::vector<int> &out)
    {
        std::vector<Task<int>> v;
        v.reserve(9);
        for (int i = 0; i < 9; ++i)
            v.push_back(later(i, now, peak));
        out = co_await allOf(std::move(v), 3);
    }
    Task<Result<>> one(std::size_t i, std::size_t fails, int &now, int &peak, std::vector<std::size_t> &begun)
    {
        begun.push_back(i);
        peak = std::max(peak, ++now);
        if (i != 0) // the first comes to its end at once
            co_await delay(5ms);
        --now;
        if (i == fails)
            co_return Error(Error::Kind::Network, u"MF-TEST"_qs, QString::number(i));
        co_return Result<>();
    }
    Task<void> each(std::size_t count, std::size_t fails, int &now, int &peak, std::vector<std::size_t> &begun)
    {
        const auto make = [&](std::size_t i) { return one(i, fails, now, peak, begun); };
        const auto r = co_await eachOf(count, 3, make);
        log << (r ? u"done"_qs : r.error().message);
    }
    Task<void> pool(int &out)
    {
        const auto heavy = [] {
            QThread::msleep(20);
            return 42;
        };
        Canary c { log, u"pool"_qs };
        out = co_await onPool(threads, heavy);
    }
private slots:
    void init()
    {
        log.clear();
        answer = true;
        aborted = 0;
    }
    void initTestCase()
    {
        QVERIFY(server.listen(QHostAddress::LocalHost));
        connect(&server, &QTcpServer::newConnection, this, [this] {
            auto *s = server.nextPendingConnection();
            connect(s, &QTcpSocket::disconnected, this, [this] { ++aborted; });
            connect(s, &QTcpSocket::readyRead, this, [this, s] {
                s->readAll();
                if (answer) {
                    s->write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                }
            });
        });
    }
    void returnsAValue()
    {
        TaskScope s;
        s.start(record());
        QTRY_VERIFY(s.isIdle());
        QCOMPARE(log, (QStringList { u"okok"_qs, u"~frame"_qs }));
    }
    void destroyingTheScopeCancelsAndAborts()
    {
        answer = false;
        {
            TaskScope s;
            s.start(record());
            QTest::qWait(50);
            QVERIFY(!s.isIdle());
        }
        QCOMPARE(log, QStringList { u"~frame"_qs });
        QTRY_VERIFY(aborted > 0);
        QTest::qWait(50);
        QCOMPARE(log.size(), 1);
    }
    void errorIsAValue()
    {
        QTcpServer dead;
        dead.listen(QHostAddress::LocalHost);
        const auto p = dead.serverPort();
        dead.close();
        server.close();
        TaskScope s;
        s.start(record());
        QTRY_VERIFY(s.isIdle());
        QVERIFY(!log[0].isEmpty());
        QVERIFY(server.listen(QHostAddress::LocalHost));
        Q_UNUSED(p)
    }
    void droppedTaskNeverRuns()
    {
        {
            auto t = record();
            Q_UNUSED(t)
        }
        QVERIFY(log.isEmpty());
    }
    void synchronousChildrenDoNotGrowTheStack()
    {
        TaskScope s;
        int sum = 0;
        s.start(loop(1000000, sum));
        QCOMPARE(sum, 1000000);
    }
    void ownerMayDieInsideItsOwnTask()
    {
        struct Owner {
            TaskScope scope;
            static Task<void> body(Owner *self, QStringList &log)
            {
                Canary c { log, u"self"_qs };
                co_await delay(1ms);
                delete self;
                log << u"still on the stack"_qs;
                co_await delay(1ms);
                log << u"never"_qs;
            }
        };
        auto *o = new Owner;
        o->scope.start(Owner::body(o, log));
        QTRY_COMPARE(log, (QStringList { u"still on the stack"_qs, u"~self"_qs }));
        QTest::qWait(20);
        QCOMPARE(log.size(), 2);
    }
    void allOfLimitsConcurrency()
    {
        TaskScope s;
        int now = 0, peak = 0;
        std::vector<int> out;
        s.start(batch(now, peak, out));
        QTRY_VERIFY(s.isIdle());
        QCOMPARE(peak, 3);
        QCOMPARE(out, (std::vector<int> { 0, 1, 2, 3, 4, 5, 6, 7, 8 }));
    }
    void cancellingABatchCancelsItsWorkers()
    {
        int now = 0, peak = 0;
        std::vector<int> out;
        {
            TaskScope s;
            s.start(batch(now, peak, out));
            QTest::qWait(7);
        }
        QTest::qWait(30);
        QVERIFY(out.empty());
        QCOMPARE(peak, 3);
    }
    void eachOfMakesThemInTurn()
    {
        TaskScope s;
        int now = 0, peak = 0;
        std::vector<std::size_t> begun;
        s.start(each(9, 99, now, peak, begun));
        QCOMPARE(begun, (std::vector<std::size_t> { 0, 1, 2, 3 }));
        QTRY_VERIFY(s.isIdle());
        QCOMPARE(peak, 3);
        QCOMPARE(begun, (std::vector<std::size_t> { 0, 1, 2, 3, 4, 5, 6, 7, 8 }));
        s.start(each(0, 99, now, peak, begun));
        QVERIFY(s.isIdle());
        QCOMPARE(log, (QStringList { u"done"_qs, u"done"_qs }));
    }
    void eachOfEndsWithTheFirstError()
    {
        TaskScope s;
        int now = 0, peak = 0;
        std::vector<std::size_t> begun;
        s.start(each(100, 2, now, peak, begun));
        QTRY_VERIFY(s.isIdle());
        QCOMPARE(now, 0); // those under way came to their end
        QVERIFY2(begun.size() < 9, qPrintable(QString::number(begun.size())));
        QCOMPARE(log, QStringList { u"2"_qs });
    }
    void cancellingEachOfCancelsItsWorkers()
    {
        int now = 0, peak = 0;
        std::vector<std::size_t> begun;
        {
            TaskScope s;
            s.start(each(100, 99, now, peak, begun));
            QTest::qWait(7);
        }
        const std::size_t then = begun.size();
        QTest::qWait(30);
        QCOMPARE(begun.size(), then);
        QVERIFY(log.isEmpty());
    }
    void poolReturns()
    {
        TaskScope s;
        int out = 0;
        s.start(pool(out));
        QTRY_VERIFY(s.isIdle());
        QCOMPARE(out, 42);
    }
    void poolCancelled()
    {
        int out = 0;
        {
            TaskScope s;
            s.start(pool(out));
        }
        QCOMPARE(log, QStringList { u"~pool"_qs });
        QTest::qWait(60);
        QCOMPARE(out, 0);
    }
};
QTEST_GUILESS_MAIN(TestTask)
#include "test_task.moc"
