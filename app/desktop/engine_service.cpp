// SPDX-License-Identifier: GPL-3.0-or-later
// The library itself: opened, made, and its kit.
#include "app/desktop/engine_service.h"

#include "app/cli/render_transfer.h"
#include "app/desktop/words.h"
#include "core/base/log.h"
#include "core/base/path_text.h"
#include "core/crypto/kit_words.h"
#include "core/distributor/sync_library.h"
#include "core/secrets/private_file.h"

namespace mf {

using namespace std::chrono_literals;

namespace {

constexpr auto kLookEvery = 1min;
constexpr int kLooksPerSync = 15;

QString kitSavedSetting() { return QStringLiteral("kit.saved"); }

} // namespace

Error noLibrary()
{
    return Error(
        Error::Kind::NotFound, QStringLiteral("MF-LIBRARY-NONE"), QStringLiteral("no library is open; make one first"));
}

EngineService::EngineService(LibraryOptions options, Clock &clock)
    : m_options(std::move(options))
    , m_clock(clock)
    , m_queue(std::make_unique<TransferQueue>(clock, listener()))
{
    m_flush.setSingleShot(true);
    connect(&m_flush, &QTimer::timeout, this, &EngineService::flush);
}

EngineService::~EngineService()
{
    m_ticking.cancelAll();
    m_commands.cancelAll(); // also those that hold a turn of the queue
    m_queue.reset();
    detach();
}

void EngineService::setState(State state, std::optional<Error> failure)
{
    m_state = state;
    m_failure = std::move(failure);
    emit stateChanged();
}

void EngineService::open() { m_commands.start(openNow()); }

Task<void> EngineService::openNow()
{
    const auto turn = co_await m_queue->turn(Stops::Everything);
    Q_UNUSED(turn)
    const auto opened = co_await attach();
    if (opened)
        co_return;
    if (opened.error().id == QStringLiteral("MF-LIBRARY-NONE"))
        setState(State::None);
    else
        setState(State::Failed, opened.error());
}

// Opens what is in the home and begins to show it. Nothing may run in the queue.
Task<Result<>> EngineService::attach()
{
    auto opening = Library::open(m_options);
    auto library = co_await opening;
    if (!library)
        co_return library.error();
    auto viewing = LibraryView::open((*library)->registry().path());
    auto view = co_await viewing;
    if (!view)
        co_return view.error();
    const auto settings = co_await (*library)->registry().settings();
    if (!settings)
        co_return settings.error();
    m_library = std::move(*library);
    m_view = std::move(*view);
    m_isKitSaved = settings->contains(kitSavedSetting());
    const auto read = co_await readAll();
    if (!read) {
        detach();
        co_return read.error();
    }
    setState(State::Ready);
    if (!std::exchange(m_hasRestored, true)) {
        const auto restored = co_await restoreQueue();
        if (!restored)
            logWarning("desktop", restored.error().message);
    }
    wakeTransfers();
    look();
    syncSoon();
    m_ticking.cancelAll();
    m_ticking.start(tick());
    co_return Result<>();
}

// Everything that works with the library ends, then the library. Nothing may run in the queue.
void EngineService::detach()
{
    m_questions.cancelAll();
    m_background.cancelAll();
    m_isReloading = m_isLooking = m_hasLooked = false;
    m_view.reset();
    m_library.reset();
}

Task<void> EngineService::tick()
{
    for (int i = 1;; ++i) {
        co_await m_clock.sleep(kLookEvery);
        look();
        if (i % kLooksPerSync == 0)
            syncSoon();
    }
}

void EngineService::refresh()
{
    if (m_state == State::Failed) { // what was in the way may be gone
        setState(State::Opening);
        open();
    }
    if (!m_library)
        return;
    look();
    syncSoon();
    reload();
}

// ---- a new library, or one from its kit

Task<Result<QStringList>> EngineService::createLibrary() { return asked(m_commands, createNow()); }

Task<Result<QStringList>> EngineService::createNow()
{
    if (m_library)
        co_return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-LIBRARY-EXISTS"),
            QStringLiteral("there is a library already; it is open"));
    {
        auto creating = Library::create(m_options);
        const auto made = co_await creating;
        if (!made)
            co_return made.error();
    } // closed, and opened as at every other start
    const auto attached = co_await attach();
    if (!attached)
        co_return attached.error();
    co_return kitWords();
}

Task<Result<>> EngineService::openWithKit(QStringList words)
{
    const auto recovery = recoveryFrom(words.join(u' '));
    if (!recovery)
        return failed<std::monostate>(recovery.error());
    return asked(m_commands, openWithKitNow(*recovery));
}

Task<Result<>> EngineService::openWithKitNow(SecretKey recovery)
{
    if (m_library)
        co_return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-LIBRARY-EXISTS"),
            QStringLiteral("there is a library already; it is open"));
    {
        const LibraryId unknown;
        auto creating = Library::createFromKit(m_options, recovery, unknown);
        const auto made = co_await creating;
        if (!made)
            co_return made.error();
    }
    const auto attached = co_await attach();
    if (!attached)
        co_return attached.error();
    noteKitSaved(); // whoever typed it has it
    co_return Result<>();
}

QStringList EngineService::kitWords() const { return m_library ? wordsOf(m_library->recovery()) : QStringList(); }

Task<Result<>> EngineService::saveKit(QByteArray path) { return asked(m_questions, saveKitNow(std::move(path))); }

Task<Result<>> EngineService::saveKitNow(QByteArray path)
{
    if (!m_library)
        co_return noLibrary();
    const QString text = cli::kitText(kitWords(), m_library->id(), m_clock.now());
    auto write = [file = textOfPath(path), bytes = text.toUtf8()] { return createPrivateFile(file, bytes); };
    const auto written = co_await onPool(m_pool, write);
    if (!written && written.error().kind == Error::Kind::AlreadyExists)
        co_return Error(Error::Kind::AlreadyExists, QStringLiteral("MF-KIT-EXISTS"),
            QStringLiteral("%1 is there already; a kit never replaces a file, choose another name")
                .arg(textOfPath(path)));
    if (!written)
        co_return written.error();
    co_return Result<>();
}

void EngineService::noteKitSaved()
{
    if (!m_library)
        return;
    m_isKitSaved = true;
    m_background.start(keepKitSaved());
    showIssues();
}

Task<void> EngineService::keepKitSaved()
{
    const auto kept = co_await m_library->registry().setSetting(kitSavedSetting(), QStringLiteral("1"));
    if (!kept)
        logWarning("desktop", kept.error().message);
}

Task<Result<>> EngineService::recover() { return asked(m_commands, recoverNow()); }

Task<Result<>> EngineService::recoverNow()
{
    const auto turn = co_await m_queue->turn(Stops::Everything);
    Q_UNUSED(turn)
    if (!m_library)
        co_return noLibrary();
    const auto recovered = co_await recoverLibrary(m_library->engine());
    if (!recovered)
        co_return recovered.error();
    for (const QString &warning : recovered->warnings)
        logWarning("recover", warning);
    remember(QStringLiteral("library"),
        tr("Found %1 on the accounts").arg(countWords(recovered->models, tr("model"), tr("models"))));
    m_hasLooked = true;
    co_await showResult();
    co_return Result<>();
}

} // namespace mf
