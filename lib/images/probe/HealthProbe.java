import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks a server on this machine whether it is healthy: exits 0 when it is, 1 when not.
 *
 * <pre>
 *   HealthProbe http PORT TIMEOUT_MS PATH LOWEST_STATUS HIGHEST_STATUS
 *   HealthProbe tcp  PORT TIMEOUT_MS
 *   HealthProbe grpc PORT TIMEOUT_MS [SERVICE]
 * </pre>
 *
 * Build: javac --release 17 -XDstringConcat=inline HealthProbe.java
 *
 * A plain socket starts faster, and in less memory, than the HttpClient, which cannot speak gRPC's cleartext HTTP/2 anyway.
 */
public final class HealthProbe {
  private static final int DATA = 0, HEADERS = 1, RST_STREAM = 3, SETTINGS = 4, GOAWAY = 7;
  private static final int ACK = 1, END_STREAM = 1, END_HEADERS = 4, PADDED = 8;

  /** The client's preface and an empty SETTINGS frame. */
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";

  /** POST, http, the path, the authority, the content type and "te: trailers", as HPACK literals that need no table. */
  private static final String REQUEST =
      "\u0083\u0086\4\34/grpc.health.v1.Health/Check\1\11" + "127.0.0.1\17\20\20application/grpc\0\2te\10trailers";

  public static void main(String[] words) {
    startClock(Integer.parseInt(words[2]));
    try (Socket server = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), Integer.parseInt(words[1]))) {
      check(server, words);
    } catch (IOException problem) {
      fail(problem.getMessage());
    }
    Runtime.getRuntime().halt(0);
  }

  private static void startClock(int milliseconds) {
    Clock clock = new Clock(milliseconds);
    clock.setDaemon(true);
    clock.start();
  }

  /** A class of its own, as a lambda costs a tenth of a second at the start of a JVM. */
  private static final class Clock extends Thread {
    private final int milliseconds;

    Clock(int milliseconds) {
      this.milliseconds = milliseconds;
    }

    @Override
    public void run() {
      try {
        Thread.sleep(milliseconds);
        fail("no answer in time");
      } catch (InterruptedException stopped) {
        fail("stopped");
      }
    }
  }

  private static void fail(String why) {
    System.out.println("unhealthy: " + why);
    System.out.flush();
    Runtime.getRuntime().halt(1);
  }

  private static void check(Socket server, String[] words) throws IOException {
    switch (words[0]) {
      case "http" -> checkHttp(server, words[3], Integer.parseInt(words[4]), Integer.parseInt(words[5]));
      case "grpc" -> checkGrpc(server, words.length > 3 ? words[3] : "");
      case "tcp" -> { }
      default -> fail("usage: HealthProbe http|tcp|grpc PORT TIMEOUT_MS ...");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void checkHttp(Socket server, String path, int lowest, int highest) throws IOException {
    String rest = " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: healthprobe\r\nConnection: close\r\n\r\n";
    server.getOutputStream().write(bytes("GET " + path + rest));
    String status = new String(server.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
    if (!status.matches("HTTP/1\\.\\d \\d{3}")) fail("not an HTTP answer");
    int code = Integer.parseInt(status.substring(9));
    if (code < lowest || code > highest) fail(status);
  }

  private static byte[] frame(int type, int flags, int stream, byte[] payload) {
    byte[] frame = new byte[9 + payload.length];
    byte[] header = {
      (byte) (payload.length >> 16), (byte) (payload.length >> 8), (byte) payload.length,
      (byte) type, (byte) flags, 0, 0, 0, (byte) stream,
    };
    System.arraycopy(header, 0, frame, 0, 9);
    System.arraycopy(payload, 0, frame, 9, payload.length);
    return frame;
  }

  private static byte[] checkMessage(String service) {
    if (service.length() > 127) fail("the service's name is longer than 127 bytes");
    String body = service.isEmpty() ? "" : "\n" + (char) service.length() + service;
    return bytes("\0\0\0\0" + (char) body.length() + body);
  }

  /** The first message that the stream carries: its five-byte prefix, then field 1 of the answer, where 1 says SERVING. */
  private static boolean isServing(String data) {
    return data.length() >= 7 && data.charAt(5) == 8 && data.charAt(6) == 1;
  }

  private static void checkGrpc(Socket server, String service) throws IOException {
    OutputStream out = server.getOutputStream();
    out.write(bytes(PREFACE));
    out.write(frame(HEADERS, END_HEADERS, 1, bytes(REQUEST)));
    out.write(frame(DATA, END_STREAM, 1, checkMessage(service)));
    DataInputStream in = new DataInputStream(server.getInputStream());
    StringBuilder data = new StringBuilder();
    while (!isServing(data.toString())) {
      int head = in.readInt(), length = head >>> 8, type = head & 0xff, flags = in.readUnsignedByte();
      in.readInt();
      byte[] payload = in.readNBytes(length);
      if (type == SETTINGS && (flags & ACK) == 0) out.write(frame(SETTINGS, ACK, 0, new byte[0]));
      if (type == RST_STREAM || type == GOAWAY) fail("the server refuses the health service");
      if (type == DATA) data.append(unpadded(payload, flags));
      if (type <= HEADERS && (flags & END_STREAM) != 0 && !isServing(data.toString())) fail("not serving");
    }
  }

  private static String unpadded(byte[] payload, int flags) {
    String text = new String(payload, StandardCharsets.ISO_8859_1);
    if ((flags & PADDED) == 0 || text.isEmpty() || text.charAt(0) >= text.length()) return text;
    return text.substring(1, text.length() - text.charAt(0));
  }
}
