// SPDX-License-Identifier: GPL-3.0-or-later
// Another program, as a file manager would be: a small window from which a file can be dragged. drag_source FILE X Y
#include <QApplication>
#include <QDrag>
#include <QLabel>
#include <QMimeData>
#include <QMouseEvent>
#include <QUrl>

namespace {

class Source final : public QLabel
{
public:
    explicit Source(const QString &file)
        : QLabel(QStringLiteral("drag me"))
        , m_file(file)
    {
        setFixedSize(120, 60);
        setAlignment(Qt::AlignCenter);
        setAutoFillBackground(true);
        setWindowFlags(Qt::FramelessWindowHint | Qt::WindowStaysOnTopHint);
        setWindowTitle(QStringLiteral("drag source"));
    }

protected:
    void mousePressEvent(QMouseEvent *event) override { event->accept(); }
    void mouseMoveEvent(QMouseEvent *) override
    {
        auto *drag = new QDrag(this);
        auto *dragged = new QMimeData;
        dragged->setUrls({ QUrl::fromLocalFile(m_file) });
        drag->setMimeData(dragged);
        drag->exec(Qt::CopyAction | Qt::MoveAction, Qt::MoveAction); // as file managers offer it
    }

private:
    QString m_file;
};

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const QStringList arguments = QApplication::arguments();
    if (arguments.size() != 4)
        return 2;
    Source source(arguments[1]);
    source.move(arguments[2].toInt(), arguments[3].toInt());
    source.show();
    return QApplication::exec();
}
