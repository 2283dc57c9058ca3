// The voting screen of a desk. The daemon says which desk it is, by where the
// screen was paired.
import { connect, text } from './link.js';

const one = (name) => document.querySelector(`[data-${name}]`);
const desk = new URLSearchParams(location.search).get('sportello') ?? '';

connect(`/ws?page=voting&desk=${encodeURIComponent(desk)}`, {
  view(view) {
    text(one('body'), view.office.body);
    text(one('name'), view.office.name);
    text(one('desk'), view.desk);
  },
  gone() { location.reload(); },
  link(up) { one('lost').hidden = up; },
});
