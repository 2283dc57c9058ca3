// How a board is laid out: where number, desk and last calls stand, how many of these
// there are, and how high their letters can be. All lengths are CSS pixels but the
// widths of texts, which are shares of the size of the font.

import { within } from './glyphs.js';

// capitalPerMetre is how high a capital is, in mm, for each metre that it is read
// from: 0.7 degrees (EN 301 549, 5.1.4).
export const capitalPerMetre = 12.22;

// A hair more than is asked, since browsers round.
const spare = 1.005;

// How much higher than its capitals the room of a text is: with nothing below the base
// line and no accents, and with them.
const lead = { plain: 1.18, full: 1.6 };
const rowLead = { plain: 1.32, full: 1.62 };

// What it costs to leave out or to make smaller. Letters lower than asked cost more
// than all the rest together.
const cost = { low: 10, lowLast: 5, rows: { 6: 0, 4: 0.15, 3: 0.35 }, narrow: 0.8, narrowRow: 0.5, label: 0.03, slim: 0.06, waits: 0.12 };
const worth = { call: 0.05, mostCall: 0.8, last: 0.03, mostLast: 0.3 };

const rowCounts = [6, 4, 3];
const betweenRow = 0.4; // em between a number and its desk, at least

// screen is how many mm a pixel has on a screen of so many inches that the page fills.
export const screen = (inches, width, height) => inches * 25.4 / Math.hypot(width, height);

// arrange answers the best layout of all. rooms are what the hall may have: { width,
// height, slim, waits }, by what is left out around it. texts has the widths of the widest
// number and desk; isFull tells that their letters go below the base line; place that
// a desk has a place to be told. want is how high a capital must be.
export function arrange(rooms, { number, desk, isFull, place, capital, want }) {
  let best = null;
  const asked = want * spare;
  for (const room of rooms) {
    const u = Math.min(room.width, room.height * 1.3) / 100;
    for (const label of [6, 4]) for (const shape of shapes(room, u)) for (const inline of [false, true]) for (const count of rowCounts) {
      const one = measured({ room, u, shape, inline, count, label: label * u, cost: label === 4 ? cost.label : 0 },
        { number, desk, isFull, place, capital, asked });
      if (one && (!best || one.cost < best.cost)) best = one;
    }
  }
  return best;
}

// shapes are the ways to share the hall between the call and the last calls.
function* shapes(room, u) {
  const edge = 1.2 * u;
  const width = room.width - 2 * edge;
  const height = room.height - 2 * edge;
  const gap = 1.2 * u;
  for (let share = 0.44; share < 0.72; share += 0.03) {
    const wide = (width - gap) * share;
    yield { columns: 1, big: [edge, edge, wide, height], last: [edge + wide + gap, edge, width - gap - wide, height] };
  }
  for (let share = 0.3; share < 0.7; share += 0.03) {
    const high = (height - gap) * share;
    const boxes = { big: [edge, edge, width, high], last: [edge, edge + high + gap, width, height - gap - high] };
    yield { columns: 1, ...boxes };
    yield { columns: 2, ...boxes };
  }
}

function measured(one, { number, desk, isFull, place, capital, asked }) {
  const { u, shape, inline, count, label, room } = one;
  const kind = isFull ? 'full' : 'plain';
  const [, , bigWidth, bigHeight] = shape.big;
  const pad = 1.4 * u;
  const inner = bigWidth - 2 * pad;
  const told = place ? Math.min(bigHeight * 0.16, Math.max(label, asked * 0.62)) : 0;
  const slots = {};
  if (inline) {
    const between = 3 * u;
    const high = bigHeight - label - told - pad;
    const left = (inner - between) * number / (number + desk);
    Object.assign(slots, {
      numberLabel: [pad, pad / 2, left, label], number: [pad, pad / 2 + label, left, high],
      deskLabel: [pad + left + between, pad / 2, inner - between - left, label], desk: [pad + left + between, pad / 2 + label, inner - between - left, high],
    });
  } else {
    const high = (bigHeight - 2 * label - told - pad) / 2;
    Object.assign(slots, {
      numberLabel: [pad, pad / 2, inner, label], number: [pad, pad / 2 + label, inner, high],
      deskLabel: [pad, pad / 2 + label + high, inner, label], desk: [pad, pad / 2 + 2 * label + high, inner, high],
    });
  }
  slots.place = [pad, bigHeight - told - pad / 2, inner, told];
  const call = slots.number[3] / lead[kind];
  const ofNumber = within(call, slots.number[2], number, capital, asked);
  const ofDesk = within(call, slots.desk[2], desk, capital, asked);

  const frame = 4; // both sides of the line around it
  const lastWidth = shape.last[2] - frame;
  const lastHeight = shape.last[3] - frame;
  const head = label * 0.75;
  const lines = Math.ceil(count / shape.columns);
  const rowHeight = (lastHeight - head - pad / 2) / lines;
  const edge = pad * shape.columns; // columns stand further apart than a number and its desk
  const rowWidth = lastWidth / shape.columns - 2 * edge;
  if (call <= 0 || rowHeight <= 0 || inner <= 0 || rowWidth <= 0) return null;
  const most = Math.min(rowHeight / rowLead[kind], Math.max(ofNumber.high * 0.62, asked / 2));
  const ofLast = within(most, rowWidth, number + betweenRow + desk, capital, asked / 2);

  const low = (got, want) => (got < want * 0.999 ? 0.1 + 1 - got / want : 0);
  const more = (got, want, bound) => Math.min(bound, Math.max(0, got / want - 1));
  one.cost += cost.low * (low(ofNumber.high, asked) + low(ofDesk.high, asked)) + cost.lowLast * low(ofLast.high, asked / 2)
    + cost.rows[count] + cost.narrow * (2 - ofNumber.narrow - ofDesk.narrow) + cost.narrowRow * (1 - ofLast.narrow)
    + (room.slim ? cost.slim : 0) + (room.waits === false ? cost.waits : 0)
    - worth.call * more(Math.min(ofNumber.high, ofDesk.high), asked, worth.mostCall)
    - worth.last * more(ofLast.high, asked / 2, worth.mostLast);
  // A number and its desk look alike where both are as high as asked.
  const both = Math.min(ofNumber.high, ofDesk.high);
  if (both >= asked) ofNumber.high = ofDesk.high = both;
  return Object.assign(one, {
    slots, edge, head, rowHeight, rowWidth, lines, asked,
    number: ofNumber.high, desk: ofDesk.high, last: ofLast.high,
    call: Math.min(call, Math.max(ofNumber.high, ofDesk.high)),
    row: Math.min(most, Math.max(ofLast.high, asked / 2)),
  });
}
