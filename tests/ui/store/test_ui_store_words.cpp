// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/fake_service.h"
#include "ui/common/account_domains.h"
#include "ui/store/drop_contents.h"
#include "ui/store/protection_choices.h"
#include "ui/store/store_choices.h"
#include "ui/store/store_command.h"

#include <QMimeData>
#include <QProcess>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

namespace mf::ui {

class TestUiStoreWords : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void quotesForAShell_data();
    void quotesForAShell();
    void aShellReadsBackWhatWasQuoted_data() { quotesForAShell_data(); }
    void aShellReadsBackWhatWasQuoted();
    void saysTheCommand_data();
    void saysTheCommand();
    void aCommandForEachModel();
    void saysWhatIsDropped_data();
    void saysWhatIsDropped();
    void readsWhatIsDropped_data();
    void readsWhatIsDropped();
    void namesThatAreNotUtf8Arrive();
    void saysTheConsequence_data();
    void saysTheConsequence();
    void countsIndependentPlaces();
    void saysWhatAChangeComesTo_data();
    void saysWhatAChangeComesTo();
    void remembersChoices();
    void forgetsWhatMakesNoSense();
};

void TestUiStoreWords::quotesForAShell_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("word");
    const auto row = [](const char *name, const char *bytes, const QString &word) {
        QTest::newRow(name) << QByteArray(bytes) << word;
    };
    row("plain", "/home/anna/x-1.5_Q4.gguf", QStringLiteral("/home/anna/x-1.5_Q4.gguf"));
    row("empty", "", QStringLiteral("''"));
    row("spaces", "/a b", QStringLiteral("'/a b'"));
    row("single quote", "it's", QStringLiteral("'it'\\''s'"));
    row("dollar, backquote, backslash", "$HOME `id` \\", QStringLiteral("'$HOME `id` \\'"));
    row("tilde", "~", QStringLiteral("'~'"));
    row("umlaut",
        "/Gr\xc3\xbc\xc3\x9f"
        "e",
        QStringLiteral("'/Grüße'"));
    row("line break", "a\nb", QStringLiteral("$'a\\x0ab'"));
    row("not UTF-8",
        "/\xff"
        "1",
        QStringLiteral("$'/\\xff1'"));
    row("not UTF-8 and a quote", "\xfe'\\", QStringLiteral("$'\\xfe\\'\\\\'"));
}

void TestUiStoreWords::quotesForAShell()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, word);
    QCOMPARE(shellWord(bytes), word);
}

void TestUiStoreWords::aShellReadsBackWhatWasQuoted()
{
    QFETCH(QByteArray, bytes);
    const QString bash = QStringLiteral("/bin/bash");
    if (!QFile::exists(bash))
        QSKIP("there is no bash here");
    QProcess shell;
    shell.start(bash, { QStringLiteral("-c"), QString(QStringLiteral("printf %s ") + shellWord(bytes)) });
    QVERIFY(shell.waitForFinished());
    QCOMPARE(shell.readAllStandardOutput(), bytes);
}

StoreOrder orderOf(const char *path, const QString &name, std::optional<Protection> protection)
{
    StoreOrder order;
    order.paths = { path };
    order.name = name;
    order.protection = protection;
    return order;
}

void TestUiStoreWords::saysTheCommand_data()
{
    QTest::addColumn<StoreOrder>("order");
    QTest::addColumn<QString>("command");
    const QString x = QStringLiteral("x");
    QTest::newRow("lose one") << orderOf("/x", x, Protection(0, 1))
                              << QStringLiteral("modelfloat-cli store /x --name=x --lose 1");
    QTest::newRow("lose none") << orderOf("/x", x, Protection(0, 0))
                               << QStringLiteral("modelfloat-cli store /x --name=x --lose 0");
    QTest::newRow("three copies") << orderOf("/x", x, Protection(1, 2))
                                  << QStringLiteral("modelfloat-cli store /x --name=x --copies 3");
    QTest::newRow("pieces") << orderOf("/x", x, Protection(4, 2))
                            << QStringLiteral("modelfloat-cli store /x --name=x --erasure 4+2");
    QTest::newRow("by default") << orderOf("/x", QString(), std::nullopt) << QStringLiteral("modelfloat-cli store /x");
    QTest::newRow("a name with a quote and a dash") << orderOf("/a b", QStringLiteral("--it's"),
        std::nullopt) << QStringLiteral("modelfloat-cli store '/a b' --name='--it'\\''s'");
    FakeService service;
    service.fill();
    StoreOrder some = orderOf("/x", x, Protection(0, 1));
    some.accounts = { service.shownAccounts[0].id, service.shownAccounts[3].id };
    QTest::newRow("some accounts") << some
                                   << QStringLiteral("modelfloat-cli store /x --name=x --lose 1 "
                                                     "--accounts 'Archive disk,NAS (attic)'");
}

void TestUiStoreWords::saysTheCommand()
{
    QFETCH(StoreOrder, order);
    FakeService service;
    service.fill();
    QTEST(storeCommand({ order }, service.accounts()), "command");
}

void TestUiStoreWords::aCommandForEachModel()
{
    const std::vector<StoreOrder> orders { orderOf("/x", {}, std::nullopt), orderOf("/y", {}, std::nullopt) };
    QCOMPARE(storeCommand(orders, {}), QStringLiteral("modelfloat-cli store /x\nmodelfloat-cli store /y"));
}

void TestUiStoreWords::saysWhatIsDropped_data()
{
    QTest::addColumn<QStringList>("paths");
    QTest::addColumn<QString>("sentence");
    const auto row = [](const char *name, const char *paths, const char *sentence) {
        QTest::newRow(name) << QString::fromUtf8(paths).split(u' ', Qt::SkipEmptyParts) << QString::fromUtf8(sentence);
    };
    row("nothing", "", "");
    row("one model", "/m/x.gguf", "Drop to store 1 model (x.gguf)");
    row("in capitals", "/m/X.GGUF", "Drop to store 1 model (X.GGUF)");
    row("two models", "/m/x.gguf /m/y.safetensors", "Drop to store 2 models (x.gguf, y.safetensors)");
    row("many models", "/a.gguf /b.gguf /c.gguf /d.gguf", "Drop to store 4 models (a.gguf, b.gguf, 2 more)");
    row("parts of one", "/x-00001-of-00002.gguf /x-00002-of-00002.gguf", "Drop to store 1 model (x.gguf)");
    row("a folder", "/home/anna/Models", "Drop to look inside this folder");
    row("a folder with a size in its name", "/m/TinyLlama-1.1B", "Drop to look inside this folder");
    row("a folder with a quantization", "/m/x.Q4_K_M", "Drop to look inside this folder");
    row("folders", "/m/a /m/b", "Drop to look inside 2 folders");
    row("a model and a folder", "/m/a /m/b.gguf", "Drop to look at 2 files and folders");
    row("a model and other files", "/m/x.gguf /m/README.txt /m/a.png",
        "Drop to store 1 model (2 other files will be skipped)");
    row("no model", "/m/README.txt", "This file doesn’t look like a model");
    row("no models", "/m/README.txt /m/a.png", "These files don’t look like models");
}

void TestUiStoreWords::saysWhatIsDropped()
{
    QFETCH(QStringList, paths);
    QTEST(dropSentence(paths), "sentence");
}

void TestUiStoreWords::readsWhatIsDropped_data()
{
    QTest::addColumn<QStringList>("urls"); // empty: text instead
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("paths");
    QTest::addColumn<QString>("problem"); // a part of it; "": none
    const QStringList none;
    const QString no;
    const QString here = QStringLiteral("file:///m/x.gguf");
    const QString link = QStringLiteral("https://huggingface.co/a/b");
    QTest::newRow("a file") << QStringList(here) << no << QStringList(QStringLiteral("/m/x.gguf")) << no;
    QTest::newRow("an umlaut and a space") << QStringList(QStringLiteral("file:///m/Gr%C3%BC%C3%9F%20e")) << no
                                           << QStringList(QStringLiteral("/m/Grüß e")) << no;
    QTest::newRow("the same twice") << QStringList { here, here } << no << QStringList(QStringLiteral("/m/x.gguf"))
                                    << no;
    QTest::newRow("with this computer's name")
        << QStringList(QStringLiteral("file://localhost/m/x")) << no << QStringList(QStringLiteral("/m/x")) << no;
    QTest::newRow("on another computer") << QStringList(QStringLiteral("file://nas/m/x")) << no << none
                                         << QStringLiteral("isn’t on this computer");
    QTest::newRow("a link") << QStringList(link) << no << none << QStringLiteral("is a link");
    QTest::newRow("a file and a link") << QStringList { here, link } << no << QStringList(QStringLiteral("/m/x.gguf"))
                                       << QStringLiteral("is a link");
    QTest::newRow("text that is a path") << none << QStringLiteral("/m/x.gguf\n")
                                         << QStringList(QStringLiteral("/m/x.gguf")) << no;
    QTest::newRow("text that is URLs") << none << QStringLiteral("file:///a\r\nfile:///b")
                                       << QStringList { QStringLiteral("/a"), QStringLiteral("/b") } << no;
    QTest::newRow("text that is a link") << none << link << none << QStringLiteral("is a link");
    QTest::newRow("text about a file") << none << QStringLiteral("see /m/x.gguf") << none << QStringLiteral("not text");
    QTest::newRow("nothing") << none << no << none << QStringLiteral("not text");
    QTest::newRow("a NUL") << QStringList(QStringLiteral("file:///m/%00x")) << no << none
                           << QStringLiteral("isn’t on this computer");
}

void TestUiStoreWords::readsWhatIsDropped()
{
    QFETCH(QStringList, urls);
    QFETCH(QString, text);
    QFETCH(QStringList, paths);
    QFETCH(QString, problem);
    QMimeData data;
    QList<QUrl> list;
    for (const QString &url : urls)
        list.append(QUrl(url));
    if (!list.isEmpty())
        data.setUrls(list);
    if (!text.isEmpty())
        data.setText(text);
    const DropContents contents = contentsOf(data);
    QCOMPARE(contents.paths, paths);
    QCOMPARE(contents.problem.isEmpty(), problem.isEmpty());
    QVERIFY2(contents.problem.contains(problem), qPrintable(contents.problem));
}

void TestUiStoreWords::namesThatAreNotUtf8Arrive()
{
    QMimeData data;
    data.setUrls({ QUrl::fromEncoded("file:///m/%FFx.gguf") });
    const QStringList paths = contentsOf(data).paths;
    QCOMPARE(paths.size(), 1);
    QCOMPARE(paths[0], QString(QStringLiteral("/m/") + QChar(0xf7ff) + QStringLiteral("x.gguf")));
}

void TestUiStoreWords::saysTheConsequence_data()
{
    QTest::addColumn<int>("k");
    QTest::addColumn<int>("m");
    QTest::addColumn<int>("accounts");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, int k, int m, int accounts, const char *text) {
        QTest::newRow(name) << k << m << accounts << QString::fromUtf8(text);
    };
    row("one copy", 1, 0, 1, "Stored once. Losing the account");
    row("one copy of many", 1, 0, 5, "spread over more without spare parts");
    row("two copies", 1, 1, 2, "any one account can disappear");
    row("three copies on three", 1, 2, 3, "any 2 of these 3 accounts can disappear");
    row("3 + 1", 3, 1, 4, "any one of these 4 accounts can disappear");
    row("its factor", 3, 1, 4, "takes 1.33\u00a0×");
    row("a round factor", 2, 2, 4, "takes 2\u00a0×");
    row("3 + 2", 3, 2, 5, "any 2 of these 5 accounts can disappear");
    row("accounts not said", 3, 2, 0, "any 2 accounts can disappear");
    row("no spare pieces", 3, 0, 3, "losing any one of these accounts loses the model");
}

void TestUiStoreWords::saysTheConsequence()
{
    QFETCH(int, k);
    QFETCH(int, m);
    QFETCH(int, accounts);
    QFETCH(QString, text);
    const QString words = consequenceWords(Protection(k, m), accounts);
    QVERIFY2(words.contains(text), qPrintable(words));
}

void TestUiStoreWords::countsIndependentPlaces()
{
    FakeService service;
    service.fill();
    QCOMPARE(domainsOf(service.accounts()), 5);
    QCOMPARE(accountsWords(service.accounts()), QStringLiteral("You have 5 accounts"));
    service.shownAccounts[1].domain = service.shownAccounts[0].domain;
    QCOMPARE(domainsOf(service.accounts()), 4);
    QCOMPARE(accountsWords(service.accounts()), QStringLiteral("You have 5 accounts in 4 independent places"));
    QCOMPARE(accountsWords({}), QString());
}

void TestUiStoreWords::saysWhatAChangeComesTo_data()
{
    QTest::addColumn<int>("k");
    QTest::addColumn<int>("m");
    QTest::addColumn<qint64>("after");
    QTest::addColumn<qint64>("uploaded");
    QTest::addColumn<qint64>("freed");
    QTest::addColumn<bool>("isSame");
    QTest::addColumn<bool>("isLower");
    // It is 3 + 2 now, 500 bytes: 300 without redundancy.
    const auto row = [](const char *name, int k, int m, qint64 after, qint64 uploaded, qint64 freed, bool same,
                         bool low) { QTest::newRow(name) << k << m << after << uploaded << freed << same << low; };
    row("the same", 0, 2, 500, 0, 0, true, false);
    row("the same, said", 3, 2, 500, 0, 0, true, false);
    row("one spare less", 0, 1, 400, 0, 100, false, true);
    row("none", 0, 0, 300, 0, 200, false, true);
    row("one more", 0, 3, 600, 100, 0, false, false);
    row("other pieces", 2, 1, 450, 450, 50, false, true);
    row("three copies", 1, 2, 900, 900, 0, false, false);
}

void TestUiStoreWords::saysWhatAChangeComesTo()
{
    QFETCH(int, k);
    QFETCH(int, m);
    ModelEntry model;
    model.protection = Protection(3, 2);
    model.uploadedBytes = 500;
    const ProtectionChange change = changeOf(model, Protection(k, m), 5);
    QTEST(change.bytesAfter, "after");
    QTEST(change.uploaded, "uploaded");
    QTEST(change.freed, "freed");
    QTEST(change.isSame, "isSame");
    QTEST(change.isLower, "isLower");
    QCOMPARE(change.room, 5 - change.after.k);
}

void TestUiStoreWords::remembersChoices()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("memory.ini"));
    StoreChoices choices;
    choices.protection = Protection(4, 2);
    FakeService service;
    service.fill();
    choices.accounts = { service.shownAccounts[1].id, service.shownAccounts[2].id };
    {
        QSettings memory(file, QSettings::IniFormat);
        QVERIFY(!rememberedChoices(memory));
        rememberChoices(memory, choices);
    }
    QSettings memory(file, QSettings::IniFormat);
    QVERIFY(rememberedChoices(memory) == choices);
    rememberChoices(memory, StoreChoices());
    QVERIFY(rememberedChoices(memory) == StoreChoices());
    forgetChoices(memory);
    QVERIFY(!rememberedChoices(memory));
}

void TestUiStoreWords::forgetsWhatMakesNoSense()
{
    const QTemporaryDir folder;
    QSettings memory(folder.filePath(QStringLiteral("memory.ini")), QSettings::IniFormat);
    memory.setValue(QStringLiteral("store/remember"), true);
    memory.setValue(QStringLiteral("store/k"), QStringLiteral("many"));
    memory.setValue(QStringLiteral("store/m"), -4);
    memory.setValue(QStringLiteral("store/accounts"), QStringList { QStringLiteral("xyz"), QStringLiteral("00") });
    QVERIFY(rememberedChoices(memory) == StoreChoices());
    memory.setValue(QStringLiteral("store/k"), 2'000'000'000);
    memory.setValue(QStringLiteral("store/m"), 2'000'000'000);
    QVERIFY(rememberedChoices(memory) == StoreChoices());
}

} // namespace mf::ui

QTEST_GUILESS_MAIN(mf::ui::TestUiStoreWords)
#include "test_ui_store_words.moc"
