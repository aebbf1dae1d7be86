// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/byte_source.h"

#include <cerrno>
#include <unistd.h>

namespace mf {

Result<> DescriptorSource::readAt(qint64 offset, MutableBytes out) const
{
    std::size_t done = 0;
    while (done < out.size()) {
        const auto n = ::pread(m_descriptor, out.data() + done, out.size() - done, offset + static_cast<qint64>(done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return systemError(errno, QStringLiteral("cannot read the file"));
        if (n == 0)
            return formatError::truncated(QStringLiteral("the file became shorter while it was read"));
        done += static_cast<std::size_t>(n);
    }
    return {};
}

Result<> MemorySource::readAt(qint64 offset, MutableBytes out) const
{
    const auto begin = static_cast<std::size_t>(offset);
    if (begin > m_head.size() || out.size() > m_head.size() - begin)
        return Error(Error::Kind::NotFound, QStringLiteral("MF-FORMAT-MORE"),
            QStringLiteral("The header goes on behind the bytes that were fetched; fetch more of the file."));
    if (!out.empty())
        std::memcpy(out.data(), m_head.data() + begin, out.size());
    return {};
}

bool needsMore(const Error &error) { return error.id == QLatin1String("MF-FORMAT-MORE"); }

namespace formatError {

static Error make(Error::Kind kind, const char16_t *id, const QString &what)
{
    const QString message
        = QStringLiteral("This file's header could not be read: %1. The file can be stored all the same.").arg(what);
    return Error(kind, QString::fromUtf16(id), message).with(QStringLiteral("reason"), what);
}

Error truncated(const QString &what) { return make(Error::Kind::Corrupt, u"MF-FORMAT-TRUNCATED", what); }

Error invalid(const QString &what) { return make(Error::Kind::Corrupt, u"MF-FORMAT-INVALID", what); }

Error unsupported(const QString &what) { return make(Error::Kind::Unsupported, u"MF-FORMAT-UNSUPPORTED", what); }

Error limit(const QString &what) { return make(Error::Kind::Unsupported, u"MF-FORMAT-LIMIT", what); }

} // namespace formatError

} // namespace mf
