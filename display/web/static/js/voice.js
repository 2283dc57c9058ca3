// The voice of the hall: plays the announcements that the daemon has planned, each at
// its instant by the box's clock, so that all boards of a hall sound together. What
// begins too late is left out: the daemon plans it anew if no board has played it.

import { boxClock } from './link.js';

const lateMs = 1_000;
const keepClips = 12;
const keepHeard = 12;

// voice makes what a board sounds with: onMute(isMute) is called whenever the browser
// changes its mind about letting the page sound, onHeard(seqs)
// with the calls that were played last when one begins.
export function voice({ volume, onMute, onHeard }) {
  let context = null;
  let told = null;
  let begun = []; // the sequence numbers of the calls that were played last
  let journal = '';
  const playing = new Map(); // seq -> when it begins, and what sounds it
  const clips = new Map(); // name -> promise of a decoded sound

  const tell = () => {
    const mute = !context || context.state !== 'running' || volume === 0;
    if (mute === told) return;
    told = mute;
    onMute(mute);
  };
  try {
    context = new AudioContext();
    context.onstatechange = tell;
  } catch {
    context = null;
  }
  const out = context?.createGain();
  if (out) {
    out.gain.value = volume / 100;
    out.connect(context.destination);
  }
  const wake = () => context?.resume().then(tell, () => {});
  for (const event of ['pointerdown', 'keydown']) addEventListener(event, wake);
  wake();
  tell();

  const load = (name) => {
    if (!clips.has(name)) {
      clips.set(name, fetch(`/suoni/${name}.wav`).then((answer) => {
        if (!answer.ok) throw new Error(`sound ${name}: ${answer.status}`);
        return answer.arrayBuffer();
      }).then((bytes) => context.decodeAudioData(bytes)).catch((fault) => {
        clips.delete(name);
        throw fault;
      }));
      if (clips.size > keepClips) clips.delete(clips.keys().next().value);
    }
    return clips.get(name);
  };

  // start sets one clip of an announcement to its instant, if it is still planned.
  const start = (own, buffer, gap) => {
    if (own.off) return;
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(out);
    source.start(Math.max(context.currentTime, context.currentTime + (own.at + gap - boxClock.now()) / 1000));
    own.sources.push(source);
  };

  const stop = (own) => {
    own.off = true;
    clearTimeout(own.timer);
    for (const source of own.sources) source.stop();
  };

  const begin = (one) => {
    const own = { at: one.at, off: false, sources: [], timer: 0 };
    one.clips.forEach((name, i) => {
      load(name).then((buffer) => start(own, buffer, one.gaps[i]), (fault) => console.error(fault));
    });
    own.timer = setTimeout(() => {
      begun = [...begun, one.seq].slice(-keepHeard);
      onHeard(begun);
    }, Math.max(0, one.at - boxClock.now()));
    return own;
  };

  return {
    // plan takes the list of what sounds from now on. What is planned at another
    // instant, or no more, is taken back unless it has begun.
    plan(list, of) {
      if (of !== journal) {
        journal = of;
        begun = [];
        playing.clear();
      }
      if (told) return;
      for (const [seq, own] of playing) {
        const still = list.find((one) => one.seq === seq);
        if (still && still.at === own.at) continue;
        if (own.at > boxClock.now()) stop(own);
        playing.delete(seq);
      }
      for (const one of list) {
        if (!playing.has(one.seq) && !begun.includes(one.seq) && boxClock.now() - one.at < lateMs) playing.set(one.seq, begin(one));
      }
    },
  };
}
