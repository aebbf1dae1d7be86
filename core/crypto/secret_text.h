// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDebug>

#include <memory>

namespace mf {

// A password or a secret key: cannot be printed, and is wiped when its last copy goes. What libraries make of it
// (QString, a header) is not in our hands.
class SecretText
{
public:
    SecretText() = default;
    explicit SecretText(QByteArray utf8);
    // To be used at once, and neither kept nor shown.
    const QByteArray &utf8() const;
    bool isEmpty() const { return utf8().isEmpty(); }

private:
    struct Wiped;
    std::shared_ptr<const Wiped> m_bytes; // null: empty
};

QDebug operator<<(QDebug debug, const SecretText &secret) = delete;

} // namespace mf
