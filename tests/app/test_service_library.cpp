// SPDX-License-Identifier: GPL-3.0-or-later
// The window's library is made, opened, closed under what is going on, and opened again.
#include "tests/app/service_home.h"

#include <QtTest>

using namespace mf;
using State = ServiceHome::State;
using Health = ServiceHome::Health;

namespace {

const QString kModel = QStringLiteral("model");

} // namespace

class TestServiceLibrary : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { qputenv("MODELFLOAT_PASSPHRASE", "for this test"); }

    void aLibraryFromNothing()
    {
        ServiceHome home;
        QTRY_COMPARE(home->state(), ui::Service::State::None);
        QVERIFY(home->kitWords().isEmpty());
        QVERIFY(!runTask(home->withoutAccount(AccountId())));
        home.create(2);
        QCOMPARE(home->state(), ui::Service::State::Ready);
        QCOMPARE(home->kitWords().size(), 24);
        QVERIFY(!home->isKitSaved());
        const auto hasKitIssue = [&home] {
            return std::any_of(home->issues().begin(), home->issues().end(),
                [](const auto &issue) { return issue.id == QStringLiteral("kit"); });
        };
        QTRY_VERIFY(hasKitIssue());
        const QByteArray kit = pathOfText(home.path(QStringLiteral("kit.txt")));
        QVERIFY(runTask(home->saveKit(kit)));
        QVERIFY(bytesOf(textOfPath(kit)).contains(home->kitWords().at(23).toUtf8()));
        QVERIFY(!home->isKitSaved()); // a file proves nothing: only the word that is typed back does
        home.restart();
        QTRY_COMPARE(home->state(), ui::Service::State::Ready);
        QVERIFY(!home->isKitSaved());
        QTRY_VERIFY(hasKitIssue());
        home->noteKitSaved();
        QVERIFY(home->isKitSaved());
        QTRY_VERIFY(!hasKitIssue());
        QCOMPARE(runTask(home->saveKit(kit)).error().id, QStringLiteral("MF-KIT-EXISTS"));
        QCOMPARE(runTask(home->createLibrary()).error().id, QStringLiteral("MF-LIBRARY-EXISTS"));
        QCOMPARE(home.addFolder(QStringLiteral("disk0")).error().id, QStringLiteral("MF-ACCOUNT-NAME"));
        QTRY_COMPARE(home.healthOf(QStringLiteral("disk0")), Health::Connected);
        QCOMPARE(home->accounts().front().kindTitle, QStringLiteral("Folder"));
        QCOMPARE(home->accounts().front().place, home.path(QStringLiteral("disk0")));
        home.restart();
        QTRY_COMPARE(home->state(), ui::Service::State::Ready);
        QCOMPARE(home->accounts().size(), std::size_t(2));
        QVERIFY(home->isKitSaved());
        QVERIFY(!home->history().empty());
    }

    void openedFromItsKit()
    {
        ServiceHome home;
        home.create(3);
        const QString file = home.makeFile(kModel, 3'000'000);
        const auto storing = home.store(kModel, file);
        home.waitFor(storing, State::Done);
        QStringList words = home->kitWords();
        ServiceHome other;
        QTRY_COMPARE(other->state(), ui::Service::State::None);
        QCOMPARE(runTask(other->openWithKit(words.mid(1))).error().id, QStringLiteral("MF-KIT-COUNT"));
        QVERIFY(runTask(other->openWithKit(words)));
        QVERIFY(other->isKitSaved());
        for (int i = 0; i < 3; ++i) {
            AccountRecord draft;
            draft.kind = QStringLiteral("folder");
            draft.name = QStringLiteral("disk%1").arg(i);
            draft.settings.insert(QStringLiteral("path"), home.path(draft.name));
            const auto added = runTask(other->addAccount(draft, QByteArray()));
            QVERIFY2(added, added ? "" : qPrintable(added.error().message));
            // The log tells of all of them.
            const auto accounts = other->accounts();
            QCOMPARE(accounts.size(), std::size_t(3));
            QCOMPARE(
                std::count_if(accounts.begin(), accounts.end(), [](const auto &one) { return one.isElsewhere(); }),
                2 - i);
        }
        const auto recovered = runTask(other->recover());
        QVERIFY2(recovered, recovered ? "" : qPrintable(recovered.error().message));
        QVERIFY(other.model(kModel)); // at once: whoever asked says what was found
        QVERIFY(other.model(kModel)->state == ModelState::Safe || other.model(kModel)->spare >= 0);
    }

    // Another program has the library open; “Try Again” once it has ended.
    void openedOnceItCanBe()
    {
        ServiceHome home;
        home.create(1);
        SystemClock clock;
        EngineService second(home.options(), clock);
        second.open();
        QTRY_COMPARE_WITH_TIMEOUT(second.state(), ui::Service::State::Failed, ServiceHome::kLong);
        QVERIFY(second.failure());
        second.refresh();
        QCOMPARE(second.state(), ui::Service::State::Opening);
        QTRY_COMPARE_WITH_TIMEOUT(second.state(), ui::Service::State::Failed, ServiceHome::kLong);
        home.stop();
        second.refresh();
        QTRY_COMPARE_WITH_TIMEOUT(second.state(), ui::Service::State::Ready, ServiceHome::kLong);
        QVERIFY(!second.failure());
        QCOMPARE(second.accounts().size(), std::size_t(1));
    }

    // To use an account's new settings the library closes for a moment, and then it cannot be opened again.
    void transfersWaitForALibraryThatCannotBeReopened()
    {
        ServiceHome home;
        home.create();
        home->setLimits(ui::SpeedLimits { 40'000'000, 0 });
        QTRY_COMPARE(home->limits().up, 40'000'000);
        const auto running = home.store(kModel, home.makeFile(kModel, 150'000'000));
        QTRY_VERIFY_WITH_TIMEOUT(
            home.transfer(running) && home.transfer(running)->progress.bytes > 0, ServiceHome::kLong);
        const ui::AccountEntry first = home->accounts().front();
        AccountRecord record;
        record.id = first.id;
        record.name = first.name;
        QVERIFY(QDir().rename(first.place, home.path(QStringLiteral("elsewhere"))));
        record.settings.insert(QStringLiteral("path"), home.path(QStringLiteral("elsewhere")));
        qputenv("MODELFLOAT_PASSPHRASE", "another one");
        QVERIFY(!runTask(home->changeAccount(record)));
        QCOMPARE(home->state(), ui::Service::State::Failed);
        home.waitFor(running, State::Waiting);
        QVERIFY(!home.transfer(running)->error->retryAt); // not at a time
        const auto added = home->freeSpace();
        home.waitFor(added, State::Waiting);

        qputenv("MODELFLOAT_PASSPHRASE", "for this test");
        home->refresh();
        QTRY_COMPARE_WITH_TIMEOUT(home->state(), ui::Service::State::Ready, ServiceHome::kLong);
        home->setLimits(ui::SpeedLimits());
        for (const auto id : { running, added })
            home.waitFor(id, State::Done);
        QTRY_COMPARE(home.modelState(kModel), ModelState::Safe);
    }

    // Whoever waits for an answer gets one when the library closes.
    void questionsEndWithTheLibrary()
    {
        ServiceHome home;
        home.create(2);
        std::optional<Result<std::vector<ui::FoundModel>>> answer;
        struct Asking {
            static Task<void> run(
                ui::Service &service, QStringList paths, std::optional<Result<std::vector<ui::FoundModel>>> &to)
            {
                auto asking = service.scan(paths);
                to.emplace(co_await asking);
            }
        };
        TaskScope page;
        page.start(Asking::run(home.service(), QStringList(home.path(QStringLiteral("."))), answer));
        QVERIFY(!answer);
        home.restart();
        QTRY_VERIFY(answer.has_value());
        QCOMPARE(answer->error().id, QStringLiteral("MF-LIBRARY-CLOSED"));
    }
};

QTEST_GUILESS_MAIN(TestServiceLibrary)
#include "test_service_library.moc"
