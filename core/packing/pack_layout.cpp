// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/packing/pack_layout.h"

namespace mf {
namespace {

Error contradiction(const QString &what)
{
    return Error(Error::Kind::Corrupt, QStringLiteral("MF-PACK-CORRUPT"),
        QStringLiteral("the description of a pack contradicts itself: ") + what);
}

} // namespace

Result<> checkPackLayout(const PackShape &shape, qint64 payloadLength, std::span<const Record> records)
{
    if (shape.k < 1 || shape.fragments < shape.k || shape.fragments > kMostFragments)
        return contradiction(QStringLiteral("it cannot have %1 fragments of which %2 are needed")
                .arg(QString::number(shape.fragments), QString::number(shape.k)));
    if (shape.dataLength < 1 || shape.dataLength > kLargestFragmentData || shape.capacity() > kLargestCapacity)
        return contradiction(QStringLiteral("a fragment cannot have %1 bytes of data").arg(shape.dataLength));
    if (payloadLengthOf(records) != payloadLength)
        return contradiction(QStringLiteral("what is in it takes %1 bytes, and it is said to have %2")
                .arg(QString::number(payloadLengthOf(records)), QString::number(payloadLength)));
    if (payloadLength > shape.capacity())
        return contradiction(QStringLiteral("its %1 bytes do not fit into fragments that hold %2")
                .arg(QString::number(payloadLength), QString::number(shape.capacity())));
    return {};
}

} // namespace mf
