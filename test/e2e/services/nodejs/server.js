require('node:http')
  .createServer((request, response) => response.end('ok'))
  .listen(8080);
process.on('SIGTERM', () => process.exit(0));
