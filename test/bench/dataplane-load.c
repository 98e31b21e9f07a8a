/*
 * Load for the data plane: what costs next to nothing itself, which a Node program cannot.
 *   serve ADDRESS CONNECT_PORT BULK_PORT          accepts and closes, when nothing else wants the processor, what the
 *                                                 kernel has long answered; reads and forgets; prints "ready"
 *   connect ADDRESS PORT MILLISECONDS PROCESSES   opens and resets connections; prints how many, once
 *                                                 the server has accepted them all
 *   send ADDRESS PORT MILLISECONDS                prints how many bytes one connection took
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static struct sockaddr_in address_of(const char *ip, const char *port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
  if (inet_pton(AF_INET, ip, &address.sin_addr) != 1) fail(ip);
  return address;
}

static int connected(const struct sockaddr_in *address) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0) fail("socket");
  if (connect(fd, (const struct sockaddr *)address, sizeof *address) != 0) fail("connect");
  return fd;
}

static int listening(const char *ip, const char *port) {
  struct sockaddr_in address = address_of(ip, port);
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1 << 20) != 0) fail("listen");
  return fd;
}

static int serve(char **args) {
  static char buffer[1 << 18];
  int quick = listening(args[0], args[1]), bulk = listening(args[0], args[2]);
  puts("ready");
  fflush(stdout);
  pid_t parent = getpid();
  if (fork() == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) return 0;
    const struct sched_param least = {0};
    if (sched_setscheduler(0, SCHED_IDLE, &least) != 0) fail("sched_setscheduler");
    for (;;) close(accept(quick, NULL, NULL));
  }
  for (;;) {
    int fd = accept(bulk, NULL, NULL);
    while (read(fd, buffer, sizeof buffer) > 0) continue;
    close(fd);
  }
}

static long connect_until(const struct sockaddr_in *address, double end) {
  const struct linger reset = {.l_onoff = 1, .l_linger = 0};
  long count = 0;
  for (; now_ms() < end; count++) {
    int fd = connected(address);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    close(fd);
  }
  return count;
}

static int connect_all(char **args) {
  struct sockaddr_in address = address_of(args[0], args[1]);
  int processes = atoi(args[3]), ends[2];
  double end = now_ms() + atof(args[2]);
  long total = 0, count;
  if (pipe(ends) != 0) fail("pipe");
  for (int i = 0; i < processes; i++) {
    if (fork() != 0) continue;
    count = connect_until(&address, end);
    return write(ends[1], &count, sizeof count) != sizeof count;
  }
  close(ends[1]);
  for (int i = 0; i < processes; i++) {
    if (read(ends[0], &count, sizeof count) != sizeof count) return 1;
    total += count;
  }
  while (wait(NULL) > 0) continue;
  // Connections are accepted in their order, and this is the last one.
  char nothing;
  if (read(connected(&address), &nothing, 1) != 0) fail("the last connection");
  printf("%ld\n", total);
  return 0;
}

static int send_bulk(char **args) {
  static char buffer[1 << 17];
  struct sockaddr_in address = address_of(args[0], args[1]);
  int fd = connected(&address);
  double end = now_ms() + atof(args[2]);
  long total = 0;
  while (now_ms() < end) {
    ssize_t sent = write(fd, buffer, sizeof buffer);
    if (sent < 0) fail("write");
    total += sent;
  }
  close(fd);
  printf("%ld\n", total);
  return 0;
}

int main(int count, char **args) {
  signal(SIGPIPE, SIG_IGN);
  if (count == 5 && strcmp(args[1], "serve") == 0) return serve(args + 2);
  if (count == 6 && strcmp(args[1], "connect") == 0) return connect_all(args + 2);
  if (count == 5 && strcmp(args[1], "send") == 0) return send_bulk(args + 2);
  fputs("see the top of the source\n", stderr);
  return 2;
}
