// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/fake_service.h"
#include "ui/activity/diagnostics.h"

#include <QTemporaryDir>
#include <QtTest>

namespace mf::ui {

class TestDiagnostics final : public QObject
{
    Q_OBJECT
private slots:
    void whatTellsWhoSomebodyIsIsReplaced_data()
    {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("redacted");
        const auto row = [](const char *name, const char *line, const char *redacted) {
            QTest::newRow(name) << QString::fromUtf8(line) << QString::fromUtf8(redacted);
        };
        row("an account", "NAS (attic) is away", "account-1 is away");
        row("an account in other letters", "nas (ATTIC) is away", "account-1 is away");
        row("a model", "“Qwen” stored", "“model-1” stored");
        row("a longer name that begins alike", "Qwen-7B stored", "model-2 stored");
        row("a name within a word", "Qwenish words", "Qwenish words");
        row("a quoted name that nobody knows", "“My secret” was removed", "“<name>” was removed");
        row("a path", "cannot write /home/anna/x: no room left", "cannot write <path>: no room left");
        row("a path with spaces", "cannot read /home/anna/my models/a b: gone", "cannot read <path>: gone");
        row("a path to the end", "looked at ~/Models/x", "looked at <path>");
        row("a path of Windows", "looked at C:\\Users\\Anna; then slept", "looked at <path>; then slept");
        row("a quoted path", "opens \"/srv/a b\" now", "opens \"<path>\" now");
        row("a rate is no path", "at 3 MB/s and/or so", "at 3 MB/s and/or so");
        row("an e-mail address", "for anna.b@example.org today", "for <e-mail> today");
        row("an address", "asks https://host.example/dav/anna for it", "asks <address> for it");
        row("a file of a model", "reads secret-7b.Q4.gguf twice", "reads <file> twice");
        row("a hash", "blob 0123456789abcdef0123456789abcdef is bad", "blob <hash> is bad");
        row("an ordinary line", "2026-11-20T13:58:02.114Z info app: 5 accounts, 4 connected",
            "2026-11-20T13:58:02.114Z info app: 5 accounts, 4 connected");
    }
    void whatTellsWhoSomebodyIsIsReplaced()
    {
        QFETCH(QString, line);
        QFETCH(QString, redacted);
        Redaction redaction;
        redaction.add(QStringLiteral("NAS (attic)"), QStringLiteral("account"));
        redaction.add(QStringLiteral("Qwen"), QStringLiteral("model"));
        redaction.add(QStringLiteral("Qwen-7B"), QStringLiteral("model"));
        redaction.add(QString(), QStringLiteral("model"));
        QCOMPARE(redaction.apply(line), redacted);
    }

    void namesThatOverlapLeaveNothing()
    {
        Redaction redaction;
        redaction.add(QStringLiteral("tiny red fox"), QStringLiteral("model"));
        redaction.add(QStringLiteral("red fox of the north"), QStringLiteral("model"));
        redaction.add(QStringLiteral("fox"), QStringLiteral("account"));
        redaction.add(QStringLiteral("model"), QStringLiteral("place"));
        QCOMPARE(redaction.apply(QStringLiteral("a tiny red fox of the north, a fox")),
            QStringLiteral("a model-1 model-2, a account-1"));
        QCOMPARE(redaction.apply(QStringLiteral("tiny red foxes, red fox")),
            QStringLiteral("tiny red foxes, red account-1")); // the whole words alone
        QCOMPARE(redaction.apply(QStringLiteral("model fox")), QStringLiteral("place-1 account-1"));
    }

    void everyStateOfAnAccountHasAName()
    {
        using Health = AccountEntry::Health;
        const std::pair<Health, const char *> names[]
            = { { Health::Connected, "connected" }, { Health::Connecting, "connecting" },
                  { Health::Unreachable, "unreachable" }, { Health::SignIn, "sign-in" }, { Health::Full, "full" },
                  { Health::AlmostFull, "almost-full" }, { Health::Stale, "stale" }, { Health::Newer, "newer" } };
        for (const auto &[health, name] : names) {
            FakeService service;
            AccountEntry account;
            account.kind = QStringLiteral("folder");
            account.health = health;
            service.shownAccounts.push_back(account);
            const QString text = diagnosticsOf(service, {}, fakeNow());
            QVERIFY2(
                text.contains(QStringLiteral("· folder · %1 ·").arg(QLatin1StringView(name))), qUtf8Printable(text));
        }
    }

    void aNameKeepsItsStandIn()
    {
        Redaction redaction;
        redaction.add(QStringLiteral("a"), QStringLiteral("model"));
        redaction.add(QStringLiteral("b"), QStringLiteral("model"));
        redaction.add(QStringLiteral("a"), QStringLiteral("model"));
        QCOMPARE(redaction.standIn(QStringLiteral("a")), QStringLiteral("model-1"));
        QCOMPARE(redaction.standIn(QStringLiteral("b")), QStringLiteral("model-2"));
        QCOMPARE(redaction.standIn(QStringLiteral("c")), QString());
    }

    void noNameOfTheLibraryIsInTheFile()
    {
        FakeService service;
        service.fill();
        const QStringList log { QStringLiteral("2026-11-20T13:58:03.007Z warning accounts: NAS (attic) is at "
                                               "/mnt/disk4/ModelFloat"),
            QStringLiteral("2026-11-20T13:58:04.007Z debug trash: TinyLlama-1.1B by anna@example.org") };
        const QString text = diagnosticsOf(service, log, fakeNow());
        QStringList secrets { QStringLiteral("/mnt"), QStringLiteral("disk4"), QStringLiteral("anna"),
            QStringLiteral("TinyLlama") };
        for (const ModelEntry &model : service.models())
            secrets.append(model.name);
        for (const AccountEntry &account : service.accounts())
            secrets << account.name << account.place << account.domain;
        for (const TransferEntry &transfer : service.transfers())
            secrets.append(transfer.name);
        for (const QString &secret : std::as_const(secrets))
            QVERIFY2(!text.contains(secret, Qt::CaseInsensitive), qUtf8Printable(secret + u'\n' + text));
        for (const char *kept : { "account-1", "model-1", "unreachable", "MF-SOURCE-CHANGED", "at-risk: 1",
                 "== Log ==", "2026-11-20T13:58:03.007Z warning accounts:" })
            QVERIFY2(text.contains(QLatin1StringView(kept)), kept);
    }

    void anEmptyLibraryHasAFileToo()
    {
        FakeService service;
        const QString text = diagnosticsOf(service, {}, fakeNow());
        QVERIFY(text.contains(QStringLiteral("== Accounts ==\nnone")));
        QVERIFY(text.contains(QStringLiteral("made 2026-11-20T14:00:00Z")));
    }

    void aLogOfNothingButSlashesEnds()
    {
        // Hostile names must not make the expressions run for ever.
        const Redaction redaction;
        QElapsedTimer timer;
        timer.start();
        for (const QString &line : { QString(20'000, u'/'), QString(20'000, u'a'), QString(20'000, u'“'),
                 QString(QStringLiteral("a.").repeated(10'000)), QString(QStringLiteral("a@").repeated(10'000)) })
            redaction.apply(line);
        QVERIFY2(timer.elapsed() < 5'000, qPrintable(QString::number(timer.elapsed())));
    }

    void aLargeLibraryTakesNoTime()
    {
        constexpr int kModels = 10'000;
        FakeService service;
        service.fillMany(kModels, 100);
        QStringList log;
        for (int i = 0; i < 2'500; ++i) // as much of the log as is looked at: 256 KiB
            log.append(QStringLiteral("2026-11-20T13:58:03.007Z warning transfers: “%1” waits, %1 was there at /mnt/x")
                    .arg(service.models()[static_cast<std::size_t>(i)].name));
        log.append(QString(256 * 1024, u'a'));
        QElapsedTimer timer;
        timer.start();
        const QString text = diagnosticsOf(service, log, fakeNow());
        QVERIFY2(timer.elapsed() < 5'000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(text.contains(QStringLiteral("transfers: “model-1” waits, model-1 was there at <path>")));
        QVERIFY(text.contains(QStringLiteral("<a line of 262144 characters>")));
        QVERIFY(!text.contains(service.models()[7].name));
    }

    void writingSaysWhatIsWrong()
    {
        QTemporaryDir folder;
        const QString path = folder.filePath(QStringLiteral("d.txt"));
        const Result<> done = writeText(path, QStringLiteral("ä\n"));
        QVERIFY(bool(done));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray("ä\n"));
        const Result<> failed = writeText(folder.filePath(QStringLiteral("no/such/d.txt")), QString());
        QVERIFY(!failed);
        QCOMPARE(failed.error().id, QStringLiteral("MF-DIAGNOSTICS-WRITE"));
    }
};

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestDiagnostics)
#include "test_ui_diagnostics.moc"
