// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/event.h"
#include "tests/ui/fake_service.h"

namespace mf::ui {

// Keeps what it is asked for plans and looks until the test answers, in whatever order.
class LateService final : public FakeService
{
public:
    struct Asked {
        std::size_t models = 0;
        std::optional<Protection> protection;
        std::vector<AccountId> accounts;
        Result<StorePlan> answer = StorePlan();
        Event answered;
    };
    std::vector<std::shared_ptr<Asked>> asked;
    std::vector<StoreOrder> orders;

    Task<Result<StorePlan>> plan(
        std::vector<FoundModel> models, std::optional<Protection> protection, std::vector<AccountId> accounts) override
    {
        auto question = std::make_shared<Asked>();
        question->models = models.size();
        question->protection = protection;
        question->accounts = std::move(accounts);
        asked.push_back(question);
        co_await question->answered;
        co_return question->answer;
    }
    TransferId store(StoreOrder order) override
    {
        orders.push_back(order);
        return FakeService::store(std::move(order));
    }

    void answer(std::size_t number, const Result<StorePlan> &plan)
    {
        asked.at(number)->answer = plan;
        asked.at(number)->answered.set();
    }
};

} // namespace mf::ui
