// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/crypto/secret_text.h"

#include <QtTest>

using namespace mf;

namespace {

template <typename T>
concept Printable = requires(QDebug debug, const T &value) { debug << value; };

static_assert(Printable<QByteArray>);
static_assert(!Printable<SecretText>);

} // namespace

class TestSecretText : public QObject
{
    Q_OBJECT
private slots:
    void keepsWhatItIsGiven()
    {
        const QByteArray before("s€cret");
        SecretText copy;
        QVERIFY(copy.isEmpty());
        {
            const SecretText secret(before);
            QCOMPARE(secret.utf8(), before);
            copy = secret;
        }
        QCOMPARE(copy.utf8(), before); // wiped with the last copy only
        copy = SecretText();
        QVERIFY(copy.isEmpty());
        QCOMPARE(before, QByteArray("s€cret")); // whoever gave it keeps theirs
    }
};

QTEST_APPLESS_MAIN(TestSecretText)
#include "test_secret_text.moc"
