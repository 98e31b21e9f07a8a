"""Sends an ICMP question and prints who answers it, or `nobody`. `icmp.py ADDRESS KIND`

KIND: `echo`, or `time` (the timestamp of RFC 792, IPv4 only).
"""
import socket
import struct
import sys
import time

address, kind = sys.argv[1:]
is_v6 = ":" in address
question, answer = {"echo": (128, 129) if is_v6 else (8, 0), "time": (13, 14)}[kind]
message = struct.pack("!BBHHH", question, 0, 0, 0x4552, 1) + bytes(12)
if not is_v6:
    total = sum(struct.unpack("!10H", message))
    total = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    message = message[:2] + struct.pack("!H", total) + message[4:]
family, protocol = (socket.AF_INET6, 58) if is_v6 else (socket.AF_INET, 1)
asking = socket.socket(family, socket.SOCK_RAW, protocol)
asking.sendto(message, (address, 0))
deadline = time.monotonic() + 0.7
who = "nobody"
while who == "nobody" and time.monotonic() < deadline:
    asking.settimeout(max(0.01, deadline - time.monotonic()))
    try:
        packet, sender = asking.recvfrom(2048)
    except TimeoutError:
        break
    said = packet if is_v6 else packet[(packet[0] & 15) * 4 :]
    if said[0] == answer and said[4:6] == b"\x45\x52":
        who = sender[0]
print(who)
