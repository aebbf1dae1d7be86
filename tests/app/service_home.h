// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/desktop/engine_service.h"
#include "core/base/path_text.h"
#include "tests/support/make_model.h"
#include "tests/support/must.h"
#include "tests/support/run_task.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace mf {

inline QByteArray bytesOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

// A home and folders of its own, and the window's library on them.
class ServiceHome
{
public:
    using State = ui::TransferEntry::State;
    using Health = ui::AccountEntry::Health;
    static constexpr int kLong = 60'000; // ms: never reached unless something is broken

    ServiceHome() { start(); }
    ui::Service &service() { return *m_service; }
    ui::Service *operator->() { return m_service.get(); }
    QString path(const QString &name) const { return m_folder.filePath(name); }
    LibraryOptions options() const
    {
        LibraryOptions options;
        options.places.home = path(QStringLiteral("home"));
        options.places.cache = path(QStringLiteral("home/cache"));
        options.places.logs = path(QStringLiteral("home/logs"));
        options.secrets = SecretStoreKind::File;
        return options;
    }
    void start()
    {
        m_service = std::make_unique<EngineService>(options(), m_clock);
        m_service->open();
    }
    void stop() { m_service.reset(); }
    // As a process that is killed: nothing is said to anybody.
    void restart()
    {
        m_service.reset();
        start();
    }
    Result<> addFolder(const QString &name)
    {
        AccountRecord draft;
        draft.kind = QStringLiteral("folder");
        draft.name = name;
        draft.domain = name;
        draft.settings.insert(QStringLiteral("path"), path(name));
        return runTask(m_service->addAccount(draft, QByteArray()));
    }
    void create(int folders = 3)
    {
        QTRY_COMPARE(m_service->state(), ui::Service::State::None);
        const auto words = runTask(m_service->createLibrary());
        QVERIFY2(words, words ? "" : qPrintable(words.error().message));
        QCOMPARE(words->size(), 24);
        for (int i = 0; i < folders; ++i) {
            const auto added = addFolder(QStringLiteral("disk%1").arg(i));
            QVERIFY2(added, added ? "" : qPrintable(added.error().message));
        }
        QTRY_COMPARE_WITH_TIMEOUT(m_service->accounts().size(), std::size_t(folders), kLong);
    }
    QString makeFile(const QString &name, qint64 size)
    {
        ModelRecipe recipe;
        recipe.dtype = QStringLiteral("F16");
        recipe.size = size;
        recipe.seed = qHash(name, 0);
        recipe.name = name;
        const QString file = path(name + QStringLiteral(".gguf"));
        must(makeModel(recipe, file));
        return file;
    }
    ui::TransferId store(const QString &name, const QString &file)
    {
        ui::StoreOrder order;
        order.paths.push_back(pathOfText(file));
        order.name = name;
        order.protection = Protection(2, 1);
        return m_service->store(order);
    }
    const ui::TransferEntry *transfer(ui::TransferId id) const
    {
        for (const auto &entry : m_service->transfers()) {
            if (entry.id == id)
                return &entry;
        }
        return nullptr;
    }
    State stateOf(ui::TransferId id) const
    {
        const auto *entry = transfer(id);
        return entry ? entry->state : State::Queued;
    }
    QString why(ui::TransferId id) const
    {
        const auto *entry = transfer(id);
        return entry && entry->error ? entry->error->message : QString();
    }
    const ui::ModelEntry *model(const QString &name) const
    {
        for (const auto &entry : m_service->models()) {
            if (entry.name == name)
                return &entry;
        }
        return nullptr;
    }
    std::optional<ModelState> modelState(const QString &name) const
    {
        const auto *entry = model(name);
        return entry ? std::optional(entry->state) : std::nullopt;
    }
    Health healthOf(const QString &name) const
    {
        for (const auto &entry : m_service->accounts()) {
            if (entry.name == name)
                return entry.health;
        }
        return Health::Connecting;
    }
    void waitFor(ui::TransferId id, State state)
    {
        QTRY_VERIFY2_WITH_TIMEOUT(stateOf(id) == state, qPrintable(why(id)), kLong);
    }

private:
    QTemporaryDir m_folder;
    SystemClock m_clock;
    std::unique_ptr<EngineService> m_service;
};

} // namespace mf
