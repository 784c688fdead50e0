// SPDX-License-Identifier: Apache-2.0
//
// MQTT.js subscribes, publishes to itself at every QoS, and prints what it got. Arguments: URL, protocol version.

const mqtt = require(process.env.MQTT_JS);

const [url, version] = process.argv.slice(2);
const topic = `js/${version}/${url.slice(0, 2)}`;
const got = [];
const client = mqtt.connect(url, {
  clientId: `mqttjs-${process.pid}`,
  protocolVersion: Number(version),
  reconnectPeriod: 0,
});

client.on("error", (error) => {
  console.error(error);
  process.exit(1);
});
client.on("connect", async () => {
  await client.subscribeAsync(topic, {qos: 2});
  for (const qos of [0, 1, 2]) {
    await client.publishAsync(topic, `qos ${qos}`, {qos});
  }
  await client.publishAsync(topic, "x".repeat(200000), {qos: 1});
});
client.on("message", async (name, payload, packet) => {
  got.push(payload.length > 100 ? `${payload.length} bytes` : `${payload} as ${packet.qos}`);
  if (got.length === 4) {
    await client.endAsync();
    console.log(got.join(", "));
  }
});
