// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/fake_service.h"
#include "ui/common/icons.h"
#include "ui/common/words.h"

#include <QApplication>
#include <QLocale>
#include <QtTest>

using namespace mf;
using namespace mf::ui;

namespace {

// As a test writes them: with spaces that break.
QString plain(QString text) { return text.replace(QChar::Nbsp, u' '); }

ModelEntry modelOf(ModelState state, int spare, int promised = 2)
{
    ModelEntry model;
    model.state = state;
    model.spare = spare;
    model.protection = Protection(3, promised);
    model.bytes = 2'540'000'000;
    model.accounts
        = { QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c"), QStringLiteral("d"), QStringLiteral("e") };
    model.proven = fakeNow().addDays(-41);
    return model;
}

} // namespace

class TestWords : public QObject
{
    Q_OBJECT
private slots:
    void init() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }
    void sizes();
    void counts();
    void numbersKeepTheirDirection();
    void ages_data();
    void ages();
    void timesLeft_data();
    void timesLeft();
    void parameters_data();
    void parameters();
    void protections_data();
    void protections();
    void labels_data();
    void labels();
    void labelsFitTheRow();
    void sentences_data();
    void sentences();
    void health();
    void titles_data();
    void titles();
    void states_data();
    void states();
    void percents_data();
    void percents();
};

void TestWords::sizes()
{
    QCOMPARE(sizeWords(4'683'074'240), QStringLiteral("4.68\u00a0GB"));
    QCOMPARE(plain(sizeWords(0)), QStringLiteral("0 B"));
    QCOMPARE(exactSizeWords(4'683'074'240), QStringLiteral("4,683,074,240 bytes"));
    QCOMPARE(exactSizeWords(1), QStringLiteral("1 byte"));
    QCOMPARE(plain(rateWords(3.1e6)), QStringLiteral("3.10 MB/s"));
    QLocale::setDefault(QLocale(QLocale::German));
    QCOMPARE(plain(sizeWords(4'683'074'240)), QStringLiteral("4,68 GB"));
}

void TestWords::counts()
{
    const auto models = [](qint64 n) { return countWords(n, QStringLiteral("model"), QStringLiteral("models")); };
    QCOMPARE(models(0), QStringLiteral("0 models"));
    QCOMPARE(models(1), QStringLiteral("1 model"));
    QCOMPARE(models(10'000), QStringLiteral("10,000 models"));
}

void TestWords::numbersKeepTheirDirection()
{
    QGuiApplication::setLayoutDirection(Qt::RightToLeft);
    const QString size = sizeWords(4'683'074'240);
    const QString name = isolated(QStringLiteral("a.gguf"));
    const QString none = isolated(QString());
    QGuiApplication::setLayoutDirection(Qt::LeftToRight);
    QCOMPARE(size, QStringLiteral("\u20684.68\u00a0GB\u2069"));
    QCOMPARE(name, QStringLiteral("\u2068a.gguf\u2069"));
    QVERIFY(none.isEmpty());
    QCOMPARE(isolated(QStringLiteral("a.gguf")), QStringLiteral("a.gguf"));
}

void TestWords::ages_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QString>("words");
    QTest::newRow("now") << qint64(0) << QStringLiteral("just now");
    QTest::newRow("59 seconds") << qint64(59) << QStringLiteral("just now");
    QTest::newRow("a clock that is ahead") << qint64(-600) << QStringLiteral("just now");
    QTest::newRow("a minute") << qint64(60) << QStringLiteral("1 minute ago");
    QTest::newRow("59 minutes") << qint64(3599) << QStringLiteral("59 minutes ago");
    QTest::newRow("an hour") << qint64(3600) << QStringLiteral("1 hour ago");
    QTest::newRow("this morning") << qint64(13 * 3600) << QStringLiteral("13 hours ago");
    QTest::newRow("yesterday evening") << qint64(15 * 3600) << QStringLiteral("yesterday");
    QTest::newRow("yesterday morning") << qint64(37 * 3600) << QStringLiteral("yesterday");
    QTest::newRow("two days") << qint64(48 * 3600) << QStringLiteral("2 days ago");
    QTest::newRow("seven days") << qint64(7 * 86400) << QStringLiteral("7 days ago");
    QTest::newRow("eight days") << qint64(8 * 86400) << QStringLiteral("12 Nov 2026");
    QTest::newRow("the day after tomorrow") << qint64(-2 * 86400) << QStringLiteral("22 Nov 2026");
}

void TestWords::ages()
{
    QFETCH(qint64, seconds);
    QFETCH(QString, words);
    // Local noon and so on, wherever the test runs.
    const QDateTime now(QDate(2026, 11, 20), QTime(14, 0), Qt::LocalTime);
    QCOMPARE(plain(ageWords(now.addSecs(-seconds).toUTC(), now.toUTC())), words);
    QCOMPARE(ageWords(QDateTime(), now), QStringLiteral("never"));
}

void TestWords::timesLeft_data()
{
    using Form = TimeLeft::Form;
    QTest::addColumn<TimeLeft>("left");
    QTest::addColumn<QString>("words");
    QTest::newRow("waiting") << TimeLeft(Form::Waiting) << QStringLiteral("—");
    QTest::newRow("estimating") << TimeLeft(Form::Estimating) << QStringLiteral("Estimating…");
    QTest::newRow("soon") << TimeLeft(Form::UnderAMinute) << QStringLiteral("less than a minute");
    QTest::newRow("minutes") << TimeLeft(Form::Minutes, 7) << QStringLiteral("about 7 min");
    QTest::newRow("an hour and more") << TimeLeft(Form::Hours, 1, 10) << QStringLiteral("about 1 h 10 min");
    QTest::newRow("hours") << TimeLeft(Form::Hours, 5) << QStringLiteral("about 5 h");
    QTest::newRow("a day") << TimeLeft(Form::Days, 1) << QStringLiteral("about 1 day");
    QTest::newRow("days") << TimeLeft(Form::Days, 2) << QStringLiteral("about 2 days");
    QTest::newRow("weeks") << TimeLeft(Form::OverAWeek) << QStringLiteral("more than a week");
}

void TestWords::timesLeft()
{
    QFETCH(TimeLeft, left);
    QFETCH(QString, words);
    QCOMPARE(plain(timeLeftWords(left)), words);
}

void TestWords::parameters_data()
{
    QTest::addColumn<qint64>("parameters");
    QTest::addColumn<QString>("words");
    QTest::newRow("unknown") << qint64(0) << QString();
    QTest::newRow("nonsense") << qint64(-5) << QString();
    QTest::newRow("few") << qint64(512) << QStringLiteral("512");
    QTest::newRow("millions") << qint64(494'032'768) << QStringLiteral("494 M");
    QTest::newRow("billions") << qint64(7'615'616'512) << QStringLiteral("7.6 B");
    QTest::newRow("many billions") << qint64(405'000'000'000) << QStringLiteral("405 B");
    QTest::newRow("a trillion") << qint64(1'026'000'000'000) << QStringLiteral("1.0 T");
}

void TestWords::parameters()
{
    QFETCH(qint64, parameters);
    QFETCH(QString, words);
    QCOMPARE(plain(parameterWords(parameters)), words);
}

void TestWords::protections_data()
{
    QTest::addColumn<int>("k");
    QTest::addColumn<int>("m");
    QTest::addColumn<QString>("words");
    QTest::newRow("coded") << 3 << 2 << QStringLiteral("3 + 2");
    QTest::newRow("two copies") << 1 << 1 << QStringLiteral("2 copies");
    QTest::newRow("once") << 1 << 0 << QStringLiteral("1 copy");
    QTest::newRow("not settled, once") << 0 << 0 << QStringLiteral("1 copy");
    QTest::newRow("not settled") << 0 << 2 << QStringLiteral("any 2 may be lost");
}

void TestWords::protections()
{
    QFETCH(int, k);
    QFETCH(int, m);
    QFETCH(QString, words);
    QCOMPARE(plain(protectionWords(Protection(k, m))), words);
}

void TestWords::labels_data()
{
    QTest::addColumn<ModelEntry>("model");
    QTest::addColumn<QString>("label");
    QTest::addColumn<Token>("colour");
    QTest::newRow("safe") << modelOf(ModelState::Safe, 2) << QStringLiteral("Safe · 2 spare") << Token::Ok;
    QTest::newRow("reduced") << modelOf(ModelState::Reduced, 1) << QStringLiteral("Reduced · 1 spare") << Token::Warn;
    QTest::newRow("at risk") << modelOf(ModelState::AtRisk, 0) << QStringLiteral("At risk · 0 spare") << Token::Risk;
    QTest::newRow("single") << modelOf(ModelState::SingleCopy, 0, 0) << QStringLiteral("Single copy") << Token::Muted;
    QTest::newRow("unreadable") << modelOf(ModelState::Unreadable, -12) << QStringLiteral("Unreadable") << Token::Bad;
    ModelEntry storing = modelOf(ModelState::Storing, 0);
    QTest::newRow("storing, stopped") << storing << QStringLiteral("Not complete") << Token::Info;
    storing.percent = 62;
    QTest::newRow("storing") << storing << QStringLiteral("Storing… 62 %") << Token::Info;
    ModelEntry unknown = modelOf(ModelState::Unknown, 2);
    QTest::newRow("not checked") << unknown << QStringLiteral("Not checked · 41 d") << Token::Muted;
    unknown.proven = fakeNow().addDays(-150);
    QTest::newRow("not checked for months") << unknown << QStringLiteral("Not checked · 5 mo") << Token::Muted;
    unknown.proven = fakeNow().addDays(-700);
    QTest::newRow("not checked for years") << unknown << QStringLiteral("Not checked · 2 y") << Token::Muted;
    unknown.proven = QDateTime();
    QTest::newRow("never checked") << unknown << QStringLiteral("Not checked") << Token::Muted;
}

void TestWords::labels()
{
    QFETCH(ModelEntry, model);
    QFETCH(QString, label);
    QFETCH(Token, colour);
    const StateLook look = stateLook(model, fakeNow());
    QCOMPARE(plain(look.label), label);
    QCOMPARE(look.colour, colour);
    QVERIFY(!icon(look.icon).isNull());
}

void TestWords::labelsFitTheRow()
{
    constexpr int kMost = 18; // characters; ux.md 0.2
    for (const auto state : { ModelState::Safe, ModelState::Reduced, ModelState::AtRisk, ModelState::SingleCopy,
             ModelState::Unreadable, ModelState::Storing, ModelState::Unknown }) {
        for (const int days : { 0, 9, 99, 100, 299, 300, 364, 365, 4000 }) {
            ModelEntry model = modelOf(state, 16);
            model.proven = fakeNow().addDays(-days);
            model.percent = 99;
            const QString label = stateLook(model, fakeNow()).label;
            QVERIFY2(label.size() <= kMost, qPrintable(label));
        }
    }
}

void TestWords::sentences_data()
{
    QTest::addColumn<ModelEntry>("model");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("safe") << modelOf(ModelState::Safe, 2) << QStringLiteral("You can lose any 2 of these 5 accounts.");
    QTest::newRow("reduced") << modelOf(ModelState::Reduced, 1)
                             << QStringLiteral("You can lose only 1 more account. Repair restores 2.");
    QTest::newRow("at risk") << modelOf(ModelState::AtRisk, 0)
                             << QStringLiteral("Losing any one of these accounts makes this model unreadable. "
                                               "Repair restores 2.");
    ModelEntry single = modelOf(ModelState::SingleCopy, 0, 0);
    QTest::newRow("once, over several") << single
                                        << QStringLiteral("Stored once, as you chose. Losing any one of its accounts "
                                                          "loses this model.");
    single.accounts = { QStringLiteral("MEGA (anna)") };
    QTest::newRow("once") << single
                          << QStringLiteral("Stored once, as you chose. Losing MEGA (anna) loses this model.");
    QTest::newRow("12 missing") << modelOf(ModelState::Unreadable, -12)
                                << QStringLiteral("12 fragments are missing, so this model cannot be read now.");
    QTest::newRow("1 missing") << modelOf(ModelState::Unreadable, -1)
                               << QStringLiteral("1 fragment is missing, so this model cannot be read now.");
    ModelEntry storing = modelOf(ModelState::Storing, 0);
    storing.percent = 62;
    QTest::newRow("storing") << storing << QStringLiteral("1.57 GB of 2.54 GB is safe.");
    QTest::newRow("unknown") << modelOf(ModelState::Unknown, 2)
                             << QStringLiteral("Last checked 41 days ago. Check finds out whether all of it is still "
                                               "there.");
}

void TestWords::sentences()
{
    QFETCH(ModelEntry, model);
    QFETCH(QString, sentence);
    QCOMPARE(plain(stateSentence(model, fakeNow())), sentence);
}

void TestWords::health()
{
    AccountEntry account;
    account.health = AccountEntry::Health::Unreachable;
    QCOMPARE(healthWords(account), QStringLiteral("Unreachable"));
    const QDateTime now(QDate(2026, 11, 20), QTime(14, 0), Qt::LocalTime);
    account.awaySince = now.addSecs(-5 * 3600).toUTC();
    QCOMPARE(plain(healthWords(account, now)), QStringLiteral("Unreachable since 09:00"));
    account.awaySince = now.addDays(-2).toUTC();
    QCOMPARE(plain(healthWords(account, now)), QStringLiteral("Unreachable since 18 Nov, 14:00"));
    for (const auto health : { AccountEntry::Health::Connected, AccountEntry::Health::Connecting,
             AccountEntry::Health::Unreachable, AccountEntry::Health::SignIn, AccountEntry::Health::Full,
             AccountEntry::Health::AlmostFull, AccountEntry::Health::Stale, AccountEntry::Health::Newer }) {
        account.health = health;
        QVERIFY(!healthLook(account).label.isEmpty());
        QVERIFY(!icon(healthLook(account).icon).isNull());
    }
}

void TestWords::titles_data()
{
    using Kind = TransferEntry::Kind;
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("title");
    QTest::newRow("store") << Kind::Store << QStringLiteral("Qwen") << QStringLiteral("Store Qwen");
    QTest::newRow("fetch") << Kind::Fetch << QStringLiteral("Qwen") << QStringLiteral("Download Qwen");
    QTest::newRow("check all") << Kind::Check << QString() << QStringLiteral("Check all models");
    QTest::newRow("check one") << Kind::Check << QStringLiteral("Qwen") << QStringLiteral("Check Qwen");
    QTest::newRow("repair all") << Kind::Repair << QString() << QStringLiteral("Repair all models");
    QTest::newRow("protect") << Kind::Protect << QStringLiteral("Qwen")
                             << QStringLiteral("Change the protection of Qwen");
    QTest::newRow("collect") << Kind::Collect << QString() << QStringLiteral("Free space");
    QTest::newRow("move away") << Kind::MoveAway << QStringLiteral("NAS")
                               << QStringLiteral("Move fragments away from NAS");
}

void TestWords::titles()
{
    QFETCH(TransferEntry::Kind, kind);
    QFETCH(QString, name);
    QFETCH(QString, title);
    TransferEntry transfer;
    transfer.kind = kind;
    transfer.name = name;
    QCOMPARE(transferTitle(transfer), title);
}

void TestWords::states_data()
{
    using State = TransferEntry::State;
    using Kind = TransferEntry::Kind;
    using Phase = Progress::Phase;
    QTest::addColumn<TransferEntry>("transfer");
    QTest::addColumn<QString>("words");
    const auto entry = [](State state, Kind kind, Phase phase, const char *why = nullptr) {
        TransferEntry transfer;
        transfer.state = state;
        transfer.kind = kind;
        transfer.progress.phase = phase;
        if (why)
            transfer.error = Error(Error::Kind::Network, QStringLiteral("MF-X"), QString::fromLatin1(why));
        return transfer;
    };
    QTest::newRow("queued") << entry(State::Queued, Kind::Store, Phase::Preparing) << QStringLiteral("Queued");
    QTest::newRow("storing") << entry(State::Running, Kind::Store, Phase::Storing) << QStringLiteral("Storing");
    QTest::newRow("reading") << entry(State::Running, Kind::Store, Phase::Reading) << QStringLiteral("Reading files");
    QTest::newRow("downloading") << entry(State::Running, Kind::Fetch, Phase::Downloading)
                                 << QStringLiteral("Downloading");
    QTest::newRow("verifying") << entry(State::Running, Kind::Fetch, Phase::Verifying) << QStringLiteral("Verifying");
    QTest::newRow("a repair downloads") << entry(State::Running, Kind::Repair, Phase::Downloading)
                                        << QStringLiteral("Rebuilding");
    QTest::newRow("a check downloads") << entry(State::Running, Kind::Check, Phase::Downloading)
                                       << QStringLiteral("Checking");
    QTest::newRow("waiting") << entry(State::Waiting, Kind::Fetch, Phase::Downloading, "NAS is away")
                             << QStringLiteral("Waiting: NAS is away");
    QTest::newRow("failed") << entry(State::Failed, Kind::Store, Phase::Reading, "the file changed")
                            << QStringLiteral("Failed: the file changed");
    QTest::newRow("done") << entry(State::Done, Kind::Store, Phase::Done) << QStringLiteral("Done");
    TransferEntry repaired = entry(State::Done, Kind::Repair, Phase::Done);
    repaired.outcome = QStringLiteral("12 fragments rebuilt");
    QTest::newRow("done, with what") << repaired << QStringLiteral("Done: 12 fragments rebuilt");
    QTest::newRow("cancelled") << entry(State::Cancelled, Kind::Store, Phase::Storing) << QStringLiteral("Cancelled");
    QTest::newRow("paused") << entry(State::Paused, Kind::Store, Phase::Storing) << QStringLiteral("Paused");
}

void TestWords::states()
{
    QFETCH(TransferEntry, transfer);
    QFETCH(QString, words);
    QCOMPARE(transferWords(transfer), words);
}

void TestWords::percents_data()
{
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<qint64>("total");
    QTest::addColumn<bool>("isDone");
    QTest::addColumn<QString>("words");
    QTest::newRow("floored") << qint64(629) << qint64(1000) << false << QStringLiteral("62 %");
    QTest::newRow("all, but not done") << qint64(1000) << qint64(1000) << false << QStringLiteral("99 %");
    QTest::newRow("done") << qint64(1000) << qint64(1000) << true << QStringLiteral("100 %");
    QTest::newRow("done, of nothing") << qint64(0) << qint64(0) << true << QStringLiteral("100 %");
    QTest::newRow("total unknown") << qint64(5) << qint64(0) << false << QStringLiteral("0 %");
    QTest::newRow("more than all") << qint64(5000) << qint64(1000) << false << QStringLiteral("99 %");
}

void TestWords::percents()
{
    QFETCH(qint64, bytes);
    QFETCH(qint64, total);
    QFETCH(bool, isDone);
    QFETCH(QString, words);
    Progress progress;
    progress.bytes = bytes;
    progress.total = total;
    progress.phase = isDone ? Progress::Phase::Done : Progress::Phase::Storing;
    QCOMPARE(plain(percentWords(progress)), words);
}

QTEST_MAIN(TestWords)
#include "test_ui_words.moc"
