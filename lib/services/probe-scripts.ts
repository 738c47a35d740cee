/**
 * The probes of the runtimes that bring an interpreter. They take the same words as the binaries of `lib/images/probe`:
 *
 *     http PORT TIMEOUT_MS PATH LOWEST_STATUS HIGHEST_STATUS
 *     tcp  PORT TIMEOUT_MS
 *     grpc PORT TIMEOUT_MS [SERVICE]
 *
 * Short, as they stand in the task definition as they are here; a change replaces every task that uses them.
 */

/** For `node -e`. */
export const NODE_PROBE = `
const [kind, port, timeout, target = '', low, high] = process.argv.slice(1);
const end = (healthy, why) => { console.log(why); process.exit(healthy ? 0 : 1); };
const fail = (error) => end(false, 'unhealthy: ' + error.message);
process.on('uncaughtException', fail);
setTimeout(() => fail(Error('no answer in time')), +timeout);
if (kind === 'http') {
  require('http').get({ host: '127.0.0.1', port, path: target }, ({ statusCode }) =>
    end(statusCode >= +low && statusCode <= +high, statusCode)).on('error', fail);
} else if (kind === 'grpc') {
  const name = Buffer.from(target), body = name.length ? Buffer.from([10, name.length, ...name]) : name;
  const stream = require('http2').connect('http://127.0.0.1:' + port).on('error', fail).request({
    ':method': 'POST', ':path': '/grpc.health.v1.Health/Check', 'content-type': 'application/grpc', te: 'trailers' });
  let data = Buffer.alloc(0);
  stream.on('error', fail).on('data', (chunk) => { data = Buffer.concat([data, chunk]); });
  stream.on('end', () => end(data[5] === 8 && data[6] === 1, 'status ' + data[6]));
  stream.end(Buffer.from([0, 0, 0, 0, body.length, ...body]));
} else require('net').connect(+port, '127.0.0.1', () => end(true, 'open')).on('error', fail);
`.trim();

/** For `python3 -c`. An alarm that nobody handles ends it when time is up. */
export const PYTHON_PROBE = `
import signal, socket, sys
kind, port, timeout, target, low, high = (sys.argv[1:] + ["", "", ""])[:6]
signal.setitimer(signal.ITIMER_REAL, int(timeout) / 1000)
server = socket.create_connection(("127.0.0.1", int(port)))
answers = server.makefile("rb")
def frame(type, flags, stream, payload):
    return len(payload).to_bytes(3, "big") + bytes([type, flags, 0, 0, 0, stream]) + payload
if kind == "http":
    server.sendall(b"GET %s HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nConnection: close\\r\\n\\r\\n" % target.encode())
    status = answers.readline().split()
    sys.exit(not (status[0].startswith(b"HTTP/1.") and int(low) <= int(status[1]) <= int(high)))
if kind == "grpc":
    name = target.encode()
    body = b"\\n" + bytes([len(name)]) + name if name else b""
    server.sendall(b"PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n" + frame(4, 0, 0, b"") + frame(1, 4, 1,
        b"\\x83\\x86\\x04\\x1c/grpc.health.v1.Health/Check\\x01\\x09127.0.0.1\\x0f\\x10\\x10application/grpc\\x00\\x02te\\x08trailers")
        + frame(0, 1, 1, len(body).to_bytes(5, "big") + body))
    data = b""
    while data[5:7] != b"\\x08\\x01":
        head = answers.read(9)
        payload = answers.read(int.from_bytes(head[:3], "big"))
        if head[3] == 4 and not head[4] & 1: server.sendall(frame(4, 1, 0, b""))
        if head[3] == 0: data += payload[1:len(payload) - payload[0]] if head[4] & 8 else payload
        if head[3] in (3, 7) or head[3] < 2 and head[4] & 1 and data[5:7] != b"\\x08\\x01": sys.exit(1)
`.trim();
