// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fake_clock.h"
#include "tests/ui/scripted_prompts.h"
#include "tests/ui/store/late_service.h"
#include "ui/store/found_table.h"
#include "ui/store/plan_table.h"
#include "ui/store/store_dialog.h"

#include <QApplication>
#include <QDropEvent>
#include <QMimeData>
#include <QPointer>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <memory>

namespace mf::ui {

// A plan that loses so many accounts, with room for it.
inline StorePlan planFor(int losses, qint64 uploaded = 5'600'000'000)
{
    FakeService filled;
    filled.fill();
    StorePlan plan = filled.shownPlan;
    plan.protection = Protection(2, losses);
    plan.uploadedBytes = uploaded;
    return plan;
}

// A store dialog over a library whose plans arrive when the test says so.
class StoreFixture : public QObject
{
    Q_OBJECT
protected:
    struct Parts {
        QTemporaryDir folder;
        QWidget window;
        LateService service;
        ScriptedPrompts prompts;
        Actions actions { &window };
        Toaster toaster { &window };
        QSettings memory { folder.filePath(QStringLiteral("memory.ini")), QSettings::IniFormat };
        FakeClock clock;
        Desk desk { service, actions, prompts, toaster, memory, clock };
    };

    void set()
    {
        QLocale::setDefault(QLocale::c());
        m_parts = std::make_unique<Parts>();
        m_parts->service.fill();
    }
    void unset()
    {
        delete m_dialog.data();
        m_parts.reset();
    }
    void open(const QStringList &paths = { QStringLiteral("/home/anna") })
    {
        m_dialog = StoreDialog::open(m_parts->desk, &m_parts->window, paths);
    }
    // Lets the pause pass and answers what is being asked.
    void settle(const Result<StorePlan> &plan = planFor(1))
    {
        m_parts->clock.advance(std::chrono::seconds(1));
        QTRY_VERIFY(!m_parts->service.asked.empty());
        QCoreApplication::processEvents();
        m_parts->service.answer(m_parts->service.asked.size() - 1, plan);
        QTRY_VERIFY(!m_dialog->controller().isPlanning());
    }
    template <typename T> T *part(const char *name) const
    {
        return m_dialog->findChild<T *>(QString::fromLatin1(name));
    }
    void click(const char *name) const { QTest::mouseClick(part<QWidget>(name), Qt::LeftButton); }
    QAbstractItemModel *found() const { return part<QTreeView>("store.found")->model(); }
    QAbstractItemModel *accounts() const { return part<QTreeView>("store.accounts")->model(); }
    QString detail(int row) const { return found()->index(row, 0).data(FoundTable::DetailRole).toString(); }
    void check(int row, bool yes) const
    {
        found()->setData(found()->index(row, 0), yes ? Qt::Checked : Qt::Unchecked, Qt::CheckStateRole);
    }
    // "x-": the first is checked, the second is not.
    QString checks() const
    {
        QString all;
        for (int row = 0; row < found()->rowCount(); ++row)
            all += found()->index(row, 0).data(Qt::CheckStateRole).toInt() == Qt::Checked ? u'x' : u'-';
        return all;
    }

    std::unique_ptr<Parts> m_parts;
    QPointer<StoreDialog> m_dialog;
};

} // namespace mf::ui
