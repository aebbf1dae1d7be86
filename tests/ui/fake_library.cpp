// SPDX-License-Identifier: GPL-3.0-or-later
// What the scripted library shows if a test does not say otherwise.
#include "tests/ui/fake_service.h"

#include <algorithm>

namespace mf::ui {
namespace {

template <typename Id> Id idOf(std::size_t number)
{
    Id id;
    for (std::size_t i = 0; i < sizeof number && i < id.bytes.size(); ++i)
        id.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return id;
}

constexpr qint64 kMega = 1'000'000;
constexpr int kDay = 24 * 3600;

struct Row {
    const char *name;
    const char *family;
    const char *quantization;
    qint64 megabytes;
    double billions;
    ModelState state;
    int spare;
    int days;
};
constexpr Row kRows[] = {
    { "gemma-2-9b-it", "Gemma", "Q4_K_M", 5'760, 9.2, ModelState::AtRisk, 0, 61 },
    { "Meta-Llama-3.1-8B-Instruct", "Llama", "Q4_K_M", 4'920, 8.0, ModelState::Safe, 2, 150 },
    { "Mistral-7B-Instruct-v0.3", "Mistral", "Q4_K_M", 4'370, 7.2, ModelState::Unreadable, -1, 40 },
    { "Phi-3.5-mini-instruct", "Phi", "Q4_K_M", 2'390, 3.8, ModelState::Safe, 2, 1 },
    { "Qwen2.5-3B-Instruct", "Qwen", "Q6_K", 2'540, 3.1, ModelState::Storing, 0, 0 },
    { "Qwen2.5-7B-Instruct", "Qwen", "Q4_K_M", 4'680, 7.6, ModelState::Reduced, 1, 21 },
};

std::vector<qint8> stripOf(ModelState state, int spare)
{
    std::vector<qint8> strip(64, static_cast<qint8>(2));
    if (state == ModelState::AtRisk)
        std::fill(strip.begin(), strip.end(), static_cast<qint8>(0));
    if (state == ModelState::Reduced)
        std::fill(strip.begin() + 12, strip.begin() + 16, static_cast<qint8>(spare));
    if (state == ModelState::Unreadable)
        std::fill(strip.begin() + 44, strip.begin() + 47, static_cast<qint8>(spare));
    return strip;
}

ModelEntry modelOf(const Row &row, std::size_t number)
{
    ModelEntry model;
    model.id = idOf<ModelId>(number + 1);
    model.name = QString::fromLatin1(row.name);
    model.facts.format = QStringLiteral("gguf");
    model.facts.family = QString::fromLatin1(row.family);
    model.facts.architecture = model.facts.family.toLower();
    model.facts.quantization = QString::fromLatin1(row.quantization);
    model.facts.parameters = static_cast<qint64>(row.billions * 1e9);
    model.facts.contextLength = 32'768;
    model.facts.license = QStringLiteral("apache-2.0");
    model.bytes = row.megabytes * kMega;
    model.uploadedBytes = model.bytes * 5 / 3;
    model.files = 1;
    model.revision = 1;
    model.stored = fakeNow().addSecs(-qint64(row.days) * kDay - 3600);
    model.proven = fakeNow().addSecs(-3600);
    model.protection = Protection(3, 2);
    model.state = row.state;
    model.spare = row.spare;
    model.percent = row.state == ModelState::Storing ? 62 : -1;
    if (row.state != ModelState::Storing)
        model.strip = stripOf(row.state, row.spare);
    return model;
}

AccountEntry accountOf(std::size_t number, const char *name, const char *kind, AccountEntry::Health health, qint64 used,
    qint64 total, qint64 ours)
{
    AccountEntry account;
    account.id = idOf<AccountId>(number);
    account.name = QString::fromUtf8(name);
    account.kind = QStringLiteral("folder");
    account.kindTitle = QString::fromLatin1(kind);
    account.place = QStringLiteral("/mnt/disk%1/ModelFloat").arg(number);
    account.domain = QStringLiteral("disk%1").arg(number);
    account.health = health;
    account.seen = fakeNow().addSecs(-60);
    account.used = used * kMega;
    account.total = total * kMega;
    account.ours = ours * kMega;
    account.fragments = ours / 11;
    return account;
}

} // namespace

QDateTime fakeNow() { return QDateTime(QDate(2026, 11, 20), QTime(14, 0), Qt::UTC); }

void FakeService::fill()
{
    fillAccounts();
    fillModels();
    fillTransfers();
    fillTrash();
    fillIssues();
    fillHistory();
    fillDetails();
    fillFound();
    fillPlan();
    fillLoss();
    fillKinds();
    shownWords.clear();
    for (int i = 1; i <= 24; ++i)
        shownWords.append(QStringLiteral("word%1").arg(i));
}

void FakeService::fillAccounts()
{
    using Health = AccountEntry::Health;
    shownAccounts = {
        accountOf(1, "Archive disk", "Folder", Health::Connected, 9'100, 21'500, 9'100),
        accountOf(2, "Backup stick", "Folder", Health::Full, 16'100, 16'100, 7'200),
        accountOf(3, "Desk drive", "Folder", Health::Connected, 9'100, 21'500, 9'100),
        accountOf(4, "NAS (attic)", "Folder", Health::Unreachable, 7'700, 10'000, 7'700),
        accountOf(5, "Second disk", "Folder", Health::Connected, 8'000, 10'000, 8'000),
    };
    shownAccounts[3].awaySince = fakeNow().addSecs(-5 * 3600);
    shownAccounts[3].trouble = Error(Error::Kind::NotFound, QStringLiteral("MF-ACCOUNT-GONE"),
        QStringLiteral("the folder /mnt/disk4/ModelFloat is not there; is the disk connected?"));
}

void FakeService::fillModels()
{
    shownModels.clear();
    for (std::size_t i = 0; i < std::size(kRows); ++i)
        shownModels.push_back(modelOf(kRows[i], i));
    QStringList names;
    for (const AccountEntry &account : shownAccounts)
        names.append(account.name);
    for (ModelEntry &model : shownModels)
        model.accounts = names;
}

void FakeService::fillTransfers()
{
    const auto transfer = [](TransferId id, TransferEntry::Kind kind, const char *name, TransferEntry::State state,
                              qint64 done, qint64 total) {
        TransferEntry entry;
        entry.id = id;
        entry.kind = kind;
        entry.name = QString::fromLatin1(name);
        entry.state = state;
        entry.progress.phase
            = kind == TransferEntry::Kind::Fetch ? Progress::Phase::Downloading : Progress::Phase::Storing;
        entry.progress.bytes = done * kMega;
        entry.progress.total = total * kMega;
        return entry;
    };
    using Kind = TransferEntry::Kind;
    using Stage = TransferEntry::State;
    shownTransfers = {
        transfer(1, Kind::Store, "Qwen2.5-3B-Instruct", Stage::Running, 1'575, 2'540),
        transfer(2, Kind::Fetch, "Phi-3.5-mini-instruct", Stage::Running, 2'366, 2'390),
        transfer(3, Kind::Fetch, "gemma-2-9b-it", Stage::Waiting, 691, 5'760),
        transfer(4, Kind::Store, "deepseek-coder-6.7b", Stage::Queued, 0, 4'080),
        transfer(5, Kind::Store, "Mixtral-8x7B", Stage::Failed, 3'700, 26'400),
        transfer(6, Kind::Repair, "Meta-Llama-3.1-8B-Instruct", Stage::Done, 40, 40),
    };
    const auto share
        = [this](std::size_t account, AccountShare::Doing doing, qint64 moved, qint64 planned, double speed) {
              ShareEntry entry;
              entry.account = shownAccounts[account].id;
              entry.name = shownAccounts[account].name;
              entry.doing = doing;
              (doing == AccountShare::Doing::Receiving ? entry.received : entry.sent) = moved * kMega;
              entry.planned = planned * kMega;
              entry.bytesPerSecond = speed;
              return entry;
          };
    using Doing = AccountShare::Doing;
    shownTransfers[0].shares = { share(0, Doing::Sending, 544, 850, 0.9e6), share(1, Doing::Refusing, 178, 850, 0),
        share(2, Doing::Sending, 689, 850, 1.5e6), share(4, Doing::Waiting, 402, 850, 0) };
    shownTransfers[0].shares[1].why = Error(
        Error::Kind::Quota, QStringLiteral("MF-ACCOUNT-FULL"), QStringLiteral("the disk of the folder is full"));
    shownTransfers[0].shares[3].why = Error(
        Error::Kind::Throttled, QStringLiteral("MF-THROTTLED"), QStringLiteral("too many requests in a short time"));
    shownTransfers[0].shares[3].why->retryAt = fakeNow().addSecs(90);
    shownTransfers[1].shares = { share(0, Doing::Nothing, 0, 0, 0), share(2, Doing::Receiving, 1'402, 0, 0) };
    shownTransfers[1].shares[0].received = 964 * kMega;
    shownTransfers[2].shares = { share(0, Doing::Nothing, 0, 0, 0), share(3, Doing::Waiting, 0, 0, 0) };
    shownTransfers[2].shares[0].received = 691 * kMega;
    shownTransfers[2].shares[1].why = shownAccounts[3].trouble;
    shownTransfers[0].bytesPerSecond = 2.4e6;
    shownTransfers[0].left = TimeLeft(TimeLeft::Form::Minutes, 7);
    shownTransfers[1].progress.phase = Progress::Phase::Verifying;
    shownTransfers[1].left = TimeLeft(TimeLeft::Form::UnderAMinute);
    shownTransfers[2].error = Error(Error::Kind::Network, QStringLiteral("MF-ACCOUNT-GONE"),
        QStringLiteral("too few accounts can be reached: connect NAS (attic)"));
    shownTransfers[2].left = TimeLeft(TimeLeft::Form::Waiting);
    shownTransfers[4].error = Error(Error::Kind::Invalid, QStringLiteral("MF-SOURCE-CHANGED"),
        QStringLiteral("the file changed while it was read"));
    shownTransfers[4].ended = fakeNow().addSecs(-600);
    shownTransfers[5].progress.phase = Progress::Phase::Done;
    shownTransfers[5].ended = fakeNow().addSecs(-1800);
    shownTransfers[5].outcome = QStringLiteral("12 fragments rebuilt");
}

void FakeService::fillTrash()
{
    TrashEntry trashed;
    trashed.model.bytes.fill(0x77);
    trashed.name = QStringLiteral("TinyLlama-1.1B");
    trashed.revisions = { 1 };
    trashed.removed = fakeNow().addDays(-3);
    trashed.until = fakeNow().addDays(27);
    shownTrash = { trashed };
}

void FakeService::fillIssues()
{
    IssueEntry unreadable;
    unreadable.id = QStringLiteral("unreadable/Mistral-7B-Instruct-v0.3");
    unreadable.severity = IssueEntry::Severity::Bad;
    unreadable.title = QStringLiteral("“Mistral-7B-Instruct-v0.3” cannot be read");
    unreadable.text = QStringLiteral("12 fragments are missing. Some may come back when NAS (attic) is reachable.");
    unreadable.remedies = { IssueEntry::Remedy::Check, IssueEntry::Remedy::ShowModel };
    unreadable.model = QStringLiteral("Mistral-7B-Instruct-v0.3");
    IssueEntry full;
    full.id = QStringLiteral("full/Backup stick");
    full.severity = IssueEntry::Severity::Warning;
    full.title = QStringLiteral("Backup stick is full");
    full.text = QStringLiteral("2 models have fewer spares until you free or move 1.9 GB.");
    full.remedies = { IssueEntry::Remedy::MoveAway, IssueEntry::Remedy::ShowAccount };
    full.account = QStringLiteral("Backup stick");
    IssueEntry away = full;
    away.id = QStringLiteral("away/NAS (attic)");
    away.title = QStringLiteral("NAS (attic) cannot be reached");
    away.text = QStringLiteral("Since 09:00. Its fragments count as there for 72 hours.");
    away.remedies = { IssueEntry::Remedy::ShowAccount };
    away.account = QStringLiteral("NAS (attic)");
    shownIssues = { unreadable, full, away };
}

void FakeService::fillHistory()
{
    for (int i = 0; i < 12; ++i) {
        HistoryEntry entry;
        entry.when = fakeNow().addSecs(-qint64(i) * 7 * 3600);
        entry.kind = QStringLiteral("store");
        entry.text = QStringLiteral("“model %1” was stored: 4.68 GB, safe on 5 accounts").arg(12 - i);
        shownHistory.push_back(entry);
    }
}

void FakeService::fillDetails()
{
    shownDetails.metadata = { { QStringLiteral("general.architecture"), QStringLiteral("qwen2") },
        { QStringLiteral("general.file_type"), QStringLiteral("15") },
        { QStringLiteral("qwen2.context_length"), QStringLiteral("32768") },
        { QStringLiteral("tokenizer.ggml.tokens"), QStringLiteral("151,936 items") } };
    for (const AccountEntry &account : shownAccounts) {
        ModelDetails::MapRow row;
        row.account = account.name;
        row.isAway = account.health == AccountEntry::Health::Unreachable;
        row.cells.assign(64, ModelDetails::MapRow::Cell::There);
        if (account.health == AccountEntry::Health::Full)
            std::fill(row.cells.begin() + 12, row.cells.begin() + 16, ModelDetails::MapRow::Cell::Missing);
        shownDetails.map.push_back(row);
        for (int pack = 1; pack <= 20; ++pack) {
            ModelDetails::Fragment fragment;
            fragment.pack = pack;
            fragment.index = static_cast<int>(shownDetails.map.size()) - 1;
            fragment.account = account.name;
            fragment.state = account.health == AccountEntry::Health::Full && pack < 3 ? FragmentState::Missing
                                                                                      : FragmentState::There;
            fragment.bytes = 16'777'400;
            shownDetails.fragments.push_back(fragment);
        }
    }
    shownDetails.fragmentCount = static_cast<qint64>(shownDetails.fragments.size());
    ModelDetails::File file;
    file.path = QStringLiteral("Qwen2.5-7B-Instruct-Q4_K_M.gguf");
    file.size = 4'680 * kMega;
    file.sha256 = QString(64, u'9');
    ModelDetails::File config;
    config.path = QStringLiteral("config.json");
    config.size = 690;
    config.sha256 = QString(64, u'a');
    shownDetails.files = { file, config };
    ModelDetails::Revision revision;
    revision.number = 1;
    revision.stored = fakeNow().addDays(-21);
    revision.bytes = file.size;
    shownDetails.history = { revision };
}

void FakeService::fillFound()
{
    FoundModel found;
    found.name = QStringLiteral("Qwen2.5-3B-Instruct-Q6_K");
    found.facts = shownModels[4].facts;
    found.bytes = 2'540 * kMega;
    found.files = 1;
    found.paths = { "/home/anna/Qwen2.5-3B-Instruct-Q6_K.gguf" };
    FoundModel second = found;
    second.name = QStringLiteral("TinyLlama-1.1B");
    second.facts = ModelFacts();
    second.facts.format = QStringLiteral("safetensors");
    second.facts.architecture = QStringLiteral("llama");
    second.facts.quantization = QStringLiteral("BF16");
    second.facts.parameters = 1'100'000'000;
    second.bytes = 2'200 * kMega;
    second.files = 3;
    second.paths = { "/home/anna/TinyLlama-1.1B" };
    FoundModel other;
    other.name = QStringLiteral("README.txt");
    other.bytes = 2'000;
    other.files = 1;
    other.paths = { "/home/anna/README.txt" };
    other.isModel = false;
    shownFound = { found, second, other };
}

void FakeService::fillPlan()
{
    shownPlan.protection = Protection(3, 1);
    shownPlan.bytes = 4'740 * kMega;
    shownPlan.storedBytes = 4'200 * kMega;
    shownPlan.uploadedBytes = 5'600 * kMega;
    shownPlan.mostLosses = 2;
    for (const AccountEntry &account : shownAccounts) {
        StorePlan::PerAccount part;
        part.id = account.id;
        part.name = account.name;
        part.room = *account.total - *account.used;
        part.bytes = account.health == AccountEntry::Health::Connected ? 1'400 * kMega : 0;
        shownPlan.accounts.push_back(part);
    }
    shownRoomLeft.bytes = 4'000 * kMega;
    shownRoomLeft.losses = 2;
}

void FakeService::fillLoss()
{
    shownLoss.unharmed = 4;
    shownLoss.reduced = { QStringLiteral("Phi-3.5-mini-instruct"), QStringLiteral("Meta-Llama-3.1-8B-Instruct") };
    shownLoss.models = shownModels;
    for (ModelEntry &model : shownLoss.models) {
        if (!shownLoss.reduced.contains(model.name))
            continue;
        model.state = ModelState::Reduced;
        model.spare = 1;
        std::fill(model.strip.begin(), model.strip.end(), qint8(1));
    }
}

void FakeService::fillKinds()
{
    AccountKind folder;
    folder.id = QStringLiteral("folder");
    folder.title = QStringLiteral("Folder");
    FormField path;
    path.key = QStringLiteral("path");
    path.label = QStringLiteral("Folder");
    path.help = QStringLiteral("A folder on a disk or a network share.");
    path.type = FormField::Type::Folder;
    path.required = true;
    folder.fields = { path };
    shownKinds = { folder };
}

void FakeService::fillMany(int models, int transfers)
{
    fill();
    shownModels.clear();
    for (int i = 0; i < models; ++i) {
        ModelEntry model = modelOf(kRows[static_cast<std::size_t>(i) % std::size(kRows)], static_cast<std::size_t>(i));
        model.name = QStringLiteral("%1-%2").arg(model.name).arg(i, 5, 10, QLatin1Char('0'));
        shownModels.push_back(std::move(model));
    }
    std::sort(shownModels.begin(), shownModels.end(),
        [](const ModelEntry &a, const ModelEntry &b) { return a.name < b.name; });
    shownTransfers.resize(1);
    for (int i = 1; i < transfers; ++i) {
        TransferEntry transfer = shownTransfers.front();
        transfer.id = i + 1;
        transfer.name = QStringLiteral("transfer %1").arg(i);
        transfer.shares.clear();
        for (const AccountEntry &account : shownAccounts) { // as many as there are
            ShareEntry share;
            share.account = account.id;
            share.name = account.name;
            share.doing = AccountShare::Doing::Sending;
            transfer.shares.push_back(std::move(share));
        }
        shownTransfers.push_back(std::move(transfer));
    }
    m_lastTransfer = transfers;
}

AccountEntry FakeService::emptyAccount(std::size_t number)
{
    return accountOf(number, "", "Folder", AccountEntry::Health::Connected, 0, 100'000, 0);
}

} // namespace mf::ui
