// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/storage/scenes.h"
#include "ui/storage/sign_in_dialog.h"

#include <QLineEdit>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QtTest>

namespace mf::ui {

class TestUiSignIn : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_scene = std::make_unique<SceneDesk>();
        addSignedOut(*m_scene);
        m_dialog = SignInDialog::open(m_scene->desk, &m_scene->window, account());
        QVERIFY(QTest::qWaitForWindowExposed(m_dialog));
    }
    void cleanup()
    {
        delete m_dialog;
        m_scene.reset();
    }

    void savesWhatWorks()
    {
        auto *field = find<QLineEdit>("account.field.password");
        QVERIFY(field->hasFocus());
        QCOMPARE(field->echoMode(), QLineEdit::Password);
        QVERIFY(!find<QPushButton>("signIn.submit")->isEnabled());
        QVERIFY(!m_dialog->findChild<QLineEdit *>(QStringLiteral("account.field.url"))); // only what is new
        QTest::keyClicks(field, QStringLiteral("new one"));
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_VERIFY(m_dialog.isNull());
        QCOMPARE(m_scene->service.calls, QStringList(QStringLiteral("signIn Weird cloud with 7 bytes")));
    }

    void staysWhereItFails()
    {
        m_scene->service.fails
            = Error(Error::Kind::Unauthorised, QStringLiteral("MF-X"), QStringLiteral("the password is refused"));
        submit();
        auto *error = find<InlineMessage>("signIn.error");
        QTRY_VERIFY(error->isVisible());
        QVERIFY(error->accessibleName().contains(QStringLiteral("The password is refused.")));
        auto *field = find<QLineEdit>("account.field.password");
        QCOMPARE(field->text(), QStringLiteral("secret"));
        QVERIFY(field->hasFocus());
        m_scene->service.fails.reset();
        QTest::mouseClick(find<QPushButton>("signIn.submit"), Qt::LeftButton);
        QTRY_VERIFY(m_dialog.isNull());
    }

    void cancelEndsTheTrial_data()
    {
        QTest::addColumn<bool>("byKey");
        QTest::newRow("Cancel") << false;
        QTest::newRow("Escape") << true;
    }
    void cancelEndsTheTrial()
    {
        QFETCH(const bool, byKey);
        m_scene->service.answersNever = true;
        submit();
        QVERIFY(find<QProgressBar>("signIn.bar")->isVisible());
        QVERIFY(!find<QPushButton>("signIn.submit")->isEnabled());
        QCOMPARE(m_scene->service.open, 1);
        if (byKey)
            QTest::keyClick(m_dialog.data(), Qt::Key_Escape);
        else
            QTest::mouseClick(find<QPushButton>("signIn.cancel"), Qt::LeftButton);
        QTRY_VERIFY(m_dialog.isNull());
        QCOMPARE(m_scene->service.open, 0);
    }

    // A server that made itself a new certificate wants no new password.
    void trustsANewCertificate()
    {
        const QString digest = QString(QStringLiteral("ab:")).repeated(31) + QStringLiteral("cd");
        m_scene->service.fails = Error(Error::Kind::Unauthorised, QStringLiteral("MF-HTTP-CERTIFICATE"),
            QStringLiteral("the certificate cannot be trusted"))
                                     .with(QStringLiteral("certificate"), digest);
        submit();
        QTRY_VERIFY(find<InlineMessage>("signIn.error")->isVisible());
        QVERIFY(find<InlineMessage>("signIn.error")->accessibleName().contains(digest.left(40)));
        AccountEntry known = account(); // as the account itself said it
        known.id.bytes[0] = 97;
        known.trouble = m_scene->service.fails;
        m_scene->service.shownAccounts.push_back(known);
        SignInDialog::open(m_scene->desk, &m_scene->window, known);
        QTRY_VERIFY(m_dialog.isNull());
        m_dialog = m_scene->window.findChild<SignInDialog *>();
        m_scene->service.fails.reset();
        QTest::mouseClick(find<QPushButton>("signIn.trust"), Qt::LeftButton);
        QTRY_VERIFY(m_dialog.isNull());
        QCOMPARE(m_scene->service.calls.last(), QStringLiteral("changeAccount Weird cloud"));
        QCOMPARE(m_scene->service.lastDraft.id, known.id);
        const AccountSettings expected { { QStringLiteral("certificate"), digest } };
        QCOMPARE(m_scene->service.lastDraft.settings, expected);
    }

    void oneAtATime()
    {
        QCOMPARE(SignInDialog::open(m_scene->desk, &m_scene->window, account()), m_dialog.data());
        AccountEntry other = account();
        other.id.bytes[0] = 98;
        const QPointer<SignInDialog> second = SignInDialog::open(m_scene->desk, &m_scene->window, other);
        QVERIFY(second != m_dialog);
        QTRY_VERIFY(m_dialog.isNull());
        QVERIFY(second);
    }

private:
    const AccountEntry &account() const { return m_scene->service.shownAccounts.back(); }
    template <typename T> T *find(const char *name)
    {
        T *found = m_dialog->findChild<T *>(QLatin1String(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    void submit()
    {
        find<QLineEdit>("account.field.password")->setText(QStringLiteral("secret"));
        QTest::mouseClick(find<QPushButton>("signIn.submit"), Qt::LeftButton);
    }

    std::unique_ptr<SceneDesk> m_scene;
    QPointer<SignInDialog> m_dialog;
};

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiSignIn)
#include "test_ui_sign_in.moc"
