// What was refused is told where it was filled in: the sentence at the form, what is
// wrong with a field at the field, which has the focus. form_told.go does the same for
// who has no script.
import { say } from './link.js';

const asked = 'input:not([type=hidden],[type=submit],[type=button],[type=file]),select,textarea';
const written = 'input:not([type=hidden],[type=submit],[type=button],[type=file],[type=checkbox],[type=radio]),textarea';

let told = 0;

// controlsOf are those of a form that a selector names, wherever they stand.
const controlsOf = (form, selector) => [...form.elements].filter((control) => control.matches(selector));

// around is what holds a field together with its name: the group of a choice, else the
// label.
const around = (control) => (['radio', 'checkbox'].includes(control.type) && control.closest('fieldset')) || control.closest('label');

// label is what a field is called on the page.
function label(control) {
  const named = around(control)?.querySelector('legend') ?? control.labels?.[0];
  if (control.getAttribute('aria-label') && named?.nodeName !== 'LEGEND') return control.getAttribute('aria-label');
  if (!named) return control.name;
  const text = named.cloneNode(true);
  for (const aside of text.querySelectorAll('kbd,select,button,textarea,input,.hint,.field-fault')) aside.remove();
  return text.textContent.replace(/\s+/g, ' ').trim();
}

// wrongIn are the fields of a form that a refusal is about, each with its sentence. One
// that names no value is about the field that says its code in data-blamed.
function wrongIn(form, refusal) {
  const fields = controlsOf(form, asked);
  const wrong = new Map();
  for (const { location = '', message, say: said } of refusal.errors) {
    const place = location.split('.').slice(1).join('-');
    const field = fields.find(({ name }) => name === place) ?? fields.find(({ name }) => place && name.startsWith(`${place}-`));
    if (field && !wrong.has(field)) wrong.set(field, said ?? message);
  }
  const blamed = fields.find(({ dataset }) => dataset.blamed?.split(' ').includes(refusal.code));
  if (!wrong.size && blamed) wrong.set(blamed, refusal.message);
  return new Map(fields.filter((field) => wrong.has(field)).map((field) => [field, wrong.get(field)]));
}

// forget takes away what was told of a form.
export function forget(form) {
  for (const field of controlsOf(form, '[data-told]')) {
    const described = (field.getAttribute('aria-describedby') ?? '').split(' ').filter((id) => !id.startsWith('told-')).join(' ');
    if (described) field.setAttribute('aria-describedby', described);
    else field.removeAttribute('aria-describedby');
    field.removeAttribute('aria-invalid');
    delete field.dataset.told;
  }
  for (const old of document.querySelectorAll(`[data-told-of="${form.dataset.toldForm}"]`)) old.remove();
}

// tell tells a refusal at a form, and says whether it did: one that is about none of its
// fields is told in the line of the page where nobody writes into the form.
export function tell(form, refusal) {
  const wrong = wrongIn(form, refusal);
  if (!wrong.size && !controlsOf(form, written).length) return false;
  form.dataset.toldForm ??= `${told += 1}`;
  const own = (element) => Object.assign(element.dataset, { toldOf: form.dataset.toldForm });
  for (const [field, sentence] of wrong) {
    const fault = document.createElement('span');
    fault.className = 'field-fault';
    fault.id = `told-${told += 1}`;
    fault.textContent = sentence;
    own(fault);
    field.dataset.told = '';
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', `${field.getAttribute('aria-describedby') ?? ''} ${fault.id}`.trim());
    for (let folded = field.closest('details'); folded; folded = folded.parentElement.closest('details')) folded.open = true;
    if (around(field)) around(field).append(fault);
    else field.after(fault);
  }
  const [first] = wrong.keys();
  const sentence = document.createElement('p');
  sentence.className = 'form-told';
  sentence.setAttribute('role', 'alert');
  sentence.tabIndex = -1;
  own(sentence);
  sentence.textContent = first ? say('refused', [...wrong.keys()].map(label).join(', ')) : refusal.message;
  // Right before the first wrong field: it has the focus, and is in view.
  if (first && around(first)) around(first).before(sentence);
  else if (first) form.prepend(sentence);
  else form.append(sentence);
  sentence.scrollIntoView({ block: 'nearest' });
  (first ?? sentence).focus();
  return true;
}
