// A real OpenID Connect provider on loopback for the journeys: authorization code with PKCE, nothing else. Whoever names
// themselves is believed; the people below have groups. Prints its address and ends when its standard input does.
import { createServer } from 'node:http';
import { Provider, interactionPolicy } from 'oidc-provider';

const people = {
  ada: { preferred_username: 'ada', groups: ['staff', 'sre-oncall'] },
  ben: { preferred_username: 'ben', groups: ['staff', 'finops'] },
  eve: { preferred_username: 'eve', groups: ['staff'] },
};

const page = action => `<!doctype html><title>Example ID</title><link rel="icon" href="data:,"><h1>Example ID</h1>
<form method="post" action="${action}"><label>Who are you? <input name="login" required></label><button>Continue</button></form>`;

// The console is trusted: nobody is asked for consent, native client or not.
const policy = interactionPolicy.base();
policy.get('consent').checks.remove('native_client_prompt');

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    // A native client's loopback address matches on any port (RFC 8252, 7.3).
    clients: [{
      client_id: 'console', client_secret: 'a-secret-of-the-journeys-only', application_type: 'native', token_endpoint_auth_method: 'client_secret_post',
      redirect_uris: ['http://127.0.0.1/sign-in/oidc/callback'], response_types: ['code'], grant_types: ['authorization_code'],
    }],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['preferred_username'], groups: ['groups'] },
    scopes: ['openid', 'profile', 'groups'],
    cookies: { keys: ['journeys'] },
    features: { devInteractions: { enabled: false } },
    interactions: { policy, url: (_, interaction) => `/who/${interaction.uid}` },
    findAccount: (_, id) => people[id] && { accountId: id, claims: () => ({ sub: id, ...people[id] }) },
    loadExistingGrant: async context => {
      const grant = new provider.Grant({ clientId: context.oidc.client.clientId, accountId: context.oidc.session.accountId });
      grant.addOIDCScope('openid profile groups');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  server.on('request', async (request, response) => {
    if (!request.url.startsWith('/who/')) return answer(request, response);
    try {
      const details = await provider.interactionDetails(request, response);
      if (request.method !== 'POST') return response.setHeader('content-type', 'text/html').end(page(`/who/${details.uid}`));
      let body = '';
      for await (const chunk of request) body += chunk;
      await provider.interactionFinished(request, response, { login: { accountId: new URLSearchParams(body).get('login') } });
    } catch (fault) {
      response.writeHead(400).end(String(fault));
    }
  });
  console.log(issuer);
});
process.stdin.resume().on('end', () => process.exit());
