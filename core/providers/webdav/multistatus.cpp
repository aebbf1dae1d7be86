// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/webdav/multistatus.h"

#include "core/http/message.h"

#include <QUrl>

namespace mf::webdav {
namespace {

constexpr qsizetype kLongestText = 64 << 10; // characters of one property

bool isDav(QStringView space) { return space == QLatin1String("DAV:"); }

// "HTTP/1.1 200 OK"
bool isStatus200(const QString &text) { return text.simplified().section(u' ', 1, 1) == QLatin1String("200"); }

// An absolute URL or an absolute path, encoded as the server likes.
QString pathOf(const QString &href)
{
    QString path = QUrl::fromEncoded(href.trimmed().toUtf8()).path(QUrl::FullyDecoded);
    while (path.size() > 1 && path.endsWith(u'/'))
        path.chop(1);
    return path;
}

} // namespace

Error MultistatusReader::noDav()
{
    return Error(Error::Kind::Invalid, QStringLiteral("MF-DAV-NONE"),
        QStringLiteral("what answers at this address does not speak WebDAV; check the address"));
}

Result<> MultistatusReader::add(ByteView bytes)
{
    m_xml.addData(toByteArray(bytes));
    read();
    if (m_isBroken)
        return noDav();
    return {};
}

Result<std::vector<Resource>> MultistatusReader::finish()
{
    if (m_isBroken || !m_hasRoot)
        return noDav();
    const bool isWhole = m_isAtEnd && !m_isFollowed && m_xml.tokenType() == QXmlStreamReader::EndDocument;
    if (!isWhole)
        return Error(Error::Kind::Network, QStringLiteral("MF-DAV-CUT"),
            QStringLiteral("the server's list of files ended too early; try again"));
    return std::move(m_resources);
}

// Reads on behind the end: rclone writes why it could not go on there, after a list that ends as if it were whole.
void MultistatusReader::read()
{
    while (!m_isBroken && !m_xml.atEnd()) {
        const auto token = m_xml.readNext();
        if (m_isAtEnd) { // white space is no token there, and all else is an error
            m_isFollowed |= token == QXmlStreamReader::Comment || token == QXmlStreamReader::ProcessingInstruction;
            continue;
        }
        switch (token) {
        case QXmlStreamReader::StartElement:
            begin();
            break;
        case QXmlStreamReader::Characters:
            if (m_text.size() < kLongestText)
                m_text += m_xml.text();
            break;
        case QXmlStreamReader::EndElement:
            end();
            break;
        case QXmlStreamReader::DTD:
            m_isBroken = true;
            break;
        default:
            break;
        }
    }
    if (!m_isAtEnd && m_xml.hasError() && m_xml.error() != QXmlStreamReader::PrematureEndOfDocumentError)
        m_isBroken = true;
}

void MultistatusReader::begin()
{
    const QString name = isDav(m_xml.namespaceUri()) ? m_xml.name().toString() : QString();
    if (!m_hasRoot && name != QLatin1String("multistatus"))
        m_isBroken = true;
    m_hasRoot = true;
    if (name == QLatin1String("response"))
        m_resource = Resource();
    if (name == QLatin1String("propstat")) {
        m_found = Resource();
        m_isOk = false;
    }
    if (name == QLatin1String("collection") && m_open.value(m_open.size() - 1) == QLatin1String("resourcetype"))
        m_found.isCollection = true;
    m_open.append(name);
    m_text.clear();
}

void MultistatusReader::end()
{
    const QString name = m_open.isEmpty() ? QString() : m_open.takeLast();
    const QString around = m_open.value(m_open.size() - 1);
    const auto number = [this] {
        bool isNumber = false;
        const qint64 value = m_text.trimmed().toLongLong(&isNumber);
        return isNumber ? std::optional(value) : std::nullopt;
    };
    if (name == QLatin1String("href") && around == QLatin1String("response"))
        m_resource.path = pathOf(m_text);
    else if (name == QLatin1String("getcontentlength"))
        m_found.size = number().value_or(-1);
    else if (name == QLatin1String("getlastmodified"))
        m_found.modified = httpTime(m_text.trimmed().toLatin1());
    else if (name == QLatin1String("quota-used-bytes"))
        m_found.quotaUsed = number();
    else if (name == QLatin1String("quota-available-bytes"))
        m_found.quotaAvailable = number();
    else if (name == QLatin1String("status") && around == QLatin1String("propstat"))
        m_isOk = isStatus200(m_text);
    else if (name == QLatin1String("propstat") && m_isOk) {
        m_found.path = m_resource.path;
        m_resource = m_found;
    } else if (name == QLatin1String("response") && !m_resource.path.isEmpty()) {
        m_resources.push_back(m_resource);
    } else if (name == QLatin1String("multistatus") && m_open.isEmpty()) {
        m_isAtEnd = true;
    }
    m_text.clear();
}

} // namespace mf::webdav
