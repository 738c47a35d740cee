import { createServer } from 'node:http';

/** What AgentCore asks of a container: `GET /ping` and `POST /invocations` on port 8080. App Runner asks `/ping` too. */
const server = createServer(async (request, response) => {
  response.setHeader('content-type', 'application/json');
  if (request.url === '/ping') return response.end('{"status":"Healthy"}');
  const chunks = await request.toArray();
  response.end(JSON.stringify({ heard: Buffer.concat(chunks).toString() }));
});
server.listen(8080);

process.on('SIGTERM', () => server.close());
