// Asks a console for flags by OpenFeature's own SDKs: node client.mjs BASE_URL TOKEN. A line of JSON a question.
import { OpenFeature } from '@openfeature/server-sdk';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature as WebOpenFeature } from '@openfeature/web-sdk';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';

const [baseUrl, token] = process.argv.slice(2);
const say = (what, answer) => console.log(JSON.stringify({ what, ...answer }));

await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl, headers: [['Authorization', `Bearer ${token}`]] }));
const server = OpenFeature.getClient();
say('server on', await server.getBooleanDetails('everywhere', false, { targetingKey: 'somebody' }));
say('server ring', await server.getBooleanDetails('experimental', false, { targetingKey: 'somebody', ring: 4 }));
say('server missing', await server.getBooleanDetails('no-such-flag', true, { targetingKey: 'somebody' }));
say('server no key', await server.getBooleanDetails('everywhere', false, {}));
say('server wrong type', await server.getStringDetails('everywhere', 'fallback', { targetingKey: 'somebody' }));

const statuses = [];
const fetchImplementation = async (...request) => {
  const answer = await fetch(...request);
  statuses.push(answer.status);
  return answer;
};
await WebOpenFeature.setContext({ targetingKey: 'somebody', ring: 4 });
const provider = new OFREPWebProvider({ baseUrl, headers: [['X-API-Key', token]], fetchImplementation, pollInterval: 200, disableVisibilityRefresh: true });
await WebOpenFeature.setProviderAndWait(provider);
const web = WebOpenFeature.getClient();
say('web on', web.getBooleanDetails('everywhere', false));
say('web ring', web.getBooleanDetails('experimental', false));
await new Promise((done) => setTimeout(done, 1500));
say('web polled', { statuses: [...new Set(statuses)] });
await WebOpenFeature.setContext({ targetingKey: 'somebody', ring: 3 });
say('web other ring', web.getBooleanDetails('experimental', true));
await WebOpenFeature.close();
process.exit(0);
