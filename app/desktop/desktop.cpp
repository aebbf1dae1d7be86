// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/desktop/desktop.h"

#include <QDir>

#include <utility>

namespace mf {
namespace {

QString memoryIn(const Places &places)
{
    QDir().mkpath(places.home);
    return places.home + QStringLiteral("/window.ini");
}

} // namespace

Desktop::Desktop(LibraryOptions options)
    : m_memory(memoryIn(options.places), QSettings::IniFormat)
    , m_service(options, m_clock)
    , m_window(m_service, m_prompts, m_memory, m_clock, options.places.logs)
{
    connect(&m_scheme, &DesktopScheme::changed, &m_theme, &ui::Theme::setSystemScheme);
    connect(&m_window, &ui::MainWindow::quitAsked, this, &Desktop::quitAsked);
    connect(&m_service, &ui::Service::stateChanged, this, &Desktop::offerWhenOpen);
}

Desktop::~Desktop() { disconnect(&m_service, nullptr, this, nullptr); }

void Desktop::open(const QStringList &paths, bool isInBackground)
{
    m_paths = paths;
    if (isInBackground && paths.isEmpty())
        m_window.showMinimized();
    else
        m_window.show();
    m_service.open();
}

void Desktop::offerWhenOpen()
{
    if (m_service.state() != ui::Service::State::Ready || m_paths.isEmpty())
        return;
    m_window.openPaths(std::exchange(m_paths, {}));
}

void Desktop::takeOver(const QStringList &paths)
{
    m_window.raiseFully();
    if (!paths.isEmpty())
        m_window.openPaths(paths);
}

} // namespace mf
