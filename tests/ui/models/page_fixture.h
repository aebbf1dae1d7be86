// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/ui/audit/scene.h"
#include "ui/models/model_tree.h"
#include "ui/models/models_page.h"
#include "ui/models/models_view.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>
#include <QtTest>

namespace mf::ui {

// The Models page in a window on the scripted library, anew for each test.
class PageFixture : public QObject
{
    Q_OBJECT
private slots:
    void init() { make(); }
    void cleanup()
    {
        page.reset();
        scene.reset();
    }

protected:
    const QString kReduced = QStringLiteral("Qwen2.5-7B-Instruct");
    const QString kSafe = QStringLiteral("Phi-3.5-mini-instruct");
    const QString kStoring = QStringLiteral("Qwen2.5-3B-Instruct");

    template <typename T> T *part(const char *name) const
    {
        T *found = page->findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("there is no %s", name);
        return found;
    }
    QAction *action(const char *id) const { return scene->actions[QString::fromLatin1(id)]; }
    void make(const std::function<void(SceneDesk &)> &prepare = {});
    void click(const QString &name, Qt::KeyboardModifiers keys = {});
    QString text(const char *label) const { return part<QLabel>(label)->text(); }
    bool isSaid(const char *inside, const QString &words) const;

    std::unique_ptr<SceneDesk> scene;
    std::unique_ptr<ModelsPage> page;
    ModelsView *view = nullptr;
    ModelTree *tree = nullptr;
};

} // namespace mf::ui
