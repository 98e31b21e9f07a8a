"""Sends what no well-behaved host sends. `inject.py LINK KIND MAC SOURCE DESTINATION [ARGUMENT...]`

KIND: `redirect4 GATEWAY TARGET`, `redirect6 GATEWAY TARGET`: an ICMP redirect in the name of SOURCE. The first cites the
answer of DESTINATION to `echo4`, which asks it in the name of TARGET.
`advertise PREFIX`: an IPv6 router advertisement. `syn PORT`: the first packet of a TCP connection; `fragments PORT`:
the same in two pieces, the ports in one and the flags in the other; `synfin PORT`: both flags, which no connection has.
MAC is that of the interface to send to.
"""
import socket
import struct
import sys


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packed(address):
    return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)


def ip4(source, destination, protocol, payload):
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 7, 0, 64, protocol, 0) + packed(source) + packed(destination)
    return header[:10] + struct.pack("!H", checksum(header)) + header[12:] + payload


def ip6(source, destination, protocol, payload):
    return struct.pack("!IHBB", 6 << 28, len(payload), protocol, 255) + packed(source) + packed(destination) + payload


def with_checksum(source, destination, protocol, payload, at):
    pseudo = packed(source) + packed(destination) + struct.pack("!II", len(payload), protocol)
    return payload[:at] + struct.pack("!H", checksum(pseudo + payload)) + payload[at + 2 :]


link, kind, mac, source, destination, *rest = sys.argv[1:]
if kind == "redirect4":
    gateway, target = rest
    cited = ip4(destination, target, 1, struct.pack("!BBHHH", 0, 0, checksum(struct.pack("!HHHH", 0, 0, 7, 1)), 7, 1))
    message = struct.pack("!BBH", 5, 1, 0) + packed(gateway) + cited
    packet = ip4(source, destination, 1, message[:2] + struct.pack("!H", checksum(message)) + message[4:])
elif kind == "echo4":
    message = struct.pack("!BBHHH", 8, 0, 0, 7, 1)
    packet = ip4(source, destination, 1, message[:2] + struct.pack("!H", checksum(message)) + message[4:])
elif kind == "redirect6":
    gateway, target = rest
    message = struct.pack("!BBHI", 137, 0, 0, 0) + packed(gateway) + packed(target)
    packet = ip6(source, destination, 58, with_checksum(source, destination, 58, message, 2))
elif kind == "advertise":
    prefix = struct.pack("!BBBBIII", 3, 4, 64, 0xC0, 3600, 3600, 0) + packed(rest[0])
    message = struct.pack("!BBHBBHII", 134, 0, 0, 64, 0, 1800, 0, 0) + prefix
    packet = ip6(source, destination, 58, with_checksum(source, destination, 58, message, 2))
else:
    flags = 3 if kind == "synfin" else 2
    segment = struct.pack("!HHIIBBHHH", 40000, int(rest[0]), 1, 0, 0x50, flags, 1024, 0, 0)
    packet = ip4(source, destination, 6, with_checksum(source, destination, 6, segment, 16))
packets = [packet]
if kind == "fragments":
    pieces = [(0x2000, packet[20:28]), (1, packet[28:])]
    packets = []
    for offset, piece in pieces:
        whole = ip4(source, destination, 6, piece)
        header = whole[:6] + struct.pack("!H", offset) + whole[8:10] + b"\0\0" + whole[12:20]
        packets.append(header[:10] + struct.pack("!H", checksum(header)) + header[12:] + piece)
sender = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
kind_of_frame = 0x86DD if ":" in source else 0x0800
for packet in packets:
    sender.sendto(packet, (link, kind_of_frame, 0, 0, bytes.fromhex(mac.replace(":", ""))))
