#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Restores models of a ModelFloat library without ModelFloat.

Needs the recovery kit, enough of the accounts, Python 3 with the packages cryptography and zstandard, and the file
bip39-english.txt beside it. It was written from the description of the format (core/README.md) and shares no code with
ModelFloat. Accounts are folders; download a cloud's ModelFloat folder first, keeping its sub-folders.

    restore.py kit.txt /media/usb/modelfloat /srv/modelfloat                         lists the models
    restore.py kit.txt /media/usb/modelfloat /srv/modelfloat --model NAME --to DIR   restores one
"""
import argparse, base64, hashlib, hmac, itertools, os, re, struct, sys

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HERE = os.path.dirname(os.path.abspath(__file__))


class Damaged(Exception):
    pass


def hkdf(key, salt, info, length=32):
    return HKDF(SHA256(), length, salt, info).derive(key)


def recovery_key(text):
    with open(os.path.join(HERE, "bip39-english.txt")) as file:
        index = {word[:4]: i for i, word in enumerate(file.read().split())}
    text = "\n".join(line for line in text.splitlines() if not line.startswith("#")).lower()
    words = re.findall("[a-z]+", text)
    unknown = [i + 1 for i, word in enumerate(words) if word[:4] not in index]
    if len(words) != 24 or unknown:
        sys.exit(f"a kit has 24 words, this one {len(words)}; not in the list: word {unknown}")
    bits = 0
    for word in words:
        bits = bits << 11 | index[word[:4]]
    key = (bits >> 8).to_bytes(32, "big")
    if hashlib.sha256(key).digest()[0] != bits & 0xFF:
        sys.exit("the kit's checksum is wrong: a word is mistyped")
    return key


def cbor(data):
    value, end = cbor_item(data, 0)
    if end != len(data):
        raise Damaged("more than one CBOR item")
    return value


def cbor_item(data, at):
    kind, short = data[at] >> 5, data[at] & 31
    at += 1
    if kind == 7:
        return {20: False, 21: True, 22: None}[short], at
    number = short
    if short >= 24:
        width = 1 << (short - 24)
        number, at = int.from_bytes(data[at : at + width], "big"), at + width
    if kind < 2:
        return (number if kind == 0 else -1 - number), at
    if kind in (2, 3):
        raw = data[at : at + number]
        return (raw if kind == 2 else raw.decode()), at + number
    items = []
    for _ in range(number * (2 if kind == 5 else 1)):
        item, at = cbor_item(data, at)
        items.append(item)
    return (dict(zip(items[::2], items[1::2])) if kind == 5 else items), at


def varint(data, at):
    value = shift = 0
    while True:
        byte, at = data[at], at + 1
        value, shift = value | (byte & 127) << shift, shift + 7
        if byte < 128:
            return value, at


# GF(2^8) with 0x11d. TIMES[a] is the table for bytes.translate that multiplies by a.
EXP, LOG = [0] * 510, [0] * 256
x = 1
for i in range(255):
    EXP[i] = EXP[i + 255] = x
    LOG[x] = i
    x = x << 1 ^ (0x11D if x & 128 else 0)
TIMES = [bytes(0 if not a or not b else EXP[LOG[a] + LOG[b]] for b in range(256)) for a in range(256)]


def inverse(a):
    return EXP[255 - LOG[a]]


def row_of(index, k):
    return [inverse(index ^ j) if index >= k else int(index == j) for j in range(k)]


def combine(factors, blocks):
    total = 0
    for factor, block in zip(factors, blocks):
        if factor:
            total ^= int.from_bytes(block.translate(TIMES[factor]), "little")
    return total.to_bytes(len(blocks[0]), "little")


def solve(rows):
    """The inverse of a k x k matrix."""
    k = len(rows)
    work = [list(row) + [int(i == j) for j in range(k)] for i, row in enumerate(rows)]
    for column in range(k):
        pivot = next(r for r in range(column, k) if work[r][column])
        work[column], work[pivot] = work[pivot], work[column]
        scale = TIMES[inverse(work[column][column])]
        work[column] = [scale[v] for v in work[column]]
        for r in range(k):
            if r != column and work[r][column]:
                factor = TIMES[work[r][column]]
                work[r] = [v ^ factor[w] for v, w in zip(work[r], work[column])]
    return [row[k:] for row in work]


def unzstd(data, size):
    return zstandard.ZstdDecompressor().decompress(data, max_output_size=size) if size else b""


def decode(codec, data, size):
    if codec == 0:
        return data
    if codec == 1:
        return unzstd(data, size)
    parts = {2: 2, 3: 2, 4: 4, 5: 1}[codec]
    count, at, planes = size // parts, 4 * parts, []
    for i in range(parts):
        field = struct.unpack_from("<I", data, 4 * i)[0]
        stored = data[at : at + (field >> 8)]
        at += field >> 8
        planes.append(unzstd(stored, count) if field & 255 else stored)
    tail = data[at:]
    if parts == 1:
        return planes[0] + tail
    # Each element was rotated left by one bit: back to the right. The lowest bit of a byte goes to the one below.
    halved, carried = bytes(b >> 1 for b in range(256)), bytes((b & 1) << 7 for b in range(256))
    plain = bytearray(parts * count)
    for i, plane in enumerate(planes):
        above = planes[(i + 1) % parts].translate(carried)
        joined = int.from_bytes(plane.translate(halved), "little") | int.from_bytes(above, "little")
        plain[i::parts] = joined.to_bytes(count, "little")
    return bytes(plain) + tail


class Library:
    def __init__(self, kit, folders):
        self.files = {}  # name -> paths
        for folder in folders:
            for path, _, names in os.walk(folder):
                for name in names:
                    full = os.path.join(path, name)
                    relative = os.path.relpath(full, folder).replace(os.sep, "/")
                    self.files.setdefault(relative, []).append(full)
        found = []  # of several library objects the one that knows most keys
        for data in (d for name in self.files if name.startswith("lib/") for d in self.read(name)):
            self.id, self.masters = data[:16], [hkdf(kit, data[:16], b"mf1 master")]
            opened = self.unseal(b"library", data[16:])
            if opened:
                found.append((cbor(opened)["epochs"], self.id))
        if not found:
            sys.exit("this kit opens no library in these folders")
        self.masters, self.id = max(found, key=lambda f: len(f[0]))
        self.names = hkdf(self.masters[0], None, b"names")

    def read(self, name):
        for path in self.files.get(name, []):
            with open(path, "rb") as file:
                yield file.read()

    def keyed(self, purpose, content):
        mac = hmac.new(self.names, purpose + b"\0" + content, "sha256").digest()
        return base64.b32encode(mac).decode().lower().rstrip("="), mac

    def derive(self, salt, commitment, kind, ident):
        for master in reversed(self.masters):
            both = hkdf(master, salt, b"mf1" + kind + ident, 64)
            if hmac.compare_digest(both[32:], commitment):
                return AESGCM(both[:32])
        return None

    def unseal(self, kind, data):
        cipher = self.derive(data[:32], data[32:64], kind, self.id)
        try:
            return cipher and cipher.decrypt(bytes(12), data[64:], b"mf1" + kind + self.id)
        except InvalidTag:
            return None

    def object(self, kind, digest):
        for data in self.read("meta/" + self.keyed(kind, digest)[0]):
            if hashlib.sha256(data).digest() == digest:
                opened = self.unseal(kind, data)
                if opened:
                    return cbor(opened)
        return None

    def events(self):
        """All events of the log, each with the clock and hash of the segment where it was said first."""
        for name in [n for n in self.files if n.startswith("log/")]:
            for data in self.read(name):
                opened = self.unseal(b"segment", data)
                segment = cbor(opened) if opened else {"l": 0, "e": []}
                for event in segment["e"]:
                    if event["k"] != "checkpoint":
                        yield (segment["l"], hashlib.sha256(data).digest()), event
                        continue
                    for told in event["s"]:  # segments that may be deleted, told again
                        yield from (((told["l"], told["h"]), old) for old in told["e"])

    def models(self):
        """Revisions that are there, by id, as the newest event tells each; and all index objects."""
        revisions, indexes, given, taken = {}, [], {}, set()
        for when, event in self.events():
            indexes += event.get("i", [])
            if event["k"] == "revision":
                revisions.setdefault(event["r"], []).append((when, event))
            elif event["k"] == "trash":
                taken |= {(event["r"], presence) for presence in event["a"]}
            elif event["k"] == "restore":
                given.setdefault(event["r"], set()).add(event["a"])
        found = []
        for revision, events in revisions.items():
            presences = given.get(revision, set()) | {revision}
            if any((revision, p) not in taken for p in presences):
                first, last = min(events, key=lambda e: e[0]), max(events, key=lambda e: e[0])
                found.append((first[0], last[1]))
        return [event for _, event in sorted(found, key=lambda f: f[0])], indexes


class Pack:
    """A pack, from any k fragments; other combinations where what they give does not verify."""

    def __init__(self, library, ident):
        self.library, self.id, self.fragments = library, ident, {}
        for index in range(255):
            text, mac = library.keyed(b"fragment", ident + bytes([index]))
            for data in library.read(f"f/{mac[0]:02x}/{text}"):
                header = self.header(data)
                if header and header[4] == ident and header[2] == index:
                    self.k, self.salt, self.commitment, self.payload_length, self.length = header[1], *header[5:]
                    self.fragments.setdefault(index, data[156 : 156 + self.length])
        self.cipher = self.fragments and library.derive(self.salt, self.commitment, b"pack", ident)
        self.sources = self.payloads() if self.cipher else iter(())
        self.tried = []
        self.records = self.directory()

    def header(self, data):
        for master in reversed(self.library.masters):
            try:
                key = hkdf(master, None, b"header")
                plain = AESGCM(key).decrypt(data[:12], data[12:156], b"mf1 fragment")
                magic, version, *rest = struct.unpack_from("<4sHBB16s16s32s32sII", plain)
                if magic == b"MFF1" and version == 1:
                    k, index, library, pack, salt, commitment, payload, length = rest
                    return version, k, index, library, pack, salt, commitment, payload, length
            except (InvalidTag, ValueError):
                pass
        return None

    def payloads(self):
        for chosen in itertools.combinations(sorted(self.fragments), self.k):
            blocks = [self.fragments[i] for i in chosen]
            matrix = solve([[1]] if self.k == 1 else [row_of(i, self.k) for i in chosen])
            yield b"".join(combine(row, blocks) for row in matrix)[: self.payload_length]

    def attempts(self):
        yield from self.tried
        for payload in self.sources:
            self.tried.append(payload)
            yield payload

    def open(self, number, data, aad):
        return self.cipher.decrypt(struct.pack("<Q4x", number), data, aad)

    def directory(self):
        for payload in self.attempts():
            try:
                footer = self.open(2**32 + 1, payload[-32:], b"mf1 footer" + self.id)
                offset, length, count = struct.unpack_from("<III", footer)
                data = self.open(2**32, payload[offset : offset + length + 16], b"mf1 directory" + self.id)
            except InvalidTag:
                continue
            records, at, place = {}, 0, 0
            for number in range(count):
                digest, at = data[at : at + 32], at + 32
                encoded, plain = (int.from_bytes(data[at + i : at + i + 3], "little") for i in (0, 3))
                codec, at = data[at + 6], at + 7
                if codec & 128:
                    size, at = varint(data, at)
                    at += size
                records[digest] = (number, place, encoded, plain, codec & 127)
                place += encoded + 16
            return records
        return {}

    def chunk(self, digest):
        number, place, encoded, plain, codec = self.records[digest]
        aad = b"mf1 record" + self.id + struct.pack("<IBI", number, codec, plain)
        for payload in self.attempts():
            try:
                data = decode(codec, self.open(number, payload[place : place + encoded + 16], aad), plain)
            except (InvalidTag, zstandard.ZstdError):
                continue
            if hashlib.sha256(data).digest() == digest:
                return data
        raise Damaged("a chunk cannot be read: too many accounts are missing or damaged")


class Chunks:
    def __init__(self, library, packs, indexes):
        self.library, self.indexes, self.places, self.recent = library, indexes, {}, {}
        self.learn(packs)

    def learn(self, packs):
        for ident in packs:
            for digest in self.pack(ident).records:
                self.places.setdefault(digest, ident)

    def pack(self, ident):
        if ident not in self.recent:
            if len(self.recent) > 2:
                self.recent.pop(next(iter(self.recent)))
            self.recent[ident] = Pack(self.library, ident)
        return self.recent[ident]

    def __getitem__(self, digest):
        if digest not in self.places and self.indexes:  # moved into another pack since the model was stored
            objects = [self.library.object(b"index", i) for i in self.indexes]
            self.indexes = []
            self.learn(pack["i"] for index in objects if index for pack in index["q"])
        if digest not in self.places:
            raise Damaged("a chunk is in none of the packs that can be read: connect more accounts")
        return self.pack(self.places[digest]).chunk(digest)


def path_bytes(text):
    return b"".join(bytes([ord(c) - 0xF700]) if 0xF780 <= ord(c) <= 0xF7FF else c.encode() for c in text)


def write_file(entry, chunks, folder):
    path = os.path.join(os.fsencode(folder), path_bytes(entry["p"]))
    if entry["p"].endswith("/"):
        return os.makedirs(path, exist_ok=True)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    digest = hashlib.sha256()
    lists = [chunks[leaf["h"]] for leaf in entry["l"]] if "l" in entry else [entry["c"]]
    with open(path, "wb") as file:
        for pieces in lists:
            at = 0
            while at < len(pieces):
                kind, at = pieces[at], at + 1
                if kind == 0:
                    data, at = chunks[pieces[at : at + 32]], at + 32
                    _, at = varint(pieces, at)
                else:
                    length, at = varint(pieces, at)
                    data = pieces[at : at + length] if kind == 1 else bytes(length)
                    at += length if kind == 1 else 0
                digest.update(data)
                file.write(data)
    if digest.digest() != entry["h"]:
        raise Damaged(f"{entry['p']} differs from what was stored")
    os.chmod(path, 0o755 if entry["x"] else 0o644)
    if entry["t"]:
        os.utime(path, ns=(entry["t"] * 10**6,) * 2)
    print(f"{entry['p']}: {entry['s']} bytes, SHA-256 {entry['h'].hex()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kit", help="the file with the kit's 24 words")
    parser.add_argument("accounts", nargs="+", help="folders that hold what lies on the accounts")
    parser.add_argument("--model", help="restore this model, its newest revision; without it, list them")
    parser.add_argument("--to", default=".", help="the folder to write into")
    arguments = parser.parse_args()
    with open(arguments.kit, encoding="utf-8") as file:
        library = Library(recovery_key(file.read()), arguments.accounts)
    models, indexes = library.models()
    if not arguments.model:
        for event in models:
            print(event["n"])
        return
    chosen = [event for event in models if event["n"] == arguments.model]
    if not chosen:
        sys.exit("there is no such model; without --model they are listed")
    manifest = library.object(b"manifest", chosen[-1]["o"])
    if not manifest:
        sys.exit("the model's manifest is on none of these accounts")
    chunks = Chunks(library, manifest["q"], indexes)
    for entry in manifest["f"]:
        write_file(entry, chunks, arguments.to)


if __name__ == "__main__":
    try:
        main()
    except Damaged as error:
        sys.exit(str(error))
