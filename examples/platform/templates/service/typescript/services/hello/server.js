import { createServer } from 'node:http';

const server = createServer((request, response) => {
  response.end(request.url === '/healthz' ? 'ok' : 'hello from a container without a shell\n');
});
server.listen(8080);

process.on('SIGTERM', () => server.close());
