// The chime: two decaying sines, a falling third, made by the browser itself.
// Chimes never sound on top of each other.

const gapMs = 1_600;
const most = 4; // chimes that may wait; further ones would lag behind the hall

let context = null;
let waiting = 0;
let freeAt = 0;
let told = null;

// listen prepares the sound and calls onMute(isMute) whenever the browser
// changes its mind about letting the page sound.
export function listen(onMute) {
  const tell = () => {
    const mute = !context || context.state !== 'running';
    if (mute !== told) {
      told = mute;
      onMute(mute);
    }
  };
  try {
    context = new AudioContext();
    context.onstatechange = tell;
  } catch {
    context = null;
  }
  const wake = () => context?.resume().then(tell, () => {});
  for (const event of ['pointerdown', 'keydown']) addEventListener(event, wake);
  wake();
  tell();
}

// chime sounds as soon as the one before it is over.
export function chime() {
  if (!context || context.state !== 'running' || waiting >= most) return;
  const now = performance.now();
  const delay = Math.max(0, freeAt - now);
  freeAt = now + delay + gapMs;
  waiting += 1;
  setTimeout(() => {
    waiting -= 1;
    const start = context.currentTime + 0.02;
    tone(659.26, start);
    tone(523.25, start + 0.45);
  }, delay);
}

function tone(frequency, start) {
  const oscillator = new OscillatorNode(context, { type: 'sine', frequency });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.6, start + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.001, start + 1.1);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + 1.15);
}
