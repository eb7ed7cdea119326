// page.html in a browser as a test sees it: what plays, and waiting for what should be true of it.
export class PlayerPage {
  constructor(page, origin) {
    this.page = page;
    this.origin = origin;
  }
  static async open(browser, origin) {
    return new PlayerPage(await browser.newPage({ viewport: { width: 960, height: 540 } }), origin);
  }

  /// A playlist is played with hls.js, a manifest (.mpd) with dash.js.
  play(url) {
    return this.page.goto(`${this.origin}/?play=${encodeURIComponent(url)}`);
  }
  state() {
    return this.page.evaluate(() => {
      const { currentTime, videoHeight, videoWidth, readyState, error } = document.getElementById('video');
      return { currentTime, videoHeight, videoWidth, readyState, error: error?.message, faults: window.faults, frames: document.getElementById('video').getVideoPlaybackQuality().totalVideoFrames,
        texts: [...document.getElementById('video').textTracks].map(({ language, mode, cues }) => `${language} ${mode} ${cues?.length}`) };
    });
  }
  async reaches(what, check, within = 60_000) {
    await this.page.waitForFunction(check.body ?? check, check.argument, { timeout: within, polling: 50 }).catch(async (error) => {
      throw new Error(`${what}: ${error.message}\n${JSON.stringify(await this.state())}`);
    });
  }
}
