// What a person has chosen for the devices of the wiring, in rows of the page that are not
// sent yet, is kept while the one that is sent is written: the box starts again with it, and
// its page comes anew. It is put back into the same rows, by their ids, once they are there.
const memory = 'eliminacode-meaning';

const fieldsOf = (row) => [...row.querySelectorAll('form.walk-meaning')].flatMap((form) => [...form.elements])
  .filter((field) => field.name && field.matches('select,input:not([type=hidden])'));

function remembered() {
  try {
    return JSON.parse(sessionStorage.getItem(memory)) ?? {};
  } catch {
    return {};
  }
}

function remember(rows) {
  try {
    sessionStorage.setItem(memory, JSON.stringify(rows));
  } catch {
    // A browser that keeps nothing shows the rows as nobody has chosen yet.
  }
}

// keepMeanings keeps what is written in the rows of a page but in that of the form which
// is sent, whose choice is over.
export function keepMeanings(main, sent, written) {
  const page = [...main.querySelectorAll('.walk-thing[id]')];
  if (!page.length) return;
  const rows = remembered();
  for (const row of page) {
    delete rows[row.id];
    const fields = fieldsOf(row);
    const over = row.contains(sent) && sent.matches('.walk-meaning');
    const chosen = fields.some(written) || row.querySelector('[aria-invalid]');
    if (!over && chosen) rows[row.id] = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  }
  remember(rows);
}

// putMeaningsBack puts what was kept into the rows that are there, each once. What can no
// longer be chosen is left to be chosen anew.
export function putMeaningsBack(main) {
  const page = main.querySelectorAll('.walk-thing[id]');
  if (!page.length) return;
  const rows = remembered();
  let put = false;
  for (const row of page) {
    if (!rows[row.id]) continue;
    for (const field of fieldsOf(row)) {
      const value = rows[row.id][field.name];
      if (value !== undefined && (!field.options || [...field.options].some((option) => option.value === value))) field.value = value;
    }
    delete rows[row.id];
    put = true;
  }
  if (put) remember(rows);
}
