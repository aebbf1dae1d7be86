// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/task.h"
#include "ui/common/desk.h"

class QLabel;
class QMenu;
class QStackedWidget;
class QTabWidget;

namespace mf::ui {

class ElidedLabel;
class FilesTab;
class FragmentsTab;
class OverviewTab;
class PlainTable;
class TextTable;

// Beside the list: all that is known of the model that is chosen, or a summary of several.
class DetailsPanel final : public QWidget
{
    Q_OBJECT
public:
    // menu: what its ⋯ button opens.
    DetailsPanel(Desk &desk, QMenu *menu, QWidget *parent = nullptr);
    void setModels(const std::vector<ModelEntry> &models);
    void setLost(const QString &account); // its maps show that one as gone; "": none
    QSize sizeHint() const override; // so that all its tabs can be read

signals:
    void asksWithout(const QString &account); // what would become of the models then
    void asksFor(const QString &page, const QString &key);

private:
    QWidget *makeOne(QMenu *menu);
    QWidget *makeMany();
    QWidget *makeMetadata();
    QWidget *makeHistory();
    void showOne(const ModelEntry &model);
    void showMany(const std::vector<ModelEntry> &models);
    void clearTabs();
    void showHistory();
    void reload();
    Task<void> load(ModelId id);
    Task<void> noteSlow();

    Desk &m_desk;
    ModelEntry m_entry;
    ModelDetails m_details;
    bool m_isLoaded = false;
    QStackedWidget *m_pages;
    ElidedLabel *m_name = nullptr;
    QLabel *m_facts = nullptr;
    QLabel *m_manyTitle = nullptr;
    QLabel *m_manyText = nullptr;
    InlineMessage *m_failure = nullptr;
    QTabWidget *m_tabs = nullptr;
    OverviewTab *m_overview = nullptr;
    FragmentsTab *m_fragments = nullptr;
    TextTable *m_metadata = nullptr;
    PlainTable *m_metadataTable = nullptr;
    QLabel *m_noMetadata = nullptr;
    FilesTab *m_files = nullptr;
    TextTable *m_history = nullptr;
    TaskScope m_scope;
};

} // namespace mf::ui
