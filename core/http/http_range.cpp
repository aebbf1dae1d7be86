// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/http/http_range.h"

namespace mf {

bool isPossibleRange(qint64 offset, qint64 length)
{
    return offset >= 0 && offset <= HttpRequest::kLargestBody && length <= HttpRequest::kLargestBody;
}

QByteArray rangeHeader(qint64 offset, qint64 length)
{
    Q_ASSERT(length != 0);
    if (offset == 0 && length < 0)
        return {};
    QByteArray bytes = "bytes=" + QByteArray::number(offset) + '-';
    if (length > 0)
        bytes += QByteArray::number(offset + length - 1);
    return bytes;
}

Result<> checkRange(const HttpAnswer &answer, qint64 offset)
{
    constexpr int part = 206;
    const QByteArray told = answer.header("Content-Range").simplified(); // "bytes 5-9/100"
    if (answer.status != part || !told.startsWith("bytes "))
        return {};
    bool isFirst = false;
    bool isLast = false;
    const qsizetype unit = 6;
    const qsizetype dash = told.indexOf('-');
    const qint64 first = told.mid(unit, dash - unit).trimmed().toLongLong(&isFirst);
    const qint64 last = told.mid(dash + 1, told.indexOf('/') - dash - 1).trimmed().toLongLong(&isLast);
    const qint64 size = answer.body.size();
    if (isFirst && first == offset && isLast && last - first + 1 > size) // a chunked body may end early, unnoticed
        return Error(Error::Kind::Network, QStringLiteral("MF-HTTP-CUT"),
            QStringLiteral("%1 ended its answer after %2 of %3 bytes; try again")
                .arg(answer.url.host(), QString::number(size), QString::number(last - first + 1)))
            .with(QStringLiteral("host"), answer.url.host())
            .offering(Error::Action::Retry);
    if (isFirst && first == offset)
        return {};
    return Error(Error::Kind::Network, QStringLiteral("MF-HTTP-RANGE"),
        QStringLiteral("%1 sent another part of a file than it was asked for; try again").arg(answer.url.host()))
        .with(QStringLiteral("host"), answer.url.host())
        .offering(Error::Action::Retry);
}

std::optional<QByteArray> rangeOf(const HttpAnswer &answer, qint64 offset, qint64 length)
{
    QByteArray bytes = answer.body;
    constexpr int whole = 200;
    if (answer.status == whole) {
        if (offset > bytes.size())
            return std::nullopt;
        bytes = bytes.mid(offset, length);
    }
    if (length >= 0 && bytes.size() != length)
        return std::nullopt;
    return bytes;
}

} // namespace mf
