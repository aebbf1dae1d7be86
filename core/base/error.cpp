// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

#include <cerrno>
#include <cstring>

namespace mf {

Error &&Error::at(QString accountName) &&
{
    account = std::move(accountName);
    return std::move(*this);
}

Error &&Error::of(QString modelName) &&
{
    model = std::move(modelName);
    return std::move(*this);
}

Error &&Error::with(const QString &key, const QString &value) &&
{
    parameters.insert(key, value);
    return std::move(*this);
}

Error &&Error::until(QDateTime time) &&
{
    retryAt = std::move(time);
    return std::move(*this);
}

Error &&Error::offering(Action action) &&
{
    actions.push_back(action);
    return std::move(*this);
}

QString kindName(Error::Kind kind)
{
    switch (kind) {
    case Error::Kind::Network:
        return QStringLiteral("network");
    case Error::Kind::Throttled:
        return QStringLiteral("throttled");
    case Error::Kind::Unauthorised:
        return QStringLiteral("unauthorised");
    case Error::Kind::NotFound:
        return QStringLiteral("not-found");
    case Error::Kind::AlreadyExists:
        return QStringLiteral("already-exists");
    case Error::Kind::Quota:
        return QStringLiteral("quota");
    case Error::Kind::Corrupt:
        return QStringLiteral("corrupt");
    case Error::Kind::Unsupported:
        return QStringLiteral("unsupported");
    case Error::Kind::Invalid:
        return QStringLiteral("invalid");
    case Error::Kind::Cancelled:
        return QStringLiteral("cancelled");
    case Error::Kind::Internal:
        break;
    }
    return QStringLiteral("internal");
}

Error systemError(int errorNumber, const QString &what)
{
    const QString reason = QString::fromLocal8Bit(std::strerror(errorNumber));
    const QString text = what + QStringLiteral(": ") + reason;
    switch (errorNumber) {
    case ENOENT:
    case ENOTDIR:
        return Error(Error::Kind::NotFound, QStringLiteral("MF-FILE-MISSING"), text);
    case EEXIST:
        return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-FILE-EXISTS"), text);
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return Error(Error::Kind::Quota, QStringLiteral("MF-DISK-FULL"),
            text + QStringLiteral("; free some space and try again"))
            .offering(Error::Action::FreeSpace);
    case EACCES:
    case EPERM:
    case EROFS:
        return Error(
            Error::Kind::Invalid, QStringLiteral("MF-FILE-DENIED"), text + QStringLiteral("; check the permissions"));
    case ENAMETOOLONG:
    case ELOOP:
    case EISDIR:
    case EINVAL:
        return Error(Error::Kind::Invalid, QStringLiteral("MF-FILE-NAME"), text);
    case EIO:
    case ENODEV:
    case ENXIO:
    case ESTALE:
    case ENOTCONN:
    case ETIMEDOUT: // these and the next of disks on the network
    case EHOSTDOWN:
    case EHOSTUNREACH:
    case ENETDOWN:
    case ENETUNREACH:
    case ECONNRESET:
    case ECONNABORTED:
    case ECONNREFUSED:
    case ESHUTDOWN:
    case EREMOTEIO:
    case EAGAIN:
    case EBUSY:
        return Error(Error::Kind::Network, QStringLiteral("MF-FILE-IO"),
            text + QStringLiteral("; check that the disk is connected"))
            .offering(Error::Action::Retry);
    default:
        return Error(Error::Kind::Internal, QStringLiteral("MF-FILE-SYSTEM"), text);
    }
}

} // namespace mf
