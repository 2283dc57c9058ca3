// For browsers without modules, which run none of the other scripts: the page then
// says of itself that it is not live, and this adds why and what to do. It is written
// for the oldest of them.
(function () {
  var words = document.querySelector('script[nomodule]').getAttribute('data-say');
  var lost = document.querySelector('[data-lost]');
  var line = document.createElement('span');
  line.setAttribute('data-old', '');
  line.appendChild(document.createTextNode(' ' + words));
  if (lost) lost.appendChild(line);
})();
