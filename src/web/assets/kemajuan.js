// Shows how far a running pull is. Without this script the page says the same when it is loaded again.
(() => {
  const box = document.querySelector('[data-kemajuan]');
  if (!box || !window.EventSource) return;
  const source = new EventSource(box.dataset.kemajuan);
  const put = (key, text) => {
    const place = box.querySelector(`[data-angka="${key}"]`);
    if (place && place.textContent !== text) place.textContent = text;
  };
  source.onmessage = event => {
    const said = JSON.parse(event.data);
    box.querySelector('progress').value = said.percent;
    for (const [key, text] of Object.entries(said.texts)) put(key, text);
  };
  source.addEventListener('selesai', event => {
    source.close();
    put('akhir', JSON.parse(event.data).said);
  });
  // What ends for another reason (the session, the network) is not asked for again: the link on the page is.
  source.onerror = () => source.close();
})();
