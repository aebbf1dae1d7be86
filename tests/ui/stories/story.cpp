// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/stories/story.h"

#include "core/secrets/file_secret_store.h"
#include "tests/support/make_model.h"
#include "tests/support/run_task.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

namespace mf {
namespace {

constexpr char kPassphrase[] = "for this test";
constexpr int kCheap = 10; // log2 of what the passphrase costs

const QString kFragments = QStringLiteral("/f");
const QString kList = QStringLiteral("models.list");

} // namespace

Story::Story(const QString &folder)
    : m_path(folder)
{
    qputenv("MODELFLOAT_PASSPHRASE", kPassphrase);
}

Story::Story(int accounts)
    : m_folder(std::make_unique<QTemporaryDir>())
    , m_path(m_folder->path())
{
    qputenv("MODELFLOAT_PASSPHRASE", kPassphrase);
    Pool pool(1);
    QDir().mkpath(home());
    {
        auto secrets = runTask(FileSecretStore::open(home(), QString::fromLatin1(kPassphrase), pool, kCheap));
        if (!secrets || !runTask((*secrets)->write(QStringLiteral("of-the-test"), QByteArray("x"))))
            qFatal("no file of secrets");
    }
    SystemClock clock;
    EngineService service(options(), clock);
    service.open();
    if (!QTest::qWaitFor([&] { return service.state() == ui::Service::State::None; }, 60'000))
        qFatal("the home is not empty");
    const auto made = runTask(service.createLibrary());
    if (!made)
        qFatal("%s", qPrintable(made.error().message));
    for (int i = 0; i < accounts; ++i) {
        AccountRecord draft;
        draft.kind = QStringLiteral("folder");
        draft.name = QStringLiteral("disk%1").arg(i);
        draft.domain = draft.name;
        draft.settings.insert(QStringLiteral("path"), account(i));
        const auto added = runTask(service.addAccount(draft, QByteArray()));
        if (!added)
            qFatal("%s", qPrintable(added.error().message));
    }
    service.noteKitSaved();
    const auto hasKitIssue = [&service] {
        const auto &issues = service.issues();
        return std::any_of(
            issues.begin(), issues.end(), [](const auto &issue) { return issue.id == QStringLiteral("kit"); });
    };
    if (!QTest::qWaitFor([&] { return !hasKitIssue(); }, 60'000))
        qFatal("the kit is not noted as saved");
}

Story::~Story() { quit(); }

LibraryOptions Story::options() const
{
    LibraryOptions options;
    options.places = placesFor(home());
    options.secrets = SecretStoreKind::File;
    return options;
}

bool Story::start()
{
    m_desktop = std::make_unique<Desktop>(options());
    m_desktop->open({});
    const auto isThere = [this] { return m_desktop->window().isActiveWindow(); };
    return waitFor(QStringLiteral("the window"), isThere)
        && waitFor(QStringLiteral("the library"), [this] { return isOpen(); });
}

void Story::quit() { m_desktop.reset(); }

QString Story::makeModel(const QString &name, qint64 bytes) const
{
    ModelRecipe recipe;
    recipe.dtype = QStringLiteral("F16");
    recipe.size = bytes;
    recipe.seed = qHash(name, 0);
    recipe.name = name;
    const QString file = path(name + QStringLiteral(".gguf"));
    const auto made = mf::makeModel(recipe, file);
    if (!made)
        qFatal("%s", qPrintable(made.error().message));
    return file;
}

int Story::fragments(int account) const
{
    int count = 0;
    QDirIterator files(QString(this->account(account) + kFragments), QDir::Files, QDirIterator::Subdirectories);
    for (; files.hasNext(); files.next())
        ++count;
    return count;
}

int Story::empty(int account) const
{
    int removed = 0;
    QDirIterator files(QString(this->account(account) + kFragments), QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext())
        removed += QFile::remove(files.next()) ? 1 : 0;
    return removed;
}

bool Story::dropAndStore(const QString &file, const QString &name) const
{
    return drop(QStringList(file), QStringLiteral("models")) && readRow(QStringLiteral("store.found"), name, QString())
        && click(QStringLiteral("store.store"));
}

bool Story::isSafe(const QString &model) const { return readRow(kList, model, QStringLiteral("Safe · 1 spare")); }

bool Story::openDownload(const QString &model, const QString &folder) const
{
    return clickRow(kList, model) && press(QKeySequence(Qt::CTRL | Qt::Key_D))
        && waitForFocus(QStringLiteral("download.folder")) && press(QKeySequence::SelectAll) && type(folder);
}

bool Story::fetch(const QString &model, const QString &original, const QString &folder) const
{
    return openDownload(model, folder) && click(QStringLiteral("download.download")) && isBack(original, folder);
}

bool Story::isBack(const QString &original, const QString &folder) const
{
    const QString file = QDir(folder).filePath(QFileInfo(original).fileName());
    const auto isAlone = [&folder] {
        return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size() == 1;
    };
    return waitFor(file + QStringLiteral(" is there"), [&file] { return QFile::exists(file); })
        && isSame(file, original) && waitFor(QStringLiteral("nothing else is there"), isAlone);
}

bool Story::isSame(const QString &a, const QString &b)
{
    QFile first(a);
    QFile second(b);
    if (!first.open(QIODevice::ReadOnly) || !second.open(QIODevice::ReadOnly) || first.size() != second.size())
        return false;
    constexpr qint64 kBlock = 1 << 20;
    while (!first.atEnd()) {
        if (first.read(kBlock) != second.read(kBlock))
            return false;
    }
    return true;
}

} // namespace mf
