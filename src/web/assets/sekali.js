// A form is sent once, however often its button is clicked. Without this script the server sees to it, and says so.
(() => {
  const sent = new WeakMap();
  document.addEventListener('submit', event => {
    if (event.target.method !== 'post') return;
    const before = sent.get(event.target) || 0;
    if (Date.now() - before < 5000) event.preventDefault(); else sent.set(event.target, Date.now());
  });
})();
