#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What TLS 1.3 costs the gateway: QoS 1 to Kafka, over plain TCP and over TLS, in turn, on one gateway.

    tls.py PEERS [NAME=VALUE...]

PEERS is the directory of the loader and of bench.sh's Kafka, as for outbox.py. The loader speaks no TLS, so both ways go through an nginx
that passes the bytes on, once as they are and once encrypted: what reaches the gateway comes in pieces of the same size. Only the
gateway's CPU is counted. Budget: at most twice the CPU of plain TCP.

    messages=1000000 rounds=4 ack=stored

Prints lines of key=value. GANTRY and GANTRY_OPTS as for outbox.py. Needs nginx with its stream module, and openssl.
"""
import os
import subprocess
import sys
import time

import outbox

DEFAULTS = {"messages": 1_000_000, "rounds": 4, "ack": "stored"}
NGINX = """
load_module modules/ngx_stream_module.so;
pid %(work)s/nginx.pid; error_log %(work)s/nginx.log; worker_processes 1; daemon off;
events { worker_connections 1024; }
stream {
  server { listen 127.0.0.1:%(plain_proxy)d; proxy_pass 127.0.0.1:%(plain)d; proxy_buffer_size 64k; }
  server { listen 127.0.0.1:%(tls_proxy)d; proxy_pass 127.0.0.1:%(tls)d; proxy_buffer_size 64k;
           proxy_ssl on; proxy_ssl_protocols TLSv1.3; proxy_ssl_session_reuse off; }
}
"""


class TlsGateway(outbox.Gateway):
    """`gantry run` with a plain listener and one with TLS, and one route to Kafka."""

    def __init__(self, bench):
        work = bench.work
        self.topic = bench.topic("bench-tls")
        self.data = work + "/data-tls"
        self.ports = {name: 24000 + os.getpid() % 4000 + offset
                      for offset, name in enumerate(("plain", "tls", "plain_proxy", "tls_proxy"))}
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                        "-subj", "/CN=localhost", "-keyout", work + "/key.pem", "-out", work + "/cert.pem"],
                       check=True, stderr=subprocess.DEVNULL)
        with open(work + "/tls.yaml", "w") as yaml:
            yaml.write(
                "listeners:\n"
                "  - 'mqtt://127.0.0.1:%d'\n"
                "  - {url: 'mqtts://127.0.0.1:%d', tls: {cert: '%s/cert.pem', key: '%s/key.pem'}}\n"
                "store: {directory: '%s'}\n"
                "limits: {max-publish-rate: 0, max-publish-rate-per-address: 0}\n"
                "admin: {enabled: false}\n"
                "endpoints: {plant: {kafka: {brokers: '%s'}}}\n"
                "routes:\n"
                "  bench:\n"
                "    from: {mqtt: 'bench/#'}\n"
                "    to: {plant: {topic: %s}}\n"
                "    delivery: %s\n"
                % (self.ports["plain"], self.ports["tls"], work, work, self.data, outbox.KAFKA, self.topic,
                   outbox.ROUTE_LIMITS % bench.options["ack"]))
        with open(work + "/nginx.conf", "w") as configuration:
            configuration.write(NGINX % dict(self.ports, work=work))
        self.nginx = subprocess.Popen(["nginx", "-p", "/usr/lib/nginx", "-c", work + "/nginx.conf"], stderr=subprocess.DEVNULL)
        self.start(work)

    def start(self, work):
        launcher = os.environ.get("GANTRY", outbox.HERE + "/../gantry")
        with open(work + "/gateway.log", "w") as log:
            self.process = subprocess.Popen(
                [launcher, "run", "-c", work + "/tls.yaml"], stdout=subprocess.PIPE, stderr=log, text=True,
                env=dict(os.environ, GANTRY_OPTS=os.environ.get("GANTRY_OPTS", "-Xmx1g")))
        for line in self.process.stdout:
            if line.startswith("ready"):
                return
        with open(work + "/gateway.log") as log:
            sys.exit(log.read())

    def __exit__(self, *failure):
        self.nginx.terminate()
        super().__exit__(*failure)


def main():
    options = dict(DEFAULTS, **dict(word.split("=", 1) for word in sys.argv[2:]))
    if len(sys.argv) < 2 or len(options) != len(DEFAULTS):
        sys.exit(__doc__)
    bench = outbox.Bench(sys.argv[1], options)
    messages, costs, sent = int(options["messages"]), {"plain": [], "tls": []}, 0
    try:
        bench.make_kafka()
        with TlsGateway(bench) as gateway:
            for number in range(int(options["rounds"])):
                for way in costs:
                    gateway.port = gateway.ports[way + "_proxy"]
                    before = gateway.cpu()
                    found = bench.loaded("tls round=%d way=%s" % (number + 1, way),
                                         bench.load(gateway, "%s%d" % (way, number), messages, "-q", 1))
                    sent += messages
                    bench.await_records(gateway.topic, sent, 120)
                    costs[way].append((gateway.cpu() - before) * 1e6 / messages)
                    print("tls round=%d way=%s cpu_us=%.2f per_second=%.0f"
                          % (number + 1, way, costs[way][-1], found.get("rate", 0)), flush=True)
                    time.sleep(1)
            # the first round is cold
            ratios = [tls / plain for plain, tls in list(zip(costs["plain"], costs["tls"]))[1:]]
            print("tls cpu_ratio=%s" % "/".join("%.2f" % ratio for ratio in ratios), flush=True)
            bench.check("tls", gateway.topic, sent)
    finally:
        bench.end()
    sys.exit(1 if bench.failed else 0)


if __name__ == "__main__":
    main()
