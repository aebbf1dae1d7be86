// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/providers/folder/folder.h"

#include "core/base/log.h"
#include "core/providers/folder/disk.h"
#include "core/providers/folder/listing.h"
#include "core/providers/provider_errors.h"

#include <QDir>

namespace mf {
namespace {

constexpr std::size_t kPage = 1000;
constexpr int kThreads = 4; // of one account: enough to keep a disk busy
constexpr qint64 kStaleAfter = qint64(24) * 3600; // seconds: no put takes that long

// Lives in the frame of an operation; when that is destroyed, the work on the pool hears of it.
class CancelGuard
{
public:
    CancelGuard() = default;
    CancelGuard(const CancelGuard &) = delete;
    CancelGuard &operator=(const CancelGuard &) = delete;
    ~CancelGuard() { *m_flag = true; }
    const folder::CancelFlag &flag() const { return m_flag; }

private:
    folder::CancelFlag m_flag = std::make_shared<std::atomic<bool>>(false);
};

} // namespace

FolderProvider::FolderProvider(const ProviderContext &context, QString path)
    : m_context(context)
    , m_path(std::move(path))
    , m_lane(context.clock, context.io, kThreads, kHungAfter)
    , m_syncs(m_lane, m_path)
{
}

Traits FolderProvider::traits() const
{
    Traits traits;
    traits.checksum = Traits::Checksum::Durable;
    traits.connections = 2; // one writes while the other waits for the disk
    return traits;
}

// Runs function(root, cancelled) on the account's lane.
template <typename T, typename F> Task<Result<T>> FolderProvider::onDisk(F function)
{
    const CancelGuard guard;
    auto job
        = [path = m_path, known = m_root, function = std::move(function), cancelled = guard.flag()]() -> Outcome<T> {
        const auto root = folder::Root::open(path, known);
        if (!root)
            return { std::nullopt, root.error() };
        if (*cancelled)
            return { std::nullopt, folder::cancelledError() };
        return { root->identity(), function(*root, cancelled) };
    };
    auto running = m_lane.run(std::move(job));
    auto outcome = co_await running;
    if (!outcome)
        co_return folder::hung(m_path);
    if (outcome->root)
        found(*outcome->root);
    co_return std::move(outcome->result);
}

void FolderProvider::found(folder::Identity root)
{
    const bool isFirst = !m_root;
    if (m_root != root)
        m_durable.clear(); // what we know is of another directory
    m_root = root;
    if (isFirst)
        m_scope.start(sweep());
}

// What an earlier run left half written.
Task<void> FolderProvider::sweep()
{
    const qint64 before = m_context.clock.now().toSecsSinceEpoch() - kStaleAfter;
    auto job = [before](const folder::Root &root, const folder::CancelFlag &) -> Result<> {
        root.sweep(before);
        return {};
    };
    auto swept = onDisk<std::monostate>(std::move(job));
    const auto result = co_await swept;
    if (!result)
        logWarning("folder", result.error().message);
}

qsizetype FolderProvider::durableParts(const QString &directory) const
{
    const qsizetype parts = directory.isEmpty() ? 0 : directory.count(u'/') + 1;
    for (qsizetype n = parts; n > 0; --n) {
        if (m_durable.contains(directory.section(u'/', 0, static_cast<int>(n) - 1)))
            return n;
    }
    return 0;
}

void FolderProvider::setDurable(const QString &directory)
{
    if (!directory.isEmpty())
        m_durable.insert(directory);
}

Task<Result<BlobInfo>> FolderProvider::put(BlobName name, QByteArray data)
{
    if (!isValidBlobName(name))
        co_return badBlobName(name.value);
    using Written = std::shared_ptr<const folder::Directory>;
    const QString directory = folder::directoryOf(name);
    const qint64 size = data.size();
    auto job = [name, directory, data = std::move(data), durable = durableParts(directory)](
                   const folder::Root &root, const folder::CancelFlag &cancelled) -> Result<Written> {
        auto opened = root.makeDirectory(directory, durable);
        if (!opened)
            return opened.error();
        const auto written = root.write(*opened, name, data, cancelled);
        if (!written)
            return written.error();
        return std::make_shared<const folder::Directory>(std::move(*opened));
    };
    auto writing = onDisk<Written>(std::move(job));
    auto written = co_await writing;
    if (!written)
        co_return written.error();
    setDurable(directory);
    auto syncing = m_syncs.sync(*written, m_path + u'/' + name.value);
    const auto synced = co_await syncing;
    if (!synced)
        co_return synced.error();
    co_return BlobInfo(name, size);
}

Task<Result<QByteArray>> FolderProvider::get(BlobName name, Range range)
{
    if (!isValidBlobName(name))
        co_return badBlobName(name.value);
    auto job = [name, range, largest = traits().largestBlob](
                   const folder::Root &root, const folder::CancelFlag &) { return root.read(name, range, largest); };
    auto reading = onDisk<QByteArray>(std::move(job));
    auto bytes = co_await reading;
    co_return bytes;
}

Task<Result<>> FolderProvider::remove(BlobName name)
{
    if (!isValidBlobName(name))
        co_return badBlobName(name.value);
    using Changed = std::shared_ptr<const folder::Directory>; // null: there was nothing to remove
    auto job = [name](const folder::Root &root, const folder::CancelFlag &cancelled) -> Result<Changed> {
        auto opened = root.openDirectory(folder::directoryOf(name));
        if (!opened && opened.error().id == QStringLiteral("MF-FILE-MISSING"))
            return Changed();
        if (!opened)
            return opened.error();
        if (*cancelled)
            return folder::cancelledError(); // it may have been put again meanwhile
        const auto removed = root.remove(*opened, name);
        if (!removed)
            return removed.error();
        return *removed ? std::make_shared<const folder::Directory>(std::move(*opened)) : Changed();
    };
    auto removing = onDisk<Changed>(std::move(job));
    const auto changed = co_await removing;
    if (!changed)
        co_return changed.error();
    if (!*changed)
        co_return Result<>();
    // Else a power cut could bring it back after the log says that it is gone.
    auto syncing = m_syncs.sync(*changed, m_path + u'/' + name.value);
    const auto synced = co_await syncing;
    co_return synced;
}

Task<Result<ListPage>> FolderProvider::list(QString prefix, QString cursor)
{
    const QString below = prefix.left(std::max<qsizetype>(prefix.lastIndexOf(u'/'), 0));
    if (prefix.startsWith(u'/') || (!below.isEmpty() && !isValidBlobName(BlobName(below))))
        co_return badBlobName(prefix);
    auto job = [prefix, cursor](const folder::Root &root, const folder::CancelFlag &) {
        return folder::listPage(root, prefix, cursor, kPage);
    };
    auto listing = onDisk<ListPage>(std::move(job));
    auto page = co_await listing;
    co_return page;
}

Task<Result<Quota>> FolderProvider::quota()
{
    auto job = [](const folder::Root &root, const folder::CancelFlag &) { return root.quota(); };
    auto asking = onDisk<Quota>(std::move(job));
    auto quota = co_await asking;
    co_return quota;
}

ProviderKind folderKind()
{
    ProviderKind kind;
    kind.id = QStringLiteral("folder");
    kind.title = QStringLiteral("Folder");
    FormField path;
    path.key = QStringLiteral("path");
    path.label = QStringLiteral("Folder");
    path.help = QStringLiteral("A folder for ModelFloat alone: on this computer, a removable disk or a mounted share.");
    path.type = FormField::Type::Folder;
    path.required = true;
    kind.fields.push_back(path);

    kind.normalise = [](AccountSettings settings) {
        QString &place = settings[QStringLiteral("path")];
        if (!place.isEmpty())
            place = QDir::cleanPath(QDir::current().absoluteFilePath(place));
        return settings;
    };
    kind.make = [](const ProviderContext &context, const AccountSettings &settings, const SecretText &,
                    bool create) -> Result<std::unique_ptr<Provider>> {
        const auto checked = checkSettings(folderKind(), settings);
        if (!checked)
            return checked.error();
        const QString place = folderKind().normalise(settings).value(QStringLiteral("path"));
        if (create) {
            const auto created = folder::create(place);
            if (!created)
                return created.error();
        }
        return std::unique_ptr<Provider>(std::make_unique<FolderProvider>(context, place));
    };
    kind.defaultDomain
        = [](const AccountSettings &settings) { return folder::diskOf(settings.value(QStringLiteral("path"))); };
    return kind;
}

} // namespace mf
