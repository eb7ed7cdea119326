// Who may use which route: every route of the daemon's own table, asked by every role, with the credential in
// every state it can be in and carried in every way it can come. The policy is written down here once more, by
// hand, so that a route whose access was set wrongly is seen; one that is not written down fails the test.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { contractTest } from '../harness/contract.mjs';
import { Daemon } from '../harness/daemon.mjs';
import { Forge } from '../harness/forge.mjs';

// creators alone: not even administrators, as the contract has it. public: anybody. own: anybody, but the request carries something of its own that is judged (a token in its
// path, a refresh token). user, creator, admin: the least role.
const policy = {
  'GET /api/v1/health': 'public',
  'GET /openapi.json': 'public',
  'GET /docs': 'public',
  'GET /docs/{file}': 'public',
  'POST /api/v1/auth/register': 'public',
  'POST /api/v1/auth/login': 'own',
  'POST /api/v1/auth/refresh': 'own',
  'POST /api/v1/auth/logout': 'user',
  'GET /api/v1/auth/me': 'user',
  'POST /api/v1/auth/password': 'user',
  'POST /api/v1/auth/activate': 'own',
  'POST /api/v1/auth/password/reset': 'public',
  'POST /api/v1/auth/password/reset/confirm': 'own',
  'GET /api/v1/auth/sessions': 'user',
  'DELETE /api/v1/auth/sessions': 'user',
  'DELETE /api/v1/auth/sessions/{id}': 'user',
  'GET /api/v1/users': 'admin',
  'GET /api/v1/users/admin-only': 'admin',
  'PATCH /api/v1/users/{id}/role': 'admin',
  'PATCH /api/v1/users/{id}/activate': 'admin',
  'PATCH /api/v1/users/{id}/deactivate': 'admin',
  'DELETE /api/v1/users/{id}': 'admin',
  'GET /api/v1/audit': 'admin',
  'GET /api/v1/videos': 'user',
  'POST /api/v1/videos': 'creator',
  'GET /api/v1/videos/{id}': 'user',
  'PUT /api/v1/videos/{id}': 'user',
  'DELETE /api/v1/videos/{id}': 'user',
  'PATCH /api/v1/videos/{id}/restore': 'admin',
  'PATCH /api/v1/videos/{id}/status': 'admin',
  'PUT /api/v1/videos/{id}/upload': 'user',
  'PUT /api/v1/videos/{id}/poster': 'user',
  'DELETE /api/v1/videos/{id}/poster': 'user',
  'POST /api/v1/videos/{id}/requeue': 'user',
  'POST /api/v1/videos/{id}/reprocess': 'user',
  'GET /api/v1/payments': 'user',
  'POST /api/v1/payments/purchase/{video_id}': 'user',
  'POST /api/v1/payments/{id}/refund': 'admin',
  'GET /api/v1/videos/{id}/progress': 'user',
  'POST /api/v1/videos/{id}/progress': 'user',
  'GET /api/v1/analytics/creator': 'creator',
  'GET /api/v1/analytics/admin': 'admin',
  'GET /api/v1/analytics/{id}': 'user',
  'GET /api/v1/analytics/{id}/days': 'user',
  'GET /api/v1/analytics/{id}/engagement': 'user',
  'POST /api/v1/analytics/{id}/engagement/{type}': 'user',
  'DELETE /api/v1/analytics/{id}/engagement': 'user',
  'GET /api/v1/subscriptions': 'user',
  'GET /api/v1/subscriptions/plans': 'user',
  'GET /api/v1/subscriptions/quote': 'user',
  'POST /api/v1/subscriptions/activate': 'user',
  'POST /api/v1/payments/subscribe': 'user',
  'POST /api/v1/subscriptions/cancel': 'user',
  'POST /api/v1/subscriptions/change': 'user',
  'GET /api/v1/revenue/creator': 'creators alone',
  'GET /api/v1/revenue/admin': 'admin',
  'POST /hooks/payment/{instance}': 'own',
  'GET /api/v1/stream/{id}': 'user',
  'GET /api/v1/stream/play/{token}': 'own',
  'GET /api/v1/stream/play/{token}/storyboard.vtt': 'own',
  'GET /media/g/{grant}/{encoding}/storyboard/index.vtt': 'own',
  'GET /media/g/{grant}/{encoding}/storyboard/{sheet}': 'own',
  'GET /media/g/{grant}/{encoding}/hls/subtitles/{track}/index.m3u8': 'own',
  'GET /media/g/{grant}/{encoding}/hls/subtitles/{track}/{file}': 'own',
  'GET /media/g/{grant}/{encoding}/cmaf/subtitles/{track}/index.m3u8': 'own',
  'GET /media/g/{grant}/{encoding}/cmaf/subtitles/{track}/{file}': 'own',
  'GET /media/g/{grant}/{encoding}/hls/master.m3u8': 'own',
  'GET /media/g/{grant}/{encoding}/hls/{rendition}/index.m3u8': 'own',
  'GET /media/g/{grant}/{encoding}/hls/{rendition}/{segment}': 'own',
  'GET /media/g/{grant}/{encoding}/cmaf/master.m3u8': 'own',
  'GET /media/g/{grant}/{encoding}/cmaf/manifest.mpd': 'own',
  'GET /media/g/{grant}/{encoding}/cmaf/{rendition}/index.m3u8': 'own',
  'GET /media/g/{grant}/{encoding}/cmaf/{rendition}/{segment}': 'own',
  'GET /media/thumbnails/{name}': 'public',
  'GET /api/video': 'user',
  'GET /api/video/{id}/master.m3u8': 'user',
  'GET /api/video/{id}/storyboard/index.vtt': 'user',
  'GET /api/video/{id}/storyboard/{sheet}': 'user',
  'GET /api/video/{id}/{resolution}/index.m3u8': 'user',
  'GET /api/video/{id}/{resolution}/{file}': 'user',
  'POST /api/register': 'public',
  'GET /api/activate/{uid}/{token}': 'own',
  'POST /api/login': 'own',
  'POST /api/token/refresh': 'own',
  'POST /api/logout': 'own',
  'POST /api/password_reset': 'public',
  'POST /api/password_confirm/{uid}/{token}': 'own',
};
const ranks = { VIEWER: 'user', CREATOR: 'creator', ADMIN: 'admin' };
const order = ['user', 'creator', 'admin'];
const reads = (route) => route.method === 'GET';
const isV1 = (route) => route.pattern.startsWith('/api/v1/');
// What a page of another site may not make a browser do, though no access token is asked: these set cookies.
const setsCookies = ['POST /api/login', 'POST /api/token/refresh', 'POST /api/logout'];

const cookie = (token) => `access_token=${token}`;
const carriers = {
  'as Bearer': (token) => ({ token }),
  'by cookie': (token) => ({ token: null, headers: { cookie: cookie(token) } }),
  'by cookie from a page of another site': (token) => ({ token: null, headers: { cookie: cookie(token), origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } }),
  'both ways at once': (token) => ({ token, headers: { cookie: cookie(token) } }),
};

let daemon, root, table;
before(async () => {
  daemon = await Daemon.start();
  root = await Client.admin(daemon);
  const { code, output } = await daemon.ctl(['--json', 'route', 'list']);
  assert.equal(code, 0, output);
  table = JSON.parse(output).routes;
});
after(() => daemon.dispose());

const nameOf = (route) => `${route.method} ${route.pattern}`;
const values = { id: '999999', video_id: '999999', instance: 'sandbox', type: 'LIKE', token: 'x', grant: 'x', encoding: '1', rendition: '480p', segment: 'x', track: '1', sheet: 'x', resolution: '480p', file: 'x', name: 'x', uid: 'x' };
const pathOf = (route) => route.pattern.replace(/\{(\w+)\*?\}/g, (_, name) => {
  assert.ok(name in values, `no value for {${name}} of ${nameOf(route)}`);
  return values[name];
});
const ask = (client, route, carrier = 'as Bearer') => {
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(route.method);
  const body = hasBody ? { json: nameOf(route) === 'POST /api/v1/videos' ? { title: 'x' } : {} } : {};
  return client.ask(route.method, pathOf(route), { ...body, ...(client.token ? carriers[carrier](client.token) : {}) });
};

test('the policy names every route there is, and none besides', () => {
  assert.deepEqual(Object.keys(policy).sort(), table.map(nameOf).sort());
});

test('the table itself asks what the policy wants', () => {
  for (const route of table) {
    const wanted = policy[nameOf(route)];
    // Decided in the handler: what comes before the credential, and what is answered on the loop.
    const open = ['public', 'own'].includes(wanted) || route.pattern.startsWith('/api/video/{id}/') || ['POST /api/v1/auth/logout', 'POST /api/v1/videos', 'PUT /api/v1/videos/{id}/upload'].includes(nameOf(route));
    if (!open) assert.equal(route.access, wanted === 'creators alone' ? 'creator' : wanted, nameOf(route));
  }
});

test('without a credential only what is public answers', async () => {
  for (const route of table) {
    const { status, json } = await answerOf(new Client(daemon), route);
    const wanted = policy[nameOf(route)];
    if (wanted === 'public') assert.ok(![401, 403].includes(status), `${nameOf(route)}: ${status}`);
    else if (wanted === 'own') assert.ok(status >= 400 && status < 500, `${nameOf(route)} without what it needs: ${status}`);
    else assert.deepEqual([status, json.code], [401, told(route, 'credential-missing')], nameOf(route));
  }
});

/// Holds what somebody who is signed in gets at the route against the policy.
async function judge(person, rank, route, carrier) {
  const wanted = policy[nameOf(route)];
  const what = `${person.email} ${carrier} ${nameOf(route)}`;
  const { status, json } = await answerOf(person, route, carrier);
  const open = ['public', 'own'].includes(wanted);
  if (carrier === 'both ways at once' && nameOf(route) !== 'GET /api/v1/health' && (isV1(route) || !open)) {
    assert.deepEqual([status, json.code], [400, told(route, 'credentials-mixed')], what);
  } else if (carrier === 'by cookie from a page of another site' && (setsCookies.includes(nameOf(route)) || (!open && !reads(route)))) {
    assert.deepEqual([status, json.code], [403, told(route, 'cross-site')], what);
  } else if (wanted === 'creators alone') {
    assert.equal(status === 403, rank !== 'creator', `${what}: ${status}`);
  } else if (wanted === 'own') {
    // Who he is opens nothing there.
    assert.equal(status, (await answerOf(new Client(daemon), route)).status, what);
  } else if (wanted === 'public' || order.indexOf(rank) >= order.indexOf(wanted)) {
    assert.ok(![401, 403].includes(status), `${what}: ${status}`);
  } else {
    assert.equal(status, 403, what);
  }
}

for (const [role, rank] of Object.entries(ranks)) {
  for (const carrier of Object.keys(carriers)) {
    test(`${role} ${carrier} gets what his role allows, and is refused the rest`, async () => {
      const person = await Client.person(daemon, role, root);
      for (const route of table) {
        await judge(person, rank, route, carrier);
        // Some of these routes end sessions.
        if ((await person.get('/api/v1/auth/me')).status === 401) person.token = (await Client.signIn(daemon, person)).token;
      }
    });
  }

  test(`${role} who was shut out and let in again signs in anew, and has what his role allows`, async () => {
    const person = await Client.person(daemon, role, root);
    for (const way of ['deactivate', 'activate']) assert.equal((await root.patch(`/api/v1/users/${person.id}/${way}`)).status, 200, way);
    for (const route of table) {
      if (['public', 'own'].includes(policy[nameOf(route)])) continue;
      for (const carrier of ['as Bearer', 'by cookie']) {
        const { status, json } = await answerOf(person, route, carrier);
        assert.deepEqual([status, json.code], [401, told(route, 'session-ended')], `${role} ${carrier} ${nameOf(route)}`);
      }
    }
    for (const route of table) {
      person.token = (await Client.signIn(daemon, person)).token;
      await judge(person, rank, route, 'as Bearer');
    }
  });

  test(`${role} whose session or user has ended gets nothing of it`, async () => {
    const states = {
      'session-ended (signed out)': async (person) => { await person.post('/api/v1/auth/logout'); },
      'session-ended (deactivated)': async (person) => { await root.patch(`/api/v1/users/${person.id}/deactivate`); },
      'session-ended (new password)': async (person) => {
        const { code, output } = await daemon.ctl(['user', 'reset-password', person.email]);
        assert.equal(code, 0, output);
      },
      'session-ended (elsewhere, everywhere)': async (person) => { await (await Client.signIn(daemon, person)).delete('/api/v1/auth/sessions'); },
      'session-ended (deleted)': async (person) => { await root.delete(`/api/v1/users/${person.id}`); },
      'token-expired': (person) => { person.token = new Forge(daemon).token(person.token, 'access', { exp: Math.floor(Date.now() / 1000) - 1 }); },
      'token-forged': (person) => { person.token = person.token.replace(/.(?=.{8}$)/, (c) => (c === 'A' ? 'B' : 'A')); },
      'token-malformed': (person) => { person.token = 'x.y.z'; },
      'token-wrong-purpose': (person) => { person.token = new Forge(daemon).token(person.token, 'access', { aud: 'another purpose' }); },
    };
    for (const [state, enter] of Object.entries(states)) {
      const person = await Client.person(daemon, role, root);
      await enter(person);
      for (const route of table) {
        const wanted = policy[nameOf(route)];
        for (const carrier of ['as Bearer', 'by cookie']) {
          const { status, json } = await answerOf(person, route, carrier);
          const what = `${role} ${state} ${carrier} ${nameOf(route)}`;
          if (wanted === 'own') assert.equal(status, (await answerOf(new Client(daemon), route)).status, what);
          else if (wanted === 'public') assert.ok(![401, 403].includes(status), `${what}: ${status}`);
          else assert.deepEqual([status, json.code], [401, told(route, state.split(' ')[0])], what);
        }
      }
    }
  });
}

/// The Videoflix surface has no codes.
const told = (route, code) => (isV1(route) ? code : undefined);

async function answerOf(client, route, carrier) {
  const answer = await ask(client, route, carrier);
  assert.ok(answer.status < 500 || answer.status === 501, `${nameOf(route)}: ${answer.status} ${answer.text.slice(0, 200)}`);
  return { status: answer.status, json: /json/.test(answer.headers['content-type'] ?? '') ? answer.json : undefined };
}

contractTest('access');
