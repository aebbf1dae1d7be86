// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/distributor/objects/checkpoint.h"
#include "core/distributor/objects/index_object.h"
#include "core/distributor/objects/manifest.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <map>

namespace mf {
namespace {

using Origins = std::map<std::pair<quint64, ObjectHash>, ToldSegment>;

// The events of the log by where each was said first. Two checkpoints may tell the same.
void spread(const ToldSegment &segment, bool isTold, Origins &into)
{
    for (const Cbor &event : segment.events) {
        if (event.is_object() && event.value("k", Cbor()) == kCheckpointKind) {
            const auto checkpoint = isTold ? Result<Checkpoint>(Checkpoint()) : readCheckpoint(event);
            if (!checkpoint)
                continue; // read by nobody: it covers nothing
            for (const ToldSegment &told : checkpoint->told)
                spread(told, true, into);
            continue;
        }
        ToldSegment &origin = into[{ segment.lamport, segment.hash }];
        origin.hash = segment.hash;
        origin.author = segment.author;
        origin.lamport = segment.lamport;
        if (std::find(origin.events.begin(), origin.events.end(), event) == origin.events.end())
            origin.events.push_back(event);
    }
}

class Teller
{
public:
    Teller(const KeyRing &ring, const std::set<SessionId> &open)
        : m_ring(ring)
        , m_open(open)
    {
    }

    void read(const ToldSegment &origin)
    {
        Segment segment;
        segment.author = origin.author;
        segment.lamport = origin.lamport;
        segment.events = origin.events;
        const auto record = registryRecord(origin.hash, BlobName(), segment, QDateTime());
        for (const DoomRecord &doom : record.dooms)
            add(doom);
        for (const DoomId &doom : record.pardons)
            m_pardons.insert(doom, origin.author);
        for (const DoomId &doom : record.gone)
            m_gone.insert(doom);
        for (const auto &trash : record.trashes) {
            for (const PresenceId &presence : trash.presences)
                m_taken.insert(trash.revision.toByteArray() + presence.toByteArray());
        }
        for (const auto &restore : record.restores)
            m_given.insert(restore.revision, restore.presence);
        for (const auto &revision : record.revisions)
            m_revisions[revision.revision].push_back({ origin.lamport, origin.hash, revision });
    }

    void decide()
    {
        for (const DoomRecord &doom : std::as_const(m_dooms)) {
            if (!m_gone.contains(doom.id))
                continue;
            for (const PackId &pack : doom.packs)
                m_gonePacks.insert(pack);
            for (const QString &name : doom.objects)
                m_goneObjects.insert(name);
        }
        for (auto &[id, events] : m_revisions)
            decideRevision(id, events);
        for (auto &[id, events] : m_revisions) {
            for (RevisionEvent &event : events) {
                if (event.isKept || !hasNeededIndex(event.said.indexes))
                    continue;
                event.isKept = true; // its index objects are still there, and nothing else names them
                name(event);
            }
        }
    }

    std::optional<Cbor> told(const ToldSegment &origin, const Cbor &event)
    {
        CborReader reader(event);
        const QString kind = reader.text("k");
        if (kind == QStringLiteral("revision"))
            return keepIf(event, isRevisionKept(reader.id<RevisionId>("r"), origin));
        if (kind.startsWith(QStringLiteral("session-"))) {
            const bool isOpen = m_open.contains(reader.id<SessionId>("s"));
            const bool isNeeded = reader.has("i") && hasNeededIndex(reader.ids<ObjectHash>("i"));
            return keepIf(event, isOpen || isNeeded || reader.failed());
        }
        if (kind == QStringLiteral("doom"))
            return toldDoom(reader.id<DoomId>("d"), event);
        if (kind == QStringLiteral("gone"))
            return keepIf(event, isEndNeeded(reader.id<DoomId>("d")));
        return event; // tombstones, accounts that are retired, what a later version knows
    }

private:
    struct RevisionEvent {
        quint64 lamport = 0;
        ObjectHash origin;
        Registry::RevisionEvent said;
        bool isKept = false;
    };

    // A checkpoint may have told only part of it.
    void add(const DoomRecord &doom)
    {
        const auto known = m_dooms.find(doom.id);
        if (known == m_dooms.end()) {
            m_dooms.insert(doom.id, doom);
            return;
        }
        const auto addAll = [](const auto &from, auto &to) {
            for (const auto &item : from) {
                if (std::find(to.begin(), to.end(), item) == to.end())
                    to.push_back(item);
            }
        };
        addAll(doom.packs, known->packs);
        addAll(doom.fragments, known->fragments);
        addAll(doom.objects, known->objects);
    }

    static std::optional<Cbor> keepIf(const Cbor &event, bool is)
    {
        return is ? std::optional<Cbor>(event) : std::nullopt;
    }

    bool isRemoved(const RevisionId &revision) const
    {
        QList<PresenceId> presences = m_given.values(revision);
        presences.append(PresenceId(revision.bytes));
        return std::all_of(presences.begin(), presences.end(), [&](const PresenceId &presence) {
            return m_taken.contains(revision.toByteArray() + presence.toByteArray());
        });
    }

    bool isGone(const ObjectHash &manifest) const
    {
        return m_goneObjects.contains(manifestName(m_ring, manifest).value);
    }

    // The first one gives the revision its place among others, the newest one says what it is now.
    void decideRevision(const RevisionId &id, std::vector<RevisionEvent> &events)
    {
        std::sort(events.begin(), events.end(), [](const RevisionEvent &a, const RevisionEvent &b) {
            return std::tie(a.lamport, a.origin) < std::tie(b.lamport, b.origin);
        });
        RevisionEvent &newest = events.back();
        const bool isOver = isRemoved(id) && isGone(newest.said.manifest);
        for (RevisionEvent &event : events) {
            const bool isEnd = &event == &events.front() || &event == &newest;
            const bool isNamedOrGone = event.said.manifest == newest.said.manifest || isGone(event.said.manifest);
            event.isKept = isOver ? !isGone(event.said.manifest) : isEnd || !isNamedOrGone;
        }
        for (const RevisionEvent &event : events) {
            if (event.isKept)
                name(event);
        }
    }

    void name(const RevisionEvent &event)
    {
        for (const ObjectHash &index : event.said.indexes)
            m_named.insert(index);
        m_manifests.insert(event.said.manifest);
    }

    // Something has to remember it until it is deleted.
    bool hasNeededIndex(const std::vector<ObjectHash> &indexes)
    {
        bool isNeeded = false;
        for (const ObjectHash &index : indexes) {
            if (m_named.contains(index) || m_goneObjects.contains(indexName(m_ring, index).value))
                continue;
            isNeeded = true;
        }
        return isNeeded;
    }

    bool isRevisionKept(const RevisionId &id, const ToldSegment &origin) const
    {
        const auto known = m_revisions.find(id);
        if (known == m_revisions.end())
            return true; // what cannot be read is nobody's to judge
        return std::any_of(known->second.begin(), known->second.end(), [&origin](const RevisionEvent &event) {
            return event.isKept && event.origin == origin.hash && event.lamport == origin.lamport;
        });
    }

    // What is still told of a doom that was carried out.
    DoomRecord rest(const DoomRecord &doom)
    {
        if (m_names.isEmpty()) {
            for (const ObjectHash &index : std::as_const(m_named))
                m_names.insert(indexName(m_ring, index).value);
            for (const ObjectHash &manifest : std::as_const(m_manifests))
                m_names.insert(manifestName(m_ring, manifest).value);
        }
        DoomRecord left = doom;
        std::erase_if(left.fragments, [this](const FragmentKey &key) { return m_gonePacks.contains(key.pack); });
        left.objects.removeIf([this](const QString &name) { return !m_names.contains(name); });
        return left;
    }

    static bool isEmpty(const DoomRecord &doom)
    {
        return doom.packs.empty() && doom.fragments.empty() && doom.objects.isEmpty();
    }

    bool isEndNeeded(const DoomId &id)
    {
        const auto doom = m_dooms.constFind(id);
        return doom == m_dooms.constEnd() || !isEmpty(rest(*doom));
    }

    std::optional<Cbor> toldDoom(const DoomId &id, const Cbor &event)
    {
        const auto doom = m_dooms.constFind(id);
        if (doom == m_dooms.constEnd())
            return event;
        if (!m_gone.contains(id))
            return keepIf(event, !m_pardons.contains(id, doom->author));
        const DoomRecord left = rest(*doom);
        return isEmpty(left) ? std::nullopt : std::optional<Cbor>(events::doom(left));
    }

    const KeyRing &m_ring;
    const std::set<SessionId> &m_open;
    QHash<DoomId, DoomRecord> m_dooms;
    QMultiHash<DoomId, ComputerId> m_pardons;
    QSet<DoomId> m_gone;
    QSet<PackId> m_gonePacks;
    QSet<QString> m_goneObjects;
    QSet<QByteArray> m_taken;
    QMultiHash<RevisionId, PresenceId> m_given;
    std::map<RevisionId, std::vector<RevisionEvent>> m_revisions;
    QSet<ObjectHash> m_named; // index objects
    QSet<ObjectHash> m_manifests;
    QSet<QString> m_names; // blobs of both
};

} // namespace

std::vector<ToldSegment> tellAgain(
    const KeyRing &ring, const std::vector<ToldSegment> &log, const std::set<SessionId> &open)
{
    Origins origins;
    for (const ToldSegment &segment : log)
        spread(segment, false, origins);
    Teller teller(ring, open);
    for (const auto &[key, origin] : origins)
        teller.read(origin);
    teller.decide();
    std::vector<ToldSegment> told;
    for (const auto &[key, origin] : origins) {
        ToldSegment rest = origin;
        rest.events = Cbor::array();
        for (const Cbor &event : origin.events) {
            auto kept = teller.told(origin, event);
            if (kept && std::find(rest.events.begin(), rest.events.end(), *kept) == rest.events.end())
                rest.events.push_back(std::move(*kept));
        }
        if (!rest.events.empty())
            told.push_back(std::move(rest));
    }
    return told;
}

} // namespace mf
