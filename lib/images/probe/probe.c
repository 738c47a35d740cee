/*
 * Asks a server on this machine whether it is healthy: exits 0 when it is, 1 when not. Needs no shell and no libc at run time.
 *
 *   healthprobe http PORT TIMEOUT_MS PATH LOWEST_STATUS HIGHEST_STATUS
 *   healthprobe tcp  PORT TIMEOUT_MS
 *   healthprobe grpc PORT TIMEOUT_MS [SERVICE]
 *
 * Build: gcc -Os -static -s -o healthprobe probe.c
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { HEADER = 9, DATA = 0, HEADERS = 1, RST_STREAM = 3, SETTINGS = 4, GOAWAY = 7, ACK = 1, END_STREAM = 1, PADDED = 8 };

static const char PREFACE[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
                              "\0\0\0\4\0\0\0\0"; /* and an empty SETTINGS frame, whose last zero is the string's own */

/* POST, http, the path, the authority, the content type and "te: trailers", as HPACK literals that need no table. */
static const char REQUEST[] = "\x83\x86"
                              "\x04\x1c/grpc.health.v1.Health/Check"
                              "\x01\x09"
                              "127.0.0.1"
                              "\x0f\x10\x10"
                              "application/grpc"
                              "\x00\x02te\x08trailers";

static void fail(const char *why) {
  dprintf(1, "unhealthy: %s\n", why);
  _exit(1);
}

static void timed_out(int signal) {
  (void)signal;
  fail("no answer in time");
}

static void start_clock(long milliseconds) {
  struct itimerval timer = {{0, 0}, {milliseconds / 1000, milliseconds % 1000 * 1000}};
  signal(SIGALRM, timed_out);
  signal(SIGPIPE, SIG_IGN);
  setitimer(ITIMER_REAL, &timer, NULL);
}

static int dial(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int connection = socket(AF_INET, SOCK_STREAM, 0);
  if (connection < 0 || connect(connection, (struct sockaddr *)&address, sizeof address) != 0) fail("cannot connect");
  return connection;
}

static void send_all(int connection, const void *bytes, size_t length) {
  for (const char *next = bytes; length > 0;) {
    ssize_t sent = write(connection, next, length);
    if (sent <= 0) fail("cannot send");
    next += sent, length -= sent;
  }
}

static int receive(int connection, void *bytes, size_t length) {
  for (char *next = bytes; length > 0;) {
    ssize_t got = read(connection, next, length);
    if (got <= 0) return 0;
    next += got, length -= got;
  }
  return 1;
}

static void check_http(int connection, const char *path, int lowest, int highest) {
  char status[13] = {0};
  const char *start = "GET ", *rest = " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: healthprobe\r\nConnection: close\r\n\r\n";
  send_all(connection, start, strlen(start));
  send_all(connection, path, strlen(path));
  send_all(connection, rest, strlen(rest));
  if (!receive(connection, status, 12) || memcmp(status, "HTTP/1.", 7) != 0) fail("not an HTTP answer");
  int code = atoi(status + 9);
  if (code < lowest || code > highest) fail(status);
}

static void send_frame(int connection, int type, int flags, int stream, const void *payload, size_t length) {
  unsigned char header[HEADER] = {length >> 16, length >> 8, length, type, flags, 0, 0, 0, stream};
  send_all(connection, header, HEADER);
  send_all(connection, payload, length);
}

static void send_check(int connection, const char *service) {
  unsigned char message[7 + 127] = {0};
  size_t name = strlen(service), body = name == 0 ? 0 : name + 2;
  if (name > 127) fail("the service's name is longer than 127 bytes");
  message[4] = body, message[5] = 10, message[6] = name;
  memcpy(message + 7, service, name);
  send_all(connection, PREFACE, sizeof PREFACE);
  send_frame(connection, HEADERS, 4, 1, REQUEST, sizeof REQUEST - 1);
  send_frame(connection, DATA, END_STREAM, 1, message, 5 + body);
}

/* The first message that the stream carries: its five-byte prefix, then field 1 of the answer, where 1 says SERVING. */
static int is_serving(const unsigned char *data, size_t length) {
  return length >= 7 && data[5] == 8 && data[6] == 1;
}

static void check_grpc(int connection, const char *service) {
  static unsigned char payload[1 << 14], data[1 << 14];
  unsigned char header[HEADER];
  size_t collected = 0;
  send_check(connection, service);
  while (receive(connection, header, HEADER)) {
    size_t length = header[0] << 16 | header[1] << 8 | header[2], skip = 0;
    int type = header[3], flags = header[4];
    if (length > sizeof payload || !receive(connection, payload, length)) fail("not an HTTP/2 answer");
    if (type == SETTINGS && !(flags & ACK)) send_frame(connection, SETTINGS, ACK, 0, "", 0);
    if (type == RST_STREAM || type == GOAWAY) fail("the server refuses the health service");
    if (type == DATA) {
      if (flags & PADDED && length > 0) skip = 1, length -= payload[0] < length ? payload[0] : length - 1;
      if (length - skip > sizeof data - collected) fail("the answer is too long");
      memcpy(data + collected, payload + skip, length - skip), collected += length - skip;
    }
    if (type <= HEADERS && flags & END_STREAM) break;
    if (is_serving(data, collected)) return;
  }
  if (!is_serving(data, collected)) fail("not serving");
}

int main(int count, char **words) {
  if (count < 4) fail("usage: healthprobe http|tcp|grpc PORT TIMEOUT_MS ...");
  start_clock(atol(words[3]));
  int connection = dial(atoi(words[2]));
  if (strcmp(words[1], "http") == 0 && count == 7) check_http(connection, words[4], atoi(words[5]), atoi(words[6]));
  else if (strcmp(words[1], "grpc") == 0) check_grpc(connection, count > 4 ? words[4] : "");
  else if (strcmp(words[1], "tcp") != 0) fail("usage: healthprobe http|tcp|grpc PORT TIMEOUT_MS ...");
  return 0;
}
