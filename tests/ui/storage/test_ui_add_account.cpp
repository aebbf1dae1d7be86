// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/storage/scenes.h"
#include "ui/storage/add_account_dialog.h"
#include "ui/storage/state_label.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QtTest>

namespace mf::ui {

static const char *const kSteps[] = { "account.step.reach", "account.step.write", "account.step.read",
    "account.step.compare", "account.step.list", "account.step.remove" };

class TestUiAddAccount : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_scene = std::make_unique<SceneDesk>(); }
    void cleanup();
    void suggestsNameAndDomain();
    void keepsWhatTheUserTyped();
    void addsAndAddsAnother();
    void keepsTheFieldsWhenItFails();
    void goesBackToTheFieldAtFault();
    void canBeStopped();
    void tellsWhichStepFailed_data();
    void tellsWhichStepFailed();
    void theProgramsOwnWebDavPage();
    void theProgramsOwnS3Page();
    void saysWhatIsMissing_data();
    void saysWhatIsMissing();
    void makesFieldsOfEveryType();
    void aServiceFillsInWhatIsKnown();
    void aCertificateIsTrustedOnPurpose();
    void closesInTheMiddle();

private:
    void openDialog()
    {
        m_dialog = AddAccountDialog::open(m_scene->desk, &m_scene->window);
        QVERIFY(QTest::qWaitForWindowExposed(m_dialog));
    }
    template <typename T> T *find(const char *name)
    {
        T *found = m_dialog->findChild<T *>(QLatin1String(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    void type(const char *field, const QString &text)
    {
        find<QLineEdit>(field)->selectAll();
        QTest::keyClicks(find<QLineEdit>(field), text);
    }
    void click(const char *name) { QTest::mouseClick(find<QPushButton>(name), Qt::LeftButton); }
    QString path() const { return QStringLiteral("/mnt/usb/Models"); }

    std::unique_ptr<SceneDesk> m_scene;
    QPointer<AddAccountDialog> m_dialog;
};

void TestUiAddAccount::cleanup()
{
    delete m_dialog;
    m_scene.reset();
}

void TestUiAddAccount::suggestsNameAndDomain()
{
    m_scene->prompts.folder = path();
    openDialog();
    click("account.browse.path");
    QTRY_COMPARE(find<QLineEdit>("account.field.path")->text(), path());
    QCOMPARE(find<QLineEdit>("account.name")->text(), QStringLiteral("Models"));
    QTRY_COMPARE(find<QLineEdit>("account.domain")->text(), QStringLiteral("disk of /mnt/usb/Models"));
    QVERIFY(find<QLabel>("account.domainWhy")->text().contains(QStringLiteral("by itself")));
    type("account.domain", QStringLiteral("cellar"));
    QVERIFY(find<QLabel>("account.domainWhy")->text().startsWith(QStringLiteral("Your own choice.")));
}

void TestUiAddAccount::keepsWhatTheUserTyped()
{
    openDialog();
    type("account.name", QStringLiteral("Mine"));
    type("account.domain", QStringLiteral("cellar"));
    type("account.field.path", path());
    QTRY_VERIFY(m_scene->service.calls.contains(QStringLiteral("defaultDomain")));
    QCOMPARE(find<QLineEdit>("account.name")->text(), QStringLiteral("Mine"));
    QCOMPARE(find<QLineEdit>("account.domain")->text(), QStringLiteral("cellar"));
    click("account.submit");
    QTRY_COMPARE(m_scene->service.shownAccounts.size(), std::size_t(6));
    QCOMPARE(m_scene->service.shownAccounts.back().domain, QStringLiteral("cellar"));
}

void TestUiAddAccount::addsAndAddsAnother()
{
    openDialog();
    type("account.field.path", path());
    click("account.submit");
    QTRY_VERIFY(find<QPushButton>("account.done")->isVisible());
    QVERIFY(m_scene->service.calls.contains(QStringLiteral("addAccount folder Models")));
    QCOMPARE(find<QLabel>("account.ready")->text(), QStringLiteral("With 6 independent accounts you can lose any 2."));
    click("account.another");
    QVERIFY(find<QLineEdit>("account.field.path")->text().isEmpty());
    QVERIFY(find<QLineEdit>("account.field.path")->hasFocus());
    type("account.field.path", path());
    QCOMPARE(find<QLineEdit>("account.name")->text(), QStringLiteral("Models 2")); // the first has the name now
    click("account.submit");
    QTRY_VERIFY(find<QPushButton>("account.done")->isVisible());
    click("account.done");
    QTRY_VERIFY(m_dialog.isNull());
}

void TestUiAddAccount::keepsTheFieldsWhenItFails()
{
    m_scene->service.fails
        = Error(Error::Kind::Quota, QStringLiteral("MF-DISK-FULL"), QStringLiteral("the disk is full"));
    openDialog();
    type("account.field.path", path());
    click("account.submit");
    auto *error = find<InlineMessage>("account.error");
    QTRY_VERIFY(error->isVisible());
    QVERIFY(error->accessibleName().contains(QStringLiteral("The disk is full.")));
    click("account.back");
    QCOMPARE(find<QLineEdit>("account.field.path")->text(), path());
    QVERIFY(find<QLineEdit>("account.field.path")->isVisible());
    click("account.submit");
    m_scene->service.fails.reset();
    QTRY_VERIFY(find<QPushButton>("account.again")->isVisible());
    click("account.again");
    QTRY_VERIFY(find<QPushButton>("account.done")->isVisible());
}

void TestUiAddAccount::goesBackToTheFieldAtFault()
{
    Error error(Error::Kind::Invalid, QStringLiteral("MF-ACCOUNT-SETTING"), QStringLiteral("the path is a file"));
    error.parameters.insert(QStringLiteral("setting"), QStringLiteral("path"));
    m_scene->service.fails = error;
    openDialog();
    type("account.field.path", path());
    click("account.submit");
    QTRY_COMPARE(find<QLabel>("account.missing")->text(), QStringLiteral("The path is a file."));
    QVERIFY(find<QLineEdit>("account.field.path")->isVisible());
    QVERIFY(find<QLineEdit>("account.field.path")->hasFocus());
}

void TestUiAddAccount::canBeStopped()
{
    m_scene->service.answersNever = true;
    openDialog();
    type("account.field.path", path());
    click("account.submit");
    QTRY_VERIFY(find<QPushButton>("account.stop")->isVisible());
    for (const char *step : kSteps)
        QVERIFY(find<StateLabel>(step)->isVisible());
    const int open = m_scene->service.open; // beside the addition, the form asks for a domain
    click("account.stop");
    QVERIFY(m_scene->service.open < open);
    QVERIFY(find<QLineEdit>("account.field.path")->isVisible());
    QCOMPARE(find<QLineEdit>("account.field.path")->text(), path());
    QCOMPARE(m_scene->service.shownAccounts.size(), std::size_t(5));
}

void TestUiAddAccount::tellsWhichStepFailed_data()
{
    QTest::addColumn<QString>("step");
    QTest::addColumn<int>("number"); // -1: not known
    const char *const ids[] = { "reach", "write", "read", "compare", "list", "remove" };
    for (int i = 0; i < 6; ++i)
        QTest::newRow(ids[i]) << QString::fromLatin1(ids[i]) << i;
    QTest::newRow("before the test") << QString() << -1;
    QTest::newRow("a later one's") << QStringLiteral("dance") << -1;
}

void TestUiAddAccount::tellsWhichStepFailed()
{
    QFETCH(QString, step);
    QFETCH(int, number);
    m_scene->service.fails = Error(Error::Kind::Network, QStringLiteral("MF-X"), QStringLiteral("it says no"))
                                 .with(QStringLiteral("step"), step);
    openDialog();
    type("account.field.path", path());
    click("account.submit");
    QTRY_VERIFY(find<InlineMessage>("account.error")->isVisible());
    const QStringList done { QStringLiteral("Reached it"), QStringLiteral("Wrote a test file"),
        QStringLiteral("Read it back"), QStringLiteral("Same contents"), QStringLiteral("Found it in the list") };
    for (int i = 0; i < 6; ++i) {
        auto *line = find<StateLabel>(kSteps[i]);
        QCOMPARE(line->isVisible(), number >= 0);
        QCOMPARE(line->text().endsWith(QStringLiteral(": this failed")), i == number);
        if (i < number)
            QCOMPARE(line->text(), done[i]);
    }
    m_scene->service.fails.reset();
    click("account.again");
    QTRY_VERIFY(find<QPushButton>("account.done")->isVisible());
    for (int i = 0; i < 5; ++i)
        QCOMPARE(find<StateLabel>(kSteps[i])->text(), done[i]);
}

// Every field of the kind has its place, and what is typed comes to the library under the kind's own keys.
void TestUiAddAccount::theProgramsOwnWebDavPage()
{
    m_scene->service.shownKinds = { webDavKind() };
    openDialog();
    for (const FormField &field : webDavKind().fields) {
        auto *edit = find<QLineEdit>((QStringLiteral("account.field.") + field.key).toLatin1().constData());
        QCOMPARE(edit->accessibleName(), field.label);
        QCOMPARE(edit->accessibleDescription(), field.help);
        QCOMPARE(edit->echoMode() == QLineEdit::Password, field.type == FormField::Type::Secret);
    }
    QVERIFY(!m_dialog->findChild<QComboBox *>(QStringLiteral("account.preset")));
    QCOMPARE(find<QLabel>("account.missing")->text(), QStringLiteral("Fill in: Address."));
    type("account.field.url", QStringLiteral("https://cloud.example.org/dav/models"));
    type("account.field.user", QStringLiteral("anna"));
    type("account.field.password", QStringLiteral("secret"));
    type("account.name", QStringLiteral("Cloud"));
    click("account.submit");
    QTRY_COMPARE(m_scene->service.shownAccounts.back().name, QStringLiteral("Cloud"));
    const AccountRecord &draft = m_scene->service.lastDraft;
    const AccountSettings expected { { QStringLiteral("url"), QStringLiteral("https://cloud.example.org/dav/models") },
        { QStringLiteral("user"), QStringLiteral("anna") } };
    QCOMPARE(draft.settings, expected); // the password is none of them
    QCOMPARE(draft.kind, QStringLiteral("webdav"));
}

void TestUiAddAccount::theProgramsOwnS3Page()
{
    m_scene->service.shownKinds = { s3Kind() };
    openDialog();
    QStringList missing;
    for (const FormField &field : s3Kind().fields) {
        const QByteArray name = (QStringLiteral("account.field.") + field.key).toLatin1();
        if (field.type == FormField::Type::Choice) {
            QCOMPARE(find<QComboBox>(name.constData())->count(), field.choices.size());
            continue;
        }
        if (!field.required)
            continue;
        missing << find<QLabel>("account.missing")->text();
        type(name.constData(), field.type == FormField::Type::Url ? QStringLiteral("https://s3.example") : field.key);
    }
    const QStringList expected { QStringLiteral("Fill in: Endpoint."), QStringLiteral("Fill in: Bucket."),
        QStringLiteral("Fill in: Access key."), QStringLiteral("Fill in: Secret key.") };
    QCOMPARE(missing, expected);
    QVERIFY(find<QPushButton>("account.submit")->isEnabled());
    click("account.submit");
    QTRY_VERIFY(find<QPushButton>("account.done")->isVisible());
    QVERIFY(!m_scene->service.lastDraft.settings.contains(QStringLiteral("secret")));
    QCOMPARE(m_scene->service.lastDraft.settings.value(QStringLiteral("access-key")), QStringLiteral("access-key"));
}

void TestUiAddAccount::saysWhatIsMissing_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("capacity");
    QTest::addColumn<QString>("problem");
    QTest::newRow("nothing typed") << QString() << QString() << QString() << QStringLiteral("Fill in: Folder.");
    QTest::newRow("name taken") << path() << QStringLiteral("Desk drive") << QString()
                                << QStringLiteral("There is an account “Desk drive” already.");
    QTest::newRow("not a size") << path() << QStringLiteral("New") << QStringLiteral("a lot")
                                << QStringLiteral("“a lot” is not a size. Write it like 500 GB.");
    QTest::newRow("all there") << path() << QStringLiteral("New") << QStringLiteral("500 GB") << QString();
}

void TestUiAddAccount::saysWhatIsMissing()
{
    QFETCH(QString, path);
    QFETCH(QString, name);
    QFETCH(QString, capacity);
    QFETCH(QString, problem);
    openDialog();
    type("account.field.path", path);
    type("account.name", name);
    type("account.capacity", capacity);
    QCOMPARE(find<QLabel>("account.missing")->text(), problem);
    QCOMPARE(find<QPushButton>("account.submit")->isEnabled(), problem.isEmpty());
}

void TestUiAddAccount::makesFieldsOfEveryType()
{
    m_scene->service.shownKinds.push_back(signInKind());
    openDialog();
    find<QComboBox>("account.kind")->setCurrentIndex(1);
    auto *secret = find<QLineEdit>("account.field.password");
    QCOMPARE(secret->echoMode(), QLineEdit::Password);
    click("account.show.password");
    QCOMPARE(secret->echoMode(), QLineEdit::Normal);
    QCOMPARE(find<QComboBox>("account.field.login")->count(), 2);
    type("account.field.url", QStringLiteral("https://cloud.example.org/anna"));
    type("account.field.user", QStringLiteral("anna"));
    QCOMPARE(find<QLabel>("account.missing")->text(), QStringLiteral("Fill in: Password."));
    type("account.field.password", QStringLiteral("secret"));
    click("account.submit");
    QTRY_VERIFY(m_scene->service.calls.contains(QStringLiteral("addAccount webdav anna")));
}

void TestUiAddAccount::aServiceFillsInWhatIsKnown()
{
    m_scene->service.shownKinds.push_back(s3Kind());
    openDialog();
    find<QComboBox>("account.kind")->setCurrentIndex(1);
    type("account.field.bucket", QStringLiteral("models"));
    auto *service = find<QComboBox>("account.preset");
    const int wasabi = service->findText(QStringLiteral("Wasabi"));
    QVERIFY(wasabi > 0);
    service->setFocus();
    QTest::keyClicks(service, QStringLiteral("Wasabi"));
    QCOMPARE(service->currentIndex(), wasabi);
    QCOMPARE(find<QLineEdit>("account.field.endpoint")->text(), QStringLiteral("https://s3.wasabisys.com"));
    QCOMPARE(find<QLineEdit>("account.field.region")->text(), QStringLiteral("us-east-1"));
    QCOMPARE(find<QComboBox>("account.field.addressing")->currentText(), QStringLiteral("path"));
    QCOMPARE(find<QLineEdit>("account.field.bucket")->text(), QStringLiteral("models")); // what was typed stays
    type("account.field.access-key", QStringLiteral("AK"));
    type("account.field.secret", QStringLiteral("SK"));
    click("account.submit");
    QTRY_VERIFY(!m_scene->service.calls.filter(QStringLiteral("addAccount s3 ")).isEmpty());
}

void TestUiAddAccount::aCertificateIsTrustedOnPurpose()
{
    const QString digest = QString(QStringLiteral("ab:")).repeated(31) + QStringLiteral("cd");
    m_scene->service.shownKinds.push_back(s3Kind());
    m_scene->service.fails = Error(Error::Kind::Unauthorised, QStringLiteral("MF-HTTP-CERTIFICATE"),
        QStringLiteral("the certificate of nas.local cannot be trusted"))
                                 .with(QStringLiteral("certificate"), digest);
    openDialog();
    find<QComboBox>("account.kind")->setCurrentIndex(1);
    type("account.field.endpoint", QStringLiteral("https://nas.local:9000"));
    type("account.field.bucket", QStringLiteral("models"));
    type("account.field.access-key", QStringLiteral("AK"));
    type("account.field.secret", QStringLiteral("SK"));
    click("account.submit");
    QTRY_VERIFY(find<QWidget>("account.error")->isVisible());
    QVERIFY(find<QLineEdit>("account.field.certificate")->text().isEmpty()); // nothing is trusted unasked
    m_scene->service.fails.reset();
    click("account.trust");
    QCOMPARE(find<QLineEdit>("account.field.certificate")->text(), digest);
    QTRY_VERIFY(find<QPushButton>("account.done")->isVisible());
}

void TestUiAddAccount::closesInTheMiddle()
{
    m_scene->service.answersNever = true;
    openDialog();
    type("account.field.path", path());
    click("account.submit");
    QVERIFY(m_scene->service.open > 0);
    QTest::keyClick(m_dialog.data(), Qt::Key_Escape);
    QTRY_VERIFY(m_dialog.isNull());
    QCOMPARE(m_scene->service.open, 0); // nobody waits for an answer
}

} // namespace mf::ui

QTEST_MAIN(mf::ui::TestUiAddAccount)
#include "test_ui_add_account.moc"
