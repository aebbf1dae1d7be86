// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
// How a value is laid out over the entries of a keychain; pure functions on bytes.

#include "core/base/result.h"

#include <vector>

namespace mf {

// Windows keeps at most 2,560 bytes in an entry, so a value is cut into parts of at most 2,048 bytes,
// on every platform, that the same path is used and tested everywhere.
//
// The head is the entry of the key itself: "MF" | 1 | side | length u32 | first 8 bytes of the value's
// SHA-256 | the value's first 2,032 bytes. The rest lies in parts "key.side.1", "key.side.2", … of 2,048.
// A new value goes to the other side ('a' or 'b') and counts from the moment its head is written.
struct KeychainEntry {
    static constexpr qsizetype kPart = 2048;
    static constexpr qsizetype kHeader = 16;

    char side = 'a';
    qsizetype length = 0;
    QByteArray digest; // 8 bytes
    QByteArray first; // the value's bytes that the head itself holds

    // Parts beside the head.
    int parts() const;
    static QString partKey(const QString &key, char side, int number);
};

// What to write: the head, and the parts from number 1.
struct KeychainParts {
    QByteArray head;
    std::vector<QByteArray> rest;
};
KeychainParts splitForKeychain(const QByteArray &value, char side);

// Corrupt "MF-SECRETS-DAMAGED" if the head is not one, or its lengths do not fit.
Result<KeychainEntry> parseKeychainHead(const QString &key, const QByteArray &head);
// Corrupt "MF-SECRETS-DAMAGED" if the parts are not those that belong to the head.
Result<QByteArray> joinFromKeychain(
    const QString &key, const KeychainEntry &entry, const std::vector<QByteArray> &rest);

Error damagedSecret(const QString &key);

} // namespace mf
