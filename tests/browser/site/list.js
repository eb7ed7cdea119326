// The list: what is newest as hero, the rest by category, everything written with innerHTML and inline
// handlers that take the id as a number. Playing: hls.js on the index of one resolution, with cookies.
const Resolutions = ['480p', '720p', '1080p'];
const NewMs = 5 * 24 * 3600 * 1000;
window.faults = [];
window.fetched = [];
let shown;
let film;

function play(video, id, resolution, at = 0) {
  const player = new Hls({ startPosition: at, xhrSetup: (request) => { request.withCredentials = true; } });
  player.on(Hls.Events.ERROR, (_, { type, details, fatal, error }) => window.faults.push({ type, details, fatal, text: String(error ?? '') }));
  player.on(Hls.Events.FRAG_LOADED, (_, { frag }) => window.fetched.push(frag.url));
  player.loadSource(`${API}video/${id}/${resolution}/index.m3u8`);
  player.attachMedia(video);
  return player;
}

const cardOf = ({ id, title, thumbnail_url }) => `<div class="card" onclick="showVideo(${id})"><img src="${thumbnail_url}" alt=""><p>${title}</p></div>`;
const rowOf = (name, videos) => `<section id="${name.toLowerCase()}"><h2>${name}</h2><div class="row">${videos.map(cardOf).join('')}</div></section>`;

function show(videos) {
  const first = videos[0];
  const byCategory = Object.groupBy(videos, ({ category }) => category.toLowerCase());
  const fresh = videos.filter(({ created_at }) => Date.now() - new Date(created_at) < NewMs);
  document.getElementById('hero').innerHTML = `<video id="preview" muted playsinline autoplay></video>
    <div><h1>${first.title}</h1><p>${first.description}</p><button onclick="showVideo(${first.id})">Play</button></div>`;
  document.getElementById('rows').innerHTML = rowOf('New', fresh) + Object.entries(byCategory).map(([name, some]) => rowOf(name, some)).join('');
  play(document.getElementById('preview'), first.id, Resolutions[0]);
}

function showVideo(id) {
  shown = id;
  document.getElementById('overlay').classList.add('open');
  document.getElementById('resolutions').innerHTML = Resolutions.map((name) => `<button class="quiet" id="to-${name}" onclick="choose('${name}')">${name}</button>`).join('')
    + '<button onclick="closeVideo()">Close</button>';
  choose(Resolutions[0], 0);
}

/// Another resolution goes on where this one stands.
function choose(resolution, at) {
  const video = document.getElementById('film');
  const from = at ?? video.currentTime;
  film?.destroy();
  film = play(video, shown, resolution, from);
  for (const name of Resolutions) document.getElementById(`to-${name}`).classList.toggle('chosen', name === resolution);
  video.play().catch(() => {});
}

function closeVideo() {
  film?.destroy();
  film = undefined;
  document.getElementById('overlay').classList.remove('open');
}

async function logOut() {
  try {
    if (!cookie('csrftoken')) throw new Error('no csrftoken');
    window.loggedOut = await call('POST', 'logout/');
  } catch (error) {
    toast(`Network error: ${error.message}`);
  }
  location.href = '/pages/auth/login.html';
}

setInterval(() => call('POST', 'token/refresh/'), REFRESH_MS);
call('GET', 'video/').then(({ ok, data }) => (ok ? show(data) : toast('The videos could not be loaded.')))
  .catch((error) => toast(`The videos could not be loaded: ${error.message}`));
