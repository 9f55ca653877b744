"""Prints the beats that wfdb's XQRS and GQRS find in a recording, as the JSON of examples/ecg/data/reference-beats.json.

Usage: derive.py RECORDING (unsigned 16-bit little-endian, 360 Hz, millivolts = (count - 1024) / 200)
"""

import json
import sys

import numpy
from wfdb import processing

RATE = 360
counts = numpy.fromfile(sys.argv[1], dtype="<u2")
millivolts = (counts.astype(float) - 1024) / 200

xqrs = processing.XQRS(sig=millivolts, fs=RATE)
xqrs.detect(verbose=False)
gqrs = processing.gqrs_detect(sig=millivolts, fs=RATE)


def line(name, beats):
    return f"  {json.dumps(name)}: {json.dumps([int(beat) for beat in beats])}"


print("{\n" + ",\n".join([f'  "rate": {RATE}', line("xqrs", xqrs.qrs_inds), line("gqrs", gqrs)]) + "\n}")
