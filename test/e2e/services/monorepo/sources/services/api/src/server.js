const { createServer } = require('node:http');
const { greeting } = require('@acme/greeting');
const { version } = require('ms/package.json');

const server = createServer((_request, response) => response.end(`${greeting} and ${version}`)).listen(8080);
process.once('SIGTERM', () => server.close());
