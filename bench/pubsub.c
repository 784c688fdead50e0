// SPDX-License-Identifier: Apache-2.0
/* Publishers and subscribers of MQTT 3.1.1 with clean sessions, in one thread, for pubsub.sh.
   build: gcc -O2 -o pubsub pubsub.c
   usage: pubsub -p PORT -P PUBLISHERS -S SUBSCRIBERS -n MESSAGES -q QOS -s BYTES -w WINDOW [-r RATE]
   Subscriber j subscribes to the topic of publisher j % PUBLISHERS. A publisher has at most WINDOW messages under way
   that not every subscriber of its topic has: the server is kept busy and nobody has to drop. With RATE so many messages
   are published each second, by one publisher after the other. Payload: publisher, sequence and send time (8 bytes each),
   padding. The last line is one of key=value figures. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define ROOM (1 << 17)
#define PATIENCE_SECONDS 20

typedef struct {
  int fd, ready, subscriber, wants_write, written, filled, read;
  uint16_t packet_id;
  long sent, unacknowledged, delivered, expected;
  unsigned char *out, *in;
} Client;

static int port = 1883, publishers = 50, subscribers = 50, qos, size = 128, window = 100, poll_fd;
static long messages = 100000, rate, sent, got, lost, disordered;
static Client *clients;
static uint64_t now, start;
static uint32_t micros[40 * 64];

static uint64_t clock_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ull + t.tv_nsec;
}

/* A histogram of microseconds with 64 steps to each power of two. */
static void record(uint64_t ns) {
  uint64_t us = ns / 1000;
  int power = us < 64 ? 0 : 58 - __builtin_clzll(us), step = power ? (us >> (power - 1)) & 63 : us;
  micros[(power > 39 ? 39 : power) * 64 + step]++;
}

static double percentile_ms(double part) {
  uint64_t all = 0, seen = 0;
  for (int i = 0; i < 40 * 64; i++) all += micros[i];
  for (int i = 0; i < 40 * 64; i++) {
    seen += micros[i];
    if (all && seen >= part * all) return ((uint64_t)(i < 64 ? i : 64 + i % 64) << (i < 64 ? 0 : i / 64 - 1)) / 1000.0;
  }
  return 0;
}

static int put_length(unsigned char *p, int n) {
  int i = 0;
  do {
    p[i++] = n % 128 | (n > 127 ? 128 : 0);
    n /= 128;
  } while (n);
  return i;
}

static int put_text(unsigned char *p, const char *text) {
  int n = strlen(text);
  p[0] = n >> 8, p[1] = n;
  memcpy(p + 2, text, n);
  return n + 2;
}

static void put_packet(Client *c, int first, const unsigned char *body, int n) {
  c->out[c->filled++] = first;
  c->filled += put_length(c->out + c->filled, n);
  memcpy(c->out + c->filled, body, n);
  c->filled += n;
}

static void flush_out(Client *c) {
  while (c->written < c->filled) {
    ssize_t n = write(c->fd, c->out + c->written, c->filled - c->written);
    if (n < 0) break;
    c->written += n;
  }
  if (c->written == c->filled) c->written = c->filled = 0;
  int wants = c->written < c->filled;
  if (wants != c->wants_write) {
    struct epoll_event e = {.events = EPOLLIN | (wants ? EPOLLOUT : 0), .data.ptr = c};
    c->wants_write = wants;
    epoll_ctl(poll_fd, EPOLL_CTL_MOD, c->fd, &e);
  }
}

static void open_client(Client *c, int i) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  unsigned char body[128], *p = body;
  char id[32];
  int on = 1;
  c->fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(c->fd, (void *)&to, sizeof to) < 0) perror("connect"), exit(2);
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  fcntl(c->fd, F_SETFL, O_NONBLOCK);
  c->out = malloc(ROOM), c->in = malloc(ROOM);
  snprintf(id, sizeof id, "pubsub-%d-%d", getpid(), i);
  p += put_text(p, "MQTT");
  *p++ = 4, *p++ = 2, *p++ = 0, *p++ = 240;
  p += put_text(p, id);
  put_packet(c, 0x10, body, p - body);
  if (c->subscriber) {
    char filter[32];
    snprintf(filter, sizeof filter, "bench/%d/telemetry", (i - publishers) % publishers);
    p = body;
    *p++ = 0, *p++ = 1;
    p += put_text(p, filter);
    *p++ = qos;
    put_packet(c, 0x82, body, p - body);
  }
  struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, c->fd, &e);
  flush_out(c);
}

static void publish(Client *c, int i) {
  int audience = subscribers / publishers, topic_length;
  char topic[32];
  topic_length = snprintf(topic, sizeof topic, "bench/%d/telemetry", i);
  int rest = 2 + topic_length + (qos ? 2 : 0) + size;
  long due = rate ? ((now - start) * (double)rate / 1e9 + publishers - 1 - i) / publishers : messages;
  while (sent < messages && c->sent < due && c->unacknowledged < window && c->sent - c->delivered / audience < window
         && ROOM - c->filled > rest + 8) {
    unsigned char *p = c->out + c->filled;
    uint64_t head[3] = {i, c->sent, now};
    *p++ = 0x30 | qos << 1;
    p += put_length(p, rest);
    p += put_text(p, topic);
    if (qos) {
      if (++c->packet_id == 0) c->packet_id = 1;
      *p++ = c->packet_id >> 8, *p++ = c->packet_id;
      c->unacknowledged++;
    }
    memcpy(p, head, 24);
    memset(p + 24, 'x', size - 24);
    c->filled = p + size - c->out;
    c->sent++, sent++;
  }
  if (c->filled) flush_out(c);
}

static void on_message(Client *c, int first, unsigned char *body) {
  int with_id = first >> 1 & 3, topic_length = body[0] << 8 | body[1];
  uint64_t head[3];
  memcpy(head, body + 2 + topic_length + (with_id ? 2 : 0), 24);
  record(now - head[2]);
  disordered += (long)head[1] < c->expected;
  lost += (long)head[1] > c->expected ? (long)head[1] - c->expected : 0;
  c->expected = head[1] + 1;
  clients[head[0]].delivered++;
  got++;
  if (with_id) put_packet(c, 0x40, body + 2 + topic_length, 2);
}

static void on_packet(Client *c, int first, unsigned char *body) {
  switch (first >> 4) {
    case 2:
      if (body[1]) fprintf(stderr, "CONNACK refused: %d\n", body[1]), exit(3);
      c->ready = !c->subscriber;
      break;
    case 3: on_message(c, first, body); break;
    case 4: c->unacknowledged--; break;
    case 9: c->ready = 1; break;
  }
}

static void on_readable(Client *c) {
  ssize_t n;
  while ((n = read(c->fd, c->in + c->read, ROOM - c->read)) > 0) {
    int at = 0, asked = ROOM - c->read;
    c->read += n;
    for (;;) {
      int length = 0, k = 1, shift = 0, more = 1;
      while (more && at + k < c->read) {
        unsigned char b = c->in[at + k++];
        length |= (b & 127) << shift, shift += 7, more = b & 128;
      }
      if (more || at + k + length > c->read) break;
      on_packet(c, c->in[at], c->in + at + k);
      at += k + length;
      if (ROOM - c->filled < 64) flush_out(c);
    }
    memmove(c->in, c->in + at, c->read - at);
    c->read -= at;
    if (n < asked) break;
  }
  if (n == 0 || (n < 0 && errno != EAGAIN)) fprintf(stderr, "the server closed a connection\n"), exit(3);
  if (c->filled) flush_out(c);
}

static void await_events(int timeout) {
  struct epoll_event events[1024];
  int n = epoll_wait(poll_fd, events, 1024, timeout);
  now = clock_ns();
  for (int i = 0; i < n; i++) {
    if (events[i].events & EPOLLOUT) flush_out(events[i].data.ptr);
    if (events[i].events & (EPOLLIN | EPOLLHUP)) on_readable(events[i].data.ptr);
  }
}

int main(int argc, char **argv) {
  int option;
  while ((option = getopt(argc, argv, "p:P:S:n:q:s:w:r:")) > 0) {
    long value = atol(optarg);
    switch (option) {
      case 'p': port = value; break;
      case 'P': publishers = value; break;
      case 'S': subscribers = value; break;
      case 'n': messages = value; break;
      case 'q': qos = value; break;
      case 's': size = value; break;
      case 'w': window = value; break;
      case 'r': rate = value; break;
      default: return 1;
    }
  }
  if (size < 24 || subscribers % publishers) return 1;
  int all = publishers + subscribers;
  poll_fd = epoll_create1(0);
  clients = calloc(all, sizeof *clients);
  for (int i = 0; i < all; i++) {
    clients[i].subscriber = i >= publishers;
    open_client(clients + i, i);
  }
  for (int ready = 0; ready < all;) {
    await_events(1000);
    ready = 0;
    for (int i = 0; i < all; i++) ready += clients[i].ready;
  }
  long expected = messages * (subscribers / publishers), before = 0;
  uint64_t moved = now = start = clock_ns();
  while (got + lost < expected) {
    for (int i = 0; i < publishers; i++) publish(clients + i, i);
    await_events(rate ? 1 : 1000);
    if (got > before) before = got, moved = now;
    if (now - moved > PATIENCE_SECONDS * 1000000000ull) break;
  }
  double seconds = (moved - start) / 1e9;
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  double cpu = u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
  printf("published=%ld delivered=%ld lost=%ld disordered=%ld seconds=%.3f rate=%.0f p50_ms=%.2f p99_ms=%.2f loader_us=%.2f\n",
         sent, got, expected - got, disordered, seconds, got / seconds, percentile_ms(.5), percentile_ms(.99), cpu * 1e6 / got);
  return got == expected && !disordered ? 0 : 4;
}
