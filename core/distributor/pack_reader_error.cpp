// SPDX-License-Identifier: GPL-3.0-or-later
// Why a pack could not be read: what is lost for good, and what an account merely did not show.
#include "core/distributor/fragment_read.h"
#include "core/distributor/holding.h"
#include "core/distributor/pack_reader.h"

namespace mf {
namespace {

struct Reasons {
    int mayBeThere = 0; // fragments that were read, or that nothing bad is known of
    QStringList unread; // "account: why"
    QStringList lost;
    QStringList toSignIn; // names of accounts
    QStringList toConnect;
    bool wantsSignIn = false;
};

void noteUnread(Reasons &reasons, const QString &name, const Error &error)
{
    ++reasons.mayBeThere;
    reasons.unread.append(name + QStringLiteral(": ") + error.message);
    const bool isSignIn = error.kind == Error::Kind::Unauthorised;
    reasons.wantsSignIn = reasons.wantsSignIn || isSignIn;
    const bool isDenied = isSignIn || error.id == QStringLiteral("MF-FILE-DENIED");
    QStringList &names = isDenied ? reasons.toSignIn : reasons.toConnect;
    if (!names.contains(name))
        names.append(name);
}

Error notLost(Reasons reasons)
{
    reasons.toSignIn.sort(); // they came as the fragments lie
    reasons.toConnect.sort();
    QStringList steps;
    if (!reasons.toSignIn.isEmpty())
        steps.append(QStringLiteral("sign in to %1 again, or check its permissions")
                .arg(reasons.toSignIn.join(QStringLiteral(", "))));
    if (!reasons.toConnect.isEmpty())
        steps.append(QStringLiteral("connect %1").arg(reasons.toConnect.join(QStringLiteral(", "))));
    const QString names = (reasons.toSignIn + reasons.toConnect).join(QStringLiteral(", "));
    QString all = reasons.unread.join(QStringLiteral("; "));
    if (!reasons.lost.isEmpty())
        all += QStringLiteral("; lost: ") + reasons.lost.join(QStringLiteral("; "));
    Error error(reasons.wantsSignIn ? Error::Kind::Unauthorised : Error::Kind::Network,
        QStringLiteral("MF-PACK-UNREADABLE"),
        QStringLiteral("too few fragments of a pack can be read without %1: %2, then try again (%3)")
            .arg(names, steps.join(QStringLiteral("; ")), all));
    error.account = reasons.toSignIn.isEmpty() ? reasons.toConnect.value(0) : reasons.toSignIn.value(0);
    return std::move(error).offering(reasons.wantsSignIn ? Error::Action::SignIn : Error::Action::Retry);
}

} // namespace

Task<Error> PackReader::unreadable()
{
    Reasons reasons;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        if (m_rows[i] && !m_bad[i]) {
            ++reasons.mayBeThere;
            continue;
        }
        if (m_bad[i]) {
            Account *account = m_refused[i]->account;
            Error error = m_refused[i]->error;
            FragmentAnswer answer = answerOf(error);
            const bool isHere = m_engine.holding && account == &m_engine.holding->account();
            if (answer == FragmentAnswer::Missing && !isHere) { // believed of an account that is really there
                const auto verified = co_await account->verify(m_engine.ring);
                if (!verified) {
                    answer = FragmentAnswer::Away;
                    error = verified.error();
                }
            }
            if (answer == FragmentAnswer::Away)
                noteUnread(reasons, account->name(), error);
            else
                reasons.lost.append(account->name() + QStringLiteral(": ") + error.message);
            continue;
        }
        // No account of this run has it.
        QString lost = QStringLiteral("fragment %1 was lost with its account").arg(i);
        for (const FragmentPlace &place : m_pack->fragments) {
            const Account *account = m_engine.accounts.find(place.account);
            if (place.index == static_cast<int>(i) && account && !account->record().retired) // as it was last told
                lost = QStringLiteral("fragment %1 is missing or damaged on %2")
                           .arg(QString::number(i), account->name());
        }
        reasons.lost.append(lost);
    }
    if (!reasons.unread.isEmpty() && reasons.mayBeThere >= m_pack->shape.k)
        co_return notLost(std::move(reasons));
    reasons.lost += reasons.unread;
    co_return Error(Error::Kind::Corrupt, QStringLiteral("MF-PACK-UNREADABLE"),
        QStringLiteral("too many fragments of a pack are lost (%1); repair cannot bring it back; store the model again")
            .arg(reasons.lost.join(QStringLiteral("; "))));
}

} // namespace mf
