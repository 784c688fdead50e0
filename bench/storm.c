// SPDX-License-Identifier: Apache-2.0
/* Many connections to an MQTT server, for storm.sh: connects them all, lets them idle, drops them and does it again.
   build: gcc -O2 -o storm storm.c
   usage: storm -p PORT -s SERVER_PID -c CONNECTIONS [-k AT_ONCE] [-r ROUNDS] [-i IDLE_SECONDS]
   MQTT 3.1.1, clean sessions, the same Client Identifiers in each round; AT_ONCE connections await their CONNACK at a
   time. The first round is a cold server, the others are storms of all devices coming back. For each round a line of
   key=value figures; memory is the server's RSS, CPU its user and system time. */
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

static int port = 1883, server, connections = 1000, at_once = 200, rounds = 3, idle = 5, poll_fd;

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static long rss_kib(void) {
  char path[64], line[256];
  long kib = 0;
  snprintf(path, sizeof path, "/proc/%d/status", server);
  FILE *f = fopen(path, "r");
  while (f && fgets(line, sizeof line, f)) sscanf(line, "VmRSS: %ld", &kib);
  if (f) fclose(f);
  return kib;
}

static double cpu_seconds(void) {
  char path[64], text[1024];
  long user = 0, system = 0;
  snprintf(path, sizeof path, "/proc/%d/stat", server);
  FILE *f = fopen(path, "r");
  if (f && fgets(text, sizeof text, f))
    sscanf(strrchr(text, ')') + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld", &user, &system);
  if (f) fclose(f);
  return (double)(user + system) / sysconf(_SC_CLK_TCK);
}

/* From an address of its own for each round and each 10,000, so that ports that wait out their time do no harm. */
static int open_connection(int i, int round) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1 + round * 8 + i / 10000)};
  int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (fd < 0) perror("socket"), exit(2);
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (bind(fd, (void *)&from, sizeof from)) perror("bind"), exit(2);
  if (connect(fd, (void *)&to, sizeof to) && errno != EINPROGRESS) perror("connect"), exit(2);
  struct epoll_event e = {.events = EPOLLOUT, .data.u64 = (uint64_t)fd << 32 | i};
  epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &e);
  return fd;
}

static void say_connect(int fd, int i) {
  unsigned char packet[64] = {0x10, 0, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 4, 176};
  int length = sprintf((char *)packet + 14, "storm-%d", i);
  packet[1] = 12 + length, packet[13] = length;
  if (write(fd, packet, 14 + length) != 14 + length) perror("write"), exit(3);
  struct epoll_event e = {.events = EPOLLIN, .data.u64 = (uint64_t)fd << 32 | i};
  epoll_ctl(poll_fd, EPOLL_CTL_MOD, fd, &e);
}

static void connect_all(int *fds, int round) {
  struct epoll_event events[512];
  int opened = 0, connected = 0;
  while (connected < connections) {
    while (opened < connections && opened - connected < at_once) fds[opened] = open_connection(opened, round), opened++;
    int n = epoll_wait(poll_fd, events, 512, 10000);
    if (n <= 0) fprintf(stderr, "%d of %d connected, and then nothing for 10 s\n", connected, connections), exit(4);
    for (int e = 0; e < n; e++) {
      int fd = events[e].data.u64 >> 32, i = (uint32_t)events[e].data.u64;
      unsigned char answer[4];
      if (events[e].events & EPOLLOUT) {
        say_connect(fd, i);
      } else {
        if (read(fd, answer, 4) != 4 || answer[0] != 0x20 || answer[3]) fprintf(stderr, "no CONNACK at %d\n", i), exit(3);
        epoll_ctl(poll_fd, EPOLL_CTL_DEL, fd, NULL);
        connected++;
      }
    }
  }
}

int main(int argc, char **argv) {
  int option;
  while ((option = getopt(argc, argv, "p:s:c:k:r:i:")) > 0) {
    int value = atoi(optarg);
    switch (option) {
      case 'p': port = value; break;
      case 's': server = value; break;
      case 'c': connections = value; break;
      case 'k': at_once = value; break;
      case 'r': rounds = value; break;
      case 'i': idle = value; break;
      default: return 1;
    }
  }
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  poll_fd = epoll_create1(0);
  int *fds = calloc(connections, sizeof *fds);
  long before = rss_kib();
  for (int round = 0; round < rounds; round++) {
    double began = seconds(), cpu = cpu_seconds();
    connect_all(fds, round);
    double took = seconds() - began;
    cpu = cpu_seconds() - cpu;
    sleep(idle);
    long after = rss_kib();
    printf("round=%d connections=%d seconds=%.2f connects_per_s=%.0f cpu_us_per_connect=%.1f rss_mib=%.1f kib_each=%.2f\n", round,
           connections, took, connections / took, cpu * 1e6 / connections, after / 1024.0, (double)(after - before) / connections);
    fflush(stdout);
    for (int i = 0; i < connections; i++) close(fds[i]);
    if (round + 1 < rounds) sleep(1);
  }
  return 0;
}
