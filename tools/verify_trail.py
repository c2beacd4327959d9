#!/usr/bin/env python3
"""Check an exported trail of the register, with nothing but this file and Python 3.11 or newer.

    verify_trail.py check EXPORT [--anchors FOLDER] [--partial]
    verify_trail.py prove EXPORT SEQ PROOF
    verify_trail.py proof PROOF ANCHOR

`check` reads an export (`manage.py audit export`): every entry has the hash of what it says and holds the hash of the
entry before it. With `--anchors`, a folder of anchor files that were kept elsewhere: the entries lead to the root of
every day. Only anchors show that the end was cut off or that all was made anew from some point, so use those that you
got yourself (by mail, from a backup), not those that came with the export. `prove` writes the proof that one entry
belongs to its day; `proof` checks such a proof against one anchor.

Exit code 0: right; 1: not right, and the first bad entry is named; 2: it could not be judged.

What is hashed: SHA-256 over the bytes of `entry` in its line, which are canonical JSON (RFC 8785 with whole numbers
only). Trees are those of RFC 9162: a leaf is SHA-256(0x00 + hash of the entry), a node SHA-256(0x01 + left + right).
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

NOTHING = "0" * 64
START = '{"entry":'
DECODER = json.JSONDecoder()


class Bad(Exception):
    """`seq` is the first entry that is not right, or the place where one is missing."""

    def __init__(self, seq, sentence):
        super().__init__(f"entry {seq}: {sentence}")
        self.seq = seq


def canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf(hexadecimal):
    return hashlib.sha256(b"\x00" + bytes.fromhex(hexadecimal)).digest()


class Tree:
    """A Merkle tree that grows leaf by leaf and keeps about log2(n) hashes."""

    def __init__(self):
        self.size, self.whole = 0, []

    def add(self, hexadecimal):
        found, size = leaf(hexadecimal), self.size
        while size & 1:
            found, size = node(self.whole.pop(), found), size >> 1
        self.whole.append(found)
        self.size += 1

    def root(self):
        if not self.whole:
            return sha256(b"")
        found = self.whole[-1]
        for left in reversed(self.whole[:-1]):
            found = node(left, found)
        return found.hex()


def read(path):
    """(entry, the bytes that are hashed, the hash, what opens its name) of every line."""
    with open(path, encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                if not line.startswith(START):
                    raise ValueError(line)
                entry, end = DECODER.raw_decode(line, len(START))
                rest = json.loads("{" + line[end + 1 :])
                found = entry, line[len(START) : end].encode(), rest["hash"], rest.get("opened")
                bytes.fromhex(rest["hash"] + entry["prev"] + entry["after"])
                whole = isinstance(entry["seq"], int) and isinstance(entry["payload"], dict) and entry["v"] == 1
                if not whole or not isinstance(entry["at"], str) or not isinstance(entry["action"], str):
                    raise ValueError(line)
            except (ValueError, KeyError, TypeError):
                raise Bad(number, "its line cannot be read") from None
            yield found


def check_entry(entry, data, hashed, opened):
    """An entry by itself."""
    seq, payload = entry["seq"], entry["payload"]
    if sha256(data) != hashed:
        raise Bad(seq, "does not have the hash of what it says")
    if opened and sha256(canonical(["name", opened["salt"], opened["name"]])) != entry["name"]:
        raise Bad(seq, "stands for another name than was told")
    if "tables" in payload and sha256(canonical(payload["tables"])) != entry["after"]:
        raise Bad(seq, "does not commit to the tables that it lists")
    if "tables" in payload and "rows" in payload:
        trees = {}
        for table, _, _, row in payload["rows"]:
            trees.setdefault(table, Tree()).add(row)
        said = {table: (one["n"], one["root"]) for table, one in payload["tables"].items()}
        if said != {table: (tree.size, tree.root()) for table, tree in trees.items()}:
            raise Bad(seq, "does not commit to the rows that it lists")


class Anchors:
    """The anchors of a folder, met in the order of the entries they cover."""

    def __init__(self, folder):
        self.files = {}
        for path in sorted(Path(folder).glob("trail-*.json")) if folder else ():
            self.files[path.name] = json.loads(path.read_bytes())
        self.wanted = bool(folder)
        self.ends = {}
        for name, one in self.files.items():
            self.ends.setdefault(one["last"], []).append((name, one))
        self.day, self.tree, self.first = "", Tree(), 0
        self.told = {}
        self.met = set()
        self.sure = 0

    def follow(self, entry, hashed):
        """The next entry; raises where it ends an anchor that it does not lead to."""
        if entry["at"][:10] != self.day:
            self.day, self.tree, self.first = entry["at"][:10], Tree(), entry["seq"]
        self.tree.add(hashed)
        for name, one in self.ends.get(entry["seq"], ()):
            self.met.add(name)
            right = (one["day"], one["first"], one["root"], one["head"]) == (
                self.day,
                self.first,
                self.tree.root(),
                hashed,
            )
            if not right:
                # All that an earlier anchor covers was right.
                bad = max(self.sure + 1, one["first"])
                raise Bad(bad, f"the entries {bad} to {one['last']} are not those of {name}")
            self.sure = one["last"]
        if entry["action"] == "trail.anchor":
            told = entry["payload"]
            try:
                self.told[f"trail-{told['day']}-{told['last']:012d}.json"] = (entry["seq"], told)
            except (KeyError, TypeError, ValueError):
                raise Bad(entry["seq"], "tells of an anchor that is none") from None

    def finish(self, last, start):
        """What is left when the export ends: anchors of entries that are not there, anchors that are gone."""
        for name, (seq, one) in self.told.items() if self.wanted else ():
            if self.files.get(name) != one:
                how = "says something else" if name in self.files else "is gone"
                raise Bad(seq, f"its anchor {name} {how}")
        for name, one in self.files.items():
            if name not in self.met and one["last"] >= start:
                raise Bad(last + 1, f"is missing: {name} knows {one['last']} entries")
            if name not in self.told and one["last"] >= start:
                raise Bad(last + 1, f"is missing: the entry that told of {name}")


def check(path, folder, partial):
    """(number of entries, of anchors). Raises Bad."""
    anchors, count, start = Anchors(folder), 0, 1
    last, before, at = 0, NOTHING, ""
    for entry, data, hashed, opened in read(path):
        seq = entry["seq"]
        if not count and partial:
            last, before, start = seq - 1, entry["prev"], seq
        if seq != last + 1:
            raise Bad(last + 1, f"is missing or out of place: after {last} comes {seq}")
        try:
            check_entry(entry, data, hashed, opened)
        except (AttributeError, KeyError, TypeError, ValueError):
            raise Bad(seq, "says something that cannot be read") from None
        if entry["prev"] != before:
            raise Bad(seq, "does not hold the hash of the entry before it")
        if entry["at"] < at:
            raise Bad(seq, "is older than the entry before it")
        anchors.follow(entry, hashed)
        last, before, at, count = seq, hashed, entry["at"], count + 1
    anchors.finish(last, start)
    return count, len(anchors.met)


def path_of(hashes, index):
    if len(hashes) == 1:
        return []
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    if index < half:
        return [*path_of(hashes[:half], index), root_of(hashes[half:])]
    return [*path_of(hashes[half:], index - half), root_of(hashes[:half])]


def root_of(hashes):
    if len(hashes) == 1:
        return hashes[0]
    half = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node(root_of(hashes[:half]), root_of(hashes[half:]))


def prove(path, seq):
    """The proof that one entry of an export belongs to its day."""
    day, entries, found = "", [], None
    for entry, _, hashed, _ in read(path):
        if entry["at"][:10] != day:
            if found:
                break
            day, entries = entry["at"][:10], []
        entries.append((entry["seq"], hashed))
        if entry["seq"] == seq:
            found = (entry, len(entries) - 1, day)
    if not found:
        raise Bad(seq, "is not in the export")
    entry, index, day = found
    hashes = [leaf(hashed) for _, hashed in entries]
    path = [step.hex() for step in path_of(hashes, index)]
    return {
        "day": day,
        "entry": entry,
        "index": index,
        "last": entries[-1][0],
        "path": path,
        "root": root_of(hashes).hex(),
        "size": len(hashes),
    }


def check_proof(proof, anchor):
    """Raises Bad where the entry of `proof` is not one of those that `anchor` covers (RFC 9162, 2.1.3.2)."""
    seq, index, last = proof["entry"]["seq"], proof["index"], proof["size"] - 1
    if (proof["day"], proof["size"]) != (anchor["day"], anchor["last"] - anchor["first"] + 1):
        raise Bad(seq, "is proven for another day or another number of entries than the anchor's")
    if seq != anchor["first"] + index:
        raise Bad(seq, "does not stand where the proof says")
    found = leaf(sha256(canonical(proof["entry"])))
    for step in map(bytes.fromhex, proof["path"]):
        if last == 0:
            raise Bad(seq, "has a path that is too long")
        if index & 1 or index == last:
            found = node(step, found)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            found = node(found, step)
        index, last = index >> 1, last >> 1
    if last or found.hex() != anchor["root"]:
        raise Bad(seq, "does not lead to the root of the anchor")


def run(options):
    """What is said when all is right. Raises Bad, OSError, ValueError."""
    if options.todo == "check":
        entries, met = check(options.export, options.anchors, options.partial)
        return f"The export is whole: {entries} entries, {met} anchors." + (
            ""
            if options.anchors
            else " Without anchors nobody can say whether its end was cut off or it was made anew."
        )
    if options.todo == "prove":
        Path(options.proof).write_bytes(canonical(prove(options.export, options.seq)) + b"\n")
        return f"The proof of entry {options.seq} is written."
    proof, anchor = (json.loads(Path(path).read_bytes()) for path in (options.proof, options.anchor))
    check_proof(proof, anchor)
    return f"Entry {proof['entry']['seq']} was in the trail of {proof['day']} when that was anchored."


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Check an exported trail of the register.")
    todo = parser.add_subparsers(dest="todo", required=True)
    one = todo.add_parser("check", help="every entry, their order, and the roots of days")
    one.add_argument("export")
    one.add_argument("--anchors", help="folder of anchor files")
    one.add_argument("--partial", action="store_true", help="the export does not begin with entry 1")
    one = todo.add_parser("prove", help="write the proof that one entry belongs to its day")
    one.add_argument("export")
    one.add_argument("seq", type=int)
    one.add_argument("proof")
    one = todo.add_parser("proof", help="check such a proof against an anchor")
    one.add_argument("proof")
    one.add_argument("anchor")
    try:
        print(run(parser.parse_args(arguments)))
    except Bad as bad:
        print(f"NOT WHOLE. First bad entry: {bad.seq}. {str(bad).capitalize()}.", file=sys.stderr)
        return 1
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"It could not be judged: {error!r}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
