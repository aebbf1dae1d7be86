// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/keychain_entry.h"

#include "core/base/bytes.h"
#include "core/secrets/secret_store.h"

#include <QCryptographicHash>

namespace mf {

namespace {

constexpr qsizetype kDigest = 8;
constexpr qsizetype kFirst = KeychainEntry::kPart - KeychainEntry::kHeader;

QByteArray digestOf(const QByteArray &value)
{
    return QCryptographicHash::hash(value, QCryptographicHash::Sha256).left(kDigest);
}

} // namespace

int KeychainEntry::parts() const
{
    const qsizetype rest = std::max<qsizetype>(0, length - kFirst);
    return static_cast<int>((rest + kPart - 1) / kPart);
}

QString KeychainEntry::partKey(const QString &key, char side, int number)
{
    return QStringLiteral("%1.%2.%3").arg(key, QString(QLatin1Char(side))).arg(number);
}

KeychainParts splitForKeychain(const QByteArray &value, char side)
{
    KeychainParts parts;
    QByteArray length(4, '\0');
    storeLe(mutableViewOf(length).data(), static_cast<std::uint32_t>(value.size()));
    parts.head.append("MF\x01", 3);
    parts.head.append(side);
    parts.head.append(length);
    parts.head.append(digestOf(value));
    parts.head.append(value.left(kFirst));
    for (qsizetype at = kFirst; at < value.size(); at += KeychainEntry::kPart)
        parts.rest.push_back(value.mid(at, KeychainEntry::kPart));
    return parts;
}

Result<KeychainEntry> parseKeychainHead(const QString &key, const QByteArray &head)
{
    if (head.size() < KeychainEntry::kHeader || head.size() > KeychainEntry::kPart || !head.startsWith("MF\x01"))
        return damagedSecret(key);
    KeychainEntry entry;
    entry.side = head.at(3);
    entry.length = loadLe<std::uint32_t>(viewOf(head).data() + 4);
    entry.digest = head.mid(8, kDigest);
    entry.first = head.mid(KeychainEntry::kHeader);
    if ((entry.side != 'a' && entry.side != 'b') || entry.length > SecretStore::kLargestValue
        || entry.first.size() != std::min(entry.length, kFirst)) {
        return damagedSecret(key);
    }
    return entry;
}

Result<QByteArray> joinFromKeychain(const QString &key, const KeychainEntry &entry, const std::vector<QByteArray> &rest)
{
    QByteArray value = entry.first;
    for (const QByteArray &part : rest)
        value.append(part);
    if (value.size() != entry.length || digestOf(value) != entry.digest)
        return damagedSecret(key);
    return value;
}

Error damagedSecret(const QString &key)
{
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-SECRETS-DAMAGED"),
        QStringLiteral("the secret “%1” in the secret store is damaged; enter it again").arg(key));
}

} // namespace mf
