// Story: somebody reads the contract at /docs in Debian's Chromium and tries a call. Every operation is
// there, nothing is loaded from elsewhere, and the page has no error to tell.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Contract } from '../harness/contract.mjs';
import { Client } from '../harness/client.mjs';
import { Daemon, outDir } from '../harness/daemon.mjs';
import { startChromium } from './chromium.mjs';

const contract = Contract.load();
const errors = [];
const elsewhere = [];
let daemon, browser, page;
before(async () => {
  daemon = await Daemon.start();
  browser = await startChromium();
  page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('request', (sent) => { if (!sent.url().startsWith(`${daemon.url}/`) && !sent.url().startsWith('data:')) elsewhere.push(sent.url()); });
  await page.goto(`${daemon.url}/docs`);
  await page.waitForSelector('.opblock');
});
after(async () => {
  await browser?.close();
  await daemon?.dispose();
});

test('every operation of the contract is shown', async () => {
  const shown = await page.$$eval('.opblock', (blocks) => blocks.map((block) =>
    `${block.querySelector('.opblock-summary-method').textContent} ${block.querySelector('.opblock-summary-path').dataset.path}`));
  assert.deepEqual(shown.sort(), contract.operations().sort());
  await page.screenshot({ path: join(outDir, 'docs.png') });
});

test('who signs in there can try a call', async () => {
  const { token } = await Client.admin(daemon);
  await page.click('.btn.authorize');
  await page.fill('.auth-container input', token);
  await page.click('.auth-btn-wrapper .authorize');
  await page.click('.auth-btn-wrapper .btn-done');
  const operation = page.locator('.opblock', { has: page.locator('[data-path="/api/v1/auth/me"]') }).first();
  await operation.locator('.opblock-summary-control').click();
  await operation.locator('.try-out__btn').click();
  await operation.locator('.execute').click();
  const status = operation.locator('.live-responses-table .response-col_status').first();
  await status.waitFor();
  await page.waitForFunction(() => /200/.test(document.querySelector('.live-responses-table tbody .response-col_status')?.textContent ?? ''));
  await page.screenshot({ path: join(outDir, 'docs-tried.png') });
});

test('the page loads nothing from elsewhere and tells no error', () => {
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(errors, []);
});
