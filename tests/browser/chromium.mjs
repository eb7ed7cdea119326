// Debian's Chromium, as the browser stories start it.
import { chromium } from 'playwright-core';

export function startChromium() {
  return chromium.launch({
    executablePath: process.env.REELD_TEST_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'],
  });
}
