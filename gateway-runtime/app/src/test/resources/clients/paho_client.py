# SPDX-License-Identifier: Apache-2.0
#
# Paho subscribes, publishes to itself at every QoS, and prints what it got. Arguments: tcp or websockets, port, 3, 4 or 5.

import sys
import threading

import paho.mqtt.client as mqtt

transport, port, version = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
topic = "py/%s/%d" % (transport, version)
got = []
done = threading.Event()


def on_connect(client, userdata, flags, reason, properties=None):
    if reason != 0:
        print("refused:", reason)
        done.set()
        return
    client.subscribe(topic, 2)


def on_subscribe(client, userdata, mid, granted, properties=None):
    for qos in (0, 1, 2):
        client.publish(topic, "qos %d" % qos, qos)
    client.publish(topic, "x" * 200000, 1)


def on_message(client, userdata, message):
    text = message.payload.decode()
    got.append("%d bytes" % len(text) if len(text) > 100 else "%s as %d" % (text, message.qos))
    if len(got) == 4:
        done.set()


options = {"client_id": "paho-%s-%d" % (transport, version), "protocol": version, "transport": transport}
if hasattr(mqtt, "CallbackAPIVersion"):
    options["callback_api_version"] = mqtt.CallbackAPIVersion.VERSION1
client = mqtt.Client(**options)
client.on_connect, client.on_subscribe, client.on_message = on_connect, on_subscribe, on_message
client.connect("127.0.0.1", port, 60)
client.loop_start()
finished = done.wait(100)
client.disconnect()
client.loop_stop()
print(", ".join(got))
sys.exit(0 if finished and len(got) == 4 else 1)
