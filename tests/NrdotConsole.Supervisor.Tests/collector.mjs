#!/usr/bin/env node
// A program with the face of a collector: validate, --config, SIGHUP, a health_check port. What it does is said in its configuration:
// "invalid", "crash at start", "crash after MS", "unhealthy", "healthy once" (in one process, no more in the next).
import { readFileSync, appendFileSync, existsSync } from 'node:fs';
import { createServer } from 'node:http';

const args = process.argv.slice(2);
const file = args[args.indexOf('--config') + 1];
const read = () => readFileSync(file, 'utf8');

if (args[0] === '--version') { console.log('collector version 9.8.7'); process.exit(0); }
if (args[0] === 'components') { console.log('receivers:\n    - name: host_metrics\n      stability: x\nexporters:\n    - name: otlp_http\n'); process.exit(0); }
if (args[0] === 'validate') {
  if (!read().includes('invalid')) process.exit(0);
  console.error("Error: 'receivers' unknown type: \"nope\"");
  process.exit(1);
}

let text = '', ill = false;
const run = () => {
  text = read();
  const before = process.env.COLLECTOR_DIARY && existsSync(process.env.COLLECTOR_DIARY) ? readFileSync(process.env.COLLECTOR_DIARY, 'utf8') : '';
  ill = text.includes('unhealthy') || (text.includes('healthy once') && before.includes('healthy once'));
  if (process.env.COLLECTOR_DIARY) appendFileSync(process.env.COLLECTOR_DIARY, `${process.pid} ${text.trim()}\n`);
  if (text.includes('crash at start')) { console.error('Error: cannot build pipelines'); process.exit(1); }
  const later = /crash after (\d+)/.exec(text);
  if (later) setTimeout(() => { console.error('Error: panic'); process.exit(2); }, Number(later[1]));
};
run();
process.on('SIGHUP', run);
process.on('SIGTERM', () => process.exit(0));
createServer((_, response) => { response.statusCode = ill ? 503 : 200; response.end(); })
  .listen(Number(process.env.COLLECTOR_HEALTH_PORT ?? 0), '127.0.0.1');
