// SPDX-License-Identifier: GPL-3.0-or-later
// The theme, the icons and what is painted with them.
#include "ui/common/icons.h"
#include "ui/common/theme.h"
#include "ui/common/widgets.h"

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QLabel>
#include <QPainter>
#include <QtTest>

#include <cmath>

using namespace mf::ui;

namespace {

// As WCAG 2 defines them.
double luminance(const QColor &colour)
{
    const auto channel
        = [](double value) { return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4); };
    return 0.2126 * channel(colour.redF()) + 0.7152 * channel(colour.greenF()) + 0.0722 * channel(colour.blueF());
}
double contrast(const QColor &a, const QColor &b)
{
    const double high = std::max(luminance(a), luminance(b));
    const double low = std::min(luminance(a), luminance(b));
    return (high + 0.05) / (low + 0.05);
}

QImage painted(int width, int height, const std::function<void(QPainter &, const QRect &)> &paint)
{
    QImage image(width, height, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    paint(painter, image.rect());
    painter.end();
    return image;
}

} // namespace

class TestLook : public QObject
{
    Q_OBJECT
private slots:
    void contrastIsEnough_data();
    void contrastIsEnough();
    void everyPaletteRoleCanBeRead();
    void aThemeIsTheOneOfTheApplication();
    void everyIconDraws();
    void anUnknownIconWarns();
    void anIconFollowsTheScheme();
    void aDisabledIconIsMuted();
    void theStripIsAsHighAsItIsSafe_data();
    void theStripIsAsHighAsItIsSafe();
    void oneBadRunIsSeenAmongMany();
    void aStripBeingStoredIsHatched();
    void theStripIsMirrored();
    void aStripOfNothingIsAnOutline();
    void aBarHasItsParts();
    void aBarOfNonsenseIsEmpty();
};

void TestLook::contrastIsEnough_data()
{
    QTest::addColumn<Token>("text");
    QTest::addColumn<Token>("ground");
    QTest::addColumn<double>("least");
    QTest::addColumn<Scheme>("scheme");
    struct Pair {
        const char *name;
        Token text;
        Token ground;
        double least;
    };
    std::vector<Pair> pairs;
    const std::pair<const char *, Token> grounds[] = { { "window", Token::Window }, { "surface", Token::Surface },
        { "selection", Token::Selection }, { "hover", Token::Hover } };
    const std::pair<const char *, Token> texts[] = { { "text", Token::Text }, { "muted text", Token::MutedText },
        { "ok", Token::Ok }, { "warn", Token::Warn }, { "risk", Token::Risk }, { "bad", Token::Bad },
        { "info", Token::Info }, { "muted", Token::Muted }, { "accent", Token::Accent } };
    const std::pair<const char *, Token> messages[]
        = { { "warning", Token::WarnGround }, { "bad", Token::BadGround }, { "info", Token::InfoGround } };
    QList<std::pair<QByteArray, Pair>> rows;
    for (const auto &[groundName, ground] : grounds) {
        for (const auto &[textName, text] : texts)
            rows.append({ QByteArray(textName) + " on " + groundName, { "", text, ground, 4.5 } });
    }
    for (const auto &[groundName, ground] : messages) {
        for (const Token text : { Token::Text, Token::Warn, Token::Bad, Token::Info })
            rows.append({ "colour " + QByteArray::number(int(text)) + " on the message " + groundName,
                { "", text, ground, 4.5 } });
    }
    rows.append({ "text on a primary button", { "", Token::AccentText, Token::Accent, 4.5 } });
    for (const Token ground : { Token::Window, Token::Surface })
        rows.append({ "outline on " + QByteArray::number(int(ground)), { "", Token::Outline, ground, 3.0 } });
    for (const Token part : { Token::Ok, Token::Warn, Token::Risk, Token::Bad, Token::Accent, Token::Info })
        rows.append({ "mark " + QByteArray::number(int(part)) + " on the track", { "", part, Token::Track, 3.0 } });
    const std::pair<const char *, Scheme> schemes[]
        = { { "light", Scheme::Light }, { "dark", Scheme::Dark }, { "high contrast", Scheme::HighContrast } };
    for (const auto &[schemeName, scheme] : schemes) {
        for (const auto &[name, pair] : rows) {
            const bool isHigh = scheme == Scheme::HighContrast && pair.least > 4;
            QTest::newRow(QByteArray(QByteArray(schemeName) + ": " + name).constData())
                << pair.text << pair.ground << (isHigh ? 7.0 : pair.least) << scheme;
        }
    }
}

void TestLook::contrastIsEnough()
{
    QFETCH(Token, text);
    QFETCH(Token, ground);
    QFETCH(double, least);
    QFETCH(Scheme, scheme);
    const double is = contrast(colourOf(text, scheme), colourOf(ground, scheme));
    QVERIFY2(is >= least, qPrintable(QStringLiteral("%1 : 1, but %2 : 1 is needed").arg(is).arg(least)));
}

void TestLook::everyPaletteRoleCanBeRead()
{
    for (const Scheme scheme : { Scheme::Light, Scheme::Dark, Scheme::HighContrast }) {
        const QPalette palette = paletteOf(scheme);
        for (const auto group : { QPalette::Active, QPalette::Inactive, QPalette::Disabled }) {
            const double least = group == QPalette::Disabled ? 3.0 : 4.5;
            const std::pair<QPalette::ColorRole, QPalette::ColorRole> pairs[]
                = { { QPalette::WindowText, QPalette::Window }, { QPalette::Text, QPalette::Base },
                      { QPalette::ButtonText, QPalette::Button }, { QPalette::HighlightedText, QPalette::Highlight },
                      { QPalette::ToolTipText, QPalette::ToolTipBase }, { QPalette::PlaceholderText, QPalette::Base },
                      { QPalette::Link, QPalette::Window } };
            for (const auto &[text, ground] : pairs) {
                const double is = contrast(palette.color(group, text), palette.color(group, ground));
                QVERIFY2(is >= least,
                    qPrintable(QStringLiteral("role %1 in scheme %2, group %3: %4")
                            .arg(int(text))
                            .arg(int(scheme))
                            .arg(int(group))
                            .arg(is)));
            }
        }
    }
}

void TestLook::aThemeIsTheOneOfTheApplication()
{
    QVERIFY(!Theme::instance());
    QCOMPARE(Theme::colour(Token::Window), colourOf(Token::Window, Scheme::Light));
    {
        Theme theme(Theme::Choice::Dark);
        QCOMPARE(Theme::instance(), &theme);
        QCOMPARE(theme.scheme(), Scheme::Dark);
        QCOMPARE(QApplication::palette().color(QPalette::Window), colourOf(Token::Window, Scheme::Dark));
        QSignalSpy changed(&theme, &Theme::changed);
        theme.choose(Theme::Choice::Light);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(QApplication::palette().color(QPalette::Window), colourOf(Token::Window, Scheme::Light));
        theme.choose(Theme::Choice::Light);
        QCOMPARE(changed.size(), 1);
        theme.choose(Theme::Choice::HighContrast);
        QCOMPARE(Theme::colour(Token::Text), colourOf(Token::Text, Scheme::HighContrast));
        theme.choose(Theme::Choice::System); // the platform of the tests is a light one
        QCOMPARE(theme.scheme(), Scheme::Light);
        theme.setSystemScheme(Scheme::Dark); // but the desktop may know better
        QCOMPARE(theme.scheme(), Scheme::Dark);
        theme.choose(Theme::Choice::Light);
        theme.setSystemScheme(Scheme::HighContrast);
        QCOMPARE(theme.scheme(), Scheme::Light);
        theme.choose(Theme::Choice::System);
        QCOMPARE(theme.scheme(), Scheme::HighContrast);
        theme.setSystemScheme(std::nullopt);
        QCOMPARE(theme.scheme(), Scheme::Light);
    }
    QVERIFY(!Theme::instance());
}

void TestLook::everyIconDraws()
{
    const QStringList names = QDir(QStringLiteral(":/icons")).entryList();
    QVERIFY(names.size() > 150);
    for (const QString &file : names) {
        const QString name = file.chopped(4);
        const QImage image = iconPixmap(name, Token::Text, 24, 1).toImage();
        int pixels = 0;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x)
                pixels += qAlpha(image.pixel(x, y)) > 128;
        }
        QVERIFY2(pixels > 5, qPrintable(name));
    }
}

void TestLook::anUnknownIconWarns()
{
    QTest::ignoreMessage(QtWarningMsg, "no icon is called no-such-icon");
    QVERIFY(icon(QStringLiteral("no-such-icon")).isNull());
}

void TestLook::anIconFollowsTheScheme()
{
    Theme theme(Theme::Choice::Light);
    const QIcon kept = icon(QStringLiteral("square"), Token::Bad);
    const auto strongest = [&kept](QIcon::Mode mode) {
        const QImage image = kept.pixmap(24, mode).toImage().convertToFormat(QImage::Format_ARGB32);
        return image.pixelColor(3, 12); // on the left side of the square
    };
    QCOMPARE(strongest(QIcon::Normal).rgb(), colourOf(Token::Bad, Scheme::Light).rgb());
    theme.choose(Theme::Choice::Dark);
    QCOMPARE(strongest(QIcon::Normal).rgb(), colourOf(Token::Bad, Scheme::Dark).rgb());
}

void TestLook::aDisabledIconIsMuted()
{
    const QImage image = icon(QStringLiteral("square"), Token::Bad).pixmap(24, QIcon::Disabled).toImage();
    QCOMPARE(image.convertToFormat(QImage::Format_ARGB32).pixel(3, 12), Theme::colour(Token::Muted).rgb());
    const QPixmap large = iconPixmap(QStringLiteral("square"), Token::Bad, 16, 2);
    QCOMPARE(large.width(), 32);
    QCOMPARE(large.devicePixelRatio(), 2.0);
}

void TestLook::theStripIsAsHighAsItIsSafe_data()
{
    QTest::addColumn<int>("spare");
    QTest::addColumn<int>("promised");
    QTest::addColumn<int>("height"); // of 9
    QTest::addColumn<Token>("colour");
    QTest::newRow("all spares") << 2 << 2 << 9 << Token::Ok;
    QTest::newRow("more than promised") << 3 << 2 << 9 << Token::Ok;
    QTest::newRow("one of two") << 1 << 2 << 6 << Token::Warn;
    QTest::newRow("none left") << 0 << 2 << 3 << Token::Risk;
    QTest::newRow("missing") << -1 << 2 << 9 << Token::Bad;
    QTest::newRow("stored once as chosen") << 0 << 0 << 9 << Token::Muted;
}

void TestLook::theStripIsAsHighAsItIsSafe()
{
    QFETCH(int, spare);
    QFETCH(int, promised);
    QFETCH(int, height);
    QFETCH(Token, colour);
    const QImage image = painted(60, 9,
        [&](QPainter &painter, const QRect &rect) { paintStrip(painter, rect, { qint8(spare) }, promised, -1); });
    constexpr int x = 1; // beside the line that crosses out what is bad
    for (int y = 0; y < 9; ++y) {
        const Token expected = 9 - y <= height ? colour : Token::Track;
        QCOMPARE(image.pixelColor(x, y).rgb(), Theme::colour(expected).rgb());
        if (colour == Token::Bad)
            break;
    }
}

void TestLook::oneBadRunIsSeenAmongMany()
{
    std::vector<qint8> strip(64, 2);
    strip[31] = -1;
    const QImage image
        = painted(20, 9, [&](QPainter &painter, const QRect &rect) { paintStrip(painter, rect, strip, 2, -1); });
    int bad = 0;
    for (int x = 0; x < image.width(); ++x)
        bad += image.pixelColor(x, 4).rgb() == Theme::colour(Token::Bad).rgb();
    QVERIFY(bad >= 2);
}

void TestLook::aStripBeingStoredIsHatched()
{
    const QImage image
        = painted(100, 9, [](QPainter &painter, const QRect &rect) { paintStrip(painter, rect, {}, 2, 62); });
    QCOMPARE(image.pixelColor(0, 4).rgb(), Theme::colour(Token::Ok).rgb());
    QCOMPARE(image.pixelColor(61, 4).rgb(), Theme::colour(Token::Ok).rgb());
    QSet<QRgb> colours;
    for (int x = 62; x < 100; ++x) {
        QVERIFY(image.pixelColor(x, 4).rgb() != Theme::colour(Token::Ok).rgb());
        colours.insert(image.pixel(x, 4));
    }
    QVERIFY(colours.size() > 1);
}

void TestLook::theStripIsMirrored()
{
    const QImage image = painted(100, 9, [](QPainter &painter, const QRect &rect) {
        painter.setLayoutDirection(Qt::RightToLeft);
        paintStrip(painter, rect, { 2, -1 }, 2, -1);
    });
    QCOMPARE(image.pixelColor(99, 8).rgb(), Theme::colour(Token::Ok).rgb());
    QCOMPARE(image.pixelColor(0, 0).rgb(), Theme::colour(Token::Bad).rgb());
}

void TestLook::aStripOfNothingIsAnOutline()
{
    const QImage image
        = painted(40, 9, [](QPainter &painter, const QRect &rect) { paintStrip(painter, rect, {}, 2, -1); });
    QCOMPARE(image.pixelColor(20, 4).rgb(), Theme::colour(Token::Surface).rgb());
    QCOMPARE(image.pixelColor(0, 0).rgb(), Theme::colour(Token::Muted).rgb());
    painted(1, 1, [](QPainter &painter, const QRect &) { paintStrip(painter, QRect(), { 1 }, 2, -1); });
}

void TestLook::aBarHasItsParts()
{
    const auto at = [](double value, double second, int x, Qt::LayoutDirection direction = Qt::LeftToRight) {
        const QImage image = painted(100, 10, [&](QPainter &painter, const QRect &rect) {
            painter.setLayoutDirection(direction);
            paintBar(painter, rect, value, second, Token::Accent, Token::Muted);
        });
        return image.pixelColor(x, 5).rgb();
    };
    QCOMPARE(at(0.5, 0.25, 10), Theme::colour(Token::Accent).rgb());
    QCOMPARE(at(0.5, 0.25, 60), Theme::colour(Token::Muted).rgb());
    QCOMPARE(at(0.5, 0.25, 90), Theme::colour(Token::Track).rgb());
    QCOMPARE(at(0.5, 0.25, 90, Qt::RightToLeft), Theme::colour(Token::Accent).rgb());
    QCOMPARE(at(0.001, 0, 1), Theme::colour(Token::Accent).rgb()); // little, but not nothing
    QCOMPARE(at(2.0, 0, 98), Theme::colour(Token::Accent).rgb());
}

void TestLook::aBarOfNonsenseIsEmpty()
{
    const QImage image = painted(100, 10, [](QPainter &painter, const QRect &rect) {
        paintBar(painter, rect, std::nan(""), -3, Token::Accent, Token::Muted);
    });
    QCOMPARE(image.pixelColor(50, 5).rgb(), Theme::colour(Token::Track).rgb());
    QCOMPARE(image.pixelColor(1, 5).rgb(), Theme::colour(Token::Track).rgb());
}

QTEST_MAIN(TestLook)
#include "test_ui_look.moc"
