// SPDX-License-Identifier: GPL-3.0-or-later
// Any text is a recovery kit or an Error; what is taken for a kit is written and read back the same.
#include "core/crypto/kit_words.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    using namespace mf;
    const auto text = QString::fromUtf8(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto key = recoveryFrom(text);
    if (!key) {
        const Error &error = key.error();
        if (error.kind != Error::Kind::Invalid || !error.id.startsWith(QStringLiteral("MF-KIT-"))
            || error.message.isEmpty())
            std::abort();
    } else {
        const auto again = recoveryFrom(wordsOf(*key).join(u' '));
        if (!again || !(*again == *key))
            std::abort();
    }

    // And the other way: any 32 bytes have words that are read back.
    if (size >= SecretKey::kSize) {
        const SecretKey given(ByteView(data, SecretKey::kSize));
        const auto back = recoveryFrom(wordsOf(given).join(u'\n'));
        if (!back || !(*back == given))
            std::abort();
    }
    return 0;
}
