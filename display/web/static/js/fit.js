// fit makes a text smaller until it stands whole in its box, and never larger
// than the style has it. The parts of a box share one size: a number and its
// desk look alike.
export function fit(box, parts) {
  box.style.setProperty('--fit', 1);
  const style = getComputedStyle(box);
  const gap = parseFloat(style.columnGap) || 0;
  const room = box.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
  const wanted = parts.reduce((sum, part) => sum + width(part), gap * (parts.length - 1));
  // A hair less, since browsers round glyphs.
  if (wanted > room && wanted > 0) box.style.setProperty('--fit', (room / wanted) * 0.99);
}

function width(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range.getBoundingClientRect().width;
}

// whenSized calls refit now, when the fonts have come, and when the element
// changes its size.
export function whenSized(element, refit) {
  refit();
  document.fonts?.ready.then(refit);
  new ResizeObserver(refit).observe(element);
}
