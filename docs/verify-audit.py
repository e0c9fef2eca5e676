#!/usr/bin/env python3
"""Checks an audit trail without its program: verify-audit.py SEGMENT... (in the order of their lines, .gz or not)"""
import gzip, hashlib, re, sys

LINE = re.compile(rb'(\{"v":(?:1|2,"trail":"([0-9a-f]{12})"),"seq":([1-9][0-9]*),"time":"[ -~]*,"prev":"([0-9a-f]{64})"'
                  rb'(?:,"signature":"[A-Za-z0-9+/]{86}==")?),"hash":"([0-9a-f]{64})"\}\n')
last, prev, trail = None, None, None
for name in sys.argv[1:]:
    for number, text in enumerate(gzip.open(name) if name.endswith(".gz") else open(name, "rb"), 1):
        line = LINE.fullmatch(text) or sys.exit(f"{name}:{number}: this is no line of the trail")
        if hashlib.sha256(line[1]).hexdigest().encode() != line[5]:
            sys.exit(f"{name}:{number}: the line was edited, its hash is not that of its bytes")
        seq, bound = int(line[3]), line[4]
        if trail and line[2] != trail:  # A trail of version 1 has no name, and goes on as one that has.
            sys.exit(f"{name}:{number}: the line is of trail {(line[2] or b'(none)').decode()}, not {trail.decode()}")
        if (seq, bound) != (last + 1, prev) if last else (seq == 1) != (bound == b"0" * 64):
            sys.exit(f"{name}:{number}: the line has number {seq} and is not bound to the one before, number {last}")
        last, prev, trail = seq, line[5], line[2]
print(f"The chain is whole up to line {last}." if last else sys.exit("There is no line in these files."))
