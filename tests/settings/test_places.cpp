// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/settings/places.h"

#include <QDir>
#include <QtTest>

using namespace mf;

class TestPlaces : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        for (const char *name : { "MODELFLOAT_HOME", "MODELFLOAT_CACHE_DIR" })
            qunsetenv(name);
        qputenv("XDG_DATA_HOME", "/x/data");
        qputenv("XDG_CACHE_HOME", "/x/cache");
    }

    void thePlatformsPlacesByDefault()
    {
        const Places places = placesFor(QString());
        QCOMPARE(places.home, QStringLiteral("/x/data/modelfloat"));
        QCOMPARE(places.cache, QStringLiteral("/x/cache/modelfloat"));
        QCOMPARE(places.logs, QStringLiteral("/x/data/modelfloat/logs"));
    }

    void allBelowTheHomeThatIsGiven()
    {
        qputenv("MODELFLOAT_HOME", "/from/environment");
        QCOMPARE(placesFor(QString()).home, QStringLiteral("/from/environment"));
        const Places places = placesFor(QStringLiteral("/from/option/"));
        QCOMPARE(places.home, QStringLiteral("/from/option"));
        QCOMPARE(places.cache, QStringLiteral("/from/option/cache"));
        QCOMPARE(places.logs, QStringLiteral("/from/option/logs"));
    }

    void aRelativeHomeIsMadeAbsolute()
    {
        QCOMPARE(placesFor(QStringLiteral("a/../b")).home, QDir::current().absoluteFilePath(QStringLiteral("b")));
    }

    void theCacheMovesAlone()
    {
        qputenv("MODELFLOAT_CACHE_DIR", "/big/disk");
        QCOMPARE(placesFor(QString()).cache, QStringLiteral("/big/disk"));
        const Places places = placesFor(QStringLiteral("/h"));
        QCOMPARE(places.cache, QStringLiteral("/big/disk"));
        QCOMPARE(places.home, QStringLiteral("/h"));
    }
};

QTEST_GUILESS_MAIN(TestPlaces)
#include "test_places.moc"
