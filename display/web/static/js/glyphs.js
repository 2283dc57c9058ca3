// The letters of the board, measured once: how wide each stands, how high a capital
// is and where its middle is in its line. All are shares of the size of the font. A
// text is then measured by adding up its letters, which asks nothing of the layout.

const probeSize = 200;

// A canvas measures whole pixels: the capital is measured big.
const penSize = 2000;

// A capital is about this high in most typefaces; a browser that cannot measure is
// believed to have one of them.
const usualCapital = 0.7;

export function glyphs(probe) {
  const widths = new Map();
  let capital = usualCapital;
  let middle = 0.5;

  const learn = (texts) => {
    const fresh = [...new Set(texts.join(''))].filter((letter) => !widths.has(letter));
    if (!fresh.length) return;
    probe.replaceChildren(...fresh.map((letter) => {
      const span = document.createElement('span');
      span.textContent = letter === ' ' ? '\u00a0' : letter;
      return span;
    }));
    fresh.forEach((letter, i) => widths.set(letter, probe.children[i].getBoundingClientRect().width / probeSize));
    probe.replaceChildren();
  };

  const measure = () => {
    const texts = [...widths.keys()];
    widths.clear();
    const style = getComputedStyle(probe);
    const pen = document.createElement('canvas').getContext('2d');
    pen.font = `${style.fontWeight} ${penSize}px ${style.fontFamily}`;
    const high = pen.measureText('H').actualBoundingBoxAscent;
    capital = high > 0 ? high / penSize : usualCapital;
    // What has no height stands on the base of its line.
    const base = document.createElement('i');
    probe.replaceChildren('H', base);
    const from = probe.getBoundingClientRect().top;
    middle = (base.getBoundingClientRect().bottom - from) / probeSize - capital / 2;
    learn([...texts, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ– ']);
  };

  return {
    measure,
    get capital() { return capital; },
    get middle() { return middle; },
    // wide is how wide a text stands.
    wide(text) {
      learn([text]);
      let sum = 0;
      for (const letter of text) sum += widths.get(letter);
      return sum;
    },
  };
}

// narrowest is how far a text is made narrower before it is made lower.
export const narrowest = 0.72;

// within is how a text is written into a room: how high its capitals are, and how
// much it is narrowed. It is as high as the room and its width let it be; below want
// it is narrowed first. capital is the share of a capital, wide that of the text.
export function within(height, width, wide, capital, want) {
  const free = Math.min(height, width * capital / wide);
  if (free >= want) return { high: free, narrow: 1 };
  const high = Math.min(want, height, width * capital / (wide * narrowest));
  return { high, narrow: Math.min(1, width * capital / (high * wide)) };
}
