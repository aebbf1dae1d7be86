// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/keychain_secret_store.h"

#include "core/base/log.h"

#include <qt6keychain/keychain.h>

#include <QTimer>

namespace mf {

namespace {

const QString kCheckKey = QStringLiteral("keychain-check");
const QByteArray kCheckValue
    = QByteArrayLiteral("ModelFloat keeps this entry to see whether the keychain is unlocked.");

// What a running job of QtKeychain and the task that waits for it share: either may go first.
struct Wait {
    Event event;
    bool finished = false;
    QKeychain::Error error = QKeychain::OtherError;
    QString text;
    QByteArray data;
};

} // namespace

struct KeychainSecretStore::Job {
    enum class Kind { Read, Write, Remove };
    Kind kind;
    QString key;
    QByteArray data;
    Job(Kind k, QString name, QByteArray bytes = {})
        : kind(k)
        , key(std::move(name))
        , data(std::move(bytes))
    {
    }
};

struct KeychainSecretStore::Outcome {
    enum class Kind { Done, NotFound, Refused, None, TimedOut, Failed };
    Kind kind = Kind::Failed;
    QString text;
    QByteArray data;
    Outcome() = default;
    Outcome(Kind k, QString t, QByteArray d)
        : kind(k)
        , text(std::move(t))
        , data(std::move(d))
    {
    }
};

KeychainSecretStore::KeychainSecretStore(QString service, std::chrono::milliseconds limit)
    : m_service(std::move(service))
    , m_limit(limit)
{
}

KeychainSecretStore::~KeychainSecretStore() = default;

Task<KeychainSecretStore::Outcome> KeychainSecretStore::runOnce(Job job)
{
    // QtKeychain's callbacks hold a bare pointer to the job: it may not be destroyed before it has
    // finished, whatever becomes of us. It deletes itself then.
    QKeychain::Job *raw = nullptr;
    QKeychain::ReadPasswordJob *reader = nullptr;
    switch (job.kind) {
    case Job::Kind::Read:
        reader = new QKeychain::ReadPasswordJob(m_service);
        raw = reader;
        break;
    case Job::Kind::Write: {
        auto *writer = new QKeychain::WritePasswordJob(m_service);
        writer->setBinaryData(job.data);
        raw = writer;
        break;
    }
    case Job::Kind::Remove:
        raw = new QKeychain::DeletePasswordJob(m_service);
        break;
    }
    raw->setKey(job.key);

    const auto wait = std::make_shared<Wait>();
    QObject::connect(raw, &QKeychain::Job::finished, [wait, reader](QKeychain::Job *finishedJob) {
        wait->finished = true;
        wait->error = finishedJob->error();
        wait->text = finishedJob->errorString();
        if (reader && finishedJob->error() == QKeychain::NoError)
            wait->data = reader->binaryData();
        wait->event.set();
    });
    QTimer limit;
    limit.setSingleShot(true);
    QObject::connect(&limit, &QTimer::timeout, [wait] { wait->event.set(); });
    limit.start(m_limit);
    raw->start();
    co_await wait->event;

    if (!wait->finished)
        co_return Outcome(Outcome::Kind::TimedOut, QStringLiteral("no answer"), QByteArray());
    Outcome::Kind kind = Outcome::Kind::Failed;
    switch (wait->error) {
    case QKeychain::NoError:
        kind = Outcome::Kind::Done;
        break;
    case QKeychain::EntryNotFound:
        kind = Outcome::Kind::NotFound;
        break;
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        kind = Outcome::Kind::Refused;
        break;
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        kind = Outcome::Kind::None;
        break;
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::OtherError:
        break;
    }
    co_return Outcome(kind, wait->text, wait->data);
}

Task<KeychainSecretStore::Outcome> KeychainSecretStore::run(Job job)
{
    auto first = co_await runOnce(job);
    // Early in a session the keychain's service may still be starting.
    if (first.kind != Outcome::Kind::Failed && first.kind != Outcome::Kind::TimedOut)
        co_return first;
    auto second = co_await runOnce(std::move(job));
    co_return second;
}

Error KeychainSecretStore::refusal(const Outcome &outcome) const
{
    if (outcome.kind == Outcome::Kind::Refused) {
        return Error(Error::Kind::Unauthorised, QStringLiteral("MF-SECRETS-LOCKED"),
            QStringLiteral("the keychain of this computer is locked (%1): unlock it and try again, or keep "
                           "the secrets in an encrypted file with --secret-store file")
                .arg(outcome.text))
            .offering(Error::Action::Unlock);
    }
    return Error(Error::Kind::Network, QStringLiteral("MF-SECRETS-UNAVAILABLE"),
        QStringLiteral("the keychain of this computer does not work now (%1): if it asks for a password, "
                       "answer it, then try again")
            .arg(outcome.text))
        .offering(Error::Action::Retry);
}

Task<Result<>> KeychainSecretStore::probe()
{
    Job look(Job::Kind::Read, kCheckKey);
    auto seen = co_await run(look);
    if (seen.kind == Outcome::Kind::Done && seen.data == kCheckValue)
        co_return Result<>();
    if (seen.kind == Outcome::Kind::Done || seen.kind == Outcome::Kind::NotFound) {
        Job mark(Job::Kind::Write, kCheckKey, kCheckValue);
        auto written = co_await run(mark);
        if (written.kind == Outcome::Kind::Done) {
            seen = co_await run(look);
            if (seen.kind == Outcome::Kind::Done && seen.data == kCheckValue)
                co_return Result<>();
        } else {
            seen = written;
        }
    }
    if (seen.kind == Outcome::Kind::Refused || seen.kind == Outcome::Kind::TimedOut)
        co_return refusal(seen);
    const QString reason = seen.text.isEmpty() ? QStringLiteral("it does not keep what is written") : seen.text;
    co_return Error(Error::Kind::Unsupported, QStringLiteral("MF-SECRETS-NONE"),
        QStringLiteral("this computer has no keychain that works here (%1): use --secret-store file "
                       "with a passphrase in MODELFLOAT_PASSPHRASE")
            .arg(reason));
}

Task<Result<std::optional<QByteArray>>> KeychainSecretStore::readEntry(QString key)
{
    // "Not found" counts if the keychain was open before and after it was said.
    for (int attempt = 0;; ++attempt) {
        Job job(Job::Kind::Read, key);
        auto outcome = co_await run(std::move(job));
        if (outcome.kind == Outcome::Kind::Done)
            co_return std::optional<QByteArray>(std::move(outcome.data));
        if (outcome.kind != Outcome::Kind::NotFound)
            co_return refusal(outcome);
        const auto open = co_await probe();
        if (!open)
            co_return open.error();
        if (attempt == 1)
            co_return std::optional<QByteArray>();
    }
}

Task<Result<>> KeychainSecretStore::writeEntry(QString key, QByteArray bytes)
{
    Job job(Job::Kind::Write, std::move(key), std::move(bytes));
    const auto outcome = co_await run(std::move(job));
    if (outcome.kind != Outcome::Kind::Done)
        co_return refusal(outcome);
    co_return Result<>();
}

Task<Result<>> KeychainSecretStore::removeEntry(QString key)
{
    Job job(Job::Kind::Remove, key);
    const auto outcome = co_await run(std::move(job));
    if (outcome.kind != Outcome::Kind::Done && outcome.kind != Outcome::Kind::NotFound)
        co_return refusal(outcome);
    const auto left = co_await readEntry(std::move(key));
    if (!left)
        co_return left.error();
    if (left->has_value()) {
        const Outcome kept(Outcome::Kind::Failed, QStringLiteral("it keeps an entry that was removed"), QByteArray());
        co_return refusal(kept);
    }
    co_return Result<>();
}

Task<Result<QByteArray>> KeychainSecretStore::read(QString key)
{
    const auto good = checkKey(key);
    if (!good)
        co_return good.error();
    const auto lease = co_await m_turn.acquire(1);
    const auto head = co_await readEntry(key);
    if (!head)
        co_return head.error();
    if (!head->has_value())
        co_return missing(key);
    const auto entry = parseKeychainHead(key, **head);
    if (!entry)
        co_return entry.error();
    std::vector<QByteArray> rest;
    for (int n = 1; n <= entry->parts(); ++n) {
        const QString partKey = KeychainEntry::partKey(key, entry->side, n);
        auto part = co_await readEntry(partKey);
        if (!part)
            co_return part.error();
        if (!part->has_value())
            co_return damagedSecret(key);
        rest.push_back(std::move(**part));
    }
    co_return joinFromKeychain(key, *entry, rest);
}

Task<Result<>> KeychainSecretStore::write(QString key, QByteArray value)
{
    const auto good = checkEntry(key, value);
    if (!good)
        co_return good.error();
    const auto lease = co_await m_turn.acquire(1);
    const auto head = co_await readEntry(key);
    if (!head)
        co_return head.error();
    char oldSide = 'b';
    int oldParts = 0;
    if (head->has_value()) {
        if (const auto old = parseKeychainHead(key, **head)) {
            oldSide = old->side;
            oldParts = old->parts();
        }
    }
    const char side = oldSide == 'a' ? 'b' : 'a';
    const KeychainParts parts = splitForKeychain(value, side);
    int number = 0;
    for (const QByteArray &bytes : parts.rest) {
        const QString partKey = KeychainEntry::partKey(key, side, ++number);
        const auto written = co_await writeEntry(partKey, bytes);
        if (!written)
            co_return written.error();
    }
    const auto written = co_await writeEntry(key, parts.head);
    if (!written)
        co_return written.error();
    for (int n = 1; n <= oldParts; ++n) {
        const QString partKey = KeychainEntry::partKey(key, oldSide, n);
        const auto removed = co_await removeEntry(partKey);
        // The new value stands; what stays of the old one is replaced at the next write.
        if (!removed)
            logWarning("secrets", QStringLiteral("a part of a replaced secret stays: ") + removed.error().id);
    }
    co_return Result<>();
}

Task<Result<>> KeychainSecretStore::remove(QString key)
{
    const auto good = checkKey(key);
    if (!good)
        co_return good.error();
    const auto lease = co_await m_turn.acquire(1);
    const auto head = co_await readEntry(key);
    if (!head)
        co_return head.error();
    if (!head->has_value())
        co_return Result<>();
    if (const auto entry = parseKeychainHead(key, **head)) {
        for (int n = 1; n <= entry->parts(); ++n) {
            const QString partKey = KeychainEntry::partKey(key, entry->side, n);
            const auto removed = co_await removeEntry(partKey);
            if (!removed)
                co_return removed.error();
        }
    }
    // Last, so that a removal that was interrupted can be repeated.
    const auto removed = co_await removeEntry(key);
    co_return removed;
}

} // namespace mf
