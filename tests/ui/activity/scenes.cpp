// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/activity/scenes.h"

#include "ui/activity/activity_page.h"
#include "ui/activity/diagnostics.h"
#include "ui/activity/diagnostics_dialog.h"

#include <QFile>
#include <QLineEdit>

namespace mf::ui {
namespace {

constexpr QSize kUsual(980, 640);

using Change = std::function<void(FakeService &)>;
using Touch = std::function<void(ActivityPage &)>;

Scene page(const char *name, const char *tab, Change change, Touch touch = {}, QSize size = kUsual)
{
    const auto make
        = [tab = QString(QLatin1StringView(tab)), change, touch](SceneDesk &desk) -> std::unique_ptr<QWidget> {
        if (change)
            change(desk.service);
        auto made = std::make_unique<ActivityPage>(desk.desk);
        made->reveal(tab);
        if (touch)
            touch(*made);
        return made;
    };
    return { QLatin1StringView(name), make, size };
}

QStringList logLines()
{
    return { QStringLiteral("2026-11-20T13:58:02.114Z info app: ModelFloat 0.1.0 starts"),
        QStringLiteral("2026-11-20T13:58:02.931Z info accounts: 5 accounts, 4 connected"),
        QStringLiteral("2026-11-20T13:58:03.007Z warning accounts: “NAS (attic)” cannot be reached: the folder "
                       "/mnt/disk4/ModelFloat is not there"),
        QStringLiteral("2026-11-20T13:58:10.400Z debug store: “Qwen2.5-3B-Instruct” pack 12 of 152"),
        QStringLiteral("2026-11-20T13:59:40.020Z error store: “Mixtral-8x7B”: the file changed while it was read") };
}

// A log that lies where the page looks for it, as long as the scene lives.
void writeLog(ActivityPage &shown, const QStringList &lines)
{
    const auto folder = std::make_shared<QTemporaryDir>();
    QFile file(folder->filePath(QStringLiteral("modelfloat.log")));
    if (!file.open(QIODevice::WriteOnly))
        qFatal("a scene cannot write its log");
    if (!lines.isEmpty())
        file.write(lines.join(u'\n').toUtf8() + '\n');
    file.close();
    shown.setLogFolder(folder->path());
    QObject::connect(&shown, &QObject::destroyed, &shown, [folder] { Q_UNUSED(folder) });
}

void everySeverity(FakeService &service)
{
    using Remedy = IssueEntry::Remedy;
    const auto add
        = [&service](IssueEntry::Severity severity, const char *title, const char *text, std::vector<Remedy> remedies) {
              IssueEntry issue;
              issue.id = QLatin1StringView(title);
              issue.severity = severity;
              issue.title = QString::fromUtf8(title);
              issue.text = QString::fromUtf8(text);
              issue.remedies = std::move(remedies);
              issue.model = QStringLiteral("gemma-2-9b-it");
              service.shownIssues.push_back(std::move(issue));
          };
    add(IssueEntry::Severity::Risk, "“gemma-2-9b-it” is at risk",
        "Losing any one of its accounts makes it unreadable. Repair rebuilds 12 fragments (about 40 MB) on the "
        "accounts "
        "that have room: Archive disk, Desk drive and Second disk.",
        { Remedy::Repair, Remedy::AddStorage, Remedy::ShowModel });
    add(IssueEntry::Severity::Warning, "Storing “Mixtral-8x7B” failed", "The file changed while it was read.",
        { Remedy::Retry });
    add(IssueEntry::Severity::Note, "Your recovery kit is not saved",
        "Without it, your models are lost if you lose this computer.", { Remedy::SaveKit });
}

} // namespace

std::vector<Scene> activityScenes()
{
    std::vector<Scene> scenes;
    scenes.push_back(page("activity-issues", "issues", {}));
    scenes.push_back(page("activity-issues-every-severity", "issues", everySeverity));
    scenes.push_back(page("activity-issues-narrow", "issues", everySeverity, {}, { 660, 430 }));
    scenes.push_back(page("activity-issues-none", "issues", [](FakeService &service) { service.shownIssues.clear(); }));
    scenes.push_back(page("activity-issues-loading", "issues", [](FakeService &service) {
        service.shownIssues.clear();
        service.shownState = Service::State::Opening;
    }));
    scenes.push_back(page("activity-issues-no-match", "issues", {},
        [](ActivityPage &shown) { shown.search()->setText(QStringLiteral("nothing like it")); }));
    scenes.push_back(page("activity-history", "history", {}));
    scenes.push_back(
        page("activity-history-empty", "history", [](FakeService &service) { service.shownHistory.clear(); }));
    scenes.push_back(page("activity-log", "log", {}, [](ActivityPage &shown) { writeLog(shown, logLines()); }));
    scenes.push_back(page("activity-log-empty", "log", {}, [](ActivityPage &shown) { writeLog(shown, {}); }));
    scenes.push_back(page("activity-log-error", "log", {},
        [](ActivityPage &shown) { shown.setLogFolder(QStringLiteral("/nowhere/at/all")); }));
    Scene dialog;
    dialog.name = QStringLiteral("activity-diagnostics");
    dialog.size = { 720, 520 };
    dialog.make = [](SceneDesk &desk) -> std::unique_ptr<QWidget> {
        return std::make_unique<DiagnosticsDialog>(
            desk.desk, diagnosticsOf(desk.service, logLines(), desk.clock.now()));
    };
    scenes.push_back(std::move(dialog));
    return scenes;
}

} // namespace mf::ui
