// The page behind the QR code follows its ticket: by a stream of events, and where
// there is none by fetching itself again while somebody looks. It says at once when
// what it shows is old. It is written for old phones, whose browsers know no modules.
// Without this script the browser loads the page anew, and a link does the same.
(function () {
  'use strict';
  var fetchEveryMs = 10000;
  var patienceMs = 5000;
  // The stream beats every 10 s.
  var oldAfterMs = 20000;
  var streamAgainMs = 60000;

  var lost = document.querySelector('[data-lost]');
  var ticket = document.querySelector('[data-live]');
  var heard = Date.now();
  var failed = false;
  var stream = null;
  var asking = null;
  var streamAt = 0;

  function open() {
    return ticket.hasAttribute('data-open');
  }

  // paint takes the sign of a lost line down or puts it up. Until this script
  // runs it comes by itself, by the style alone.
  function paint() {
    lost.classList.remove('lost-late');
    var old = open() && (failed || Date.now() - heard > oldAfterMs);
    if (lost.hidden !== !old) lost.hidden = !old;
  }

  // show puts what a newer page says into this one. What has not changed stays as it
  // is, so that nothing is read aloud twice and nobody loses the place.
  function show(html) {
    var page = document.implementation.createHTMLDocument('');
    page.documentElement.innerHTML = html;
    var now = page.querySelector('[data-live]');
    if (!now) return location.reload();
    var parts = page.querySelectorAll('[data-part]');
    for (var i = 0; i < parts.length; i++) {
      var here = document.querySelector('[data-part="' + parts[i].getAttribute('data-part') + '"]');
      if (here && here.innerHTML !== parts[i].innerHTML) here.innerHTML = parts[i].innerHTML;
    }
    ['class', 'data-state', 'data-ahead', 'data-ring', 'data-open'].forEach(function (name) {
      var value = now.getAttribute(name);
      if (value === null) ticket.removeAttribute(name);
      else if (ticket.getAttribute(name) !== value) ticket.setAttribute(name, value);
    });
    fresh();
    mind();
  }

  function fresh() {
    heard = Date.now();
    failed = false;
    paint();
    if (!open()) hangUp();
  }

  function ask() {
    if (asking || document.hidden || !open()) return;
    var request = new XMLHttpRequest();
    asking = request;
    request.open('GET', location.href);
    request.timeout = patienceMs;
    request.onloadend = function () {
      asking = null;
      // The day is over, and the ticket has no page any more.
      if (request.status === 404) return location.reload();
      if (request.status === 200) return show(request.responseText);
      // Out of reach: what is shown is said to be old, and the next try comes.
      failed = true;
      paint();
    };
    request.send();
  }

  function hangUp() {
    if (stream) stream.close();
    stream = null;
  }

  function follow() {
    if (!window.EventSource || stream || !open()) return;
    streamAt = Date.now();
    stream = new EventSource(location.pathname + '/segue?lingua=' + document.documentElement.lang);
    stream.addEventListener('page', function (event) { show(JSON.parse(event.data).html); });
    stream.addEventListener('beat', fresh);
    stream.addEventListener('gone', function () { location.reload(); });
    stream.onerror = function () {
      // The browser tries again by itself, unless it was refused.
      if (stream && stream.readyState === 2) hangUp();
      ask();
    };
  }

  function live() {
    return stream !== null && stream.readyState === 1 && !failed && Date.now() - heard < oldAfterMs;
  }

  function look() {
    if (document.hidden) return;
    paint();
    if (!live()) ask();
    if (Date.now() - heard > oldAfterMs) hangUp(); // a line that is dead and does not say so
    if (Date.now() - streamAt > (failed ? fetchEveryMs : streamAgainMs)) follow();
  }

  // The alert: after a touch, which browsers want before they let a page sound, it
  // rings when few are ahead and at each call.
  var fewAhead = 5;
  var box = document.querySelector('[data-alert]');
  var button = box.querySelector('button');
  var told = box.querySelector('[role=status]');
  var Audio = window.AudioContext || window.webkitAudioContext;
  var sound = null;
  var awake = null;
  var alerting = false;
  var near = false; // few are ahead, and it has rung for that
  var rung = ''; // the call that it has rung for

  function state(name) {
    return ticket.getAttribute('data-' + name) || '';
  }

  // ring sounds a tone for each of the pitches, in hertz, one after the other.
  function ring(pitches) {
    if (navigator.vibrate) navigator.vibrate(pitches.map(function () { return 250; }));
    if (!sound) return;
    if (sound.resume) sound.resume();
    pitches.forEach(function (pitch, i) {
      var tone = sound.createOscillator();
      var volume = sound.createGain();
      var at = sound.currentTime + i * 0.3;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.4, at);
      volume.gain.linearRampToValueAtTime(0, at + 0.28);
      tone.connect(volume);
      volume.connect(sound.destination);
      tone.start(at);
      tone.stop(at + 0.3);
    });
  }

  // mind offers what can be done with the ticket as it stands now, and rings if what the page says now calls for it.
  function mind() {
    document.querySelector('[data-cancel]').hidden = state('state') !== 'waiting';
    box.hidden = !open() || !(Audio || navigator.vibrate);
    var few = state('state') === 'waiting' && Number(state('ahead')) <= fewAhead;
    var call = state('ring');
    if (alerting && call && call !== rung) ring([660, 880, 660, 880, 660, 880]);
    else if (alerting && few && !near) ring([660, 880]);
    near = few || call !== '';
    rung = call;
    if (!open()) rest();
  }

  function keepAwake() {
    if (!alerting || document.hidden || !navigator.wakeLock) return;
    navigator.wakeLock.request('screen').then(function (lock) {
      awake = lock;
      if (!alerting) return rest();
      told.textContent = told.getAttribute('data-awake');
      lock.addEventListener('release', function () {
        if (awake === lock) awake = null;
        if (alerting) told.textContent = told.getAttribute('data-on');
      });
    }, function () {});
  }

  function rest() {
    if (awake) awake.release();
    awake = null;
    if (alerting) told.textContent = told.getAttribute('data-off');
    alerting = false;
    button.setAttribute('aria-pressed', 'false');
  }

  button.onclick = function () {
    if (alerting) return rest();
    alerting = true;
    if (Audio && !sound) sound = new Audio();
    button.setAttribute('aria-pressed', 'true');
    told.textContent = told.getAttribute('data-on');
    ring(state('ring') ? [660, 880, 660, 880, 660, 880] : [880]);
    keepAwake();
  };
  document.addEventListener('visibilitychange', keepAwake);
  mind();

  document.addEventListener('visibilitychange', look);
  window.addEventListener('pageshow', function (event) { if (event.persisted) look(); });
  window.addEventListener('online', look);
  window.addEventListener('offline', function () { failed = true; paint(); });
  setInterval(paint, 1000);
  setInterval(look, fetchEveryMs);
  paint();
  follow();
})();
