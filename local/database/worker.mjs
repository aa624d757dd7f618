// The embedded DynamoDB in a thread of its own, so that its work does not delay what fires.
import { parentPort, workerData } from 'node:worker_threads';
import dynalite from 'dynalite';
import { forgetUnfinishedTables, writeWhole } from './whole-writes.mjs';

// dynalite reads a property of responses that Node deprecates; nobody here can act on the warning.
process.noDeprecation = true;
const { path } = workerData;
let store;
writeWhole((opened) => {
  store = opened;
});
const server = dynalite({ ...(path && { path }), createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });

// dynalite answers web pages (CORS); this database is only for programs of this machine.
const [handle] = server.listeners('request');
server.removeAllListeners('request');
server.on('request', (request, response) => {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (request.headers.origin !== undefined || !['127.0.0.1', 'localhost'].includes(host)) response.writeHead(403).end();
  else handle(request, response);
});

server.on('error', (error) => parentPort.postMessage({ is: 'failed', message: error.message }));
if (path) await forgetUnfinishedTables(store);
server.listen(0, '127.0.0.1', () => parentPort.postMessage({ is: 'ready', port: server.address().port }));
parentPort.on('message', () => {
  // A query may be reading when the store is closed under it; whoever asked is gone.
  process.on('uncaughtException', () => undefined);
  server.close(() => parentPort.postMessage({ is: 'closed' }));
});
