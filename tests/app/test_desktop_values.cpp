// SPDX-License-Identifier: GPL-3.0-or-later
// What the desktop's service makes of files, placements and saved queues.
#include "app/desktop/compression_sample.h"
#include "app/desktop/entries.h"
#include "app/desktop/found_models.h"
#include "app/desktop/saved_queue.h"
#include "app/desktop/store_plan.h"
#include "core/distributor/source_file.h"
#include "tests/support/make_model.h"

#include <QRandomGenerator>
#include <QtTest>

#include <cstring>

using namespace mf;

namespace {

QString write(const QTemporaryDir &folder, const QString &path, const QByteArray &bytes)
{
    const QString whole = folder.filePath(path);
    QDir().mkpath(QFileInfo(whole).path());
    QFile file(whole);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write");
    return whole;
}

// The stored paths that a store of these would have.
QStringList storedPaths(const ui::FoundModel &found)
{
    QStringList paths;
    const auto entries = scanSources(found.paths);
    if (!entries)
        return QStringList(entries.error().message);
    for (const SourceEntry &entry : *entries)
        paths.append(entry.stored);
    return paths;
}

ModelRecipe recipe(ModelRecipe::Format format)
{
    ModelRecipe made;
    made.format = format;
    made.size = 1 << 20;
    if (format != ModelRecipe::Format::Gguf)
        made.dtype = QStringLiteral("BF16");
    return made;
}

PlacementAccount place(int number, const QString &domain, std::optional<qint64> room)
{
    PlacementAccount made;
    made.id.bytes[0] = static_cast<std::uint8_t>(number);
    made.name = QString::number(number);
    made.domain = domain;
    made.room = room;
    return made;
}

} // namespace

class TestDesktopValues : public QObject
{
    Q_OBJECT

private slots:
    void aModelThatIsBeingStoredStandsInItsGroup()
    {
        ui::TransferEntry transfer;
        transfer.id = 7;
        transfer.name = QStringLiteral("Qwen3-0.6B-Instruct");
        const ui::ModelEntry entry = storingEntry(transfer, 1234);
        QCOMPARE(entry.facts.family, QStringLiteral("Qwen"));
        QCOMPARE(entry.bytes, qint64(1234));
        QVERIFY(entry.state == ModelState::Storing);
        transfer.name = QStringLiteral("my notes");
        QCOMPARE(storingEntry(transfer, 1).facts.family, QString());
    }

    void aFileAndAFolder()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("one-Q4_K_M.gguf"));
        QVERIFY(makeModel(recipe(ModelRecipe::Format::Gguf), file));
        const QString hub = folder.filePath(QStringLiteral("Big-Model"));
        QVERIFY(makeModel(recipe(ModelRecipe::Format::SafetensorsSharded), hub));
        write(folder, QStringLiteral("Big-Model/.cache/secret"), "x");
        const auto found = findModels({ file, hub });
        QCOMPARE(found.size(), std::size_t(2));
        for (const ui::FoundModel &model : found) {
            QVERIFY(model.isModel);
            QCOMPARE(model.problem, QString());
            QCOMPARE(storedPaths(model).size(), model.files);
            QVERIFY(!storedPaths(model).join(u' ').contains(QStringLiteral("secret")));
        }
        const auto &safetensors = found[0].facts.format == QStringLiteral("gguf") ? found[1] : found[0];
        QVERIFY(safetensors.files > 3);
        QVERIFY(storedPaths(safetensors).contains(QStringLiteral("config.json")));
        QVERIFY(safetensors.storedBytes < safetensors.bytes * 8 / 10);
    }

    // Parts that lie in different folders, given by themselves, are one model: stored under their names, and nothing of
    // what lies beside them.
    void partsFromSeveralPlaces()
    {
        QTemporaryDir folder;
        const QString hub = folder.filePath(QStringLiteral("Big-Model"));
        QVERIFY(makeModel(recipe(ModelRecipe::Format::SafetensorsSharded), hub));
        const QStringList whole = storedPaths(findModels({ hub }).at(0));
        write(folder, QStringLiteral("Downloads/private.txt"), "x");
        write(folder, QStringLiteral("Downloads/diary/today.txt"), "x");
        const QString name = QStringLiteral("model-00002-of-00003.safetensors");
        const QString late = folder.filePath(QStringLiteral("Downloads/") + name);
        QVERIFY(QFile::rename(hub + u'/' + name, late));
        const auto torn = findModels({ hub });
        QCOMPARE(torn.size(), std::size_t(1));
        QCOMPARE(torn[0].missing.size(), 1);

        const auto found = findModels({ hub, late }); // as Find… adds it
        QCOMPARE(found.size(), std::size_t(1));
        QVERIFY(found[0].missing.isEmpty());
        QCOMPARE(found[0].name, QStringLiteral("Big-Model"));
        QStringList stored = storedPaths(found[0]);
        stored.sort();
        QStringList wanted = whole;
        wanted.sort();
        QCOMPARE(stored, wanted);

        // And the folder that it lies in, as it was dropped: what else is in there stays apart.
        const auto dropped = findModels({ hub, folder.filePath(QStringLiteral("Downloads")) });
        QCOMPARE(dropped.size(), std::size_t(2));
        stored = storedPaths(dropped[0]);
        stored.sort();
        QCOMPARE(stored, wanted);
        QVERIFY(!dropped[1].isModel);
        QCOMPARE(dropped[1].files, 2);
    }

    // Files of one name from two folders are two models.
    void namesakes()
    {
        QTemporaryDir folder;
        QStringList files;
        for (const char *name : { "cat", "dog" }) {
            ModelRecipe made = recipe(ModelRecipe::Format::Gguf);
            made.seed = static_cast<std::uint64_t>(name[0]);
            made.name = QString::fromLatin1(name);
            files.append(folder.filePath(QStringLiteral("%1/model.gguf").arg(QString::fromLatin1(name))));
            QVERIFY(QDir().mkpath(QFileInfo(files.back()).path()));
            QVERIFY(makeModel(made, files.back()));
        }
        const auto found = findModels(files);
        QCOMPARE(found.size(), std::size_t(2));
        QVERIFY(found[0].name != found[1].name);
        for (const ui::FoundModel &model : found)
            QCOMPARE(storedPaths(model), QStringList(QStringLiteral("model.gguf")));
    }

    // Two models and a stranger in one folder: each gets its own files, and nothing else.
    void severalInOneFolder()
    {
        QTemporaryDir folder;
        for (const char *name : { "a", "b" }) {
            ModelRecipe made = recipe(ModelRecipe::Format::Gguf);
            made.name = QString::fromLatin1(name);
            made.seed = static_cast<std::uint64_t>(name[0]);
            QVERIFY(makeModel(made, folder.filePath(QStringLiteral("%1.gguf").arg(made.name))));
        }
        write(folder, QStringLiteral("holiday/photo.jpg"), "x");
        const auto found = findModels(QStringList(folder.path()));
        QCOMPARE(found.size(), std::size_t(3));
        QCOMPARE(storedPaths(found[0]), QStringList(QStringLiteral("a.gguf")));
        QCOMPARE(storedPaths(found[1]), QStringList(QStringLiteral("b.gguf")));
        QVERIFY(!found[2].isModel);
        QCOMPARE(storedPaths(found[2]), QStringList(QStringLiteral("photo.jpg")));
        QVERIFY(found[0].storedBytes > found[0].bytes * 9 / 10); // quantised already
        QCOMPARE(found[2].storedBytes, found[2].bytes);
    }

    void whatIsNotThere()
    {
        const auto found = findModels(QStringList(QStringLiteral("/nowhere/at.all")));
        QCOMPARE(found.size(), std::size_t(1));
        QVERIFY(!found[0].problem.isEmpty());
    }

    void plans_data()
    {
        QTest::addColumn<int>("domains");
        QTest::addColumn<qint64>("room"); // of each; < 0: unknown
        QTest::addColumn<bool>("fits");
        QTest::addColumn<int>("losses");
        QTest::newRow("three with plenty") << 3 << qint64(1) << true << 1;
        QTest::newRow("five with plenty") << 5 << qint64(1) << true << 2;
        QTest::newRow("nobody says how much") << 3 << qint64(-1) << true << 1;
        QTest::newRow("too little") << 3 << qint64(0) << false << 1;
        QTest::newRow("none at all") << 0 << qint64(1) << false << 0;
    }
    void plans()
    {
        QFETCH(const int, domains);
        QFETCH(const qint64, room);
        QFETCH(const bool, fits);
        QFETCH(const int, losses);
        constexpr qint64 kModel = 1'000'000'000;
        std::vector<PlacementAccount> places;
        for (int i = 0; i < domains; ++i) {
            const auto bytes = room < 0 ? std::nullopt : std::optional<qint64>(room == 0 ? kModel / 4 : kModel * 10);
            places.push_back(place(i, QString::number(i), bytes));
        }
        const ui::StorePlan plan = planStore(places, std::nullopt, kModel, kModel);
        QCOMPARE(plan.fits, fits);
        QCOMPARE(plan.lacking > 0, !fits);
        QCOMPARE(plan.protection.m, losses);
        QCOMPARE(plan.mostLosses, std::max(0, domains - 1));
        qint64 sent = 0;
        for (const auto &account : plan.accounts)
            sent += account.bytes;
        QCOMPARE(plan.uploadedBytes, sent);
        if (fits)
            QVERIFY(sent >= kModel * (plan.protection.k + plan.protection.m) / plan.protection.k);
    }

    void roomLeft_data()
    {
        constexpr qint64 kGiga = 1'000'000'000;
        QTest::addColumn<QList<qint64>>("rooms"); // < 0: unknown
        QTest::addColumn<bool>("inOneDomain");
        QTest::addColumn<int>("losses");
        QTest::addColumn<qint64>("least");
        QTest::addColumn<qint64>("most"); // < 0: not known
        QTest::newRow("no account") << QList<qint64>() << false << 0 << qint64(0) << qint64(0);
        QTest::newRow("one") << QList<qint64> { 100 * kGiga } << false << 0 << 98 * kGiga << 100 * kGiga;
        QTest::newRow("one of them says nothing")
            << QList<qint64> { 9 * kGiga, -1 } << false << 1 << qint64(0) << qint64(-1);
        QTest::newRow("four alike, one may go")
            << QList<qint64>(4, 12 * kGiga) << false << 1 << 34 * kGiga << 36 * kGiga;
        // First over four, then over the two that have room yet: what is free in all promises far more.
        QTest::newRow("two small ones") << QList<qint64> { 12 * kGiga, 12 * kGiga, 2 * kGiga, 2 * kGiga } << false << 1
                                        << 15 * kGiga << 16 * kGiga;
        QTest::newRow("two of three on one disk")
            << QList<qint64> { 5 * kGiga, 5 * kGiga, 5 * kGiga } << true << 1 << 4 * kGiga << 5 * kGiga;
        QTest::newRow("all full") << QList<qint64>(3, 1'000) << false << 1 << qint64(0) << qint64(0);
        QTest::newRow("very large") << QList<qint64>(3, 4'000'000 * kGiga) << false << 1 << 7'900'000 * kGiga
                                    << 8'000'000 * kGiga;
    }
    void roomLeft()
    {
        QFETCH(const QList<qint64>, rooms);
        QFETCH(const bool, inOneDomain);
        QFETCH(const qint64, most);
        std::vector<PlacementAccount> places;
        for (int i = 0; i < rooms.size(); ++i) {
            const QString domain = QString::number(inOneDomain ? std::min(i, 1) : i);
            places.push_back(place(i, domain, rooms[i] < 0 ? std::nullopt : std::optional<qint64>(rooms[i])));
        }
        const ui::RoomLeft left = roomFor(places);
        QCOMPARE(left.bytes.has_value(), most >= 0);
        QTEST(left.losses, "losses");
        if (!left.bytes)
            return;
        QFETCH(const qint64, least);
        QVERIFY2(*left.bytes >= least && *left.bytes <= most, qPrintable(QString::number(*left.bytes)));
    }

    // What is told before a store is about what it then takes.
    void compressionIsSampled()
    {
        QTemporaryDir folder;
        QByteArray noise(3 << 20, 0);
        for (qsizetype i = 0; i + 8 <= noise.size(); i += 8) {
            const quint64 word = QRandomGenerator::global()->generate64();
            std::memcpy(noise.data() + i, &word, sizeof word);
        }
        write(folder, QStringLiteral("half.bin"), noise + QByteArray(noise.size(), '\0'));
        ModelScan scan = scanModels(QStringList(folder.filePath(QStringLiteral("half.bin"))));
        QCOMPARE(scan.files.size(), std::size_t(1));
        const qint64 all = scan.files[0].size;
        QCOMPARE(compressedSize(scan, { 0 }, 0), all);
        const qint64 about = compressedSize(scan, { 0 }, 16);
        QVERIFY2(about > all * 4 / 10 && about < all * 6 / 10, qPrintable(QString::number(about)));
        QVERIFY(QFile::remove(scan.paths[0])); // gone meanwhile: it counts as it is
        QCOMPARE(compressedSize(scan, { 0 }, 16), all);
    }

    void plansForTooFewDomains()
    {
        const std::vector<PlacementAccount> places { place(1, QStringLiteral("disk"), std::nullopt),
            place(2, QStringLiteral("disk"), std::nullopt) };
        const ui::StorePlan plan = planStore(places, Protection(0, 1), 1'000, 1'000);
        QVERIFY(!plan.fits);
        QCOMPARE(plan.lacking, 0); // it is not room that is missing
        QCOMPARE(plan.warnings.size(), 1);
        QCOMPARE(plan.mostLosses, 0);
    }

    void savedQueueComesBack()
    {
        ui::StoreOrder store;
        store.paths = { "/a/\xff odd", "/b" };
        store.name = QStringLiteral("m");
        store.protection = Protection(0, 2);
        store.accounts.emplace_back();
        store.accounts.back().bytes[3] = 9;
        ui::FetchOrder fetch;
        fetch.model.bytes[0] = 7;
        fetch.name = QStringLiteral("m");
        fetch.to = "/to";
        fetch.overwrite = true;
        SavedQueue queue;
        queue.isPaused = true;
        queue.orders.push_back({ store, false });
        queue.orders.push_back({ fetch, true, TransferPriority::High, 500'000 });
        const SavedQueue back = decodeQueue(encodeQueue(queue));
        QVERIFY(back.isPaused);
        QCOMPARE(back.orders.size(), std::size_t(2));
        const auto &first = std::get<ui::StoreOrder>(back.orders[0].what);
        QCOMPARE(first.paths, store.paths);
        QCOMPARE(first.name, store.name);
        QCOMPARE(*first.protection, *store.protection);
        QCOMPARE(first.accounts, store.accounts);
        QVERIFY(!back.orders[0].isPaused);
        const auto &second = std::get<ui::FetchOrder>(back.orders[1].what);
        QCOMPARE(second.model, fetch.model);
        QCOMPARE(second.to, fetch.to);
        QVERIFY(second.overwrite);
        QVERIFY(back.orders[1].isPaused);
        QCOMPARE(back.orders[0].priority, TransferPriority::Normal);
        QCOMPARE(back.orders[1].priority, TransferPriority::High);
        QCOMPARE(back.orders[0].rateLimit, 0);
        QCOMPARE(back.orders[1].rateLimit, 500'000);
    }

    void savedOrdersOfAllKindsComeBack()
    {
        ModelId model;
        model.bytes[0] = 7;
        AccountId account;
        account.bytes[1] = 8;
        SavedQueue queue;
        queue.orders.push_back({ CheckOrder { { model, ModelId() }, true }, true });
        queue.orders.push_back({ RepairOrder {}, false });
        queue.orders.push_back({ ProtectOrder { model, Protection(3, 2) }, false });
        queue.orders.push_back({ CollectOrder {}, false, TransferPriority::Low });
        queue.orders.push_back({ RemovalOrder { account, true }, false });
        const SavedQueue back = decodeQueue(encodeQueue(queue));
        QCOMPARE(back.orders.size(), queue.orders.size());
        const auto &check = std::get<CheckOrder>(back.orders[0].what);
        QCOMPARE(check.models, (std::vector<ModelId> { model, ModelId() }));
        QVERIFY(check.isDeep);
        QVERIFY(back.orders[0].isPaused);
        QVERIFY(std::get<RepairOrder>(back.orders[1].what).models.empty());
        const auto &protect = std::get<ProtectOrder>(back.orders[2].what);
        QCOMPARE(protect.model, model);
        QCOMPARE(protect.protection, Protection(3, 2));
        QVERIFY(std::holds_alternative<CollectOrder>(back.orders[3].what));
        QCOMPARE(back.orders[3].priority, TransferPriority::Low);
        const auto &removal = std::get<RemovalOrder>(back.orders[4].what);
        QCOMPARE(removal.account, account);
        QVERIFY(removal.isLost);
    }

    void prioritiesOfSavedQueues_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<TransferPriority>("priority");
        QTest::newRow("none") << QByteArray(R"({"orders":[{"paths":["/a"]}]})") << TransferPriority::Normal;
        QTest::newRow("low") << QByteArray(R"({"orders":[{"paths":["/a"],"priority":"low"}]})")
                             << TransferPriority::Low;
        QTest::newRow("an unknown word") << QByteArray(R"({"orders":[{"paths":["/a"],"priority":"now"}]})")
                                         << TransferPriority::Normal;
        QTest::newRow("no word") << QByteArray(R"({"orders":[{"paths":["/a"],"priority":7}]})")
                                 << TransferPriority::Normal;
    }
    void prioritiesOfSavedQueues()
    {
        QFETCH(const QByteArray, json);
        QFETCH(const TransferPriority, priority);
        const SavedQueue queue = decodeQueue(json);
        QCOMPARE(queue.orders.size(), std::size_t(1));
        QCOMPARE(queue.orders.front().priority, priority);
    }

    void hostileQueues_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("{{{");
        QTest::newRow("other types") << QByteArray(R"({"orders":[1,null,[],{"paths":7},{"paths":["relative"]}]})");
        QTest::newRow("an account that is none") << QByteArray(R"({"orders":[{"paths":["/a"],"accounts":["xy"]}]})");
        QTest::newRow("a download to nowhere")
            << QByteArray(R"({"orders":[{"model":"00000000000000000000000000000000","name":"m","to":""}]})");
        QTest::newRow("a check of a model that is none")
            << QByteArray(R"({"orders":[{"kind":"check","models":["x"]}]})");
        QTest::newRow("a repair of nobody knows what") << QByteArray(R"({"orders":[{"kind":"repair"}]})");
        QTest::newRow("a protection that is none")
            << QByteArray(R"({"orders":[{"kind":"protect","model":"00000000000000000000000000000000","k":-1}]})");
        QTest::newRow("an account to remove that is none") << QByteArray(R"({"orders":[{"kind":"remove-account"}]})");
        QTest::newRow("a kind of later") << QByteArray(R"({"orders":[{"kind":"polish","paths":["/a"]}]})");
    }
    void hostileQueues()
    {
        QFETCH(const QByteArray, bytes);
        QVERIFY(decodeQueue(bytes).orders.empty());
    }

    void transfersOfTheRegistry()
    {
        TransferRecord transfer;
        transfer.kind = QStringLiteral("store");
        transfer.request = R"({"paths":["/a","/b"],"name":"m"})";
        const auto order = storeOrderOf(transfer);
        QVERIFY(order);
        QCOMPARE(order->paths, (std::vector<QByteArray> { "/a", "/b" }));
        QVERIFY(isOf(transfer, *order));
        ui::StoreOrder other = *order;
        other.name.clear(); // it would get that name
        QVERIFY(isOf(transfer, other));
        other.paths.pop_back();
        QVERIFY(!isOf(transfer, other));
        transfer.kind = QStringLiteral("protect");
        QVERIFY(!storeOrderOf(transfer));
    }

    // In whatever order the two answers come, and for as many models as there may be.
    void lossesOfManyModels()
    {
        constexpr int kModels = 50'000;
        std::vector<LibraryView::Model> now;
        for (int i = 0; i < kModels; ++i) {
            LibraryView::Model model;
            model.revision.row = i + 1;
            model.revision.name = QString::number(i);
            model.revision.protection = Protection(2, 2);
            model.health.spare = 2;
            now.push_back(std::move(model));
        }
        now[7].health.spare = 0; // already
        std::vector<LibraryView::Model> without(now.rbegin(), now.rend());
        without.front().health.spare = -1;
        without[1].health.spare = 0;
        without[2].health.spare = 1;
        QElapsedTimer timer;
        timer.start();
        const ui::AccountLoss loss = accountLoss(without, now);
        QVERIFY(timer.elapsed() < 500);
        QCOMPARE(loss.unreadable, QStringList(QStringLiteral("49999")));
        QCOMPARE(loss.atRisk, QStringList(QStringLiteral("49998")));
        QCOMPARE(loss.reduced, QStringList(QStringLiteral("49997")));
        QCOMPARE(loss.unharmed, kModels - 3);
    }

    void detailsAreBounded()
    {
        LibraryView::Fragments fragments;
        fragments.packs = 2'000;
        const AccountNames names { { AccountId(), QStringLiteral("usb") } };
        for (int pack = 1; pack <= fragments.packs; ++pack) {
            for (int index = 0; index < 2; ++index) {
                LibraryView::Fragment one;
                one.pack = pack;
                one.index = index;
                one.state = pack == 1'999 && index == 1 ? FragmentState::Missing : FragmentState::There;
                fragments.list.push_back(one);
            }
        }
        const ui::ModelDetails details = modelDetails(fragments, {}, names);
        QCOMPARE(details.fragmentCount, 4'000);
        QCOMPARE(details.fragments.size(), ui::ModelDetails::kMostFragments);
        QCOMPARE(details.fragments[0].pack, 1'999); // what is not there comes first
        QCOMPARE(details.map.size(), std::size_t(1));
        QCOMPARE(details.map[0].cells.size(), std::size_t(LibraryView::kRuns));
        QCOMPARE(details.map[0].cells.back(), ui::ModelDetails::MapRow::Cell::Missing);
        QCOMPARE(details.map[0].cells.front(), ui::ModelDetails::MapRow::Cell::There);
    }
};

QTEST_GUILESS_MAIN(TestDesktopValues)
#include "test_desktop_values.moc"
