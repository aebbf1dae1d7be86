// SPDX-License-Identifier: GPL-3.0-or-later
// Every scene in every look: a picture, and audits of what is seen.
//     MF_SCENES=storage test_ui_audit       only scenes whose names begin so
#include "tests/ui/audit/audit.h"
#include "tests/ui/audit/exceptions.h"
#include "tests/ui/audit/scene_list.h"
#include "ui/common/theme.h"

#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QMainWindow>
#include <QMenu>
#include <QVBoxLayout>
#include <QtTest>

using namespace mf::ui;

namespace {

struct Look {
    Theme::Choice choice = Theme::Choice::Light;
    int points = 9;
    Qt::LayoutDirection direction = Qt::LeftToRight;

    QString name() const
    {
        const QString scheme = choice == Theme::Choice::Light ? QStringLiteral("light")
            : choice == Theme::Choice::Dark                   ? QStringLiteral("dark")
                                                              : QStringLiteral("contrast");
        return QStringLiteral("%1-%2-%3")
            .arg(scheme)
            .arg(points)
            .arg(direction == Qt::LeftToRight ? QStringLiteral("ltr") : QStringLiteral("rtl"));
    }
};

std::vector<Look> looks()
{
    std::vector<Look> all;
    for (const auto choice : { Theme::Choice::Light, Theme::Choice::Dark }) {
        for (const int points : { 9, 14 }) {
            for (const auto direction : { Qt::LeftToRight, Qt::RightToLeft })
                all.push_back({ choice, points, direction });
        }
    }
    all.push_back({ Theme::Choice::HighContrast, 9, Qt::LeftToRight });
    return all;
}

QStringList s_warnings;
QtMessageHandler s_before = nullptr;

void noteWarnings(QtMsgType type, const QMessageLogContext &context, const QString &text)
{
    // What the platform without a screen says of itself.
    if (type == QtDebugMsg || type == QtInfoMsg || text.startsWith(QStringLiteral("This plugin does not support")))
        return;
    if (type == QtFatalMsg)
        s_before(type, context, text);
    s_warnings.append(text);
}

// Until nothing is left to do but to wait; what moves by itself does not hold us up.
void settle()
{
    constexpr int kRounds = 60;
    int quiet = 0;
    for (int i = 0; i < kRounds && quiet < 3; ++i) {
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        quiet = QCoreApplication::eventDispatcher()->processEvents(QEventLoop::AllEvents) ? 0 : quiet + 1;
    }
}

} // namespace

class TestAudit : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void cleanupTestCase();
    void names();
    void audit_data();
    void audit();

private:
    std::vector<Scene> m_scenes = allScenes();
    std::unique_ptr<Theme> m_theme;
    QFont m_font;
    Exceptions m_exceptions;
};

void TestAudit::initTestCase()
{
    QVERIFY(QDir().mkpath(QStringLiteral(MF_SCENES_DIR)));
    m_exceptions = Exceptions::read(QStringLiteral(MF_EXCEPTIONS));
    QVERIFY2(m_exceptions.errors().isEmpty(), qPrintable(m_exceptions.errors().join(u'\n')));
    QApplication::setCursorFlashTime(0);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    m_theme = std::make_unique<Theme>(Theme::Choice::Light);
    m_font = QApplication::font();
    s_before = qInstallMessageHandler(nullptr);
    qInstallMessageHandler(s_before);
}

void TestAudit::cleanupTestCase() { m_theme.reset(); }

void TestAudit::names()
{
    QSet<QString> names;
    for (const Scene &scene : m_scenes) {
        QVERIFY2(!scene.name.isEmpty() && !names.contains(scene.name), qPrintable(scene.name));
        names.insert(scene.name);
    }
}

void TestAudit::audit_data()
{
    QTest::addColumn<int>("scene");
    QTest::addColumn<int>("look");
    const QString only = qEnvironmentVariable("MF_SCENES");
    const std::vector<Look> all = looks();
    for (std::size_t i = 0; i < m_scenes.size(); ++i) {
        if (!m_scenes[i].name.startsWith(only))
            continue;
        for (std::size_t j = 0; j < all.size(); ++j) {
            const QString name = m_scenes[i].name + u' ' + all[j].name();
            QTest::newRow(qPrintable(name)) << static_cast<int>(i) << static_cast<int>(j);
        }
    }
    if (m_scenes.empty())
        QTest::newRow("none") << -1 << -1;
}

void TestAudit::audit()
{
    QFETCH(int, scene);
    QFETCH(int, look);
    if (scene < 0)
        QSKIP("no folder has scenes");
    const Scene &shown = m_scenes[static_cast<std::size_t>(scene)];
    const Look as = looks()[static_cast<std::size_t>(look)];
    QFont font = m_font;
    font.setPointSize(as.points);
    QApplication::setFont(font);
    QApplication::setLayoutDirection(as.direction);
    m_theme->choose(as.choice);
    const QSize size = shown.size * as.points / 9;

    s_warnings.clear();
    const QtMessageHandler before = qInstallMessageHandler(noteWarnings);
    std::vector<Finding> findings;
    {
        SceneDesk desk;
        std::unique_ptr<QWidget> widget = shown.make(desk);
        QWidget *window = widget.get();
        const bool isPopup = qobject_cast<QMenu *>(window);
        if (!isPopup && !qobject_cast<QDialog *>(window) && !qobject_cast<QMainWindow *>(window)) {
            window = &desk.window;
            auto *fill = new QVBoxLayout(window);
            fill->setContentsMargins(0, 0, 0, 0);
            fill->addWidget(widget.get());
        }
        window->resize(isPopup ? window->sizeHint() : size);
        window->show();
        QApplication::setActiveWindow(window);
        settle();
        if (!window->size().isEmpty()
            && (window->minimumSizeHint().width() > size.width() || window->minimumSizeHint().height() > size.height()))
            findings.push_back({ QStringLiteral("size"), pathOf(window),
                QStringLiteral("needs %1 x %2, more than %3 x %4")
                    .arg(window->minimumSizeHint().width())
                    .arg(window->minimumSizeHint().height())
                    .arg(size.width())
                    .arg(size.height()) });
        const QImage picture = window->grab().toImage();
        constexpr int kQuick = 90; // of 100: hardly compressed
        const QString file = QStringLiteral(MF_SCENES_DIR "/%1-%2.png").arg(shown.name, as.name());
        if (!picture.save(file, "PNG", kQuick))
            findings.push_back({ QStringLiteral("picture"), file, QStringLiteral("cannot be written") });
        for (auto &part :
            { auditNames(window), auditClipping(window), auditTabOrder(window), auditContrast(window, picture) })
            findings.insert(findings.end(), part.begin(), part.end());
        const QStringList clashes = desk.actions.clashes();
        for (const QString &clash : clashes)
            findings.push_back({ QStringLiteral("keys"), QStringLiteral("actions"), clash });
        widget.reset();
    }
    settle();
    qInstallMessageHandler(before);
    for (const QString &warning : std::as_const(s_warnings))
        findings.push_back({ QStringLiteral("warning"), QStringLiteral("log"), warning });

    QStringList said;
    for (const Finding &finding : findings) {
        const QString scenePath = shown.name + u' ' + as.name();
        if (!m_exceptions.cover(scenePath, finding.check, finding.object))
            said.append(QStringLiteral("%1: %2 %3").arg(finding.check, finding.object, finding.text));
    }
    said.removeDuplicates();
    QVERIFY2(said.isEmpty(), qPrintable(u'\n' + said.join(u'\n')));
}

QTEST_MAIN(TestAudit)
#include "test_ui_audit.moc"
