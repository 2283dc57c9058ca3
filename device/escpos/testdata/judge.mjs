// The same content as another program encodes it: @point-of-sale's encoder for
// receipt printers and its tables of code pages. Reads what to encode as JSON
// from its argument, writes the bytes as JSON in hexadecimal.
import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import CodepageEncoder from '@point-of-sale/codepage-encoder';

const ask = JSON.parse(process.argv[2]);
const hex = (bytes) => Buffer.from(bytes).toString('hex');

// Their encoder ends its last line by itself and chooses a code page before any
// text; neither is the command that was asked for.
const bare = (build) => {
  const encoder = new ReceiptPrinterEncoder({ language: 'esc-pos', columns: 48 });
  return hex(build(encoder).encode()).replace(/0a0d$/, '');
};

console.log(JSON.stringify({
  qr: ask.qr.map(({ content, size }) => bare((e) => e.qrcode(content, { model: 2, size, errorlevel: 'm' }))),
  size: ask.size.map((n) => bare((e) => e.size(n, n).text('x')).replace(/1b74..78.*$/, '')),
  page: Object.fromEntries(Object.entries(ask.pages).map(([ours, theirs]) =>
    [ours, bare((e) => e.codepage(theirs).text('x')).replace(/78.*$/, '')])),
  bold: bare((e) => e.bold(true).text('x')).replace(/1b74..78.*$/, ''),
  reverse: bare((e) => e.invert(true).text('x')).replace(/1b74..78.*$/, ''),
  cut: bare((e) => e.cut('full')),
  letters: Object.fromEntries(Object.entries(ask.pages).map(([ours, theirs]) =>
    [ours, Array.from(ask.letters, (letter) => hex(CodepageEncoder.encode(letter, theirs)))])),
}));
