// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/s3/s3_answers.h"

#include <QXmlStreamReader>

#include <algorithm>
#include <functional>

namespace mf::s3 {
namespace {

constexpr qsizetype kLongestWord = 63;

Error noS3()
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-S3-NONE"),
        QStringLiteral("what answered does not speak S3: check the endpoint, which is not the address of a web page"));
}

// Calls take(path, text) at the end of each element; the path is of the names from below the root: "Contents/Key".
using Take = std::function<void(const QString &path, const QString &text)>;
Result<> readTree(const QByteArray &body, QLatin1String root, const Take &take)
{
    QXmlStreamReader xml(body);
    QStringList open;
    QString text;
    bool hasRoot = false;
    while (!xml.atEnd()) {
        switch (xml.readNext()) {
        case QXmlStreamReader::DTD:
            return noS3(); // could define entities
        case QXmlStreamReader::StartElement:
            if (!hasRoot && xml.name() != root)
                return noS3();
            if (hasRoot)
                open.append(xml.name().toString());
            hasRoot = true;
            text.clear();
            break;
        case QXmlStreamReader::Characters:
            text += xml.text();
            break;
        case QXmlStreamReader::EndElement:
            if (open.isEmpty())
                break;
            take(open.join(u'/'), text);
            open.removeLast();
            text.clear();
            break;
        default:
            break;
        }
    }
    if (hasRoot && xml.error() == QXmlStreamReader::PrematureEndOfDocumentError)
        return Error(Error::Kind::Network, QStringLiteral("MF-HTTP-CUT"),
            QStringLiteral("the answer ended before it was whole; try again"));
    if (!hasRoot || xml.hasError())
        return noS3();
    return {};
}

// As encoding-type=url has it; Amazon writes a space as '+'.
QString decodedKey(const QString &text)
{
    return QString::fromUtf8(QByteArray::fromPercentEncoding(text.toUtf8().replace('+', ' ')));
}

bool isWord(const QByteArray &text)
{
    return !text.isEmpty() && text.size() <= kLongestWord && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    });
}

qint64 sizeOf(const QString &text)
{
    bool isNumber = false;
    const qint64 size = text.trimmed().toLongLong(&isNumber);
    return isNumber && size >= 0 ? size : -1;
}

} // namespace

Result<KeyPage> readKeyPage(const QByteArray &body)
{
    KeyPage page;
    ListedKey entry;
    bool isEncoded = false;
    const auto take = [&](const QString &path, const QString &text) {
        if (path == QLatin1String("Contents/Key")) {
            entry.key = text;
        } else if (path == QLatin1String("Contents/Size")) {
            entry.size = sizeOf(text);
        } else if (path == QLatin1String("Contents")) {
            page.keys.push_back(std::exchange(entry, ListedKey()));
        } else if (path == QLatin1String("IsTruncated")) {
            page.isTruncated = text.trimmed() == QLatin1String("true");
        } else if (path == QLatin1String("NextContinuationToken")) {
            page.token = text;
        } else if (path == QLatin1String("EncodingType")) {
            isEncoded = text.trimmed() == QLatin1String("url");
        }
    };
    const auto read = readTree(body, QLatin1String("ListBucketResult"), take);
    if (!read)
        return read.error();
    for (ListedKey &listed : page.keys) {
        if (isEncoded) // which is told after the first keys, or before them
            listed.key = decodedKey(listed.key);
    }
    return page;
}

Result<QStringList> readBuckets(const QByteArray &body)
{
    QStringList names;
    const auto take = [&](const QString &path, const QString &text) {
        if (path == QLatin1String("Buckets/Bucket/Name"))
            names.append(text);
    };
    const auto read = readTree(body, QLatin1String("ListAllMyBucketsResult"), take);
    if (!read)
        return read.error();
    return names;
}

Fault readFault(const QByteArray &body)
{
    Fault fault;
    const auto take = [&](const QString &path, const QString &text) {
        const QByteArray word = text.toLatin1();
        if (path == QLatin1String("Code") && isWord(word))
            fault.code = word;
        else if (path == QLatin1String("Region") && isRegion(word))
            fault.region = word;
    };
    const auto read = readTree(body, QLatin1String("Error"), take);
    return read ? fault : Fault();
}

bool isRegion(const QByteArray &text) { return isWord(text) && text == text.toLower(); }

} // namespace mf::s3
