import { quotes } from './quotes.js';
import Fastify from 'fastify';

const port = Number(process.env.PORT ?? 8080);
const server = Fastify({ logger: true });

server.get('/healthz', () => ({ status: 'ok' }));
server.get('/quotes', () => quotes);
server.get<{ Params: { author: string } }>('/quotes/:author', (request, reply) => {
  const found = quotes.filter(({ author }) => author.toLowerCase() === request.params.author.toLowerCase());
  return found.length > 0 ? found : reply.code(404).send({ error: `nothing by ${request.params.author}` });
});

// Node.js as process 1 ignores SIGTERM unless somebody listens; finish the requests at hand, then end.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => void server.close().then(() => process.exit(0)));
}

await server.listen({ host: '0.0.0.0', port });
