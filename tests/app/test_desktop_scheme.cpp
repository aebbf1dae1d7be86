// SPDX-License-Identifier: GPL-3.0-or-later
// Light or dark as the desktop's settings portal says: a portal of the test's own on a bus of the test's own.
#include "app/desktop/desktop_scheme.h"

#include "tests/support/private_bus.h"

#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace mf;
using ui::Scheme;

namespace {

const QString kService = QStringLiteral("org.freedesktop.portal.Desktop");
const QString kPath = QStringLiteral("/org/freedesktop/portal/desktop");
const QString kAppearance = QStringLiteral("org.freedesktop.appearance");
const QString kColours = QStringLiteral("color-scheme");
const QString kContrast = QStringLiteral("contrast");
constexpr int kLong = 60'000; // ms: never reached unless something is broken

// The settings of a desktop, as its portal offers them.
class Portal : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")
public:
    explicit Portal(QDBusConnection bus)
        : m_bus(std::move(bus))
    {
    }
    ~Portal() override { leave(); }

    bool enter()
    {
        return m_bus.registerObject(kPath, this, QDBusConnection::ExportAllSlots | QDBusConnection::ExportAllSignals)
            && m_bus.registerService(kService);
    }
    void leave()
    {
        m_bus.unregisterService(kService);
        m_bus.unregisterObject(kPath);
    }
    void change(const QString &key, const QVariant &value)
    {
        values.insert(key, value);
        emit SettingChanged(kAppearance, key, QDBusVariant(value));
    }

    QVariantMap values;
    int reads = 0;

public slots: // names of the portal's interface
    QDBusVariant Read(const QString &space, const QString &key)
    {
        ++reads;
        if (space != kAppearance)
            return {};
        return QDBusVariant(QVariant::fromValue(QDBusVariant(values.value(key, 0u)))); // in two variants, as real ones
    }

signals:
    void SettingChanged(const QString &space, const QString &key, const QDBusVariant &value);

private:
    QDBusConnection m_bus;
};

} // namespace

class TestDesktopScheme : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(PrivateBus::isInstalled(), "dbus-daemon is not installed");
        QVERIFY(folder.isValid());
        QVERIFY(bus.start());
    }

    void isWhatThePortalSays_data()
    {
        QTest::addColumn<QVariant>("colours");
        QTest::addColumn<QVariant>("contrast");
        QTest::addColumn<std::optional<Scheme>>("scheme");
        using Says = std::optional<Scheme>;
        QTest::newRow("no preference") << QVariant(0u) << QVariant(0u) << Says();
        QTest::newRow("dark") << QVariant(1u) << QVariant(0u) << Says(Scheme::Dark);
        QTest::newRow("light") << QVariant(2u) << QVariant(0u) << Says(Scheme::Light);
        QTest::newRow("contrast goes before colours") << QVariant(1u) << QVariant(1u) << Says(Scheme::HighContrast);
        QTest::newRow("a number of tomorrow") << QVariant(7u) << QVariant(9u) << Says();
        QTest::newRow("no number") << QVariant(QStringLiteral("dark")) << QVariant(0u) << Says();
    }
    void isWhatThePortalSays()
    {
        QFETCH(QVariant, colours);
        QFETCH(QVariant, contrast);
        Portal portal(connection("portal"));
        portal.values = { { kColours, colours }, { kContrast, contrast } };
        QVERIFY(portal.enter());

        DesktopScheme scheme(connection("program"));
        QVERIFY2(!scheme.scheme(), "it did not wait for the answer");
        QTRY_COMPARE_WITH_TIMEOUT(portal.reads, 2, kLong);
        settle();
        QTEST(scheme.scheme(), "scheme");
    }

    void followsTheDesktop()
    {
        Portal portal(connection("portal"));
        portal.values = { { kColours, 1u } };
        QVERIFY(portal.enter());
        DesktopScheme scheme(connection("program"));
        QSignalSpy changed(&scheme, &DesktopScheme::changed);
        QTRY_COMPARE_WITH_TIMEOUT(scheme.scheme(), Scheme::Dark, kLong);
        QCOMPARE(changed.size(), 1);

        portal.change(kColours, 2u);
        QTRY_COMPARE_WITH_TIMEOUT(scheme.scheme(), Scheme::Light, kLong);
        portal.change(kContrast, 1u);
        QTRY_COMPARE_WITH_TIMEOUT(scheme.scheme(), Scheme::HighContrast, kLong);
        QCOMPARE(changed.size(), 3);
        portal.change(QStringLiteral("accent-color"), 1u); // others' business
        emit portal.SettingChanged(QStringLiteral("org.gnome.desktop.interface"), kContrast, QDBusVariant(0u));
        portal.change(kColours, 1u); // not seen while contrast is high
        portal.change(kContrast, 0u);
        QTRY_COMPARE_WITH_TIMEOUT(scheme.scheme(), Scheme::Dark, kLong);
        QCOMPARE(changed.size(), 4);
    }

    void asksAPortalThatComesLater()
    {
        DesktopScheme scheme(connection("program"));
        settle();
        QVERIFY(!scheme.scheme());
        Portal portal(connection("portal"));
        portal.values = { { kColours, 1u } };
        QVERIFY(portal.enter());
        QTRY_COMPARE_WITH_TIMEOUT(scheme.scheme(), Scheme::Dark, kLong);
        portal.leave(); // it crashed: what it said holds until another one says something else
        settle();
        QCOMPARE(scheme.scheme(), Scheme::Dark);
        portal.values = { { kColours, 2u } };
        QVERIFY(portal.enter());
        QTRY_COMPARE_WITH_TIMEOUT(scheme.scheme(), Scheme::Light, kLong);
    }

    void withoutABusThereIsNoAnswer()
    {
        DesktopScheme scheme(QDBusConnection(QStringLiteral("there is no such connection")));
        QVERIFY(!scheme.scheme());
    }

    void cleanup()
    {
        for (const QString &name : std::exchange(connections, {}))
            QDBusConnection::disconnectFromBus(name);
    }

private:
    // To the private bus; another one for each test, so that nothing of the test before is still on its way.
    QDBusConnection connection(const char *name)
    {
        connections << QStringLiteral("%1 of %2 %3")
                           .arg(QLatin1StringView(name), QLatin1StringView(QTest::currentTestFunction()))
                           .arg(++m_made);
        const QDBusConnection made = QDBusConnection::connectToBus(bus.address(), connections.last());
        [&] { QVERIFY(made.isConnected()); }();
        return made;
    }
    // What was sent on both connections has arrived when an answer of the bus, sent after it, has.
    void settle()
    {
        for (const QString &name : std::as_const(connections)) {
            const QDBusMessage ping = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.DBus"),
                QStringLiteral("/org/freedesktop/DBus"), QStringLiteral("org.freedesktop.DBus.Peer"),
                QStringLiteral("Ping"));
            QDBusPendingCallWatcher answered(QDBusConnection(name).asyncCall(ping));
            QSignalSpy finished(&answered, &QDBusPendingCallWatcher::finished);
            [&] { QTRY_VERIFY_WITH_TIMEOUT(answered.isFinished(), kLong); }();
        }
        QCoreApplication::processEvents();
    }

    QTemporaryDir folder;
    PrivateBus bus { folder.path() };
    QStringList connections;
    int m_made = 0;
};

QTEST_GUILESS_MAIN(TestDesktopScheme)
#include "test_desktop_scheme.moc"
