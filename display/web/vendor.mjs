// Copies what the staff pages use of Bootstrap Italia into display/web/vendor,
// from where it is embedded: the fonts as they are, and of the style, which is
// 600 KB, the rules that a template or a script of ours can use. A weak
// computer takes longer to read the whole style than to show the page. Run by
// npm after an installation, and by make when a template or a script changes.
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PurgeCSS } from 'purgecss';

const here = dirname(fileURLToPath(import.meta.url));
const from = join(here, '..', '..', 'node_modules', 'bootstrap-italia');
const to = join(here, 'vendor');

if (!existsSync(from)) {
  console.error('bootstrap-italia is not installed; run npm ci first');
  process.exit(1);
}

const files = [
  ['LICENSE', 'LICENSE'],
  ['dist/fonts/Titillium_Web/OFL.txt', 'fonts/OFL.txt'],
  ...['regular', '600', '700'].map((weight) => [
    `dist/fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-${weight}.woff2`,
    `fonts/titillium-${weight}.woff2`,
  ]),
];

for (const name of ['bootstrap-italia.min.css', 'sprites.svg', 'LICENSE', 'fonts']) {
  await rm(join(to, name), { recursive: true, force: true });
}
await mkdir(join(to, 'fonts'), { recursive: true });
for (const [source, target] of files) {
  if (existsSync(join(from, source))) await copyFile(join(from, source), join(to, target));
}
const [style] = await new PurgeCSS().purge({
  content: [join(here, 'templates', '*.html'), join(here, 'static', 'js', '*.js')],
  css: [{ raw: (await readFile(join(from, 'dist/css/bootstrap-italia.min.css'), 'utf8')).replace(/\/\*# sourceMappingURL=.*?\*\/\s*$/, '') }],
  fontFace: true,
  keyframes: true,
  // The ring around what has the focus is a rule for everything, and names nothing.
  safelist: [/^:focus/],
  variables: true,
});
await writeFile(join(to, 'bootstrap-italia.min.css'), style.css);
