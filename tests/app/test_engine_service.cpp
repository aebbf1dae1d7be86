// SPDX-License-Identifier: GPL-3.0-or-later
// The window's library on real folders: what a person does in it, without the window.
#include "tests/app/service_home.h"
#include "core/distributor/repair.h"
#include "ui/storage/account_words.h"

#include <QDirIterator>
#include <QtTest>

#include <utility>

using namespace mf;
using State = ServiceHome::State;
using Health = ServiceHome::Health;

namespace {

int removeFragments(const QString &account)
{
    int removed = 0;
    QDirIterator files(account + QStringLiteral("/f"), QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext())
        removed += QFile::remove(files.next()) ? 1 : 0;
    return removed;
}

const QString kModel = QStringLiteral("model");

} // namespace

class TestEngineService : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { qputenv("MODELFLOAT_PASSPHRASE", "for this test"); }

    // The accounts answer one after the other; what is proposed does not hang on who was first.
    void aPlanJustAfterTheStartCountsOnAllAccounts()
    {
        ServiceHome home;
        home.create();
        const QString file = home.makeFile(kModel, 1'000'000);
        const auto found = runTask(home->scan(QStringList(file)));
        QVERIFY(found);
        home.restart();
        QTRY_COMPARE(home->state(), ui::Service::State::Ready);
        const auto plan = runTask(home->plan(*found, std::nullopt, {}));
        QVERIFY2(plan, plan ? "" : qPrintable(plan.error().message));
        QCOMPARE(plan->protection.m, 1);
        QCOMPARE(plan->accounts.size(), std::size_t(3));
    }

    void storedShownTrashedAndBack()
    {
        ServiceHome home;
        home.create();
        const QString file = home.makeFile(kModel, 6'000'000);
        const auto found = runTask(home->scan(QStringList(file)));
        QVERIFY(found);
        QCOMPARE(found->size(), std::size_t(1));
        QVERIFY(!found->front().isKnown);
        const auto plan = runTask(home->plan(*found, Protection(2, 1), {}));
        QVERIFY(plan);
        QVERIFY(plan->fits);
        QCOMPARE(plan->accounts.size(), std::size_t(3));
        int appeared = 0; // in the list, and stays there while it changes from one being stored to a stored one
        bool isListed = false;
        const auto watching = connect(&home.service(), &ui::Service::modelsChanged, this, [&] {
            if (std::exchange(isListed, home.model(kModel) != nullptr) != isListed && isListed)
                ++appeared;
        });
        const auto id = home.store(kModel, file);
        home.waitFor(id, State::Done);
        QTRY_COMPARE(home.modelState(kModel), ModelState::Safe);
        disconnect(watching);
        QCOMPARE(appeared, 1);
        const ui::ModelEntry entry = *home.model(kModel);
        QCOMPARE(entry.spare, 1);
        QCOMPARE(entry.percent, -1);
        QCOMPARE(entry.accounts.size(), 3);
        QVERIFY(!entry.strip.empty());
        QCOMPARE(*std::min_element(entry.strip.begin(), entry.strip.end()), qint8(1));
        QVERIFY(entry.uploadedBytes > 0);

        const auto details = runTask(home->details(entry.id));
        QVERIFY(details);
        QCOMPARE(details->map.size(), std::size_t(3));
        QCOMPARE(details->map[0].account, QStringLiteral("disk0"));
        QVERIFY(details->fragmentCount >= 3);
        QCOMPARE(details->files.size(), std::size_t(1));
        QCOMPARE(details->files[0].sha256.size(), 64);
        QCOMPARE(entry.sha256, details->files[0].sha256); // what the search finds it by
        QVERIFY(!details->metadata.isEmpty());
        QCOMPARE(details->history.size(), std::size_t(1));
        QCOMPARE(*runTask(home->preview(entry.id, details->files[0].path, 4)), QByteArray("GGUF"));
        QCOMPARE(runTask(home->preview(entry.id, QStringLiteral("no"), 4)).error().kind, Error::Kind::NotFound);
        const auto loss = runTask(home->withoutAccount(home->accounts()[0].id));
        QVERIFY(loss);
        QCOMPARE(loss->atRisk, QStringList(kModel));
        QCOMPARE(loss->models.size(), std::size_t(1));
        QCOMPARE(loss->models[0].id, entry.id);
        QCOMPARE(loss->models[0].state, ModelState::AtRisk); // as it would be
        QCOMPARE(loss->models[0].spare, 0);
        const QString hash = details->files[0].sha256;
        QCOMPARE(*runTask(home->modelsWithHash(hash.left(8))), std::vector<ModelId> { entry.id });
        QVERIFY(runTask(home->modelsWithHash(QString(64, u'0')))->empty());
        QVERIFY(runTask(home->scan(QStringList(file)))->size() == 1);

        QVERIFY(runTask(home->moveToTrash({ entry.id })));
        QTRY_VERIFY(home->models().empty());
        QTRY_COMPARE(home->trash().size(), std::size_t(1));
        TrashEntry trashed = home->trash().front();
        QCOMPARE(trashed.model, entry.id);
        QVERIFY(runTask(home->restore(trashed)));
        QTRY_COMPARE(home.modelState(kModel), ModelState::Safe);
        QTRY_VERIFY(home->trash().empty());
        QVERIFY(runTask(home->moveToTrash({ entry.id })));
        QVERIFY(runTask(home->deleteForever({ trashed })));
        const auto collecting = home->freeSpace();
        home.waitFor(collecting, State::Done);
        QTRY_VERIFY(home->trash().empty());
        QVERIFY(!runTask(home->restore(trashed)));
        QTRY_VERIFY(!home->history().empty() && home->history().front().kind == QStringLiteral("collect"));
    }

    // What is missing is rebuilt without anybody asking for it, once the user has said so.
    void aSyncRepairsAsSet()
    {
        ServiceHome home;
        home.create(3);
        const auto storing = home.store(kModel, home.makeFile(kModel, 6'000'000));
        home.waitFor(storing, State::Done);
        QVERIFY(removeFragments(home.path(QStringLiteral("disk0"))) > 0);
        const auto checking = home->check({}, false);
        home.waitFor(checking, State::Done);
        QTRY_COMPARE(home.modelState(kModel), ModelState::AtRisk);
        const auto isRepair = [](const auto &entry) { return entry.kind == ui::TransferEntry::Kind::Repair; };
        const auto repairs
            = [&] { return std::count_if(home->transfers().begin(), home->transfers().end(), isRepair); };
        home->refresh(); // a sync, which only says so as long as nothing is set; then what comes after it
        const auto again = home->check({}, false);
        home.waitFor(again, State::Done);
        QCOMPARE(repairs(), 0);

        home.stop();
        {
            const auto registry = must(runTask(Registry::open(home.path(QStringLiteral("home/registry.sqlite")))));
            must(runTask(registry->setSetting(QString::fromLatin1(kSyncRepairs), QStringLiteral("always"))));
        }
        home.start();
        QTRY_COMPARE_WITH_TIMEOUT(home.modelState(kModel), ModelState::Safe, ServiceHome::kLong);
        QCOMPARE(repairs(), 1);
    }

    // An account loses its files behind the program's back; another one is unplugged.
    void checkedRepairedAndFetched()
    {
        ServiceHome home;
        home.create(4);
        const QString file = home.makeFile(kModel, 6'000'000);
        const auto storing = home.store(kModel, file);
        home.waitFor(storing, State::Done);
        QTRY_VERIFY(home.model(kModel) && home.model(kModel)->state == ModelState::Safe);
        const ModelId model = home.model(kModel)->id;
        const QString lost = home.model(kModel)->accounts.front();
        QVERIFY(removeFragments(home.path(lost)) > 0);
        const auto checking = home->check({ model }, false);
        home.waitFor(checking, State::Done);
        QVERIFY(home.transfer(checking)->isWarning);
        QTRY_COMPARE(home.modelState(kModel), ModelState::AtRisk);
        QTRY_VERIFY(std::any_of(
            home->issues().begin(), home->issues().end(), [](const auto &issue) { return issue.model == kModel; }));
        const auto details = runTask(home->details(model));
        QVERIFY(details && details->fragments.front().state == FragmentState::Missing);
        const auto repairing = home->repair({});
        home.waitFor(repairing, State::Done);
        QTRY_COMPARE(home.modelState(kModel), ModelState::Safe);
        const auto deep = home->check({}, true);
        home.waitFor(deep, State::Done);
        QVERIFY2(!home.transfer(deep)->isWarning, qPrintable(home.transfer(deep)->outcome));

        const QString other = home.model(kModel)->accounts.front();
        QVERIFY(QDir().rename(home.path(other), home.path(QStringLiteral("unplugged"))));
        home->refresh();
        QTRY_COMPARE_WITH_TIMEOUT(home.healthOf(other), Health::Unreachable, ServiceHome::kLong);
        ui::FetchOrder order;
        order.model = model;
        order.to = pathOfText(home.path(QStringLiteral("back")));
        const auto fetching = home->fetch(order);
        home.waitFor(fetching, State::Done);
        QTRY_COMPARE(home.transfer(fetching)->folder, home.path(QStringLiteral("back")));
        QCOMPARE(bytesOf(home.path(QStringLiteral("back/model.gguf"))), bytesOf(file));
        QVERIFY(QDir().rename(home.path(QStringLiteral("unplugged")), home.path(other)));
        home->refresh();
        QTRY_COMPARE_WITH_TIMEOUT(home.healthOf(other), Health::Connected, ServiceHome::kLong);
    }

    void pausedInTheMiddleAndWentOn()
    {
        ServiceHome home;
        home.create();
        home->setLimits(ui::SpeedLimits { 40'000'000, 0 });
        QTRY_COMPARE(home->limits().up, 40'000'000);
        const QString file = home.makeFile(kModel, 150'000'000);
        const auto id = home.store(kModel, file);
        QTRY_VERIFY_WITH_TIMEOUT(home.transfer(id) && home.transfer(id)->progress.bytes > 0, ServiceHome::kLong);
        QTRY_VERIFY(home.model(kModel) && home.model(kModel)->state == ModelState::Storing);
        home->pause(id);
        home.waitFor(id, State::Paused);
        const qint64 done = home.transfer(id)->progress.bytes;
        QVERIFY(done > 0);
        QSignalSpy moved(&home.service(), &ui::Service::transferMoved);
        qint64 least = done;
        QObject::connect(&home.service(), &ui::Service::transferMoved, &moved,
            [&] { least = std::min(least, home.transfer(id)->progress.bytes); });
        home->setLimits(ui::SpeedLimits());
        home->resume(id);
        home.waitFor(id, State::Done);
        QCOMPARE(least, done);
        QTRY_COMPARE(home.modelState(kModel), ModelState::Safe);
    }

    void killedInTheMiddleAndStartedAgain()
    {
        ServiceHome home;
        home.create();
        home->setLimits(ui::SpeedLimits { 40'000'000, 0 });
        QTRY_COMPARE(home->limits().up, 40'000'000);
        const QString file = home.makeFile(kModel, 150'000'000);
        const QString other = home.makeFile(QStringLiteral("other"), 1'000'000);
        const auto paused = home.store(QStringLiteral("other"), other);
        home->pause(paused);
        home->setPriority(paused, TransferPriority::High);
        home->setRateLimit(paused, 500'000);
        const auto id = home.store(kModel, file);
        QTRY_VERIFY_WITH_TIMEOUT(home.transfer(id) && home.transfer(id)->progress.bytes > 0, ServiceHome::kLong);
        home.restart();
        QTRY_COMPARE(home->transfers().size(), std::size_t(2));
        QCOMPARE(home->transfers()[0].name, QStringLiteral("other"));
        QTRY_COMPARE(home->transfers()[0].state, State::Paused);
        QCOMPARE(home->transfers()[0].priority, TransferPriority::High);
        QCOMPARE(home->transfers()[0].rateLimit, 500'000);
        QCOMPARE(home->transfers()[1].rateLimit, 0);
        QCOMPARE(home->transfers()[1].name, kModel);
        QCOMPARE(home->transfers()[1].priority, TransferPriority::Normal);
        home->setLimits(ui::SpeedLimits());
        home.waitFor(home->transfers()[1].id, State::Done);
        QTRY_COMPARE(home.modelState(kModel), ModelState::Safe);
        const auto again = home->transfers()[0].id;
        home->cancel(again);
        home.waitFor(again, State::Cancelled);
        home->clearEnded();
        QTRY_VERIFY(home->transfers().empty());
        home.restart();
        QTRY_COMPARE(home.modelState(kModel), ModelState::Safe);
        QVERIFY(home->transfers().empty());
        ui::FetchOrder order;
        order.model = home.model(kModel)->id;
        order.to = pathOfText(home.path(QStringLiteral("back")));
        const auto fetching = home->fetch(order);
        home.waitFor(fetching, State::Done);
        QCOMPARE(bytesOf(home.path(QStringLiteral("back/model.gguf"))), bytesOf(file));
    }

    // All kinds come back, and each is paused as it was: by itself, or with all of them.
    void whatWasQueuedIsThereAgain()
    {
        ServiceHome home;
        home.create(4);
        const auto storing = home.store(kModel, home.makeFile(kModel, 3'000'000));
        home.waitFor(storing, State::Done);
        QTRY_COMPARE(home.modelState(kModel), ModelState::Safe);
        const ModelId model = home.model(kModel)->id;
        const ui::AccountEntry gone = home->accounts().front();
        home->clearEnded();
        home->setPaused(true);
        home->check({ model }, true);
        home->repair({});
        home->protect(model, Protection(1, 2));
        home->freeSpace();
        home->removeAccount(gone.id, false);
        QTRY_COMPARE(home->transfers().size(), std::size_t(5));
        QSignalSpy kept(&home.service(), &ui::Service::transfersChanged);
        home->pause(home->transfers()[1].id); // the repair
        std::vector<std::pair<ui::TransferEntry::Kind, QString>> before;
        for (const ui::TransferEntry &transfer : home->transfers())
            before.emplace_back(transfer.kind, transfer.name);
        QTRY_VERIFY(!kept.isEmpty());
        QVERIFY(runTask(home->modelsWithHash(QString(64, u'0')))); // is asked for behind what is written
        home.restart();
        QTRY_COMPARE(home->transfers().size(), before.size());
        QVERIFY(home->isPaused());
        for (std::size_t i = 0; i < before.size(); ++i) {
            QCOMPARE(home->transfers()[i].kind, before[i].first);
            QCOMPARE(home->transfers()[i].name, before[i].second);
            QCOMPARE(home->transfers()[i].state, State::Paused);
        }
        const std::vector<ui::TransferEntry> all = home->transfers();
        home->setPaused(false);
        for (const std::size_t i : { 0u, 2u, 3u, 4u })
            home.waitFor(all[i].id, State::Done);
        home.waitFor(all[1].id, State::Paused);
        QTRY_COMPARE(home->accounts().size(), std::size_t(3));
        QTRY_COMPARE(home.model(kModel)->protection, Protection(1, 2));
        QCOMPARE(home.modelState(kModel), ModelState::Safe);
        home.restart();
        QTRY_COMPARE(home->transfers().size(), std::size_t(1)); // what is done does not come back
        QVERIFY(!home->isPaused());
        home.waitFor(home->transfers()[0].id, State::Paused);
    }

    void accountsChangeAndGo()
    {
        ServiceHome home;
        home.create(4);
        const QString file = home.makeFile(kModel, 3'000'000);
        const auto storing = home.store(kModel, file);
        home.waitFor(storing, State::Done);
        qint64 sent = 0;
        for (const ui::ShareEntry &share : home.transfer(storing)->shares) {
            QVERIFY(share.name.startsWith(QStringLiteral("disk")));
            sent += share.sent;
        }
        QVERIFY(sent > 0);
        QCOMPARE(sent, home.transfer(storing)->progress.network);
        const ui::AccountEntry first = home->accounts().front();
        AccountRecord record;
        record.id = first.id;
        record.kind = first.kind;
        record.name = QStringLiteral("old disk");
        record.domain = first.domain;
        record.capacity = 1'000'000'000;
        const auto renamed = runTask(home->changeAccount(record)); // without settings: it stays where it is
        QVERIFY2(renamed, renamed ? "" : qPrintable(renamed.error().message));
        QCOMPARE(home.healthOf(record.name), Health::Connected);

        QVERIFY(QDir().rename(first.place, home.path(QStringLiteral("elsewhere"))));
        record.settings.insert(QStringLiteral("path"), home.path(QStringLiteral("nowhere")));
        QVERIFY(!runTask(home->changeAccount(record)));
        record.settings.insert(QStringLiteral("path"), home.path(QStringLiteral("elsewhere")));
        const auto moved = runTask(home->changeAccount(record));
        QVERIFY2(moved, moved ? "" : qPrintable(moved.error().message));
        QCOMPARE(home->state(), ui::Service::State::Ready);
        QTRY_COMPARE_WITH_TIMEOUT(home.healthOf(record.name), Health::Connected, ServiceHome::kLong);
        QCOMPARE(home->transfers().size(), std::size_t(1)); // the same queue
        QVERIFY(QDir().rename(home.path(QStringLiteral("elsewhere")), home.path(QStringLiteral("unplugged"))));
        QVERIFY(!runTask(home->testAccount(record.id)));
        QCOMPARE(home.healthOf(record.name), Health::Unreachable);
        QVERIFY(QDir().rename(home.path(QStringLiteral("unplugged")), home.path(QStringLiteral("elsewhere"))));
        QVERIFY(runTask(home->testAccount(record.id)));
        QCOMPARE(home.healthOf(record.name), Health::Connected);

        const auto going = home->removeAccount(record.id, false);
        home.waitFor(going, State::Done);
        for (const ui::ShareEntry &share : home.transfer(going)->shares)
            QVERIFY(share.planned > 0 && share.sent + share.received == share.planned);
        QTRY_COMPARE(home->accounts().size(), std::size_t(3));
        QTRY_COMPARE(home.modelState(kModel), ModelState::Safe);
    }

    void anAccountThatIsNeededIsGivenUpOnly()
    {
        ServiceHome home;
        home.create();
        const auto storing = home.store(kModel, home.makeFile(kModel, 3'000'000));
        home.waitFor(storing, State::Done);
        QTRY_COMPARE(home.modelState(kModel), ModelState::Safe);
        const ui::AccountEntry first = home->accounts().front();
        const auto moving = home->removeAccount(first.id, false);
        home.waitFor(moving, State::Failed);
        QCOMPARE(home.transfer(moving)->error->id, QStringLiteral("MF-ACCOUNT-ROOM"));
        QVERIFY(home.why(moving).contains(first.name));
        QVERIFY(!home.why(moving).contains(QStringLiteral("--force")));
        const auto loss = runTask(home->withoutAccount(first.id));
        QVERIFY(loss);
        QVERIFY(ui::removalQuestion(first, home->accounts(), *loss).isLost);
        const auto leaving = home->removeAccount(first.id, true);
        home.waitFor(leaving, State::Done);
        QTRY_COMPARE(home->accounts().size(), std::size_t(2));
        QTRY_COMPARE(home.modelState(kModel), ModelState::AtRisk);
    }
};

QTEST_GUILESS_MAIN(TestEngineService)
#include "test_engine_service.moc"
