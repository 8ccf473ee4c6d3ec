"""Reads a log over HTTP as C2SP tlog-tiles, tlog-checkpoint, signed-note and tlog-cosignature say; knows nothing of Wasl.

    verify.py PREFIX VKEY [--witness VKEY] [--earlier SIZE ROOT]...

Fetches the checkpoint, every tile and every bundle of entries, at the width they have in the tree; recomputes each
hash from the entries up; compares the root, and the root of each earlier size. Prints the size and the root, or fails.
Only Ed25519 is left to openssl.
"""

import argparse
import base64
import gzip
import hashlib
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request


class Refused(Exception):
    pass


def fetch(url, accept_gzip=False):
    request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"} if accept_gzip else {})
    with urllib.request.urlopen(request) as answer:
        body = answer.read()
        return answer.headers, gzip.decompress(body) if answer.headers["Content-Encoding"] == "gzip" else body


# signed-note


def read_vkey(text):
    name, key_id, encoded = text.strip().split("+", 2)
    material = base64.b64decode(encoded, validate=True)
    expected = hashlib.sha256(name.encode() + b"\n" + material).digest()[:4]
    if expected.hex() != key_id or len(material) != 33:
        raise Refused(f"the key {name} is not of its id")
    return {"name": name, "id": expected, "type": material[0], "key": material[1:]}


def is_ed25519(key, message, signature):
    spki = bytes.fromhex("302a300506032b6570032100") + key
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("key", spki), ("message", message), ("signature", signature)):
            with open(f"{folder}/{name}", "wb") as file:
                file.write(content)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", f"{folder}/key", "-rawin"]
        command += ["-in", f"{folder}/message", "-sigfile", f"{folder}/signature"]
        return subprocess.run(command, capture_output=True).returncode == 0


def check_note(note, vkey):
    text, _, lines = note.rpartition("\n\n")
    text += "\n"
    if not note.endswith("\n"):
        raise Refused("the note does not end with a newline")
    for line in lines.splitlines():
        dash, name, encoded = line.split(" ")
        raw = base64.b64decode(encoded, validate=True)
        if dash != "\u2014":
            raise Refused(f"not a signature line: {line}")
        if name != vkey["name"] or raw[:4] != vkey["id"]:
            continue
        if vkey["type"] == 1 and len(raw) == 68:
            good = is_ed25519(vkey["key"], text.encode(), raw[4:])
        elif vkey["type"] == 4 and len(raw) == 76:
            # tlog-cosignature: the time in eight bytes, then the signature of two lines before the note's text.
            time = int.from_bytes(raw[4:12], "big")
            good = is_ed25519(vkey["key"], f"cosignature/v1\ntime {time}\n{text}".encode(), raw[12:])
        else:
            raise Refused(f"the signature of {name} is not of its key's type")
        if not good:
            raise Refused(f"the signature of {name} is wrong")
        return text
    raise Refused(f"no signature of {vkey['name']}")


def read_checkpoint(text, origin):
    lines = text.split("\n")
    if lines[0] != origin or str(int(lines[1])) != lines[1]:
        raise Refused("the first two lines are not the origin and a size")
    root = base64.b64decode(lines[2], validate=True)
    if len(root) != 32:
        raise Refused("the root is not a SHA-256")
    return int(lines[1]), root


# RFC 6962 section 2.1, over the tiles of tlog-tiles


def leaf_hash(entry):
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(hashes):
    """Of any number: the left subtree is the largest power of two that is smaller."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    stack = []
    for n, one in enumerate(hashes):
        stack.append(one)
        while n & 1:
            right, left = stack.pop(), stack.pop()
            stack.append(node_hash(left, right))
            n >>= 1
    while len(stack) > 1:
        right, left = stack.pop(), stack.pop()
        stack.append(node_hash(left, right))
    return stack[0]


def path_of(prefix, n, width):
    parts = [f"{n % 1000:03d}"]
    while n >= 1000:
        n //= 1000
        parts.insert(0, f"x{n % 1000:03d}")
    return f"{prefix}/{'/'.join(parts)}" + ("" if width == 256 else f".p/{width}")


def tiles_of(count):
    return [(n, min(256, count - 256 * n)) for n in range((count + 255) // 256)]


def check_headers(headers, kind):
    if headers["Content-Type"] != kind:
        raise Refused(f"a {headers['Content-Type']} where {kind} is due")


def read_entries(prefix, size):
    leaves = []
    for n, width in tiles_of(size):
        headers, bundle = fetch(path_of(f"{prefix}/tile/entries", n, width), accept_gzip=n % 2 == 0)
        check_headers(headers, "application/octet-stream")
        at = 0
        for _ in range(width):
            length = int.from_bytes(bundle[at : at + 2], "big")
            entry = bundle[at + 2 : at + 2 + length]
            if len(entry) != length:
                raise Refused(f"bundle {n} is cut")
            leaves.append(leaf_hash(entry))
            at += 2 + length
        if at != len(bundle):
            raise Refused(f"bundle {n} holds more than its {width} entries")
    return leaves


def check_tiles(prefix, leaves):
    level, hashes = 0, leaves
    while hashes:
        for n, width in tiles_of(len(hashes)):
            headers, tile = fetch(path_of(f"{prefix}/tile/{level}", n, width))
            check_headers(headers, "application/octet-stream")
            if headers["Content-Encoding"] is not None:
                raise Refused("a tile of hashes is compressed")
            if tile != b"".join(hashes[256 * n : 256 * n + width]):
                raise Refused(f"tile {n} of level {level} is not what its entries make")
        whole = len(hashes) // 256
        hashes = [root_of(hashes[256 * n : 256 * (n + 1)]) for n in range(whole)]
        level += 1


def must_not_exist(url):
    try:
        fetch(url)
    except urllib.error.HTTPError as answer:
        if answer.code == 404:
            return
    raise Refused(f"{url} is there")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("prefix")
    parser.add_argument("vkey")
    parser.add_argument("--witness")
    parser.add_argument("--checkpoint", default="checkpoint")
    parser.add_argument("--earlier", nargs=2, action="append", default=[], metavar=("SIZE", "ROOT"))
    asked = parser.parse_args()
    headers, body = fetch(f"{asked.prefix}/{asked.checkpoint}")
    check_headers(headers, "text/plain; charset=utf-8")
    log = read_vkey(asked.vkey)
    text = check_note(body.decode(), log)
    if asked.witness:
        check_note(body.decode(), read_vkey(asked.witness))
    size, root = read_checkpoint(text, log["name"])
    leaves = read_entries(asked.prefix, size)
    check_tiles(asked.prefix, leaves)
    if root_of(leaves) != root:
        raise Refused("the root is not of these entries")
    for earlier, given in asked.earlier:
        if root_of(leaves[: int(earlier)]) != base64.b64decode(given):
            raise Refused(f"the tree of {earlier} entries was another")
    # Behind the end there is nothing, whole or partial.
    must_not_exist(f"{asked.prefix}/tile/{path_of('entries', size // 256 + 1, 256)}")
    must_not_exist(f"{asked.prefix}/tile/{path_of('0', size // 256, 256)}")
    print(size, base64.b64encode(root).decode())


if __name__ == "__main__":
    try:
        main()
    except Refused as reason:
        sys.exit(str(reason))
