// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QString>
#include <QStringList>

namespace mf {

using AccountSettings = QMap<QString, QString>; // "path" -> "/mnt/a"; never a secret

// One field of the form (or one K=V of `account add`) that an account of a kind needs.
struct FormField {
    enum class Type { Text, Url, Folder, Choice, Secret };
    QString key; // "path"
    QString label; // "Folder"
    QString help; // one sentence
    Type type = Type::Text;
    bool required = false;
    QString initial; // default value
    QStringList choices;
};

// A service of a kind, by what its fields hold: a form fills them in. Words in capitals are the user's to replace.
struct FormPreset {
    QString title; // "Backblaze B2"
    AccountSettings settings;
};

} // namespace mf
