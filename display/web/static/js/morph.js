// morph makes the children of an element like those of another one, changing
// only what differs: what has the focus keeps it, an open list stays open, and
// what a person has typed or chosen is left alone.
export function morph(to, from) {
  const kept = new Map();
  for (const child of to.children) if (child.id) kept.set(child.id, child);
  let at = past(to.firstChild);
  for (const wanted of [...from.childNodes]) {
    const named = wanted.id ? kept.get(wanted.id) : undefined;
    if (named && named !== at) {
      to.insertBefore(named, at);
      at = named;
    }
    if (at && alike(at, wanted)) {
      update(at, wanted);
      at = past(at.nextSibling);
    } else {
      to.insertBefore(wanted.cloneNode(true), at);
    }
  }
  while (at) {
    const next = past(at.nextSibling);
    at.remove();
    at = next;
  }
}

// past is a node, or the first after it, that the page's own script did not add to say
// what was refused.
function past(node) {
  let at = node;
  while (at?.dataset && 'toldOf' in at.dataset) at = at.nextSibling;
  return at;
}

// By attribute: a form with a field called name has that field as its own name.
const said = (node, attribute) => node.getAttribute?.(attribute) ?? '';

function alike(a, b) {
  return a.nodeType === b.nodeType && a.nodeName === b.nodeName && said(a, 'id') === said(b, 'id')
    && said(a, 'name') === said(b, 'name') && (a.nodeName !== 'BUTTON' || a.value === b.value);
}

// Attributes that a person or the page itself sets while it is shown.
const own = { DETAILS: ['open'], DIALOG: ['open'], INPUT: ['value', 'checked'], OPTION: ['selected'] };
// Those of a field that was refused, and of its form.
const refused = ['aria-invalid', 'aria-describedby', 'data-told'];

function update(element, wanted) {
  if (element.nodeType !== Node.ELEMENT_NODE) {
    if (element.nodeValue !== wanted.nodeValue) element.nodeValue = wanted.nodeValue;
    return;
  }
  // Hidden fields belong to the daemon, and a counted time to the page.
  const free = element.type === 'hidden' ? [] : [...own[element.nodeName] ?? [], 'data-told-form'];
  if ('told' in element.dataset) free.push(...refused);
  if (element === document.activeElement) free.push('tabindex');
  for (const { name, value } of [...wanted.attributes]) {
    if (!free.includes(name) && element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
  for (const { name } of [...element.attributes]) {
    if (!free.includes(name) && !wanted.hasAttribute(name)) element.removeAttribute(name);
  }
  if (element.nodeName === 'TIME' && element.dataset.since) return;
  // What a script fills stays as it is.
  if ('keep' in element.dataset) return;
  morph(element, wanted);
}
