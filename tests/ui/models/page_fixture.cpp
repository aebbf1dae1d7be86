// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/models/page_fixture.h"

namespace mf::ui {

void PageFixture::make(const std::function<void(SceneDesk &)> &prepare)
{
    page.reset();
    scene = std::make_unique<SceneDesk>();
    scene->actions.add(QStringLiteral("store.open"), QStringLiteral("Models"), QStringLiteral("Store Model…"));
    if (prepare)
        prepare(*scene);
    page = std::make_unique<ModelsPage>(scene->desk);
    view = part<ModelsView>("models.list");
    tree = page->findChild<ModelTree *>();
    auto *column = new QVBoxLayout(&scene->window);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(page.get());
    scene->window.resize(1400, 800);
    scene->window.show();
    QVERIFY(QTest::qWaitForWindowActive(&scene->window));
}

void PageFixture::click(const QString &name, Qt::KeyboardModifiers keys)
{
    const QModelIndex index = tree->indexOf(scene->service.model(name)->id);
    view->scrollTo(index);
    QTest::mouseClick(view->viewport(), Qt::LeftButton, keys, view->visualRect(index).center());
}

bool PageFixture::isSaid(const char *inside, const QString &words) const
{
    const auto labels = part<QWidget>(inside)->findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(),
        [&words](const QLabel *label) { return label->isVisible() && label->text().contains(words); });
}

} // namespace mf::ui
