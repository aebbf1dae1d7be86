// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/kit_word_list.h"
#include "core/crypto/kit_words.h"
#include "core/crypto/sha256.h"

#include <QtTest>

#include <algorithm>
#include <set>

using namespace mf;

class TestKitWords : public QObject
{
    Q_OBJECT
    static SecretKey keyOf(const QString &hex) { return SecretKey(viewOf(*fromHex(hex))); }
    static QString errorId(const Result<SecretKey> &result) { return result ? QString() : result.error().id; }
    const SecretKey m_key = keyOf(u"68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c"_qs);
    const QStringList m_words = wordsOf(m_key);
private slots:
    void theListIsTheOneOfBip39()
    {
        QByteArray file;
        std::set<std::string_view> prefixes;
        for (const std::string_view word : kKitWords) {
            QVERIFY(word.size() >= 3 && word.size() <= kKitWordLongest);
            file.append(word.data(), qsizetype(word.size()));
            file.append('\n');
            prefixes.insert(word.substr(0, 4));
        }
        QCOMPARE(sha256(viewOf(file)).toHex(), u"2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda"_qs);
        QVERIFY(std::is_sorted(kKitWords.begin(), kKitWords.end()));
        QCOMPARE(prefixes.size(), kKitWords.size());
    }

    // The published vectors of BIP-39 with 256 bits of entropy.
    void publishedVectors_data()
    {
        QTest::addColumn<QString>("hex");
        QTest::addColumn<QString>("words");
        QTest::newRow("all zeros") << u"0"_qs.repeated(64) << u"abandon "_qs.repeated(23) + u"art"_qs;
        QTest::newRow("7f")
            << u"7f"_qs.repeated(32)
            << u"legal winner thank year wave sausage worth useful legal winner thank year wave sausage "
               u"worth useful legal winner thank year wave sausage worth title"_qs;
        QTest::newRow("80")
            << u"80"_qs.repeated(32)
            << u"letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount "
               u"doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless"_qs;
        QTest::newRow("all ones") << u"f"_qs.repeated(64) << u"zoo "_qs.repeated(23) + u"vote"_qs;
        QTest::newRow("hamster") << u"68a79eaca2324873eacc50cb9c6eca8cc68ea5d936f98787c60c7ebc74e6ce7c"_qs
                                 << u"hamster diagram private dutch cause delay private meat slide toddler razor book "
                                    u"happy fancy gospel tennis maple dilemma loan word shrug inflict delay length"_qs;
        QTest::newRow("panda") << u"9f6a2878b2520799a44ef18bc7df394e7061a224d2c33cd015b157d746869863"_qs
                               << u"panda eyebrow bullet gorilla call smoke muffin taste mesh discover soft ostrich "
                                  u"alcohol speed nation flash devote level hobby quick inner drive ghost inside"_qs;
        QTest::newRow("all hour")
            << u"066dca1a2bb7e8a1db2832148ce9933eea0f3ac9548d793112d9a95c9407efad"_qs
            << u"all hour make first leader extend hole alien behind guard gospel lava path output "
               u"census museum junior mass reopen famous sing advance salt reform"_qs;
        QTest::newRow("void") << u"f585c11aec520db57dd353c69554b21a89b20fb0650966fa0a9d6f74fd989d8f"_qs
                              << u"void come effort suffer camp survey warrior heavy shoot primary clutch crush open "
                                 u"amazing screen patrol group space point ten exist slush involve unfold"_qs;
        QTest::newRow("absent")
            << u"00ac97c48106f0aeb8ba061e0250a559b3251dc35854e694780ba51d53a50120"_qs
            << u"absent gorilla van acoustic humor firm title dolphin bulk barely citizen recall "
               u"crane moment aspect appear track phrase actual enforce steel spoon afraid benefit"_qs;
        QTest::newRow("much") << u"911fec0fbd88029f6fa99164896c18d898c9232af18bdcca3e42d53b86493104"_qs
                              << u"much youth advance kitchen lens exile salt cram goose enter alert raise milk muscle "
                                 u"profit cousin system faint mouse price reveal cause series long"_qs;
    }
    void publishedVectors()
    {
        QFETCH(QString, hex);
        QFETCH(QString, words);
        QCOMPARE(wordsOf(keyOf(hex)).join(u' '), words);
        const auto key = recoveryFrom(words);
        QVERIFY(key);
        QCOMPARE(toHex(key->view()), hex);
    }

    void anyKeyComesBack()
    {
        for (int i = 0; i < 500; ++i) {
            const SecretKey key = randomKey();
            const auto back = recoveryFrom(wordsOf(key).join(u' '));
            QVERIFY(back);
            QCOMPARE(*back, key);
        }
    }

    void textFormsThatAreAccepted_data()
    {
        QTest::addColumn<QString>("text");
        const auto joined = [this](const auto &form) {
            QString text;
            for (qsizetype i = 0; i < m_words.size(); ++i)
                text += form(int(i) + 1, m_words[i]);
            return text;
        };
        QTest::newRow("one line") << m_words.join(u' ');
        QTest::newRow("a word on each line") << m_words.join(u'\n');
        QTest::newRow("lines of Windows") << m_words.join(u"\r\n"_qs);
        QTest::newRow("lines of an old Mac") << m_words.join(u'\r');
        QTest::newRow("commas and tabs") << m_words.join(u",\t"_qs);
        QTest::newRow("capitals") << m_words.join(u' ').toUpper();
        QTest::newRow("numbered") << joined(
            [](int n, const QString &w) -> QString { return u"%1. %2\n"_qs.arg(n).arg(w); });
        QTest::newRow("numbered without a space")
            << joined([](int n, const QString &w) -> QString { return u"%1)%2; "_qs.arg(n).arg(w); });
        QTest::newRow("in columns") << joined([](int n, const QString &w) -> QString {
            return u"%1  %2%3"_qs.arg(n, 2).arg(w, -10).arg(n % 3 ? u""_qs : u"\n"_qs);
        });
        QTest::newRow("first four letters")
            << joined([](int, const QString &w) -> QString { return w.left(4) + u' '; });
        QTest::newRow("first five letters, capital first")
            << joined([](int, const QString &w) -> QString { return w.left(1).toUpper() + w.mid(1, 4) + u' '; });
        QTest::newRow("a file with comments") << u"# ModelFloat recovery kit\n#\n  # keep it safe\n"_qs
                + m_words.mid(0, 12).join(u' ') + u"\n# the second half\n\n"_qs + m_words.mid(12).join(u' ')
                + u"\n# end"_qs;
        QTest::newRow("a byte order mark and soft hyphens")
            << QString(QChar(0xfeff)) + m_words.join(u' ').replace(u"hamster"_qs, u"ham\u00adster"_qs);
        QTest::newRow("full-width letters")
            << u"\uff48\uff41\uff4d\uff53\uff54\uff45\uff52 "_qs + m_words.mid(1).join(u' ');
    }
    void textFormsThatAreAccepted()
    {
        QFETCH(QString, text);
        const auto key = recoveryFrom(text);
        QVERIFY2(key, qPrintable(key ? QString() : key.error().message));
        QCOMPARE(*key, m_key);
    }

    void everyWrongWordIsNamedByItsPlace()
    {
        for (qsizetype i = 0; i < m_words.size(); ++i) {
            QStringList words = m_words;
            words[i] = u"xyzzyxyzzy"_qs;
            const auto key = recoveryFrom(words.join(u' '));
            QCOMPARE(errorId(key), u"MF-KIT-WORD"_qs);
            QCOMPARE(key.error().kind, Error::Kind::Invalid);
            QCOMPARE(key.error().parameters.value(u"position"_qs), QString::number(i + 1));
            QVERIFY(!key.error().parameters.contains(u"near"_qs));
            QVERIFY(key.error().message.contains(u"word %1 of"_qs.arg(i + 1)));
            QVERIFY(!key.error().message.contains(u"xyzzy"_qs));
        }
    }

    void aNearWordIsNamed_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<QString>("near");
        QTest::newRow("a letter too many") << u"hammster"_qs << u"hamster"_qs;
        QTest::newRow("a letter too few") << u"hamstr"_qs << u"hamster"_qs;
        QTest::newRow("another letter") << u"hanster"_qs << u"hamster"_qs;
        QTest::newRow("two letters swapped") << u"hamsetr"_qs << u"hamster"_qs;
        QTest::newRow("a plural") << u"hamsters"_qs << u"hamster"_qs;
        QTest::newRow("three letters of a longer word") << u"zeb"_qs << u"web"_qs;
    }
    void aNearWordIsNamed()
    {
        QFETCH(QString, typed);
        QFETCH(QString, near);
        QStringList words = m_words;
        words[4] = typed;
        const auto key = recoveryFrom(words.join(u' '));
        QCOMPARE(errorId(key), u"MF-KIT-WORD"_qs);
        QCOMPARE(key.error().parameters.value(u"position"_qs), u"5"_qs);
        QCOMPARE(key.error().parameters.value(u"near"_qs), near);
        QVERIFY(key.error().message.contains(near));
    }

    void theFirstWrongWordIsNamedBeforeTheCount()
    {
        QStringList words = m_words.mid(0, 20);
        words[7] = u"qqqq"_qs;
        words[9] = u"qqqq"_qs;
        const auto key = recoveryFrom(words.join(u' '));
        QCOMPARE(errorId(key), u"MF-KIT-WORD"_qs);
        QCOMPARE(key.error().parameters.value(u"position"_qs), u"8"_qs);
    }

    void wrongCounts_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("count");
        QTest::newRow("nothing") << QString() << u"0"_qs;
        QTest::newRow("comments alone") << u"# "_qs + m_words.join(u' ') << u"0"_qs;
        QTest::newRow("numbers alone") << u"1 2 3 4"_qs << u"0"_qs;
        QTest::newRow("one too few") << m_words.mid(0, 23).join(u' ') << u"23"_qs;
        QTest::newRow("one too many") << m_words.join(u' ') + u" zoo"_qs << u"25"_qs;
        QTest::newRow("twice") << m_words.join(u' ') + u'\n' + m_words.join(u' ') << u"48"_qs;
        QTest::newRow("half a million words") << u"zoo "_qs.repeated(500000) << u"far more"_qs;
    }
    void wrongCounts()
    {
        QFETCH(QString, text);
        QFETCH(QString, count);
        const auto key = recoveryFrom(text);
        QCOMPARE(errorId(key), u"MF-KIT-COUNT"_qs);
        QCOMPARE(key.error().kind, Error::Kind::Invalid);
        QCOMPARE(key.error().parameters.value(u"count"_qs), count);
    }

    void wordsInTheWrongOrderFailTheChecksum()
    {
        QStringList words = m_words;
        words.swapItemsAt(3, 17);
        QCOMPARE(errorId(recoveryFrom(words.join(u' '))), u"MF-KIT-CHECKSUM"_qs);
    }

    // An 8-bit checksum: of the 2,048 words in one place at most a few fit.
    void almostEveryOtherWordFailsTheChecksum()
    {
        int accepted = 0;
        for (const std::string_view word : kKitWords) {
            QStringList words = m_words;
            words[10] = QString::fromLatin1(word.data(), qsizetype(word.size()));
            const auto key = recoveryFrom(words.join(u' '));
            if (key)
                ++accepted;
            else
                QCOMPARE(errorId(key), u"MF-KIT-CHECKSUM"_qs);
        }
        QVERIFY(accepted >= 1 && accepted < 40);
    }

    void otherAlphabetsAreWrongWords_data()
    {
        QTest::addColumn<QString>("word");
        QTest::newRow("an accent") << u"h\u00e4mster"_qs;
        QTest::newRow("a combining accent") << u"ha\u0308mster"_qs;
        QTest::newRow("a Cyrillic letter that looks the same") << u"h\u0430mster"_qs;
        QTest::newRow("Chinese") << u"\u7684"_qs;
        QTest::newRow("a very long word") << u"a"_qs.repeated(10000);
        QTest::newRow("three letters of hamster") << u"ham"_qs;
        QTest::newRow("the right four letters and wrong ones") << u"hamsxyz"_qs;
    }
    void otherAlphabetsAreWrongWords()
    {
        QFETCH(QString, word);
        const auto key = recoveryFrom(word + u' ' + m_words.mid(1).join(u' '));
        QCOMPARE(errorId(key), u"MF-KIT-WORD"_qs);
        QCOMPARE(key.error().parameters.value(u"position"_qs), u"1"_qs);
    }
};

QTEST_GUILESS_MAIN(TestKitWords)
#include "test_kit_words.moc"
