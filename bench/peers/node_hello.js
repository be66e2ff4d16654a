// SPDX-License-Identifier: MIT
// Node's own http server, to compare with: one process with one thread for JavaScript. Debian's
// nodejs 18; newer ones run it too. The idiom: https://nodejs.org/docs/latest-v18.x/api/http.html
//
//     node bench/peers/node_hello.js PORT
'use strict';
const http = require('node:http');

const server = http.createServer((request, response) => {
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end('Hello, World!');  // with Content-Length, as the head has not left yet
});
server.keepAliveTimeout = 75_000;
server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1');
