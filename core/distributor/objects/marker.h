// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/crypto/key_ring.h"

namespace mf {

// What makes a place an account of a library: without a readable marker the place is
// "not there" (an unmounted disk, a wiped folder), never "empty".
// CBOR {"v":1,"library":16,"account":16}, sealed as "marker" under the library id;
// its name is the same on every account, so it is found without knowing the account.
struct Marker {
    LibraryId library;
    AccountId account;
};
BlobName markerName(const KeyRing &ring);
QByteArray sealMarker(const KeyRing &ring, const Marker &marker);
Result<Marker> openMarker(const KeyRing &ring, ByteView sealed);

// The library object: library id (16 bytes, plain) | sealed CBOR {"v":1,"library":16,"epochs":[M_0, M_1, …],
// "g":[generations]} under the newest epoch: the newest kit opens all older epochs. It is small, lies on every
// account, and is named by its hash below "lib/". "g" is left out where each is one more than the one before.
constexpr quint64 kLibraryFormat = 1; // a newer number: refuse to write
QByteArray sealLibraryObject(const KeyRing &ring);
// One under each epoch of the newest generation: of kits that were made at once, any opens all.
std::vector<QByteArray> sealLibraryObjects(const KeyRing &ring);
BlobName libraryObjectName(const KeyRing &ring, ByteView object);
// Nothing but a length check; a plain field.
Result<LibraryId> libraryIdOf(ByteView object);
// With the master key of the object's newest epoch (KeyRing::masterOf a kit).
// Unauthorised "MF-KIT-OTHER": the kit belongs to another library or epoch. Unsupported "MF-LIBRARY-NEWER".
Result<KeyRing> openLibraryObject(const SecretKey &master, ByteView object);

} // namespace mf
