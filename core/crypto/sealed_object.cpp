// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/sealed_object.h"

#include "core/crypto/aead.h"

#include <algorithm>

namespace mf {
namespace {
constexpr std::size_t kSalt = 32;
constexpr std::size_t kHead = kSalt + Sha256::size();
static_assert(kSealedOverhead == kHead + Aead::kTag);

QByteArray contextOf(QByteArrayView type, ByteView id)
{
    QByteArray context("mf1");
    context.append(type);
    context.append(reinterpret_cast<const char *>(id.data()), static_cast<qsizetype>(id.size()));
    return context;
}

Error corrupt(QByteArrayView type)
{
    const QString name = QString::fromLatin1(type);
    const QString message = QStringLiteral("a stored object (") % name
        % QStringLiteral(") cannot be opened: it is damaged, or another library wrote it; "
                         "use the copy on another account");
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-OBJECT-CORRUPT"), message).with(QStringLiteral("type"), name);
}
} // namespace

QByteArray sealObject(const KeyRing &ring, QByteArrayView type, ByteView id, ByteView plain)
{
    QByteArray object(static_cast<qsizetype>(plain.size()) + kSealedOverhead, Qt::Uninitialized);
    const MutableBytes bytes = mutableViewOf(object);
    const MutableBytes salt = bytes.first(kSalt);
    fillRandom(salt);
    const DerivedKey derived = KeyRing::derive(ring.newest().master, salt, type, id);
    std::copy(derived.commitment.bytes.begin(), derived.commitment.bytes.end(), bytes.begin() + kSalt);
    const QByteArray context = contextOf(type, id);
    Aead(derived.key).seal(Aead::counter(0), viewOf(context), plain, bytes.subspan(kHead));
    return object;
}

Result<QByteArray> openObject(const KeyRing &ring, QByteArrayView type, ByteView id, ByteView sealed)
{
    if (sealed.size() < std::size_t(kSealedOverhead))
        return corrupt(type);
    const ByteView salt = sealed.first(kSalt);
    const ByteView commitment = sealed.subspan(kSalt, Sha256::size());
    for (auto epoch = ring.epochs().rbegin(); epoch != ring.epochs().rend(); ++epoch) {
        const DerivedKey derived = KeyRing::derive(epoch->master, salt, type, id);
        if (!equalConstantTime(derived.commitment.view(), commitment))
            continue;
        QByteArray plain(static_cast<qsizetype>(sealed.size()) - kSealedOverhead, Qt::Uninitialized);
        const QByteArray context = contextOf(type, id);
        if (Aead(derived.key).open(Aead::counter(0), viewOf(context), sealed.subspan(kHead), mutableViewOf(plain)))
            return plain;
        return corrupt(type);
    }
    return corrupt(type);
}

} // namespace mf
