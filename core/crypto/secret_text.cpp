// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/secret_text.h"

#include "core/crypto/secret.h"

namespace mf {

struct SecretText::Wiped {
    QByteArray bytes;
    explicit Wiped(QByteArray text)
        : bytes(std::move(text))
    {
        bytes.detach(); // nobody else's are wiped
    }
    Wiped(const Wiped &) = delete;
    Wiped &operator=(const Wiped &) = delete;
    ~Wiped()
    {
        if (!bytes.isEmpty())
            wipe(MutableBytes(reinterpret_cast<std::uint8_t *>(bytes.data()), static_cast<std::size_t>(bytes.size())));
    }
};

SecretText::SecretText(QByteArray utf8)
    : m_bytes(std::make_shared<const Wiped>(std::move(utf8)))
{
}

const QByteArray &SecretText::utf8() const
{
    static const QByteArray none;
    return m_bytes ? m_bytes->bytes : none;
}

} // namespace mf
