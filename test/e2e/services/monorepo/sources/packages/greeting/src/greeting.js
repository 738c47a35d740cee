const { version } = require('ms/package.json');

exports.greeting = `hello, with ms ${version}`;
