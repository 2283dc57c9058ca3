// The stage of the board: lays it out for its screen, its distance and the texts of its
// office, and writes calls into it. Laying out reads and writes freely, and happens when
// the room changes; a call only writes.

import { glyphs, within } from './glyphs.js';
import { arrange, capitalPerMetre, screen } from './arrange.js';

const one = (name) => document.querySelector(`[data-${name}]`);

// The least that a board is laid out for, whatever its office has today.
const leastNumber = 'AB001';
const leastDesk = '12';

// The share of the screen that the waits may take, and how much letters of theirs
// stand apart, in em.
const mostStrip = 0.3;
const betweenWait = 0.5;
const betweenRow = 0.4;

// stage makes it. onLaid(fits, legible) is called after each new layout with how many
// waits stand beside each other, and with how far number, desk and last calls can be
// read, in tenths of a metre.
export function stage({ rows, waitsShown, onLaid }) {
  const hall = one('hall');
  const strip = one('strip');
  const heads = [...document.querySelectorAll('[data-last-head]')];
  const inches = Number(hall.dataset.inches);
  const metres = Number(hall.dataset.metres);
  const letters = glyphs(one('probe'));
  const slots = Object.fromEntries([...document.querySelectorAll('[data-slot]')].map((slot) => [slot.dataset.slot, slot]));
  const parts = { number: one('big-number'), desk: one('big-desk'), place: one('big-place') };
  const words = (list) => (list ? list.split('\n') : []);
  const samples = { number: [leastNumber, ...words(hall.dataset.numbers)], desk: [leastDesk, ...words(hall.dataset.desks)] };
  let hasPlace = 'places' in hall.dataset;
  let isFull = false;
  let widest = { number: 0, desk: 0 };
  let laid = null;
  let waitRoom = 0; // of letters and count, in em
  const written = new WeakMap();

  const reckon = () => {
    letters.measure();
    widest = { number: 0, desk: 0 };
    isFull = false;
    for (const kind of ['number', 'desk']) for (const text of samples[kind]) {
      widest[kind] = Math.max(widest[kind], letters.wide(text));
      isFull ||= /[^0-9A-PR-Z–. -]/u.test(text);
    }
  };

  // outgrown takes a text in that is wider than all that were known.
  const outgrown = (kind, text) => {
    if (letters.wide(text) <= widest[kind] + 0.001) return;
    samples[kind].push(text);
    requestAnimationFrame(lay);
  };

  // write puts a text into its element, narrowed, and leaves alone what is the same.
  const write = (element, text, high, narrow, slotHeight, transform) => {
    let own = written.get(element);
    if (!own) {
      element.textContent = '';
      own = { node: element.appendChild(document.createTextNode('')), text: '', size: '', top: '', transform: '' };
      written.set(element, own);
    }
    if (own.text !== text) own.node.data = own.text = text;
    const px = high / letters.capital;
    const size = `${px.toFixed(2)}px`;
    if (own.size !== size) element.style.fontSize = own.size = size;
    const top = `${(slotHeight / 2 - letters.middle * px).toFixed(2)}px`;
    if (own.top !== top) element.style.top = own.top = top;
    if (own.transform !== transform) element.style.transform = own.transform = transform;
  };

  const put = (element, [left, top, width, height]) => {
    Object.assign(element.style, { left: `${left}px`, top: `${top}px`, width: `${width}px`, height: `${height}px` });
  };

  function lay() {
    reckon();
    const width = innerWidth;
    const height = innerHeight;
    const mm = screen(inches, width, height);
    const want = metres * capitalPerMetre / mm;
    const fits = layStrip(want / 2 / letters.capital);
    const rooms = [];
    for (const waits of fits ? [true, false] : [undefined]) for (const slim of [false, true]) {
      strip.hidden = !waits;
      document.body.classList.toggle('slim', slim);
      if (waits && strip.offsetHeight > mostStrip * height) continue;
      rooms.push({ width: hall.clientWidth, height: hall.clientHeight, slim, waits });
    }
    const best = arrange(rooms, { ...widest, isFull, place: hasPlace, capital: letters.capital, want });
    if (!best) return;
    laid = best;
    strip.hidden = !best.room.waits;
    document.body.classList.toggle('slim', best.room.slim);
    put(one('big'), best.shape.big);
    put(one('last'), best.shape.last);
    for (const [name, slot] of Object.entries(slots)) put(slot, best.slots[name]);
    for (const name of ['numberLabel', 'deskLabel']) slots[name].style.fontSize = `${best.label * 0.78}px`;
    const across = best.rowWidth + 2 * best.edge;
    heads.forEach((head, i) => {
      head.hidden = i >= best.shape.columns;
      put(head, [i * across, 0, across, best.head]);
      head.style.fontSize = `${best.head * 0.72}px`;
      head.style.padding = `0 ${best.edge}px`;
    });
    rows.forEach(({ row, number, desk }, i) => {
      number.style.left = desk.style.right = `${best.edge}px`;
      row.hidden = i >= best.count;
      const column = Math.floor(i / best.lines);
      row.classList.toggle('second', column > 0);
      put(row, [column * across, best.head + (i % best.lines) * best.rowHeight, across, best.rowHeight]);
    });
    hall.classList.add('laid');
    const far = (high) => Math.floor(high * mm / capitalPerMetre * 10);
    onLaid(fits, { number: far(best.number), desk: far(best.desk), last: far(best.last), asked: Math.round(metres * 10) });
  }

  // layStrip sets the letters of the waits, and answers how many stand beside each
  // other; none where nobody wants them.
  function layStrip(size) {
    if ('unwanted' in strip.dataset || !Number(strip.dataset.lines)) return 0;
    strip.style.setProperty('--wait', `${size.toFixed(2)}px`);
    strip.hidden = false;
    const room = one('waits').clientWidth;
    const edges = innerWidth * 0.02 + 8;
    waitRoom = letters.wide(samples.number.reduce((most, text) => (text.match(/^\D*/)[0].length > most.length ? text.match(/^\D*/)[0] : most), '')) + letters.wide('88') + betweenWait;
    return Math.max(0, Math.min(waitsShown, Math.floor(room / (waitRoom * size + edges))));
  }

  return {
    call(call) {
      if (!laid) return;
      for (const kind of ['number', 'desk']) {
        const text = call?.[kind] ?? '–';
        const [, , width, height] = laid.slots[kind];
        outgrown(kind, text);
        const { high, narrow } = within(laid.call, width, letters.wide(text), letters.capital, laid.asked);
        write(parts[kind], text, Math.min(high, laid.call), narrow, height, `translateX(-50%) scaleX(${narrow.toFixed(3)})`);
      }
      if (call?.place && !hasPlace) {
        hasPlace = true;
        requestAnimationFrame(lay);
      }
      const [, , width, height] = laid.slots.place;
      const place = call?.place ?? '';
      if (height) {
        const { high, narrow } = within(height * 0.6, width, letters.wide(place) || 1, letters.capital, height * 0.6);
        write(parts.place, place, high, narrow, height, `translateX(-50%) scaleX(${narrow.toFixed(3)})`);
      }
    },
    row({ number, desk }, call) {
      if (!laid) return;
      const wide = call ? letters.wide(call.number) + betweenRow + letters.wide(call.desk) : 1;
      if (call) {
        outgrown('number', call.number);
        outgrown('desk', call.desk);
      }
      const { high, narrow } = within(laid.row, laid.rowWidth, wide, letters.capital, laid.asked / 2);
      write(number, call?.number ?? '', high, narrow, laid.rowHeight, `scaleX(${narrow.toFixed(3)})`);
      write(desk, call?.desk ?? '', high, narrow, laid.rowHeight, `scaleX(${narrow.toFixed(3)})`);
    },
    // fits is how much smaller the letters and the count of a service are to stand whole.
    fits(text) {
      return waitRoom ? Math.min(1, waitRoom / (letters.wide(text) + betweenWait)).toFixed(3) : '1';
    },
    watch() {
      lay();
      document.fonts?.ready.then(lay);
      document.fonts?.addEventListener?.('loadingdone', lay);
      new ResizeObserver(() => {
        if (!laid || hall.clientWidth !== laid.room.width || hall.clientHeight !== laid.room.height) lay();
      }).observe(hall);
      new MutationObserver(lay).observe(strip, { attributes: true, attributeFilter: ['data-lines'] });
    },
  };
}
