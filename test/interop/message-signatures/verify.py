"""Verifies signed HTTP messages as RFC 9421, RFC 8941 and RFC 9530 say, and knows nothing of Wasl.

Reads {"message", "request"?, "label", "key"} from its input: a message has `status` or `method` and `target`, `headers`
and `trailers` as pairs whose values are the bytes of the wire read as Latin-1, and `body` in base64. `request` is the
one that a response answers; `key` is a PEM. Prints the parameters of a good signature as JSON, or fails with a reason.
Only the arithmetic of the curve is left to openssl.
"""

import base64
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from urllib.parse import urlsplit


class Refused(Exception):
    pass


# RFC 8941: what stands in Signature-Input, Signature and Content-Digest, strictly parsed and written again.

KEY = re.compile(r"[a-z*][a-z0-9_\-.*]*")


class Bytes(bytes):
    pass


class Token(str):
    pass


class Parser:
    def __init__(self, text):
        self.text, self.at = text, 0

    def peek(self):
        return self.text[self.at : self.at + 1]

    def take(self, char):
        if self.peek() != char:
            raise Refused(f"expected {char!r} at {self.at} of {self.text!r}")
        self.at += 1

    def match(self, pattern):
        found = re.compile(pattern).match(self.text, self.at)
        if not found:
            raise Refused(f"cannot read {self.text[self.at:]!r}")
        self.at = found.end()
        return found

    def key(self):
        return self.match(KEY.pattern).group()

    def bare(self):
        first = self.peek()
        if first == '"':
            return re.sub(r'\\(["\\])', r"\1", self.match(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"').group(1))
        if first == ":":
            return Bytes(base64.b64decode(self.match(r":([A-Za-z0-9+/]*={0,2}):").group(1), validate=True))
        if first == "?":
            return self.match(r"\?([01])").group(1) == "1"
        if first == "-" or first.isdigit():
            return int(self.match(r"-?\d{1,15}(?![\d.])").group())
        return Token(self.match(r"[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*").group())

    def parameters(self):
        found = {}
        while self.peek() == ";":
            self.match(r"; *")
            name = self.key()
            found.pop(name, None)
            found[name] = True
            if self.peek() == "=":
                self.take("=")
                found[name] = self.bare()
        return found

    def member(self):
        if self.peek() != "(":
            return self.bare(), self.parameters()
        self.take("(")
        items = []
        while True:
            self.match(r" *")
            if self.peek() == ")":
                self.take(")")
                return items, self.parameters()
            items.append((self.bare(), self.parameters()))
            if self.peek() not in (" ", ")"):
                raise Refused("an inner list without blanks")

    def dictionary(self):
        members = {}
        while self.at < len(self.text):
            name = self.key()
            members.pop(name, None)
            if self.peek() == "=":
                self.take("=")
                members[name] = self.member()
            else:
                members[name] = (True, self.parameters())
            self.match(r"[ \t]*")
            if self.at < len(self.text):
                self.take(",")
                self.match(r"[ \t]*")
                if self.at == len(self.text):
                    raise Refused("a comma at the end")
        return members


def write_bare(value):
    if isinstance(value, bool):
        return "?1" if value else "?0"
    if isinstance(value, Bytes):
        return f":{base64.b64encode(value).decode()}:"
    if isinstance(value, Token):
        return str(value)
    if isinstance(value, int):
        return str(value)
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write_parameters(parameters):
    return "".join(f";{k}" if v is True else f";{k}={write_bare(v)}" for k, v in parameters.items())


def write_member(member):
    value, parameters = member
    if isinstance(value, list):
        return f"({' '.join(write_member(item) for item in value)}){write_parameters(parameters)}"
    return write_bare(value) + write_parameters(parameters)


# RFC 9421 section 2: the values of components.


def values_of(fields, name):
    return [value.strip(" \t") for key, value in fields if key.lower() == name]


def field_value(message, name, parameters):
    fields = message.get("trailers", []) if parameters.get("tr") else message["headers"]
    values = values_of(fields, name)
    if not values:
        raise Refused(f"{name} is covered and not there")
    if "key" in parameters:
        members = Parser(", ".join(values)).dictionary()
        if parameters["key"] not in members:
            raise Refused(f"{name} has no member {parameters['key']}")
        return write_member(members[parameters["key"]])
    if parameters.get("bs"):
        return ", ".join(write_bare(Bytes(value.encode("latin-1"))) for value in values)
    return ", ".join(values)


def derived_value(message, name):
    target = urlsplit(message["target"]) if "target" in message else None
    known = {
        "@method": lambda: message["method"],
        "@target-uri": lambda: message["target"],
        "@authority": lambda: target.netloc.lower(),
        "@scheme": lambda: target.scheme,
        "@path": lambda: target.path or "/",
        "@query": lambda: f"?{target.query}",
        "@status": lambda: str(message["status"]),
    }
    try:
        return known[name]()
    except (KeyError, AttributeError):
        raise Refused(f"{name} cannot be derived")


def component_value(name, parameters, message, request):
    if parameters.keys() - {"req", "tr", "bs", "key"}:
        raise Refused(f"{name} has parameters that are not understood")
    if parameters.get("bs") and "key" in parameters:
        raise Refused(f"{name} is wrapped and picked apart at once")
    source = message
    if parameters.get("req"):
        if request is None:
            raise Refused(f"{name} is of a request that is not there")
        source = request
    return derived_value(source, name) if name.startswith("@") else field_value(source, name, parameters)


def signature_base(covered, parameters, message, request):
    lines, seen = [], set()
    for name, own in covered:
        same = (name, frozenset(own.items()))
        if same in seen or name != name.lower() or name == "@signature-params":
            raise Refused(f"{name} is covered twice, or not as it may be")
        seen.add(same)
        lines.append(f"{write_bare(name)}{write_parameters(own)}: {component_value(name, own, message, request)}")
    lines.append(f'"@signature-params": {write_member((covered, parameters))}')
    if any("\n" in line for line in lines):
        raise Refused("a component holds a newline")
    try:
        return "\n".join(lines).encode("ascii")
    except UnicodeEncodeError:
        raise Refused("the signature base is not ASCII (section 2.5)")


# RFC 9530, and section 3.3.4: r and s as 32 bytes each.


def check_digest(message):
    fields = message["headers"] + message.get("trailers", [])
    digests = Parser(", ".join(values_of(fields, "content-digest"))).dictionary()
    known = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}
    usable = [name for name in digests if name in known]
    if not usable:
        raise Refused("no digest that is understood")
    body = base64.b64decode(message["body"])
    for name in usable:
        if digests[name][0] != known[name](body).digest():
            raise Refused(f"{name} is not of this body")


def der_integer(raw):
    raw = raw.lstrip(b"\0") or b"\0"
    if raw[0] & 0x80:
        raw = b"\0" + raw
    return b"\x02" + bytes([len(raw)]) + raw


def is_good(key, base, signature):
    if len(signature) != 64:
        raise Refused("the signature is not r and s of 32 bytes")
    inner = der_integer(signature[:32]) + der_integer(signature[32:])
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        given = {"key": key.encode(), "sig": b"\x30" + bytes([len(inner)]) + inner, "base": base}
        for name, content in given.items():
            paths[name] = f"{folder}/{name}"
            with open(paths[name], "wb") as file:
                file.write(content)
        command = ["openssl", "dgst", "-sha256", "-verify", paths["key"], "-signature", paths["sig"], paths["base"]]
        return subprocess.run(command, capture_output=True).returncode == 0


def verify(message, request, label, key):
    fields = message["headers"] + message.get("trailers", [])
    inputs = Parser(", ".join(values_of(fields, "signature-input"))).dictionary()
    signatures = Parser(", ".join(values_of(fields, "signature"))).dictionary()
    if label not in inputs or label not in signatures:
        raise Refused(f"no signature {label}")
    covered, parameters = inputs[label]
    signature, _ = signatures[label]
    if not isinstance(covered, list) or not isinstance(signature, Bytes):
        raise Refused("not an inner list with a byte sequence")
    if parameters.get("alg", "ecdsa-p256-sha256") != "ecdsa-p256-sha256":
        raise Refused(f"another algorithm, {parameters['alg']}")
    if not all(type(parameters.get(name, 0)) is int for name in ("created", "expires")):
        raise Refused("created and expires are integers")
    base = signature_base(covered, parameters, message, request)
    if not is_good(key, base, signature):
        raise Refused("the signature is not of this message")
    check_digest(message)
    names = [write_bare(name) + write_parameters(own) for name, own in covered]
    return {"covered": names, "parameters": parameters}


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    try:
        print(json.dumps(verify(asked["message"], asked.get("request"), asked["label"], asked["key"])))
    except Refused as reason:
        sys.exit(str(reason))
