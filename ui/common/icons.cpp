// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/icons.h"

#include <QFile>
#include <QFontMetrics>
#include <QGuiApplication>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <algorithm>
#include <cmath>

namespace mf::ui {
namespace {

// The text of the picture, "currentColor" for its colour; empty: there is none of that name.
const QByteArray &source(const QString &name)
{
    static QHash<QString, QByteArray> sources;
    auto at = sources.constFind(name);
    if (at == sources.constEnd()) {
        QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
        QByteArray text;
        if (file.open(QIODevice::ReadOnly))
            text = file.readAll();
        else
            qWarning("no icon is called %s", qUtf8Printable(name));
        at = sources.insert(name, text);
    }
    return *at;
}

QPixmap drawn(const QString &name, const QColor &colour, const QSize &pixels)
{
    const QString key
        = QStringLiteral("mf/%1/%2/%3x%4").arg(name, colour.name()).arg(pixels.width()).arg(pixels.height());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(pixels);
    pixmap.fill(Qt::transparent);
    QByteArray text = source(name);
    if (!text.isEmpty() && !pixels.isEmpty()) {
        QSvgRenderer renderer(text.replace("currentColor", colour.name().toLatin1()));
        renderer.setAspectRatioMode(Qt::KeepAspectRatio);
        QPainter painter(&pixmap);
        renderer.render(&painter);
    }
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

// Draws when it is asked, so that a change of the scheme needs no new icons.
class Engine final : public QIconEngine
{
public:
    Engine(const QString &name, Token colour)
        : m_name(name)
        , m_colour(colour)
    {
    }
    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal ratio = painter->device()->devicePixelRatio();
        QPixmap picture = pixmap((QSizeF(rect.size()) * ratio).toSize(), mode, state);
        picture.setDevicePixelRatio(ratio);
        painter->drawPixmap(rect.topLeft(), picture);
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override
    {
        return drawn(m_name, Theme::colour(mode == QIcon::Disabled ? Token::Muted : m_colour), size);
    }
    QIconEngine *clone() const override { return new Engine(*this); }
    QString key() const override { return QStringLiteral("mf"); }
    bool isNull() override { return source(m_name).isEmpty(); }

private:
    QString m_name;
    Token m_colour;
};

} // namespace

QIcon icon(const QString &name, Token colour)
{
    source(name); // warns at once, not when it is first shown
    return QIcon(new Engine(name, colour));
}

QPixmap iconPixmap(const QString &name, Token colour, int size, qreal ratio)
{
    const int pixels = static_cast<int>(std::ceil(size * ratio));
    QPixmap pixmap = drawn(name, Theme::colour(colour), QSize(pixels, pixels));
    pixmap.setDevicePixelRatio(ratio);
    return pixmap;
}

int markSize()
{
    constexpr int kLeast = 16;
    const int size = QFontMetrics(QGuiApplication::font()).height() + 2;
    return std::max(kLeast, size + size % 2);
}

} // namespace mf::ui
