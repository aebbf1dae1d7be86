// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/registry/registry.h"
#include "tests/support/run_task.h"

#include <QDir>
#include <QRandomGenerator>
#include <QTemporaryDir>

namespace mf {

// Fails the test with the error's words.
#define MF_VERIFY(result) QVERIFY2(bool(result), (result) ? "" : qPrintable((result).error().message))

// The result of a registry's task, which must be a value.
template <typename T> T must(Task<Result<T>> task)
{
    auto result = runTask(std::move(task));
    if (!result)
        qFatal("%s: %s", qPrintable(result.error().id), qPrintable(result.error().message));
    return std::move(*result);
}

// The error of a task that must fail; an Error without an id if it did not.
template <typename T> Error failureOf(Task<Result<T>> task)
{
    const auto result = runTask(std::move(task));
    return result ? Error() : result.error();
}

template <typename Id> Id idOf(quint32 number)
{
    Id id;
    QRandomGenerator random(number + 1);
    for (auto &byte : id.bytes)
        byte = static_cast<std::uint8_t>(random.bounded(256));
    return id;
}

inline Sha256 sha256Of(const QString &path)
{
    return idOf<Sha256>(static_cast<quint32>(qHash(path, 0)));
}

inline Record recordOf(quint32 chunk)
{
    Record record;
    record.hash = idOf<ChunkHash>(chunk);
    record.encodedLength = 700 + chunk % 100;
    record.plainLength = 1024 + chunk % 100;
    record.codec = Codec::Zstd;
    return record;
}

// A registry in a folder of its own, with accounts in domains of their own.
class RegistryFixture
{
public:
    RegistryFixture() { reopen(); }

    QString path() const { return folder.filePath(QStringLiteral("registry.db")); }
    Registry &operator*() { return *registry; }
    Registry *operator->() { return registry.get(); }

    void reopen(Registry::Seams seams = Registry::Seams())
    {
        registry.reset();
        registry = must(Registry::open(path(), seams));
    }

    static AccountRecord accountRecord(quint32 number, const QString &domain)
    {
        AccountRecord account;
        account.id = idOf<AccountId>(9000 + number);
        account.name = QStringLiteral("account %1").arg(number);
        account.kind = QStringLiteral("folder");
        account.domain = domain;
        return account;
    }
    static AccountId accountId(quint32 number) { return accountRecord(number, {}).id; }
    AccountId addAccount(quint32 number, const QString &domain = {})
    {
        const AccountRecord account = accountRecord(number, domain);
        must(registry->putAccount(account));
        return account.id;
    }
    std::vector<AccountId> addAccounts(quint32 count)
    {
        std::vector<AccountId> accounts;
        for (quint32 i = 0; i < count; ++i)
            accounts.push_back(addAccount(i));
        return accounts;
    }

    // A pack of these chunks under k + the rest of the accounts.
    static PendingPack packOf(quint32 number, std::vector<quint32> chunks, int k, std::vector<AccountId> accounts)
    {
        PendingPack pack;
        pack.id = idOf<PackId>(number);
        pack.shape = PackShape(k, static_cast<int>(accounts.size()), 1000);
        pack.salt = idOf<Sha256>(number + 1).bytes;
        pack.commitment = idOf<Sha256>(number + 2);
        pack.epoch = idOf<EpochId>(number + 3);
        pack.payloadLength = 900;
        pack.digest = idOf<Sha256>(number + 4);
        pack.session = idOf<SessionId>(number + 5);
        pack.accounts = std::move(accounts);
        for (const quint32 chunk : chunks) {
            pack.records.push_back(recordOf(chunk));
            pack.sources.emplace_back(static_cast<int>(chunk % 7), qint64(chunk) * 1'000'000'007);
        }
        return pack;
    }
    PackRow commit(const PendingPack &pack) { return must(registry->commitPending(pack)); }
    PackRow complete(const PendingPack &pack)
    {
        const PackRow row = commit(pack);
        for (int i = 0; i < pack.shape.fragments; ++i)
            must(registry->acknowledge(row, i));
        must(registry->completePack(row, {}));
        return row;
    }

    std::optional<ChunkPlace> find(quint32 chunk, const HitRules &rules = {})
    {
        return must(registry->findChunks({idOf<ChunkHash>(chunk)}, rules)).front();
    }

    static RevisionRecord revisionRecord(quint32 number, quint32 model, const QString &name)
    {
        RevisionRecord revision;
        revision.id = idOf<RevisionId>(number);
        revision.model = idOf<ModelId>(model);
        revision.name = name;
        revision.created = QDateTime(QDate(2026, 2, 3), QTime(4, 5, 6, 7), Qt::UTC);
        revision.protection = Protection(2, 1);
        revision.session = idOf<SessionId>(number);
        return revision;
    }
    RevisionRecord live(quint32 number, quint32 model, const QString &name, const QStringList &files = {})
    {
        RevisionRecord revision = revisionRecord(number, model, name);
        revision.row = must(registry->beginRevision(revision));
        for (const QString &path : files) {
            FileRecord file;
            file.path = path;
            file.sha256 = sha256Of(path);
            must(registry->addFile(revision.row, file));
        }
        revision.state = RevisionState::Live;
        must(registry->updateRevision(revision));
        return must(registry->revisionAt(revision.row));
    }

    QTemporaryDir folder;
    std::unique_ptr<Registry> registry;
};

} // namespace mf
