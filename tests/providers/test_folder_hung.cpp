// SPDX-License-Identifier: GPL-3.0-or-later
// The folder adapter when its disk or its server stops answering.
#include "tests/providers/folder_fixture.h"
#include "tests/support/hanging_folder.h"

#include <QProcess>
using namespace mf;

namespace {

const QString kHung = QStringLiteral("MF-FOLDER-HUNG");

// Answers of operations that wait while the test goes on.
class Answers
{
public:
    template <typename T> void add(Task<Result<T>> task) { m_scope.start(wait(std::move(task), m_errors)); }
    const std::vector<Error> &errors() const { return m_errors; } // of Kind Internal for a success

private:
    template <typename T> static Task<void> wait(Task<Result<T>> task, std::vector<Error> &errors)
    {
        const auto result = co_await task;
        errors.push_back(result ? Error() : result.error());
    }

    std::vector<Error> m_errors;
    TaskScope m_scope;
};

} // namespace

class TestFolderHung : public QObject
{
    Q_OBJECT
    std::unique_ptr<FolderFixture> m_fixture;
    Pool m_io { 8 };
    std::unique_ptr<Provider> m_provider; // holds kName

    QString path() const { return m_fixture->path(); }
    std::unique_ptr<Provider> make(const QString &at, Pool &io) const
    {
        const ProviderContext context { m_fixture->clock, io };
        AccountSettings settings;
        settings.insert(QStringLiteral("path"), at);
        return *findKind(u"folder")->make(context, settings, SecretText(), true);
    }

private slots:
    void init()
    {
        m_fixture = std::make_unique<FolderFixture>();
        m_provider = make(path(), m_io);
        QVERIFY(runTask(m_provider->put(kName, QByteArray("old"))));
    }
    void cleanup()
    {
        hanging::end();
        m_provider.reset();
        QTRY_COMPARE(Pool::underWay(), 0);
    }
    void otherAccountsGoOn();
    void saysWhatToDoAndDoesNotPileUp();
    void worksAgainWhenTheDiskAnswers();
    void whatWasGivenUpChangesNothingLater();
    void theProgramEnds();
};

void TestFolderHung::otherAccountsGoOn()
{
    const auto other = make(m_fixture->dir.filePath(QStringLiteral("other")), m_io);
    hanging::begin(path());
    Answers answers;
    for (int i = 0; i < 12; ++i)
        answers.add(m_provider->get(kName, Range()));
    QTRY_VERIFY(hanging::calls() > 0);
    QVERIFY(runTask(other->put(kName, QByteArray("x")), std::chrono::seconds(10)));
    QCOMPARE(*runTask(other->get(kName, Range()), std::chrono::seconds(10)), QByteArray("x"));
    hanging::end();
    QTRY_COMPARE(answers.errors().size(), std::size_t(12));
    for (const Error &error : answers.errors())
        QCOMPARE(error.id, QString());
}

void TestFolderHung::saysWhatToDoAndDoesNotPileUp()
{
    hanging::begin(path());
    Answers answers;
    for (int i = 0; i < 5; ++i) {
        answers.add(m_provider->get(kName, Range()));
        answers.add(m_provider->put(kName, QByteArray("new")));
    }
    QTRY_COMPARE(hanging::calls(), 4);
    m_fixture->clock.advance(FolderProvider::kHungAfter);
    QTRY_COMPARE(answers.errors().size(), std::size_t(10));
    answers.add(m_provider->list(QString(), QString()));
    answers.add(m_provider->quota());
    answers.add(m_provider->remove(kName));
    QTRY_COMPARE(answers.errors().size(), std::size_t(13)); // at once
    for (const Error &error : answers.errors()) {
        QCOMPARE(error.kind, Error::Kind::Network);
        QCOMPARE(error.id, kHung);
        QCOMPARE(error.parameters.value(QStringLiteral("folder")), path());
        QVERIFY(error.message.contains(path()));
        QVERIFY(error.message.contains(QStringLiteral("does not answer; is it connected")));
    }
    QCOMPARE(hanging::calls(), 4);
}

void TestFolderHung::worksAgainWhenTheDiskAnswers()
{
    hanging::begin(path());
    Answers answers;
    for (int i = 0; i < 4; ++i)
        answers.add(m_provider->quota());
    QTRY_COMPARE(hanging::calls(), 4);
    m_fixture->clock.advance(FolderProvider::kHungAfter);
    QTRY_COMPARE(answers.errors().size(), std::size_t(4));
    QCOMPARE(runTask(m_provider->get(kName, Range()), std::chrono::seconds(10)).error().id, kHung);
    hanging::end();
    QTRY_VERIFY(runTask(m_provider->get(kName, Range())));
    QVERIFY(runTask(m_provider->put(BlobName(QStringLiteral("f/3a/next")), QByteArray("next"))));
    QCOMPARE(runTask(listAll(*m_provider, QString()))->size(), std::size_t(2));
}

void TestFolderHung::whatWasGivenUpChangesNothingLater()
{
    hanging::begin(path());
    {
        Answers cancelled;
        cancelled.add(m_provider->put(BlobName(QStringLiteral("f/4b/cancelled")), QByteArray("x")));
        cancelled.add(m_provider->remove(kName));
        QTRY_COMPARE(hanging::calls(), 2);
    }
    Answers answers;
    answers.add(m_provider->put(BlobName(QStringLiteral("f/4b/given-up")), QByteArray("x")));
    answers.add(m_provider->remove(kName));
    QTRY_COMPARE(hanging::calls(), 4);
    m_fixture->clock.advance(FolderProvider::kHungAfter);
    QTRY_COMPARE(answers.errors().size(), std::size_t(2));
    hanging::end();
    QTRY_COMPARE(Pool::underWay(), 0);
    QCOMPARE(filesBelow(path()), QStringList(kName.value));
    QVERIFY(!QFileInfo::exists(path() + QStringLiteral("/f/4b")));
}

// With calls that never come back, those that were given up and those that nobody knows of yet.
void TestFolderHung::theProgramEnds()
{
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("MF_TEST_CHILD"), path());
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(), QStringList());
    const bool ended = child.waitForFinished(std::chrono::milliseconds(6 * Lane::kFarewell).count());
    QVERIFY(ended);
    QCOMPARE(child.readAllStandardError(), QByteArray());
    QCOMPARE(child.exitStatus(), QProcess::NormalExit);
    QCOMPARE(child.exitCode(), 0);
}

namespace {

int runChild(const QString &path)
{
    FakeClock clock;
    Pool io(8);
    const ProviderContext context { clock, io };
    hanging::begin(path);
    FolderProvider provider(context, path);
    Answers answers;
    answers.add(provider.get(kName, Range()));
    clock.advance(FolderProvider::kHungAfter);
    answers.add(provider.get(kName, Range()));
    if (!QTest::qWaitFor([&] { return hanging::calls() == 2 && answers.errors().size() == 1; }))
        return 1;
    return answers.errors().front().id == kHung ? 0 : 2;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (const QString path = qEnvironmentVariable("MF_TEST_CHILD"); !path.isEmpty())
        return runChild(path);
    TestFolderHung test;
    return QTest::qExec(&test, argc, argv);
}
#include "test_folder_hung.moc"
