// SPDX-License-Identifier: GPL-3.0-or-later
// Removing, restoring, and how long the trash lasts.
#include "core/distributor/collect.h"
#include "core/distributor/objects/manifest.h"
#include "core/distributor/protect.h"
#include "core/distributor/sync_library.h"
#include "core/distributor/trash.h"
#include "tests/support/computers.h"
#include "tests/support/engine_fixture.h"
#include "tests/support/model_names.h"

using namespace mf;
using namespace std::chrono_literals;

class TestTrash : public QObject
{
    Q_OBJECT

    static constexpr std::chrono::hours kDay { 24 };

    static QStringList models(Computers &c, int computer = 0) { return modelNames(c.engine(computer)); }

    static std::vector<TrashEntry> trash(Computers &c, int computer = 0)
    {
        return *runTask(listTrash(c.engine(computer)));
    }

    // The bytes of that revision of a model that is one file.
    static QByteArray fetched(Computers &c, const QString &model, int revision, int computer)
    {
        const QTemporaryDir to;
        FetchRequest request;
        request.model = model;
        request.revision = revision;
        request.to = QFile::encodeName(to.path());
        Fetch fetch(c.engine(computer), std::move(request), nullptr);
        const auto done = runTask(fetch.run());
        if (!done)
            return done.error().id.toUtf8();
        QFile file(to.filePath(done->files.front().path));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    static std::vector<RevisionRow> ended(Computers &c)
    {
        if (!runTask(listTrash(c.engine())))
            qFatal("trash");
        std::vector<RevisionRow> rows;
        const auto all = runTask(c.engine().registry.trashed());
        for (const auto &one : *all) {
            if (one.isEnded())
                rows.push_back(one.revision.row);
        }
        return rows;
    }

private slots:
    void removedAndRestored()
    {
        Computers c(3);
        const QByteArray bytes = randomBytes(300'000, 1);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), bytes), Protection(2, 1), QStringLiteral("m")));
        const auto removed = runTask(removeModel(c.engine(), QStringLiteral("m"), 0, false));
        QVERIFY2(removed, qPrintable(removed ? QString() : removed.error().message));
        QCOMPARE(models(c), QStringList());
        QCOMPARE(removed->until, removed->removed.addDays(30));
        QCOMPARE(trash(c).size(), 1U);
        c.reopen(0);
        QCOMPARE(trash(c).front().name, QStringLiteral("m"));
        const auto back = runTask(restoreModel(c.engine(), QStringLiteral("M"))); // any case
        QVERIFY2(back, qPrintable(back ? QString() : back.error().message));
        QVERIFY(!back->removed.isValid());
        QCOMPARE(models(c), QStringList { QStringLiteral("m") });
        QVERIFY(c.comesBack(QStringLiteral("m"), bytes));
        QVERIFY(trash(c).empty());
    }

    void allRevisionsGoAndComeBackTogether()
    {
        Computers c(2);
        for (quint32 i = 1; i <= 3; ++i)
            QVERIFY(c.store(
                c.write(QStringLiteral("m.bin"), randomBytes(50'000, i)), Protection(1, 1), QStringLiteral("m")));
        QVERIFY(runTask(removeModel(c.engine(), QStringLiteral("m"), 2, false)));
        QCOMPARE(trash(c).front().revisions, std::vector<int> { 2 });
        QCOMPARE(models(c), QStringList { QStringLiteral("m") });
        QVERIFY(runTask(removeModel(c.engine(), QStringLiteral("m"), 0, false)));
        QCOMPARE(trash(c).front().revisions, (std::vector<int> { 3, 2, 1 }));
        QVERIFY(runTask(restoreModel(c.engine(), QStringLiteral("m"))));
        QCOMPARE(runTask(c.engine().registry.revision(QStringLiteral("m"), 0))->number, 3);
        QVERIFY(c.comesBack(QStringLiteral("m"), randomBytes(50'000, 3)));
    }

    void whatDoesNotGo_data()
    {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("id");
        QTest::newRow("removing what is not there") << "remove" << "MF-MODEL-UNKNOWN";
        QTest::newRow("removing twice") << "twice" << "MF-MODEL-UNKNOWN";
        QTest::newRow("restoring what was never there") << "restore" << "MF-TRASH-UNKNOWN";
        QTest::newRow("removing a revision that it does not have") << "revision" << "MF-REVISION-UNKNOWN";
    }
    void whatDoesNotGo()
    {
        QFETCH(const QString, what);
        QFETCH(const QString, id);
        Computers c(1);
        const auto path = c.write(QStringLiteral("m.bin"), randomBytes(20'000, 1));
        QVERIFY(c.store(path, Protection(1, 0), QStringLiteral("m")));
        const QString m = QStringLiteral("m");
        Error error;
        if (what == QStringLiteral("remove")) {
            error = runTask(removeModel(c.engine(), QStringLiteral("xyz"), 0, false)).error();
        } else if (what == QStringLiteral("twice")) {
            QVERIFY(runTask(removeModel(c.engine(), m, 0, false)));
            error = runTask(removeModel(c.engine(), m, 0, false)).error();
        } else if (what == QStringLiteral("restore")) {
            error = runTask(restoreModel(c.engine(), QStringLiteral("xyz"))).error();
        } else {
            error = runTask(removeModel(c.engine(), m, 7, false)).error();
        }
        QCOMPARE(error.id, id);
    }

    // Stored again meanwhile: what was removed comes back as its history, on every computer.
    void restoredBesideANewOne_data()
    {
        QTest::addColumn<bool>("byAnother");
        QTest::newRow("by the same computer") << false;
        QTest::newRow("by another one") << true;
    }
    void restoredBesideANewOne()
    {
        QFETCH(const bool, byAnother);
        Computers c(2);
        const QString m = QStringLiteral("m");
        const QByteArray older = randomBytes(20'000, 1);
        const QByteArray newer = randomBytes(20'000, 2);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), older), Protection(1, 0), m));
        const int other = c.join(0);
        const RevisionId first = runTask(c.engine().registry.revision(m, 0))->id;
        QVERIFY(runTask(removeModel(c.engine(), m, 0, false)));
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), newer), Protection(1, 0), m, byAnother ? other : 0));
        const auto back = runTask(restoreModel(c.engine(), m));
        QVERIFY2(back, qPrintable(back ? QString() : back.error().message));
        QCOMPARE(back->name, m);
        QCOMPARE(back->revisions, std::vector<int> { 1 });
        QVERIFY(!back->removed.isValid());
        QVERIFY(runTask(collect(c.engine())));
        for (const int computer : { 0, other }) {
            QVERIFY(runTask(syncLibrary(c.engine(computer))));
            QCOMPARE(models(c, computer), QStringList { m });
            QVERIFY(trash(c, computer).empty());
            const auto history = runTask(c.engine(computer).registry.history(back->model));
            QCOMPARE(history->size(), 2U);
            QCOMPARE(history->front().number, 2);
            QCOMPARE(history->back().id, first);
            QCOMPARE(history->back().state, RevisionState::Live);
            QCOMPARE(fetched(c, m, 0, computer), newer); // it is the model still
            QCOMPARE(fetched(c, m, 1, computer), older);
        }
    }

    void forEverTakesOnlyWhatIsInTheTrash_data()
    {
        QTest::addColumn<bool>("isStoredAgain");
        QTest::newRow("an old revision of it") << false;
        QTest::newRow("the model, which was stored again since") << true;
    }
    void forEverTakesOnlyWhatIsInTheTrash()
    {
        QFETCH(const bool, isStoredAgain);
        Computers c(1);
        const QString m = QStringLiteral("m");
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), randomBytes(20'000, 1)), Protection(1, 0), m));
        if (isStoredAgain)
            QVERIFY(runTask(removeModel(c.engine(), m, 0, false)));
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), randomBytes(20'000, 2)), Protection(1, 0), m));
        if (!isStoredAgain)
            QVERIFY(runTask(removeModel(c.engine(), m, 1, false)));
        const auto deleted = runTask(deleteTrashed(c.engine(), trash(c).front()));
        QVERIFY2(deleted, qPrintable(deleted ? QString() : deleted.error().message));
        QCOMPARE(deleted->revisions, std::vector<int> { 1 });
        QVERIFY(deleted->isForever);
        QVERIFY(runTask(collect(c.engine())));
        QVERIFY(trash(c).empty());
        QCOMPARE(models(c), QStringList { m });
        QVERIFY(c.comesBack(m, randomBytes(20'000, 2)));
        QCOMPARE(runTask(deleteTrashed(c.engine(), *deleted)).error().id, QStringLiteral("MF-TRASH-UNKNOWN"));
    }

    void aNameInTheTrashIsNotTheBeginningOfAnother()
    {
        Computers c(1);
        const QString little = QStringLiteral("llama");
        const QString large = QStringLiteral("llama-70b");
        QVERIFY(c.store(c.write(little, randomBytes(20'000, 1)), Protection(1, 0), little));
        QVERIFY(c.store(c.write(large, randomBytes(20'000, 2)), Protection(1, 0), large));
        QVERIFY(runTask(removeModel(c.engine(), little, 0, false)));
        const auto deleted = runTask(removeModel(c.engine(), little, 0, true));
        QVERIFY(deleted);
        QCOMPARE(deleted->name, little);
        QVERIFY(runTask(collect(c.engine())));
        QCOMPARE(models(c), QStringList { large });
        QVERIFY(c.comesBack(large, randomBytes(20'000, 2)));
        const auto back = runTask(restoreModel(c.engine(), little));
        QCOMPARE(back ? QString() : back.error().id, QStringLiteral("MF-TRASH-UNKNOWN"));
    }

    void byItsId()
    {
        Computers c(1);
        const QString m = QStringLiteral("m");
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), randomBytes(20'000, 1)), Protection(1, 0), m));
        const ModelId model = runTask(c.engine().registry.revision(m, 0))->model;
        const auto removed = runTask(removeModel(c.engine(), model.toHex(), 0, false));
        QVERIFY(removed);
        QCOMPARE(removed->model, model);
        const auto again = runTask(removeModel(c.engine(), model.toHex(), 0, false));
        QVERIFY(!again);
        QCOMPARE(again.error().id, QStringLiteral("MF-MODEL-UNKNOWN"));
        QVERIFY2(again.error().message.startsWith(QStringLiteral("“m” is not in the library")),
            qPrintable(again.error().message));
        const auto back = runTask(restoreModel(c.engine(), model.toHex()));
        QVERIFY2(back, qPrintable(back ? QString() : back.error().message));
        QCOMPARE(models(c), QStringList { m });
    }

    void itEndsAfterThirtyDays_data()
    {
        QTest::addColumn<QString>("time"); // days that pass; j: the wall clock jumps by so many, r: another process
        QTest::addColumn<bool>("isEnded");
        QTest::newRow("29 days") << "29" << false;
        QTest::newRow("30 days") << "30" << true;
        QTest::newRow("30 days, in steps") << "10 r 10 r 10" << true;
        QTest::newRow("the clock jumps by years") << "j4000 1" << false;
        QTest::newRow("it jumps again and again, a day counts each time") << "j4000 1 j4000 1 j4000 1" << false;
        QTest::newRow("it jumps back") << "15 j-1000 15" << true;
        QTest::newRow("it jumps ahead and back") << "j4000 r j-4000 r 29" << true; // a day for the jump
        QTest::newRow("for ever") << "forever" << true;
    }
    void itEndsAfterThirtyDays()
    {
        QFETCH(const QString, time);
        QFETCH(const bool, isEnded);
        Computers c(1);
        QVERIFY(
            c.store(c.write(QStringLiteral("m.bin"), randomBytes(20'000, 1)), Protection(1, 0), QStringLiteral("m")));
        const bool isForever = time == QStringLiteral("forever");
        QVERIFY(runTask(removeModel(c.engine(), QStringLiteral("m"), 0, isForever)));
        for (const QString &step : time.split(u' ')) {
            if (step.startsWith(u'j'))
                c.clock().jump(kDay * step.mid(1).toInt());
            else if (step == QStringLiteral("r"))
                c.reopen(0);
            else
                c.clock().advance(kDay * step.toInt());
            (void)trash(c); // the program looks at the clock
        }
        QCOMPARE(ended(c).empty(), !isEnded);
        QCOMPARE(trash(c).size(), 1U); // still restorable, as long as nothing was collected
        QVERIFY(runTask(restoreModel(c.engine(), QStringLiteral("m"))));
        QCOMPARE(models(c).size(), 1);
        // Removed once more, it has its 30 days again.
        QVERIFY(runTask(removeModel(c.engine(), QStringLiteral("m"), 0, false)));
        QVERIFY(ended(c).empty());
    }

    void anotherComputerSeesIt()
    {
        Computers c(2);
        const QByteArray bytes = randomBytes(50'000, 1);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), bytes), Protection(1, 1), QStringLiteral("m")));
        const int other = c.join(0);
        QVERIFY(runTask(removeModel(c.engine(), QStringLiteral("m"), 0, false)));
        const auto back = runTask(restoreModel(c.engine(other), QStringLiteral("m")));
        QVERIFY2(back, qPrintable(back ? QString() : back.error().message));
        QVERIFY(c.comesBack(QStringLiteral("m"), bytes, other));
    }

    void aModelHasOneIdEverywhere_data()
    {
        QTest::addColumn<QString>("story");
        QTest::newRow("stored once") << "store0";
        QTest::newRow("stored again, after the other saw that it was removed") << "store0 sync1 remove0 sync1 store0";
        QTest::newRow("stored again, before the other saw it") << "store0 sync1 remove0 store0";
        QTest::newRow("by another than who removed it") << "store0 sync1 remove0 sync1 store1";
        QTest::newRow("and gone for ever here") << "store0 sync1 forever0 collect0 sync1 later collect0 store0";
        QTest::newRow("by both at once") << "store0 store1";
        QTest::newRow("by both at once, the other way round") << "store1 store0";
        QTest::newRow("by both, in the trash of both") << "store0 sync1 remove0 sync1 store0 store1";
    }
    void aModelHasOneIdEverywhere()
    {
        QFETCH(const QString, story);
        Computers c(2);
        c.join(0);
        const QString m = QStringLiteral("m");
        quint32 seed = 0;
        const auto steps = story.split(u' ');
        for (const QString &step : steps) {
            const int who = step.back().digitValue();
            const QString what = who < 0 ? step : step.chopped(1);
            QString wrong;
            const auto note = [&wrong](const auto &done) {
                if (!done)
                    wrong = done.error().message;
            };
            if (what == QStringLiteral("store"))
                note(c.store(c.write(QStringLiteral("m.bin"), randomBytes(20'000, ++seed)), Protection(1, 1), m, who));
            else if (what == QStringLiteral("sync"))
                note(runTask(syncLibrary(c.engine(who))));
            else if (what == QStringLiteral("collect"))
                note(runTask(collect(c.engine(who))));
            else if (what == QStringLiteral("later"))
                c.clock().advance(kDay * 8);
            else
                note(runTask(removeModel(c.engine(who), m, 0, what == QStringLiteral("forever"))));
            QVERIFY2(wrong.isEmpty(), qPrintable(QString(step + u' ' + wrong)));
        }
        std::vector<ModelId> ids;
        for (int round = 0; round < 2; ++round) {
            for (int who = 0; who < 2; ++who)
                QVERIFY(runTask(syncLibrary(c.engine(who))));
        }
        for (int who = 0; who < 2; ++who)
            ids.push_back(runTask(c.engine(who).registry.revision(m, 0))->model);
        QCOMPARE(ids[0].toHex(), ids[1].toHex());
    }

    // Seed 37 of the simulation: who did not know of it gave the model more protection, and with that brought it back
    // here alone.
    void whatAnotherComputerRemovedStaysRemoved()
    {
        Computers c(3);
        const QString m = QStringLiteral("m");
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), randomBytes(50'000, 1)), Protection(1, 0), m));
        const int other = c.join(0);
        QVERIFY(runTask(removeModel(c.engine(other), m, 0, false)));
        ProtectRequest request;
        request.model = m;
        request.protection = Protection(0, 1);
        const auto protectedNow = runTask(protectModel(c.engine(), request, nullptr));
        QVERIFY(!protectedNow);
        QCOMPARE(protectedNow.error().id, QStringLiteral("MF-MODEL-REMOVED"));
        QCOMPARE(models(c), QStringList());
    }

    // Whoever writes a revision down may have read it before the log took it away.
    void aLateUpdateBringsNothingBack()
    {
        Computers c(1);
        const QString m = QStringLiteral("m");
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), randomBytes(50'000, 1)), Protection(1, 0), m));
        const RevisionRecord before = *runTask(c.engine().registry.revision(m, 0));
        QCOMPARE(before.state, RevisionState::Live);
        QVERIFY(runTask(removeModel(c.engine(), m, 0, false)));
        QVERIFY(runTask(c.engine().registry.updateRevision(before)));
        QCOMPARE(runTask(c.engine().registry.revisionAt(before.row))->state, RevisionState::Trashed);
        QCOMPARE(models(c), QStringList());
    }

    // Seed 1464 of the simulation: another computer packed the model anew and deleted its old packs. Who knew those
    // alone took it for gone, and took it away from everybody.
    void whatWasPackedAnewIsNotGone_data()
    {
        QTest::addColumn<bool>("isTrashed");
        QTest::addColumn<bool>("isReadable"); // where it lies now
        QTest::newRow("in the trash") << true << true;
        QTest::newRow("in the trash, and not to be read now") << true << false;
        QTest::newRow("restored by another") << false << true;
        QTest::newRow("restored by another, and not to be read now") << false << false;
    }
    void whatWasPackedAnewIsNotGone()
    {
        QFETCH(const bool, isTrashed);
        QFETCH(const bool, isReadable);
        Computers c(3);
        const QString m = QStringLiteral("m");
        const QByteArray bytes = randomBytes(5'000'000, 1);
        QVERIFY(c.store(c.write(QStringLiteral("m.bin"), bytes), Protection(2, 1), m));
        const int other = c.join(0);
        ProtectRequest request;
        request.model = m;
        request.protection = Protection(1, 1);
        QVERIFY(runTask(protectModel(c.engine(), request, nullptr)));
        QVERIFY(runTask(collect(c.engine()))->fragments >= 3);
        const BlobName manifest = manifestName(c.ring(), runTask(c.engine().registry.revision(m, 0))->manifest);
        if (isTrashed)
            QVERIFY(runTask(removeModel(c.engine(), m, 0, false)));
        const Error away(Error::Kind::Network, QStringLiteral("MF-TEST"), QStringLiteral("away"));
        for (int i = 0; !isReadable && i < c.accounts(); ++i)
            c.faulty(i, other).on(FaultyProvider::Method::Get).named(manifest.value).always().error(away);
        const auto back = runTask(restoreModel(c.engine(other), m));
        if (isReadable) {
            QVERIFY2(back, qPrintable(back ? QString() : back.error().message));
        } else {
            QVERIFY(!back);
            QCOMPARE(back.error().id, QStringLiteral("MF-RESTORE-WAITS"));
            c.reopen(other);
            QVERIFY(runTask(restoreModel(c.engine(other), m)));
        }
        QVERIFY(c.comesBack(m, bytes, other));
        QVERIFY(runTask(syncLibrary(c.engine())));
        QVERIFY(c.comesBack(m, bytes));
    }

    // A restore that comes beside the deletion does not claim what it cannot know.
    void restoredTooLate_data()
    {
        QTest::addColumn<bool>("isGone");
        QTest::addColumn<QString>("id");
        QTest::newRow("another computer has doomed it") << false << "MF-RESTORE-DOOMED";
        QTest::newRow("it is gone") << true << "MF-RESTORE-GONE";
    }
    void restoredTooLate()
    {
        QFETCH(const bool, isGone);
        QFETCH(const QString, id);
        Computers c(2);
        QVERIFY(
            c.store(c.write(QStringLiteral("m.bin"), randomBytes(50'000, 1)), Protection(1, 1), QStringLiteral("m")));
        QVERIFY(runTask(removeModel(c.engine(), QStringLiteral("m"), 0, false)));
        const int other = c.join(0);
        const auto trashed = runTask(c.engine(other).registry.trashed());
        const auto rows = runTask(c.engine(other).registry.packsRelied(trashed->front().revision.row));
        DoomRecord doom;
        doom.id = randomId<DoomId>();
        for (const PackRow row : *rows)
            doom.packs.push_back(runTask(c.engine(other).registry.pack(row))->id);
        Cbor events = Cbor::array();
        events.push_back(events::doom(doom));
        if (isGone)
            events.push_back(events::gone(doom.id));
        QStringList warnings;
        QVERIFY(runTask(readyAccounts(c.engine(other), warnings)));
        LibraryLog log(c.engine(other));
        QVERIFY(runTask(log.append(std::move(events))));

        for (int i = 0; i < 2; ++i) { // and asking again says the same
            const auto back = runTask(restoreModel(c.engine(), QStringLiteral("m")));
            QVERIFY(!back);
            QCOMPARE(back.error().id, id);
        }
        QCOMPARE(models(c).isEmpty(), isGone); // no ghost
        if (isGone)
            return;
        Cbor pardon = Cbor::array();
        pardon.push_back(events::pardon(doom.id));
        QVERIFY(runTask(log.append(std::move(pardon))));
        QVERIFY(runTask(restoreModel(c.engine(), QStringLiteral("m"))));
        QVERIFY(c.comesBack(QStringLiteral("m"), randomBytes(50'000, 1)));
    }

    void withoutAccountsItFails()
    {
        Computers c(1);
        QVERIFY(
            c.store(c.write(QStringLiteral("m.bin"), randomBytes(20'000, 1)), Protection(1, 0), QStringLiteral("m")));
        c.setGone(0, true);
        c.reopen(0);
        const auto removed = runTask(removeModel(c.engine(), QStringLiteral("m"), 0, false));
        QVERIFY(!removed);
        QCOMPARE(removed.error().kind, Error::Kind::Network);
        QCOMPARE(models(c), QStringList { QStringLiteral("m") });
    }
};

QTEST_GUILESS_MAIN(TestTrash)
#include "test_trash.moc"
