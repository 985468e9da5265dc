// An agent on Elastic's OpAMP client: reports itself, applies what it is offered, and tells by lines what it was offered. Ends with its standard input.
import { createOpAMPClient, AgentCapabilities, RemoteConfigStatuses } from '@elastic/opamp-client-node';

const [endpoint, token, host] = process.argv.slice(2);
const client = createOpAMPClient({
  endpoint,
  headers: { Authorization: `Bearer ${token}` },
  heartbeatIntervalSeconds: 0.5,
  capabilities: AgentCapabilities.AgentCapabilities_AcceptsRemoteConfig | AgentCapabilities.AgentCapabilities_ReportsRemoteConfig,
  onMessage: ({ remoteConfig }) => {
    if (!remoteConfig) return;
    const files = Object.values(remoteConfig.config.configMap);
    console.log(JSON.stringify({ hash: Buffer.from(remoteConfig.configHash).toString('hex'), yaml: Buffer.from(files[0].body).toString() }));
    client.setRemoteConfigStatus({ status: RemoteConfigStatuses.RemoteConfigStatuses_APPLIED, lastRemoteConfigHash: remoteConfig.configHash });
  },
});
client.setAgentDescription({
  identifyingAttributes: { 'service.name': 'elastic-agent', 'service.version': '0.5.0' },
  nonIdentifyingAttributes: { 'host.id': host, 'host.name': host, 'os.type': 'linux' },
});
client.start();
process.stdin.resume();
process.stdin.on('end', async () => {
  await client.shutdown();
  process.exit(0);
});
