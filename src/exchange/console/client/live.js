// Puts new messages on top of the table as they come. Without this script the page's "refresh" does the same.
const place = document.querySelector('[data-live]');
const KEPT = 200;

if (place !== null) {
  const button = document.createElement('button');
  const status = document.createElement('span');
  button.type = 'button';
  button.className = 'button button-secondary';
  status.setAttribute('role', 'status');
  const row = document.createElement('p');
  row.className = 'actions';
  row.append(button, status);
  place.before(row);
  let source;

  const show = () => {
    button.textContent = source === undefined ? place.dataset.liveStart : place.dataset.liveStop;
    status.textContent = source === undefined ? '' : ` ${place.dataset.liveOn}`;
  };
  /** The first row comes with its table: there is none on an empty page. */
  const add = (markup) => {
    const table = new DOMParser().parseFromString(markup, 'text/html').querySelector('table');
    const body = place.querySelector('tbody');
    if (body === null) place.replaceChildren(table);
    else {
      body.prepend(...table.querySelectorAll('tbody tr'));
      while (body.rows.length > KEPT) body.lastElementChild.remove();
    }
  };
  const latest = () => place.querySelector('[data-index]')?.dataset.index ?? '';
  const start = () => {
    const address = new URL(place.dataset.live, location.href);
    if (latest() !== '') address.searchParams.set('after', latest());
    source = new EventSource(address);
    source.addEventListener('rows', (event) => add(event.data));
    // The server ends each stream after some minutes; the next one goes on after the last row that is shown.
    source.addEventListener('error', () => {
      source?.close();
      setTimeout(() => source !== undefined && start(), 2000);
    });
    show();
  };
  button.addEventListener('click', () => {
    if (source === undefined) return start();
    source.close();
    source = undefined;
    show();
  });
  show();
}
