// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QMap>
#include <QString>

#include <optional>
#include <vector>

namespace mf {

// Why something did not happen, and what the caller may do about it.
//
// `kind` decides behaviour, `id` is stable and may be tested for by scripts,
// `message` is a sentence for people that says what failed and what to do; it
// is never parsed. No secret ever enters an Error.
struct Error {
    enum class Kind {
        Network, // nothing wrong with the request: try again later
        Throttled, // try again at retryAt
        Unauthorised, // the user must sign in (or give the passphrase) again
        NotFound, // what was named does not exist
        AlreadyExists, // something else has that name
        Quota, // no room left, there or on this disk
        Corrupt, // the bytes are not the bytes that were written
        Unsupported, // this version, kind or provider cannot do it
        Invalid, // the request itself is wrong; asking again is useless
        Cancelled, // the user stopped it; it goes on where it was next time
        Internal, // a bug or a broken machine
    };

    // What the user can do, as a word that a user interface turns into a button.
    enum class Action { Retry, SignIn, FreeSpace, AddStorage, ChooseAnother, LowerProtection, Unlock, Details };

    Kind kind = Kind::Internal;
    QString id; // "MF-PACK-CORRUPT"
    QString message; // for people
    QString account; // the account's name, if one is to blame
    QString model; // the model's name, if one is concerned
    QMap<QString, QString> parameters; // what the message names, for translation
    std::optional<QDateTime> retryAt; // UTC
    std::vector<Action> actions;

    Error() = default;
    Error(Kind k, QString stableId, QString text)
        : kind(k)
        , id(std::move(stableId))
        , message(std::move(text))
    {
    }

    // Fluent additions, for use in a return statement.
    Error &&at(QString accountName) &&;
    Error &&of(QString modelName) &&;
    Error &&with(const QString &key, const QString &value) &&;
    Error &&until(QDateTime time) &&;
    Error &&offering(Action action) &&;

    // True if the same request may succeed without anybody doing anything.
    bool isTransient() const { return kind == Kind::Network || kind == Kind::Throttled; }
};

// The word of cli.md for a kind: "not-found".
QString kindName(Error::Kind kind);

// The Error for a failed system call, by errno: no room, no permission, not there, …
// `what` begins the message: "cannot write /a/b".
Error systemError(int errorNumber, const QString &what);

} // namespace mf
