// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/kit_words.h"

#include "core/crypto/kit_word_list.h"
#include "core/crypto/sha256.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace mf {
namespace {
constexpr qsizetype kWords = 24;
constexpr int kBitsPerWord = 11;
constexpr qsizetype kLongestText = 64 << 10; // many times a kit with notes around it
constexpr std::size_t kEnoughLetters = 4;
// The key and one byte of checksum: exactly 24 times 11 bits.
using KeyAndChecksum = std::array<std::uint8_t, SecretKey::kSize + 1>;
static_assert(kWords * kBitsPerWord == 8 * sizeof(KeyAndChecksum));

std::uint8_t checksumOf(ByteView key) { return sha256(key).bytes.front(); }

bool isLineBreak(QChar c)
{
    return c == u'\n' || c == u'\r' || c.category() == QChar::Separator_Line
        || c.category() == QChar::Separator_Paragraph;
}

// The runs of letters, in lower case, of all lines that are not comments.
QStringList lettersIn(const QString &text)
{
    // Compatibility forms, so that full-width or ligature letters of some editor are the plain ones.
    const QString plain = text.normalized(QString::NormalizationForm_KC).toLower();
    QStringList found;
    QString word;
    bool lineBegins = true;
    bool inComment = false;
    const auto endWord = [&] {
        if (!word.isEmpty())
            found << word;
        word.clear();
    };
    for (const QChar c : plain) {
        if (c.category() == QChar::Other_Format)
            continue; // a byte order mark, a soft hyphen: seen by nobody
        if (isLineBreak(c)) {
            endWord();
            lineBegins = true;
            inComment = false;
            continue;
        }
        if (lineBegins && !c.isSpace()) {
            lineBegins = false;
            inComment = c == u'#';
        }
        if (inComment)
            continue;
        if (c.isLetter() || c.isMark())
            word += c;
        else
            endWord();
    }
    endWord();
    return found;
}

std::optional<std::size_t> indexOf(const QString &word)
{
    const std::string letters = word.toStdString();
    const auto at = std::lower_bound(kKitWords.begin(), kKitWords.end(), letters);
    if (at == kKitWords.end())
        return std::nullopt;
    const bool isMeant = *at == letters || (letters.size() >= kEnoughLetters && at->starts_with(letters));
    if (!isMeant)
        return std::nullopt;
    return static_cast<std::size_t>(at - kKitWords.begin());
}

// How many letters must be put in, left out, replaced or swapped with their neighbour.
// Precondition: b is a word of the list.
std::size_t distance(std::string_view a, std::string_view b)
{
    using Row = std::array<std::size_t, kKitWordLongest + 1>;
    Row beforeLast {};
    Row last;
    Row row;
    std::iota(last.begin(), last.end(), std::size_t(0));
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({ replaced, last[j] + 1, row[j - 1] + 1 });
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], beforeLast[j - 2] + 1);
        }
        beforeLast = last;
        last = row;
    }
    return last[b.size()];
}

// The word of the list that was probably meant; empty if none is near.
QString nearestTo(const QString &word)
{
    constexpr int kFar = 3;
    if (word.size() >= static_cast<qsizetype>(kKitWordLongest) + kFar)
        return {};
    const std::string letters = word.toStdString();
    std::size_t least = std::size_t(kFar);
    std::string_view nearest;
    for (const std::string_view candidate : kKitWords) {
        const std::size_t longer = std::max(letters.size(), candidate.size());
        if (longer - std::min(letters.size(), candidate.size()) >= least)
            continue;
        const std::size_t d = distance(letters, candidate);
        if (d < least) {
            least = d;
            nearest = candidate;
        }
    }
    return QString::fromLatin1(nearest.data(), static_cast<qsizetype>(nearest.size()));
}

Error wrongWord(qsizetype position, const QString &word)
{
    const QString number = QString::number(position);
    const QString near = nearestTo(word);
    QString message
        = QStringLiteral("word ") % number % QStringLiteral(" of the recovery kit is not one of its possible words; ");
    message += near.isEmpty() ? QStringLiteral("compare it with the kit")
                              : QString(QStringLiteral("did you mean \"") % near % QStringLiteral("\"?"));
    Error error(Error::Kind::Invalid, QStringLiteral("MF-KIT-WORD"), message);
    error.parameters.insert(QStringLiteral("position"), number);
    if (!near.isEmpty())
        error.parameters.insert(QStringLiteral("near"), near);
    return error;
}

Error wrongCount(const QString &count)
{
    const QString message = QStringLiteral("a recovery kit has 24 words, here are ") % count
        % QStringLiteral("; give all of them, in their order, and nothing else");
    return Error(Error::Kind::Invalid, QStringLiteral("MF-KIT-COUNT"), message).with(QStringLiteral("count"), count);
}
} // namespace

QStringList wordsOf(const SecretKey &recovery)
{
    KeyAndChecksum bytes;
    std::copy(recovery.view().begin(), recovery.view().end(), bytes.begin());
    bytes.back() = checksumOf(recovery.view());

    QStringList words;
    std::uint32_t bits = 0;
    int count = 0;
    for (const std::uint8_t byte : bytes) {
        bits = (bits << 8) | byte;
        count += 8;
        if (count >= kBitsPerWord) {
            count -= kBitsPerWord;
            const std::string_view word = kKitWords[(bits >> count) % kKitWordCount];
            words << QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size()));
        }
    }
    wipe(bytes);
    return words;
}

Result<SecretKey> recoveryFrom(const QString &text)
{
    if (text.size() > kLongestText)
        return wrongCount(QStringLiteral("far more"));
    const QStringList words = lettersIn(text);

    KeyAndChecksum bytes {};
    std::size_t bit = 0;
    for (qsizetype i = 0; i < std::min(words.size(), kWords); ++i) {
        const std::optional<std::size_t> index = indexOf(words[i]);
        if (!index) {
            wipe(bytes);
            return wrongWord(i + 1, words[i]);
        }
        for (int shift = kBitsPerWord - 1; shift >= 0; --shift, ++bit) {
            const std::size_t value = ((*index >> shift) & 1) << (7 - bit % 8);
            bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] | value);
        }
    }
    const SecretKey key(ByteView(bytes).first(SecretKey::kSize));
    const bool isWhole = bytes.back() == checksumOf(key.view());
    wipe(bytes);
    if (words.size() != kWords)
        return wrongCount(QString::number(words.size()));
    if (!isWhole)
        return Error(Error::Kind::Invalid, QStringLiteral("MF-KIT-CHECKSUM"),
            QStringLiteral("these 24 words are not a recovery kit: one of them is another possible word, or "
                           "their order is wrong; compare them with the kit"));
    return key;
}

} // namespace mf
