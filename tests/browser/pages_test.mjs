// Story: a person and her browser, on pages that use the API as the public Videoflix pages do and come from
// another port of the same host: sign up, the link in the mail, sign in, pictures, every resolution, seeking,
// staying signed in, signing out for good, and a new password by mail.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from '../harness/client.mjs';
import { clipBytes, soundBytes } from '../harness/clips.mjs';
import { Daemon, outDir } from '../harness/daemon.mjs';
import { linkIn, Mailbox } from '../harness/mailbox.mjs';
import { until } from '../harness/until.mjs';
import { answered, Visitor } from '../harness/visitor.mjs';
import { startChromium } from './chromium.mjs';
import { servePages } from './page_server.mjs';

const email = 'viewer@example.org';
const markup = '<img src=x onerror="window.hacked = true"> & "quotes"';
let server, daemon, mailbox, browser, page, film, first;
let secret = 'a long enough password';
const answers = [];
before(async () => {
  server = await servePages();
  daemon = await Daemon.start({ set: [`mail.frontend_url=${server.origin}`] });
  Object.assign(server.config, { API: `${daemon.url}/api/`, REFRESH_MS: 1500 });
  mailbox = new Mailbox(daemon);
  const creator = await Client.person(daemon, 'CREATOR');
  film = await creator.upload(clipBytes({ seconds: 20, size: '1920x1080' }), { title: 'The long one', description: 'A counter, a moving picture and a tone.', category: 'animals' });
  const others = [
    await creator.upload(soundBytes({ seconds: 2 }), { title: 'Sound alone', category: 'beaches' }),
    await creator.upload(clipBytes({ seconds: 0.2 }), { title: 'A blink', category: 'animals' }),
    await creator.upload(clipBytes({ seconds: 3 }), { title: markup }),
  ];
  for (const id of [film, ...others]) await creator.ready(id, 300_000);
  first = others.at(-1);
  browser = await startChromium();
  page = await browser.newPage({ viewport: { width: 1180, height: 760 } });
  page.on('response', (response) => {
    if (response.url().startsWith(daemon.url)) answers.push({ path: new URL(response.url()).pathname, method: response.request().method(), status: response.status() });
  });
});
after(async () => {
  await browser?.close();
  await daemon?.dispose();
  await server?.close();
});

const open = (path) => page.goto(server.origin + path);
const picture = async (name) => {
  mkdirSync(outDir, { recursive: true });
  await page.screenshot({ path: join(outDir, `pages-${daemon.database.kind}-${name}.png`) });
};
const fill = async (fields) => {
  for (const [name, value] of Object.entries(fields)) await page.fill(`[name=${name}]`, value);
  await page.click('form button');
};
const toast = async (good) => {
  const line = page.locator(`#toast p${good ? '.good' : ':not(.good)'}`).first();
  await line.waitFor({ timeout: 20_000 });
  return line.textContent();
};
/// Follows the link of the next mail, which must lead to the pages.
async function followMail(name) {
  const link = linkIn(await mailbox.next(email));
  assert.equal(link.page, `${server.origin}/pages/auth/${name}.html`);
  await open(`/pages/auth/${name}.html?uid=${link.uid}&token=${link.token}`);
}
async function signIn(password) {
  await open('/pages/auth/login.html');
  await fill({ email, password });
}
const cookies = async () => Object.fromEntries((await page.context().cookies(daemon.url)).map((cookie) => [cookie.name, cookie]));
const state = () => page.evaluate(() => {
  const { currentTime, videoHeight, error, ended } = document.getElementById('film');
  return { currentTime, videoHeight, error: error?.message, ended, faults: window.faults };
});
async function reaches(what, check, argument, within = 60_000) {
  await page.waitForFunction(check, argument, { timeout: within, polling: 50 }).catch(async (error) => {
    throw new Error(`${what}: ${error.message}\n${JSON.stringify(await state())}\n${JSON.stringify(answers.slice(-10))}`);
  });
}
const noFaults = async () => assert.deepEqual((await state()).faults.filter(({ fatal }) => fatal), []);

test('she signs up: what is wrong is shown in words, then a mail comes', async () => {
  await open('/pages/auth/register.html');
  await fill({ email, password: 'short', confirmed_password: 'short' });
  assert.match(await toast(false), /password/i);
  await picture('1-register-refused');
  await fill({ email, password: secret, confirmed_password: secret });
  await toast(true);
});

test('before the link is followed she cannot sign in, afterwards she can', async () => {
  await signIn(secret);
  assert.ok((await toast(false)).length > 10);
  assert.deepEqual(Object.keys(await cookies()), []);
  await followMail('activate');
  await page.getByText('Account successfully activated.').waitFor();
  await picture('2-activated');
  await signIn(secret);
  await page.waitForURL('**/pages/video/list.html');
  const { access_token: access, refresh_token: refresh, csrftoken } = await cookies();
  assert.ok(access.httpOnly && refresh.httpOnly && !csrftoken.httpOnly);
});

test('the list shows a card with a picture for each video, and its texts are only texts', async () => {
  await page.locator('.card').first().waitFor();
  await reaches('every picture is there', () => [...document.images].length >= 8 && [...document.images].every((image) => image.complete && image.naturalWidth > 0));
  assert.equal(await page.locator('#hero h1').textContent(), markup);
  assert.equal(await page.locator('#hero p').textContent(), '');
  assert.deepEqual(await page.locator('#new .card p').allTextContents(), [markup, 'A blink', 'Sound alone', 'The long one']);
  assert.deepEqual(await page.locator('#animals .card p').allTextContents(), ['A blink', 'The long one']);
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  await reaches('the preview of the first one plays', () => document.getElementById('preview').currentTime > 0.5);
  await picture('3-list');
});

test('each resolution plays and shows its lines, and goes on where the last one stood', async () => {
  await page.locator('#animals .card', { hasText: 'The long one' }).click();
  let stood = 0;
  for (const [name, height] of [['480p', 480], ['720p', 720], ['1080p', 1080]]) {
    if (name !== '480p') await page.click(`#to-${name}`);
    await reaches(`${name} shows ${height} lines`, (wanted) => document.getElementById('film').videoHeight === wanted, height);
    await reaches(`${name} goes on`, (since) => document.getElementById('film').currentTime > since + 0.7, stood);
    stood = (await state()).currentTime;
    await picture(`4-${name}`);
  }
  await noFaults();
});

test('she seeks to the last seconds and it plays to its end', async () => {
  await page.evaluate(() => { document.getElementById('film').currentTime = 18; });
  await reaches('the end', () => document.getElementById('film').ended);
  await noFaults();
  const fetched = await page.evaluate(() => window.fetched);
  assert.ok(fetched.some((url) => url.includes(`/api/video/${film}/1080p/segment_004.ts?`)), fetched.join(' '));
  for (const url of fetched) assert.match(url, new RegExp(`^${daemon.url}/api/video/\\d+/(480|720|1080)p/segment_\\d{3}\\.ts\\?encoding=\\d+$`));
  await page.click('text=Close');
});

test('sound alone and a small clip play under every name as well', async () => {
  for (const [title, check] of [['Sound alone', () => document.getElementById('film').currentTime > 0.3], [markup, () => document.getElementById('film').videoHeight === 360]]) {
    await page.locator('#new .card', { hasText: title }).click();
    for (const name of ['480p', '720p', '1080p']) {
      await page.click(`#to-${name}`);
      await reaches(`${title} as ${name}`, check);
    }
    await page.click('text=Close');
  }
  await noFaults();
});

test('she stays signed in: the page asks for a new access token and gets one', async () => {
  const before = (await cookies()).access_token.value;
  await page.waitForResponse((response) => response.url().endsWith('/api/token/refresh/') && response.status() === 200);
  await until(async () => (await cookies()).access_token.value !== before, { what: 'the browser has another access token' });
  await page.reload();
  await page.locator('.card').first().waitFor();
});

test('signing out reaches the API: what her browser kept opens nothing', async () => {
  const kept = new Visitor(daemon, { origin: server.origin });
  for (const [name, { value }] of Object.entries(await cookies())) kept.cookies.set(name, value);
  assert.equal((await kept.fetch(`/api/video/${first}/480p/segment_000.ts`)).status, 200);
  await page.click('text=Sign out');
  await page.waitForURL('**/pages/auth/login.html');
  assert.ok(answers.some(({ path, method, status }) => path === '/api/logout/' && method === 'POST' && status === 200));
  assert.deepEqual(Object.keys(await cookies()), []);
  answered(await kept.fetch(`/api/video/${first}/480p/segment_000.ts`), 401, 'detail');
  answered(await kept.get('/api/video/'), 401, 'detail');
  await open('/pages/video/list.html');
  assert.match(await toast(false), /could not be loaded/);
  await picture('5-signed-out');
});

test('a new password comes by mail, the old one is good for nothing, the new one lets her in', async () => {
  await open('/pages/auth/forgot.html');
  await fill({ email });
  await toast(true);
  await followMail('confirm_password');
  const old = secret;
  secret = 'another long password';
  await fill({ new_password: secret, confirm_password: 'not the same one' });
  assert.ok((await toast(false)).length > 10);
  await fill({ new_password: secret, confirm_password: secret });
  await toast(true);
  await picture('6-new-password');
  await signIn(old);
  await toast(false);
  await signIn(secret);
  await page.waitForURL('**/pages/video/list.html');
  await page.locator('.card').first().waitFor();
  await picture('7-back');
});

test('no answer of the API was a server error, and none was a redirect', () => {
  assert.ok(answers.length > 50);
  assert.deepEqual(answers.filter(({ status }) => status >= 500 || (status >= 300 && status < 400 && status !== 304)), []);
});
